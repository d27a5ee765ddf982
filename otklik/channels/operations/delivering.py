"""The work of the outbox: claim, call the network with no transaction open, write what came of it."""

import hashlib
import logging
import random
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db import connection as database
from django.db import transaction
from django.db.models import Count, Q

from otklik.channels import http, rules
from otklik.channels.base import Letter, NetworkFailure, Outcome, Result, Sender
from otklik.channels.enums import DeliveryState
from otklik.channels.models import Attempt, Delivery
from otklik.channels.operations import keys
from otklik.channels.operations.outbox import finish, target_of, tell_owner
from otklik.channels.operations.proving import keep_found
from otklik.channels.vk import send as vk
from otklik.registry.enums import Network

log = logging.getLogger(__name__)

SENDERS: Mapping[str, Sender] = {Network.VK: vk}
THREADS = 8
# So many answers of one page are on their way at once, that a mass answer leaves room for the other pages.
IN_FLIGHT_OF_A_PAGE = 2
# A round ends for all threads together: one that goes on waiting for the slots of a busy page would keep the others
# from what came due meanwhile.
ROUND_SECONDS = 1.0
# Longer than the slot is waited for and the longest call takes: whoever holds a claim that old is dead.
LEASE = timedelta(seconds=http.LONGEST_CALL_SECONDS + keys.PATIENCE_SECONDS + 20)
# A worker that was stopped for a while must not send on a claim that another may have taken over.
SAFE_TO_SEND = timedelta(seconds=15)

Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Claim:
    """One delivery in hand: what to do with it and until when it is ours."""

    delivery: Delivery
    check: bool
    lease: datetime


