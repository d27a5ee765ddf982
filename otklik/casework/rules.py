"""Decisions about incidents: which moves exist, what is due when. Pure; transitions and limits are data.

Source: the state machine of an incident in the domain's specification (states 1, 2, 4, 5, 8, 10, 13, 16–18).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from otklik.common.worktime import ROUND_THE_CLOCK, WorkCalendar

_BEFORE_ANSWER = frozenset({"new", "triage", "routed", "in_progress"})

# Each verb: the states it starts from, and the one it leads to. A verb is illegal anywhere else.
VERBS: Mapping[str, tuple[frozenset[str], str]] = {
    "confirm": (_BEFORE_ANSWER, "routed"),
    "route": (_BEFORE_ANSWER, "routed"),
    "accept": (frozenset({"routed"}), "in_progress"),
    "decline": (frozenset({"routed", "in_progress"}), "triage"),
    "reject": (_BEFORE_ANSWER, "rejected"),
    "restore": (frozenset({"rejected"}), "triage"),
    "attach": (_BEFORE_ANSWER, "attached"),
    "detach": (frozenset({"attached"}), "triage"),
    "publish": (frozenset({"in_progress"}), "publishing"),
    "delivery_uncertain": (frozenset({"publishing"}), "uncertain"),
    "delivery_again": (frozenset({"uncertain"}), "publishing"),
    "undeliverable": (frozenset({"publishing", "uncertain"}), "in_progress"),
    "answered": (frozenset({"publishing", "uncertain"}), "answered"),
    "close": (frozenset({"answered"}), "closed"),
    "reopen": (frozenset({"answered", "closed"}), "in_progress"),
}
OPEN = frozenset({"new", "triage", "routed", "in_progress", "publishing", "uncertain"})
CENTER_STATES = frozenset({"new", "triage", "uncertain"})
RESTORABLE_FOR = timedelta(days=30)
MAX_DECLINES = 2

_MINUTE, _HOUR = timedelta(minutes=1), timedelta(hours=1)
# Working time to leave a state and to the primary answer, by priority. A region's profile may replace any of them.
STAGE_LIMITS: Mapping[str, Mapping[str, timedelta]] = {
    "triage": {"normal": _HOUR, "high": 30 * _MINUTE, "critical": 10 * _MINUTE},
    "routed": {"normal": _HOUR, "high": 30 * _MINUTE, "critical": 10 * _MINUTE},
    "in_progress": {"normal": 3 * _HOUR, "high": _HOUR, "critical": 25 * _MINUTE},
    "uncertain": {"normal": _HOUR, "high": _HOUR, "critical": _HOUR},
}
PRIMARY_LIMIT: Mapping[str, timedelta] = {"normal": 8 * _HOUR, "high": 4 * _HOUR, "critical": _HOUR}


class IllegalMove(Exception):
    """Из этого состояния так поступить нельзя: карточку уже изменили, обновите её."""


class CannotDecline(Exception):
    """Орган отказывался дважды: теперь решает центр, и отказаться нельзя."""


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of a region's profile: working time by stage and priority, and to the primary answer."""

    stages: Mapping[str, Mapping[str, timedelta]]
    primary: Mapping[str, timedelta]


DEFAULT_LIMITS = Limits(STAGE_LIMITS, PRIMARY_LIMIT)


def check_move(verb: str, before: str) -> str:
    """The state that the verb leads to from `before`. Raises IllegalMove when it does not start there."""
    starts, after = VERBS[verb]
    if before not in starts:
        raise IllegalMove
    return after


def check_decline(declines: int) -> None:
    """Raise CannotDecline when the body has used up its refusals."""
    if declines >= MAX_DECLINES:
        raise CannotDecline


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

    The stage of work has a limit only before the primary answer of a cycle (`answered`).
    """
    if state == "in_progress" and answered:
        return None
    stage = limits.stages.get(state)
    if stage is None:
        return None
    return clock_of(priority, calendar).add(entered_at, stage[priority])


def first_state(action: str) -> str:
    """Where the verdict moves a new incident: sure → routed, not a request → rejected, unsure → a person."""
    return {"open": "routed", "reject": "rejected", "ask": "triage"}[action]
