"""Tables of examples that people bring at the desk: kept as they come, read by a worker, one after another."""

from datetime import datetime
from typing import BinaryIO

from django.db import transaction

from otklik.audit import operations as audit
from otklik.common import jobs
from otklik.common.actor import SYSTEM, Actor
from otklik.common.text import clean
from otklik.common.wakeup import wake_up
from otklik.triage.enums import TableState
from otklik.triage.models import ExampleTable, TablePiece
from otklik.triage.operations.examples import NotExamples, read_examples

LARGEST_FILE = 50_000_000
"""Bytes: about fifty thousand messages. Reading takes the worker five times as much memory."""

PIECE = 1_000_000


class TableTooLarge(Exception):
    """Файл больше 50 МБ: разделите таблицу на части и загрузите их по очереди, примеры сложатся."""


class TableIsEmpty(Exception):
    """Файл пуст."""


@transaction.atomic
def receive_examples(*, file: BinaryIO, name: str, by: Actor, now: datetime) -> ExampleTable:
    """Keep the bytes of a table and ask a worker to read it. Raises TableTooLarge, TableIsEmpty."""
    size = file.seek(0, 2)
    if size > LARGEST_FILE:
        raise TableTooLarge
    if not size:
        raise TableIsEmpty
    file.seek(0)
    brought = ExampleTable.objects.create(
        name=clean(name).strip()[-200:] or "table.csv", state=TableState.WAITING, at=now, by=by.name
    )
    number = 0
    while piece := file.read(PIECE):
        TablePiece.objects.create(table=brought, number=number, body=piece)
        number += 1
    audit.record(by=by, verb="receive_examples", subject=brought, now=now, size=size)
    wake_up(jobs.EXAMPLES)
    return brought


@transaction.atomic
def read_next(*, now: datetime) -> int:
    """Read the table that waits longest, whole or not at all; returns how many were read.

    A worker that dies leaves it waiting, and it is read again. What is no table of examples is said in its state.
    """
    brought = (
        ExampleTable.objects.select_for_update(of=("self",))
        .filter(state=TableState.WAITING)
        .order_by("pk")
        .first()
    )
    if brought is None:
        return 0
    pieces = brought.pieces.order_by("number").values_list("body", flat=True)
    body = b"".join(bytes(piece) for piece in pieces.iterator(chunk_size=1))
    brought.state = TableState.READ
    try:
        read_examples(brought=brought, body=body, now=now)
    except NotExamples:
        brought.state = TableState.REFUSED
    brought.save()
    brought.pieces.all().delete()
    audit.record(
        by=SYSTEM, verb="read_examples", subject=brought, now=now, state=brought.state,
        added=brought.added, changed=brought.changed, same=brought.same, wrong=brought.wrong_count,
    )  # fmt: skip
    return 1


def tables_wait() -> bool:
    """Whether a table waits to be read."""
    return ExampleTable.objects.filter(state=TableState.WAITING).exists()
