"""The XML of a workbook's parts, read by expat in pieces: rows of a sheet, shared strings.

openpyxl in its read-only mode does the same four times slower (ADR 13), because it builds a tree for every row.
A document type is refused before any entity of it could be looked up.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import IO, Any
from xml.parsers import expat

from otklik.common.text import gettext_noop
from otklik.registry.tables.lines import MOST_COLUMNS, REGISTER, Bounds, Unreadable, too_many_lines

PIECE = 1 << 16
# Empty lines between count too: the last number of a line is so many times the number of lines.
SPARSE = 4


@dataclass(slots=True)
class Cell:
    """A cell as it is written: its type and style, its value as text, None when it has none."""

    column: int
    kind: str
    style: int
    value: str | None = None
    is_formula: bool = False


@dataclass(slots=True)
class Row:
    """A row of the sheet that has cells, with the number that the sheet gives it."""

    number: int
    cells: list[Cell] = field(default_factory=list)


def column_of(reference: str) -> int:
    """The number of the column in «BC12», from 1; 0 when there is none."""
    number = 0
    for sign in reference:
        if not "A" <= sign <= "Z":
            break
        number = number * 26 + ord(sign) - 64
    return number


def _refuse(*_args: Any) -> int:
    raise Unreadable(
        gettext_noop("В файле есть объявления DTD: таблица, сохранённая редактором, их не содержит.")
    )


def _parser(start: Callable[[str, dict[str, str]], None], end: Callable[[str], None],
            text: Callable[[str], None]) -> expat.XMLParserType:  # fmt: skip
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = parser.ExternalEntityRefHandler = _refuse
    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler = text
    return parser


class _Rows:
    """Gathers the cells of finished rows."""

    def __init__(self, bounds: Bounds) -> None:
        self.bounds = bounds
        self.ready: list[Row] = []
        self._row = Row(0)
        self._cell: Cell | None = None
        self._text: list[str] | None = None
        self._in_phonetic = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        tag = name.rpartition(" ")[2]
        if tag == "c":
            reference = attributes.get("r")
            column = column_of(reference) if reference else self._next_column()
            if column > MOST_COLUMNS + 1:
                return
            self._cell = Cell(column, attributes.get("t", "n"), int(attributes.get("s", 0)))
            self._row.cells.append(self._cell)
        elif tag in {"v", "t"} and self._cell is not None and not self._in_phonetic:
            self._text = []
        elif tag == "f" and self._cell is not None:
            self._cell.is_formula = True
        elif tag == "row":
            number = int(attributes.get("r", self._row.number + 1))
            self._check(number)
            self._row = Row(number)
        elif tag == "rPh":
            self._in_phonetic = True

    def _check(self, number: int) -> None:
        if number > SPARSE * self.bounds.lines:
            raise too_many_lines(self.bounds)
        if number <= self._row.number:
            raise ValueError("rows of a sheet go up")

    def _next_column(self) -> int:
        return self._row.cells[-1].column + 1 if self._row.cells else 1

    def end(self, name: str) -> None:
        tag = name.rpartition(" ")[2]
        if tag in {"v", "t"} and self._text is not None and self._cell is not None:
            self._cell.value = (self._cell.value or "") + "".join(self._text)
            self._text = None
        elif tag == "c":
            self._cell = None
        elif tag == "row":
            self.ready.append(self._row)
        elif tag == "rPh":
            self._in_phonetic = False

    def text(self, data: str) -> None:
        if self._text is not None:
            self._text.append(data)


def rows_of(part: IO[bytes], bounds: Bounds = REGISTER) -> Iterator[Row]:
    """The rows of a sheet that are written in it, in order. Raises Unreadable, ValueError, expat.ExpatError."""
    rows = _Rows(bounds)
    parser = _parser(rows.start, rows.end, rows.text)
    while piece := part.read(PIECE):
        parser.Parse(piece, False)
        yield from rows.ready
        rows.ready.clear()
    parser.Parse(b"", True)
    yield from rows.ready


class _Strings:
    """Gathers the texts of a table of strings; formatting inside a text is dropped."""

    def __init__(self) -> None:
        self.found: list[str] = []
        self._parts: list[str] = []
        self._in_text = self._in_phonetic = False

    def start(self, name: str, _attributes: dict[str, str]) -> None:
        tag = name.rpartition(" ")[2]
        if tag == "t":
            self._in_text = not self._in_phonetic
        elif tag == "rPh":
            self._in_phonetic = True

    def end(self, name: str) -> None:
        tag = name.rpartition(" ")[2]
        if tag == "t":
            self._in_text = False
        elif tag == "rPh":
            self._in_phonetic = False
        elif tag == "si":
            self.found.append("".join(self._parts))
            self._parts.clear()

    def text(self, data: str) -> None:
        if self._in_text:
            self._parts.append(data)


def strings_of(part: IO[bytes]) -> list[str]:
    """The shared strings of a workbook. Raises Unreadable, expat.ExpatError."""
    strings = _Strings()
    parser = _parser(strings.start, strings.end, strings.text)
    while piece := part.read(PIECE):
        parser.Parse(piece, False)
    parser.Parse(b"", True)
    return strings.found
