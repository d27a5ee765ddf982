"""Verbs of the outbox: what is queued, taken back, sent again, or settled by a person."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from otklik.audit import operations as audit
from otklik.channels import rules
from otklik.channels.base import Incoming, Target
from otklik.channels.enums import DeliveryState
from otklik.channels.models import Attempt, Connection, Delivery, Receipt
from otklik.channels.operations.proving import keep_proof, same_words
from otklik.channels.vk.places import id_in_link, link_to
from otklik.common.actor import Actor
from otklik.common.jobs import DELIVER, DRAIN_RECEIPTS
from otklik.common.wakeup import wake_up

BY_HAND = "by-hand"  # the proof of an answer whose link names no number


class TooLate(Exception):
    """Отправка уже идёт или завершена: это действие больше не возможно."""


class LinkIsMissing(Exception):
    """Чтобы отметить ответ опубликованным, укажите ссылку на него."""


@transaction.atomic
def enqueue(
    *,
    connection: Connection,
    owner: str,
    target: Target,
    text: str,
    now: datetime,
    hold: timedelta = timedelta(0),
) -> Delivery:
    """Queue one answer, in the caller's transaction. The same owner is queued once, however often asked.

    `hold` is how long it lies before it may leave, so that it can be taken back.
    """
    delivery, created = Delivery.objects.get_or_create(
        owner=owner,
        defaults={
            "connection": connection,
            "place": target.place,
            "object_id": target.object_id,
            "reply_to": target.reply_to,
            "root_id": target.root_id,
            "author_id": target.author_id,
            "author_name": target.author_name,
            "text": text,
            "next_attempt_at": now + hold,
            "created_at": now,
        },
    )
    if created and not hold:
        # What is held is found by the timetable when its time comes.
        wake_up(DELIVER)
    return delivery


@transaction.atomic
def cancel(*, delivery: Delivery, by: Actor, now: datetime) -> Delivery:
    """Take back what certainly does not stand in the network. Raises TooLate."""
    delivery = _locked(delivery, rules.CANCELLABLE)
    delivery.state, delivery.finished_at = DeliveryState.CANCELLED, now
    delivery.save(update_fields=["state", "finished_at"])
    audit.record(by=by, verb="cancel_delivery", subject=delivery, now=now)
    return delivery


@transaction.atomic
def retry(*, delivery: Delivery, by: Actor, now: datetime, hold: timedelta = timedelta(0)) -> Delivery:
    """Send again what the network refused or nobody had the right for, not before `hold` has passed. Raises TooLate."""
    delivery = _locked(delivery, rules.RETRIABLE)
    _send_again(delivery, now, hold)
    audit.record(by=by, verb="retry_delivery", subject=delivery, now=now)
    return delivery


@transaction.atomic
def settle(
    *, delivery: Delivery, by: Actor, found: bool, now: datetime, permalink: str = "", again: bool = True
) -> Delivery:
    """A person has looked into the network: the answer stands there (with its link), or it does not.

    What is not there is sent once more with the same keys of idempotence, or, without `again`, given up.
    Raises TooLate, and LinkIsMissing when it was found but the link is neither given nor known.
    """
    delivery = _locked(delivery, rules.SETTLEABLE)
    if found:
        link = permalink or (delivery.permalink if delivery.external_id else "")
        if not link:
            raise LinkIsMissing
        delivery.external_id = id_in_link(link) or delivery.external_id or BY_HAND
        delivery.permalink, delivery.reason = link, "by_person"
        finish(delivery, DeliveryState.DELIVERED, now)
        delivery.save()
    elif again:
        _send_again(delivery, now)
    else:
        delivery.reason = "by_person"
        finish(delivery, DeliveryState.REFUSED, now)
        delivery.save()
    audit.record(
        by=by, verb="settle_delivery", subject=delivery, now=now, found=found, again=again, link=permalink
    )
    return delivery


@transaction.atomic
def recognise(*, connection: Connection, incoming: Incoming, now: datetime) -> Delivery | None:
    """The page's own message came back as an event: when its fate was not known, the event is the proof.

    So it is when an administrator has published a ready text by hand. Works without any reading key. Returns the
    delivery that it settled.
    """
    if not incoming.is_own or not incoming.external_id:
        return None
    # What was sent once and waits for another try may stand there after all: reading lags behind writing.
    tried = Q(state=DeliveryState.WAITING, first_sent_at__isnull=False)
    doubtful = Delivery.objects.select_for_update(of=("self",)).filter(
        Q(state__in=rules.PROVABLE) | tried,
        connection=connection,
        place=incoming.place,
        object_id=incoming.object_id,
        reply_to__in=["", incoming.reply_to],
    )
    for delivery in doubtful.order_by("id"):
        if not same_words(delivery.text, incoming.text):
            continue
        taken = Delivery.objects.filter(
            connection=connection, place=incoming.place, object_id=incoming.object_id
        )
        if taken.filter(external_id=incoming.external_id).exists():
            return None
        link = link_to(connection.external_id, target_of(delivery), incoming.external_id, incoming.root_id)
        delivery.external_id, delivery.permalink = incoming.external_id, link
        delivery.snapshot = {"event": {"id": incoming.external_id, "text": incoming.text}}
        finish(delivery, DeliveryState.DELIVERED, now)
        delivery.save()
        keep_proof(delivery, incoming.text, incoming.sent_at, now)
        Attempt.objects.create(delivery=delivery, at=now, result="delivered", reason="own_event")
        return delivery
    return None


def finish(delivery: Delivery, state: DeliveryState, now: datetime) -> None:
    """Give the delivery a state its owner must learn: a receipt, a wake-up, in the caller's transaction."""
    delivery.state, delivery.lease_until = state, None
    delivery.finished_at = now
    tell_owner(delivery, now)


def tell_owner(delivery: Delivery, now: datetime) -> None:
    """A receipt of how the delivery stands, and a wake-up, in the caller's transaction."""
    Receipt.objects.create(delivery=delivery, state=delivery.state, at=now)
    wake_up(DRAIN_RECEIPTS)


def target_of(delivery: Delivery) -> Target:
    """Where the answer must stand, as the value that crosses into a network's folder."""
    return Target(
        place=delivery.place,
        object_id=delivery.object_id,
        reply_to=delivery.reply_to,
        author_id=delivery.author_id,
        author_name=delivery.author_name,
        root_id=delivery.root_id,
    )


def _send_again(delivery: Delivery, now: datetime, hold: timedelta = timedelta(0)) -> None:
    delivery.state, delivery.next_attempt_at = DeliveryState.WAITING, now + hold
    delivery.attempts = delivery.checks = 0
    delivery.reason, delivery.finished_at = "", None
    delivery.save()
    # The owner must not go on telling people that it waits for them.
    tell_owner(delivery, now)
    wake_up(DELIVER)


def _locked(delivery: Delivery, allowed: frozenset[DeliveryState]) -> Delivery:
    delivery = Delivery.objects.select_for_update(of=("self",)).get(pk=delivery.pk)
    if delivery.state not in allowed:
        raise TooLate
    return delivery
