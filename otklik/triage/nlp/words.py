"""Words of a message: where they stand and which dictionary forms they may have."""

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import islice
from typing import Any

from otklik.common.text import MENTION, fold

# razdel cuts Russian text finer, but at ten times the price, and the lexicon needs whole words only.
_WORD = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
_LINK = re.compile(r"(?:https?://|www\.)\S+|\S+@\S+\.\w+")
_PAUSE = re.compile(r"[.!?…\n;]")
_RUSSIAN = re.compile(r"[а-я]+(?:-[а-я]+)*")
_NEGATIONS = frozenset({"не", "ни"})

MAX_WORDS = 2000
"""Words read of one message: what a longer one is about stands in its first pages."""
_MAX_CHARS = 40_000
_LONGEST_WORD = 40
_PAUSE_LENGTH = 4


@dataclass(frozen=True, slots=True)
class Token:
    """A word at `start:end` of the text; `place` counts words with a gap after a sentence, for nearness."""

    text: str
    start: int
    end: int
    place: int
    negated: bool


def blank(text: str) -> str:
    """The text with links and mentions of VK as spaces, every other character where it was."""
    for pattern in (MENTION, _LINK):
        text = pattern.sub(lambda found: " " * len(found[0]), text)
    return text


def tokens_of(text: str) -> list[Token]:
    """The words of the text, folded, with offsets into it; at most MAX_WORDS of them."""
    found: list[Token] = []
    place, ended, negated_until = 0, 0, -1
    text = blank(text[:_MAX_CHARS])
    for match in islice(_WORD.finditer(text), MAX_WORDS):
        start, end = match.span()
        place += _PAUSE_LENGTH if _PAUSE.search(text, ended, start) else 1
        word = fold(match[0])
        found.append(Token(word, start, end, place, negated=place <= negated_until))
        # «не был вывезен»: the word that is denied may stand one further.
        if word in _NEGATIONS:
            negated_until = place + 2
        ended = end
    return found


@lru_cache(maxsize=100_000)
def lemmas_of(word: str) -> tuple[str, ...]:
    """Dictionary forms of a folded word, the likeliest first; the word itself when it is not Russian."""
    if len(word) > _LONGEST_WORD or not _RUSSIAN.fullmatch(word):
        return (word,)
    forms = [fold(parse.normal_form) for parse in _analyzer().parse(word)]
    if "-" in word:
        for part in word.split("-"):
            forms.extend(lemmas_of(part)[:1])
    return tuple(dict.fromkeys(forms))


def lemma_of_entry(word: str) -> str:
    """The form by which a word written in the lexicon is known: itself when it is a dictionary form."""
    word = fold(word)
    forms = lemmas_of(word)
    return word if word in forms else forms[0]


@cache
def _analyzer() -> Any:
    import pymorphy3

    return pymorphy3.MorphAnalyzer(lang="ru")
