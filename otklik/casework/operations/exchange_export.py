"""Tables of incidents that people ask for: small ones are written at once, long ones by a worker, all in pieces.

Nobody holds a table whole: rows are read a thousand at a time, become packed XML and go into the database by the
megabyte. The rows of IncidentExport are the queue; a table whose writer died is begun anew.
"""

import logging
from array import array
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import IO, Any, cast

from django.db import transaction
from django.db.models import Q, QuerySet

from otklik.audit import operations as audit
from otklik.casework.exchange.layout import COLUMNS
from otklik.casework.exchange.values import Cell, cell
from otklik.casework.models import BroughtIncident, ExportPiece, Incident, IncidentExport
from otklik.casework.operations import exchange_masks as masks
from otklik.casework.operations.exchange_rows import AT_ONCE, Gathering
from otklik.common.actor import SYSTEM, Actor
from otklik.common.jobs import EXCHANGE
from otklik.common.longbook import write_long
from otklik.common.wakeup import wake_up
from otklik.people.models import Account
from otklik.people.rules import Right
from otklik.registry import operations as registry
from otklik.registry.models import Organization
from otklik.registry.rules import Reach

logger = logging.getLogger(__name__)
SMALL = 2000
"""Rows that are written while the person waits."""
MOST_ROWS = 250_000
KEPT_FOR = timedelta(days=7)
PIECE = 1_000_000
_State, _Source = IncidentExport.State, IncidentExport.Source


class MayNotExchange(Exception):
    """Выгружать инциденты может тот, кому это право дано: аналитик, куратор или руководитель."""


class NothingToExport(Exception):
    """По этим условиям нет ни одного инцидента: измените период или снимите часть условий."""


class TooManyToExport(Exception):
    """Инцидентов больше 250 000: выгрузите их по частям, например по кварталам."""


@dataclass(frozen=True, slots=True)
class Filters:
    """Which incidents: received on these days (both included), of this body, municipality and state."""

    since: date | None = None
    until: date | None = None
    organization: int | None = None
    municipality: int | None = None
    state: str = ""

    def plain(self) -> dict[str, Any]:
        """Ready for JSON: only what is asked."""
        told = {
            "since": self.since.isoformat() if self.since else "",
            "until": self.until.isoformat() if self.until else "",
            "organization": self.organization,
            "municipality": self.municipality,
            "state": self.state,
        }
        return {name: value for name, value in told.items() if value}

    @classmethod
    def of(cls, told: dict[str, Any]) -> "Filters":
        """What `plain` has told."""
        days = {name: date.fromisoformat(told[name]) for name in ("since", "until") if told.get(name)}
        return cls(**(told | days))


def may_exchange(reach: Reach) -> bool:
    """Whether the person may take incidents out at all."""
    return reach.may_somewhere(Right.EXCHANGE) and reach.may_somewhere(Right.SEE_INCIDENTS)


def exported(source: str, filters: Filters, reach: Reach, *, opened: bool = False) -> QuerySet[Any]:
    """The rows of a table: cut by the filters and by what the person may see, take and, in an open one, open."""
    found: QuerySet[Any] = (
        Incident.objects.visible_to(reach) if source == _Source.LIVE else BroughtIncident.objects.all()
    )
    for right in (Right.EXCHANGE, Right.OPEN_PERSONAL) if opened else (Right.EXCHANGE,):
        everywhere, organizations, pages = reach.where(right)
        if not everywhere:
            by_page = Q(page_id__in=pages) if source == _Source.LIVE else Q(pk=None)
            found = found.filter(Q(executor_id__in=organizations) | by_page)
    return _filtered(found, filters, source)


def _filtered(found: QuerySet[Any], filters: Filters, source: str) -> QuerySet[Any]:
    zone = registry.working_calendar().tz
    if filters.since:
        found = found.filter(received_at__gte=datetime.combine(filters.since, time(), zone))
    if filters.until:
        after = filters.until + timedelta(days=1)
        found = found.filter(received_at__lt=datetime.combine(after, time(), zone))
    if filters.organization:
        below = Organization.objects.subtree_of([filters.organization])
        found = found.filter(executor__in=below.values("pk"))
    if filters.municipality:
        found = found.filter(municipality=filters.municipality)
    if filters.state and source == _Source.LIVE:
        found = found.filter(state=filters.state)
    return found


@transaction.atomic
def ask_export(
    *, source: str, filters: Filters, by: Account, now: datetime, reason: str = "", words: str = ""
) -> IncidentExport:
    """Ask for a table. A small one is ready when this returns, a long one is written by a worker.

    Personal data are masked in it unless a `reason` to open them is given.
    Raises MayNotExchange, MayNotOpenTable, NeedsReadingReason, NothingToExport, TooManyToExport.
    """
    reach = registry.reach_of(by)
    if not may_exchange(reach):
        raise MayNotExchange
    reason, words = masks.reason_to_open(reach, reason, words)
    total = exported(source, filters, reach, opened=bool(reason))[: MOST_ROWS + 1].count()
    if not total:
        raise NothingToExport
    if total > MOST_ROWS:
        raise TooManyToExport
    export = IncidentExport.objects.create(
        account=by,
        source=source,
        filters=filters.plain(),
        total=total,
        created_at=now,
        reason=reason,
        words=words,
    )
    audit.record(
        by=by.actor, verb="ask_export", subject=export, now=now, reason=words or reason,
        source=source, filters=export.filters, rows=total, opened=reason,
    )  # fmt: skip
    if total <= SMALL:
        _write(export, now)
    else:
        wake_up(EXCHANGE)
    return export


