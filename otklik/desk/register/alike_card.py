"""One look-alike beside the official page: what differs, what speaks against it, what may be decided, what was."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from otklik.audit.models import AuditLine
from otklik.desk.register.alike import Row, row_of
from otklik.registry.enums import LookalikeState
from otklik.registry.models import LookalikePage, OfficialPage
from otklik.registry.operations.lookalike_words import official_page_of, sign_words
from otklik.registry.rules.lookalikes import decisions
from otklik.registry.rules.resemblance import COPIED_BITS, NEAR_BITS, bits_apart

# Each decision on a key of its own.
KEYS: Mapping[str, str] = {
    "fake": "f",
    "reported": "c",
    "gone": "g",
    "harmless": "h",
    "official": "i",
    "new": "z",
}


class Side(NamedTuple):
    """One line of the comparison: the official page's, and what stands on the found one."""

    label: str
    official: str
    found: str


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
        row=row_of(page),
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
        Side(_("Аватар"), _("есть") if facts.get("avatar_hash") else "", _picture(page, facts)),
        Side(_("Описание"), told, page.description),
    ]


def _picture(page: LookalikePage, facts: Mapping[str, Any]) -> str:
    if not page.avatar_hash:
        return ""
    apart = bits_apart(page.avatar_hash, str(facts.get("avatar_hash") or ""))
    if apart <= COPIED_BITS:
        return _("такой же")
    return _("похожий") if apart <= NEAR_BITS else _("другой")


def _number(value: int | None) -> str:
    return "" if value is None else f"{value:,}".replace(",", "\u00a0")
