"""Words that a region added to a rule of the check, and words that it does not object to.

A phrase is one or several words in this order; `слово*` stands for every word that begins so. Time is linear in the
length of the answer, however many phrases there are.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

from otklik.casework.rules.answer_check.case import Case, Found
from otklik.casework.rules.answer_check.values import JARGON, OFFICIALESE, RUDE, STOP_PHRASE
from otklik.casework.rules.answer_check.words import small

OWN_CODES = (STOP_PHRASE, OFFICIALESE, JARGON, RUDE)
"""The codes whose rules are lists of words: only they may be given more of them."""
MOST_PHRASES, LONGEST_PHRASE, MOST_WORDS = 300, 80, 8
_WORD = re.compile(r"[^\W_]+")
_PHRASE_WORD = re.compile(r"[^\W_]+\*?")


@dataclass(frozen=True, slots=True)
class Own:
    """Phrases that the rule finds besides its own, and phrases that it leaves alone."""

    words: tuple[str, ...] = ()
    allowed: tuple[str, ...] = ()


NOTHING_OWN: Mapping[str, Own] = MappingProxyType({})


def words_of(phrase: str) -> tuple[str, ...]:
    """The words of a phrase as they are compared, each with its star; empty when there is none."""
    return tuple(_PHRASE_WORD.findall(small(phrase)))


def find_own(case: Case, own: Mapping[str, Own]) -> Iterator[Found]:
    """Every place of every phrase that the region added."""
    for code, given in own.items():
        for start, end in _places(case.answer.lower, given.words):
            yield Found(code, start, end)


def without_allowed(case: Case, found: Iterable[Found], own: Mapping[str, Own]) -> Iterator[Found]:
    """The findings that touch no phrase which the region allows for their code."""
    let = {code: _places(case.answer.lower, given.allowed) for code, given in own.items() if given.allowed}
    for each in found:
        if not any(start < each.end and each.start < end for start, end in let.get(each.code, ())):
            yield each


def _places(lower: str, phrases: tuple[str, ...]) -> list[tuple[int, int]]:
    if not phrases:
        return []
    whole, begun, lengths = _book(phrases)
    tokens = [(match[0], match.start(), match.end()) for match in _WORD.finditer(lower)]
    places = []
    for at, (word, start, _end) in enumerate(tokens):
        tried = whole.get(word, ())
        for length in lengths:
            tried = (*tried, *begun.get(word[:length], ())) if len(word) >= length else tried
        for phrase in tried:
            last = at + len(phrase)
            if last <= len(tokens) and all(map(_fits, phrase, (each[0] for each in tokens[at:last]))):
                places.append((start, tokens[last - 1][2]))
    return places


def _fits(wanted: str, word: str) -> bool:
    return word.startswith(wanted[:-1]) if wanted.endswith("*") else word == wanted


_Phrases = dict[str, tuple[tuple[str, ...], ...]]


@lru_cache(maxsize=64)
def _book(phrases: tuple[str, ...]) -> tuple[_Phrases, _Phrases, tuple[int, ...]]:
    """Phrases by their first word, those whose first word is a beginning by it, and the lengths of beginnings."""
    whole: _Phrases = {}
    begun: _Phrases = {}
    for phrase in filter(None, map(words_of, phrases)):
        first = phrase[0]
        shelf, key = (begun, first[:-1]) if first.endswith("*") else (whole, first)
        shelf[key] = (*shelf.get(key, ()), phrase)
    return whole, begun, tuple(sorted({len(key) for key in begun}))
