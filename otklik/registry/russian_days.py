"""Days of a Russian year that differ from their week: days off by the library `holidays`, eves by the Labour Code."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import holidays

# Labour Code, art. 112: these days are the holidays themselves, whatever days off are moved to.
PUBLIC_HOLIDAYS = {(1, day) for day in range(1, 9)} | {(2, 23), (3, 8), (5, 1), (5, 9), (6, 12), (11, 4)}
_DAY = timedelta(days=1)
Day = date


@dataclass(frozen=True, slots=True)
class SpecialDay:
    """A day that differs from its week: a day off, or worked with `hours_less` fewer hours (0 on a Saturday
    that is worked in full)."""

    date: Day
    note: str
    is_off: bool
    hours_less: int = 0
    # The weekday whose hours a worked weekend has.
    instead_of: Day | None = None


def special_days(first: int, last: int) -> Iterator[SpecialDay]:
    """Days off that are not plain weekends, worked Saturdays, eves of holidays (art. 95), of these years."""
    off = holidays.country_holidays("RU", years=range(first, last + 2), language="ru")
    worked = dict(_worked_weekends(off))
    day = date(first, 1, 1)
    while day.year <= last:
        if day in worked:
            less = _eve_hours(worked[day])
            yield SpecialDay(day, "Рабочий день, выходной перенесён", False, less, instead_of=worked[day])
        elif day in off:
            yield SpecialDay(day, str(off[day]), is_off=True)
        elif day.weekday() < 5 and _eve_hours(day):
            yield SpecialDay(day, "Предпраздничный день, на час короче", is_off=False, hours_less=1)
        day += _DAY


def _eve_hours(day: date) -> int:
    tomorrow = day + _DAY
    return int((tomorrow.month, tomorrow.day) in PUBLIC_HOLIDAYS)


def _worked_weekends(off: Mapping[date, str]) -> Iterator[tuple[date, date]]:
    # A weekend that is no holiday itself and whose day off went elsewhere is worked, as long as the day it
    # went to would have been (Ministry of Labour, clarification № 4 of 25.02.1994). In January both stay off.
    for moved_to, note in off.items():
        found = re.search(r"перенесено с (\d\d)\.(\d\d)\.(\d{4})", note)
        if found:
            day = date(int(found[3]), int(found[2]), int(found[1]))
            if day not in off:
                yield day, moved_to
