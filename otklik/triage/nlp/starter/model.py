"""Points of the lexicon and words of the message, weighed into probabilities of topics."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from otklik.triage.nlp.scoring import Scored
from otklik.triage.nlp.words import Token, lemmas_of

Vector = NDArray[np.float64]
Weights = tuple[float, float, float, float]
"""How much speak: points of the topic, its share of the best, points of its group, words of the message."""


@dataclass(frozen=True, eq=False)
class WordModel:
    """A linear model over words: `steps[word] * scale[word]` is what a word adds to each topic, `rarity` its idf."""

    index: Mapping[str, int]
    rarity: Vector
    steps: NDArray[np.int8]
    scale: Vector
    bias: Vector

    def logits(self, words: Sequence[str]) -> Vector:
        """How much the words of a message speak for each topic, as logarithms of chances up to a constant."""
        counts = Counter([row for row in map(self.index.get, words) if row is not None])
        if not counts:
            return self.bias
        rarities = self._rarities
        weights = np.array([rarities[row] * (1 + math.log(count)) for row, count in counts.items()])
        said: Vector = (weights / math.sqrt(weights @ weights)) @ self._gains.take(list(counts), axis=0)
        return self.bias + said

    def speaks(self, words: Sequence[str], topic: int) -> list[float]:
        """What each word of the message by itself adds to one topic over the mean of all topics."""
        rows = np.array([self.index.get(word, -1) for word in words], dtype=np.intp)
        gains = self._gains[rows, topic] - self._means[rows]
        return [0.0 if row < 0 else gain for row, gain in zip(rows.tolist(), gains.tolist(), strict=True)]

    @cached_property
    def _gains(self) -> Vector:
        return self.steps * self.scale[:, None]

    @cached_property
    def _means(self) -> Vector:
        means: Vector = self._gains.mean(axis=1)
        return means

    @cached_property
    def _rarities(self) -> list[float]:
        return [float(each) for each in self.rarity]


@dataclass(frozen=True, eq=False)
class Starter:
    """The whole model. `whole` weighs lexicon and words, `bare` a lexicon that the words were not built beside."""

    version: str
    topics: tuple[str, ...]
    groups: tuple[str, ...]
    members: Vector
    prior: Vector
    words: WordModel
    whole: Weights
    bare: Weights

    def chances(self, ranked: Iterable[Scored], words: Sequence[str] | None) -> Vector:
        """The probability of each topic, in the order of `topics`, by points and by the words said.

        `words` is None when the points are of another lexicon than the one that ships.
        """
        points = self.points(ranked)
        weights = self.bare if words is None else self.whole
        logits = blend(points, self.members, weights) + self.prior
        if words is not None:
            logits = logits + weights[3] * self.words.logits(words)
        chances: Vector = np.exp(logits - logits.max())
        chances /= chances.sum()
        return chances

    def points(self, ranked: Iterable[Scored]) -> Vector:
        """Points of the lexicon in the order of `topics`."""
        points = np.zeros(len(self.topics))
        for each in ranked:
            points[self.at[each.topic]] = max(each.points, 0.0)
        return points

    @cached_property
    def at(self) -> Mapping[str, int]:
        """Where each topic stands."""
        return {topic: index for index, topic in enumerate(self.topics)}


def words_of(tokens: Iterable[Token]) -> list[str]:
    """The likeliest dictionary form of every word."""
    return [lemmas_of(token.text)[0] for token in tokens]


def blend(points: Vector, members: Vector, weights: Weights) -> Vector:
    """What points of the lexicon say: of the topic, beside the best topic, and of all topics of its group.

    `members` has a row for each topic with a one at its group. Works on one message or on a row for each of many.
    """
    best = points.max(axis=-1, keepdims=True)
    blended: Vector = (
        weights[0] * np.log1p(points)
        + weights[1] * 2 * points / (1 + best)
        + weights[2] * (np.log1p(points @ members) @ members.T)
    )
    return blended
