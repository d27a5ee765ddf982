"""Words of a text as the finder of places sees them, and the words that say what kind of a place follows."""

import re
from collections.abc import Collection
from itertools import accumulate, compress
from typing import NamedTuple

from otklik.common.text import fold
from otklik.triage.nlp.words import blank

MAX_WORDS = 2000
_MAX_CHARS = 40_000
# Hyphens part words here: «верх тула» and «Верх-Тула», «11-а» and «11а» are one.
_WORD = re.compile(r"[^\W_]+")
_PARTED = re.compile(r"([^\W_]+)")

_KINDS = {
    "city": "г гор город города городу городе городом гп",
    "village": "с село села селу селе селом сел",
    "hamlet": "д дер деревня деревни деревне деревню деревней хутор хутора хуторе аул ауле аула",
    "township": "п пос поселок поселка поселку поселке поселком рп пгт",
    "station": "ст станция станции станцию станцией",
    "quarter": "мкр мкрн мкрне микрорайон микрорайона микрорайоне микрорайону микрорайоном жилмассив жилмассива "
    "жилмассиве жилмассиву мжк жк квартал квартале квартала массив массиве жилрайон жилрайоне",
}
KIND_CLASS: dict[str, str] = {form: kind for kind, forms in _KINDS.items() for form in forms.split()}
"""A folded word before (or after) a name → what kind of a place it tells of."""

TWO_WORD_KINDS: dict[tuple[str, ...], str] = {
    ("р", "п"): "township",
    ("п", "г"): "township",
    ("ж", "м"): "quarter",
    ("м", "н"): "quarter",
    ("ж", "к"): "quarter",
}
NEEDS_DOT = frozenset({"с", "д", "п", "ст", "гор"})
"""Kinds that are ordinary words, or letters, unless a dot follows."""


class Word(NamedTuple):
    """A word at `start:end`, folded; `big` when it begins with a capital; `gap` is what stands before it."""

    text: str
    start: int
    end: int
    big: bool
    gap: str


def words_set(words: str) -> frozenset[str]:
    """The words of a line as a set."""
    return frozenset(words.split())


class Words:
    """The words of a text in columns; of the few that are looked at closely, each becomes a Word when it is asked for.

    `texts` are the words folded, `bigs` the places of those that begin with a capital, `numbers` of those that begin
    with a digit.
    """

    __slots__ = ("_ends", "_starts", "_whole", "bigs", "numbers", "texts")

    def __init__(self, whole: str, texts: list[str], starts: list[int], ends: list[int]) -> None:
        self._whole, self._starts, self._ends = whole, starts, ends
        self.texts = texts
        # Every word of every message comes by here: loops that stay inside the interpreter take half the time.
        firsts = list(map(whole.__getitem__, starts))
        places = range(len(texts))
        self.bigs = list(compress(places, map(str.isupper, firsts)))
        self.numbers = list(compress(places, map(str.isdecimal, firsts)))

    def __len__(self) -> int:
        return len(self.texts)

    def __getitem__(self, at: int) -> Word:
        start, end = self._starts[at], self._ends[at]
        gap = self._whole[self._ends[at - 1] if at else 0 : start]
        return Word(self.texts[at], start, end, self._whole[start].isupper(), gap)

    def gap(self, at: int) -> str:
        """What stands before the word `at`."""
        return self._whole[self._ends[at - 1] if at else 0 : self._starts[at]]

    def end(self, at: int) -> int:
        """Where the word `at` ends."""
        return self._ends[at]

    def among(self, known: Collection[str]) -> list[int]:
        """Places of the words that are among the known ones."""
        return list(compress(range(len(self.texts)), map(known.__contains__, self.texts)))

    def is_whole(self, text: str) -> bool:
        """Whether nothing of the text is left out: it is no longer than what is read, and has no link or mention."""
        return len(self.texts) < MAX_WORDS and self._whole == text


def words_of(text: str) -> Words:
    """The words of a text with what parts them; links and mentions are no words."""
    whole = blank(text[:_MAX_CHARS])
    small = fold(whole)
    # A few letters of Unicode are longer when small; then every word is folded by itself.
    same = len(small) == len(whole)
    pieces = _PARTED.split(small if same else whole, MAX_WORDS)
    ends = list(accumulate(map(len, pieces)))
    texts = pieces[1::2] if same else [fold(piece) for piece in pieces[1::2]]
    return Words(whole, texts, ends[0:-1:2], ends[1::2])


def parts_of(name: str) -> list[str]:
    """The folded words of a name, hyphens apart: «Верх-Тула» → верх, тула."""
    return [fold(match[0]) for match in _WORD.finditer(name)]


def kind_class(kind: str) -> str:
    """What kind of a place a row of the gazetteer is: city, township, village, hamlet, station, quarter, district."""
    parts = tuple(parts_of(kind))
    if not parts:
        return ""
    if "район" in parts or "округ" in parts:
        return "district"
    if parts[:2] in TWO_WORD_KINDS or parts[-1] in {"поселок", "пгт"}:
        return TWO_WORD_KINDS.get(parts[:2], "township")
    return next((KIND_CLASS[part] for part in parts if part in KIND_CLASS), "")
