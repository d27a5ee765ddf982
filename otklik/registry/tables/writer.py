"""Tables for people to take: CSV and XLSX, written line by line. No cell of them is ever a formula."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import IO, Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from otklik.registry.tables.lines import LONGEST_CELL

# What a spreadsheet takes for a formula, also when we have already made it text: so that reading back is exact.
_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
WIDTH = 18


def guarded(text: str) -> str:
    """The text with an apostrophe before what would be a formula."""
    return f"'{text}" if _FORMULA.match(text) else text


def unguarded(text: str) -> str:
    """What `guarded` was given."""
    return text[1:] if text.startswith("'") and _FORMULA.match(text) else text


def csv_pieces(headers: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[bytes]:
    """A CSV as Excel in Russian opens it by itself: UTF-8 with its mark, semicolons. In pieces of about 64 KB."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    yield b"\xef\xbb\xbf"
    writer.writerow(headers)
    for row in rows:
        writer.writerow([guarded(cell) for cell in row])
        if text.tell() > 1 << 16:
            yield text.getvalue().encode()
            text.seek(0)
            text.truncate()
    yield text.getvalue().encode()


def write_xlsx(file: IO[bytes], title: str, headers: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """A workbook of one sheet with its headers fixed; every cell is text."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title[:31])
    for number in range(1, len(headers) + 1):
        sheet.column_dimensions[get_column_letter(number)].width = WIDTH
    sheet.freeze_panes = "A2"
    sheet.append([_cell(sheet, header, bold=True) for header in headers])
    for row in rows:
        sheet.append([_cell(sheet, text) if _FORMULA.match(text) else _printable(text) for text in row])
    book.save(file)


def _cell(sheet: Any, text: str, *, bold: bool = False) -> Any:
    cell: Any = WriteOnlyCell(sheet, value=_printable(text))
    # Text by type, and shown as if an apostrophe stood before it, so that editing it makes no formula either.
    cell.data_type = "s"
    cell.quotePrefix = not bold
    if bold:
        cell.font = Font(bold=True)
    return cell


def _printable(text: str) -> str:
    """Without the signs that XML does not know, no longer than a cell."""
    return _UNPRINTABLE.sub("", text[:LONGEST_CELL])
