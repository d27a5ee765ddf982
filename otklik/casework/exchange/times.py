"""When things happened to an incident, told by its moves and answers. Pure.

«ПИ» of the layout is the body that is responsible last; its own answers are those given since it was made so.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

APPROVAL, ANSWERED = "approval", "answered"
Between = Callable[[datetime, datetime], timedelta]


class Step(NamedTuple):
    """A move, as far as the table needs it."""

    at: datetime
    before: str
    after: str
    executor: int | None
    due_at: datetime | None


class Said(NamedTuple):
    """A published answer."""

    at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class Times:
    """The times of the last responsible body and of the first answers."""

    first: Said | None
    assigned_at: datetime | None
    own: Sequence[Said]
    in_time: bool | None
    sent_to_approval_at: datetime | None
    in_approval: timedelta | None


def times_of(
    steps: Sequence[Step],
    answers: Sequence[Said],
    *,
    executor: int | None,
    due_at: datetime,
    is_open: bool,
    now: datetime,
    worked: Between,
) -> Times:
    """Read the moves and the published answers, both in their order; `worked` tells working time between instants."""
    assigned_at = _assigned(steps, executor)
    own = [each for each in answers if assigned_at is not None and each.at >= assigned_at]
    first_own = own[0].at if own else None
    sent_at, in_approval = _approval(steps, assigned_at, first_own, worked)
    return Times(
        first=answers[0] if answers else None,
        assigned_at=assigned_at,
        own=own,
        in_time=_in_time(steps, assigned_at, first_own, due_at, now if is_open else None),
        sent_to_approval_at=sent_at,
        in_approval=in_approval,
    )


def rated_from(steps: Sequence[Step]) -> datetime | None:
    """When the matter last became answered whole: from then on the author may say what the answer was worth."""
    came = [step.at for step in steps if step.after == ANSWERED != step.before]
    return came[-1] if came else None


def _assigned(steps: Sequence[Step], executor: int | None) -> datetime | None:
    """When the body that is responsible now became so for the last time."""
    if executor is None:
        return None
    found, held = None, None
    for step in steps:
        if step.executor == executor and held != executor:
            found = step.at
        held = step.executor
    return found


def _in_time(
    steps: Sequence[Step],
    assigned_at: datetime | None,
    answered_at: datetime | None,
    due_at: datetime,
    waits_at: datetime | None,
) -> bool | None:
    """Whether the body kept the limit that stood when it answered; None while nobody can say.

    `waits_at` is the present moment while an answer is still awaited.
    """
    if assigned_at is None:
        return None
    if answered_at is not None:
        limits = [step.due_at for step in steps if step.due_at is not None and step.at <= answered_at]
        return answered_at <= (limits[-1] if limits else due_at)
    return False if waits_at is not None and waits_at > due_at else None


def _approval(
    steps: Sequence[Step], since: datetime | None, until: datetime | None, worked: Between
) -> tuple[datetime | None, timedelta | None]:
    """(when the first answer of the body was sent to approval, for how much working time it was there)."""
    sent_at, entered_at, spent = None, None, None
    for step in steps:
        if since is None or step.at < since or (until is not None and step.at > until):
            continue
        if step.after == APPROVAL and entered_at is None:
            entered_at = step.at
            sent_at = sent_at or step.at
        elif step.after != APPROVAL and entered_at is not None:
            spent = (spent or timedelta(0)) + worked(entered_at, step.at)
            entered_at = None
    return sent_at, spent
