"""A year of the Russian production calendar as it is published in XML: read whole, or refused with its lines.

    <calendar year="2026">
        <holidays><holiday id="3" title="День защитника Отечества"/></holidays>
        <days><day d="02.23" t="1" h="3"/><day d="04.30" t="2"/><day d="11.01" t="3"/></days>
    </calendar>

`d` is month and day; `t` is 1 for a day off, 2 for a day shorter by an hour, 3 for a worked weekend; `h` names the
holiday, `f` the weekend whose day off was moved here.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple
from xml.parsers import expat

from otklik.common.text import clean, gettext_noop
from otklik.registry.russian_days import SpecialDay

LARGEST = 1_000_000
FIRST_YEAR, LAST_YEAR = 1990, 2100
NOTE = 200
_OFF, _SHORT, _WORKED = "1", "2", "3"


class Wrong(NamedTuple):
    """What is wrong with a line of the file; `reason` is Russian and marked for the catalogue."""

    line: int
    reason: str
    params: Mapping[str, Any]


class BadCalendarFile(Exception):
    """Файл производственного календаря не принят: исправьте названные строки."""

    def __init__(self, wrongs: list[Wrong]) -> None:
        super().__init__("; ".join(f"{each.line}: {each.reason % each.params}" for each in wrongs))
        self.wrongs = wrongs


class YearRead(NamedTuple):
    """The days of one year that differ from their week, in order."""

    year: int
    days: tuple[SpecialDay, ...]


def read_calendar(content: bytes) -> YearRead:
    """The year of the file. Raises BadCalendarFile with every line that is wrong; then nothing may be taken."""
    reading = _Reading()
    if len(content) > LARGEST:
        raise BadCalendarFile([Wrong(1, gettext_noop("Файл слишком большой для календаря."), {})])
    parser = expat.ParserCreate()
    parser.StartElementHandler = lambda name, given: reading.element(name, given, parser.CurrentLineNumber)
    # A calendar needs no entities, and those of a stranger can fill the memory.
    parser.StartDoctypeDeclHandler = lambda *_: reading.wrong(
        1, gettext_noop("Объявления DTD не принимаются.")
    )
    parser.EntityDeclHandler = _stop
    try:
        parser.Parse(content, True)
    except _Entity:
        pass
    except (expat.ExpatError, ValueError, LookupError) as error:
        line = getattr(error, "lineno", 1)
        reading.wrong(line, gettext_noop("Это не XML: разметка нарушена."))
    return reading.whole()


class _Entity(Exception):
    """The file declares an entity: it is not read on."""


def _stop(*_given: object) -> None:
    raise _Entity


class _Row(NamedTuple):
    line: int
    day: date
    kind: str
    holiday: str
    moved_from: date | None


@dataclass(slots=True)
class _Reading:
    """What has been read so far, and what was wrong with it."""

    year: int | None = None
    titles: dict[str, str] = field(default_factory=dict)
    rows: dict[date, _Row] = field(default_factory=dict)
    wrongs: list[Wrong] = field(default_factory=list)

    def wrong(self, line: int, reason: str, **params: Any) -> None:
        self.wrongs.append(Wrong(line, reason, params))

    def element(self, name: str, given: Mapping[str, str], line: int) -> None:
        takers: Mapping[str, Callable[[Mapping[str, str], int], None]] = {
            "calendar": self._calendar,
            "holiday": self._holiday,
            "day": self._day,
        }
        if self.year is None and name != "calendar":
            if not self.wrongs:
                self.wrong(line, gettext_noop("Файл начинается не с <calendar year=…>."))
        elif name in takers:
            takers[name](given, line)

    def _calendar(self, given: Mapping[str, str], line: int) -> None:
        year = given.get("year", "")
        if len(year) == 4 and year.isascii() and year.isdigit() and FIRST_YEAR <= int(year) <= LAST_YEAR:
            self.year = int(year)
        else:
            self.wrong(line, gettext_noop("Непонятный год календаря: «%(year)s»."), year=year[:20])

    def _holiday(self, given: Mapping[str, str], line: int) -> None:
        if given.get("id") and given.get("title"):
            self.titles[given["id"]] = clean(given["title"])[:NOTE]
        else:
            self.wrong(line, gettext_noop("У праздника нет номера или названия."))

    def _day(self, given: Mapping[str, str], line: int) -> None:
        day, kind = self._date(given.get("d", ""), line), given.get("t", "")
        moved_from = self._date(given["f"], line) if "f" in given else None
        if kind not in (_OFF, _SHORT, _WORKED):
            self.wrong(line, gettext_noop("Вид дня — 1, 2 или 3, а здесь «%(kind)s»."), kind=kind[:20])
        elif "h" in given and given["h"] not in self.titles:
            self.wrong(line, gettext_noop("Праздника с номером «%(id)s» в файле нет."), id=given["h"][:20])
        elif day in self.rows:
            self.wrong(line, gettext_noop("Этот день уже был в строке %(first)s."), first=self.rows[day].line)
        elif day:
            self.rows[day] = _Row(line, day, kind, self.titles.get(given.get("h", ""), ""), moved_from)

    def _date(self, text: str, line: int) -> date | None:
        month, _, day = text.partition(".")
        try:
            if len(text) == 5 and text.isascii():
                return date(self.year or 0, int(month), int(day))
        except ValueError:
            pass
        self.wrong(
            line, gettext_noop("Нет такого дня: «%(text)s». Пишите месяц и день: 02.23."), text=text[:20]
        )
        return None

    def whole(self) -> YearRead:
        if not self.wrongs and not self.rows:
            self.wrong(1, gettext_noop("В файле нет ни одного дня."))
        if self.wrongs or self.year is None:
            raise BadCalendarFile(self.wrongs)
        swapped = {row.moved_from: row.day for row in self.rows.values() if row.moved_from}
        days = (_special(row, swapped.get(row.day)) for _day, row in sorted(self.rows.items()))
        return YearRead(self.year, tuple(days))


def _special(row: _Row, instead_of: date | None) -> SpecialDay:
    if row.kind == _OFF:
        note = f"Выходной, перенесён с {row.moved_from:%d.%m}" if row.moved_from else "Выходной день"
        return SpecialDay(row.day, row.holiday or note, is_off=True)
    if row.kind == _SHORT:
        note = "Предпраздничный день, на час короче"
        return SpecialDay(row.day, note, is_off=False, hours_less=1, instead_of=instead_of)
    return SpecialDay(row.day, "Рабочий день, выходной перенесён", is_off=False, instead_of=instead_of)
