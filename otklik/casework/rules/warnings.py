"""When people are warned that an answer runs late, and who is. Pure.

Source: warnings and escalation of the machine of an incident in the domain's specification: in working time only,
what is critical at any time.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from otklik.casework.rules.clocks import clock_of
from otklik.common.worktime import WorkCalendar

PERCENTS = (50, 80, 100, 150, 300)
OVERDUE = 100
# A quiet reminder to who works on it, then the curator, the heads, at last the report of the vice-governor.
_OF_BODY: Mapping[int, str] = {
    50: "assignee",
    80: "curator",
    100: "body_head",
    150: "center_head",
    300: "vice_governor",
}
# While no body is responsible it is the centre's own.
_OF_CENTER: Mapping[int, str] = {**_OF_BODY, 50: "dispatcher", 80: "dispatcher", 100: "center_head"}


@dataclass(frozen=True, slots=True)
class Warned:
    """So much of the limit has passed: at that moment, to whom it is said."""

    percent: int
    at: datetime
    addressee: str


def warnings_of(
    start: datetime,
    due: datetime,
    calendar: WorkCalendar,
    priority: str,
    *,
    length: timedelta | None = None,
    has_body: bool = True,
) -> tuple[Warned, ...]:
    """The warnings of a clock that began at `start` and ends at `due`, in order, each in working time.

    `length` is the working time of the whole limit, by default what lies between. Where more lies between, the clock
    stood still or was extended: shares are then counted back from `due`. A reminder that could only come together
    with the overdue one or after it is left out. Raises NoWorkingTime when the calendar has no more work.
    """
    clock = clock_of(priority, calendar)
    between = clock.between(start, due)
    length = min(length or between, between)
    overdue = clock.next_start(due)
    found = []
    for percent in PERCENTS:
        if percent < OVERDUE:
            at = clock.next_start(clock.add(start, between - length + length * percent / OVERDUE))
        else:
            at = clock.next_start(clock.add(due, length * (percent - OVERDUE) / OVERDUE))
        if percent >= OVERDUE or at < overdue:
            found.append(Warned(percent, at, addressee(percent, has_body=has_body)))
    return tuple(found)


def addressee(percent: int, *, has_body: bool) -> str:
    """Who is told at this share of the limit."""
    return (_OF_BODY if has_body else _OF_CENTER)[percent]
