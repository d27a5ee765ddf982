"""What people do with an incident before and after it is answered."""

from datetime import datetime
from typing import Any

from django.db import transaction

from otklik.casework import rules
from otklik.casework.enums import AttachReason, DeliveryNote, MemberState, State
from otklik.casework.models import Incident, MassMember
from otklik.casework.operations.basis import cycle_due, locked, move, required, sla_limits, touch
from otklik.casework.operations.mass_leaving import BY_HAND, take_out
from otklik.casework.operations.places import Place, learnt, place_by
from otklik.casework.operations.splitting import take_apart
from otklik.common.actor import Actor
from otklik.people.models import Account
from otklik.registry import operations as registry
from otklik.registry.models import Organization
from otklik.triage import operations as triage
from otklik.triage.models import Topic
from otklik.triage.operations import duplicates


class NeedsBody(Exception):
    """Выберите орган: без него у вопроса нет ответственного."""


@transaction.atomic
def confirm(
    *,
    incident: Incident,
    topic: Topic,
    kind: str,
    priority: str,
    executor: Organization | None,
    by: Account,
    now: datetime,
    version: int | None = None,
    place: Place | None = None,
) -> Incident:
    """Agree with the verdict or correct it, and send the incident to the body; `place` when the person says where.

    The person's word is kept as an example for the models, whether it agrees or not.
    """
    incident = locked(incident, version=version)
    if executor is None:
        raise NeedsBody
    triage.keep_correction(
        message=incident.message, part=incident.part, topic=topic, kind=kind, by=by, now=now
    )
    changes: dict[str, Any] = {"topic": topic, "kind": kind, "executor": executor, "assignee": None}
    if place is not None:
        changes |= place_by(place, by=by.actor, now=now)
    else:
        changes |= learnt(incident, by=by.actor, now=now)
    if incident.delivery_note == DeliveryNote.NOT_ASKED:
        # Whoever confirms needs the question no more.
        changes["delivery_note"] = DeliveryNote.NONE
    if incident.cycle > 1:
        priority = rules.at_least_high(priority)
    if priority != incident.priority:
        changes |= {"priority": priority, "due_at": _due(incident, priority)}
    incident.reason = ""
    return move(incident, verb="confirm", by=by.actor, now=now, **changes)


def _due(incident: Incident, priority: str) -> datetime:
    """The primary limit of the present cycle under another priority. What was answered is due as it was."""
    if incident.first_answer_at is not None:
        return incident.due_at
    calendar, limits = registry.working_calendar(), sla_limits()
    if incident.cycle == 1:
        return rules.primary_due(incident.received_at, priority, calendar, limits)
    began = incident.moves.filter(verb="reopen").order_by("-pk").values_list("at", flat=True)[0]
    return cycle_due(began, priority)


@transaction.atomic
def take_on(
    *,
    incident: Incident,
    executor: Organization | None,
    by: Account,
    now: datetime,
    version: int | None = None,
) -> Incident:
    """Take an incident out of triage straight into work: the centre answers it by itself for the body."""
    incident = locked(incident, version=version)
    if executor is None:
        raise NeedsBody
    incident.reason = ""
    return move(incident, verb="take_on", by=by.actor, now=now, executor=executor, assignee=by)


@transaction.atomic
def route(
    *,
    incident: Incident,
    executor: Organization,
    reason: str,
    by: Actor,
    now: datetime,
    version: int | None = None,
    as_center: bool = False,
) -> Incident:
    """Hand the incident to another body, with the reason it will read.

    A body that hands over what it has taken into work has declined it, unless the centre decides (`as_center`).
    Raises CannotDecline when it has used up its refusals.
    """
    incident = locked(incident, version=version)
    counts = incident.state in {State.IN_PROGRESS, State.REWORK} and not as_center
    if counts:
        rules.check_decline(incident.declines)
    incident.reason = ""
    return move(
        incident,
        verb="route",
        by=by,
        now=now,
        reason=required(reason),
        executor=executor,
        assignee=None,
        declines=incident.declines + counts,
    )


