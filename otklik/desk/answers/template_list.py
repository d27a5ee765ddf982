"""Templates and guides as pages show them: filters, scope in words, a preview, what versions changed."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any, NamedTuple, Self

from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from otklik.casework.models import AnswerTemplate
from otklik.casework.rules import templates
from otklik.desk.answers.rules_list import Changed, Line
from otklik.desk.answers.template_forms import season_day
from otklik.registry.models import Organization
from otklik.triage.models import Topic, TopicGroup

MOST_LINES = 50
STATES = {"retired": gettext_lazy("снятые"), "expired": gettext_lazy("срок вышел")}
VERBS: dict[bool, Promise] = {True: gettext_lazy("добавлено"), False: gettext_lazy("изменено")}
# What variables stand for in a preview.
SAMPLE: Mapping[str, str] = {
    "имя": "Анна", "адрес": "улица Мира, 5", "орган": "Администрация района", "телефон": "8 383 222-33-44",
    "срок": "25 ноября", "дата": "18 ноября", "номер": "26-11-00077", "тема": "уборка снега",
    "объект": "Школа № 2",
}  # fmt: skip
_LABELS: dict[str, Promise] = {
    "title": gettext_lazy("название"),
    "text": gettext_lazy("текст"),
    "topic": gettext_lazy("тема"),
    "group": gettext_lazy("группа тем"),
    "body": gettext_lazy("орган"),
    "season_begins": gettext_lazy("сезон с"),
    "season_ends": gettext_lazy("сезон по"),
    "expires_on": gettext_lazy("годен по"),
    "without_approval": gettext_lazy("без согласования"),
    "is_active": gettext_lazy("действует"),
}


@dataclass(frozen=True, slots=True)
class TemplateQuery:
    """The filters of the list. Anything odd in an address is simply not a filter."""

    q: str = ""
    group: str = ""
    state: str = ""

    @classmethod
    def of(cls, raw: Mapping[str, str]) -> Self:
        """The query that an address asks for."""
        given = {each.name: raw.get(each.name, "").strip().replace("\0", "")[:100] for each in fields(cls)}
        if not (given["group"].isascii() and given["group"].isdigit() and len(given["group"]) <= 18):
            given["group"] = ""
        given["state"] = given["state"] if given["state"] in STATES else ""
        return cls(**given)

    @property
    def asked(self) -> bool:
        """Whether anything is set."""
        return bool(self.q or self.group or self.state)


def found_by(query: TemplateQuery, among: QuerySet[AnswerTemplate], today: date) -> QuerySet[AnswerTemplate]:
    """What the query asks for, by name."""
    found = among.filter(is_active=query.state != "retired")
    if query.state == "expired":
        found = found.filter(expires_on__lt=today)
    if query.group:
        found = found.filter(Q(group=query.group) | Q(topic__group=query.group))
    for word in query.q.split()[:6]:
        found = found.filter(
            Q(title__icontains=word)
            | Q(text__icontains=word)
            | Q(topic__name__icontains=word)
            | Q(body__short_name__icontains=word)
        )
    return found.order_by("title", "pk")


class Piece(NamedTuple):
    """A piece of a preview: plain, or what a variable became."""

    text: str
    variable: bool


def preview_of(text: str) -> list[Piece]:
    """The text with its variables replaced by examples. Raises UnknownVariable, TooManyVariables."""
    templates.check_variables(text)
    pieces, at = [], 0
    for words, start, end in templates.gaps_of(text):
        pieces += [
            Piece(text[at:start], variable=False),
            Piece(SAMPLE.get(words[1:-1], words), variable=True),
        ]
        at = end
    return [each for each in [*pieces, Piece(text[at:], variable=False)] if each.text]


def season_of(template: AnswerTemplate) -> str:
    """The season in words; empty when it is offered all the year."""
    if template.season_begins is None:
        return ""
    return f"{season_day(template.season_begins)}–{season_day(template.season_ends)}"


def history_of(template: AnswerTemplate) -> list[Line]:
    """The changes of a template, the newest first."""
    rows = list(template.versions.order_by("-number")[: MOST_LINES + 1])
    names = _names([row.values for row in rows])
    lines = []
    for number, row in enumerate(rows[:MOST_LINES]):
        before = rows[number + 1].values if number + 1 < len(rows) else None
        changed = _differences(before, row.values, names) if before is not None else []
        lines.append(Line(row.at, row.actor_name, str(VERBS[row.number == 1]), changed, row.reason))
    return lines


def _names(sides: list[Mapping[str, Any]]) -> dict[tuple[str, Any], str]:
    """Names of what versions hold by code or id."""
    wanted = {name: {side[name] for side in sides if side.get(name)} for name in ("topic", "group", "body")}
    found: dict[tuple[str, Any], str] = {}
    if wanted["topic"]:
        rows = Topic.objects.filter(code__in=wanted["topic"])
        found |= {("topic", row.code): row.name for row in rows}
    if wanted["group"]:
        groups = TopicGroup.objects.filter(code__in=wanted["group"])
        found |= {("group", row.code): row.name for row in groups}
    if wanted["body"]:
        bodies = Organization.objects.in_bulk(wanted["body"])
        found |= {("body", pk): str(row) for pk, row in bodies.items()}
    return found


def _differences(
    before: Mapping[str, Any], after: Mapping[str, Any], names: Mapping[tuple[str, Any], str]
) -> list[Changed]:
    return [
        Changed(str(label), _words(name, before.get(name), names), _words(name, after.get(name), names))
        for name, label in _LABELS.items()
        if before.get(name) != after.get(name)
    ]


def _words(name: str, value: Any, names: Mapping[tuple[str, Any], str]) -> str:
    if isinstance(value, bool):
        return _("да") if value else _("нет")
    if value in {None, ""}:
        return "—"
    if name in {"season_begins", "season_ends"}:
        return season_day(value)
    return names.get((name, value), str(value))
