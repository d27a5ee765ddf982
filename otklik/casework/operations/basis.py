"""What all verbs of casework share: the lock with its version, and the one way to move an incident."""

from datetime import datetime
from typing import Any

from django.core.cache import cache

from otklik.audit import operations as audit
from otklik.casework import rules
from otklik.casework.announce import announce
from otklik.casework.enums import AnswerStatus, State
from otklik.casework.models import Answer, AnswerPhoto, Incident, Move, SlaProfile
from otklik.casework.operations.profiles import SLA_CACHE
from otklik.common.actor import Actor
from otklik.common.worktime import WorkCalendar
from otklik.registry import operations as registry

LIMITS_CACHE_SECONDS = 60


class StaleCard(Exception):
    """Карточку уже изменил другой человек. Обновите её и решите снова."""


class NeedsReason(Exception):
    """Напишите причину: её увидят те, кому передаёте, и она останется в истории."""


def required(reason: str) -> str:
    """The reason without blanks around it. Raises NeedsReason when nothing is left."""
    if not reason.strip():
        raise NeedsReason
    return reason.strip()


def sla_limits() -> rules.Limits:
    """The limits of the region's default profile, the norms without one. Raises BadLimits for a spoilt row."""
    found: rules.Limits | None = cache.get(SLA_CACHE)
    if found is None:
        profile = SlaProfile.objects.filter(is_default=True).first()
        found = rules.limits_of(profile.limits) if profile else rules.DEFAULT_LIMITS
        cache.set(SLA_CACHE, found, LIMITS_CACHE_SECONDS)
    return found


def locked(incident: Incident, *, version: int | None = None) -> Incident:
    """The incident as it is now, locked to the end of the transaction.

    `version` is the one the person saw; raises StaleCard when somebody changed the card since.
    """
    fresh = Incident.objects.select_for_update(of=("self",)).get(pk=incident.pk)
    if version is not None and fresh.version != version:
        raise StaleCard
    return fresh


def calendar_of(incident: Incident, state: str) -> WorkCalendar:
    """Whose hours a stage is timed by: the region's while it is the centre's, else those of the responsible body.

    The way to the primary answer as a whole always runs by the region's: that is what residents are promised.
    """
    return registry.working_calendar_of(None if state in rules.CENTER_STATES else incident.executor_id)


def stage_due(incident: Incident, state: str, now: datetime) -> datetime | None:
    """When the incident must leave `state` if it enters it now.

    What was promised to the resident is the deadline of whoever works on it, wherever that is.
    """
    answered = incident.first_answer_at is not None
    if state == State.ANSWERED:
        return rules.settled_at(now, incident.priority, registry.working_calendar(), sla_limits())
    if state in rules.WITH_ANSWER or (answered and state in rules.BEFORE_PRIMARY):
        return incident.final_due_at
    calendar = calendar_of(incident, state)
    return rules.stage_due(state, now, incident.priority, calendar, sla_limits(), answered=answered)


def cycle_due(began: datetime, priority: str) -> datetime:
    """The primary limit of a cycle that a reopening began."""
    due = rules.stage_due(
        State.REOPENED, began, priority, registry.working_calendar(), sla_limits(), answered=False
    )
    assert due is not None  # noqa: S101 — the norm names a limit for every priority
    return due


def move(
    incident: Incident,
    *,
    verb: str,
    by: Actor,
    now: datetime,
    reason: str = "",
    code: str = "",
    **changes: Any,
) -> Incident:
    """Move a locked incident where the verb leads: check, write it with `changes`, keep the move, tell everybody.

    Raises IllegalMove. `reason` is the words of this move and `code` their code; the incident's own `reason` is set
    by the verb. The stage gets its usual limit unless `changes` have one. Clocks that stood still run again first.
    """
    to = rules.check_move(verb, incident.state, incident.returns_to)
    if incident.paused_at is not None:
        # A copy as the row is: the verb may have given this one a reason of the state it leads to.
        again = run_again(Incident.objects.get(pk=incident.pk), by=by, now=now)
        for name in ("paused_at", "due_at", "stage_due_at", "final_due_at", "version"):
            setattr(incident, name, getattr(again, name))
    old = (incident.state, incident.due_at, incident.stage_due_at)
    if to not in rules.ENDED:
        # What was found good is not what will stand there next.
        incident.checked_at = None
    for name, value in changes.items():
        setattr(incident, name, value)
    incident.state, incident.entered_at = to, now
    if "stage_due_at" not in changes:
        incident.stage_due_at = stage_due(incident, to, now)
    return keep(incident, old=old, verb=verb, by=by, now=now, why=(reason or code, code))


