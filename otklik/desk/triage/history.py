"""The history of a rule in words."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from otklik.desk.triage.words import value_words
from otklik.registry.models import Municipality, OfficialPage, Organization, Settlement
from otklik.triage.enums import RouteTarget
from otklik.triage.models import RoutingRule, Topic, TopicGroup

MOST_LINES = 50
VERBS: dict[str, Promise] = {
    "add_rule": gettext_lazy("добавлено"),
    "change_rule": gettext_lazy("изменено"),
    "retire_rule": gettext_lazy("снято"),
    "restore_rule": gettext_lazy("возвращено"),
    "import_rules": gettext_lazy("из таблицы"),
}
_FIELDS: dict[str, Promise] = {
    "topic": gettext_lazy("тема"),
    "group": gettext_lazy("группа тем"),
    "municipality": gettext_lazy("муниципалитет"),
    "settlement": gettext_lazy("населённый пункт"),
    "level": gettext_lazy("кто решает по теме"),
    "page": gettext_lazy("страница"),
    "sphere": gettext_lazy("сфера страницы"),
    "page_level": gettext_lazy("уровень страницы"),
    "target": gettext_lazy("куда"),
    "organization": gettext_lazy("орган"),
    "organization_type": gettext_lazy("тип организации"),
    "body_sphere": gettext_lazy("сфера органа"),
    "precedence": gettext_lazy("очерёдность"),
    "note": gettext_lazy("заметка"),
}
_MODELS: dict[str, Any] = {
    "topic": Topic,
    "group": TopicGroup,
    "municipality": Municipality,
    "settlement": Settlement,
    "page": OfficialPage,
    "organization": Organization,
}


class Changed(NamedTuple):
    """One field: its name, what it was, what it became."""

    label: str
    old: str
    new: str


class Line(NamedTuple):
    """One change: when, who, what, why."""

    at: datetime
    who: str
    verb: str
    fields: list[Changed]
    reason: str


def history_of(rule: RoutingRule) -> list[Line]:
    """The changes of the rule, the newest first."""
    rows = list(rule.changes.order_by("-pk")[:MOST_LINES])
    names = _names([side for row in rows for side in (row.before, row.after) if side])
    return [
        Line(
            row.at,
            row.actor_name,
            str(VERBS.get(row.verb, row.verb)),
            _differences(row.before, row.after, names),
            row.reason,
        )
        for row in rows
    ]


def _names(sides: Iterable[Mapping[str, Any]]) -> dict[tuple[str, int], str]:
    sides = list(sides)
    found: dict[tuple[str, int], str] = {}
    for field, model in _MODELS.items():
        wanted = {side[field] for side in sides if side.get(field)}
        rows = model._default_manager.in_bulk(wanted) if wanted else {}
        found |= {(field, pk): str(row) for pk, row in rows.items()}
    return found


def _differences(
    before: Mapping[str, Any] | None, after: Mapping[str, Any], names: Mapping[tuple[str, int], str]
) -> list[Changed]:
    if before is None:
        return []
    return [
        Changed(str(label), _text(field, before.get(field), names), _text(field, after.get(field), names))
        for field, label in _FIELDS.items()
        if before.get(field) != after.get(field)
    ]


def _text(field: str, value: Any, names: Mapping[tuple[str, int], str]) -> str:
    if value in {None, ""}:
        return (
            _("любое") if field not in {"organization", "note", "body_sphere", "organization_type"} else "—"
        )
    if field in _MODELS:
        return names.get((field, value), f"№ {value}")
    if field == "target":
        return str(dict(RouteTarget.choices).get(value, value))
    return value_words("sphere" if field == "body_sphere" else field, str(value))
