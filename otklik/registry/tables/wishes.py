"""What a line wants of the register, whatever its layout; and the two ways in which a line fails."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol

from openpyxl.utils import column_index_from_string

from otklik.common.sheets import unguarded
from otklik.common.text import fold
from otklik.registry.rules.values import BadValue
from otklik.registry.tables.cells import NOTHING, Directory
from otklik.registry.tables.known import Known, Ref
from otklik.registry.tables.layouts import Layout
from otklik.registry.tables.lines import Line, Trouble


class Failure(Exception):
    """Строку нельзя применить."""

    def __init__(self, column: str, value: str, reason: str, **params: Any) -> None:
        """`column` is a code of the layout; `reason` is Russian and marked for the catalogue."""
        super().__init__(reason % params if params else reason)
        self.column, self.value, self.reason, self.params = column, value, reason, params


class Wrong(Failure):
    """В строке ошибка."""


class Clash(Failure):
    """Строка спорит с реестром или с другой строкой: решает человек."""


@dataclass(slots=True)
class Wish:
    """Values that one row of the register should have; the row is found or, when there is none, added."""

    subject: str
    ref: Ref
    values: dict[str, Any]


@dataclass(slots=True)
class Told:
    """A line read by its layout: values by code of column, what is wrong, and the cells as they stand in the file."""

    line: int
    values: dict[str, Any]
    raw: dict[str, str]
    troubles: list[Trouble]
    # The organisation it is about, once claimed.
    organization: Ref = 0
    failure: Failure | None = None


class Reading(Protocol):
    """How lines of one layout find their rows and what they want of them."""

    def claim(self, told: Told) -> None:
        """Find or reserve the organisation of the line, so that other lines may name it. Raises Failure."""

    def wishes(self, told: Told) -> list[Wish]:
        """What the line wants. Raises Failure."""


@dataclass(frozen=True, slots=True)
class Context:
    """What every reading needs."""

    known: Known
    today: date
    # Where evidence says that something came from.
    source: str


@dataclass(slots=True)
class Parser:
    """Cells of a line into values of a layout."""

    layout: Layout
    mapping: Mapping[str, str]
    headers: list[str]
    directory: Directory
    places: dict[str, int] = field(init=False)

    def __post_init__(self) -> None:
        at = {header: index for index, header in reversed(list(enumerate(self.headers))) if header}
        self.places = {code: at[header] for code, header in self.mapping.items() if header in at}

    def parse(self, line: Line) -> Told:
        """The values of a line; what cannot be read is among its troubles."""
        told = Told(line.number, {}, {}, [])
        for trouble in line.troubles:
            self._keep(trouble, told)
        for column in self.layout.columns:
            place = self.places.get(column.code)
            if place is None:
                continue
            cell = unguarded(line.cells[place]) if place < len(line.cells) else ""
            if cell:
                told.raw[self.headers[place]] = cell
            if not cell or (not self.layout.erases and fold(cell).strip() in NOTHING):
                if self.layout.erases:
                    told.values[column.code] = column.empty
                continue
            try:
                told.values[column.code] = column.read(cell, self.directory)
            except BadValue as bad:
                told.troubles.append(Trouble(self.headers[place], cell, bad.message, bad.params))
        return told

    def header(self, code: str) -> str:
        """The header of the file that stands for a column of the layout."""
        return self.mapping.get(code) or next(
            (column.title for column in self.layout.columns if column.code == code), ""
        )

    def _keep(self, trouble: Trouble, told: Told) -> None:
        """What spoils a cell of a column that nobody reads spoils nothing."""
        if not trouble.column:
            told.troubles.append(trouble)
            return
        place = column_index_from_string(trouble.column) - 1
        if place in self.places.values():
            named = Trouble(self.headers[place], trouble.value, trouble.reason, trouble.params)
            told.troubles.append(named)
