"""The road of a message, step by step. Every step commits by itself, is safe to repeat, and leaves rows to look at.

1. `read_events`: raw events → messages (inbox). One page is read by one worker at a time, in order of arrival.
2. `judge_messages`: messages → verdicts (triage) → incidents (casework).
3. `drain_receipts`: what happened to answers in the network → casework.
"""

import json
import logging
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef

from otklik.casework import operations as casework
from otklik.casework.enums import State
from otklik.casework.operations import (
    assembling,
    exchange_export,
    exchange_import,
    mass_fan_out,
    mass_leaving,
    mass_opening,
    moderation_doing,
    satisfied,
)
from otklik.channels import operations as channels
from otklik.channels.base import Incoming, What
from otklik.channels.models import Connection, Delivery, Receipt
from otklik.channels.vk.parse import BadEvent, parse
from otklik.common import jobs
from otklik.common.wakeup import wake_up
from otklik.flow import turns
from otklik.flow.conversations import goes_on, parents_of
from otklik.flow.failures import passes, words_of
from otklik.inbox import operations as inbox
from otklik.inbox.enums import EventState
from otklik.inbox.models import RawEvent, SourceMessage
from otklik.registry.operations import imports
from otklik.triage import operations as triage
from otklik.triage.rules import Action

log = logging.getLogger(__name__)

EVENTS_A_BATCH = 400
PAGES_A_BATCH = 64
# However few pages wait, a batch takes no more of one: who writes on a quiet page waits for the batch in hand.
LEAST_OF_A_PAGE, MOST_OF_A_PAGE = 25, 100
MESSAGES_A_BATCH = 200
RECEIPTS_A_BATCH = 100


def read_events(*, now: datetime) -> int:
    """Read one batch of raw events; returns how many rows were taken, 0 when nothing waits."""
    with transaction.atomic():
        connections = _claim_pages()
        events = _events_of(connections)
        if not events:
            return 0
        try:
            with transaction.atomic():
                _read(events, connections, now)
        except Exception as error:
            if passes(error):
                raise
            log.exception("a batch of events failed; reading it one by one")
            _read_one_by_one(events, connections, now)
    return len(events)


def _claim_pages() -> dict[int, Connection]:
    """Lock pages with unread events. New events of a locked page may still be stored: the lock spares its key."""
    ids = turns.EVENTS.pages(PAGES_A_BATCH)
    rows = Connection.objects.select_for_update(skip_locked=True, no_key=True, of=("self",)).filter(
        pk__in=ids
    )
    return {row.pk: row for row in rows}


