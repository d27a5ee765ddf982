"""Tables for people to take: workbooks written row by row, and cells that no spreadsheet takes for a formula."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import IO, Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

# What Excel holds in a cell.
LONGEST_CELL = 32_767
FORMULA = re.compile(r"'*[=+\-@\t\r]")
"""What a spreadsheet takes for a formula, also when we have already made it text: so that reading back is exact."""
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")

Value = str | int | float | date | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: columns with their widths in signs, then the rows; `above` are lines before the headers."""

    title: str
    columns: Sequence[tuple[str, int]]
    rows: Iterable[Sequence[Value]]
    above: Sequence[str] = ()


def guarded(text: str) -> str:
    """The text with an apostrophe before what would be a formula."""
    return f"'{text}" if FORMULA.match(text) else text


def unguarded(text: str) -> str:
    """What `guarded` was given."""
    return text[1:] if text.startswith("'") and FORMULA.match(text) else text


def write_book(file: IO[bytes], sheets: Sequence[Sheet]) -> None:
    """Write the sheets as a workbook, a row at a time; the headers stay in sight, what people wrote stays text."""
    book = Workbook(write_only=True)
    for sheet in sheets:
        page = book.create_sheet(sheet.title[:31])
        for number, (_header, width) in enumerate(sheet.columns, 1):
            page.column_dimensions[get_column_letter(number)].width = width
        page.freeze_panes = f"A{len(sheet.above) + 2}"
        for line in sheet.above:
            page.append([_cell(page, line)])
        page.append([_cell(page, header, bold=True) for header, _width in sheet.columns])
        for row in sheet.rows:
            page.append([_plain(page, value) for value in row])
    book.save(file)


def _plain(page: Any, value: Value) -> Any:
    if not isinstance(value, str):
        return value
    return _cell(page, value) if FORMULA.match(value) else _printable(value)


def _cell(page: Any, text: str, *, bold: bool = False) -> Any:
    cell: Any = WriteOnlyCell(page, value=_printable(text))
    # Text by type, and shown as if an apostrophe stood before it, so that editing it makes no formula either.
    cell.data_type = "s"
    cell.quotePrefix = bool(FORMULA.match(text))
    if bold:
        cell.font = Font(bold=True)
    return cell


def _printable(text: str) -> str:
    """Without the signs that XML does not know, no longer than a cell."""
    return _UNPRINTABLE.sub("", text[:LONGEST_CELL])
