"""Working-time arithmetic: a calendar as an immutable value, no clock and no database.

An instant is working time when its wall-clock time in the calendar's zone lies inside a span of
that local day. Everything else follows, including the hours that a zone skips or lives through twice.
Source of the norm: the clock of the incident's states (by default 09:00–18:00 less lunch 13–14, what
comes off-hours starts at the next working hour, critical incidents run around the clock).
"""

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple
from zoneinfo import ZoneInfo

_DAY = timedelta(days=1)
_LAST_YEAR = 9990


class NoWorkingTime(Exception):
    """The calendar has no working time left after this moment."""


class BadSpans(ValueError):
    """The spans of a day overlap, run backwards or are out of order."""


class Span(NamedTuple):
    """A stretch of local working time; an `end` of 00:00 means the end of the day."""

    start: time
    end: time

    @property
    def begins(self) -> timedelta:
        """Distance of the start from local midnight."""
        return _since_midnight(self.start)

    @property
    def ends(self) -> timedelta:
        """Distance of the end from local midnight, up to 24 hours."""
        return _since_midnight(self.end) or _DAY


Spans = tuple[Span, ...]
OFFICE_DAY: Spans = (Span(time(9), time(13)), Span(time(14), time(18)))
WHOLE_DAY: Spans = (Span(time(0), time(0)),)
OFFICE_WEEK: Mapping[int, Spans] = MappingProxyType(dict.fromkeys(range(5), OFFICE_DAY))


def shortened(spans: Spans, by: timedelta) -> Spans:
    """The same day with `by` taken from its end, as on the eve of a public holiday (Labour Code, art. 95)."""
    rest = list(spans)
    while rest and by > timedelta(0):
        last = rest.pop()
        length = last.ends - last.begins
        if length > by:
            rest.append(Span(last.start, (datetime(1, 1, 1, tzinfo=UTC) + last.ends - by).time()))
        by -= length
    return tuple(rest)


@dataclass(frozen=True)
class WorkCalendar:
    """Which hours are worked in one zone: a usual week and the days that differ from it.

    `week` maps a weekday (Monday is 0) to its spans, a missing weekday is a day off. `days` maps a date
    to the spans it has instead: `()` for a day off, the usual spans for a moved working day, fewer hours
    for a shortened one.
    Raises BadSpans when the spans of a day are not in order; every method raises
    ValueError for an instant without a zone.
    """

    tz: ZoneInfo
    week: Mapping[int, Spans] = field(default_factory=lambda: OFFICE_WEEK)
    days: Mapping[date, Spans] = field(default_factory=dict)
    _hash: int = field(init=False, repr=False, compare=False, default=0)

    def __post_init__(self) -> None:
        if not set(self.week) <= set(range(7)):
            raise BadSpans("a weekday is a number from 0 (Monday) to 6 (Sunday)")
        for spans in (*self.week.values(), *self.days.values()):
            _check(spans)
        # Own copies: a caller that changes its dict later must not change the value.
        object.__setattr__(self, "week", MappingProxyType(dict(self.week)))
        object.__setattr__(self, "days", MappingProxyType(dict(self.days)))
        value = (self.tz.key, frozenset(self.week.items()), frozenset(self.days.items()))
        object.__setattr__(self, "_hash", hash(value))

    def __hash__(self) -> int:
        return self._hash

    def __reduce__(self) -> tuple[type["WorkCalendar"], tuple[ZoneInfo, dict[int, Spans], dict[date, Spans]]]:
        # A read-only view cannot be pickled, and caches pickle what they keep.
        return WorkCalendar, (self.tz, dict(self.week), dict(self.days))

    def spans_of(self, day: date) -> Spans:
        """The working spans of a local day, empty for a day off."""
        return self.days[day] if day in self.days else self.week.get(day.weekday(), ())

    def is_working(self, at: datetime) -> bool:
        """Whether the instant is working time; the end of a span no longer is."""
        local = _aware(at).astimezone(self.tz)
        passed = _since_midnight(local.time())
        return any(span.begins <= passed < span.ends for span in self.spans_of(local.date()))

    def next_start(self, at: datetime) -> datetime:
        """The instant itself when it is working time, else the next start of work, in UTC.

        Raises NoWorkingTime when there is none, ValueError when `at` is naive.
        """
        at = _aware(at)
        for year in self._years_from(at):
            worked = _year(self, year)
            for index in range(max(bisect_right(worked.starts, at) - 1, 0), len(worked.starts)):
                if at < worked.ends[index]:
                    return max(at, worked.starts[index])
        raise NoWorkingTime

    def add(self, start: datetime, amount: timedelta) -> datetime:
        """The earliest instant, in UTC, by which `amount` of working time has passed since `start`.

        A zero amount gives the start itself; work that ends with the day ends at 18:00, not next morning.
        Raises NoWorkingTime when the calendar runs out, ValueError when `start` is naive or the amount
        negative.
        """
        start = _aware(start)
        if amount < timedelta(0):
            raise ValueError("working time runs forward: the amount is negative")
        if not amount:
            return start
        for year in self._years_from(start):
            worked = _year(self, year)
            before = worked.until(start)
            if amount <= worked.total - before:
                return worked.when(before + amount)
            amount -= worked.total - before
        raise NoWorkingTime

    def between(self, a: datetime, b: datetime) -> timedelta:
        """Working time from `a` to `b`, negative when `b` comes first."""
        a, b = _aware(a), _aware(b)
        if b < a:
            return -self.between(b, a)
        first, last = a.astimezone(self.tz).year, b.astimezone(self.tz).year
        passed = sum((_year(self, year).total for year in range(first, last)), timedelta(0))
        return passed + _year(self, last).until(b) - _year(self, first).until(a)

    def working_days_after(self, at: datetime, n: int) -> datetime:
        """The end of work, in UTC, on the n-th working day after the local day of `at`.

        Counting starts on the next day (Civil Code, art. 191). Raises ValueError when n < 1,
        NoWorkingTime when there are not so many days.
        """
        day = self._nth_working_day(_aware(at).astimezone(self.tz).date(), n, _DAY)
        return _stretches(self, day)[-1][1]

    def working_days_before(self, at: datetime, n: int) -> datetime:
        """The start of work, in UTC, on the n-th working day before the local day of `at`: for reminders.

        Raises as `working_days_after`.
        """
        day = self._nth_working_day(_aware(at).astimezone(self.tz).date(), n, -_DAY)
        return _stretches(self, day)[0][0]

    def _nth_working_day(self, day: date, n: int, step: timedelta) -> date:
        if n < 1:
            raise ValueError("the number of working days is at least one")
        # Far enough: a week has a working day, and every listed day can spoil one week at most.
        weeks = n + len(self.days) + 1 if any(self.week.values()) else 0
        farthest = max((abs(each - day).days for each in self.days), default=0)
        for _ in range(max(weeks * 7, farthest)):
            day += step
            if _stretches(self, day):
                n -= 1
                if not n:
                    return day
        raise NoWorkingTime

    def _years_from(self, at: datetime) -> Iterator[int]:
        last = _LAST_YEAR if any(self.week.values()) else max((day.year for day in self.days), default=0)
        return iter(range(at.astimezone(self.tz).year, last + 1))


