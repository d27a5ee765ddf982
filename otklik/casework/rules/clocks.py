"""What is due when: limits of a region's profile and the clocks that run by them. Pure; limits are data.

Source: the state machine of an incident in the domain's specification, its clock and its limits by stage.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from otklik.common.worktime import ROUND_THE_CLOCK, WorkCalendar

# Calendar days for the author to answer a question, from the moment it stands in the network.
SILENCE = timedelta(days=3)

_MINUTE, _HOUR = timedelta(minutes=1), timedelta(hours=1)
# Working time to leave a state and to the primary answer, by priority. A region's profile may replace any of them.
STAGE_LIMITS: Mapping[str, Mapping[str, timedelta]] = {
    "triage": {"normal": _HOUR, "high": 30 * _MINUTE, "critical": 10 * _MINUTE},
    "routed": {"normal": _HOUR, "high": 30 * _MINUTE, "critical": 10 * _MINUTE},
    "in_progress": {"normal": 3 * _HOUR, "high": _HOUR, "critical": 25 * _MINUTE},
    "approval": {"normal": _HOUR, "high": 30 * _MINUTE, "critical": 10 * _MINUTE},
    "uncertain": {"normal": _HOUR, "high": _HOUR, "critical": _HOUR},
    "rework": {"normal": 4 * _HOUR, "high": 2 * _HOUR, "critical": _HOUR},
    # Of a new cycle: the whole way to its primary answer begins here.
    "reopened": {"normal": 2 * _HOUR, "high": 2 * _HOUR, "critical": 30 * _MINUTE},
}
# Stages that are timed only on the way to the primary answer of a cycle.
BEFORE_PRIMARY = frozenset({"in_progress", "approval"})
PRIMARY_LIMIT: Mapping[str, timedelta] = {"normal": 8 * _HOUR, "high": 4 * _HOUR, "critical": _HOUR}


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of a region's profile: working time by stage and priority, and to the primary answer.

    `silence` is calendar time: how long a question to the author waits for a reply.
    """

    stages: Mapping[str, Mapping[str, timedelta]]
    primary: Mapping[str, timedelta]
    silence: timedelta = SILENCE


DEFAULT_LIMITS = Limits(STAGE_LIMITS, PRIMARY_LIMIT)


def clock_of(priority: str, calendar: WorkCalendar) -> WorkCalendar:
    """The calendar an incident runs by: a threat to life does not wait for the morning."""
    return ROUND_THE_CLOCK if priority == "critical" else calendar


def primary_due(received_at: datetime, priority: str, calendar: WorkCalendar, limits: Limits) -> datetime:
    """When the first published answer must stand, counted from the receipt of the message."""
    return clock_of(priority, calendar).add(received_at, limits.primary[priority])


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
    return clock_of(priority, calendar).add(entered_at, stage[priority])


def resumed(
    due: datetime | None, paused_at: datetime, now: datetime, priority: str, calendar: WorkCalendar
) -> datetime | None:
    """A deadline moved on by the working time for which its clock stood still, from `paused_at` to `now`."""
    if due is None or now <= paused_at:
        return due
    clock = clock_of(priority, calendar)
    return clock.add(due, clock.between(paused_at, now))
