"""Words of a message: where they stand and which dictionary forms they may have."""

import re
from collections.abc import Sequence
from functools import lru_cache, partial
from itertools import accumulate
from typing import NamedTuple

from otklik.common.text import MENTION, fold
from otklik.triage.nlp.forms import analyzer as analyzer
from otklik.triage.nlp.reading import Reading, read

# razdel cuts Russian text finer, but at ten times the price, and the lexicon needs whole words only.
_WORD = re.compile(r"([^\W_]+(?:-[^\W_]+)*)")
# Every part of an address is bounded and cannot be split in two ways: a comment of nothing but «a@» would
# otherwise keep the judge, and with it the whole road, busy for hours.
_LINK = re.compile(r"(?:https?://|www\.)\S+|[^\s@]{1,64}@[^\s@.]{1,63}\.[^\s@]{1,190}")
_RUSSIAN = re.compile(r"[а-я]+(?:-[а-я]+)*")
_NEGATIONS = frozenset({"не", "ни"})
_ENDS = frozenset(".!?…\n;")
_QUOTES = frozenset('«»“”"')
_CLOSING = frozenset('»”"')
_LONGEST_NAME = 5
# «рядом с новым магазином»
_REACH = 3
_LANDMARKS = frozenset(
    {"возле", "около", "напротив", "рядом", "вблизи", "вдоль", "мимо", "недалеко", "неподалеку", "районе"}
    | {"перед", "позади", "сзади", "вокруг", "между"}
)
_STREETS = frozenset(
    {"ул", "улица", "улице", "улицы", "улицу", "проспект", "проспекте", "пр", "пер", "переулок", "переулке"}
    | {"остановка", "остановке"}
)

_TELLING = _NEGATIONS | _LANDMARKS | _STREETS

MAX_WORDS = 2000
"""Words read of one message: what a longer one is about stands in its first pages."""
_MAX_CHARS = 40_000
_LONGEST_WORD = 40
PAUSE = 4
"""How far the places of two words are apart when a sentence ends between them, at least."""
# Rarer readings («тем» as of «тьма») bring more noise than sense.
_LIKELY = 0.1


class Token(NamedTuple):
    """A word at `start:end` of the text; `place` counts words with a gap after a sentence, for nearness.

    `denied` is a word after «не»; `faint` one that only says where: a landmark, a street, a name in quotes.
    """

    text: str
    start: int
    end: int
    place: int
    denied: bool
    faint: bool


# The constructor of a named tuple goes through a function of Python: dear for every word of every message.
_token = partial(tuple.__new__, Token)


def blank(text: str) -> str:
    """The text with links and mentions of VK as spaces, every other character where it was."""
    for pattern, mark in ((MENTION, "|"), (_LINK, "www."), (_LINK, "://"), (_LINK, "@")):
        if mark in text:
            text = pattern.sub(lambda found: " " * len(found[0]), text)
    return text


def tokens_of(text: str) -> list[Token]:
    """The words of the text, folded, with offsets into it; at most MAX_WORDS of them."""
    return tokens_in(reading_of(text))


def reading_of(text: str) -> Reading:
    """What is read of a message to judge it: as many of its characters as a long story has."""
    return read(text[:_MAX_CHARS])


def tokens_in(reading: Reading) -> list[Token]:
    """The words of a text that was read already, with offsets into the original."""
    text = blank(reading.text[:_MAX_CHARS])
    folded = fold(text)
    # «İ» becomes two letters, and what «Σ» becomes depends on what stands beyond its word.
    is_even = len(folded) == len(text) and "Σ" not in text
    # Gaps and words in turn: a search for each word would cost twice as much as one walk over the text.
    pieces = _WORD.split(folded if is_even else text, MAX_WORDS)
    gaps, words = pieces[0:-1:2], pieces[1::2] if is_even else [fold(word) for word in pieces[1::2]]
    bounds = list(accumulate(map(len, pieces)))
    starts, ends = bounds[0:-1:2], bounds[1::2]
    places = list(accumulate([1 if gap == " " or _ENDS.isdisjoint(gap) else PAUSE for gap in gaps]))
    denied, faint = [False] * len(words), [False] * len(words)
    if not _QUOTES.isdisjoint(text):
        _quoted(gaps, faint)
    for index in [at for at, word in enumerate(words) if word in _TELLING]:
        following = range(index + 1, min(index + 1 + _REACH, len(words)))
        if words[index] in _NEGATIONS:
            _deny(following, places, denied)
        elif words[index] in _LANDMARKS:
            faint[following.start : following.stop] = [True] * len(following)
        elif following and text[starts[index + 1]].isupper():
            faint[index + 1] = True
    if reading.starts is not None and reading.ends is not None:
        starts, ends = [reading.starts[at] for at in starts], [reading.ends[at - 1] for at in ends]
    return list(map(_token, zip(words, starts, ends, places, denied, faint, strict=True)))


def _deny(following: range, places: Sequence[int], denied: list[bool]) -> None:
    # «не был вывезен»: the word meant may stand a little further, but not in another sentence.
    for index in following:
        if places[index] <= places[following.start - 1] + 2:
            denied[index] = True


def _quoted(gaps: Sequence[str], faint: list[bool]) -> None:
    """Marks the first words after a quotation mark, up to the closing one."""
    until = -1
    for index, gap in enumerate(gaps):
        for mark in gap:
            if mark in _CLOSING and index < until:
                until = -1
            elif mark in _QUOTES:
                until = index + _LONGEST_NAME
        if index < until:
            faint[index] = True


@lru_cache(maxsize=100_000)
def lemmas_of(word: str) -> tuple[str, ...]:
    """Dictionary forms of a folded word, the likeliest first; the word itself when it is not Russian."""
    if len(word) > _LONGEST_WORD or not _RUSSIAN.fullmatch(word):
        return (word,)
    parses = analyzer().parse(word)
    forms = [fold(parse.normal_form) for parse in parses if parse.score >= _LIKELY or parse is parses[0]]
    if "-" in word:
        for part in word.split("-"):
            forms.extend(lemmas_of(part)[:1])
    return tuple(dict.fromkeys(forms))


def lemma_of_entry(word: str) -> str:
    """The form by which a word written in the lexicon is known: itself when it is a dictionary form."""
    word = fold(word)
    forms = lemmas_of(word)
    return word if word in forms else forms[0]
