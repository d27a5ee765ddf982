"""Near-duplicates among 100 000 messages: how many planted pairs are found and how many found pairs are right; and what
a message costs, written and looked up, while the table grows to a million messages.

Real rows in a real PostgreSQL, in batches as the road judges them. `BENCH_DUPLICATES=20000` tries a smaller size.
"""

import os
import statistics
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import TYPE_CHECKING

from bench import stage
from bench.figures import Figure, against_limit
from bench.near_texts import Text, texts

if TYPE_CHECKING:
    from otklik.channels.models import Connection
    from otklik.inbox.models import SourceMessage

BATCH, FILLED, JUDGED, MILLION = 200, 20_000, 100_000, 1_000_000
SIZES = {10_000: "10k", 100_000: "100k", 1_000_000: "1m"}
MARK, ROUNDS, ERRORS = 0.95, 25, 12
PAGES = 40
# The whole triage of a message has two milliseconds of one of two cores.
LIMIT_US = 1000.0


class Tried:
    """What was planted and what was found."""

    def __init__(self) -> None:
        self.texts: dict[int, Text] = {}
        self.first: dict[int, int] = {}
        self.planted = self.found = self.pairs = self.right = 0
        self.missed: Counter[str] = Counter()
        self.kinds: Counter[str] = Counter()
        self.said: list[str] = []

    def judge(
        self, messages: "list[SourceMessage]", told: Iterable[Text], pairs: dict[int, list[int]]
    ) -> None:
        """Compare what was found for a batch with what was planted in it."""
        for message, text in zip(messages, told, strict=True):
            self.texts[message.pk] = text
            if text.kind:
                self._copy(message, text, pairs.get(message.pk, []))
            else:
                self.first[text.origin] = message.pk
        for message in messages:
            for other in pairs.get(message.pk, ()):
                self._pair(message.pk, other)

    def _copy(self, message: "SourceMessage", text: Text, found: list[int]) -> None:
        origin = self.first[text.origin]
        met = origin in found
        self.planted += 1
        self.found += met
        self.kinds[text.kind] += 1
        if not met:
            self.missed[text.kind] += 1
            self._say(f"missed ({text.kind})", message.pk, origin)

    def _pair(self, one: int, other: int) -> None:
        self.pairs += 1
        if self.texts[one].origin == self.texts[other].origin:
            self.right += 1
        else:
            self._say("wrong", one, other)

    def _say(self, what: str, one: int, other: int) -> None:
        if sum(each.startswith(what) for each in self.said) < ERRORS:
            self.said.append(f"{what}:\n    {self.texts[one].text}\n    {self.texts[other].text}")


def main() -> None:
    stage.django_setup()
    size = int(os.environ.get("BENCH_DUPLICATES", MILLION))
    now = datetime.now(UTC)
    pages = _pages(now)
    tried, source = Tried(), texts(size + ROUNDS * BATCH * len(SIZES))
    written, cost = 0, {}
    for mark, name in SIZES.items():
        if written >= size:
            break
        upto = min(mark, size)
        while written < min(upto, JUDGED):
            _step(list(islice(source, BATCH)), pages, now, tried)
            written += BATCH
        while written < upto:
            _fill(list(islice(source, FILLED)), pages, now)
            written += FILLED
            print(f"{written} messages", file=sys.stderr, flush=True)
        _settle()
        cost[name] = _cost(source, pages, now, tried if written <= JUDGED else None)
        print(_figure(name, cost), flush=True)
        if upto == min(JUDGED, size):
            _report(tried)


def _figure(name: str, cost: dict[str, float]) -> str:
    first = next(iter(cost.values()))
    note = f"keys, look-up and check in batches of {BATCH}, median of {ROUNDS}; {cost[name] / first:.2f} × of the first"
    return against_limit(f"duplicates_us_per_message_{name}", cost[name], "us", LIMIT_US, note).line()


def _report(tried: Tried) -> None:
    note = f"{tried.planted} planted pairs among {len(tried.texts)} messages"
    for figure in (
        Figure("duplicates_recall", round(tried.found / tried.planted, 4), "share", "mark", MARK, note=note),
        Figure("duplicates_precision", round(tried.right / tried.pairs, 4), "share", "mark", MARK,
               note=f"{tried.pairs} pairs found"),
    ):  # fmt: skip
        print(figure.line(), flush=True)
    kinds = (f"{kind} {tried.missed[kind]}/{number}" for kind, number in sorted(tried.kinds.items()))
    print(f"missed by kind: {', '.join(kinds)}", *tried.said, sep="\n  ", file=sys.stderr)


