"""The formal tracks: a matter goes to another order of things, its author is told, the result comes back."""

from datetime import datetime
from typing import Any

from django.db import transaction

from otklik.casework import rules
from otklik.casework.enums import AnswerKind, AnswerStatus, DeliveryNote, Resolution, TransferTarget
from otklik.casework.models import Answer, Incident
from otklik.casework.operations.answering import fit_to_send, one_at_a_time, send
from otklik.casework.operations.basis import locked, move, required, set_status, sla_limits, touch
from otklik.channels.enums import DeliveryState
from otklik.channels.models import Delivery
from otklik.common.actor import SYSTEM, Actor
from otklik.people.models import Account
from otklik.registry import operations as registry


@transaction.atomic
def transfer(
    *,
    incident: Incident,
    target: str,
    text: str,
    reason: str,
    by: Account,
    now: datetime,
    version: int | None = None,
) -> Answer:
    """Hand the matter over to a formal track and tell its author, in one act. `target` is one of TransferTarget.

    The note is no answer: it sets no first answer. Raises AnswerIsEmpty, QuestionOnItsWay, NeedsReason, IllegalMove.
    """
    text = fit_to_send(text)
    incident = locked(incident, version=version)
    one_at_a_time(incident)
    if target not in TransferTarget.values:
        raise rules.IllegalMove
    incident.reason = target
    move(
        incident,
        verb="transfer",
        by=by.actor,
        now=now,
        reason=required(reason),
        code=target,
        stage_due_at=rules.note_due(now, incident.priority, registry.working_calendar(), sla_limits()),
        delivery_note=DeliveryNote.NONE,
        closed_at=now,
    )
    return _note(incident, text, by, now)


@transaction.atomic
def tell_again(
    *, incident: Incident, text: str, by: Account, now: datetime, version: int | None = None
) -> Answer:
    """Send the author of a transferred matter a further note: the first did not arrive, or there is news."""
    text = fit_to_send(text)
    incident = locked(incident, version=version)
    rules.check_stay("tell_again", incident.state)
    one_at_a_time(incident)
    touch(incident, verb="tell_again", by=by.actor, now=now, delivery_note=DeliveryNote.NONE)
    return _note(incident, text, by, now)


def _note(incident: Incident, text: str, by: Account, now: datetime) -> Answer:
    note = Answer(
        incident=incident,
        kind=AnswerKind.NOTE,
        status=AnswerStatus.PUBLISHING,
        text=text,
        cycle=incident.cycle,
        author=by,
        created_at=now,
        updated_at=now,
    )
    send(note, incident, now)
    return note


@transaction.atomic
def take_result(
    *, incident: Incident, result: str, by: Actor, now: datetime, version: int | None = None
) -> Incident:
    """Write down what the other track decided; the incident is closed as forwarded."""
    incident = locked(incident, version=version)
    return move(
        incident,
        verb="take_result",
        by=by,
        now=now,
        reason=required(result),
        resolution=Resolution.FORWARDED,
        closed_at=now,
    )


def take_receipt(incident: Incident, note: Answer, delivery: Delivery, state: str, now: datetime) -> None:
    """Learn how the delivery of a note stands; the incident is locked, the receipt is fresh."""
    if state == DeliveryState.DELIVERED:
        set_status(note, AnswerStatus.PUBLISHED, now, published_at=delivery.finished_at or now)
        _told(incident, "noted", now, delivery.permalink, stage_due_at=None)
    elif state in {DeliveryState.REFUSED, DeliveryState.CANCELLED}:
        set_status(note, AnswerStatus.UNDELIVERABLE, now)
        _told(incident, "not_noted", now, delivery.reason, delivery_note=DeliveryNote.NOT_NOTED)
    elif state == DeliveryState.UNCERTAIN and note.status != AnswerStatus.UNCERTAIN:
        set_status(note, AnswerStatus.UNCERTAIN, now)
        _told(incident, "delivery_uncertain", now, delivery.reason, delivery_note=DeliveryNote.UNCERTAIN)
    elif state == DeliveryState.MANUAL and incident.delivery_note != DeliveryNote.MANUAL:
        _told(incident, "delivery_manual", now, delivery.reason, delivery_note=DeliveryNote.MANUAL)
    elif state == DeliveryState.WAITING and incident.delivery_note:
        set_status(note, AnswerStatus.PUBLISHING, now)
        _told(incident, "delivery_again", now)


def _told(incident: Incident, verb: str, now: datetime, reason: str = "", **changes: Any) -> None:
    touch(
        incident,
        verb=verb,
        by=SYSTEM,
        now=now,
        reason=reason,
        **{"delivery_note": DeliveryNote.NONE} | changes,
    )


def take_back(*, incident: Incident, note: Answer, by: Actor, now: datetime) -> None:
    """The note was called back before it left; the incident is locked, and its author still has to be told."""
    set_status(note, AnswerStatus.UNDELIVERABLE, now)
    touch(
        incident, verb="not_noted", by=by, now=now, reason="taken_back", delivery_note=DeliveryNote.NOT_NOTED
    )