@dataclass(frozen=True)
class _Worked:
    """The working stretches of one local year in UTC, with the time worked before each."""

    starts: list[datetime]
    ends: list[datetime]
    before: list[timedelta]
    total: timedelta

    def until(self, at: datetime) -> timedelta:
        index = bisect_right(self.starts, at) - 1
        if index < 0:
            return timedelta(0)
        return self.before[index] + min(at, self.ends[index]) - self.starts[index]

    def when(self, amount: timedelta) -> datetime:
        index = bisect_right(self.before, amount) - 1
        # Work that fills a stretch exactly is done at its end, not at the start of the next one.
        if index and self.before[index] == amount:
            index -= 1
        return self.starts[index] + (amount - self.before[index])


# Deadlines ask again and again about the same two or three years: once laid out, a year answers by bisection.
@lru_cache(maxsize=256)
def _year(calendar: WorkCalendar, year: int) -> _Worked:
    starts: list[datetime] = []
    ends: list[datetime] = []
    before: list[timedelta] = []
    total = timedelta(0)
    for number in range(date(year, 1, 1).toordinal(), date(year + 1, 1, 1).toordinal()):
        for start, end in _stretches(calendar, date.fromordinal(number)):
            starts.append(start)
            ends.append(end)
            before.append(total)
            total += end - start
    return _Worked(starts, ends, before, total)


def _stretches(calendar: WorkCalendar, day: date) -> list[tuple[datetime, datetime]]:
    spans = calendar.spans_of(day)
    if not spans:
        return []
    midnight = datetime(day.year, day.month, day.day, tzinfo=UTC)
    found = []
    for since, until, offset in _offsets(calendar.tz, midnight):
        for span in spans:
            start = max(midnight + span.begins - offset, since)
            end = min(midnight + span.ends - offset, until)
            if start < end:
                found.append((start, end))
    return sorted(found)


def _offsets(tz: ZoneInfo, midnight: datetime) -> list[tuple[datetime, datetime, timedelta]]:
    # Stretches of constant offset that cover the local day whose midnight is near this one of UTC.
    low, high = midnight - _DAY, midnight + 2 * _DAY
    first, last = _offset(tz, low), _offset(tz, high)
    if first == last:
        return [(low, high, first)]
    changed, known = high, low
    while changed - known > timedelta(seconds=1):
        middle = known + (changed - known) // 2
        if _offset(tz, middle) == first:
            known = middle
        else:
            changed = middle
    changed = changed.replace(microsecond=0)
    return [(low, changed, first), (changed, high, last)]


def _offset(tz: ZoneInfo, at: datetime) -> timedelta:
    return at.astimezone(tz).utcoffset() or timedelta(0)


def _aware(at: datetime) -> datetime:
    if at.utcoffset() is None:
        raise ValueError("a deadline needs an instant with a time zone")
    return at.astimezone(UTC)


def _since_midnight(at: time) -> timedelta:
    return timedelta(hours=at.hour, minutes=at.minute, seconds=at.second, microseconds=at.microsecond)


def _check(spans: Spans) -> None:
    passed = timedelta(0)
    for span in spans:
        if span.begins < passed or span.ends <= span.begins:
            raise BadSpans(f"spans of a day overlap or run backwards: {spans}")
        passed = span.ends


ROUND_THE_CLOCK = WorkCalendar(tz=ZoneInfo("UTC"), week=dict.fromkeys(range(7), WHOLE_DAY))
"""For critical incidents: every minute counts."""
