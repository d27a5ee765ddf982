"""Opening incidents for judged messages, in batches, and what later happens to their messages."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from otklik.audit import operations as audit
from otklik.casework import rules
from otklik.casework.announce import announce
from otklik.casework.enums import AttachReason, State
from otklik.casework.models import Incident, Move
from otklik.casework.operations.basis import sla_limits
from otklik.common.actor import SYSTEM
from otklik.common.worktime import WorkCalendar
from otklik.inbox.models import SourceMessage
from otklik.registry import operations as registry
from otklik.triage.models import Verdict

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
def open_many(*, openings: Sequence[Opening], now: datetime) -> list[Incident]:
    """Open an incident for each and move it by its verdict: nothing a resident wrote is dropped.

    The caller holds the locks of the messages, so a message is opened once however many workers run.
    """
    calendar, limits = registry.working_calendar(), sla_limits()
    made = Incident.objects.bulk_create(_new(opening, calendar, limits, now) for opening in openings)
    Move.objects.bulk_create(
        Move(
            incident=incident,
            verb="open",
            before=State.NEW,
            after=incident.state,
            at=now,
            actor_name=SYSTEM.name,
            reason=incident.reason,
            executor_id=incident.executor_id,
            new_due_at=incident.due_at,
            new_stage_due_at=incident.stage_due_at,
        )
        for incident in made
    )
    audit.record_many(
        by=SYSTEM,
        verb="open",
        entries=[audit.Entry(each, each.reason, {"after": each.state}) for each in made],
        now=now,
    )
    announce(made)
    return made


def _new(opening: Opening, calendar: WorkCalendar, limits: rules.Limits, now: datetime) -> Incident:
    verdict, message = opening.verdict, opening.verdict.message
    state = rules.first_state(opening.action)
    # A body must be known to be responsible: without one even a sure verdict goes to a person.
    if state == State.ROUTED and opening.suggested_id is None:
        state = State.TRIAGE
    reason = opening.reason
    if opening.parent is not None:
        state, reason = State.ATTACHED, AttachReason.FOLLOW_UP
    return Incident(
        message=message,
        part=verdict.part,
        question=opening.question[:LONGEST_QUESTION],
        page_id=message.page_id,
        municipality_id=opening.municipality_id,
        kind=verdict.kind,
        topic_id=verdict.topic_id,
        confidence=verdict.confidence,
        priority=verdict.priority,
        state=state,
        reason=reason,
        parent=opening.parent,
        executor_id=opening.suggested_id if state == State.ROUTED else None,
        suggested_id=opening.suggested_id,
        received_at=message.received_at,
        entered_at=now,
        due_at=rules.primary_due(message.received_at, verdict.priority, calendar, limits),
        stage_due_at=rules.stage_due(state, now, verdict.priority, calendar, limits, answered=False),
    )


@transaction.atomic
def note_follow_ups(*, parents: Iterable[Incident], now: datetime) -> None:
    """The author wrote again in the thread of these incidents: mark them, so the queue shows it."""
    ids = sorted({parent.pk for parent in parents})
    changed = list(Incident.objects.select_for_update(of=("self",)).filter(pk__in=ids).order_by("pk"))
    for incident in changed:
        incident.author_replied_at = now
    _trace(changed, ["author_replied_at"], "author_replied", now)


@transaction.atomic
def note_changes(*, messages: Iterable[SourceMessage], now: datetime) -> None:
    """The network says these messages were edited, deleted or restored: the cards must show the truth.

    The question of an unsplit message follows its new text; answers and states are left to people.
    """
    texts = {message.pk: message for message in messages}
    changed = list(
        Incident.objects.select_for_update(of=("self",)).filter(message_id__in=texts).order_by("pk")
    )
    for incident in changed:
        message = texts[incident.message_id]
        if incident.part == 0 and message.has_content:
            incident.question = message.text[:LONGEST_QUESTION]
    _trace(changed, ["question"], "message_changed", now)


def tell_of_authors(*, author_ids: Collection[int]) -> None:
    """The names of these authors became known: open desks show them; the incidents themselves stay as they are."""
    announce(Incident.objects.filter(message__author__in=author_ids).open())


def _trace(changed: list[Incident], fields: list[str], verb: str, now: datetime) -> None:
    for incident in changed:
        incident.version += 1
    Incident.objects.bulk_update(changed, [*fields, "version"])
    audit.record_many(by=SYSTEM, verb=verb, entries=[audit.Entry(each) for each in changed], now=now)
    Move.objects.bulk_create(
        Move(
            incident=each,
            verb=verb,
            before=each.state,
            after=each.state,
            at=now,
            actor_name=SYSTEM.name,
            executor_id=each.executor_id,
        )
        for each in changed
    )
    announce(changed)
