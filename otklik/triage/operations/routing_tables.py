"""Rules and cases brought back as tables: every line or none, with the wrong lines named."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from otklik.common.actor import Actor
from otklik.common.sheets import unguarded
from otklik.common.text import clean, gettext_noop
from otklik.registry.rules.values import BadValue
from otklik.triage.models import RoutingCase, RoutingRule
from otklik.triage.operations.routing import (
    Doing,
    SameRule,
    draft_of,
    hold_rules,
    keep_changes,
    plain_rule,
)
from otklik.triage.operations.routing_cases import BreaksCases, add_case, all_cases, change_case, impact_of
from otklik.triage.operations.routing_cells import Cells
from otklik.triage.operations.routing_export import CASE_COLUMNS, RULE_COLUMNS

LARGEST_TABLE = 2_000_000
MOST_ROWS = 5000
_CODED = ("level", "page_level", "target", "sphere", "body_sphere", "organization_type")


@dataclass(frozen=True, slots=True)
class WrongLine:
    """A line of a table that cannot be taken, and the fact that says why."""

    line: int
    fact: Exception


class WrongTable(Exception):
    """Таблица не загружена: исправьте отмеченные строки и загрузите её снова."""

    def __init__(self, wrong: Sequence[WrongLine]) -> None:
        super().__init__(len(wrong))
        self.wrong = wrong


class NotATable(Exception):
    """Это не таблица маршрутов: нужен файл CSV с заголовками, как в выгрузке, не больше 2 МБ и 5000 строк."""


@dataclass(frozen=True, slots=True)
class Brought:
    """How many lines were new, how many changed what was there, how many changed nothing."""

    added: int
    changed: int
    same: int


@transaction.atomic
def import_rules(*, text: str, by: Actor, now: datetime, confirmed: bool = False) -> Brought:
    """Take a table of rules: a line with a number changes that rule, one without adds; all lines or none.

    Raises NotATable, WrongTable; BreaksCases unless `confirmed`.
    """
    hold_rules()
    lines, cells = _lines(text, RULE_COLUMNS), Cells()
    rules = RoutingRule.objects.active().in_bulk()
    taken, wrong = [], []
    for number, line in lines:
        try:
            taken.append(_draft(line, cells, rules))
        except (BadValue, SameRule) as fact:
            wrong.append(WrongLine(number, fact))
    wrong += _twins([number for number, _ in lines], taken) if not wrong else []
    if wrong:
        raise WrongTable(wrong)
    fresh = [(draft, before) for draft, before in taken if before != plain_rule(draft)]
    broken = [] if confirmed else impact_of([draft for draft, _ in fresh]).broken
    if broken:
        raise BreaksCases(broken)
    for draft, _before in fresh:
        draft.changed_at, draft.changed_by = now, by.name
        draft.save()
    keep_changes(fresh, Doing("import_rules", by, now))
    added = sum(before is None for _draft, before in fresh)
    return Brought(added, len(fresh) - added, len(taken) - len(fresh))


@transaction.atomic
def import_cases(*, text: str, by: Actor, now: datetime) -> Brought:
    """Take a test table: a line about a known question changes what is expected. Raises NotATable, WrongTable."""
    lines, cells = _lines(text, CASE_COLUMNS), Cells()
    known = {_question(case): case for case in all_cases()}
    wrong, counts = [], {"added": 0, "changed": 0, "same": 0}
    for number, line in lines:
        try:
            values = _case_values(line, cells)
            case = known.get(
                tuple(_key(values[name]) for name in ("topic", "municipality", "settlement", "page"))
            )
            if case is None:
                case = add_case(values=values, by=by, now=now)
                known[_question(case)] = case
                counts["added"] += 1
            elif (case.expected, case.note) != (values["expected"], values["note"]):
                change_case(case=case, values=values, by=by, now=now)
                counts["changed"] += 1
            else:
                counts["same"] += 1
        except BadValue as fact:
            wrong.append(WrongLine(number, fact))
    if wrong:
        raise WrongTable(wrong)
    return Brought(**counts)


def _lines(text: str, columns: Mapping[str, str]) -> list[tuple[int, dict[str, str]]]:
    """(number of the line in the file, cells by the names of fields); empty lines are passed over."""
    if len(text) > LARGEST_TABLE:
        raise NotATable
    text = clean(text).removeprefix("\ufeff")
    head = text.split("\n", 1)[0]
    delimiter = max(";,\t", key=head.count)
    try:
        reader = csv.reader(io.StringIO(text), delimiter=delimiter, strict=True)
        rows = [(reader.line_num, row) for row in reader]
    except csv.Error as error:
        raise NotATable from error
    headers = [cell.strip().lower() for cell in rows[0][1]] if rows else []
    fields = {label: name for name, label in columns.items()}
    needed = {"тема"} if "expected" in columns else {"куда"}
    if not needed <= set(headers) or len(rows) > MOST_ROWS + 1:
        raise NotATable
    return [
        (number, dict.fromkeys(columns, "") | _named(headers, row, fields))
        for number, row in rows[1:]
        if any(cell.strip() for cell in row)
    ]


def _named(headers: list[str], row: list[str], fields: Mapping[str, str]) -> dict[str, str]:
    return {
        fields[label]: unguarded(cell.strip())
        for label, cell in zip(headers, row, strict=False)
        if label in fields
    }


def _draft(
    line: dict[str, str], cells: Cells, rules: Mapping[int, RoutingRule]
) -> tuple[RoutingRule, dict[str, Any] | None]:
    rule = None
    if line["id"]:
        number = line["id"].removeprefix("№").strip()
        rule = rules.get(int(number)) if number.isascii() and number.isdigit() and len(number) < 19 else None
        if rule is None:
            raise BadValue("id", gettext_noop("Нет действующего правила № %(value)s."), value=number[:30])
    place = _place(line, cells)
    values: dict[str, Any] = {name: cells.code(name, line[name]) for name in _CODED}
    values |= {"topic": cells.topic(line["topic"]), "group": cells.group(line["group"]), **place}
    values |= {"page": cells.page(line["page"]), "organization": cells.body(line["organization"])}
    values |= {"precedence": line["precedence"] or 0, "note": line["note"]}
    return draft_of(rule, values), plain_rule(rule) if rule else None


def _place(line: dict[str, str], cells: Cells) -> dict[str, Any]:
    """A settlement says its municipality, which then only tells namesakes apart."""
    municipality = cells.municipality(line["municipality"])
    settlement = cells.settlement(line["settlement"], municipality)
    return {"settlement": settlement, "municipality": None if settlement else municipality}


def _twins(numbers: list[int], taken: list[tuple[RoutingRule, Any]]) -> list[WrongLine]:
    """Lines that ask the same as an earlier line of the same table."""
    seen: set[tuple[Any, ...]] = set()
    wrong = []
    for number, (draft, _before) in zip(numbers, taken, strict=True):
        plain = plain_rule(draft)
        key = tuple(plain[name] for name in plain if name in _ASKED)
        if key in seen:
            wrong.append(WrongLine(number, SameRule()))
        seen.add(key)
    return wrong


_ASKED = frozenset(RULE_COLUMNS) - {
    "id",
    "target",
    "organization",
    "organization_type",
    "body_sphere",
    "note",
}


def _case_values(line: dict[str, str], cells: Cells) -> dict[str, Any]:
    return {
        "topic": cells.topic(line["topic"]),
        **_place(line, cells),
        "page": cells.page(line["page"]),
        "expected": cells.body(line["expected"]),
        "note": line["note"],
    }


def _question(case: RoutingCase) -> tuple[Any, ...]:
    return case.topic_id, case.municipality_id, case.settlement_id, case.page_id


def _key(row: Any) -> Any:
    return row.pk if row is not None else None
