"""Messages that look like one: writing their keys, and one look-up for a whole batch of them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db import connection

from otklik.inbox.models import SourceMessage
from otklik.triage.nlp.likeness import NEAR, Said, keys_of_said, likeness, said

TEXT_WINDOW = timedelta(days=30)
"""Texts are compared with those of so long ago; later the same words are a new matter."""

MOST_PAIRS = 5
"""More pairs of one message help nobody: a text on a thousand pages is seen by its first five."""

# A bucket is read from its newest end, so far and no further, which keeps a look-up as quick in a million messages
# as in ten thousand; then so many messages that share the most keys are compared word by word. One key in common is
# an accident: of a hundred such pairs hardly one is near. The key of the whole text tells more than all the bands.
_OF_A_BUCKET, _LEAST_SHARED, _COMPARED, _ALL_SAME = 6, 2, 6, 100
_LONGEST = 8000
_MET = """
with asked as (
  select ids[(number - 1) / %(each)s + 1] as message_id, key,
         case when (number - 1) %% %(each)s = 0 then %(whole)s else 1 end as counts
  from (select %(messages)s::bigint[] as ids) listed, unnest(%(keys)s::bigint[]) with ordinality flat(key, number)
), met as (
  select asked.message_id, found.message_id as other, sum(asked.counts) as shared
  from asked
  cross join lateral (
    select each.message_id from triage_likenesskey each
    where each.key = asked.key and each.message_id <> asked.message_id
    order by each.message_id desc limit %(bucket)s
  ) found
  group by 1, 2
  having sum(asked.counts) >= %(least)s
), ranked as (
  select *, row_number() over (partition by message_id order by shared desc, other desc) as place from met
)
select ranked.message_id, message.id, left(message.text, %(longest)s), message.page_id, message.author_id,
       coalesce(message.sent_at, message.received_at)
from ranked join inbox_sourcemessage message on message.id = ranked.other
where ranked.place <= %(compared)s and message.received_at >= %(since)s and message.deleted_at is null
"""

# In the order of the index: neighbours land on the same page of it.
_WRITTEN = """
insert into triage_likenesskey (key, message_id)
select key, ids[(number - 1) / %(each)s + 1]
from (select %(messages)s::bigint[] as ids) listed, unnest(%(keys)s::bigint[]) with ordinality flat(key, number)
order by 1, 2
on conflict do nothing
"""

Reason = tuple[str, *tuple[float, ...]]


class Met(NamedTuple):
    """A message that shares keys with the one asked for."""

    message_id: int
    text: str
    page_id: int
    author_id: int | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Alike:
    """Another message that says nearly the same: how nearly, 0 to 1, and why it is thought so.

    Reasons are codes with figures: same_text, near_text (score), other_page, same_author, minutes (apart).
    """

    message_id: int
    score: float
    reasons: tuple[Reason, ...]


Keys = Mapping[int, tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class Read:
    """Messages with their words and keys, by id; messages that say too little have no keys and are left out of them."""

    messages: Sequence[SourceMessage]
    said: dict[int, Said]
    keys: Keys


def read(messages: Sequence[SourceMessage]) -> Read:
    """Read the texts of messages once, for keeping their keys and for comparing them."""
    words = {message.pk: said(message.text) for message in messages}
    keys = zip(words, keys_of_said(list(words.values())), strict=True)
    return Read(messages, words, {number: each for number, each in keys if each})


def alike(what: Read, *, since: datetime, keep: bool = False) -> dict[int, list[Alike]]:
    """The messages near to each, likest first, at most MOST_PAIRS; received since the instant.

    `keep` the keys for those who ask later; keys that are there already stay.
    """
    words = dict(what.said)
    found: dict[int, list[Alike]] = {}
    met = _met(what.keys, since, keep)
    for message in what.messages:
        near = (_compared(message, each, words) for each in met.get(message.pk, ()))
        likest = sorted((each for each in near if each), key=lambda each: (-each.score, -each.message_id))
        if likest:
            found[message.pk] = likest[:MOST_PAIRS]
    return found


def _met(keys: Keys, since: datetime, keep: bool) -> dict[int, list[Met]]:
    met: dict[int, list[Met]] = defaultdict(list)
    if keys:
        limits = {"bucket": _OF_A_BUCKET, "least": _LEAST_SHARED, "compared": _COMPARED, "longest": _LONGEST}
        with connection.cursor() as cursor:
            # Two statements in one go; the second sees what the first wrote, so a batch finds its own pairs.
            asked = f"{_WRITTEN};{_MET}" if keep else _MET
            cursor.execute(asked, {**_flat(keys), **limits, "whole": _ALL_SAME, "since": since})
            if keep:
                cursor.nextset()
            for message_id, *row in cursor.fetchall():
                met[message_id].append(Met(*row))
    return met


def _flat(keys: Keys) -> dict[str, Any]:
    """The keys of all messages one after another, `each` of them a message, as the text of an array: the driver would
    dress every one of thousands of numbers by itself."""
    numbers = (key for each in keys.values() for key in each)
    return {
        "messages": list(keys),
        "keys": f"{{{','.join(map(str, numbers))}}}",
        "each": len(next(iter(keys.values()))),
    }


def _compared(message: SourceMessage, other: Met, words: dict[int, Said]) -> Alike | None:
    if other.message_id not in words:
        words[other.message_id] = said(other.text)
    score = round(likeness(words[message.pk], words[other.message_id]), 3)
    return Alike(other.message_id, score, tuple(_reasons(message, other, score))) if score >= NEAR else None


def _reasons(message: SourceMessage, other: Met, score: float) -> Iterable[Reason]:
    yield ("same_text",) if score == 1 else ("near_text", score)
    if other.page_id != message.page_id:
        yield ("other_page",)
    if other.author_id is not None and other.author_id == message.author_id:
        yield ("same_author",)
    apart = abs((message.sent_at or message.received_at) - other.at)
    yield ("minutes", int(apart.total_seconds() // 60))


def forget_keys(*, now: datetime) -> int:
    """Drop the keys of messages too old to be compared with; returns how many rows went."""
    last = (
        SourceMessage.objects.filter(received_at__lt=now - TEXT_WINDOW)
        .order_by("-pk")
        .values_list("pk", flat=True)
        .first()
    )
    if last is None:
        return 0
    with connection.cursor() as cursor:
        cursor.execute("delete from triage_likenesskey where message_id <= %s", [last])
        return int(cursor.rowcount)
