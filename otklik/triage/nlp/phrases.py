"""Phrases of the lexicon, made fast to search: a word knows at once which of them it makes and what it needs beside."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import NamedTuple

from otklik.triage.nlp.words import Token, lemmas_of

DENIED = "не_"
"""How a form that fills a slot only after «не» begins."""
_NEAR = 6
_SHORTEST_STEM = 3
_LONGEST_STEM = 20
_MAX_REMEMBERED = 100_000


@dataclass(frozen=True, slots=True)
class Phrase:
    """Ids of the slots that must stand near each other, and what finding them is worth to `target`."""

    target: str
    weight: float
    slots: tuple[int, ...]
    sign: str = field(init=False, repr=False, compare=False)
    """The cue it is of, empty for a phrase of a topic: asked of every hit of every message."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "sign", self.target[1:] if self.target.startswith("!") else "")


class Hit(NamedTuple):
    """A phrase found, and the indexes of the tokens that made it."""

    phrase: Phrase
    tokens: tuple[int, ...]


class _Fills(NamedTuple):
    """What a word does where it stands: phrases of itself `alone`, and those it leads by their second slots.

    `meets` are the slots it fills in phrases that others lead.
    """

    alone: tuple[Phrase, ...]
    leads: Mapping[int, tuple[Phrase, ...]]
    meets: tuple[int, ...]


class _Known(NamedTuple):
    """What a word fills, also when denied, and what it begins: second word → slots of the pair."""

    plain: _Fills
    denied: _Fills
    pairs: tuple[Mapping[str, set[int]], ...]


_NOTHING = _Fills((), {}, ())
_UNTOLD = _Known(_NOTHING, _NOTHING, ())
# The constructor of a named tuple goes through a function of Python, which here costs as much as the search itself.
_hit = partial(tuple.__new__, Hit)


