"""Verdicts of a batch as rows, written in one go."""

import json
from collections.abc import Sequence
from datetime import datetime
from operator import attrgetter
from typing import Any

from django.db import connection

from otklik.triage.models import Verdict

_FIELDS = [str(field.column) for field in Verdict._meta.concrete_fields if not field.primary_key]
_values_of = attrgetter(*(field.attname for field in Verdict._meta.concrete_fields if not field.primary_key))
# `bulk_create` prepares and quotes three dozen values of each verdict one by one, at the price of judging a short
# message; here the batch is one value, and the database itself knows the types of its columns.
_WRITTEN = """
insert into triage_verdict ({columns})
select {columns} from json_populate_recordset(null::triage_verdict, %s)
returning message_id, part, id
""".format(columns=", ".join(_FIELDS))


def write_verdicts(verdicts: Sequence[Verdict]) -> None:
    """Keep new verdicts; each learns its number, as after `bulk_create`."""
    if not verdicts:
        return
    rows = [dict(zip(_FIELDS, _values_of(verdict), strict=True)) for verdict in verdicts]
    with connection.cursor() as cursor:
        cursor.execute(_WRITTEN, [json.dumps(rows, ensure_ascii=False, default=_told)])
        numbers = {(message, part): number for message, part, number in cursor.fetchall()}
    for verdict in verdicts:
        verdict.pk = numbers[verdict.message_id, verdict.part]
        verdict._state.adding, verdict._state.db = False, connection.alias


def _told(value: Any) -> str:
    """What JSON has no kind of its own for: an instant."""
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} is no value of a verdict")
