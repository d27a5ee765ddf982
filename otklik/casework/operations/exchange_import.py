"""Tables of incidents that people bring: received, checked, taken in one transaction, taken back as a whole.

A step that takes long is only asked for here; a worker carries it out (`work_off`). The rows of IncidentTable are
the queue. What is brought is the history of another system: nothing of it becomes live casework.
"""

import hashlib
import logging
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any, BinaryIO, cast

from django.db import transaction
from django.utils import timezone

from otklik.audit import operations as audit
from otklik.casework.models import IncidentTable, IncidentTablePiece
from otklik.casework.operations.exchange_lines import plain
from otklik.casework.operations.exchange_take import (
    MOST_WRONG,
    Outcome,
    changed_since,
    take_back,
    walk,
)
from otklik.common.actor import SYSTEM, Actor
from otklik.common.jobs import EXCHANGE
from otklik.common.progress import Tell, beside
from otklik.common.text import clean, gettext_noop
from otklik.common.wakeup import wake_up
from otklik.registry import operations as registry
from otklik.registry.operations.tables import Unreadable

logger = logging.getLogger(__name__)
LARGEST_FILE = 100_000_000
"""Bytes: about a year of a large region, as XLSX."""
FILE_KEPT_FOR = timedelta(days=30)
PIECE = 1_000_000
IN_MEMORY = 4_000_000
MOST_HEADERS = 10
_State = IncidentTable.State
BUSY = (_State.CHECKING, _State.APPLYING, _State.UNDOING)
_BACK = {
    _State.CHECKING: _State.FAILED,
    _State.APPLYING: _State.CHECKED,
    _State.UNDOING: _State.APPLIED,
}


class FileTooLarge(Exception):
    """Файл больше 100 МБ: разделите таблицу на части, например по кварталам."""


class EmptyFile(Exception):
    """Файл пуст."""


class WrongMoment(Exception):
    """Сейчас этого сделать нельзя: таблица уже в другом состоянии. Обновите страницу."""


class LaterTable(Exception):
    """Строки этой таблицы изменила загруженная позже: сначала отмените её."""


class FileIsGone(Exception):
    """Файл хранился месяц и удалён: загрузите его снова."""


@transaction.atomic
def receive_table(*, file: BinaryIO, name: str, by: Actor, now: datetime) -> IncidentTable:
    """Keep the bytes and ask for the check. Raises FileTooLarge, EmptyFile."""
    size = file.seek(0, 2)
    if size > LARGEST_FILE:
        raise FileTooLarge
    if not size:
        raise EmptyFile
    file.seek(0)
    table = IncidentTable.objects.create(
        name=clean(name).strip()[-200:] or "table.xlsx", digest="", size=size, created_at=now,
        actor_id=by.id, actor_name=by.name, asked_id=by.id, asked_name=by.name,
    )  # fmt: skip
    digest, number = hashlib.sha256(), 0
    while piece := file.read(PIECE):
        digest.update(piece)
        IncidentTablePiece.objects.create(table=table, number=number, body=piece)
        number += 1
    table.digest = digest.hexdigest()
    table.save(update_fields=["digest"])
    audit.record(by=by, verb="receive_table", subject=table, now=now, digest=table.digest, size=size)
    wake_up(EXCHANGE)
    return table


@transaction.atomic
def check_table(*, table: IncidentTable, by: Actor, now: datetime) -> IncidentTable:
    """Hold the file anew against what is there now. Raises WrongMoment, FileIsGone."""
    table = _held(table, _State.CHECKED, _State.FAILED, _State.UNDONE)
    return _ask(table, _State.CHECKING, "check_table", by, now)


@transaction.atomic
def apply_table(*, table: IncidentTable, by: Actor, now: datetime) -> IncidentTable:
    """Ask to take the lines that are new or changed. Raises WrongMoment, FileIsGone."""
    return _ask(_held(table, _State.CHECKED), _State.APPLYING, "ask_to_apply_table", by, now)


@transaction.atomic
def undo_table(*, table: IncidentTable, by: Actor, now: datetime) -> IncidentTable:
    """Ask to take the whole table back. Raises WrongMoment, LaterTable."""
    table = _held(table, _State.APPLIED)
    if changed_since(table):
        raise LaterTable
    return _ask(table, _State.UNDOING, "ask_to_undo_table", by, now)


def _held(table: IncidentTable, *states: str) -> IncidentTable:
    found = IncidentTable.objects.select_for_update(of=("self",)).get(pk=table.pk)
    if found.state not in states:
        raise WrongMoment
    return found


def _ask(
    table: IncidentTable, state: "IncidentTable.State", verb: str, by: Actor, now: datetime
) -> IncidentTable:
    if state != _State.UNDOING and not table.pieces.exists():
        raise FileIsGone
    table.state, table.problem, table.done = state, None, 0
    table.total = 0 if state == _State.CHECKING else table.total
    table.asked_id, table.asked_name = by.id, by.name
    table.save()
    audit.record(by=by, verb=verb, subject=table, now=now)
    wake_up(EXCHANGE)
    return table


def tables_wait() -> bool:
    """Whether a step of a table waits for a worker."""
    return IncidentTable.objects.filter(state__in=BUSY).exists()


