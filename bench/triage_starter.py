"""How good the starter is on messages of three regions that it never saw: one JSON object a line.

    python -m bench.triage_starter [--confusion]

`accuracy` compares the predicted group with the column `coarse` by the lines of groups in coarse.tsv; `_one_name_`
lets every group have its main name alone; `_topic_table_` judges the single topic, by the lines of topics too, for the
sets file street lamps, hatches and the like elsewhere than our list does. Topics are compared where labels.tsv knows
what a label would be in our list. Nothing here teaches the model: it is built from lexicon and examples alone.
Skips, saying so, without ../shared.
"""

import csv
import re
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

PROJECT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(PROJECT))

from bench.figures import Figure, against_limit  # noqa: E402
from otklik.triage.nlp import Judgement, judge  # noqa: E402
from otklik.triage.nlp.starter import GroupGuess, guess_group  # noqa: E402
from otklik.triage.rules import THRESHOLD  # noqa: E402

APPEALS = PROJECT.parent / "shared/data/appeals"
SETS = ("perm", "kursk", "ryazan")
WANTED, LIMIT_MS = 0.72, 0.7
ROUNDS = 3


class Case(NamedTuple):
    """A message with what is known of it, and what the product says."""

    coarse: str
    right: frozenset[str]
    guess: GroupGuess
    judgement: Judgement


class Table(NamedTuple):
    """Coarse names by our group and by our topic; the first of a group is its main one."""

    groups: Mapping[str, list[str]]
    topics: Mapping[str, list[str]]


def rows_of(name: str) -> Iterator[list[str]]:
    lines = Path(__file__).with_name(name).read_text(encoding="utf-8").splitlines()
    return (line.split("\t") for line in [line for line in lines if not line.startswith("#")][1:])


@cache
def table() -> Table:
    groups, topics = defaultdict[str, list[str]](list), defaultdict[str, list[str]](list)
    for ours, coarse, _ in rows_of("coarse.tsv"):
        (topics if "." in ours else groups)[ours].append(coarse)
    return Table(groups, topics)


@cache
def right_topics(label: str) -> frozenset[str]:
    for pattern, topics in rows_of("labels.tsv"):
        if re.search(pattern, label.lower()):
            return frozenset(topics.split())
    return frozenset()


def read(name: str) -> list[Case]:
    with (APPEALS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return [
        Case(row["coarse"], right_topics(row["topic"]), guess_group(row["text"]), judge(row["text"]))
        for row in rows
    ]


def share(cases: Sequence[Case], test: Callable[[Case], bool]) -> float:
    return sum(map(test, cases)) / len(cases) if cases else 0.0


def group_is_right(case: Case) -> bool:
    return case.coarse in table().groups[case.guess.group]


def main_name_is_right(case: Case) -> bool:
    return case.coarse == table().groups[case.guess.group][0]


def topic_table_is_right(case: Case) -> bool:
    topic = case.judgement.topic
    return case.coarse in table().groups[topic.partition(".")[0]] + list(table().topics.get(topic, ()))


def topic_is_right(case: Case) -> bool:
    return case.judgement.topic in case.right


def macro_f1(cases: Sequence[Case]) -> float:
    """Over the coarse names that the set knows, by main names alone."""
    said = [table().groups[case.guess.group][0] for case in cases]
    hits, told = Counter[str](), Counter(said)
    known = Counter(case.coarse for case in cases)
    for case, name in zip(cases, said, strict=True):
        hits[name] += name == case.coarse
    return sum(2 * hits[name] / (told[name] + known[name]) for name in known) / len(known)


def figures(name: str, cases: Sequence[Case]) -> Iterator[Figure]:
    known, labelled = [c for c in cases if c.coarse], [c for c in cases if c.right]
    sure = [case for case in cases if case.judgement.confidence >= THRESHOLD and case.judgement.is_request]
    start = f"triage_starter_{name}"
    accuracy = share(known, group_is_right)
    yield Figure(
        f"{start}_accuracy", round(accuracy, 4), "share", "wanted", WANTED, round(accuracy / WANTED, 3)
    )
    shares = {
        "one_name_accuracy": share(known, main_name_is_right),
        "topic_table_accuracy": share(known, topic_table_is_right),
        "macro_f1": macro_f1(known),
        "topic_accuracy": share(labelled, topic_is_right),
        "above_threshold": len(sure) / len(cases),
        "topic_table_precision_above": share([c for c in sure if c.coarse], topic_table_is_right),
        "topic_precision_above": share([c for c in sure if c.right], topic_is_right),
        "not_a_request": share(cases, lambda case: not case.judgement.is_request),
        "calibration_error": calibration_error(labelled),
    }
    yield from (Figure(f"{start}_{code}", round(value, 4), "share") for code, value in shares.items())


def calibration_error(cases: Sequence[Case]) -> float:
    """How far the confidence in topics is from what comes true, on average over ten bands of confidence."""
    off = 0.0
    for low in range(10):
        band = [case for case in cases if low <= min(case.judgement.confidence * 10, 9.99) < low + 1]
        off += abs(sum(case.judgement.confidence for case in band) - sum(map(topic_is_right, band)))
    return off / max(len(cases), 1)


def speed() -> Figure:
    """The best of several passes over messages of about 300 characters, words already met."""
    texts: list[str] = []
    for name in SETS:
        with (APPEALS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            texts += [row["text"] for row in csv.DictReader(file) if 250 <= len(row["text"]) <= 350]
    best = float("inf")
    for _ in range(ROUNDS):
        started = time.perf_counter()
        for text in texts:
            judge(text)
        best = min(best, (time.perf_counter() - started) * 1000 / len(texts))
    return against_limit(
        "triage_starter_judge_ms", best, "ms", LIMIT_MS, f"{len(texts)} messages of 250-350 characters"
    )


def confusion(cases: Sequence[Case]) -> None:
    """Counts of what stands where, to stderr; no text."""
    wrong = Counter(
        (case.coarse, case.judgement.topic) for case in cases if case.coarse and not group_is_right(case)
    )
    for (coarse, topic), count in wrong.most_common(40):
        print(f"{count:5d} {coarse:15s} {topic}", file=sys.stderr)


def main() -> None:
    if not APPEALS.is_dir():
        print('{"name": "triage_starter", "skipped": "../shared/data/appeals is absent"}')
        return
    for name in SETS:
        cases = read(name)
        for figure in figures(name, cases):
            print(figure.line(), flush=True)
        if "--confusion" in sys.argv:
            print(name, file=sys.stderr)
            confusion(cases)
    print(speed().line())


if __name__ == "__main__":
    main()
