"""Tables as workbooks: XLSX and XLSM, values only. Macros are not looked at, formulas give what they gave last."""

import posixpath
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, time
from functools import lru_cache
from typing import Any, BinaryIO
from xml.etree.ElementTree import Element, ParseError
from xml.parsers.expat import ExpatError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring
from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format, is_timedelta_format
from openpyxl.utils import get_column_letter, range_boundaries
from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH, from_excel

from otklik.common.text import clean, gettext_noop
from otklik.registry.tables.archives import Inside, Sheet, look_inside
from otklik.registry.tables.lines import (
    LONGEST_CELL,
    REGISTER,
    Bounds,
    Line,
    Table,
    Trouble,
    Unreadable,
    limited,
)
from otklik.registry.tables.sheets import Cell, Row, rows_of, strings_of
from otklik.registry.tables.texts import too_long

_BROKEN = (KeyError, ValueError, TypeError, IndexError, OverflowError, OSError, EOFError, ParseError, ExpatError,
           DefusedXmlException, zipfile.BadZipFile, zlib.error)  # fmt: skip
_RELATED = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


@dataclass(frozen=True, slots=True)
class Merge:
    """A range of merged cells: only its first cell holds a value."""

    name: str
    first: int
    last: int


@dataclass(slots=True)
class Book:
    """What the cells of every sheet share: texts, and how numbers are shown."""

    strings: list[str] = field(default_factory=list)
    formats: list[str] = field(default_factory=list)
    epoch: datetime = WINDOWS_EPOCH
    # (name, part of the archive, shown to people)
    sheets: list[tuple[str, str, bool]] = field(default_factory=list)


def read_workbook(file: BinaryIO, bounds: Bounds = REGISTER) -> Table:
    """The lines of the first sheet that is shown. Raises Unreadable, at once or while lines are read."""
    inside = look_inside(file, bounds)
    table = Table(iter(()))
    if inside.has_macros:
        table.note(gettext_noop("В файле есть макросы: они не выполнялись, взяты только значения ячеек."))
    table.lines = limited(_guarded(file, inside, table, bounds), bounds)
    return table


def _guarded(file: BinaryIO, inside: Inside, table: Table, bounds: Bounds) -> Iterator[Line]:
    try:
        with zipfile.ZipFile(file) as archive:
            yield from _lines(archive, inside, table, bounds)
    except _BROKEN as error:
        raise Unreadable(
            gettext_noop("Файл повреждён: откройте его в редакторе таблиц и сохраните заново.")
        ) from error


def _lines(archive: zipfile.ZipFile, inside: Inside, table: Table, bounds: Bounds) -> Iterator[Line]:
    book = _book(archive)
    shown = [(name, part) for name, part, is_shown in book.sheets if is_shown]
    if not shown:
        raise Unreadable(gettext_noop("В книге нет листа с таблицей."))
    name, part = shown[0]
    if len(book.sheets) > 1:
        table.note(
            gettext_noop("Прочитан лист «%(sheet)s», остальные (%(rest)s) не читались."),
            sheet=name,
            rest=len(book.sheets) - 1,
        )
    told = inside.sheets.get(part, Sheet())
    if told.has_formulas:
        table.note(gettext_noop("В таблице есть формулы: взяты значения, посчитанные при сохранении файла."))
    merges = _merges(told, table)
    with archive.open(part) as sheet:
        for row in rows_of(sheet, bounds):
            yield _line(row, book, merges)


def _small(archive: zipfile.ZipFile, name: str) -> Element:
    if archive.getinfo(name).file_size > 10_000_000:
        raise ValueError("a part that describes the book is small")
    return fromstring(archive.read(name), forbid_dtd=True)


def _book(archive: zipfile.ZipFile) -> Book:
    root = _small(archive, "xl/workbook.xml")
    parts = {
        each.get("Id"): posixpath.normpath(posixpath.join("xl", each.get("Target", ""))).lstrip("/")
        for each in _small(archive, "xl/_rels/workbook.xml.rels")
    }
    book = Book()
    properties = root.find("{*}workbookPr")
    if properties is not None and properties.get("date1904") in {"1", "true"}:
        book.epoch = MAC_EPOCH
    for each in root.iterfind("{*}sheets/{*}sheet"):
        part = parts.get(each.get(_RELATED), "")
        if part.startswith("xl/worksheets/"):
            book.sheets.append((each.get("name", ""), part, each.get("state", "visible") == "visible"))
    names = set(archive.namelist())
    if "xl/styles.xml" in names:
        book.formats = _formats(_small(archive, "xl/styles.xml"))
    shared = next((each for each in names if each.lower() == "xl/sharedstrings.xml"), "")
    if shared:
        with archive.open(shared) as part_of_strings:
            book.strings = strings_of(part_of_strings)
    return book


