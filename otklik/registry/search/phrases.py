"""Abbreviations and colloquial names, both ways: a phrase and its short name come to one word. Pure.

The table is data: phrases.tsv. `word` is what all variants of `means` come to, `implies` are words the thing is also
found by.
"""

import csv
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from otklik.registry.search.stems import key
from otklik.registry.search.words import STOP, fold, words

TABLE = Path(__file__).with_name("phrases.tsv")


@dataclass(frozen=True, slots=True)
class Phrase:
    """A run of keys that means one word; `implied` are keys it also stands for."""

    keys: tuple[str, ...]
    meant: str
    implied: tuple[str, ...]


@cache
def table() -> dict[str, tuple[Phrase, ...]]:
    """Phrases by their first key, the longest first."""
    found: dict[str, list[Phrase]] = {}
    with TABLE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            meant, implied = key(row["word"]), keys_of(row["implies"] or "")
            for variant in [row["word"], *row["means"].split("|")]:
                run = keys_of(variant)
                found.setdefault(run[0], []).append(Phrase(run, meant, implied))
    return {first: tuple(sorted(rows, key=lambda each: -len(each.keys))) for first, rows in found.items()}


def meant_by(first: str) -> set[str]:
    """What phrases that begin with the key may come to."""
    return {phrase.meant for phrase in table().get(first, ())}


def keys_of(text: str) -> tuple[str, ...]:
    """The keys of the words that say something."""
    return tuple(key(word) for word in words(fold(text)) if word not in STOP)


def phrase_at(run: Sequence[Collection[str]], start: int) -> Phrase | None:
    """The longest phrase that begins at a place of the run; each place holds the keys the word may be."""
    here = table()
    best: Phrase | None = None
    for first in run[start]:
        for phrase in here.get(first, ()):
            length = len(phrase.keys)
            if best and len(best.keys) >= length:
                break
            if length == 1 or (start + length <= len(run) and _goes_on(phrase, run, start)):
                best = phrase
                break
    return best


def _goes_on(phrase: Phrase, run: Sequence[Collection[str]], start: int) -> bool:
    return all(phrase.keys[n] in run[start + n] for n in range(1, len(phrase.keys)))