def deliver_due(*, limit: int, clock: Clock, threads: int = THREADS) -> int:
    """Deliver or check what is due, at most `limit`; returns how many were handled.

    Safe to run in any number of processes at once. Call it outside a transaction.
    """
    waiting = min(limit, Delivery.objects.due(clock()).count())
    workers = min(threads, waiting)
    until = time.monotonic() + ROUND_SECONDS
    if workers <= 1:
        return _work(waiting, clock, until)
    shares = [waiting // workers + (number < waiting % workers) for number in range(workers)]
    with ThreadPoolExecutor(workers, thread_name_prefix="deliver") as pool:
        return sum(pool.map(lambda share: _work_apart(share, clock, until), shares))


def _work_apart(share: int, clock: Clock, until: float) -> int:
    try:
        return _work(share, clock, until)
    finally:
        database.close()


def _work(share: int, clock: Clock, until: float) -> int:
    """Handle up to `share` deliveries, at least one, until the round is over."""
    done = 0
    while done < share and (not done or time.monotonic() < until) and (claim := _claim(clock())):
        done += 1
        _handle(claim, clock)
    return done


@transaction.atomic
def _claim(now: datetime) -> Claim | None:
    """Take the next delivery: the one that waits longest, of a page that is not already busy."""
    in_flight = Delivery.objects.filter(state=DeliveryState.SENDING, lease_until__gte=now)
    busy = in_flight.values("connection").annotate(n=Count("id")).filter(n__gte=IN_FLIGHT_OF_A_PAGE)
    free = Delivery.objects.due(now).filter(
        Q(state=DeliveryState.CHECKING) | ~Q(connection__in=busy.values("connection"))
    )
    delivery = (
        free.select_for_update(skip_locked=True, of=("self",)).select_related("connection__page").first()
    )
    if delivery is None:
        return None
    lease = now + LEASE
    check = delivery.state != DeliveryState.WAITING
    if delivery.state == DeliveryState.SENDING:
        # Its worker died with the request perhaps on the way: from here on only reading may tell.
        Attempt.objects.create(delivery=delivery, at=now, result=Result.UNKNOWN, reason="abandoned")
        delivery.checks = 0
    delivery.state = DeliveryState.CHECKING if check else DeliveryState.SENDING
    delivery.lease_until = delivery.next_attempt_at = lease
    if not check:
        delivery.attempts += 1
        delivery.checks = 0
        delivery.first_sent_at = delivery.first_sent_at or now
    delivery.save(
        update_fields=["state", "lease_until", "next_attempt_at", "attempts", "checks", "first_sent_at"]
    )
    return Claim(delivery, check, lease)


def _handle(claim: Claim, clock: Clock) -> None:
    try:
        outcome = _check(claim, clock) if claim.check else _send(claim, clock)
    except Exception as error:
        # A mistake of ours after the call went out is as unknown an outcome as a lost response.
        log.exception("delivery %s failed", claim.delivery.pk)
        outcome = Outcome(Result.UNKNOWN, reason="our_mistake", detail=type(error).__name__)
    _record(claim, outcome, clock())


def _send(claim: Claim, clock: Clock) -> Outcome:
    delivery, now = claim.delivery, clock()
    sender, letter = SENDERS[delivery.connection.network], _letter(delivery)
    if reason := keys.is_barred(delivery.connection, delivery.place):
        return sender.by_hand(letter, reason)
    if now > claim.lease - LEASE + SAFE_TO_SEND:
        return Outcome(Result.RETRY, reason="too_fast", detail="the claim is too old to send on")
    try:
        outcome = sender.deliver(letter, keys.keys_of(delivery.connection, now=now))
    except NetworkFailure as failure:
        keys.blame(connection=delivery.connection, failure=failure, place=delivery.place, now=clock())
        outcome = rules.outcome_of(failure)
        if outcome.result is Result.MANUAL:
            return replace(sender.by_hand(letter, outcome.reason), detail=outcome.detail)
        return outcome
    if outcome.result is Result.DELIVERED:
        keys.note_success(delivery.connection, delivery.place, now=clock())
    return outcome


def _check(claim: Claim, clock: Clock) -> Outcome:
    delivery, now = claim.delivery, clock()
    try:
        return SENDERS[delivery.connection.network].find(
            _letter(delivery), keys.keys_of(delivery.connection, now=now)
        )
    except NetworkFailure as failure:
        # A right to read that is missing says nothing about the right to answer.
        keys.blame(connection=delivery.connection, failure=failure, place="", now=clock())
        return rules.outcome_of_reading(failure)


def _letter(delivery: Delivery) -> Letter:
    same_place = Delivery.objects.filter(
        connection=delivery.connection, place=delivery.place, object_id=delivery.object_id
    )
    taken = same_place.exclude(pk=delivery.pk).exclude(external_id="").values_list("external_id", flat=True)
    # With the moment of creation in it, a restored or new database never repeats a key of an older one.
    seed = f"{delivery.owner}:{delivery.pk}:{delivery.created_at.isoformat()}"
    return Letter(
        page_id=delivery.connection.external_id,
        target=target_of(delivery),
        text=delivery.text,
        key=hashlib.sha256(seed.encode()).hexdigest(),
        sent_after=delivery.first_sent_at,
        taken=frozenset(taken),
    )


@transaction.atomic
def _record(claim: Claim, outcome: Outcome, now: datetime) -> None:
    delivery = Delivery.objects.select_for_update(of=("self",)).get(pk=claim.delivery.pk)
    Attempt.objects.create(
        delivery=delivery, at=now, result=outcome.result, reason=outcome.reason, detail=outcome.detail
    )
    ours = delivery.lease_until == claim.lease
    doubtful = delivery.state in rules.DOUBTFUL
    # A claim that outlived its lease may still bring proof; any other news of it is older than what is known.
    if not doubtful or not (ours or outcome.result is Result.DELIVERED):
        return
    jitter = random.random()
    if claim.check:
        delivery.checks += 1
        step = rules.after_checking(
            outcome, checks=delivery.checks, attempts=delivery.attempts, jitter=jitter
        )
    else:
        step = rules.after_sending(outcome, attempts=delivery.attempts, jitter=jitter)
    if step.reason in rules.BY_KEY and not keys.is_stopped(delivery.connection, now=now):
        # Whoever mended the key meanwhile woke what slept then: what went to sleep now nobody would wake.
        step = replace(step, reason="", wait=rules.MENDED_MEANWHILE)
    _apply(delivery, outcome, step, check=claim.check, now=now)


def _apply(delivery: Delivery, outcome: Outcome, step: rules.Step, *, check: bool, now: datetime) -> None:
    slept = delivery.reason in rules.BY_KEY
    delivery.reason, delivery.detail = step.reason, outcome.detail
    delivery.next_attempt_at = now + timedelta(seconds=step.wait)
    delivery.lease_until = None
    if not step.counted and check:
        delivery.checks -= 1
    elif not step.counted:
        delivery.attempts -= 1
    if outcome.external_id:
        delivery.external_id = outcome.external_id
    if outcome.permalink:
        delivery.permalink, delivery.snapshot = outcome.permalink, dict(outcome.snapshot)
    if step.state in rules.FINAL:
        finish(delivery, step.state, now)
    else:
        delivery.state = step.state
        if delivery.waits_for_key and not slept:
            # Such a sleep has no end of its own: the owner tells people.
            tell_owner(delivery, now)
    delivery.save()
    if step.state is DeliveryState.DELIVERED:
        keep_found(delivery, now)
