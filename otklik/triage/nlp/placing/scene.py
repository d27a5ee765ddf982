"""A text ready to be searched for places: its words, the names among them, and questions about neighbours."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from otklik.common.text import fold
from otklik.triage.nlp.placing import forms
from otklik.triage.nlp.placing.gazetteer import Gazetteer
from otklik.triage.nlp.placing.houses import House, named_houses
from otklik.triage.nlp.placing.reading import Word, words_of
from otklik.triage.nlp.placing.senses import SETTLEMENT, Meanings
from otklik.triage.nlp.words import analyzer

# Which cases a preposition asks for.
PREPOSITIONS: dict[str, int] = (
    dict.fromkeys(("в", "во", "на"), forms.LOCATIVE | forms.ACCUSATIVE)
    | {"по": forms.DATIVE, "к": forms.DATIVE, "ко": forms.DATIVE, "через": forms.ACCUSATIVE}
    | dict.fromkeys(
        ("из", "изо", "от", "до", "с", "со", "у", "около", "возле", "напротив", "вдоль", "близ", "вблизи", "мимо"),
        forms.GENITIVE,
    )
    | dict.fromkeys(("под", "за", "перед", "над", "между"), forms.INSTRUMENTAL | forms.ACCUSATIVE)
)  # fmt: skip
_DIGIT = re.compile(r"\d")
_WITHIN = frozenset({"", "-", "\u2011"})
_BREAKS = frozenset(".!?\n;")
_SEPARATORS = frozenset(".,!?\n;:()—–")
_QUOTES = frozenset("«\"„“'")
_CASES = {
    "nomn": 1,
    "gent": 2,
    "datv": 4,
    "accs": 8,
    "ablt": 16,
    "loct": 32,
    "gen2": 2,
    "loc2": 32,
    "acc2": 8,
}


class Hit(NamedTuple):
    """Words `first` to `last` (not counting it) are a form of names."""

    first: int
    last: int
    means: Meanings


@dataclass(frozen=True, slots=True)
class Scene:
    """The text, its words, the names in it by their first word, and whether it knows no capitals."""

    text: str
    words: list[Word]
    hits: dict[int, Hit]
    gazetteer: Gazetteer
    small: bool
    houses: list[House]

    def before(self, at: int) -> Word | None:
        """The word before the word `at`, when nothing but spaces, dots or a hyphen parts them."""
        if at < 1 or not self.joined(at):
            return None
        return self.words[at - 1]

    def joined(self, at: int) -> bool:
        """Whether the word `at` goes on with the word before it: no comma, dash or end of a sentence between."""
        return (
            0 < at < len(self.words)
            and self.words[at].gap.strip(" \u00a0.") in {"", "-"}
            and ("\n" not in self.words[at].gap)
        )

    def plain(self, at: int) -> bool:
        """Whether only a space parts the word `at` from the word before it."""
        return 0 < at < len(self.words) and self.words[at].gap.strip(" \u00a0") == ""

    def starts(self, at: int) -> bool:
        """Whether a sentence, or the text, begins with the word `at`."""
        return at == 0 or not _BREAKS.isdisjoint(self.words[at].gap)

    def parted(self, at: int) -> bool:
        """Whether the text ends, or a mark of punctuation stands, before the word `at`."""
        if at <= 0:
            return True
        if at >= len(self.words):
            return True
        gap = self.words[at].gap
        return not _SEPARATORS.isdisjoint(gap) or " - " in gap

    def quoted(self, at: int) -> bool:
        """Whether an opening quotation mark stands right before the word `at`."""
        gap = self.words[at].gap
        return bool(gap) and gap[-1] in _QUOTES

    def case_of(self, at: int) -> int:
        """The cases that a preposition before the word `at` asks for; 0 without one."""
        word = self.before(at)
        return PREPOSITIONS.get(word.text, 0) if word is not None and self.plain(at) else 0

    def noun_agrees(self, form: str, at: int, cases: int) -> bool:
        """Whether the word `at` is a noun that the adjective `form` belongs to in one of the cases."""
        if not self.plain(at) or self.words[at].big:
            return False
        return agrees(form, self.words[at].text, cases)


def scene_of(text: str, gazetteer: Gazetteer) -> Scene:
    """Read a text once for all that follows."""
    words = words_of(text)
    small = not any(word.big for word in words)
    hits = {hit.first: hit for hit in _hits(words, gazetteer)}
    houses = named_houses(text) if _DIGIT.search(text) else []
    return Scene(text, words, hits, gazetteer, small, houses)


def _hits(words: list[Word], gazetteer: Gazetteer) -> Iterable[Hit]:
    starts, count, at = gazetteer.starts, len(words), 0
    while at < count:
        word = words[at]
        longest = starts.get(word.text)
        hit = _longest(words, at, min(longest, count - at), gazetteer) if longest else None
        if hit is None and word.big and len(word.text) >= 5:
            hit = _slip(word, at, gazetteer)
        if hit is not None:
            yield hit
        at = hit.last if hit is not None else at + 1


def _longest(words: list[Word], at: int, most: int, gazetteer: Gazetteer) -> Hit | None:
    for size in range(most, 0, -1):
        chosen = words[at : at + size]
        if size > 1 and any(word.gap.strip(" \u00a0") not in _WITHIN for word in chosen[1:]):
            continue
        means = gazetteer.forms.get(" ".join(word.text for word in chosen) if size > 1 else chosen[0].text)
        if means:
            return Hit(at, at + size, means)
    return None


def _slip(word: Word, at: int, gazetteer: Gazetteer) -> Hit | None:
    """A settlement with one letter wrong, in a word that the language does not know."""
    form = gazetteer.typos.meant(word.text, SETTLEMENT)
    # The dictionary is asked last: it takes longer than all the rest.
    if form is None or analyzer().word_is_known(word.text):
        return None
    return Hit(at, at + 1, Meanings(gazetteer.forms[form].places))


@lru_cache(maxsize=20_000)
def agrees(form: str, noun: str, cases: int) -> bool:
    """Whether `noun` may be what the adjective `form` stands to: the same gender and one of the cases."""
    if not analyzer().word_is_known(noun):
        return False
    genders = _genders(form)
    for parse in analyzer().parse(noun):
        tag = parse.tag
        gender = "plur" if "plur" in tag else tag.gender
        if tag.POS == "NOUN" and gender in genders and _CASES.get(tag.case, 0) & cases:
            return True
    return False


def _genders(form: str) -> frozenset[str]:
    ending = fold(form)[-2:]
    if ending in {"ой", "ей", "ую", "юю", "ая", "яя"}:
        return frozenset({"femn", "masc"} if ending == "ой" else {"femn"})
    if ending in {"ых", "их", "ые", "ие", "ми"}:
        return frozenset({"plur"})
    return frozenset({"masc", "neut"})
