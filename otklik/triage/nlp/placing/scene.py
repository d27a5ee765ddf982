"""A text ready to be searched for places: its words, the names among them, and questions about neighbours."""

import re
from collections.abc import Container, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from otklik.common.text import fold
from otklik.triage.nlp.forms import analyzer, is_russian
from otklik.triage.nlp.placing import forms
from otklik.triage.nlp.placing.gazetteer import Gazetteer
from otklik.triage.nlp.placing.houses import HOUSE_WORDS, House, houses_at, named_houses
from otklik.triage.nlp.placing.reading import Word, Words, words_of
from otklik.triage.nlp.placing.senses import SETTLEMENT, Meanings

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
# Shorter words are too like one another to be taken for one with a slip.
_SHORTEST_SLIP = 5
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
    words: Words
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
            and (gap := self.words.gap(at)).strip(" \u00a0.") in {"", "-"}
            and "\n" not in gap
        )

    def plain(self, at: int) -> bool:
        """Whether only a space parts the word `at` from the word before it."""
        return 0 < at < len(self.words) and self.words.gap(at).strip(" \u00a0") == ""

    def starts(self, at: int) -> bool:
        """Whether a sentence, or the text, begins with the word `at`."""
        return at == 0 or not _BREAKS.isdisjoint(self.words.gap(at))

    def parted(self, at: int) -> bool:
        """Whether the text ends, or a mark of punctuation stands, before the word `at`."""
        if at <= 0:
            return True
        if at >= len(self.words):
            return True
        gap = self.words.gap(at)
        return not _SEPARATORS.isdisjoint(gap) or " - " in gap

    def quoted(self, at: int) -> bool:
        """Whether an opening quotation mark stands right before the word `at`."""
        gap = self.words.gap(at)
        return bool(gap) and gap[-1] in _QUOTES

    def case_of(self, at: int) -> int:
        """The cases that a preposition before the word `at` asks for; 0 without one."""
        return PREPOSITIONS.get(self.words.texts[at - 1], 0) if self.plain(at) else 0

    def follows(self, at: int, words: Container[str]) -> bool:
        """Whether the word `at` goes on with a word that is one of these."""
        return at > 0 and self.words.texts[at - 1] in words and self.joined(at)

    def noun_agrees(self, form: str, at: int, cases: int) -> bool:
        """Whether the word `at` is a noun that the adjective `form` belongs to in one of the cases."""
        if not self.plain(at) or self.words[at].big:
            return False
        return agrees(form, self.words[at].text, cases)


def scene_of(text: str, gazetteer: Gazetteer) -> Scene:
    """Read a text once for all that follows."""
    words = words_of(text)
    hits = {hit.first: hit for hit in _hits(words, gazetteer)}
    return Scene(text, words, hits, gazetteer, not words.bigs, _houses(text, words))


def _houses(text: str, words: Words) -> list[House]:
    """Numbers after «дом», «д.»: one has to stand one or two words before a number."""
    if not words.is_whole(text):
        return named_houses(text) if _DIGIT.search(text) else []
    said = {at - back for at in words.numbers for back in (1, 2) if at >= back}
    return houses_at(text, [words[at].start for at in sorted(said) if words.texts[at] in HOUSE_WORDS])


def _hits(words: Words, gazetteer: Gazetteer) -> Iterable[Hit]:
    starts, after = gazetteer.starts, 0
    # A name that is written wrong has a capital.
    slips = {at for at in words.bigs if len(words.texts[at]) >= _SHORTEST_SLIP}
    for at in sorted(slips.union(words.among(starts))):
        if at < after:
            continue
        word = words.texts[at]
        longest = starts.get(word)
        hit = _longest(words, at, longest, gazetteer) if longest else None
        if hit is None and at in slips:
            hit = _slip(word, at, gazetteer)
        if hit is not None:
            yield hit
            after = hit.last


def _longest(words: Words, at: int, most: int, gazetteer: Gazetteer) -> Hit | None:
    last = at + 1
    while last < min(at + most, len(words)) and words.gap(last).strip(" \u00a0") in _WITHIN:
        last += 1
    for end in range(last, at, -1):
        means = gazetteer.forms.get(" ".join(words.texts[at:end]))
        if means:
            return Hit(at, end, means)
    return None


def _slip(word: str, at: int, gazetteer: Gazetteer) -> Hit | None:
    """A settlement with one letter wrong, in a word that the language does not know."""
    form = None if is_russian(word) else gazetteer.typos.meant(word, SETTLEMENT)
    return Hit(at, at + 1, Meanings(gazetteer.forms[form].places)) if form is not None else None


@lru_cache(maxsize=20_000)
def agrees(form: str, noun: str, cases: int) -> bool:
    """Whether `noun` may be what the adjective `form` stands to: the same gender and one of the cases."""
    if not analyzer().word_is_known(noun):
        return False
    genders = _genders(form)
    for parse in analyzer().parse(noun):
        tags = parse.tag.grammemes
        fits = "plur" in genders if "plur" in tags else not genders.isdisjoint(tags)
        if "NOUN" in tags and fits and any(_CASES.get(tag, 0) & cases for tag in tags):
            return True
    return False


def _genders(form: str) -> frozenset[str]:
    ending = fold(form)[-2:]
    if ending in {"ой", "ей", "ую", "юю", "ая", "яя"}:
        return frozenset({"femn", "masc"} if ending == "ой" else {"femn"})
    if ending in {"ых", "их", "ые", "ие", "ми"}:
        return frozenset({"plur"})
    return frozenset({"masc", "neut"})
