"""An import in words for a person: what a line would do, what is wrong with it, in the language of the reader."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import models
from django.utils.formats import date_format
from django.utils.translation import gettext, gettext_noop

from otklik.registry.enums import ImportKind, ImportState, RowAction
from otklik.registry.models import Import, ImportRow, Municipality, Organization
from otklik.registry.operations.history import plain
from otklik.registry.tables.known import LINKS, MODELS, OBLIGATION, OKTMO, ORGANIZATION, PAGE
from otklik.registry.tables.layouts import LAYOUTS, Column

SHOWN = 300
_KINDS = {
    ORGANIZATION: gettext_noop("организация"),
    OBLIGATION: gettext_noop("обязанность вести страницу"),
    PAGE: gettext_noop("официальная страница"),
    OKTMO: gettext_noop("территория"),
}
_LABELS = {
    "parent": gettext_noop("вышестоящая организация"),
    "founder": gettext_noop("учредитель"),
    "organization": gettext_noop("организация"),
    "is_active": gettext_noop("действует"),
    "spheres": gettext_noop("сферы"),
    "latitude": gettext_noop("широта"),
    "longitude": gettext_noop("долгота"),
}

# Figures of the federal table, as its columns are called.
_FIGURES = {column.code: column.title for column in LAYOUTS[ImportKind.FEDERAL].columns}


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong in a cell or a line."""

    column: str
    value: str
    reason: str
    is_remark: bool


@dataclass(frozen=True, slots=True)
class Changed:
    """One field: what it was and what it becomes."""

    subject: str
    label: str
    old: str
    new: str


@dataclass(slots=True)
class Shown:
    """A line of the file as the page shows it."""

    pk: int
    line: int
    title: str
    action: str
    label: str
    added: list[str] = field(default_factory=list)
    changes: list[Changed] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    may_take: bool = False
    may_restore: bool = False


def said(told: dict[str, Any] | None) -> str:
    """Something said of an import, in the language of the reader."""
    if not told:
        return ""
    words, params = gettext(told.get("reason", "")), told.get("params", {})
    return words % {name: _short(value) for name, value in params.items()} if params else words


def columns_of(brought: Import) -> list[tuple[Column, str]]:
    """The columns of the layout with the headers that stand for them."""
    return [(column, brought.mapping.get(column.code, "")) for column in LAYOUTS[brought.kind].columns]


def shown(rows: Iterable[ImportRow], brought: Import) -> list[Shown]:
    """The lines as the page shows them; names of what they link to are read once for all."""
    rows = list(rows)
    names = _names(rows)
    return [_shown(row, brought, names) for row in rows]


def _shown(row: ImportRow, brought: Import, names: dict[tuple[str, Any], str]) -> Shown:
    found = Shown(row.pk, row.line, row.title, row.action, str(RowAction(row.action).label))
    for change in row.changes:
        kind = gettext(_KINDS[change["subject"]])
        if "added" in change:
            name = change["added"].get("name") or change["added"].get("title") or ""
            told = f"{kind} «{_short(name)}»" if name and name != row.title else kind
            found.added.append(told)
        else:
            found.changes.append(
                Changed(
                    kind,
                    label_of(change["subject"], change["field"]),
                    _value(change, change["old"], names),
                    _value(change, change["new"], names),
                )
            )
    found.problems = [
        Problem(each["column"], each["value"], said(each), bool(each.get("remark"))) for each in row.problems
    ]
    is_checked = brought.state == ImportState.CHECKED
    found.may_take = is_checked and row.action == RowAction.CONFLICT and bool(row.changes)
    found.may_restore = brought.state == ImportState.UNDONE and any(each.get("kept") for each in row.changes)
    return found


def label_of(subject: str, name: str) -> str:
    """A field as people call it."""
    if name in _LABELS:
        return gettext(_LABELS[name])
    return str(MODELS[subject]._meta.get_field(name).verbose_name)


def _names(rows: list[ImportRow]) -> dict[tuple[str, Any], str]:
    wanted: dict[str, set[int]] = {"organization": set(), "municipality": set()}
    for row in rows:
        for change in row.changes:
            if change.get("field") in LINKS:
                kind = "municipality" if change["field"] == "municipality" else "organization"
                wanted[kind] |= {value for value in (change["old"], change["new"]) if isinstance(value, int)}
    found: dict[tuple[str, Any], str] = {}
    models: tuple[tuple[str, Any], ...] = (("organization", Organization), ("municipality", Municipality))
    for kind, model in models:
        if wanted[kind]:
            found |= {
                (kind, pk): name
                for pk, name in model.objects.filter(pk__in=wanted[kind]).values_list("pk", "name")
            }
    return found


def _value(change: dict[str, Any], value: Any, names: dict[tuple[str, Any], str]) -> str:
    if value is None or value in ("", [], {}):
        return ""
    if change["field"] in LINKS:
        kind = "municipality" if change["field"] == "municipality" else "organization"
        return names.get((kind, value)) or gettext("из этого же файла")
    of_model = MODELS[change["subject"]]._meta.get_field(change["field"])
    labels = dict(getattr(of_model, "flatchoices", None) or ())
    if isinstance(value, str) and isinstance(of_model, models.DateField):
        return date_format(date.fromisoformat(value), "SHORT_DATE_FORMAT")
    return _short(labels.get(value, value)) if isinstance(value, str) else _short(value)


def _short(value: Any) -> str:
    if isinstance(value, bool):
        return gettext("да") if value else gettext("нет")
    if isinstance(value, dict):
        value = ", ".join(f"{_FIGURES.get(name, name)}: {each}" for name, each in value.items())
    if isinstance(value, list):
        value = ", ".join(str(each) for each in value)
    text = str("" if value is None else plain(value))
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"
