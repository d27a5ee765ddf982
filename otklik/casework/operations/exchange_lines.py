"""Lines of a brought table of incidents: read exactly, told what is wrong, linked to what the region knows."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, BinaryIO, NamedTuple
from zoneinfo import ZoneInfo

from otklik.casework.exchange.layout import AT, COLUMNS, Mapping47, mapped
from otklik.casework.exchange.values import BadCell, instant, read
from otklik.casework.models import BroughtIncident, IncidentTable
from otklik.casework.operations.exchange_masks import hide
from otklik.common.text import fold, gettext_noop
from otklik.registry import operations as registry
from otklik.registry.models import Municipality, Organization
from otklik.registry.operations.tables import Bounds, Line, Unreadable, headers_of, read_table
from otklik.triage.models import Topic

# A year of a large region with texts and answers takes a gigabyte of XML.
BOUNDS = Bounds(lines=250_000, unpacked=2_000_000_000, strings=120_000_000)
LONGEST_ID, LONGEST_CABINET = 100, 200


class Wrong(NamedTuple):
    """What is wrong with a line: the header of its column, or nothing, what stood there and why it cannot be."""

    line: int
    header: str
    value: str
    reason: str


class Read(NamedTuple):
    """A line that was read whole."""

    line: int
    values: list[str]

    @property
    def key(self) -> tuple[str, str]:
        """What tells it from every other: the cabinet and the number in it."""
        return self.values[AT["cabinet"]], self.values[AT["id"]]


_NO_ID = gettext_noop("Нет ID: без него строку не отличить от других.")
_LONG = gettext_noop("Слишком длинно для этого столбца.")
_TWICE = gettext_noop("Инцидент с этим кабинетом и ID уже был в файле выше.")


@dataclass(slots=True)
class Reading:
    """A file on its way: the columns it has, what was noticed, then its lines one after another."""

    mapping: Mapping47
    notes: list[tuple[str, dict[str, Any]]]
    _lines: Iterator[Line]
    _seen: set[tuple[str, str]] = field(default_factory=set)

    def lines(self) -> Iterator[Read | list[Wrong]]:
        """Every line: read, or the list of what is wrong with it. Raises Unreadable when the file breaks off."""
        for line in self._lines:
            yield self._read(line)

    def _read(self, line: Line) -> Read | list[Wrong]:
        wrong = [
            Wrong(line.number, each.column, each.value, each.reason)
            for each in line.troubles
            if not each.is_remark
        ]
        values = []
        for column, cell in zip(COLUMNS, self.mapping.cells(line.cells), strict=True):
            try:
                values.append(read(column.kind, cell) if cell else "")
            except BadCell as fact:
                wrong.append(Wrong(line.number, column.header, cell, fact.reason))
        if wrong:
            return wrong
        found = Read(line.number, values)
        reason, header = self._why_not(found)
        if reason:
            return [Wrong(line.number, header, found.key[header == "ID"], reason)]
        self._seen.add(found.key)
        return found

    def _why_not(self, found: Read) -> tuple[str, str]:
        cabinet, pk = found.key
        if not pk:
            return _NO_ID, "ID"
        if len(pk) > LONGEST_ID:
            return _LONG, "ID"
        if len(cabinet) > LONGEST_CABINET:
            return _LONG, "Кабинет"
        return (_TWICE, "ID") if found.key in self._seen else ("", "")


def reading_of(file: BinaryIO) -> Reading:
    """Begin to read a file. Raises Unreadable when it is no table of this layout."""
    table = read_table(file, BOUNDS)
    head, lines = headers_of(table, mapped)
    mapping = mapped(head.cells)
    if not len(mapping):
        raise Unreadable(
            gettext_noop("Не узнан ни один столбец: нужна выгрузка инцидентов с заголовками в первой строке.")
        )
    if mapping.lacks():
        raise Unreadable(
            gettext_noop("Нет нужных столбцов: %(columns)s. Поправьте заголовки и загрузите файл снова."),
            columns=", ".join(f"«{header}»" for header in mapping.lacks()),
        )
    return Reading(mapping, table.notes, lines)


class Links:
    """Topics, bodies and municipalities by the names that tables give them; what two share links to none."""

    def __init__(self) -> None:
        self.zone: ZoneInfo = registry.working_calendar().tz
        region = registry.region()
        self.cabinet = region.name if region else ""
        topics = list(Topic.objects.order_by("-is_active", "pk").values_list("pk", "group__name", "name"))
        self.topics_in = {(fold(group), fold(name)): pk for pk, group, name in reversed(topics)}
        self.topics = _single((name, pk) for pk, _group, name in topics)
        bodies = list(Organization.objects.values_list("pk", "name", "short_name"))
        self.bodies = _single(
            (name, pk) for pk, *names in bodies for name in dict.fromkeys(fold(each) for each in names)
        )
        places = list(Municipality.objects.values_list("pk", "name", "short_name"))
        self.municipalities = _single(
            (name, pk) for pk, *names in places for name in dict.fromkeys(fold(each) for each in names)
        )

    def row(self, read: Read, table: IncidentTable) -> BroughtIncident:
        """The line as a row to keep."""
        return BroughtIncident(table=table, **self.fields(read))

    def fields(self, read: Read) -> dict[str, Any]:
        """What is kept of a line."""
        told = dict(zip(AT, read.values, strict=True))
        group, topic = fold(told["topic_group"]), fold(told["topic"])
        return {
            "line": read.line,
            "cabinet": told["cabinet"],
            "external_id": told["id"],
            "number": told["number"][:100],
            "values": read.values,
            "question": told["text"],
            "topic_id": self.topics_in.get((group, topic)) or self.topics.get(topic),
            "executor_id": self.bodies.get(fold(told["executor"]))
            or self.bodies.get(fold(told["department"])),
            "municipality_id": self.municipalities.get(fold(told["municipality"])),
            "received_at": self._at(told["created_at"]),
            "closed_at": self._at(told["ended_at"]),
        }

    def _at(self, text: str) -> datetime | None:
        return instant(text, self.zone)


def _single(pairs: Iterator[tuple[str, int]]) -> Mapping[str, int]:
    found: dict[str, int | None] = {}
    for name, pk in pairs:
        key = fold(name)
        found[key] = None if key in found and found[key] != pk else pk
    return {name: pk for name, pk in found.items() if pk is not None and name}


def plain(wrong: Sequence[Wrong]) -> list[list[Any]]:
    """Ready for JSON, without the end of long values."""
    return [[each.line, each.header, each.value[:200], each.reason] for each in wrong]


def told(row: BroughtIncident) -> dict[str, str]:
    """The values of a brought incident by the headers of their columns, without personal data."""
    return {column.header: value for column, value in zip(COLUMNS, hide(row.values), strict=True)}
