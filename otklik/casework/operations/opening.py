"""Opening incidents for judged messages, in batches."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from otklik.audit import operations as audit
from otklik.casework import rules
from otklik.casework.announce import announce
from otklik.casework.enums import AttachReason, State
from otklik.casework.models import Incident, Move
from otklik.casework.operations.basis import sla_limits
from otklik.casework.operations.places import place_of
from otklik.casework.operations.repeats import repeats_among
from otklik.casework.rules.spans import text_of
from otklik.common.actor import SYSTEM, Actor
from otklik.common.worktime import WorkCalendar
from otklik.registry import operations as registry
from otklik.triage.models import Verdict
from otklik.triage.rules import Action

# The whole text stays with the message; PostgreSQL's search refuses a megabyte of different words.
LONGEST_QUESTION = 20_000


@dataclass(frozen=True, slots=True)
class Opening:
    """One question of a message with what triage decided: action is open, ask or reject."""

    verdict: Verdict
    question: str
    action: str
    reason: str
    suggested_id: int | None
    municipality_id: int | None
    parent: Incident | None = None


@transaction.atomic
def open_many(*, openings: Sequence[Opening], now: datetime, by: Actor = SYSTEM) -> list[Incident]:
    """Open an incident for each and move it by its verdict: nothing a resident wrote is dropped.

    `by` is the person who cut a question out of another, else the system. The caller holds the locks of the
    messages, so a message is opened once however many workers run.
    """
    calendar, limits = registry.working_calendar(), sla_limits()
    # Of what a person cuts out of a message, that person has just read where it belongs.
    fresh = [each.verdict for each in openings if each.parent is None and each.action != Action.REJECT]
    repeats = repeats_among(fresh, now) if by == SYSTEM else {}
    made = Incident.objects.bulk_create(
        _new(each, calendar, limits, now, repeats.get(each.verdict.pk)) for each in openings
    )
    Move.objects.bulk_create(
        Move(
            incident=incident,
            verb="open",
            before=State.NEW,
            after=incident.state,
            at=now,
            actor_id=by.id,
            actor_name=by.name,
            reason=incident.reason,
            executor_id=incident.executor_id,
            new_due_at=incident.due_at,
            new_stage_due_at=incident.stage_due_at,
        )
        for incident in made
    )
    audit.record_many(
        by=by,
        verb="open",
        entries=[audit.Entry(each, each.reason, _told(each)) for each in made],
        now=now,
    )
    announce(made)
    return made


def _told(incident: Incident) -> dict[str, Any]:
    again = {"repeat_of": incident.repeat_of_id} if incident.repeat_of_id else {}
    return {"after": incident.state, **again}


def _new(
    opening: Opening, calendar: WorkCalendar, limits: rules.Limits, now: datetime, earlier: Incident | None
) -> Incident:
    verdict, message = opening.verdict, opening.verdict.message
    priority = rules.at_least_high(verdict.priority) if earlier else verdict.priority
    state = rules.first_state(opening.action)
    # A body must be known to be responsible: without one even a sure verdict goes to a person.
    if state == State.ROUTED and opening.suggested_id is None:
        state = State.TRIAGE
    reason = opening.reason
    if opening.parent is not None:
        state, reason = State.ATTACHED, AttachReason.FOLLOW_UP
    executor_id = opening.suggested_id if state == State.ROUTED else None
    of_body = registry.working_calendar_of(executor_id)
    return Incident(
        message=message,
        part=verdict.part,
        question=question_of(opening),
        spans=verdict.spans,
        page_id=message.page_id,
        **place_of(verdict, municipality_id=opening.municipality_id),
        kind=verdict.kind,
        topic_id=verdict.topic_id,
        confidence=verdict.confidence,
        priority=priority,
        state=state,
        reason=reason,
        parent=opening.parent,
        repeat_of=earlier,
        executor_id=executor_id,
        suggested_id=opening.suggested_id,
        received_at=message.received_at,
        entered_at=now,
        due_at=rules.primary_due(message.received_at, priority, calendar, limits),
        stage_due_at=rules.stage_due(state, now, priority, of_body, limits, answered=False),
    )


def question_of(opening: Opening) -> str:
    """The question in the words of the message: of a part, its pieces, so that they can be found again in it."""
    spans = opening.verdict.spans
    text = text_of(opening.verdict.message.text, spans) if spans else opening.question
    return text[:LONGEST_QUESTION]


def tell_of_authors(*, author_ids: Collection[int]) -> None:
    """The names of these authors became known: open desks show them; the incidents themselves stay as they are."""
    announce(Incident.objects.filter(message__author__in=author_ids).open())
