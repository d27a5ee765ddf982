"""Lines of a passport one by one: what the facts and the register say of each requirement. Pure.

Where the network is silent the register speaks; where both are silent nothing is known, which is never a gap.
Sources of the requirements: domain.md §1 (St Petersburg 05.2024, Pizhansky 11.2022, Bashkortostan 12.2025).
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from otklik.registry.rules.naming import numbers_of, words_of
from otklik.registry.rules.passport import Facts, Finding
from otklik.registry.rules.resemblance import closeness

# A description shorter than this says nothing of what the body does.
TELLING_DESCRIPTION = 30
# A title is the organisation's when half of the words agree, or it is plainly the same name in other words.
SHARED_WORDS, SAME_NAME = 0.5, 0.8
LEAST_ADMINISTRATORS, WANTED_WIDGETS = 2, 2
# What is asked of organisations and not of a head's own page.
NOT_OF_A_PERSON = frozenset(
    {"address", "hours", "component", "widgets", "site_link", "site", "phone", "email"}
)


@dataclass(frozen=True, slots=True)
class Known:
    """What the register says of a page, and how lively a page of its tier has to be."""

    names: tuple[str, ...] = ()
    is_personal: bool = False
    site_url: str = ""
    badge: str = "none"
    # The day of its confirmation, or of its loss.
    badge_on: date | None = None
    component: bool = False
    widgets: int | None = None
    opened_on: date | None = None
    posts_a_week: int = 3
    silence_days: int = 7
    answer_days: int = 3


@dataclass(frozen=True, slots=True)
class _Case:
    """One page being looked at: its facts, its entry in the register, the moment and the region's zone."""

    facts: Facts
    known: Known
    now: datetime
    zone: ZoneInfo

    def day(self, at: datetime) -> str:
        return f"{at.astimezone(self.zone):%d.%m.%Y}"

    @property
    def today(self) -> date:
        return self.now.astimezone(self.zone).date()


Answer = tuple[bool | None, str]


def judge(
    facts: Facts, known: Known, *, codes: Iterable[str], now: datetime, zone: ZoneInfo
) -> list[Finding]:
    """What is so about each of the requirements, in their order."""
    return [judge_line(code, facts, known, now=now, zone=zone) for code in codes]


def judge_line(code: str, facts: Facts, known: Known, *, now: datetime, zone: ZoneInfo) -> Finding:
    """What is so about one requirement of the passport; `code` is one of CheckCode."""
    case = _Case(facts, known, now, zone)
    if known.is_personal and code in NOT_OF_A_PERSON:
        return Finding(code, "exempt", "Для личной страницы не требуется")
    if code in _LIVELY:
        return _LIVELY[code](case)
    if code in _BY_NETWORK:
        fulfilled, found = _BY_NETWORK[code](case)
        if fulfilled is not None:
            return Finding(code, "fine" if fulfilled else "gap", found, by_network=True)
    if code in _BY_REGISTER:
        fulfilled, found = _BY_REGISTER[code](case)
        if fulfilled is not None:
            return Finding(code, "fine" if fulfilled else "gap", found)
    return Finding(code, "unknown")


def _page(case: _Case) -> Answer:
    if case.facts.away:
        return False, case.facts.away
    return (True, "") if case.facts.title else (None, "")


def _name(case: _Case) -> Answer:
    title, names = case.facts.title, case.known.names
    if not title or not names:
        return None, ""
    return any(_is_called(title, name) for name in names), f"Название: {title}"


@lru_cache(maxsize=20_000)
def _is_called(title: str, name: str) -> bool:
    ours, theirs = set(words_of(name)), set(words_of(title))
    if not ours or not theirs:
        return False
    # A school that has a number is told from the others by it.
    if numbers_of(ours) and numbers_of(ours) != numbers_of(theirs):
        return False
    return (
        len(ours & theirs) / min(len(ours), len(theirs)) >= SHARED_WORDS
        or closeness(title, name) >= SAME_NAME
    )


def _description(case: _Case) -> Answer:
    text = case.facts.description
    if text is None:
        return None, ""
    length = len(text.strip())
    if not length:
        return False, "Описания нет"
    return length >= TELLING_DESCRIPTION, f"Описание: {length} зн."


def _filled(name: str, missing: str) -> Callable[[_Case], Answer]:
    def check(case: _Case) -> Answer:
        value: str | None = getattr(case.facts, name)
        return (None, "") if value is None else (bool(value.strip()), value.strip() or missing)

    return check


def _told(name: str, there: str, missing: str) -> Callable[[_Case], Answer]:
    def check(case: _Case) -> Answer:
        value: bool | None = getattr(case.facts, name)
        return (None, "") if value is None else (value, there if value else missing)

    return check


def _address(case: _Case) -> Answer:
    address, point = case.facts.address, case.facts.has_map_point
    if address is None:
        return None, ""
    if not address.strip():
        return False, "Адреса нет"
    return (True, address) if point else (None if point is None else False, f"{address}: точки на карте нет")


