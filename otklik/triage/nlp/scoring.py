"""From phrases found to points of topics."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from otklik.triage.nlp.lexicon import Hit, Lexicon
from otklik.triage.nlp.topics import load_topics
from otklik.triage.nlp.words import MAX_WORDS, Token, lemmas_of

# What the first words are about counts whole, a side remark on the second page half.
_HEAD_WORDS = 40
_TAIL_WORDS = 160
_TAIL_SHARE = 0.5
_FAINT_SHARE = 0.4
_REPEAT_BONUS = 0.15
_MOST_REPEATS = 3
_GROUP_LIMIT = 8.0
_GROUP_SHARE = 0.8
_SIBLING_SHARE = 0.1
_SIBLING_LIMIT = 10.0
_DEFAULT_SHARE = 0.8
_PAGE_POINTS = 2.0
_YIELD_SHARE = 0.5


class Scored(NamedTuple):
    """A topic with its points and the indexes of the tokens that earned them."""

    topic: str
    points: float
    tokens: tuple[int, ...]


def score(lexicon: Lexicon, tokens: list[Token], hits: Iterable[Hit], page_hint: str | None) -> list[Scored]:
    """Topics with points, the best first; `page_hint` is the group its page writes about, if any."""
    shares: dict[str, dict[str, list[float]]] = defaultdict(dict)
    fines: dict[str, float] = defaultdict(float)
    earned: dict[str, set[int]] = defaultdict(set)
    for phrase, where in hits:
        target, weight = phrase.target, phrase.weight
        if weight < 0:
            fines[target] = min(fines[target], weight)
            continue
        earned[target].update(where)
        words = shares[target]
        for index in where:
            token = tokens[index]
            share = weight / len(where) * _FADES[index] * (_FAINT_SHARE if token.faint else 1.0)
            words.setdefault(lemmas_of(token.text)[0], []).append(share)
    own = {target: _sum(words) + fines[target] for target, words in shares.items()}
    return _rank(lexicon, own, earned, page_hint)


def _fade(index: int) -> float:
    if index <= _HEAD_WORDS:
        return 1.0
    return max(_TAIL_SHARE, 1.0 - (1.0 - _TAIL_SHARE) * (index - _HEAD_WORDS) / (_TAIL_WORDS - _HEAD_WORDS))


# One for each word that is read of a message.
_FADES = [_fade(index) for index in range(MAX_WORDS)]


def _sum(words: Mapping[str, list[float]]) -> float:
    # A word counts once for a topic, by its best phrase: many phrases about one word are one sign.
    return sum(
        [
            max(shares) * (1 + _REPEAT_BONUS * min(len(shares) - 1, _MOST_REPEATS))
            if len(shares) > 1
            else shares[0]
            for shares in words.values()
        ]
    )


@lru_cache(maxsize=1000)
def _group_of(target: str) -> str:
    return target.partition(".")[0]


@dataclass(frozen=True, slots=True)
class _Tally:
    """Points by target, by the words of each group, by all topics of each group; and who earned them."""

    own: Mapping[str, float]
    common: Mapping[str, float]
    together: Mapping[str, float]
    earned: Mapping[str, set[int]]

    def scored(self, lexicon: Lexicon, target: str) -> Scored:
        group, points = _group_of(target), self.own[target]
        siblings = min(self.together[group] - points, _SIBLING_LIMIT)
        total = points + _GROUP_SHARE * self.common[group] + _SIBLING_SHARE * siblings
        if target in lexicon.yielding:
            total *= _YIELD_SHARE
        return Scored(target, total, tuple(sorted(self.earned[target])))


def _rank(
    lexicon: Lexicon, own: Mapping[str, float], earned: Mapping[str, set[int]], page_hint: str | None
) -> list[Scored]:
    common: dict[str, float] = defaultdict(float)
    together: dict[str, float] = defaultdict(float)
    for target, points in own.items():
        group = _group_of(target)
        if target.endswith(".*"):
            common[group] = min(points, _GROUP_LIMIT)
        else:
            together[group] += max(points, 0.0)
    if page_hint is not None and any(_group_of(target) == page_hint for target in own):
        common[page_hint] += _PAGE_POINTS
    tally = _Tally(own, common, together, earned)
    ranked = [
        tally.scored(lexicon, target)
        for target, points in own.items()
        if points > 0 and not target.endswith(".*")
    ]
    for group, points in list(common.items()):
        default = lexicon.defaults.get(group)
        # What only the words of the group speak for is a weak guess at its usual topic.
        if default and own.get(default, 0) <= 0:
            tokens = tuple(sorted(earned.get(f"{group}.*", ())))
            ranked.append(Scored(default, _GROUP_SHARE * _DEFAULT_SHARE * points, tokens))
    return sorted(ranked, key=lambda each: (-each.points, each.topic))


def priority_of(topic: str) -> str:
    """N, H or C as the list of topics has it."""
    return load_topics()[topic].priority
