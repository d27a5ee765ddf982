"""What becomes of a text on its way: the receipts of the outbox, and a person who takes it back."""

from datetime import datetime
from typing import Any

from django.db import transaction

from otklik.casework import rules
from otklik.casework.enums import AnswerKind, AnswerStatus, DeliveryNote, State
from otklik.casework.models import Answer, Incident
from otklik.casework.operations import assembling, clarifying, mass_receipts, transferring, watching
from otklik.casework.operations.answering import ON_ITS_WAY
from otklik.casework.operations.basis import (
    StaleCard,
    keep_as_draft,
    locked,
    move,
    set_status,
    sla_limits,
    touch,
)
from otklik.casework.operations.family import Family
from otklik.channels import operations as channels
from otklik.channels.enums import DeliveryState
from otklik.channels.models import Delivery
from otklik.common.actor import SYSTEM, Actor
from otklik.people.models import Account
from otklik.registry import operations as registry

IN_FLIGHT = frozenset({DeliveryState.WAITING, DeliveryState.SENDING, DeliveryState.CHECKING})


@transaction.atomic
def record_receipt(*, delivery: Delivery, state: str, now: datetime) -> None:
    """Learn from the outbox how a publication stands. A receipt that comes twice or too late changes nothing."""
    answers = (
        Answer.objects.filter(delivery=delivery).order_by("incident_id").values_list("incident_id", "pk")
    )
    of_them = dict(answers)
    if not of_them:
        raise Answer.DoesNotExist
    # A reply to several questions of one message is the answer of each of them; all are locked before the delivery is,
    # as everywhere: a person may be sending it again at this very moment.
    incidents = list(Incident.objects.filter(pk__in=of_them).select_for_update(of=("self",)).order_by("pk"))
    delivery = Delivery.objects.select_for_update(of=("self",)).get(pk=delivery.pk)
    for incident in incidents:
        _take_receipt(incident, Answer.objects.get(pk=of_them[incident.pk]), delivery, state, now)


def _take_receipt(incident: Incident, answer: Answer, delivery: Delivery, state: str, now: datetime) -> None:
    if answer.status not in ON_ITS_WAY or answer.delivery_id != delivery.pk or _is_old(state, delivery):
        return
    answer.delivery = delivery
    if delivery.waits_for_key and incident.delivery_note == DeliveryNote.HELD:
        return
    if state == DeliveryState.MANUAL and answer.status == AnswerStatus.UNCERTAIN:
        # A person had it sent again, and it ended before the receipt of that was read, which is too old by now.
        _pass_on(incident, answer, delivery, DeliveryState.WAITING, now)
    _pass_on(incident, answer, delivery, state, now)
    if delivery.waits_for_key:
        note, reason = DeliveryNote.HELD, delivery.reason
        touch(incident, verb="delivery_held", by=SYSTEM, now=now, reason=reason, delivery_note=note)


def _pass_on(incident: Incident, answer: Answer, delivery: Delivery, state: str, now: datetime) -> None:
    """To whom the text belongs: a reply to one of many, a question or a note to the author, the answer itself."""
    if answer.round_id is not None:
        mass_receipts.take_receipt(incident, answer, delivery, state, now)
    elif answer.kind in _BESIDE:
        _BESIDE[AnswerKind(answer.kind)](incident, answer, delivery, state, now)
    else:
        _take(incident, answer, delivery, state, now)


_BESIDE = {AnswerKind.QUESTION: clarifying.take_receipt, AnswerKind.NOTE: transferring.take_receipt}


def _take(incident: Incident, answer: Answer, delivery: Delivery, state: str, now: datetime) -> None:
    if state == DeliveryState.DELIVERED:
        _published(incident, answer, delivery, now)
    elif state == DeliveryState.UNCERTAIN and incident.state == State.PUBLISHING:
        set_status(answer, AnswerStatus.UNCERTAIN, now)
        move(
            incident,
            verb="delivery_uncertain",
            by=SYSTEM,
            now=now,
            reason=delivery.reason,
            delivery_note=DeliveryNote.UNCERTAIN,
        )
    elif state == DeliveryState.MANUAL and incident.delivery_note != DeliveryNote.MANUAL:
        touch(
            incident,
            verb="delivery_manual",
            by=SYSTEM,
            now=now,
            reason=delivery.reason,
            delivery_note=DeliveryNote.MANUAL,
        )
    elif state in {DeliveryState.REFUSED, DeliveryState.CANCELLED}:
        _undeliverable(incident, answer, delivery.reason, SYSTEM, now)
    elif state == DeliveryState.WAITING:
        _on_its_way_again(incident, answer, now)


