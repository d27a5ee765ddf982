"""Files that people bring: received, checked, applied in one transaction, taken back as a whole.

A step that takes long is only asked for here; a worker carries it out (`work_off`). The rows of Import are the queue.
"""

import logging
from collections.abc import Mapping
from datetime import datetime
from typing import BinaryIO

from django.db import transaction
from django.utils.translation import gettext_noop

from otklik.audit import operations as audit
from otklik.common.actor import Actor
from otklik.common.jobs import TABLES
from otklik.common.progress import beside
from otklik.common.text import clean
from otklik.common.wakeup import wake_up
from otklik.registry.enums import ImportState, RowAction
from otklik.registry.models import Import, ImportRow
from otklik.registry.operations import import_check, import_file, import_undo, import_write
from otklik.registry.operations.organizations import WouldLoop
from otklik.registry.tables.compare import action_of
from otklik.registry.tables.layouts import LAYOUTS

logger = logging.getLogger(__name__)
# 50 000 lines of the federal table take 12 MB as CSV and 6 MB as XLSX.
LARGEST_FILE = 20_000_000
BUSY = (ImportState.CHECKING, ImportState.APPLYING, ImportState.UNDOING)
# Where a step that failed leaves the import: nothing of it was done.
_BACK = {
    ImportState.CHECKING: ImportState.FAILED,
    ImportState.APPLYING: ImportState.CHECKED,
    ImportState.UNDOING: ImportState.APPLIED,
}


class FileTooLarge(Exception):
    """Файл больше 20 МБ: разделите таблицу на части или сохраните её как XLSX."""


class EmptyFile(Exception):
    """Файл пуст."""


class WrongMoment(Exception):
    """Сейчас этого сделать нельзя: импорт уже в другом состоянии. Обновите страницу."""


class NotAColumn(Exception):
    """Такого столбца нет ни в файле, ни в этом виде таблиц; один столбец нельзя выбрать дважды."""


class NothingToTake(Exception):
    """В этой строке нечего решать: она не спорит с реестром или её нельзя применить."""


@transaction.atomic
def receive_file(*, file: BinaryIO, name: str, kind: str, by: Actor, now: datetime) -> Import:
    """Keep the bytes and ask for the check. Raises FileTooLarge, EmptyFile."""
    size = import_file.size_of(file)
    if size > LARGEST_FILE:
        raise FileTooLarge
    if not size:
        raise EmptyFile
    brought = Import.objects.create(
        kind=kind,
        file_name=clean(name).strip()[-200:] or "table",
        digest=import_file.digest_of(file),
        size=size,
        state=ImportState.CHECKING,
        actor_id=by.id,
        actor_name=by.name,
        asked_id=by.id,
        asked_name=by.name,
        created_at=now,
    )
    import_file.keep(brought_id=brought.pk, file=file, size=size)
    audit.record(
        by=by,
        verb="receive_file",
        subject=brought,
        now=now,
        kind=kind,
        digest=brought.digest,
        size=brought.size,
    )
    wake_up(TABLES)
    return brought


@transaction.atomic
def set_mapping(*, brought: Import, mapping: Mapping[str, str], by: Actor, now: datetime) -> Import:
    """Which header stands for which field, and a check anew. Raises WrongMoment, NotAColumn."""
    brought = _held(brought, ImportState.WAITING, ImportState.CHECKED)
    chosen = {code: header for code, header in mapping.items() if header}
    codes = {column.code for column in LAYOUTS[brought.kind].columns}
    twice = len(set(chosen.values())) != len(chosen)
    if twice or not chosen.keys() <= codes or not set(chosen.values()) <= set(brought.headers):
        raise NotAColumn
    brought.mapping = chosen
    return _ask(brought, ImportState.CHECKING, "set_mapping", by, now)


@transaction.atomic
def check_again(*, brought: Import, by: Actor, now: datetime) -> Import:
    """Hold the file against the register as it is now: the checked import itself, or a new one of an applied file.

    Raises WrongMoment.
    """
    allowed = set(ImportState) - set(BUSY)
    brought = _held(brought, *allowed)
    if brought.applied_at is None:
        return _ask(brought, ImportState.CHECKING, "check_again", by, now)
    again = Import.objects.get(pk=brought.pk)
    again.pk, again.state, again.applied_at, again.undone_at = None, ImportState.CHECKING, None, None
    again.counts, again.created_at, again.actor_id, again.actor_name = {}, now, by.id, by.name
    again.done = again.total = 0
    again.save(force_insert=True)
    import_file.repeat(from_id=brought.pk, to_id=again.pk)
    return _ask(again, ImportState.CHECKING, "check_again", by, now)


