"""Look-alikes as the desk shows them: whose queue it is, and a page beside the official one."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Count, Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _

from otklik.audit.models import AuditLine
from otklik.desk.access import Desk
from otklik.desk.register.within import organizations_within
from otklik.people.rules import Right
from otklik.registry.enums import LookalikeState, Network
from otklik.registry.models import LookalikePage, OfficialPage
from otklik.registry.operations.lookalike_words import official_page_of, sign_words
from otklik.registry.rules.homoglyphs import skeleton, tricks
from otklik.registry.rules.lookalikes import decisions

# Each decision on a key of its own.
KEYS: Mapping[str, str] = {
    "fake": "f",
    "reported": "c",
    "gone": "g",
    "harmless": "h",
    "official": "i",
    "new": "z",
}
PILLS: Mapping[str, str] = {
    "new": "info", "fake": "late", "reported": "warn", "gone": "muted", "harmless": "ok", "official": "ok",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class AlikeQuery:
    """The filters of the list, out of the address; what is unknown there counts as not given."""

    state: str = LookalikeState.NEW
    network: str = ""
    municipality: str = ""
    q: str = ""

    @classmethod
    def of(cls, given: QueryDict) -> "AlikeQuery":
        """Out of the address of the list."""
        state, place = given.get("state", LookalikeState.NEW), given.get("municipality", "")
        return cls(
            state=state if state in {*LookalikeState.values, "all"} else LookalikeState.NEW,
            network=given.get("network", "") if given.get("network") in Network.values else "",
            municipality=place if place.isascii() and place.isdigit() and len(place) <= 18 else "",
            q=given.get("q", "").strip()[:200],
        )

    @property
    def narrowed(self) -> bool:
        """Whether anything but the state is chosen."""
        return bool(self.network or self.municipality or self.q)


def alike_within(desk: Desk) -> QuerySet[LookalikePage]:
    """The look-alikes of organisations the person may see; those of nobody belong to the centre."""
    everywhere, _organizations, _pages = desk.reach.where(Right.SEE_REGISTRY)
    found = LookalikePage.objects.all()
    return found if everywhere else found.filter(resembles__in=organizations_within(desk))


def narrowed(query: AlikeQuery, desk: Desk) -> QuerySet[LookalikePage]:
    """Everything but the choice of state applied."""
    found = alike_within(desk)
    if query.network:
        found = found.filter(network=query.network)
    if query.municipality:
        found = found.filter(resembles__municipality_id=query.municipality)
    if query.q:
        words = Q(title__icontains=query.q) | Q(screen_name__icontains=query.q) | Q(external_id=query.q)
        found = found.filter(
            words | Q(resembles__name__icontains=query.q) | Q(resembles__short_name__icontains=query.q)
        )
    return found


def in_order(found: QuerySet[LookalikePage], state: str) -> QuerySet[LookalikePage]:
    """The rows of a list: the likest first."""
    rows = found if state == "all" else found.filter(state=state)
    return rows.select_related("resembles__municipality").order_by("-score", "-seen_at", "pk")


def tabs(found: QuerySet[LookalikePage], query: AlikeQuery) -> list[tuple[str, str, int, bool]]:
    """(state, label, how many, chosen) of each tab; states nobody is in are left out, but for the queue itself."""
    counted = dict(found.values_list("state").annotate(n=Count("pk")).order_by())
    shown = [
        (state.value, str(state.label), counted.get(state.value, 0), query.state == state.value)
        for state in LookalikeState
        if counted.get(state.value) or state.value in {query.state, LookalikeState.NEW}
    ]
    return [*shown, ("all", _("все"), sum(counted.values()), query.state == "all")]


class Piece(NamedTuple):
    """A part of a name: plain, or one sign that stands for a letter, with words about it."""

    text: str
    about: str = ""


def pieces(title: str, known: frozenset[str]) -> list[Piece]:
    """The name cut so that signs in place of letters can be marked."""
    found: list[Piece] = []
    done = 0
    for trick in tricks(title, known):
        found += [Piece(title[done : trick.at])] if trick.at > done else []
        found.append(Piece(trick.sign if trick.letter else "·", _about(trick.script, trick.letter)))
        done = trick.at + 1
    return [*found, Piece(title[done:])] if title[done:] else found


def _about(script: str, letter: str) -> str:
    words = {
        "latin": _("латинская буква вместо «%(letter)s»"),
        "greek": _("греческая буква вместо «%(letter)s»"),
        "digit": _("цифра вместо «%(letter)s»"),
        "invisible": _("невидимый знак"),
    }
    return words.get(script, _("похожий знак вместо «%(letter)s»")) % {"letter": letter}


@dataclass(frozen=True, slots=True)
class Row:
    """One look-alike in a list."""

    page: LookalikePage
    title: list[Piece]
    pill: str
    signs: list[str] = field(default_factory=list)


def rows(found: list[LookalikePage]) -> list[Row]:
    """Look-alikes for a list, with the signs that weigh most."""
    return [
        Row(each, pieces(each.title, _known(each)), PILLS[each.state], _words(each)[:3]) for each in found
    ]


def _known(page: LookalikePage) -> frozenset[str]:
    body = page.resembles
    return frozenset(skeleton(f"{body.name} {body.short_name}").split()) if body else frozenset()


def _words(page: LookalikePage) -> list[str]:
    heavy = sorted(page.signs, key=lambda sign: -abs(int(sign.get("weight", 0))))
    return [sign_words(sign) for sign in heavy]


class Side(NamedTuple):
    """One line of the comparison: the official page's, and what stands on the found one."""

    label: str
    official: str
    found: str
    differs: bool = False


