"""Which moves an incident can make. Pure; transitions are data.

Source: the state machine of an incident in the domain's specification (states 1–5, 8, 10, 13, 16–18).
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

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


class IllegalMove(Exception):
    """Из этого состояния так поступить нельзя: карточку уже изменили, обновите её."""


class CannotDecline(Exception):
    """Орган отказывался дважды: теперь решает центр, и отказаться нельзя."""


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


def awaits_reply(state: str, reason: str, entered_at: datetime, at: datetime) -> bool:
    """Whether the author's next words are a reply to our question: it waits, or was put aside for silence lately."""
    return state in PAUSED or (
        state == "rejected" and reason == "no_details" and at - entered_at <= RESTORABLE_FOR
    )


def first_state(action: str) -> str:
    """Where the verdict moves a new incident: sure → routed, not a request → rejected, unsure → a person."""
    return {"open": "routed", "reject": "rejected", "ask": "triage"}[action]
