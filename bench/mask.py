"""How much personal data is found, and how much else with it, on `bench/corpora/mask.txt`: one JSON object a line.

Found is a piece of which every letter and digit is covered, by its kind at least in part. Right is a finding that
meets a piece of its kind and covers no more than two letters or digits outside of it. All errors go to stderr.
"""

import re
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from bench.figures import against_limit
from otklik.triage.nlp.masking import Personal, find_personal

CORPUS = Path(__file__).with_name("corpora") / "mask.txt"
RECALL_GOAL, PRECISION_GOAL = 0.98, 0.95
MICROSECONDS_GOAL = 150.0
SLACK = 2
_PIECE = re.compile(r"\{(\w+):([^{}]*)\}")


class Item(NamedTuple):
    """A message of the corpus without its marks, and what was marked."""

    text: str
    pieces: tuple[Personal, ...]


def items() -> Iterator[Item]:
    for line in CORPUS.read_text(encoding="utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        marked = line.partition(" | ")[2].replace("\\n", "\n")
        text, pieces, at = "", [], 0
        for found in _PIECE.finditer(marked):
            text += marked[at : found.start()]
            pieces.append(Personal(found[1], len(text), len(text) + len(found[2])))
            text += found[2]
            at = found.end()
        yield Item(text + marked[at:], tuple(pieces))


def signs(text: str, start: int, end: int) -> set[int]:
    """Places of the letters and digits of a piece: what has to be hidden."""
    return {index for index in range(start, end) if text[index].isalnum()}


def is_found(item: Item, piece: Personal, found: tuple[Personal, ...]) -> bool:
    hidden: set[int] = set()
    for each in found:
        hidden |= signs(item.text, each.start, each.end)
    same = any(
        each.kind == piece.kind and each.start < piece.end and piece.start < each.end for each in found
    )
    return same and signs(item.text, piece.start, piece.end) <= hidden


def is_right(item: Item, found: Personal) -> bool:
    return any(
        each.kind == found.kind
        and each.start < found.end
        and found.start < each.end
        and len(signs(item.text, found.start, found.end) - signs(item.text, each.start, each.end)) <= SLACK
        for each in item.pieces
    )


def usual() -> list[str]:
    """Messages of 300 characters as they mostly are: of those that ask for something, one in ten names somebody."""
    texts = [
        re.sub(r"[{}]|\{\d ", "", line.partition(" | ")[2])
        for name in ("split_single.txt", "split_multi.txt")
        for line in CORPUS.with_name(name).read_text(encoding="utf-8").splitlines()
        if not line.startswith("#")
    ]
    with_data = [item.text for item in items() if item.pieces]
    mixed = [
        text + (f" {with_data[index % len(with_data)]}" if index % 10 == 0 else "")
        for index, text in enumerate(texts)
    ]
    return [" ".join(mixed[index : index + 4])[:300] for index in range(0, len(mixed), 4)]


def microseconds(texts: list[str]) -> float:
    """The price of a message, the best of several runs, words being known."""
    best = float("inf")
    for _ in range(5):
        started = time.process_time()
        for text in texts:
            find_personal(text)
        best = min(best, time.process_time() - started)
    return best * 1e6 / len(texts)


def main() -> None:
    met: dict[str, Counter[str]] = {
        "expected": Counter(),
        "found": Counter(),
        "given": Counter(),
        "right": Counter(),
    }
    for item in items():
        found = find_personal(item.text)
        for piece in item.pieces:
            met["expected"][piece.kind] += 1
            if is_found(item, piece, found):
                met["found"][piece.kind] += 1
            else:
                print(
                    f"missed {piece.kind}: {item.text[piece.start : piece.end]!r} in {item.text!r}",
                    file=sys.stderr,
                )
        for each in found:
            met["given"][each.kind] += 1
            if is_right(item, each):
                met["right"][each.kind] += 1
            else:
                print(
                    f"wrong {each.kind}: {item.text[each.start : each.end]!r} in {item.text!r}",
                    file=sys.stderr,
                )
    for kind in sorted(met["expected"]):
        recall = met["found"][kind] / met["expected"][kind]
        precision = met["right"][kind] / max(met["given"][kind], 1)
        print(
            f"{kind}: recall {recall:.3f}, precision {precision:.3f}, {met['expected'][kind]}",
            file=sys.stderr,
        )
    recall = met["found"].total() / met["expected"].total()
    precision = met["right"].total() / max(met["given"].total(), 1)
    print(against_limit("mask_recall", recall, "share", RECALL_GOAL).line())
    print(against_limit("mask_precision", precision, "share", PRECISION_GOAL).line())
    note = "messages of the split corpora, one in ten with personal data"
    print(
        against_limit(
            "mask_us_per_300_characters", microseconds(usual()), "µs", MICROSECONDS_GOAL, note
        ).line()
    )


if __name__ == "__main__":
    main()
