"""The whole triage, from text to stored verdict: questions, topic by starter and learnt model, place, moment, personal
data, body, pairs of alike messages; look-ups and rows in a real PostgreSQL included.

Two workers take batches as the road does. The region has the demonstration's places and streets, its rules of routing,
and a learnt model of every topic. Messages are distinct: those of three regions in ../shared, or written ones where
that folder is absent (the note says which, and how long they are). A worker runs for weeks and has met most words
that people use; here it is warmed by WARM messages, the most that leaves enough of them to measure.
"""

import csv
import re
import statistics
import subprocess
import sys
import time
import zlib
from collections import defaultdict
from collections.abc import Callable
from datetime import UTC, datetime
from functools import wraps
from itertools import islice
from pathlib import Path
from typing import Any

from bench import stage
from bench.figures import Figure, against_limit, percentile
from bench.memory import pss_mb
from bench.near_texts import texts
from launch.interpreter import collect_seldom

APPEALS = Path(__file__).parents[2] / "shared/data/appeals"
WORKERS, BATCH, WARM, MOST, SINGLES, PAGES = 2, 200, 1200, 6000, 300, 40
SHORT, SHORTS = 150, 6000
"""A comment has so many characters at most; letters of the regions are three times as long on the average."""


_SENTENCE = re.compile(r"(?<=[.!?])\s")


