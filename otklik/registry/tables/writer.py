"""Tables of the register for people to take: CSV and XLSX, written line by line."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from typing import IO

from otklik.common.sheets import Sheet, guarded, write_book

WIDTH = 18


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
    """A workbook of one sheet; every cell is text."""
    write_book(file, [Sheet(title, [(header, WIDTH) for header in headers], rows)])
