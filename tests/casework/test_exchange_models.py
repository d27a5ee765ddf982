"""What the database promises of tables of incidents: each promise is broken once."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from otklik.casework.models import (
    BroughtBefore,
    BroughtIncident,
    ExportPiece,
    IncidentExport,
    IncidentTable,
    IncidentTablePiece,
)
from tests import cast
from tests.cast import NOW

pytestmark = pytest.mark.django_db


def table(**fields: Any) -> IncidentTable:
    return IncidentTable.objects.create(
        **{"name": "2024.xlsx", "digest": "0" * 64, "size": 7, "actor_name": "Мария", "created_at": NOW}
        | fields
    )


def row(of: IncidentTable, **fields: Any) -> BroughtIncident:
    return BroughtIncident.objects.create(
        **{"table": of, "line": 2, "cabinet": "Область", "external_id": "5", "values": [""] * 47} | fields
    )


def broken(name: str, model: Any, **fields: Any) -> None:
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        model.objects.create(**fields)


def test_promises_of_exports() -> None:
    account = cast.account("analyst")
    broken("incident_export_ready_until", IncidentExport, account=account, state="ready", created_at=NOW)
    known = {"account": account, "created_at": NOW}
    broken("incident_export_reason_known", IncidentExport, **known, reason="curious")
    broken("incident_export_other_says_why", IncidentExport, **known, reason="other")
    export = IncidentExport.objects.create(account=account, created_at=NOW)
    ExportPiece.objects.create(export=export, number=0, body=b"1")
    broken("export_piece_unique", ExportPiece, export=export, number=0, body=b"2")


def test_promises_of_brought_tables() -> None:
    brought = table()
    IncidentTablePiece.objects.create(table=brought, number=0, body=b"1")
    broken("incident_table_piece_unique", IncidentTablePiece, table=brought, number=0, body=b"2")
    line = row(brought)
    same = {"table": brought, "line": 3, "cabinet": "Область", "values": [""] * 47}
    broken("brought_incident_unique", BroughtIncident, **same, external_id="5")
    broken("brought_incident_has_id", BroughtIncident, **same, external_id="")
    before = {"table": brought, "row": line, "before_table": brought, "before_line": 2, "values": []}
    BroughtBefore.objects.create(**before)
    broken("brought_before_unique", BroughtBefore, **before)
    assert [str(each) for each in (brought, line)] == ["2024.xlsx", "5"]