class Told(NamedTuple):
    """One line of the history: when, who, what, why."""

    at: datetime
    actor_name: str
    said: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """Everything the page of one look-alike shows besides its row."""

    row: Row
    official: OfficialPage | None
    sides: list[Side]
    signs: list[tuple[str, int]]
    acts: list[tuple[str, str, str]]
    history: list[Told]


def card(page: LookalikePage) -> Card:
    """The look-alike beside the official page."""
    official = official_page_of(page)
    lines = AuditLine.objects.filter(subject_type=page._meta.label_lower, subject_id=page.pk).order_by("-pk")
    return Card(
        row=Row(page, pieces(page.title, _known(page)), PILLS[page.state]),
        official=official,
        sides=_sides(page, official),
        signs=[(sign_words(sign), int(sign.get("weight", 0))) for sign in page.signs],
        acts=[
            (state.value, str(_act_words()[state.value]), KEYS[state.value])
            for state in LookalikeState
            if state.value in decisions(page.state) and state != LookalikeState.OFFICIAL
        ],
        history=[_told(line) for line in lines[:100]],
    )


def _told(line: AuditLine) -> Told:
    if line.verb == "find_lookalike":
        said = _("Найдена поиском, сходство %(score)s") % {"score": line.details.get("score", "")}
        return Told(line.at, line.actor_name, said)
    if line.verb == "report_lookalike":
        return Told(line.at, line.actor_name, _("О странице сообщил житель"))
    if line.verb == "reopen_lookalike":
        return Told(line.at, line.actor_name, _("Страница переименована и снова в очереди"), line.reason)
    state = str(line.details.get("state", ""))
    label = LookalikeState(state).label if state in LookalikeState.values else state
    return Told(line.at, line.actor_name, str(label), line.reason)


def _act_words() -> dict[str, str]:
    return {
        "fake": _("Выдаёт себя за официальную"),
        "harmless": _("Не выдаёт себя за официальную"),
        "reported": _("Жалоба отправлена"),
        "gone": _("Страницы больше нет"),
        "new": _("Вернуть в очередь"),
    }


def _sides(page: LookalikePage, official: OfficialPage | None) -> list[Side]:
    facts: Mapping[str, Any] = official.passport.facts if official and hasattr(official, "passport") else {}
    badges = {sign.get("code") for sign in page.signs}
    found_badge = _("есть") if "badge" in badges else _("нет") if "no_badge" in badges else ""
    told = str(facts.get("description") or "")
    return [
        Side(_("Короткий адрес"), official.screen_name if official else "", page.screen_name),
        Side(_("Подписчиков"), _number(official.followers if official else None), _number(page.followers)),
        Side(
            _("Метка «Госорганизация»"),
            str(official.get_badge_status_display()) if official else "",
            found_badge,
        ),
        Side(_("Аватар"), str(facts.get("avatar_hash") or ""), page.avatar_hash),
        Side(_("Описание"), told, page.description),
    ]


def _number(value: int | None) -> str:
    return "" if value is None else f"{value:,}".replace(",", "\u00a0")
