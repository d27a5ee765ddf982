"""Carrying moderation out: claim a row, call the network with no transaction open, write what came of it."""

import logging
import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from otklik.audit import operations as audit
from otklik.casework.enums import ModerationMeasure, ModerationState
from otklik.casework.models import ModerationAction
from otklik.casework.operations.answering import target_of
from otklik.casework.operations.moderating import locked_action
from otklik.channels import operations as channels
from otklik.channels import rules as outbox
from otklik.channels.base import Deed, Order, Outcome, Result
from otklik.channels.enums import DeliveryState
from otklik.channels.models import Delivery
from otklik.common.actor import SYSTEM

log = logging.getLogger(__name__)

# Longer than the longest two calls of one deed: whoever holds a claim that old is dead, and a repeat does no harm.
LEASE = timedelta(minutes=3)
_DEEDS = {
    (ModerationMeasure.REMOVE, False): Deed.REMOVE,
    (ModerationMeasure.REMOVE, True): Deed.RESTORE,
    (ModerationMeasure.BAN, False): Deed.BAN,
    (ModerationMeasure.BAN, True): Deed.UNBAN,
}
_ENDS = {
    DeliveryState.DELIVERED: ModerationState.DONE,
    DeliveryState.MANUAL: ModerationState.BY_HAND,
    DeliveryState.REFUSED: ModerationState.REFUSED,
}
# How a warning stands, by the receipts of the outbox; nobody knows whether an uncertain one was read.
_WARNED = {
    DeliveryState.DELIVERED: ModerationState.DONE,
    DeliveryState.MANUAL: ModerationState.BY_HAND,
    DeliveryState.UNCERTAIN: ModerationState.BY_HAND,
    DeliveryState.REFUSED: ModerationState.REFUSED,
}


@dataclass(frozen=True, slots=True)
class Claim:
    """One action in hand, and until when it is ours."""

    action: ModerationAction
    lease: datetime


def _due(now: datetime) -> Q:
    abandoned = Q(state=ModerationState.DOING, lease_until__lt=now)
    ready = Q(state=ModerationState.ASKED, next_attempt_at__lte=now)
    return (ready | abandoned) & ~Q(measure=ModerationMeasure.WARN)


def waits(*, now: datetime) -> bool:
    """Whether something is to be carried out now."""
    return ModerationAction.objects.filter(_due(now)).exists()


def carry_out_next(*, clock: Callable[[], datetime]) -> int:
    """Carry out what waits longest; returns 1, or 0 when nothing is due. Call it outside a transaction.

    Safe in any number of processes at once: each row has one holder, and a deed that is repeated changes nothing.
    """
    claim = _claim(clock())
    if claim is None:
        return 0
    action = claim.action
    try:
        outcome = channels.carry_out(
            connection=action.message.connection, order=order_of(action), now=clock()
        )
    except Exception as error:
        log.exception("moderation action %s failed", action.pk)
        outcome = Outcome(Result.RETRY, reason="our_mistake", detail=type(error).__name__)
    _finish(claim, outcome, clock())
    return 1


@transaction.atomic
def _claim(now: datetime) -> Claim | None:
    waiting = ModerationAction.objects.filter(_due(now)).order_by("next_attempt_at", "pk")
    found = waiting.select_for_update(skip_locked=True, of=("self",))
    action = found.select_related("rule", "message__connection", "message__thread", "message__author").first()
    if action is None:
        return None
    lease = now + LEASE
    action.state, action.lease_until = ModerationState.DOING, lease
    action.attempts += 1
    action.save(update_fields=["state", "lease_until", "attempts"])
    return Claim(action, lease)


def order_of(action: ModerationAction) -> Order:
    """What the network is asked for."""
    rule = action.rule
    return Order(
        page_id=action.message.connection.external_id,
        deed=_DEEDS[ModerationMeasure(action.measure), action.undoing],
        target=target_of(action.message),
        until=action.until,
        ground=rule.ground if rule else "",
        words=rule.title if rule else "",
    )


@transaction.atomic
def _finish(claim: Claim, outcome: Outcome, now: datetime) -> None:
    action = locked_action(claim.action)
    if action.state != ModerationState.DOING or action.lease_until != claim.lease:
        return
    step = outbox.after_sending(outcome, attempts=action.attempts, jitter=random.random())
    action.lease_until = None
    action.reason, action.detail = step.reason, outcome.detail
    if step.state not in _ENDS:
        action.state, action.next_attempt_at = ModerationState.ASKED, now + timedelta(seconds=step.wait)
        action.attempts -= not step.counted
        action.save()
        return
    state = _ENDS[step.state]
    _settle(action, ModerationState.UNDONE if action.undoing and state == _DONE else state, now)


_DONE = ModerationState.DONE


def _settle(action: ModerationAction, state: ModerationState, now: datetime) -> None:
    action.state = state
    action.finished_at = now if state in {_DONE, ModerationState.UNDONE} else None
    action.save()
    audit.record(
        by=SYSTEM, verb=f"moderation_{state}", subject=action, now=now, reason=action.reason,
        undoing=action.undoing,
    )  # fmt: skip


@transaction.atomic
def take_warning_receipt(*, delivery: Delivery, state: str, now: datetime) -> bool:
    """Learn from the outbox how a warning stands; False when the delivery is no warning."""
    action = ModerationAction.objects.filter(delivery=delivery).first()
    if action is None:
        return False
    kept = locked_action(action)
    waiting = {ModerationState.ASKED, ModerationState.BY_HAND, ModerationState.REFUSED}
    if kept.state in waiting and (then := _WARNED.get(DeliveryState(state))):
        kept.reason, kept.detail = delivery.reason, delivery.detail
        _settle(kept, then, now)
    return True
