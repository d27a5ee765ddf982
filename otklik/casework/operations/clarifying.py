"""Questions to the author: sent into the thread, waited for with the clocks standing still, answered or given up."""

import logging
from datetime import datetime, timedelta
from typing import Any

from django.db import InterfaceError, OperationalError, transaction

from otklik.casework.enums import AnswerKind, AnswerStatus, DeliveryNote, RejectReason, State
from otklik.casework.models import Answer, Incident
from otklik.casework.operations.answering import ON_ITS_WAY, fit_to_send, one_at_a_time, send
from otklik.casework.operations.basis import locked, move, set_status, shifted, sla_limits, touch
from otklik.casework.operations.places import place_of
from otklik.channels import operations as channels
from otklik.channels.enums import DeliveryState
from otklik.channels.models import Delivery
from otklik.common.actor import SYSTEM, Actor
from otklik.inbox.models import SourceMessage
from otklik.people.models import Account
from otklik.triage import operations as triage
from otklik.triage.enums import PlaceStatus

log = logging.getLogger(__name__)

# A question leaves by one key: so long it can be called back before the resident sees it.
HOLD = timedelta(seconds=7)
SILENT_A_BATCH = 200


@transaction.atomic
def ask(*, incident: Incident, text: str, by: Account, now: datetime, version: int | None = None) -> Answer:
    """Ask the author under the message, and stop the clocks until the reply.

    The time to reply begins when the question stands in the network. Raises AnswerIsEmpty, AnswerTooLong,
    QuestionOnItsWay, StaleCard, IllegalMove.
    """
    text = fit_to_send(text)
    incident = locked(incident, version=version)
    one_at_a_time(incident)
    move(
        incident,
        verb="ask",
        by=by.actor,
        now=now,
        returns_to=incident.state,
        stage_due_at=None,
        delivery_note=DeliveryNote.NONE,
        author_replied_at=None,
    )
    question = Answer(
        incident=incident,
        kind=AnswerKind.QUESTION,
        status=AnswerStatus.PUBLISHING,
        text=text,
        cycle=incident.cycle,
        author=by,
        created_at=now,
        updated_at=now,
    )
    send(question, incident, now, hold=HOLD)
    return question


@transaction.atomic
def go_on(*, incident: Incident, by: Actor, now: datetime, version: int | None = None) -> Incident:
    """Go on without the reply: the place was found another way. Raises QuestionOnItsWay while it is being sent."""
    incident = locked(incident, version=version)
    one_at_a_time(incident)
    return _come_back(incident, by, verb="go_on", now=now)


def take_receipt(incident: Incident, question: Answer, delivery: Delivery, state: str, now: datetime) -> None:
    """Learn how the delivery of a question stands; the incident is locked, the receipt is fresh."""
    waits = incident.state == State.CLARIFICATION
    if state == DeliveryState.DELIVERED:
        at = delivery.finished_at or now
        set_status(question, AnswerStatus.PUBLISHED, now, published_at=at)
        # Who has replied, or was not waited for, has no time to reply any more.
        changes: dict[str, Any] = {"stage_due_at": at + sla_limits().silence} if waits else {}
        _note(incident, "asked", now, delivery.permalink, **changes)
    elif state in {DeliveryState.REFUSED, DeliveryState.CANCELLED}:
        set_status(question, AnswerStatus.UNDELIVERABLE, now)
        if waits:
            _come_back(
                incident,
                SYSTEM,
                verb="unasked",
                now=now,
                reason=delivery.reason,
                delivery_note=DeliveryNote.NOT_ASKED,
            )
    elif state == DeliveryState.UNCERTAIN and question.status != AnswerStatus.UNCERTAIN:
        set_status(question, AnswerStatus.UNCERTAIN, now)
        _note(incident, "delivery_uncertain", now, delivery.reason, delivery_note=DeliveryNote.UNCERTAIN)
    elif state == DeliveryState.MANUAL and incident.delivery_note != DeliveryNote.MANUAL:
        touch(
            incident,
            verb="delivery_manual",
            by=SYSTEM,
            now=now,
            reason=delivery.reason,
            delivery_note=DeliveryNote.MANUAL,
        )
    elif state == DeliveryState.WAITING and incident.delivery_note:
        set_status(question, AnswerStatus.PUBLISHING, now)
        _note(incident, "delivery_again", now)