def distinct(most: int = MOST) -> tuple[list[str], str]:
    """Messages to judge, each once, and where they come from."""
    found: dict[str, None] = {}
    for path in sorted(APPEALS.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            found.update((row["text"], None) for row in csv.DictReader(file))
    source = "real letters of three regions"
    if not found:
        source = "written messages: ../shared is absent"
        found.update((each.text, None) for each in islice(texts(3 * most), 3 * most) if not each.kind)
    chosen = sorted(found, key=hash_of)[:most]
    return chosen, f"{source}, {statistics.mean(map(len, chosen)):.0f} characters on average"


def hash_of(text: str) -> int:
    """An order that mixes the sets and is the same in every run."""
    return zlib.crc32(text.encode())


def main() -> None:
    if len(sys.argv) > 1:
        _work(int(sys.argv[1]))
        return
    stage.django_setup()
    said, about = distinct()
    _seed(said)
    single, stages = _singly()
    print(
        against_limit("triage_single_ms", single, "ms", 20.0, "p95 of one message in a transaction").line(),
        flush=True,
    )
    for name, spent in stages.items():
        print(Figure(f"triage_stage_{name}_us", round(spent, 1), "µs a message").line(), flush=True)
    per_second, memory = _together()
    print(against_limit("triage_rss_mb", memory, "MB", 600.0, "the larger of two workers").line(), flush=True)
    print(_throughput("triage_messages_per_second", per_second, about).line(), flush=True)
    _forget()
    short, about = comments()
    _receive(short)
    per_second, _memory = _together()
    print(_throughput("triage_short_messages_per_second", per_second, about).line(), flush=True)


def _throughput(name: str, per_second: float, about: str) -> Figure:
    share = round(per_second / 1000, 3)
    return Figure(name, round(per_second, 1), "messages/s", "at least", 1000, share, about)


def comments() -> tuple[list[str], str]:
    """Messages of the size of a comment, each once: sentences of letters."""
    said, _about = distinct(5 * MOST)
    sentences = (each for text in said for each in _SENTENCE.split(text))
    found = dict.fromkeys(each for each in sentences if 20 <= len(each) <= SHORT)
    chosen = sorted(found, key=hash_of)[:SHORTS]
    return chosen, f"{len(chosen)} sentences of letters, {statistics.mean(map(len, chosen)):.0f} characters"


def _seed(said: list[str]) -> None:
    from django.db import transaction

    from demo import into_registry
    from otklik.common.actor import Actor
    from otklik.triage import operations as triage
    from otklik.triage.nlp.starter.sources import load_examples

    now = datetime.now(UTC)
    stage.seed_pages(PAGES, now)
    with transaction.atomic():
        into_registry.places(now=now)
    by = Actor(None, "bench")
    rows = "\n".join(["topic\ttext", *(f"{topic}\t{text}" for topic, text in load_examples())])
    triage.import_examples(name="starter", body=rows.encode(), by=by, now=now)
    model = triage.ask_training(by=by, now=now)
    triage.train_next(now=now)
    triage.activate(model=model, by=by, now=now)
    _receive(said)


def _receive(said: list[str]) -> None:
    """Messages to judge, in turn on every page; those that were there are gone."""
    from otklik.channels.models import Connection
    from otklik.inbox.models import SourceMessage

    SourceMessage.objects.all().delete()
    connections = list(Connection.objects.select_related("page").order_by("pk"))
    now = datetime.now(UTC)
    SourceMessage.objects.bulk_create(
        SourceMessage(
            connection=connections[number % PAGES], page=connections[number % PAGES].page, place="wall",
            object_id="1", external_id=str(number), text=text, received_at=now,
        )
        for number, text in enumerate(said)
    )  # fmt: skip


def _batch(size: int) -> list[Any]:
    from otklik.inbox.models import SourceMessage

    return list(
        SourceMessage.objects.untriaged()
        .select_for_update(skip_locked=True, of=("self",))
        .select_related("page__organization", "thread", "author")[:size]
    )


def _judge(size: int) -> int:
    """One batch as the road takes it: locked, judged, marked."""
    from django.db import transaction

    from otklik.inbox.models import SourceMessage
    from otklik.triage import operations as triage

    now = datetime.now(UTC)
    with transaction.atomic():
        messages = _batch(size)
        triage.judge_messages(messages=messages, now=now)
        SourceMessage.objects.filter(pk__in=[each.pk for each in messages]).update(triaged_at=now)
    return len(messages)


def _judge_one() -> float:
    """Seconds from a message at hand to its verdict committed."""
    from django.db import transaction

    from otklik.inbox.models import SourceMessage
    from otklik.triage import operations as triage

    now = datetime.now(UTC)
    with transaction.atomic():
        [message] = _batch(1)
        SourceMessage.objects.filter(pk=message.pk).update(triaged_at=now)
    start = time.perf_counter()
    with transaction.atomic():
        triage.judge_messages(messages=[message], now=now)
    return time.perf_counter() - start


def _singly() -> tuple[float, dict[str, float]]:
    """p95 of single messages, milliseconds; then what each stage of a batch takes, microseconds a message."""
    from otklik.inbox.models import SourceMessage

    collect_seldom()
    for _ in range(WARM // BATCH):
        _judge(BATCH)
    took = [_judge_one() * 1000 for _ in range(SINGLES)]
    spent, judged = _by_stage()
    SourceMessage.objects.update(triaged_at=None)
    _forget()
    return percentile(took, 0.95), {name: seconds / judged * 1e6 for name, seconds in spent.items()}


def _forget() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("truncate triage_verdict, triage_likenesskey, triage_duplicatehint cascade")


def _by_stage() -> tuple[dict[str, float], int]:
    from otklik.triage.operations import duplicates, judging, learnt

    spent: dict[str, float] = defaultdict(float)

    def timed(name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(call)
        def measured(*given: Any, **named: Any) -> Any:
            start = time.perf_counter()
            try:
                return call(*given, **named)
            finally:
                spent[name] += time.perf_counter() - start

        return measured

    named = {
        "words": (judging, "read_message"),
        "questions_and_starter": (judging, "judge_read"),
        "personal": (judging, "find_in"),
        "place": (judging, "find_place"),
        "moment": (judging, "find_moment"),
        "routes": (judging, "routes_by"),
        "rows": (judging, "write_verdicts"),
        "duplicates": (duplicates, "find_duplicates"),
    }
    before = {name: getattr(module, word) for name, (module, word) in named.items()}
    opinions = learnt.Active.opinions
    for name, (module, word) in named.items():
        setattr(module, word, timed(name, before[name]))
    learnt.Active.opinions = timed("learnt", opinions)  # type: ignore[method-assign]
    start, judged = time.perf_counter(), 0
    for _ in range(4):
        judged += _judge(BATCH)
    spent["the_rest"] = time.perf_counter() - start - sum(spent.values())
    for name, (module, word) in named.items():
        setattr(module, word, before[name])
    learnt.Active.opinions = opinions  # type: ignore[method-assign]
    return dict(spent), judged


def _together() -> tuple[float, float]:
    """Messages a second of all workers, and the memory of the largest of them."""
    command = [sys.executable, "-m", "bench.triage_pipeline"]
    workers = [
        subprocess.Popen([*command, str(number)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for number in range(WORKERS)
    ]
    for each in workers:
        assert _line(each) == "ready"
    start = time.perf_counter()
    for each in workers:
        assert each.stdin is not None
        each.stdin.write("go\n")
        each.stdin.flush()
    judged = [int(_line(each)) for each in workers]
    seconds = time.perf_counter() - start
    memory = max(pss_mb(each.pid) for each in workers)
    for each in workers:
        each.communicate("bye\n")
    return sum(judged) / seconds, memory


def _line(worker: "subprocess.Popen[str]") -> str:
    assert worker.stdout is not None
    return worker.stdout.readline().strip()


def _work(number: int) -> None:
    """A worker: warm by its share of messages that do not count, then everything that is left, with the other one."""
    stage.django_setup()
    collect_seldom()
    for _ in range(WARM // BATCH):
        _judge(BATCH)
    print("ready", flush=True)
    sys.stdin.readline()
    judged = 0
    while taken := _judge(BATCH):
        judged += taken
    print(judged, flush=True)
    sys.stdin.readline()


if __name__ == "__main__":
    main()