def _formats(styles: Element) -> list[str]:
    """The format of numbers of each style of cells."""
    own = {
        each.get("numFmtId"): each.get("formatCode", "") for each in styles.iterfind("{*}numFmts/{*}numFmt")
    }
    numbers = [each.get("numFmtId", "0") for each in styles.iterfind("{*}cellXfs/{*}xf")]
    return [own.get(each, BUILTIN_FORMATS.get(int(each), "General")) for each in numbers]


def _merges(told: Sheet, table: Table) -> list[Merge]:
    found = []
    for name in told.merges:
        _left, first, _right, last = range_boundaries(name)
        found.append(Merge(name, int(first or 1), int(last or 1)))
    if found:
        table.note(
            gettext_noop("В таблице объединены ячейки (%(ranges)s): строки данных с ними не берутся."),
            ranges=", ".join(each.name for each in found[:5]) + ("…" if len(found) > 5 else ""),
        )
    return found


def _line(row: Row, book: Book, merges: list[Merge]) -> Line:
    width = max((each.column for each in row.cells), default=0)
    line = Line(row.number, [""] * width)
    for cell in row.cells:
        # A formula that gave an empty text has the type of a text; one never counted has none.
        if cell.value is None or (not cell.value and cell.kind == "n"):
            if cell.is_formula:
                line.troubles.append(_spoilt(cell, _NOT_COUNTED))
            continue
        text = _text(cell, book)
        if len(text) > LONGEST_CELL:
            line.troubles.append(too_long(text))
        elif cell.kind == "e":
            line.troubles.append(_spoilt(cell, _FAILED))
        else:
            line.cells[cell.column - 1] = text
    for merge in merges:
        if merge.first <= row.number <= merge.last:
            line.troubles.append(_merged(merge))
    return line


_NOT_COUNTED = gettext_noop(
    "Формула без посчитанного значения: откройте файл в редакторе таблиц и сохраните."
)
_FAILED = gettext_noop("В ячейке ошибка формулы.")


def _spoilt(cell: Cell, reason: str) -> Trouble:
    return Trouble(get_column_letter(cell.column), cell.value or "", reason)


def _merged(merge: Merge) -> Trouble:
    return Trouble(
        "",
        merge.name,
        gettext_noop("Ячейки %(range)s объединены, значение есть только в первой: разъедините их."),
        {"range": merge.name},
    )


def _text(cell: Cell, book: Book) -> str:
    """The value as a person would read it in the sheet."""
    value = cell.value or ""
    if cell.kind == "s":
        return clean(book.strings[int(value)]).strip()
    if cell.kind == "b":
        return "да" if value.strip() == "1" else "нет"
    if cell.kind == "n":
        return _number(
            value.strip(), book.formats[cell.style] if cell.style < len(book.formats) else "", book
        )
    return clean(value).strip()


@lru_cache(maxsize=500)
def _meant(shown: str) -> str:
    """What numbers of this format are: a `length` of time, a `day`, or just numbers."""
    if is_timedelta_format(shown):
        return "length"
    return "day" if is_date_format(shown) else ""


def _number(value: str, shown: str, book: Book) -> str:
    if not value or (value.isdecimal() and shown in {"", "General", "@", "0"}):
        return value
    number = float(value)
    meant = _meant(shown)
    if meant == "length":
        return _length(number)
    if meant == "day":
        return _day(number, book)
    if "%" in shown:
        number = round(number * 100, 6)
    return str(int(number)) if number.is_integer() and abs(number) < 1e17 else repr(number)


def _length(days: float) -> str:
    """A length of time in hours, minutes and seconds, however many hours there are: `53:07:09`."""
    seconds = round(abs(days) * 86_400)
    hours, rest = divmod(seconds, 3600)
    return f"{'-' if days < 0 and seconds else ''}{hours}:{rest // 60:02}:{rest % 60:02}"


def _day(number: float, book: Book) -> str:
    found: Any = from_excel(number, book.epoch)
    if isinstance(found, datetime):
        return found.date().isoformat() if found.time() == time() else found.isoformat(" ", "seconds")
    return str(found)
