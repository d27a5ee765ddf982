"""What comes after an answer: work goes on, the answer is returned, the incident ends, comes back, is put away."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from otklik.casework import rules
from otklik.casework.enums import AppealVerdict, DeliveryNote, MemberState, Resolution, ReworkCode, State
from otklik.casework.models import Incident, MassMember, ReturnAppeal, SampledAnswer
from otklik.casework.operations.basis import cycle_due, locked, move, required, sla_limits
from otklik.casework.operations.many import as_they_were, trace
from otklik.casework.rules.post_control import RETURNS
from otklik.common.actor import SYSTEM, Actor
from otklik.people.models import Account

SETTLED_A_BATCH = 200
ARCHIVED_A_BATCH = 500


@transaction.atomic
def take_up(*, incident: Incident, by: Account, now: datetime, version: int | None = None) -> Incident:
    """Go on with the work: the final answer after an interim one, the plan, the rework, the new cycle."""
    incident = locked(incident, version=version)
    incident.reason = ""
    return move(incident, verb="take_up", by=by.actor, now=now, assignee=incident.assignee or by)


@transaction.atomic
def dispute(
    *, incident: Incident, reason: str, by: Actor, now: datetime, version: int | None = None
) -> Incident:
    """The author is against an interim answer or a plan: the body works on at once, in the same cycle."""
    incident = locked(incident, version=version)
    return move(incident, verb="dispute", by=by, now=now, reason=required(reason), author_replied_at=None)


OBJECTS = "author_objects"
LONGEST_QUOTE = 500


def take_objection(incident: Incident, words: str, now: datetime) -> Incident:
    """The author of a locked incident wrote under its answer that nothing is solved: it comes back by itself.

    Raises IllegalMove where nothing was answered, or when it was closed too long ago.
    """
    said = f"«{words.strip()[:LONGEST_QUOTE]}»"
    if incident.state in {State.INTERIM_ANSWERED, State.DEFERRED}:
        return move(
            incident, verb="dispute", by=SYSTEM, now=now, reason=said, code=OBJECTS, author_replied_at=now
        )
    return _reopened(incident, SYSTEM, now, reason=said, code=OBJECTS, author_replied_at=now)


@transaction.atomic
def return_for_rework(
    *,
    incident: Incident,
    code: str,
    by: Actor,
    now: datetime,
    comment: str = "",
    version: int | None = None,
) -> Incident:
    """The answer did not pass: the body writes it anew. `code` is one of ReworkCode; the second time escalates."""
    incident = locked(incident, version=version)
    return rework(incident=incident, verb="return_for_rework", why=(code, comment), by=by, now=now)


@transaction.atomic
def not_done(
    *, incident: Incident, by: Actor, now: datetime, comment: str = "", version: int | None = None
) -> Incident:
    """The planned day has come and the thing is not done: back to the body, which answers for it."""
    incident = locked(incident, version=version)
    return rework(incident=incident, verb="not_done", why=(ReworkCode.PLAN_NOT_DONE, comment), by=by, now=now)


def refuse_postponement(*, incident: Incident, by: Actor, now: datetime) -> Incident:
    """A third postponement of a locked plan is none: the incident returns for rework instead."""
    return rework(incident=incident, verb="not_done", why=(ReworkCode.THIRD_POSTPONEMENT, ""), by=by, now=now)


def lifted_returns(incident: Incident) -> int:
    """How many returns of the incident its body has contested rightly: they do not count against it."""
    return ReturnAppeal.objects.filter(
        incident=incident, verdict=AppealVerdict.GRANTED, move__verb__in=RETURNS
    ).count()


def rework(*, incident: Incident, verb: str, why: tuple[str, str], by: Actor, now: datetime) -> Incident:
    """Send a locked incident back for rework; `why` is the code and what to mend."""
    code, comment = why
    if code not in ReworkCode.values:
        raise rules.IllegalMove
    returns = incident.returns + 1
    counted = returns - lifted_returns(incident)
    escalates = counted >= rules.ESCALATING_RETURN and incident.escalated_at is None
    incident.reason = code
    return move(
        incident,
        verb=verb,
        by=by,
        now=now,
        reason=comment.strip(),
        code=code,
        returns=returns,
        escalated_at=now if escalates else incident.escalated_at,
    )


@transaction.atomic
def close(
    *,
    incident: Incident,
    resolution: str,
    by: Actor,
    now: datetime,
    link: str = "",
    version: int | None = None,
) -> Incident:
    """End an answered incident with its outcome, by a person's word. Raises WrongOutcome.

    `link` leads to the poll that was opened on a proposal.
    """
    incident = locked(incident, version=version)
    rules.check_outcome(resolution, incident.kind, incident.plans, link)
    incident.outcome_link = link
    return move(incident, verb="close", by=by, now=now, code=resolution, resolution=resolution, closed_at=now)


# What a sample waits for is not over.
_DRAWN = SampledAnswer.objects.filter(answer__incident=OuterRef("pk"), verdict="", sample__cancelled_at=None)


@transaction.atomic
def close_settled(*, now: datetime) -> int:
    """End a batch of answered incidents to which nobody objected in the days for it; returns how many.

    Where the author wrote on, or the answer was changed in the network, a person has to read it first; where chance
    drew the answer for post-control, those who look at it.
    """
    settled = list(
        Incident.objects.filter(state=State.ANSWERED, stage_due_at__lte=now, author_replied_at=None)
        .exclude(delivery_note=DeliveryNote.EDITED)
        .exclude(Exists(_DRAWN))
        .select_for_update(skip_locked=True, of=("self",))
        .order_by("stage_due_at", "id")[:SETTLED_A_BATCH]
    )
    for incident in settled:
        resolution = incident.resolution or Resolution.EXPLAINED
        move(incident, verb="close", by=SYSTEM, now=now, code="settled", resolution=resolution, closed_at=now)
    return len(settled)


@transaction.atomic
def reopen(
    *, incident: Incident, reason: str, by: Actor, now: datetime, version: int | None = None
) -> Incident:
    """The matter is not solved: a new cycle, important by that alone, with a primary limit of its own.

    What is closed comes back for thirty days. Raises IllegalMove after them.
    """
    return _reopened(locked(incident, version=version), by, now, reason=required(reason))


def _reopened(
    incident: Incident, by: Actor, now: datetime, *, reason: str, code: str = "", **changes: Any
) -> Incident:
    if incident.state == State.CLOSED:
        rules.check_within(incident.closed_at, now, sla_limits().repeat.length)
    priority = rules.at_least_high(incident.priority)
    due = cycle_due(now, priority)
    incident.reason = ""
    return move(
        incident,
        verb="reopen",
        by=by,
        now=now,
        reason=reason,
        code=code,
        # What was handed to another track may have had no body here.
        executor_id=incident.executor_id or incident.page.organization_id,
        cycle=incident.cycle + 1,
        priority=priority,
        due_at=due,
        stage_due_at=due,
        closed_at=None,
        **(_FRESH_CYCLE | changes),
    )


_FRESH_CYCLE: dict[str, Any] = {
    "first_answer_at": None,
    "final_due_at": None,
    "resolution": "",
    "outcome_link": "",
    "author_replied_at": None,
    "interims": 0,
    "interim_permits": 0,
    "plans": 0,
    "extensions": 0,
}


@transaction.atomic
def archive_old(*, now: datetime) -> int:
    """Put away a batch of what ended a year ago; returns how many, 0 when nothing is left.

    What is attached to something alive waits with it. Killed in the middle, it goes on where it stopped.
    """
    alive = Q(state=State.ATTACHED, parent__state__in=rules.OPEN | {State.ANSWERED})
    live = MassMember.objects.filter(state=MemberState.IN, problem__state__in=rules.LIVE)
    old = list(
        Incident.objects.filter(state__in=rules.ENDED, entered_at__lte=now - sla_limits().archive.length)
        .exclude(alive)
        .exclude(pk__in=live.values("incident"))
        .select_for_update(skip_locked=True, of=("self",))
        .only("state", "executor", "page", "due_at", "stage_due_at", "version")
        .order_by("entered_at", "id")[:ARCHIVED_A_BATCH]
    )
    before = as_they_were(old)
    for incident in old:
        rules.check_move("archive", incident.state)
        incident.state, incident.entered_at, incident.stage_due_at = State.ARCHIVED, now, None
    fields = ["state", "entered_at", "stage_due_at"]
    trace(old, fields, verb="archive", by=SYSTEM, now=now, before=before)
    return len(old)