def _pages(now: datetime) -> "list[Connection]":
    from otklik.channels.models import Connection

    stage.seed_pages(PAGES, now)
    return list(Connection.objects.select_related("page"))


def _step(told: list[Text], pages: "list[Connection]", now: datetime, tried: Tried | None) -> float:
    """Write and look up one batch; the seconds that only the search for duplicates took."""
    from django.db import transaction

    from otklik.triage.operations.duplicates import find_duplicates

    with transaction.atomic():
        messages = _messages(told, pages, now)
        began = time.perf_counter()
        found = find_duplicates(messages=messages, now=now)
        took = time.perf_counter() - began
    if tried is not None:
        tried.judge(
            messages, told, {number: [each.message_id for each in near] for number, near in found.items()}
        )
    return took


def _fill(told: list[Text], pages: "list[Connection]", now: datetime) -> None:
    """More messages with the keys that they always get, without comparing them: both tables are loaded by COPY."""
    from django.db import connection, transaction

    from otklik.inbox.models import SourceMessage

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "select nextval(pg_get_serial_sequence('inbox_sourcemessage', 'id')) from generate_series(1, %s)",
            [len(told)],
        )
        ids = [row[0] for row in cursor.fetchall()]
        fields = [each for each in SourceMessage._meta.concrete_fields if not each.generated]
        example = _message(told[0], pages, now)
        usual = {
            each.column: each.get_db_prep_save(getattr(example, each.attname), connection) for each in fields
        }
        with cursor.copy(f"copy inbox_sourcemessage ({', '.join(map(str, usual))}) from stdin") as copy:
            for number, text in zip(ids, told, strict=True):
                page = pages[number % len(pages)]
                own = {"id": number, "external_id": str(next(_numbers)), "text": text.text,
                       "connection_id": page.pk, "page_id": page.page_id}  # fmt: skip
                copy.write_row(list((usual | own).values()))
        with cursor.copy("copy triage_likenesskey (key, message_id) from stdin") as copy:
            copy.write("".join(f"{key}\t{number}\n" for key, number in sorted(set(_keys(ids, told)))))


def _keys(ids: list[int], told: list[Text]) -> Iterator[tuple[int, int]]:
    """The keys of the messages, computed as many at once as stay in the nearer memory."""
    from otklik.triage.nlp.likeness import keys_of

    for start in range(0, len(told), 1000):
        texts = [each.text for each in told[start : start + 1000]]
        for number, keys in zip(ids[start : start + 1000], keys_of(texts), strict=True):
            yield from ((key, number) for key in keys)


_numbers: Iterator[int] = iter(range(10**9))


def _messages(told: list[Text], pages: "list[Connection]", now: datetime) -> "list[SourceMessage]":
    from otklik.inbox.models import SourceMessage

    return SourceMessage.objects.bulk_create(_message(each, pages, now) for each in told)


def _message(text: Text, pages: "list[Connection]", now: datetime) -> "SourceMessage":
    from otklik.inbox.models import SourceMessage

    number = next(_numbers)
    page = pages[number % len(pages)]
    return SourceMessage(
        connection=page, page=page.page, kind="comment", place="wall", object_id="1", external_id=str(number),
        text=text.text, received_at=now - timedelta(minutes=1),
    )  # fmt: skip


def _cost(source: Iterator[Text], pages: "list[Connection]", now: datetime, tried: Tried | None) -> float:
    """Microseconds a message, the median of several batches that are new to the table."""
    took = [_step(list(islice(source, BATCH)), pages, now, tried) for _ in range(ROUNDS)]
    return statistics.median(took) / BATCH * 1e6


def _settle() -> None:
    """What the database does by itself in quieter minutes, so that no batch is measured under it."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("vacuum analyze triage_likenesskey")
        cursor.execute("vacuum analyze inbox_sourcemessage")
        cursor.execute("checkpoint")


if __name__ == "__main__":
    main()
