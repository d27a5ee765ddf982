"""Working time counted minute by minute: one array with a place for every UTC minute, and nothing else.

It knows spans as pairs of minutes of a local day and a zone by its offsets, and shares no code with what it judges.
"""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property, lru_cache
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

Pairs = Sequence[tuple[int, int]]
"""Working time of a day: [(540, 780), (840, 1080)], minutes from local midnight, up to 1440."""

FIRST, LAST = datetime(2018, 11, 1, tzinfo=UTC), datetime(2027, 9, 1, tzinfo=UTC)
MINUTES = (LAST - FIRST) // timedelta(minutes=1)
DAY = 1440
# A local day more at either end: the local date may run ahead of UTC or behind it.
_FIRST_DAY = FIRST.date() - timedelta(days=1)
_DAYS = MINUTES // DAY + 3


@lru_cache(maxsize=64)
def offsets(zone: str) -> list[tuple[int, int, int]]:
    """The stretches of the zone: from minute, to minute, how many minutes its wall clock is ahead of UTC."""
    tz, found, begun = ZoneInfo(zone), [], 0
    ahead = _ahead(tz, 0)
    # No zone changes its clock twice in one day, so a look at every midnight misses nothing.
    for end in range(DAY, MINUTES + 1, DAY):
        if _ahead(tz, end) != ahead:
            changed = next(m for m in range(end - DAY, end + 1) if _ahead(tz, m) != ahead)
            found.append((begun, changed, ahead))
            begun, ahead = changed, _ahead(tz, changed)
    return [*found, (begun, MINUTES, ahead)]


def _ahead(tz: ZoneInfo, minute: int) -> int:
    shift = (FIRST + timedelta(minutes=minute)).astimezone(tz).utcoffset()
    assert shift is not None
    assert shift % timedelta(minutes=1) == timedelta(0)
    return shift // timedelta(minutes=1)


@dataclass(frozen=True)
class Oracle:
    """A calendar as plain data. Moments are whole microseconds from FIRST; amounts are microseconds too."""

    zone: str
    week: Mapping[int, Pairs]
    days: Mapping[date, Pairs]

    @cached_property
    def worked(self) -> npt.NDArray[np.int64]:
        """The numbers of all worked UTC minutes, in order."""
        return np.flatnonzero(self._by_utc(self._by_wall()))

    def _by_wall(self) -> npt.NDArray[np.bool_]:
        wall = np.zeros((_DAYS, DAY), dtype=np.bool_)
        for weekday, pairs in self.week.items():
            since = (weekday - _FIRST_DAY.weekday()) % 7
            for start, end in pairs:
                wall[since::7, start:end] = True
        for day, pairs in self.days.items():
            row = (day - _FIRST_DAY).days
            wall[row] = False
            for start, end in pairs:
                wall[row, start:end] = True
        return wall.reshape(-1)

    def _by_utc(self, wall: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
        utc = np.zeros(MINUTES, dtype=np.bool_)
        for begun, end, ahead in offsets(self.zone):
            utc[begun:end] = wall[begun + ahead + DAY : end + ahead + DAY]
        return utc

    @cached_property
    def _local_days(self) -> npt.NDArray[np.int64]:
        """For each worked minute the number of the local day it lies in, counted from _FIRST_DAY."""
        ahead = np.zeros(MINUTES, dtype=np.int64)
        for begun, end, minutes in offsets(self.zone):
            ahead[begun:end] = minutes
        return (self.worked + ahead[self.worked]) // DAY + 1

    @cached_property
    def edges(self) -> tuple[list[int], dict[int, tuple[int, int]]]:
        """The local days that have work, and of each its first worked minute and the end of its last one."""
        of = self._local_days
        first, last = np.zeros(_DAYS, dtype=np.int64), np.zeros(_DAYS, dtype=np.int64)
        first[of[::-1]] = self.worked[::-1]
        last[of] = self.worked + 1
        # A clock that goes back over midnight comes to a day twice, so order tells nothing there: ask for all.
        found = np.unique(of).tolist()
        return found, {day: (int(first[day]), int(last[day])) for day in found}

    def is_working(self, at: int) -> bool:
        index = self._index(at // MINUTE)
        return index < len(self.worked) and int(self.worked[index]) == at // MINUTE

    def next_start(self, at: int) -> int | None:
        """None when it lies beyond the array."""
        index = self._index(at // MINUTE)
        return max(at, int(self.worked[index]) * MINUTE) if index < len(self.worked) else None

    def passed(self, at: int) -> int:
        """Working time from the beginning of the array."""
        minute, rest = divmod(at, MINUTE)
        return self._index(minute) * MINUTE + (rest if self.is_working(at) else 0)

    def add(self, start: int, amount: int) -> int | None:
        """The end of the last worked moment that the amount needs; None when it lies beyond the array."""
        if not amount:
            return start
        whole, rest = divmod(self.passed(start) + amount, MINUTE)
        if whole + bool(rest) > len(self.worked):
            return None
        if rest:
            return int(self.worked[whole]) * MINUTE + rest
        return (int(self.worked[whole - 1]) + 1) * MINUTE

    def day_edge(self, at: int, n: int) -> tuple[int, int] | None:
        """First and last moment of work of the n-th working day after the local day of `at`, before it if n < 0.

        None when it is a day of which the array has only a part, or lies beyond the array.
        """
        minute = at // MINUTE
        ahead = next(ahead for begun, end, ahead in offsets(self.zone) if begun <= minute < end)
        today = (minute + ahead) // DAY + 1
        days, edges = self.edges
        later = bisect_left(days, today + 1) + n - 1
        sooner = bisect_left(days, today) + n
        index = later if n > 0 else sooner
        shifts = offsets(self.zone)
        whole = range(shifts[0][2] // DAY + 2, (MINUTES - 1 + shifts[-1][2]) // DAY + 1)
        if not 0 <= index < len(days) or days[index] not in whole:
            return None
        first, last = edges[days[index]]
        return first * MINUTE, last * MINUTE

    def _index(self, minute: int) -> int:
        return int(self.worked.searchsorted(minute))


MINUTE = 60_000_000
"""Microseconds of a minute."""


def micros(at: datetime) -> int:
    """A moment as the oracle counts it."""
    return (at - FIRST) // timedelta(microseconds=1)


def moment(at: int) -> datetime:
    """The other way round."""
    return FIRST + timedelta(microseconds=at)
