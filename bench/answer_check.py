"""How the check of answers stops the bad and lets the good pass, on `bench/corpora/answers_*.txt`.

A bad answer is found when its first code is among those that block; a good one is blocked when any code does. Both
corpora are cut in two by a hash of the item: rules were written with the first half open; of the second only counts
by code were looked at, and single words of six items that were missed. The share of the second is the honest one.
Errors and the table by code go to stderr, figures one JSON object a line.
"""

import hashlib
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from bench.figures import against_limit
from otklik.casework.rules.answer_check import BLOCK, Facts, Report, check

CORPORA = Path(__file__).with_name("corpora")
FOUND_GOAL, BLOCKED_GOAL, MILLISECONDS_GOAL = 0.9, 0.05, 5.0
LENGTH = 600


class Item(NamedTuple):
    """A block of a corpus; `open` when it was read while rules were written."""

    outcome: str
    has_photo: bool
    labels: list[str]
    question: str
    answer: str
    open: bool


def items(name: str) -> Iterator[Item]:
    for block in (CORPORA / name).read_text(encoding="utf-8").split("\n\n"):
        whole = block.strip("\n")
        if not whole or whole.startswith("#"):
            continue
        head, question, *answer = whole.split("\n")
        outcome, photo, labels = head.removeprefix("@ ").split(" | ")
        is_open = hashlib.sha256(whole.encode()).digest()[0] % 2 == 0
        yield Item(
            outcome,
            photo == "photo",
            labels.split(", "),
            question.removeprefix("? "),
            "\n".join(answer),
            is_open,
        )


def facts_of(item: Item) -> Facts:
    kind = {"interim": "interim", "planned": "deferred"}.get(item.outcome, "final")
    return Facts(kind=kind, resolution=item.outcome, has_photo=item.has_photo)


def report_of(item: Item) -> Report:
    return check(item.answer, [item.question], facts_of(item))


def blocking(report: Report) -> set[str]:
    return {each.code for each in report.findings if each.level == BLOCK}


def share(marks: list[bool]) -> float:
    return sum(marks) / len(marks)


def bad_found() -> dict[str, list[bool]]:
    """Whether each bad answer was found, under `open` and `unread` and under its code."""
    met: dict[str, list[bool]] = {"open": [], "unread": []}
    also = Counter[bool]()
    for item in items("answers_bad.txt"):
        codes = blocking(report_of(item))
        chief, *others = item.labels
        is_found = chief in codes
        met["open" if item.open else "unread"].append(is_found)
        met.setdefault(chief, []).append(is_found)
        also.update(code in codes for code in others)
        if not is_found:
            print(
                f"missed {chief}, found {sorted(codes)}: {item.question!r} {item.answer!r}", file=sys.stderr
            )
    print(f"further codes of bad answers: {also[True]} of {also.total()}", file=sys.stderr)
    return met


def good_blocked() -> tuple[dict[str, list[bool]], Counter[str]]:
    """Whether each good answer was blocked, in both halves, and how often each code did it."""
    met: dict[str, list[bool]] = {"open": [], "unread": []}
    wrong = Counter[str]()
    for item in items("answers_good.txt"):
        codes = blocking(report_of(item))
        met["open" if item.open else "unread"].append(bool(codes))
        wrong.update(codes)
        if codes:
            print(
                f"blocked by {sorted(codes)}, {item.labels[0]}: {item.question!r} {item.answer!r}",
                file=sys.stderr,
            )
    return met, wrong


def milliseconds() -> float:
    """The price of an answer of LENGTH characters, the best of several runs, words being known."""
    texts, piece = [], ""
    for item in (*items("answers_good.txt"), *items("answers_bad.txt")):
        piece = f"{piece} {item.answer}".strip()
        if len(piece) >= LENGTH:
            texts.append((item.question, piece[:LENGTH]))
            piece = ""
    best = float("inf")
    for _ in range(5):
        started = time.process_time()
        for question, answer in texts:
            check(answer, [question], Facts())
        best = min(best, time.process_time() - started)
    return best * 1e3 / len(texts)


def main() -> None:
    found, (blocked, wrong) = bad_found(), good_blocked()
    for code in sorted(set(found) - {"open", "unread"}):
        marks = found[code]
        print(f"{code}: {sum(marks)} of {len(marks)}, good blocked {wrong[code]}", file=sys.stderr)
    for name, met, goal in (
        ("answer_check_bad_found", found, FOUND_GOAL),
        ("answer_check_good_blocked", blocked, BLOCKED_GOAL),
    ):
        note = f"half open {share(met['open']):.3f}, half unread {share(met['unread']):.3f}"
        print(against_limit(name, share(met["open"] + met["unread"]), "share", goal, note).line())
    print(against_limit("answer_check_ms_per_600_characters", milliseconds(), "ms", MILLISECONDS_GOAL).line())


if __name__ == "__main__":
    main()