def _events_of(connections: dict[int, Connection]) -> list[RawEvent]:
    """The oldest events of each page, so many of each that a flood on one page cannot crowd out the others."""
    if not connections:
        return []
    share = min(max(LEAST_OF_A_PAGE, EVENTS_A_BATCH // len(connections)), MOST_OF_A_PAGE)
    return list(
        RawEvent.objects.raw(
            "select e.* from unnest(%s::bigint[]) c(id) cross join lateral ("
            " select * from inbox_rawevent where connection_id = c.id and state = 'new' order by id limit %s) e"
            " order by e.id",
            [list(connections), share],
        )
    )


def _read(events: Sequence[RawEvent], connections: dict[int, Connection], now: datetime) -> None:
    items: list[tuple[Connection, Incoming]] = []
    for event in events:
        items += [(connections[event.connection_id], item) for item in _parsed(event)]
    received = inbox.receive(items=items, now=now)
    if any(each.author is not None and not each.author.name for each in received.new):
        wake_up(jobs.AUTHOR_NAMES)
    casework.note_changes(messages=received.changed, now=now)
    # Incidents are locked before deliveries, as by whoever takes a receipt. What is recognised below is looked at when
    # its receipt comes.
    casework.note_published_changes(messages=[*received.changed, *received.new], now=now)
    for page, item in items:
        if item.is_own and item.what == What.NEW:
            # Our own answer comes back as an event: a proof that needs no key to read with.
            channels.recognise(connection=page, incoming=item, now=now)
            channels.witness(connection=page, incoming=item, now=now)
    _keep_states(events)
    Connection.objects.filter(pk__in={event.connection_id for event in events}).update(last_event_at=now)


def _keep_states(events: Sequence[RawEvent]) -> None:
    """Write what became of the events: one statement a state, since only failures have words of their own."""
    for state in (EventState.READ, EventState.IGNORED):
        RawEvent.objects.filter(pk__in=[each.pk for each in events if each.state == state]).update(
            state=state
        )
    RawEvent.objects.bulk_update(
        [each for each in events if each.state == EventState.FAILED], ["state", "error"]
    )


def _parsed(event: RawEvent) -> list[Incoming]:
    """What the event tells; an event that cannot be read stays as `failed`, with its bytes and the reason."""
    try:
        items = parse(json.loads(bytes(event.body)))
    except (BadEvent, ValueError, RecursionError) as error:
        event.state, event.error = EventState.FAILED, words_of(error)
        return []
    told = [item for item in items if item.what != "other"]
    event.state = EventState.READ if told else EventState.IGNORED
    return told


def _read_one_by_one(events: Sequence[RawEvent], connections: dict[int, Connection], now: datetime) -> None:
    """The batch again, event by event: the one that breaks it is set aside, the others are not delayed."""
    for event in events:
        try:
            with transaction.atomic():
                _read([event], connections, now)
        except Exception as error:
            if passes(error):
                raise
            log.exception("event %s cannot be read", event.pk)
            RawEvent.objects.filter(pk=event.pk).update(state=EventState.FAILED, error=words_of(error))


def judge_messages(*, now: datetime) -> int:
    """Judge one batch of messages and open their incidents; returns how many, 0 when nothing waits."""
    with transaction.atomic():
        messages = turns.unjudged(pages=PAGES_A_BATCH, messages=MESSAGES_A_BATCH)
        if not messages:
            return 0
        try:
            with transaction.atomic():
                _open_incidents(messages, triage.judge_messages(messages=messages, now=now), now)
        except Exception as error:
            if passes(error):
                raise
            log.exception("a batch of messages failed; judging it one by one")
            return _judge_one_by_one(messages, now)
    return len(messages)


def _open_incidents(
    messages: Sequence[SourceMessage], judged: Sequence[triage.Judged], now: datetime
) -> None:
    mass_leaving.hear_other(messages=messages, now=now)
    parents = parents_of(messages)
    # Before anything is reopened by the same words: they are about the answer that stands now.
    satisfied.hear(said=[(each, parents[each.pk]) for each in messages if each.pk in parents], now=now)
    for each in judged:
        parent = parents.get(each.verdict.message_id)
        # A question after the answer is work of its own: attached, it would stand in no queue.
        if parent is None or goes_on(parent, each.verdict.message, now):
            continue
        if each.action != Action.REJECT or parent.state == State.CLOSED:
            del parents[each.verdict.message_id]
    openings = [
        casework.Opening(
            verdict=each.verdict,
            question=each.verdict.message.text,
            action=each.action,
            reason=each.reason,
            suggested_id=each.suggested_id,
            municipality_id=each.municipality_id,
            parent=parents.get(each.verdict.message_id),
        )
        for each in judged
    ]
    mass_opening.join_late(incidents=casework.open_many(openings=openings, now=now), now=now)
    follow_ups = [(message, parents[message.pk]) for message in messages if message.pk in parents]
    casework.note_follow_ups(follow_ups=follow_ups, now=now)
    SourceMessage.objects.filter(pk__in=[message.pk for message in messages]).update(triaged_at=now)


def _judge_one_by_one(messages: Sequence[SourceMessage], now: datetime) -> int:
    """The batch again, message by message: one that cannot be judged goes to a person, the others are not delayed."""
    done = 0
    for message in messages:
        for judge in (triage.judge_messages, triage.leave_to_person):
            try:
                with transaction.atomic():
                    _open_incidents([message], judge(messages=[message], now=now), now)
            except Exception as error:
                if passes(error):
                    raise
                log.exception("message %s: %s failed", message.pk, judge.__name__)
            else:
                done += 1
                break
    return done


def drain_receipts(*, now: datetime) -> int:
    """Tell casework what happened to its answers, each in a transaction of its own; returns how many were drained.

    Safe to run in any number of threads and processes at once: each takes the next that nobody has in hand.
    """
    drained, last = 0, 0
    for _turn in range(RECEIPTS_A_BATCH):
        taken = _drain_next(last, now)
        if taken is None:
            break
        last, was_drained = taken
        drained += was_drained
    return drained


@transaction.atomic
def _drain_next(after: int, now: datetime) -> tuple[int, bool] | None:
    """The next receipt after this one, and whether casework took it; what it cannot take holds up its own delivery.

    A receipt waits for the earlier ones of its delivery: two workers must not change the order of the story.
    """
    earlier = Receipt.objects.filter(drained_at=None, delivery=OuterRef("delivery"), pk__lt=OuterRef("pk"))
    receipts = Receipt.objects.select_for_update(skip_locked=True, of=("self",)).select_related("delivery")
    receipt = receipts.filter(~Exists(earlier), pk__gt=after, drained_at=None).order_by("pk").first()
    if receipt is None:
        return None
    try:
        if not receipt.delivery.owner.startswith("moderation:"):
            casework.record_receipt(delivery=receipt.delivery, state=receipt.state, now=now)
        else:
            moderation_doing.take_warning_receipt(delivery=receipt.delivery, state=receipt.state, now=now)
    except Exception as error:
        if passes(error):
            raise
        log.exception("receipt %s was not taken", receipt.pk)
        return receipt.pk, False
    Receipt.objects.filter(pk=receipt.pk).update(drained_at=now)
    return receipt.pk, True


def what_waits(*, now: datetime) -> list[str]:
    """Names of the jobs that have something to do."""
    untriaged = SourceMessage.objects.untriaged().exists()
    waits = {
        jobs.READ_EVENTS: untriaged or RawEvent.objects.filter(state=EventState.NEW).exists(),
        jobs.DELIVER: Delivery.objects.due(now).exists(),
        jobs.DRAIN_RECEIPTS: Receipt.objects.filter(drained_at=None).exists(),
        jobs.FAN_OUT: mass_fan_out.waits(now=now),
        jobs.ASSEMBLE: assembling.replies_wait(now=now),
        jobs.MODERATE: moderation_doing.waits(now=now),
        jobs.TABLES: imports.waits(),
        jobs.TRAIN: triage.training_waits(),
        jobs.EXAMPLES: triage.tables_wait(),
        jobs.EXCHANGE: exchange_export.exports_wait() or exchange_import.tables_wait(),
    }
    return [job for job, waiting in waits.items() if waiting]
