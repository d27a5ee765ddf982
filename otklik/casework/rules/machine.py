"""Which moves an incident can make. Pure; transitions are data.

Source: the state machine of an incident in the domain's specification, all eighteen states.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

BACK = "back"
"""Instead of a state: the verb leads to the one in which the author was asked."""

_BEFORE_ANSWER = frozenset({"new", "triage", "routed", "in_progress"})
_ON_ITS_WAY = frozenset({"publishing", "uncertain"})
_ASKED = frozenset({"clarification"})
PROMISED = frozenset({"interim_answered", "deferred"})
# Where a question to the author can be asked from; its answer brings the incident back there.
ASKED_FROM = frozenset({"triage", "routed", "in_progress", "rework"})
# Where an incident rests when all is done; from here it can only come back or be put away.
ENDED = frozenset({"closed", "rejected", "transferred", "attached"})

# Each verb: the states it starts from, and the one it leads to. A verb is illegal anywhere else.
VERBS: Mapping[str, tuple[frozenset[str], str]] = {
    # The centre sorts.
    "confirm": (_BEFORE_ANSWER, "routed"),
    "route": (_BEFORE_ANSWER | {"rework"}, "routed"),
    "take_on": (frozenset({"triage"}), "in_progress"),
    "reject": (_BEFORE_ANSWER, "rejected"),
    "restore": (frozenset({"rejected"}), "triage"),
    "attach": (_BEFORE_ANSWER, "attached"),
    "detach": (frozenset({"attached"}), "triage"),
    "join": (_BEFORE_ANSWER, "attached"),
    "transfer": (frozenset({"triage", "routed", "in_progress"}), "transferred"),
    "take_result": (frozenset({"transferred"}), "closed"),
    # The author is asked.
    "ask": (ASKED_FROM, "clarification"),
    "replied": (_ASKED, BACK),
    "unasked": (_ASKED, BACK),
    "go_on": (_ASKED, BACK),
    "no_reply": (_ASKED, "rejected"),
    "replied_late": (frozenset({"rejected"}), "triage"),
    # The body works.
    "accept": (frozenset({"routed"}), "in_progress"),
    "decline": (frozenset({"routed", "in_progress"}), "triage"),
    "take_up": (PROMISED | {"rework", "reopened"}, "in_progress"),
    # The text goes out, seen by a second person or not.
    "submit": (frozenset({"in_progress", "rework"}), "approval"),
    "postpone": (frozenset({"deferred"}), "approval"),
    "send_back": (frozenset({"approval"}), "in_progress"),
    "approve": (frozenset({"approval"}), "publishing"),
    "publish": (frozenset({"in_progress"}), "publishing"),
    # The network tells; a person only when the network cannot.
    "delivery_uncertain": (frozenset({"publishing"}), "uncertain"),
    "delivery_again": (frozenset({"uncertain"}), "publishing"),
    "undeliverable": (_ON_ITS_WAY, "in_progress"),
    "answered": (_ON_ITS_WAY, "answered"),
    "answered_interim": (_ON_ITS_WAY, "interim_answered"),
    "answered_plan": (_ON_ITS_WAY, "deferred"),
    # What comes after an answer.
    "answer_removed": (frozenset({"answered"}), "rework"),
    "promise_removed": (PROMISED, "in_progress"),
    "dispute": (PROMISED, "in_progress"),
    "not_done": (frozenset({"deferred"}), "rework"),
    "return_for_rework": (frozenset({"answered"}), "rework"),
    "close": (frozenset({"answered"}), "closed"),
    "reopen": (frozenset({"answered", "closed"}), "reopened"),
    "archive": (ENDED, "archived"),
}
OPEN = frozenset(
    {"new", "triage", "clarification", "routed", "in_progress", "approval", "publishing", "uncertain"}
) | (PROMISED | {"rework", "reopened"})
# Where the coordinator may stop the clocks. Nothing runs on the way to the network that a person could stop.
PAUSABLE = frozenset(
    {"triage", "routed", "in_progress", "approval", "interim_answered", "rework", "reopened"}
)
# Verbs that change an incident and leave it in its state.
STAYS: Mapping[str, frozenset[str]] = {
    "split": _BEFORE_ANSWER,
    "take_in": _BEFORE_ANSWER,
    "move_span": _BEFORE_ANSWER,
    "assign": OPEN,
    "pause": PAUSABLE,
    "resume": PAUSABLE,
    "allow_interim": frozenset({"in_progress", "interim_answered"}),
    "extend": frozenset({"in_progress", "approval", "interim_answered"}),
    "tell_again": frozenset({"transferred"}),
    "review": frozenset({"answered"}),
    "send_together": frozenset({"publishing"}),
    "take_note": OPEN | {"answered", "closed", "transferred"},
}
# Open, but it is the author's turn: no clock runs.
PAUSED = frozenset({"clarification"})
TICKING = OPEN - PAUSED
CENTER_STATES = frozenset({"new", "triage", "uncertain"})
# A body must be responsible here, and only one can be.
WITH_BODY = (OPEN - {"new", "triage", "clarification"}) | {"answered"}
# The network holds an answer of the present cycle, and its receipt said so.
WITH_ANSWER = PROMISED | {"answered"}

RESTORABLE_FOR = timedelta(days=30)
MAX_DECLINES = 2


class IllegalMove(Exception):
    """Из этого состояния так поступить нельзя: карточку уже изменили, обновите её."""


class CannotDecline(Exception):
    """Орган отказывался дважды: теперь решает центр, и отказаться нельзя."""


def leads_to(verb: str) -> frozenset[str]:
    """Every state that the verb can lead to."""
    after = VERBS[verb][1]
    return ASKED_FROM if after == BACK else frozenset({after})


def allowed_pairs() -> frozenset[tuple[str, str]]:
    """Every change of state that some verb makes, as the database keeps them: (before, after)."""
    return frozenset(
        (before, after)
        for verb, (starts, _after) in VERBS.items()
        for before in starts
        for after in leads_to(verb)
        if before != after
    )


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


def check_within(since: datetime | None, at: datetime, span: timedelta) -> None:
    """Raise IllegalMove when more than `span` has passed since, or when it never began."""
    if since is None or at - since > span:
        raise IllegalMove


def awaits_reply(state: str, reason: str, entered_at: datetime, at: datetime) -> bool:
    """Whether the author's next words are a reply to our question: it waits, or was put aside for silence lately."""
    return state in PAUSED or (
        state == "rejected" and reason == "no_details" and at - entered_at <= RESTORABLE_FOR
    )


def first_state(action: str) -> str:
    """Where the verdict moves a new incident: sure → routed, not a request → rejected, unsure → a person."""
    return {"open": "routed", "reject": "rejected", "ask": "triage"}[action]