def run_again(incident: Incident, *, by: Actor, now: datetime, reason: str = "") -> Incident:
    """Let the clocks of a paused incident run again: every due moves on by the working time they stood still."""
    assert incident.paused_at is not None  # noqa: S101 — tells mypy, and the reader
    dues = shifted(incident, incident.paused_at, now, incident.stage_due_at)
    return touch(incident, verb="resume", by=by, now=now, reason=reason, paused_at=None, **dues)


def shifted(
    incident: Incident, since: datetime, now: datetime, stage_due_at: datetime | None
) -> dict[str, Any]:
    """The dues of an incident whose clocks stood still since then. A first answer that was given is due no more."""
    own = calendar_of(incident, incident.returns_to or incident.state)
    dues = {"stage_due_at": (stage_due_at, own), "final_due_at": (incident.final_due_at, own)}
    if incident.first_answer_at is None:
        dues["due_at"] = (incident.due_at, registry.working_calendar())
    return {
        name: rules.resumed(due, since, now, incident.priority, calendar)
        for name, (due, calendar) in dues.items()
    }


def touch(
    incident: Incident,
    *,
    verb: str,
    by: Actor,
    now: datetime,
    reason: str = "",
    code: str = "",
    **changes: Any,
) -> Incident:
    """Change a locked incident within its state, with the same trace as a move leaves."""
    old = (incident.state, incident.due_at, incident.stage_due_at)
    for name, value in changes.items():
        setattr(incident, name, value)
    return keep(incident, old=old, verb=verb, by=by, now=now, why=(reason or code, code))


def keep(
    incident: Incident,
    *,
    old: tuple[str, datetime, datetime | None],
    verb: str,
    by: Actor,
    now: datetime,
    why: tuple[str, str],
) -> Incident:
    """Save the incident under its next version and write the trace: a move, an audit line, a notification."""
    (before, due_at, stage_due_at), (reason, code) = old, why
    incident.version += 1
    incident.save()
    Move.objects.create(
        incident=incident,
        verb=verb,
        before=before,
        after=incident.state,
        at=now,
        actor_id=by.id,
        actor_name=by.name,
        reason=reason,
        code=code,
        executor_id=incident.executor_id,
        old_due_at=due_at,
        new_due_at=incident.due_at,
        old_stage_due_at=stage_due_at,
        new_stage_due_at=incident.stage_due_at,
    )
    audit.record(
        by=by,
        verb=verb,
        subject=incident,
        now=now,
        reason=reason,
        before=before,
        after=incident.state,
    )
    announce([incident])
    return incident


def keep_as_draft(answer: Answer, now: datetime) -> None:
    """Bring the text of an answer back as a draft, unless there is one: nothing is typed twice."""
    draft, is_new = Answer.objects.get_or_create(
        incident=answer.incident,
        status=AnswerStatus.DRAFT,
        defaults={
            "text": answer.text,
            "kind": answer.kind,
            "promised_for": answer.promised_for,
            "resolution": answer.resolution,
            "cycle": answer.cycle,
            "author": answer.author,
            "created_at": now,
            "updated_at": now,
            "photos": answer.photos,
            "together": answer.together,
        },
    )
    if is_new and answer.photos:
        copied = list(AnswerPhoto.objects.filter(answer=answer))
        for photo in copied:
            photo.pk, photo.answer = None, draft
        AnswerPhoto.objects.bulk_create(copied)


def set_status(answer: Answer, status: str, now: datetime, *, published_at: datetime | None = None) -> None:
    """Note where a text on its way stands; `published_at` once it stands in the network."""
    answer.status, answer.updated_at = status, now
    answer.published_at = published_at or answer.published_at
    answer.save(update_fields=["status", "published_at", "updated_at"])