def exports_wait() -> bool:
    """Whether a table waits for a worker."""
    return IncidentExport.objects.filter(state=_State.WAITING).exists()


def write_next(*, now: datetime) -> int:
    """Write the table that was asked for first; returns how many were. One that fails says so."""
    export = (
        IncidentExport.objects.filter(state=_State.WAITING).select_related("account").order_by("pk").first()
    )
    if export is None:
        return 0
    try:
        _write(export, now)
    except Exception:
        logger.exception("export %s failed", export.pk)
        export.pieces.all().delete()
        IncidentExport.objects.filter(pk=export.pk).update(state=_State.FAILED)
    return 1


def _write(export: IncidentExport, now: datetime) -> None:
    export.pieces.all().delete()
    reach = registry.reach_of(export.account)
    if not (export.account.is_active and may_exchange(reach)):
        raise MayNotExchange
    if export.is_open and not masks.may_open_table(reach):
        raise masks.MayNotOpenTable
    rows = exported(export.source, Filters.of(export.filters), reach, opened=export.is_open)
    # Eight bytes a row: the table is of one moment, and its length is known before its end.
    ids = array(
        "q", rows.order_by("received_at", "pk").values_list("pk", flat=True).iterator(chunk_size=10_000)
    )
    lines = Gathering(now).lines(ids) if export.source == _Source.LIVE else brought_lines(ids)
    lines = lines if export.is_open else masks.hidden_lines(lines)
    pieces = _Pieces(export)
    headers = [(column.header, column.width) for column in COLUMNS]
    write_long(cast("IO[bytes]", pieces), "Инциденты", headers, _cells(lines, _teller(export, len(ids))))
    pieces.close()
    export.size, export.total, export.done = pieces.size, len(ids), len(ids)
    export.state, export.ready_at, export.forget_at = _State.READY, now, now + KEPT_FOR
    with transaction.atomic():
        export.save()
        audit.record(
            by=export.account.actor, verb="write_export", subject=export, now=now,
            rows=export.total, size=export.size, opened=export.reason,
        )  # fmt: skip


def _cells(lines: Iterator[list[str]], tell: Callable[[int], None]) -> Iterator[list[Cell]]:
    kinds = [column.kind for column in COLUMNS]
    for number, line in enumerate(lines, 1):
        yield [cell(kind, text) for kind, text in zip(kinds, line, strict=True)]
        if number % AT_ONCE == 0:
            tell(number)


def _teller(export: IncidentExport, total: int) -> Callable[[int], None]:
    def tell(done: int) -> None:
        IncidentExport.objects.filter(pk=export.pk).update(done=done, total=total)

    return tell


def brought_lines(ids: Sequence[int]) -> Iterator[list[str]]:
    """The 47 values of brought incidents, as they were read."""
    for start in range(0, len(ids), AT_ONCE):
        batch = list(ids[start : start + AT_ONCE])
        found = dict(BroughtIncident.objects.filter(pk__in=batch).values_list("pk", "values"))
        yield from (found[pk] for pk in batch if pk in found)


class _Pieces:
    """Takes bytes as they come and keeps them by the megabyte."""

    def __init__(self, export: IncidentExport) -> None:
        self.export, self.size, self._number, self._held = export, 0, 0, bytearray()

    def write(self, content: bytes) -> int:
        self._held += content
        while len(self._held) >= PIECE:
            self._keep(bytes(self._held[:PIECE]))
            del self._held[:PIECE]
        return len(content)

    def flush(self) -> None:
        """Nothing is written before there is a megabyte of it."""

    def close(self) -> None:
        if self._held:
            self._keep(bytes(self._held))
            self._held.clear()

    def _keep(self, body: bytes) -> None:
        ExportPiece.objects.create(export=self.export, number=self._number, body=body)
        self._number += 1
        self.size += len(body)


@transaction.atomic
def take_export(*, export: IncidentExport, by: Actor, now: datetime) -> Iterator[bytes]:
    """The bytes of the file, a piece at a time; who took it is in the journal.

    Raises MayNotOpenTable when its personal data are open and the right to open them was taken away since.
    """
    if export.is_open and not masks.may_open_table(registry.reach_of(export.account)):
        raise masks.MayNotOpenTable
    audit.record(
        by=by, verb="take_export", subject=export, now=now,
        reason=export.words or export.reason, rows=export.total, opened=export.reason,
    )  # fmt: skip
    return _bytes(export.pk)


def _bytes(pk: int) -> Iterator[bytes]:
    for number in ExportPiece.objects.filter(export=pk).order_by("number").values_list("number", flat=True):
        yield bytes(ExportPiece.objects.values_list("body", flat=True).get(export=pk, number=number))


@transaction.atomic
def forget_exports(*, now: datetime) -> int:
    """Throw away the files that were kept long enough; returns how many. Who asked for them stays known."""
    due = IncidentExport.objects.filter(state=_State.READY, forget_at__lte=now)
    ids = list(due.select_for_update(of=("self",)).values_list("pk", flat=True)[:100])
    ExportPiece.objects.filter(export__in=ids).delete()
    IncidentExport.objects.filter(pk__in=ids).update(state=_State.FORGOTTEN)
    for export in IncidentExport.objects.filter(pk__in=ids):
        audit.record(by=SYSTEM, verb="forget_export", subject=export, now=now)
    return len(ids)
