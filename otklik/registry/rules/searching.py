"""Which entry answers a query best. Pure."""

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from otklik.registry.search.terms import Term

# A key of the entry's other names and places; a related form or a word for its type; a phrase word by word.
BESIDE_THE_NAME, FAR, WORD_BY_WORD = 0.8, 0.65, 0.85
# How much it counts that the query names all of the name, and that the page is large.
WHOLE_NAME, LARGE = 0.3, 0.01
# So many terms may be left out before any one of them will do.
MOST_LEFT_OUT = 2


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entry's keys: of its name, of its other names and places, and all of them."""

    core: Collection[str]
    beside: Collection[str]
    words: Collection[str]
    weight: float


@dataclass(frozen=True, slots=True)
class Weighed:
    """A term with what it says: the rarer, the more."""

    term: Term
    rarity: float


@dataclass(frozen=True, slots=True)
class Match:
    """How well a term stands in an entry, by which keys, and how many keys of the name they are."""

    worth: float = 0.0
    keys: tuple[str, ...] = ()
    named: int = 0


def weigh(terms: Sequence[Term], known: Mapping[str, int], entries: int) -> list[Weighed]:
    """The terms with their rarity; one that nobody has counts as the rarest."""
    return [Weighed(term, math.log(1 + entries / (1 + _entries_of(term, known)))) for term in terms]


def _entries_of(term: Term, known: Mapping[str, int]) -> int:
    if term.options:
        best = max(term.options.values())
        return max(known.get(key, 0) for key, worth in term.options.items() if worth >= best - 0.15)
    return min((_entries_of(each, known) for each in term.spelled), default=0)


def expression(terms: Sequence[Term], left_out: int = 0, label: str = "") -> str:
    """What an entry must have, as a tsquery: all terms, or all but so many of them whichever.

    `label`: A asks only for the keys of the name.
    """
    found = [_one(term, label) for term in terms if term.is_found]
    keep = max(1, len(found) - left_out)
    return " | ".join(f"({' & '.join(some)})" for some in combinations(found, keep))


def _one(term: Term, label: str) -> str:
    mark = f":{label}" if label else ""
    ways = [f"'{key}'{mark}" for key in term.options]
    if len(term.spelled) > 1 and all(each.is_found for each in term.spelled):
        ways.append(f"({' & '.join(_one(each, label) for each in term.spelled)})")
    elif term.spelled:
        ways += [f"'{key}'{mark}" for each in term.spelled for key in each.options if key not in term.options]
    return f"({' | '.join(ways)})"


def score(asked: Sequence[Weighed], found: Candidate) -> tuple[float, tuple[str, ...]]:
    """How well the entry answers, about 0 to 1.3, and the keys that matched."""
    whole = sum(each.rarity for each in asked) or 1.0
    matches = [_match(each.term, found) for each in asked]
    answered = sum(each.rarity * match.worth for each, match in zip(asked, matches, strict=True)) / whole
    named = sum(match.named for match in matches) / max(len(found.core), 1)
    total = answered + WHOLE_NAME * named + LARGE * found.weight
    return total, tuple(key for match in matches for key in match.keys)


def _match(term: Term, found: Candidate) -> Match:
    best = Match()
    for key, worth in term.options.items():
        if key in found.core:
            here = Match(worth, (key,), 1)
        elif key in found.beside:
            here = Match(worth * BESIDE_THE_NAME, (key,))
        elif key in found.words:
            here = Match(worth * FAR, (key,))
        else:
            continue
        best = max(best, here, key=_worth)
    if term.spelled:
        parts = [_match(each, found) for each in term.spelled]
        worth = WORD_BY_WORD * min(each.worth for each in parts)
        named = sum(each.named for each in parts)
        best = max(best, Match(worth, tuple(key for each in parts for key in each.keys), named), key=_worth)
    return best


def _worth(match: Match) -> float:
    return match.worth
