"""The dry run: a brought file read whole and held against the register. Changes nothing but the import's own rows."""

import io
from collections import Counter
from collections.abc import Callable, Iterator, Sequence, Sized
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_noop

from otklik.common.bulk import insert_many
from otklik.registry.enums import ImportKind, ImportState
from otklik.registry.models import Import, ImportFile, ImportRow
from otklik.registry.operations.places import local_date
from otklik.registry.tables.compare import Comparison, Verdict, settle
from otklik.registry.tables.federal import Federal
from otklik.registry.tables.known import directory, read_register, read_units
from otklik.registry.tables.layouts import LAYOUTS
from otklik.registry.tables.lines import Line, Table, Unreadable
from otklik.registry.tables.ours import Classifier, Ours
from otklik.registry.tables.reader import read
from otklik.registry.tables.wishes import Context, Parser, Reading

# A table may have a title above its headers.
LINES_TO_HEADERS = 30
BATCH = 2000
READINGS: dict[str, Callable[[Context], Reading]] = {
    ImportKind.REGISTER: Ours,
    ImportKind.FEDERAL: Federal,
    ImportKind.OKTMO: Classifier,
}
Tell = Callable[[int, int], None]


class NoTable(Unreadable):
    """В файле нет строк с данными."""


def check(*, brought: Import, now: datetime) -> None:
    """Read the file and write what each of its lines would do; repeatable, the last result counts.

    Ends in CHECKED, in WAITING when a person has to say which columns are which, or in REFUSED with the problem.
    """
    brought.rows.all().delete()
    brought.problem, brought.notes, brought.counts = None, [], {}
    try:
        content = ImportFile.objects.values_list("content", flat=True).get(brought=brought)
        table = read(io.BytesIO(content))
        _check(brought, table, now)
    except Unreadable as refusal:
        brought.state = ImportState.REFUSED
        brought.problem = {"reason": refusal.reason, "params": refusal.params}
        brought.rows.all().delete()
    brought.save(update_fields=["state", "problem", "notes", "counts", "headers", "mapping", "checked_at"])


def _check(brought: Import, table: Table, now: datetime) -> None:
    layout = LAYOUTS[brought.kind]
    first, lines = headers_of(table, layout.guess)
    headers = [cell[:200] for cell in first.cells]
    if not brought.mapping or headers != brought.headers:
        brought.mapping = layout.guess(headers)
    brought.headers = headers
    missing = layout.missing(brought.mapping)
    if missing:
        brought.state = ImportState.WAITING
        brought.problem = {
            "reason": gettext_noop("Не узнаны нужные столбцы: %(columns)s. Укажите их сами."),
            "params": {"columns": ", ".join(f"«{each.title}»" for each in missing)},
        }
        return
    parser = Parser(layout, brought.mapping, headers, directory())
    verdicts = _judge(brought, parser, lines, now)
    brought.notes = [{"reason": reason, "params": params} for reason, params in table.notes]
    if not verdicts:
        raise NoTable(gettext_noop("Под заголовками нет ни одной строки."))
    _keep(brought, verdicts)
    brought.counts = dict(Counter(str(each.action) for each in verdicts))
    brought.state, brought.checked_at = ImportState.CHECKED, now


def headers_of(table: Table, guess: Callable[[Sequence[str]], Sized]) -> tuple[Line, Iterator[Line]]:
    """The line of headers, the one of the first of whose cells most are known to `guess`, and the lines below it."""
    head: list[Line] = []
    for line in table.lines:
        head.append(line)
        if len(head) >= LINES_TO_HEADERS:
            break
    if not head:
        raise NoTable(gettext_noop("Файл пуст."))
    known = [len(guess(line.cells)) for line in head]
    at = known.index(max(known))

    def rest() -> Iterator[Line]:
        yield from head[at + 1 :]
        yield from table.lines

    return head[at], rest()


def _judge(brought: Import, parser: Parser, lines: Iterator[Line], now: datetime) -> list[Verdict]:
    known = read_units() if brought.kind == ImportKind.OKTMO else read_register()
    source = f"{brought.get_kind_display()}, {brought.file_name}"
    reading = READINGS[brought.kind](Context(known, local_date(now), source))
    comparison = Comparison(known, reading, parser)
    told = []
    tell = teller(brought)
    for line in lines:
        told.append(parser.parse(line))
        comparison.claim(told[-1])
    verdicts = []
    for number, each in enumerate(told):
        if number % BATCH == 0:
            tell(number, len(told))
        verdicts.append(comparison.judge(each))
    settle(verdicts, known)
    return verdicts


def _keep(brought: Import, verdicts: list[Verdict]) -> None:
    tell = teller(brought)
    for start in range(0, len(verdicts), BATCH):
        insert_many([_row(brought, each) for each in verdicts[start : start + BATCH]])
        tell(min(start + BATCH, len(verdicts)), len(verdicts))


def _row(brought: Import, verdict: Verdict) -> ImportRow:
    return ImportRow(
        brought=brought,
        line=verdict.line,
        action=verdict.action,
        title=verdict.title[:300],
        values=verdict.raw,
        problems=[each.plain() for each in verdict.problems],
        changes=verdict.changes,
    )


def teller(brought: Import) -> Tell:
    """Writes how far the work is where the page sees it."""

    def tell(done: int, total: int) -> None:
        Import.objects.filter(pk=brought.pk).update(done=done, total=total)

    return tell


def plain_words(said: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """The words and the params of something said of an import."""
    return said.get("reason", ""), said.get("params", {})
