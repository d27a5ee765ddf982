"""From the readings of a query to the terms a page must have, once the vocabulary has answered. Pure."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from rapidfuzz.distance import OSA

from otklik.registry.search import typos
from otklik.registry.search.phrases import phrase_at, table
from otklik.registry.search.queries import AS_IT_STANDS, FAR_FETCHED, Question, Reading
from otklik.registry.search.stems import keys
from otklik.registry.search.words import STOP

MOST_TERMS = 8
MOST_SLIPS = 12
# What a related form, a word not typed to its end, and each letter of a slip leave of a term's worth.
RELATED, BEGUN, A_SLIP = 0.9, 0.75, 0.2

Slips = Mapping[str, Mapping[str, float]]


@dataclass(frozen=True, slots=True)
class Term:
    """One thing a page must have: keys it may be known by, with their worth from 0 to 1.

    `spelled` are the terms of a phrase that was resolved: a page may have them word by word.
    """

    said: str
    options: Mapping[str, float] = field(default_factory=dict)
    spelled: tuple["Term", ...] = ()
    is_mended: bool = False

    @property
    def is_found(self) -> bool:
        """Whether some page has it."""
        return bool(self.options) or (bool(self.spelled) and all(each.is_found for each in self.spelled))


def is_known(word: str, known: Collection[str]) -> bool:
    """Whether some page has the word in some form, or it says nothing, or an abbreviation begins with it."""
    return word in STOP or any(key in known or key in table() for key in keys(word))


def strange_words(asked: Question, known: Collection[str]) -> list[str]:
    """Words that may be slips: of the chunks that have no reading whose words are all known."""
    found: dict[str, None] = {}
    for readings in asked.chunks:
        likely = [each for each in readings if each.worth > FAR_FETCHED]
        if any(all(_is_one_known(word, known) for word in each.words) for each in readings):
            continue
        spelled = (spelling for each in likely for word in each.words for spelling in word[:2])
        found |= dict.fromkeys(each for each in spelled if not is_known(each, known) and not each.isdigit())
    return list(found)


def taken_words(asked: Question, known: Mapping[str, int], slips: Slips) -> list[str]:
    """The words of each chunk in its likeliest reading, but for numbers and what says nothing."""
    best = (max(readings, key=lambda each: _worth(each, known, slips)) for readings in asked.chunks)
    spelled = (spelling for each in best for word in each.words for spelling in word[:1])
    return [each for each in spelled if not each.isdigit() and each not in STOP]


def _is_one_known(spellings: Sequence[str], known: Collection[str]) -> bool:
    return any(is_known(word, known) for word in spellings)


def slips_of(word: str, near: Iterable[str], *, begun: bool) -> dict[str, float]:
    """Keys of the vocabulary that the word may be a slip for, with their worth; `begun`: it may be unfinished."""
    own = keys(word)[0]
    found = {}
    for key in near:
        if begun and key.startswith(own):
            found[key] = BEGUN
        if OSA.distance(own, key, score_cutoff=2) <= 2:
            far = typos.distance(own, key)
            if far <= typos.allowed(own):
                found[key] = max(found.get(key, 0), 1 - A_SLIP * max(far, 0.5))
    return dict(sorted(found.items(), key=lambda each: -each[1])[:MOST_SLIPS])


def settle(asked: Question, known: Mapping[str, int], slips: Slips, *, wide: bool = False) -> list[Term]:
    """The words of the query as terms, each chunk in its likeliest reading.

    `known`: keys of the vocabulary with the number of their entries. `slips`: for a spelling, keys near it with their
    worth. `wide`: words that are known may be slips too.
    """
    terms: list[Term] = []
    for readings in asked.chunks:
        best = max(readings, key=lambda each: _worth(each, known, slips))
        terms += [_term(each, best.worth, known, slips, wide) for each in best.words if each[0] not in STOP]
    return terms[:MOST_TERMS]


def _worth(reading: Reading, known: Collection[str], slips: Slips) -> float:
    """The weakest word decides; a reading none of whose words is known is worth next to nothing."""
    return reading.worth * min((_best(each, known, slips) for each in reading.words), default=0.0)


def _best(spellings: Sequence[str], known: Collection[str], slips: Slips) -> float:
    if _is_one_known(spellings, known):
        return 1.0
    return max((worth for word in spellings for worth in slips.get(word, {}).values()), default=0.01)


def _term(spellings: Sequence[str], worth: float, known: Mapping[str, int], slips: Slips, wide: bool) -> Term:
    options: dict[str, float] = {}
    mended = worth < AS_IT_STANDS
    for word in spellings:
        own, *related = keys(word)
        found = {own: 1.0} | dict.fromkeys(related, RELATED)
        found = {key: value for key, value in found.items() if key in known or key in table()}
        if not found and word in slips:
            mended = True
        if wide or not found:
            found = {**slips.get(word, {}), **found}
        for key, value in found.items():
            options[key] = max(options.get(key, 0.0), value * worth)
    return Term(spellings[0], options, is_mended=mended)


def resolved(terms: Sequence[Term], known: Collection[str]) -> list[Term]:
    """Phrases of the table come to their one word; the words they were made of stay as another way to be found."""
    run = [frozenset(term.options) for term in terms]
    made: list[Term] = []
    place = 0
    while place < len(terms):
        phrase = phrase_at(run, place)
        if phrase is None:
            made.append(_only(terms[place], known))
            place += 1
            continue
        parts = terms[place : place + len(phrase.keys)]
        worth = min(part.options[key] for part, key in zip(parts, phrase.keys, strict=True))
        options = {phrase.meant: worth} if phrase.meant in known else {}
        made.append(
            Term(" ".join(part.said for part in parts), options, tuple(_only(part, known) for part in parts))
        )
        place += len(phrase.keys)
    return made


def _only(term: Term, known: Collection[str]) -> Term:
    return replace(term, options={key: worth for key, worth in term.options.items() if key in known})


def mended_text(terms: Sequence[Term], matched: Collection[str], shown: Mapping[str, str]) -> str:
    """The query as it was taken, when that is not how it was typed; by the words that the best page has."""
    if not any(term.is_mended for term in terms):
        return ""
    return " ".join(_shown(term, matched, shown) for term in terms)


def _shown(term: Term, matched: Collection[str], shown: Mapping[str, str]) -> str:
    if not term.is_mended or any(key in term.options for key in keys(term.said)) or not term.options:
        return term.said
    best = max(term.options, key=lambda key: (key in matched, term.options[key]))
    return shown.get(best) or best