def work_off(*, now: datetime) -> int:
    """Carry out the step that was asked for first; returns how many were. A step that fails has done nothing."""
    table = IncidentTable.objects.filter(state__in=BUSY).order_by("pk").first()
    if table is None:
        return 0
    asked = _State(table.state)
    try:
        with timezone.override(registry.working_calendar().tz):
            _carry_out(table, now)
    except LaterTable:
        _give_back(
            table, asked, gettext_noop("Строки этой таблицы изменила загруженная позже: сначала отмените её.")
        )
    except Exception:
        # Whatever it was, the transaction is gone; the person must not wait for ever before a bar that stands.
        logger.exception("table %s: %s failed", table.pk, asked)
        _give_back(table, asked, gettext_noop("Из-за сбоя ничего не изменено. Попробуйте ещё раз."))
    return 1


def _carry_out(table: IncidentTable, now: datetime) -> None:
    asked = table.state
    with beside(table) as tell, transaction.atomic():
        if asked == _State.CHECKING:
            _check(table, now, tell)
        elif asked == _State.APPLYING:
            _apply(table, now, tell)
        else:
            _undo(table, now, tell)
        # Another worker may have thought this one dead and done the step itself.
        _held(table, asked)
        table.save()


def _check(table: IncidentTable, now: datetime, tell: Tell) -> None:
    table.problem, table.notes, table.wrong, table.counts = None, [], [], {}
    try:
        with _file(table) as file:
            found = walk(file, table, tell, keep=False)
    except Unreadable as refusal:
        table.state = _State.REFUSED
        table.problem = {"reason": refusal.reason, "params": refusal.params}
        return
    table.state, table.checked_at = _State.CHECKED, now
    _tell_what_came(table, found)
    if not found.lines:
        table.state = _State.REFUSED
        table.problem = {"reason": gettext_noop("Под заголовками нет ни одной строки."), "params": {}}


def _tell_what_came(table: IncidentTable, found: Outcome) -> None:
    table.total = table.done = found.lines
    table.counts, table.wrong = dict(found.counts), plain(found.wrong[:MOST_WRONG])
    mapping = found.reading.mapping
    table.notes = [{"reason": reason, "params": params} for reason, params in found.reading.notes]
    for reason, headers in (
        (
            gettext_noop("Этих столбцов в выгрузке не бывает, они не прочитаны (%(n)s): %(columns)s."),
            mapping.unknown,
        ),
        (gettext_noop("Эти столбцы стоят дважды, взят первый (%(n)s): %(columns)s."), mapping.repeated),
        (
            gettext_noop("Этих столбцов в файле нет, они останутся пустыми (%(n)s): %(columns)s."),
            mapping.missing,
        ),
    ):
        if headers:
            shown = ", ".join(f"«{header[:80]}»" for header in headers[:MOST_HEADERS])
            more = "…" if len(headers) > MOST_HEADERS else ""
            table.notes.append({"reason": reason, "params": {"n": len(headers), "columns": shown + more}})


def _apply(table: IncidentTable, now: datetime, tell: Tell) -> None:
    with _file(table) as file:
        _tell_what_came(table, walk(file, table, tell, keep=True))
    table.state, table.applied_at = _State.APPLIED, now
    audit.record(
        by=Actor(table.asked_id, table.asked_name),
        verb="apply_table",
        subject=table,
        now=now,
        counts=table.counts,
    )


def _undo(table: IncidentTable, now: datetime, tell: Tell) -> None:
    if changed_since(table):
        raise LaterTable
    take_back(table, tell)
    table.state, table.undone_at, table.done = _State.UNDONE, now, table.total
    audit.record(by=Actor(table.asked_id, table.asked_name), verb="undo_table", subject=table, now=now)


def _give_back(table: IncidentTable, asked: "IncidentTable.State", reason: str) -> None:
    problem = {"reason": reason, "params": {}}
    IncidentTable.objects.filter(pk=table.pk, state=asked).update(state=_BACK[asked], problem=problem)


@contextmanager
def _file(table: IncidentTable) -> Iterator[BinaryIO]:
    """The brought file on the disk of the worker: archives are read by their end."""
    with tempfile.SpooledTemporaryFile(max_size=IN_MEMORY) as file:
        pieces = IncidentTablePiece.objects.filter(table=table)
        for number in pieces.order_by("number").values_list("number", flat=True):
            file.write(bytes(pieces.values_list("body", flat=True).get(number=number)))
        file.seek(0)
        yield cast("BinaryIO", file)


@transaction.atomic
def forget_files(*, now: datetime) -> int:
    """Throw away files of tables that nobody has touched for FILE_KEPT_FOR; their lines stay. Returns how many."""
    old: Any = IncidentTable.objects.filter(created_at__lte=now - FILE_KEPT_FOR).exclude(state__in=BUSY)
    ids = list(old.filter(pieces__isnull=False).distinct().values_list("pk", flat=True)[:100])
    IncidentTablePiece.objects.filter(table__in=ids).delete()
    for table in IncidentTable.objects.filter(pk__in=ids):
        audit.record(by=SYSTEM, verb="forget_file", subject=table, now=now)
    return len(ids)