def _is_old(state: str, delivery: Delivery) -> bool:
    """Whether the delivery has gone on since: a refusal that is being tried again gives nobody the draft back."""
    if state == DeliveryState.WAITING:
        return delivery.state not in IN_FLIGHT
    return state != delivery.state


def _on_its_way_again(incident: Incident, answer: Answer, now: datetime) -> None:
    """A person has had it sent again: it no longer waits for somebody to look or to publish by hand."""
    if incident.state == State.UNCERTAIN:
        set_status(answer, AnswerStatus.PUBLISHING, now)
        move(incident, verb="delivery_again", by=SYSTEM, now=now, delivery_note=DeliveryNote.NONE)
    elif incident.delivery_note in {DeliveryNote.MANUAL, DeliveryNote.HELD}:
        touch(incident, verb="delivery_again", by=SYSTEM, now=now, delivery_note=DeliveryNote.NONE)


def _published(incident: Incident, answer: Answer, delivery: Delivery, now: datetime) -> None:
    set_status(answer, AnswerStatus.PUBLISHED, now, published_at=delivery.finished_at or now)
    move(
        incident,
        verb=_ANSWERED[AnswerKind(answer.kind)],
        by=SYSTEM,
        now=now,
        reason=delivery.permalink,
        first_answer_at=incident.first_answer_at or answer.published_at,
        delivery_note=DeliveryNote.NONE,
        author_replied_at=None,
        **_by_kind(incident, answer),
    )
    watching.look_at(answer, now)


_ANSWERED = {
    AnswerKind.FINAL: "answered",
    AnswerKind.INTERIM: "answered_interim",
    AnswerKind.PLAN: "answered_plan",
}


def _by_kind(incident: Incident, answer: Answer) -> dict[str, Any]:
    """What an answer that stands in the network changes: an interim one and a plan open a control of their day."""
    if answer.kind == AnswerKind.FINAL:
        return {"resolution": answer.resolution, "final_due_at": None, "interims": 0, "interim_permits": 0}
    assert answer.promised_for is not None  # noqa: S101 — a promise of the database
    assert answer.published_at is not None  # noqa: S101 — it has just been set
    if answer.kind == AnswerKind.PLAN:
        plans = incident.plans + 1
        return {"final_due_at": answer.promised_for, "plans": plans, "interims": 0, "interim_permits": 0}
    calendar = registry.working_calendar()
    due = rules.final_due(answer.published_at, answer.promised_for, incident.priority, calendar, sla_limits())
    # Neither a further interim answer nor the norm takes back what the coordinator has given.
    extended = incident.final_due_at if incident.extensions else None
    return {"final_due_at": max(due, extended) if extended else due, "interims": incident.interims + 1}


def _undeliverable(incident: Incident, answer: Answer, reason: str, by: Actor, now: datetime) -> None:
    set_status(answer, AnswerStatus.UNDELIVERABLE, now)
    # The text comes back as a draft: a person mends it or answers another way, nothing is typed twice.
    keep_as_draft(answer, now)
    move(
        incident,
        verb="undeliverable",
        by=by,
        now=now,
        reason=reason,
        delivery_note=DeliveryNote.UNDELIVERABLE,
    )


@transaction.atomic
def take_back(*, incident: Incident, by: Account, now: datetime, version: int | None = None) -> Incident:
    """Stop a publication that nobody sent yet, of an answer or of a question to the author.

    Raises StaleCard when nothing is on its way, TooLate when the network may have it already.
    """
    if Answer.objects.filter(incident=incident, status=AnswerStatus.PUBLISHING, together=True).exists():
        # All questions of the message, in the order in which everybody locks them.
        Family.of(incident.message_id, by.actor, now)
    incident = locked(incident, version=version)
    answer = (
        Answer.objects.filter(incident=incident, status=AnswerStatus.PUBLISHING)
        .select_related("delivery")
        .first()
    )
    if answer is None or (answer.delivery is None and not answer.together):
        raise StaleCard
    if answer.delivery is not None:
        channels.cancel(delivery=answer.delivery, by=by.actor, now=now)
        assembling.split_up(answer)
    if answer.kind == AnswerKind.QUESTION:
        clarifying.take_back(incident=incident, question=answer, by=by.actor, now=now)
    elif answer.kind == AnswerKind.NOTE:
        transferring.take_back(incident=incident, note=answer, by=by.actor, now=now)
    else:
        _undeliverable(incident, answer, "taken_back", by.actor, now)
    return Incident.objects.get(pk=incident.pk)
