"""Rules and cases as tables for a spreadsheet, with the columns that a brought table may have."""

import csv
import io
from collections.abc import Iterable, Mapping
from typing import Any

from otklik.common.sheets import guarded
from otklik.triage.models import RoutingCase, RoutingRule
from otklik.triage.operations.routing_cases import all_cases

RULE_COLUMNS = {
    "id": "№",
    "topic": "тема",
    "group": "группа тем",
    "municipality": "муниципалитет",
    "settlement": "населённый пункт",
    "level": "уровень темы",
    "page": "страница",
    "sphere": "сфера страницы",
    "page_level": "уровень страницы",
    "target": "куда",
    "organization": "орган",
    "organization_type": "тип организации",
    "body_sphere": "сфера органа",
    "precedence": "очерёдность",
    "note": "заметка",
}
CASE_COLUMNS = {
    "topic": "тема",
    "municipality": "муниципалитет",
    "settlement": "населённый пункт",
    "page": "страница",
    "expected": "ожидается",
    "note": "заметка",
}


def rules_table() -> str:
    """The active rules as CSV for a spreadsheet, ready to be edited and brought back."""
    rows = RoutingRule.objects.active().select_related(
        "topic", "group", "municipality", "settlement__municipality", "page", "organization"
    )
    return _csv(RULE_COLUMNS, (_rule_cells(row) for row in rows.order_by("pk")))


def cases_table() -> str:
    """The test table as CSV for a spreadsheet."""
    return _csv(CASE_COLUMNS, (_case_cells(row) for row in all_cases()))


def _rule_cells(row: RoutingRule) -> dict[str, Any]:
    plain: dict[str, Any] = {name: getattr(row, name) for name in RULE_COLUMNS if name != "id"}
    return plain | _named_cells(row) | {"id": row.pk, "organization": row.organization and row.organization.code,
                                        "group": row.group and row.group.code}  # fmt: skip


def _case_cells(row: RoutingCase) -> dict[str, Any]:
    return _named_cells(row) | {"expected": row.expected and row.expected.code, "note": row.note}


def _named_cells(row: RoutingRule | RoutingCase) -> dict[str, Any]:
    municipality = row.settlement.municipality if row.settlement else row.municipality
    return {
        "topic": row.topic and row.topic.code,
        "municipality": municipality and municipality.short_name,
        "settlement": row.settlement and row.settlement.name,
        "page": row.page and f"{row.page.network}:{row.page.external_id}",
    }


def _csv(columns: Mapping[str, str], rows: Iterable[Mapping[str, Any]]) -> str:
    # Excel in a Russian setting takes a semicolon, and knows the encoding by the mark.
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(columns.values())
    for row in rows:
        writer.writerow([guarded(str(row[name])) if row[name] not in {None, ""} else "" for name in columns])
    return "\ufeff" + out.getvalue()
