"""Time as the coordinator gives it: clocks stopped and let go on, the final deadline moved, one more interim answer."""

from datetime import datetime

from django.db import transaction

from otklik.casework import rules
from otklik.casework.enums import AnswerKind, AnswerStatus
from otklik.casework.models import Answer, Incident
from otklik.casework.operations.basis import locked, required, run_again, sla_limits, touch
from otklik.common.actor import Actor
from otklik.registry import operations as registry


@transaction.atomic
def pause(
    *, incident: Incident, reason: str, by: Actor, now: datetime, version: int | None = None
) -> Incident:
    """Stop the clocks of an incident, for a reason that everybody reads. A move lets them run again by itself."""
    incident = locked(incident, version=version)
    rules.check_stay("pause", incident.state)
    if incident.paused_at is not None:
        raise rules.IllegalMove
    return touch(incident, verb="pause", by=by, now=now, reason=required(reason), paused_at=now)


@transaction.atomic
def resume(*, incident: Incident, by: Actor, now: datetime, version: int | None = None) -> Incident:
    """Let the clocks run again; every due moves on by the working time they stood still, and the move says so."""
    incident = locked(incident, version=version)
    rules.check_stay("resume", incident.state)
    if incident.paused_at is None:
        raise rules.IllegalMove
    return run_again(incident, by=by, now=now)


@transaction.atomic
def extend(
    *,
    incident: Incident,
    until: datetime,
    reason: str,
    by: Actor,
    now: datetime,
    version: int | None = None,
) -> Incident:
    """Move the deadline of the final answer after an interim one, once; the coordinator's act is the consent.

    Raises CannotExtend.
    """
    incident = locked(incident, version=version)
    rules.check_stay("extend", incident.state)
    interim = Answer.objects.filter(
        incident=incident, cycle=incident.cycle, kind=AnswerKind.INTERIM, status=AnswerStatus.PUBLISHED
    )
    said_at = interim.order_by("pk").values_list("published_at", flat=True).first()
    if said_at is None or incident.final_due_at is None:
        raise rules.CannotExtend
    longest = rules.longest_extension(said_at, incident.priority, registry.working_calendar(), sla_limits())
    rules.check_extension(until, incident.final_due_at, longest, incident.extensions)
    return touch(
        incident,
        verb="extend",
        by=by,
        now=now,
        reason=required(reason),
        final_due_at=until,
        stage_due_at=until,
        extensions=incident.extensions + 1,
    )


@transaction.atomic
def allow_interim(
    *, incident: Incident, reason: str, by: Actor, now: datetime, version: int | None = None
) -> Incident:
    """The coordinator lets the body give one more interim answer in a row."""
    incident = locked(incident, version=version)
    rules.check_stay("allow_interim", incident.state)
    return touch(
        incident,
        verb="allow_interim",
        by=by,
        now=now,
        reason=required(reason),
        interim_permits=incident.interim_permits + 1,
    )