def _site(case: _Case) -> Answer:
    if case.facts.site is None:
        return None, ""
    given = [case.facts.site, *(case.facts.links or ())]
    wanted = _host(case.known.site_url)
    if wanted:
        there = wanted in {_host(each) for each in given}
        return there, wanted if there else f"Ссылки на {wanted} нет"
    return bool(case.facts.site.strip()), case.facts.site.strip() or "Ссылки на сайт нет"


def _host(address: str) -> str:
    try:
        host = urlsplit(address if "//" in address else f"//{address}").hostname or ""
    except ValueError:
        return ""
    return host.removeprefix("www.")


def _administrators(case: _Case) -> Answer:
    number = case.facts.administrators
    return (None, "") if number is None else (number >= LEAST_ADMINISTRATORS, f"Администраторов: {number}")


def _badge_of_register(case: _Case) -> Answer:
    on = f" {case.known.badge_on:%d.%m.%Y}" if case.known.badge_on else ""
    if case.known.badge == "confirmed":
        return True, f"По реестру подтверждена{on}"
    said = {"lost": f"Метка потеряна{on}", "requested": "Метка запрошена, ещё не получена"}
    return False, said.get(case.known.badge, "По реестру метки нет")


def _component(case: _Case) -> Answer:
    connected = case.known.component
    return connected, "По реестру подключена" if connected else "По реестру не подключена"


def _widgets(case: _Case) -> Answer:
    number = case.known.widgets
    return (None, "") if number is None else (number >= WANTED_WIDGETS, f"По реестру виджетов: {number}")


_BY_NETWORK: Mapping[str, Callable[[_Case], Answer]] = {
    "page": _page,
    "name": _name,
    "description": _description,
    "category": _filled("category", "Тематика не выбрана"),
    "address": _address,
    "phone": _filled("phone", "Телефона нет"),
    "email": _filled("email", "Электронной почты нет"),
    "hours": _filled("hours", "Часов работы нет"),
    "site": _site,
    "avatar": _told("has_avatar", "", "Аватара нет"),
    "cover": _told("has_cover", "", "Обложки нет"),
    "badge": _told("has_badge", "Метку показывает сеть", "Сеть не показывает метку"),
    "comments": _told("comments_open", "", "Комментарии закрыты"),
    "token": _told("token_alive", "", "Ключ страницы не действует"),
    "administrators": _administrators,
}
_BY_REGISTER: Mapping[str, Callable[[_Case], Answer]] = {
    "badge": _badge_of_register,
    "component": _component,
    "widgets": _widgets,
}


def _rhythm(case: _Case) -> Finding:
    """The week that ended last; a running one that has come up to the norm already mends it."""
    norm, this_monday = case.known.posts_a_week, case.today - timedelta(days=case.today.weekday())
    if not norm:
        return Finding("rhythm", "exempt", "Нормы постов для этого типа ведения нет")
    weeks = {week.monday: week.posts for week in case.facts.weeks}
    last_monday = this_monday - timedelta(days=7)
    opened, last, running = case.known.opened_on, weeks.get(last_monday), weeks.get(this_monday, 0)
    if running >= norm:
        return Finding("rhythm", "fine", f"На этой неделе постов: {running}, норма {norm}", by_network=True)
    if last is None or (opened is not None and opened > last_monday):
        return Finding("rhythm", "unknown")
    found = f"За неделю с {last_monday:%d.%m.%Y} постов: {last}, норма {norm}"
    if last >= norm:
        return Finding("rhythm", "fine", found, by_network=True)
    since = datetime.combine(this_monday, time(), case.zone)
    return Finding("rhythm", "gap", found, since, by_network=True)


def _silence(case: _Case) -> Finding:
    days, last = case.known.silence_days, case.facts.last_post_at
    if not days:
        return Finding("silence", "exempt", "Предела молчания для этого типа ведения нет")
    if last is None:
        # The wall was read, and there is nothing on it.
        empty = bool(case.facts.weeks)
        return Finding(
            "silence", "gap" if empty else "unknown", "Постов нет" if empty else "", by_network=empty
        )
    end, found = last + timedelta(days=days), f"Последний пост {case.day(last)}"
    if case.now > end:
        return Finding("silence", "gap", found, end, by_network=True)
    return Finding("silence", "fine", found, by_network=True)


def _answers(case: _Case) -> Finding:
    facts, days = case.facts, case.known.answer_days
    if facts.waiting_since is None:
        # Only a page whose questions reach us can be said to answer them all.
        hears = facts.token_alive or facts.last_answer_at is not None
        answered = f"Последний ответ {case.day(facts.last_answer_at)}" if facts.last_answer_at else ""
        return Finding("answers", "fine" if hears else "unknown", answered, by_network=bool(hears))
    end, found = (
        facts.waiting_since + timedelta(days=days),
        f"Вопрос без ответа с {case.day(facts.waiting_since)}",
    )
    if case.now > end:
        return Finding("answers", "gap", found, end, by_network=True)
    return Finding("answers", "fine", found, by_network=True)


_LIVELY: Mapping[str, Callable[[_Case], Finding]] = {
    "rhythm": _rhythm,
    "silence": _silence,
    "answers": _answers,
}