@transaction.atomic
def accept(*, incident: Incident, by: Account, now: datetime, version: int | None = None) -> Incident:
    """Take the incident into work; whoever accepts becomes responsible unless somebody is already."""
    incident = locked(incident, version=version)
    assignee = incident.assignee or by
    return move(incident, verb="accept", by=by.actor, now=now, assignee=assignee)


@transaction.atomic
def assign(
    *, incident: Incident, assignee: Account | None, by: Actor, now: datetime, version: int | None = None
) -> Incident:
    """Make a person of the body responsible, or nobody."""
    incident = locked(incident, version=version)
    rules.check_stay("assign", incident.state)
    return touch(incident, verb="assign", by=by, now=now, reason=str(assignee or ""), assignee=assignee)


@transaction.atomic
def decline(
    *, incident: Incident, reason: str, by: Actor, now: datetime, version: int | None = None
) -> Incident:
    """Send the incident back to the centre as not the body's own; possible twice."""
    incident = locked(incident, version=version)
    rules.check_decline(incident.declines)
    return move(
        incident,
        verb="decline",
        by=by,
        now=now,
        reason=required(reason),
        executor=None,
        assignee=None,
        declines=incident.declines + 1,
    )


@transaction.atomic
def reject(
    *, incident: Incident, reason: str, by: Actor, now: datetime, version: int | None = None
) -> Incident:
    """Put aside what is not a request; `reason` is a code of RejectReason. Can be restored for 30 days."""
    incident = locked(incident, version=version)
    code = required(reason)
    incident.reason = code
    return move(incident, verb="reject", by=by, now=now, code=code, closed_at=now)


@transaction.atomic
def restore(*, incident: Incident, by: Actor, now: datetime, version: int | None = None) -> Incident:
    """Bring a rejected incident back to triage. Raises IllegalMove after RESTORABLE_FOR."""
    incident = locked(incident, version=version)
    rules.check_within(incident.entered_at, now, sla_limits().restore.length)
    incident.reason = ""
    return move(incident, verb="restore", by=by, now=now, closed_at=None)


@transaction.atomic
def attach(
    *, incident: Incident, parent: Incident, by: Actor, now: datetime, version: int | None = None
) -> Incident:
    """Join the incident to another about the same thing; it then mirrors its parent."""
    if parent.pk == incident.pk:
        raise rules.IllegalMove
    # Both are locked, always in the same order: two people who join a pair crosswise must not make a ring.
    for each in sorted((incident, parent), key=lambda one: one.pk):
        locked(each)
    incident, parent = locked(incident, version=version), locked(parent)
    if parent.state == State.ATTACHED:
        raise rules.IllegalMove
    incident.reason = AttachReason.DUPLICATE
    duplicates.note_attached(question=incident, other=parent, by=by, now=now)
    return move(
        incident,
        verb="attach",
        by=by,
        now=now,
        reason=parent.number,
        parent=parent,
        assignee=None,
    )


@transaction.atomic
def detach(*, incident: Incident, by: Actor, now: datetime, version: int | None = None) -> Incident:
    """Make an attached incident one of its own again; joined questions of one message get their pieces back."""
    if Incident.objects.filter(pk=incident.pk, reason=AttachReason.JOINED).exists():
        return take_apart(incident=incident, by=by, now=now, version=version)
    member = (
        MassMember.objects.filter(incident=incident, state=MemberState.IN).select_related("problem").first()
    )
    if member is not None:
        return take_out(
            problem=member.problem, incident=incident, why=BY_HAND, by=by, now=now, version=version
        )
    incident = locked(incident, version=version)
    incident.reason = ""
    if incident.parent is not None:
        duplicates.note_detached(question=incident, other=incident.parent, by=by, now=now)
    return move(incident, verb="detach", by=by, now=now, parent=None)
