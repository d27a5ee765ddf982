"""What is due when: the clocks that run by the limits of a profile. Pure.

Source: the state machine of an incident in the domain's specification, its clock.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from otklik.casework.rules.limits import Limits
from otklik.casework.rules.terms import Term
from otklik.common.worktime import ROUND_THE_CLOCK, WorkCalendar

# Stages that are timed only on the way to the primary answer of a cycle.
BEFORE_PRIMARY = frozenset({"in_progress", "approval"})


def clock_of(priority: str, calendar: WorkCalendar) -> WorkCalendar:
    """The calendar an incident runs by: a threat to life does not wait for the morning."""
    return ROUND_THE_CLOCK if priority == "critical" else calendar


def due_of(term: Term, start: datetime, priority: str, calendar: WorkCalendar) -> datetime:
    """When the term that began at `start` is over.

    Working hours of what is critical run around the clock; days are days of the calendar for everybody.
    """
    return term.after(start, hours=clock_of(priority, calendar), days=calendar)


def primary_due(received_at: datetime, priority: str, calendar: WorkCalendar, limits: Limits) -> datetime:
    """When the first published answer must stand, counted from the receipt of the message."""
    return due_of(limits.primary[priority], received_at, priority, calendar)


def stage_due(
    state: str, entered_at: datetime, priority: str, calendar: WorkCalendar, limits: Limits, *, answered: bool
) -> datetime | None:
    """When the state must be left, or None when it has no limit.

    The stages of work and approval have a limit only before the primary answer of a cycle (`answered`).
    """
    if state in BEFORE_PRIMARY and answered:
        return None
    stage = limits.stages.get(state)
    if stage is None:
        return None
    return due_of(stage[priority], entered_at, priority, calendar)


def resumed(
    due: datetime | None, paused_at: datetime, now: datetime, priority: str, calendar: WorkCalendar
) -> datetime | None:
    """A deadline moved on by the working time for which its clock stood still, from `paused_at` to `now`."""
    if due is None or now <= paused_at:
        return due
    clock = clock_of(priority, calendar)
    return clock.add(due, clock.between(paused_at, now))


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stay of an incident in a state, from and to."""

    state: str
    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Spent:
    """Working time that an incident stood with the centre and with the body."""

    center: timedelta
    body: timedelta


def spent(
    stretches: Iterable[Stretch],
    priority: str,
    *,
    of_center: frozenset[str],
    paused: frozenset[str],
    region: WorkCalendar,
    body: WorkCalendar,
) -> Spent:
    """Whose time it was: states of the centre by the region's calendar, all others by the body's, pauses nobody's."""
    passed = {True: timedelta(0), False: timedelta(0)}
    for each in stretches:
        if each.state not in paused:
            centers = each.state in of_center
            calendar = clock_of(priority, region if centers else body)
            passed[centers] += calendar.between(each.since, each.until)
    return Spent(passed[True], passed[False])