def _note(incident: Incident, verb: str, now: datetime, reason: str = "", **changes: Any) -> None:
    touch(
        incident,
        verb=verb,
        by=SYSTEM,
        now=now,
        reason=reason,
        **{"delivery_note": DeliveryNote.NONE} | changes,
    )


def take_back(*, incident: Incident, question: Answer, by: Actor, now: datetime) -> None:
    """The question was called back before it left; the incident is locked."""
    set_status(question, AnswerStatus.UNDELIVERABLE, now)
    if incident.state == State.CLARIFICATION:
        _come_back(incident, by, verb="unasked", now=now, reason="taken_back")


def take_reply(incident: Incident, reply: SourceMessage, now: datetime) -> None:
    """The author wrote on: a locked incident that waited for it goes on, with the place that is now known.

    A reply that comes when the waiting is over brings back what was put aside for silence.
    """
    if incident.state == State.REJECTED:
        incident.reason = ""
        changes = _place_again(incident, reply, now)
        move(
            incident,
            verb="replied_late",
            by=SYSTEM,
            now=now,
            closed_at=None,
            author_replied_at=now,
            **changes,
        )
        return
    _call_off(incident, now)
    changes = _place_again(incident, reply, now)
    _come_back(
        incident,
        SYSTEM,
        verb="replied",
        now=now,
        author_replied_at=now,
        delivery_note=DeliveryNote.NONE,
        **changes,
    )


def _call_off(incident: Incident, now: datetime) -> None:
    """The author was faster than our question: one that has not left yet is not sent any more."""
    question = (
        Answer.objects.filter(incident=incident, kind=AnswerKind.QUESTION, status__in=ON_ITS_WAY)
        .select_related("delivery")
        .first()
    )
    if question is None or question.delivery is None:
        return
    try:
        with transaction.atomic():
            channels.cancel(delivery=question.delivery, by=SYSTEM, now=now)
    except channels.TooLate:
        return
    set_status(question, AnswerStatus.UNDELIVERABLE, now)


def _place_again(incident: Incident, reply: SourceMessage, now: datetime) -> dict[str, Any]:
    """The place by the question and the reply together; nothing new when they say nothing new."""
    try:
        with transaction.atomic():
            text = f"{incident.question}\n{reply.text}"
            judged = triage.judge_text(message=incident.message, text=text, now=now)
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        # The reply itself must reach a person, whatever a text does to the reading of it.
        log.exception("incident %s: the place could not be looked for in the reply", incident.pk)
        return {}
    if judged.verdict.place_status in {PlaceStatus.FOUND, PlaceStatus.AMBIGUOUS}:
        return place_of(judged.verdict)
    return {}


def _come_back(
    incident: Incident, by: Actor, *, verb: str, now: datetime, reason: str = "", **changes: Any
) -> Incident:
    """Lead a locked incident back to where the author was asked; its clocks go on from where they stood."""
    asked = incident.moves.filter(verb="ask").order_by("-pk").first()
    stage_due_at = asked.old_stage_due_at if asked else None
    return move(
        incident,
        verb=verb,
        by=by,
        now=now,
        reason=reason,
        **shifted(incident, incident.entered_at, now, stage_due_at),
        returns_to="",
        **changes,
    )


@transaction.atomic
def reject_silent(*, now: datetime) -> int:
    """Put aside a batch of incidents whose authors were asked and said nothing; returns how many.

    Each can be restored for 30 days, and a late reply restores it by itself.
    """
    silent = list(
        Incident.objects.filter(state=State.CLARIFICATION, stage_due_at__lte=now)
        .select_for_update(skip_locked=True, of=("self",))
        .order_by("stage_due_at", "id")[:SILENT_A_BATCH]
    )
    for incident in silent:
        incident.reason = RejectReason.NO_DETAILS
        move(
            incident,
            verb="no_reply",
            by=SYSTEM,
            now=now,
            reason=RejectReason.NO_DETAILS,
            **shifted(incident, incident.entered_at, now, None),
            returns_to="",
            closed_at=now,
        )
    return len(silent)
