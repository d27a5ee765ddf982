"""Walking through a brought table: what each line would do, and doing it; taking the whole of it back."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from django.db import connection

from otklik.casework.exchange.layout import AT
from otklik.casework.models import BroughtBefore, BroughtIncident, Incident, IncidentTable
from otklik.casework.operations.exchange_lines import Links, Read, Reading, Wrong, reading_of
from otklik.common.bulk import insert_many, update_many
from otklik.common.progress import Tell

AT_ONCE = 2000
MOST_WRONG = 1000
NEW, CHANGED, SAME, OWN, WRONG = "new", "changed", "same", "own", "wrong"
_KEPT = (
    "table", "line", "number", "values", "question", "topic", "executor", "municipality", "received_at", "closed_at",
)  # fmt: skip


@dataclass(slots=True)
class Outcome:
    """What became of the lines: how many of each sort, and the first that are wrong."""

    reading: Reading
    counts: Counter[str] = field(default_factory=Counter)
    wrong: list[Wrong] = field(default_factory=list)

    @property
    def lines(self) -> int:
        """How many lines were looked at."""
        return sum(self.counts.values())


def walk(file: BinaryIO, table: IncidentTable, tell: Tell, *, keep: bool) -> Outcome:
    """Hold the lines of a file against what is there, a batch at a time, and `keep` what is new or changed.

    A line is known by its cabinet and ID. One that is an incident of this deployment is left alone. Raises Unreadable.
    """
    links, found = Links(), Outcome(reading_of(file))
    for batch in _batches(found):
        there = _there(batch)
        own = _own(batch, links.cabinet)
        fresh, changed = [], []
        for read in batch:
            kept = there.get(read.key)
            if read.key in own:
                found.counts[OWN] += 1
            elif kept is None:
                found.counts[NEW] += 1
                fresh.append(read)
            elif kept.values == read.values:
                found.counts[SAME] += 1
            else:
                found.counts[CHANGED] += 1
                changed.append((kept, read))
        if keep:
            insert_many([links.row(read, table) for read in fresh])
            _change(changed, table, links)
        # How many lines there are is known only after the first walk.
        tell(found.lines, table.total)
    return found


def _batches(found: Outcome) -> Iterator[list[Read]]:
    batch: list[Read] = []
    for line in found.reading.lines():
        if isinstance(line, Read):
            batch.append(line)
        else:
            found.counts[WRONG] += 1
            found.wrong += line[: MOST_WRONG - len(found.wrong)]
        if len(batch) >= AT_ONCE:
            yield batch
            batch = []
    yield batch


def _there(batch: list[Read]) -> dict[tuple[str, str], BroughtIncident]:
    ids = [read.key[1] for read in batch]
    rows = BroughtIncident.objects.filter(external_id__in=ids).defer("search", "question")
    return {(row.cabinet, row.external_id): row for row in rows}


def _own(batch: list[Read], cabinet: str) -> set[tuple[str, str]]:
    """Keys of lines that are incidents of this very deployment, by the name of its region and their numbers."""
    said: dict[int, list[Read]] = {}
    for read in batch:
        digits = read.values[AT["number"]].rpartition("-")[2]
        if read.key[0] == cabinet and digits.isascii() and digits.isdecimal() and len(digits) <= 15:
            said.setdefault(int(digits), []).append(read)
    there = Incident.objects.filter(pk__in=list(said)).only("pk", "received_at")
    return {read.key for each in there for read in said[each.pk] if read.values[AT["number"]] == each.number}


def _change(changed: list[tuple[BroughtIncident, Read]], table: IncidentTable, links: Links) -> None:
    insert_many(
        [
            BroughtBefore(
                table=table, row=row, before_table_id=row.table_id, before_line=row.line, values=row.values
            )
            for row, _read in changed
            if row.table_id != table.pk
        ]
    )
    rows = []
    for row, read in changed:
        _fill(row, read, table, links)
        rows.append(row)
    update_many(rows, _KEPT)


def _fill(row: BroughtIncident, read: Read, table: IncidentTable, links: Links) -> None:
    row.table = table
    for name, value in links.fields(read).items():
        setattr(row, name, value)


def take_back(table: IncidentTable, tell: Tell) -> None:
    """Give every line that the table changed its values before, and drop those it brought."""
    links, done = Links(), 0
    while befores := list(
        BroughtBefore.objects.filter(table=table)
        .select_related("row", "before_table")
        .order_by("pk")[:AT_ONCE]
    ):
        rows = []
        for before in befores:
            _fill(before.row, Read(before.before_line, before.values), before.before_table, links)
            rows.append(before.row)
        update_many(rows, _KEPT)
        BroughtBefore.objects.filter(pk__in=[before.pk for before in befores]).delete()
        done += len(befores)
        tell(done, table.total)
    with connection.cursor() as cursor:
        # By one statement: the ORM would first read every line whole.
        cursor.execute("delete from casework_broughtincident where table_id = %s", [table.pk])
    tell(table.total, table.total)


def changed_since(table: IncidentTable) -> bool:
    """Whether a later table changed lines of this one: it has to be taken back first."""
    return BroughtBefore.objects.filter(before_table=table).exists()
