"""Tables for people to take along: an XLSX file written row by row, so that its size is not the size of the memory."""

import re
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import FileResponse
from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# What a spreadsheet would take for the beginning of a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r")
UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f]")
IN_MEMORY = 2_000_000
LONGEST_CELL = 32_000

Value = str | int | float | date | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: columns with their widths in signs, then the rows; `above` are lines before the headers."""

    title: str
    columns: Sequence[tuple[str, int]]
    rows: Iterable[Sequence[Value]]
    above: Sequence[str] = ()


def xlsx(file_name: str, sheets: Sequence[Sheet]) -> FileResponse:
    """The sheets as a file to download. What people wrote stays text: no cell of it is ever a formula."""
    book = Workbook(write_only=True)
    for sheet in sheets:
        _write(book, sheet)
    # Kept open for the response, which closes it when it has been sent.
    file = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115
    book.save(file)
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=file_name, content_type=XLSX)


def _write(book: Workbook, sheet: Sheet) -> None:
    page = book.create_sheet(sheet.title[:31])
    for number, (_header, width) in enumerate(sheet.columns, 1):
        page.column_dimensions[get_column_letter(number)].width = width
    page.freeze_panes = f"A{len(sheet.above) + 2}"
    for line in sheet.above:
        page.append([_cell(page, line, bold=False)])
    page.append([_cell(page, header, bold=True) for header, _width in sheet.columns])
    for row in sheet.rows:
        page.append([_plain(page, value) for value in row])


def _plain(page: Any, value: Value) -> Any:
    if not isinstance(value, str):
        return value
    return _cell(page, value, bold=False) if value.startswith(FORMULA) else _printable(value)


def _cell(page: Any, text: str, *, bold: bool) -> Cell:
    cell: Cell = WriteOnlyCell(page, value=_printable(text))
    # Text by type, and shown as if an apostrophe stood before it, so that editing it does not make a formula either.
    cell.data_type = "s"
    cell.quotePrefix = text.startswith(FORMULA)
    if bold:
        cell.font = Font(bold=True)
    return cell


def _printable(text: str) -> str:
    """Without the signs that XML does not know."""
    return UNPRINTABLE.sub("", text[:LONGEST_CELL])