@transaction.atomic
def take_row(*, row: ImportRow, by: Actor, now: datetime) -> ImportRow:
    """Take the side of the file in a contradiction: the line will be applied. Raises WrongMoment, NothingToTake."""
    brought = _held(row.brought, ImportState.CHECKED)
    row = ImportRow.objects.select_for_update(of=("self",)).get(pk=row.pk)
    if row.action != RowAction.CONFLICT or not row.changes:
        raise NothingToTake
    row.changes = [change | {"forced": True} for change in row.changes]
    row.action = action_of(row.changes)
    row.save(update_fields=["changes", "action"])
    brought.counts = brought.counts | {
        RowAction.CONFLICT: brought.counts.get(RowAction.CONFLICT, 1) - 1,
        row.action: brought.counts.get(row.action, 0) + 1,
    }
    brought.save(update_fields=["counts"])
    audit.record(by=by, verb="take_row", subject=brought, now=now, line=row.line)
    return row


@transaction.atomic
def apply(*, brought: Import, by: Actor, now: datetime) -> Import:
    """Ask to write what the check found. Raises WrongMoment."""
    return _ask(_held(brought, ImportState.CHECKED), ImportState.APPLYING, "ask_to_apply", by, now)


@transaction.atomic
def undo(*, brought: Import, by: Actor, now: datetime) -> Import:
    """Ask to take the whole import back. Raises WrongMoment."""
    return _ask(_held(brought, ImportState.APPLIED), ImportState.UNDOING, "ask_to_undo", by, now)


@transaction.atomic
def restore_kept(*, row: ImportRow, by: Actor, now: datetime) -> ImportRow:
    """Take a line back although somebody has changed its fields since. Raises WrongMoment, NothingToTake."""
    brought = _held(row.brought, ImportState.UNDONE)
    row = ImportRow.objects.select_for_update(of=("self",)).get(pk=row.pk)
    if not any(change.get("kept") for change in row.changes):
        raise NothingToTake
    kept = sum(1 for change in row.changes if change["kept"])
    import_undo.take_back(rows=[row], brought=brought, by=by, now=now, anyway=True)
    row.save(update_fields=["changes", "problems"])
    brought.counts = brought.counts | {"kept": max(brought.counts.get("kept", 0) - kept, 0)}
    brought.save(update_fields=["counts"])
    audit.record(by=by, verb="restore_kept", subject=brought, now=now, line=row.line)
    return row


def _held(brought: Import, *states: str) -> Import:
    found = Import.objects.select_for_update(of=("self",)).get(pk=brought.pk)
    if found.state not in states:
        raise WrongMoment
    return found


def _ask(brought: Import, state: ImportState, verb: str, by: Actor, now: datetime) -> Import:
    brought.state, brought.problem, brought.done, brought.total = state, None, 0, 0
    brought.asked_id, brought.asked_name = by.id, by.name
    brought.save()
    audit.record(by=by, verb=verb, subject=brought, now=now)
    wake_up(TABLES)
    return brought


def waits() -> bool:
    """Whether a step of an import waits for a worker."""
    return Import.objects.filter(state__in=BUSY).exists()


def work_off(*, now: datetime) -> int:
    """Carry out the step that was asked for first; returns how many were. A step that fails has done nothing."""
    brought = Import.objects.filter(state__in=BUSY).order_by("pk").first()
    if brought is None:
        return 0
    asked = ImportState(brought.state)
    try:
        _carry_out(brought, now)
    except WouldLoop:
        _give_back(
            brought,
            asked,
            gettext_noop("Организация оказалась бы в подчинении у самой себя. Ничего не изменено."),
        )
    except Exception:
        # Whatever it was, the transaction is gone; the person must not wait for ever before a bar that stands.
        logger.exception("import %s: %s failed", brought.pk, asked)
        _give_back(brought, asked, gettext_noop("Из-за сбоя ничего не изменено. Попробуйте ещё раз."))
    return 1


def _carry_out(brought: Import, now: datetime) -> None:
    if brought.state == ImportState.CHECKING:
        import_check.check(brought=brought, now=now)
        return
    step = import_write.carry_out if brought.state == ImportState.APPLYING else import_undo.carry_out
    asked = brought.state
    with beside(brought) as tell, transaction.atomic():
        step(brought=brought, by=Actor(brought.asked_id, brought.asked_name), now=now, tell=tell)
        # Another worker may have thought this one dead and done the step itself.
        _held(brought, asked)
        brought.save(update_fields=["state", "counts", "applied_at", "undone_at", "problem"])


def _give_back(brought: Import, asked: ImportState, reason: str) -> None:
    problem = {"reason": reason, "params": {}}
    Import.objects.filter(pk=brought.pk, state=asked).update(state=_BACK[asked], problem=problem)
