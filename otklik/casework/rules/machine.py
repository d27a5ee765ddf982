"""Which moves an incident can make, what is due when. Pure; transitions and limits are data.

Source: the state machine of an incident in the domain's specification (states 1–5, 8, 10, 13, 16–18).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from otklik.common.worktime import ROUND_THE_CLOCK, WorkCalendar

_BEFORE_ANSWER = frozenset({"new", "triage", "routed", "in_progress"})
# Where a question to the author can be asked from; its answer brings the incident back there.
ASKED_FROM = frozenset({"triage", "routed", "in_progress"})
BACK = "back"
"""Instead of a state: the verb leads to the one in which the author was asked."""

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
    "join": (_BEFORE_ANSWER, "attached"),
    "ask": (ASKED_FROM, "clarification"),
    "replied": (frozenset({"clarification"}), BACK),
    "unasked": (frozenset({"clarification"}), BACK),
    "go_on": (frozenset({"clarification"}), BACK),
    "no_reply": (frozenset({"clarification"}), "rejected"),
    "replied_late": (frozenset({"rejected"}), "triage"),
    "publish": (frozenset({"in_progress"}), "publishing"),
    "delivery_uncertain": (frozenset({"publishing"}), "uncertain"),
    "delivery_again": (frozenset({"uncertain"}), "publishing"),
    "undeliverable": (frozenset({"publishing", "uncertain"}), "in_progress"),
    "answered": (frozenset({"publishing", "uncertain"}), "answered"),
    "close": (frozenset({"answered"}), "closed"),
    "reopen": (frozenset({"answered", "closed"}), "in_progress"),
}
# Verbs that change an incident and leave it in its state.
STAYS: Mapping[str, frozenset[str]] = {
    "split": _BEFORE_ANSWER,
    "take_in": _BEFORE_ANSWER,
    "move_span": _BEFORE_ANSWER,
}
OPEN = frozenset({"new", "triage", "clarification", "routed", "in_progress", "publishing", "uncertain"})
# Open, but it is the author's turn: no clock runs.
PAUSED = frozenset({"clarification"})
TICKING = OPEN - PAUSED
CENTER_STATES = frozenset({"new", "triage", "uncertain"})
RESTORABLE_FOR = timedelta(days=30)
MAX_DECLINES = 2
# Calendar days for the author to answer a question, from the moment it stands in the network.
SILENCE = timedelta(days=3)

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
    """The limits of a region's profile: working time by stage and priority, and to the primary answer.

    `silence` is calendar time: how long a question to the author waits for a reply.
    """

    stages: Mapping[str, Mapping[str, timedelta]]
    primary: Mapping[str, timedelta]
    silence: timedelta = SILENCE


DEFAULT_LIMITS = Limits(STAGE_LIMITS, PRIMARY_LIMIT)


def check_move(verb: str, before: str, returns_to: str = "") -> str:
    """The state that the verb leads to from `before`. Raises IllegalMove when it does not start there.

    `returns_to` is the state in which the author was asked; needed by the verbs that lead back to it.
    """
    starts, after = VERBS[verb]
    if before not in starts or (after == BACK and returns_to not in ASKED_FROM):
        raise IllegalMove
    return returns_to if after == BACK else after


def check_stay(verb: str, state: str) -> None:
    """Raise IllegalMove when the verb, which leaves the state as it is, cannot be used in it."""
    if state not in STAYS[verb]:
        raise IllegalMove


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


def awaits_reply(state: str, reason: str, entered_at: datetime, at: datetime) -> bool:
    """Whether the author's next words are a reply to our question: it waits, or was put aside for silence lately."""
    return state in PAUSED or (
        state == "rejected" and reason == "no_details" and at - entered_at <= RESTORABLE_FOR
    )


def resumed(
    due: datetime | None, paused_at: datetime, now: datetime, priority: str, calendar: WorkCalendar
) -> datetime | None:
    """A deadline moved on by the working time for which its clock stood still, from `paused_at` to `now`."""
    if due is None or now <= paused_at:
        return due
    clock = clock_of(priority, calendar)
    return clock.add(due, clock.between(paused_at, now))


def first_state(action: str) -> str:
    """Where the verdict moves a new incident: sure → routed, not a request → rejected, unsure → a person."""
    return {"open": "routed", "reject": "rejected", "ask": "triage"}[action]
