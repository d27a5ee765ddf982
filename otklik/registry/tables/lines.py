"""What a file is read into: a table of lines with their numbers, and the reasons why there is none."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from otklik.common.text import gettext_noop

# A register of a region has 2 000–7 000 pages, the all-Russian list of territories 25 000 rows.
MOST_LINES = 50_000
MOST_COLUMNS = 200
# What a cell of a spreadsheet holds at most.
LONGEST_CELL = 32_767
SHOWN = 200
MB = 1_000_000


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much of a file is read: lines, bytes of XML, and bytes of shared texts.

    The texts are kept in memory while a workbook is read, at three to four times their size.
    """

    lines: int = MOST_LINES
    # A register of 50 000 lines with 50 columns takes about 80 MB of XML.
    unpacked: int = 160 * MB
    strings: int = 40 * MB


REGISTER = Bounds()


class Unreadable(Exception):
    """Файл не читается как таблица."""

    def __init__(self, reason: str, **params: Any) -> None:
        """`reason` is Russian and marked for the catalogue, `params` stand in it."""
        super().__init__(reason % params if params else reason)
        self.reason, self.params = reason, params


@dataclass(frozen=True, slots=True)
class Trouble:
    """What is wrong with a cell or a line (`column` is empty), in words of the catalogue with params in them.

    A remark is for information: the line is taken all the same.
    """

    column: str
    value: str
    reason: str
    params: dict[str, Any] = field(default_factory=dict)
    is_remark: bool = False

    def plain(self) -> dict[str, Any]:
        """Ready for JSON."""
        told: dict[str, Any] = {
            "column": self.column, "value": self.value[:SHOWN], "reason": self.reason, "params": self.params,
        }  # fmt: skip
        return told | {"remark": True} if self.is_remark else told


@dataclass(slots=True)
class Line:
    """One line of the file: its number as a spreadsheet shows it, its cells as text, what the format spoils in it."""

    number: int
    cells: list[str]
    troubles: list[Trouble] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        return not self.troubles and not any(self.cells)


@dataclass(slots=True)
class Table:
    """Lines of a file, read one after another; `notes` grow while they are read."""

    lines: Iterator[Line]
    notes: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    def note(self, reason: str, **params: Any) -> None:
        self.notes.append((reason, params))


def limited(lines: Iterator[Line], bounds: Bounds = REGISTER) -> Iterator[Line]:
    """The lines that hold something, as many as the bounds and MOST_COLUMNS allow. Raises Unreadable beyond."""
    taken = 0
    for line in lines:
        while line.cells and not line.cells[-1]:
            line.cells.pop()
        if line.is_empty:
            continue
        taken += 1
        if taken > bounds.lines:
            raise too_many_lines(bounds)
        if len(line.cells) > MOST_COLUMNS:
            raise Unreadable(
                gettext_noop("В строке %(line)s столбцов больше %(most)s: это не таблица реестра."),
                line=line.number,
                most=MOST_COLUMNS,
            )
        yield line


def too_many_lines(bounds: Bounds) -> Unreadable:
    """The refusal of a file that is longer than its bounds."""
    return Unreadable(gettext_noop("Строк больше %(most)s: разделите файл на части."), most=bounds.lines)