@dataclass
class Lexicon:
    """All phrases, indexed by the words that can begin them. Built once, shared by every message.

    Targets are `GROUP.code` of a topic, `GROUP.*` of a group and `!sign` of a cue.
    """

    version: str
    defaults: Mapping[str, str]
    yielding: frozenset[str]
    _by_word: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    _by_stem: dict[str, dict[str, set[int]]] = field(default_factory=lambda: defaultdict(dict))
    _by_pair: dict[str, dict[str, set[int]]] = field(default_factory=lambda: defaultdict(dict))
    _alone: dict[int, list[Phrase]] = field(default_factory=lambda: defaultdict(list))
    _led_by: dict[int, dict[int, list[Phrase]]] = field(default_factory=lambda: defaultdict(dict))
    _led: set[int] = field(default_factory=set)
    _known: dict[str, _Known] = field(default_factory=dict)
    _filling: dict[tuple[int, ...], _Fills] = field(default_factory=dict)

    def find(self, tokens: list[Token]) -> list[Hit]:
        """Every phrase in the text, once for each place of its leading word."""
        filled = self._filled(tokens)
        found = [_hit((phrase, (index,))) for index, (alone, _, _) in filled for phrase in alone]
        met: dict[int, list[int]] = defaultdict(list)
        for index, (_, _, meets) in filled:
            for slot in meets:
                met[slot].append(index)
        there = met.keys()
        for index, (_, leads, _) in filled:
            # The second words that are there too, found by the sets themselves: few of very many.
            for second in leads.keys() & there if leads else ():
                for phrase in leads[second]:
                    indexes = _meet(tokens, met, phrase.slots[1:], index)
                    if indexes:
                        found.append(_hit((phrase, indexes)))
        return found

    def keep(self, phrase: Phrase) -> None:
        """Adds a phrase whose first slot is the rarest."""
        lead, *rest = phrase.slots
        if rest:
            self._led_by[lead].setdefault(rest[0], []).append(phrase)
            self._led.update(rest)
        else:
            self._alone[lead].append(phrase)

    def keep_entry(self, entry: str, slot: int) -> None:
        """Adds a word that fills a slot: one, two in a row or, with `*` at its end, all that begin so."""
        one, _, two = entry.partition(" ")
        if two:
            self._by_pair[one].setdefault(two, set()).add(slot)
        elif entry.endswith("*"):
            self._keep_stem(entry[:-1], slot)
        else:
            self._by_word[entry].add(slot)

    def _keep_stem(self, stem: str, slot: int) -> None:
        if _SHORTEST_STEM <= len(stem) <= _LONGEST_STEM:
            self._by_stem[stem[:_SHORTEST_STEM]].setdefault(stem, set()).add(slot)

    def targets(self) -> frozenset[str]:
        """Everything that some phrase speaks of."""
        led = (phrase for seconds in self._led_by.values() for each in seconds.values() for phrase in each)
        return frozenset(phrase.target for phrases in (led, *self._alone.values()) for phrase in phrases)

    def _filled(self, tokens: list[Token]) -> list[tuple[int, _Fills]]:
        """The words that fill something, by their indexes."""
        filled: list[tuple[int, _Fills]] = []
        pairs: tuple[Mapping[str, set[int]], ...] = ()
        last = 0
        for index, (text, _, _, place, denied, _) in enumerate(tokens):
            known = self._known.get(text) or self._learn(text)
            fills = known.denied if denied else known.plain
            if fills is not _NOTHING:
                filled.append((index, fills))
            if pairs and place - last == 1:
                fills = self._fills(_pair(pairs, text))
                if fills is not _NOTHING:
                    filled.append((index, fills))
            pairs, last = known.pairs, place
        return filled

    def _learn(self, word: str) -> _Known:
        if len(self._known) >= _MAX_REMEMBERED:
            self._known.clear()
            self._filling.clear()
        lemmas = lemmas_of(word)
        forms = lemmas if word in lemmas else (word, *lemmas)
        plain = self._look_up(forms)
        denied = plain | self._look_up([DENIED + form for form in forms])
        pairs = tuple([self._by_pair[lemma] for lemma in lemmas if lemma in self._by_pair])
        known = _Known(self._fills(plain), self._fills(denied), pairs) if denied or pairs else _UNTOLD
        self._known[word] = known
        return known

    def _look_up(self, forms: Iterable[str]) -> set[int]:
        found: set[int] = set()
        for form in forms:
            if form in self._by_word:
                found |= self._by_word[form]
            stems = self._by_stem.get(form[:_SHORTEST_STEM])
            if stems:
                for stem, slots in stems.items():
                    if form.startswith(stem):
                        found |= slots
        return found

    def _fills(self, slots: set[int]) -> _Fills:
        """One for all words that fill the same: forms of a word, and the many that fill nothing."""
        if not slots:
            return _NOTHING
        key = tuple(sorted(slots))
        if key not in self._filling:
            leads: dict[int, tuple[Phrase, ...]] = {}
            for slot in key:
                for second, phrases in self._led_by.get(slot, _NO_PHRASES).items():
                    leads[second] = (*leads.get(second, ()), *phrases)
            self._filling[key] = _Fills(
                alone=tuple(phrase for slot in key for phrase in self._alone.get(slot, ())),
                leads=leads,
                meets=tuple(slot for slot in key if slot in self._led),
            )
        return self._filling[key]


_NO_PHRASES: Mapping[int, list[Phrase]] = {}


def _pair(pairs: Iterable[Mapping[str, set[int]]], second: str) -> set[int]:
    found: set[int] = set()
    for lemma in lemmas_of(second):
        for following in pairs:
            found |= following.get(lemma, set())
    return found


def _meet(
    tokens: list[Token], slots: Mapping[int, list[int]], rest: tuple[int, ...], lead: int
) -> tuple[int, ...] | None:
    met: tuple[int, ...] = (lead,)
    place = tokens[lead].place
    for slot in rest:
        nearest, least = -1, _NEAR + 1
        for index in slots.get(slot, ()):
            gap = abs(tokens[index].place - place)
            if gap < least and index not in met:
                nearest, least = index, gap
        if nearest < 0:
            return None
        met += (nearest,)
    return met
