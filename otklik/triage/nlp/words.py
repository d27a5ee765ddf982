"""Words of a message: where they stand and which dictionary forms they may have."""

import re
from functools import cache, lru_cache
from typing import Any, NamedTuple

from otklik.common.text import MENTION, fold

# razdel cuts Russian text finer, but at ten times the price, and the lexicon needs whole words only.
_PIECE = re.compile(r"([^\W_]+(?:-[^\W_]+)*)|[.!?…\n;]")
_LINK = re.compile(r"(?:https?://|www\.)\S+|\S+@\S+\.\w+")
_RUSSIAN = re.compile(r"[а-я]+(?:-[а-я]+)*")
_NEGATIONS = frozenset({"не", "ни"})

MAX_WORDS = 2000
"""Words read of one message: what a longer one is about stands in its first pages."""
_MAX_CHARS = 40_000
_LONGEST_WORD = 40
_PAUSE_LENGTH = 4
# Rarer readings («тем» as of «тьма») bring more noise than sense.
_LIKELY = 0.1


class Token(NamedTuple):
    """A word at `start:end` of the text; `place` counts words with a gap after a sentence, for nearness."""

    text: str
    start: int
    end: int
    place: int
    negated: bool


def blank(text: str) -> str:
    """The text with links and mentions of VK as spaces, every other character where it was."""
    for pattern, mark in ((MENTION, "|"), (_LINK, "www."), (_LINK, "://"), (_LINK, "@")):
        if mark in text:
            text = pattern.sub(lambda found: " " * len(found[0]), text)
    return text


def tokens_of(text: str) -> list[Token]:
    """The words of the text, folded, with offsets into it; at most MAX_WORDS of them."""
    found: list[Token] = []
    place, step, negated_until = 0, 1, -1
    for match in _PIECE.finditer(blank(text[:_MAX_CHARS])):
        if match[1] is None:
            step = _PAUSE_LENGTH
            continue
        place += step
        step = 1
        word = fold(match[1])
        found.append(Token(word, match.start(), match.end(), place, place <= negated_until))
        # «не был вывезен»: the word that is denied may stand one further.
        if word in _NEGATIONS:
            negated_until = place + 2
        if len(found) >= MAX_WORDS:
            break
    return found


@lru_cache(maxsize=100_000)
def lemmas_of(word: str) -> tuple[str, ...]:
    """Dictionary forms of a folded word, the likeliest first; the word itself when it is not Russian."""
    if len(word) > _LONGEST_WORD or not _RUSSIAN.fullmatch(word):
        return (word,)
    parses = _analyzer().parse(word)
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


@cache
def _analyzer() -> Any:
    import pymorphy3

    return pymorphy3.MorphAnalyzer(lang="ru")
