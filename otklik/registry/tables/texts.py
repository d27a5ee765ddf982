"""Tables as text: CSV in the encodings and with the separators that programs of a Russian office write."""

import codecs
import csv
import io
import re
from collections.abc import Iterator
from typing import BinaryIO

from otklik.common.text import gettext_noop
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

SEPARATORS = ";,\t"
PIECE = 1 << 16
# A cell that is longer is a quotation mark left open: four times what a spreadsheet holds.
_LONGEST_FIELD = 4 * LONGEST_CELL
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
# What Excel writes as the first line to tell its own separator.
_SEPARATOR_LINE = re.compile(r"""^"?sep=(.)"?\s*$""", re.IGNORECASE)
_QUOTED = re.compile(r'"[^"]*"')
# Bytes that a text of an office never has; 0x1A ends a file of old programs.
_NOT_TEXT = frozenset(range(0x20)) - {0x09, 0x0A, 0x0B, 0x0C, 0x0D, 0x1A}


def read_text(file: BinaryIO, bounds: Bounds = REGISTER) -> Table:
    """The lines of a CSV file. Raises Unreadable when its bytes are no text."""
    encoding = encoding_of(file)
    file.seek(0)
    text = io.TextIOWrapper(file, encoding=encoding, errors="strict", newline="")
    table = Table(iter(()))
    if encoding == "cp1251":
        table.note(gettext_noop("Файл прочитан в кодировке Windows-1251."))
    table.lines = limited(_lines(text), bounds)
    return table


def encoding_of(file: BinaryIO) -> str:
    """The encoding, by its mark or by what decodes without an error. Raises Unreadable."""
    file.seek(0)
    head = file.read(PIECE)
    for mark, name in _MARKS:
        if head.startswith(mark):
            return _checked(file, name)
    zeros = head.count(0)
    if zeros * 4 >= len(head) > 1 and head[1::2].count(0) != head[0::2].count(0):
        # Two bytes a letter without a mark: Latin letters, digits and separators have the zero on one side.
        return _checked(file, "utf-16-le" if head[1::2].count(0) > head[0::2].count(0) else "utf-16-be")
    if zeros or any(byte in _NOT_TEXT for byte in head):
        raise _binary(file)
    try:
        return _checked(file, "utf-8")
    except UnicodeDecodeError:
        return _checked(file, "cp1251")


def _checked(file: BinaryIO, encoding: str) -> str:
    """The same name when the whole file decodes. Raises Unreadable; UnicodeDecodeError for plain UTF-8."""
    decoder = codecs.getincrementaldecoder(encoding)()
    file.seek(0)
    try:
        while piece := file.read(PIECE):
            if "\0" in decoder.decode(piece):
                raise _binary(file)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        if encoding == "utf-8":
            raise
        raise Unreadable(
            gettext_noop("Кодировка файла не узнана: сохраните его как «CSV UTF-8» или как XLSX.")
        ) from error
    return encoding


def _binary(file: BinaryIO) -> Unreadable:
    file.seek(0)
    number = 1
    for line in file:
        if 0 in line[:PIECE]:
            return Unreadable(
                gettext_noop(
                    "В строке %(line)s нулевые байты: это не текст. Сохраните таблицу заново как CSV или XLSX."
                ),
                line=number,
            )
        number += 1
    return Unreadable(gettext_noop("Это не таблица: внутри не текст. Нужен файл CSV или XLSX."))


def separator_of(line: str) -> str:
    """The separator of a line: the one that stands most often outside quotes."""
    bare = _QUOTED.sub("", line)
    return max(SEPARATORS, key=bare.count)


def _lines(text: io.TextIOWrapper) -> Iterator[Line]:
    start = text.readline(PIECE)
    told = _SEPARATOR_LINE.match(start)
    # A title above the table has no separators: the first lines together tell more.
    sample = start + "".join(text.readline(PIECE) for _each in range(20))
    text.seek(0)
    if told:
        text.readline()
    # The bound belongs to the process: whoever reads sets the one it wants.
    csv.field_size_limit(_LONGEST_FIELD)
    reader = csv.reader(text, delimiter=told[1] if told else separator_of(sample))
    number = 0
    try:
        for number, cells in enumerate(reader, 1):
            yield _line(number, cells)
    except csv.Error as error:
        raise Unreadable(
            gettext_noop(
                "В строке %(line)s ячейка слишком велика: наверное, в ней или выше не закрыта кавычка."
            ),
            line=number + 1,
        ) from error


def _line(number: int, cells: list[str]) -> Line:
    line = Line(number, [each.strip().strip("\x1a\ufeff") for each in cells])
    for index, each in enumerate(line.cells):
        if len(each) > LONGEST_CELL:
            line.cells[index] = ""
            line.troubles.append(too_long(each))
    return line


def too_long(text: str) -> Trouble:
    """The trouble with a cell that holds more than a spreadsheet could."""
    return Trouble(
        "", text[:80], gettext_noop("Слишком длинно: не больше %(limit)s знаков."), {"limit": LONGEST_CELL}
    )
