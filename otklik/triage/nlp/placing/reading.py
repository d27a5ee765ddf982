"""Words of a text as the finder of places sees them, and the words that say what kind of a place follows."""

import re
from typing import NamedTuple

from otklik.common.text import fold
from otklik.triage.nlp.words import blank

MAX_WORDS = 2000
_MAX_CHARS = 40_000
# Hyphens part words here: «верх тула» and «Верх-Тула», «11-а» and «11а» are one.
_WORD = re.compile(r"[^\W_]+")

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


def words_of(text: str) -> list[Word]:
    """The words of a text with what parts them; links and mentions are no words."""
    whole = blank(text[:_MAX_CHARS])
    small = fold(whole)
    # A few letters of Unicode are longer when small; then every word is folded by itself.
    same = len(small) == len(whole)
    found: list[Word] = []
    after = 0
    for match in _WORD.finditer(small if same else whole):
        start, end = match.span()
        said = match[0] if same else fold(match[0])
        found.append(Word(said, start, end, whole[start].isupper(), whole[after:start]))
        after = end
        if len(found) >= MAX_WORDS:
            break
    return found


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
