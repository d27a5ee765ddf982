"""Words of a message: where they stand and which dictionary forms they may have."""

import re
from functools import lru_cache
from typing import NamedTuple

from otklik.common.text import MENTION, fold
from otklik.triage.nlp.forms import analyzer as analyzer
from otklik.triage.nlp.reading import Reading, read

# razdel cuts Russian text finer, but at ten times the price, and the lexicon needs whole words only.
_PIECE = re.compile(r"([^\W_]+(?:-[^\W_]+)*)|[.!?…\n;«»“”\"]")
# Every part of an address is bounded and cannot be split in two ways: a comment of nothing but «a@» would
# otherwise keep the judge, and with it the whole road, busy for hours.
_LINK = re.compile(r"(?:https?://|www\.)\S+|[^\s@]{1,64}@[^\s@.]{1,63}\.[^\s@]{1,190}")
_RUSSIAN = re.compile(r"[а-я]+(?:-[а-я]+)*")
_NEGATIONS = frozenset({"не", "ни"})
_QUOTES = frozenset('«»“”"')
_CLOSING = frozenset('»”"')
_LONGEST_NAME = 5
_LANDMARKS = frozenset(
    {"возле", "около", "напротив", "рядом", "вблизи", "вдоль", "мимо", "недалеко", "неподалеку", "районе"}
    | {"перед", "позади", "сзади", "вокруг", "между"}
)
_STREETS = frozenset(
    {"ул", "улица", "улице", "улицы", "улицу", "проспект", "проспекте", "пр", "пер", "переулок", "переулке"}
    | {"остановка", "остановке"}
)

_NAMES = frozenset({"Geox", "Surn", "Name", "Patr", "Orgn"})

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
    reader = _Reader()
    for match in _PIECE.finditer(blank(reading.text[:_MAX_CHARS])):
        if match[1] is None:
            reader.mark(match[0])
        else:
            reader.word(match[1], *reading.span(match.start(), match.end()))
        if len(reader.found) >= MAX_WORDS:
            break
    return reader.found


class _Reader:
    def __init__(self) -> None:
        self.found: list[Token] = []
        self.place = 0
        self.step = 1
        self.denied_until = -1
        self.landmark_until = -1
        self.name_at = -1
        self.quoted_until = -1

    def mark(self, mark: str) -> None:
        index = len(self.found)
        if mark not in _QUOTES:
            self.step = PAUSE
        elif mark in _CLOSING and index < self.quoted_until:
            self.quoted_until = -1
        else:
            self.quoted_until = index + _LONGEST_NAME

    def word(self, said: str, start: int, end: int) -> None:
        index = len(self.found)
        self.place += self.step
        self.step = 1
        word = fold(said)
        named = index == self.name_at and said[0].isupper()
        faint = named or index < self.landmark_until or index < self.quoted_until
        self.found.append(Token(word, start, end, self.place, self.place <= self.denied_until, faint))
        # «не был вывезен», «рядом с новым магазином»: the word meant may stand a little further.
        if word in _NEGATIONS:
            self.denied_until = self.place + 2
        elif word in _LANDMARKS:
            self.landmark_until = index + 4
        elif word in _STREETS:
            self.name_at = index + 1


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
