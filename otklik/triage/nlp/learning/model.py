"""The learnt model at work: labels with honest chances, and the words that spoke for them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from otklik.triage.nlp.learning.calibrating import Curve, chances
from otklik.triage.nlp.learning.features import (
    PIECES,
    WORDS,
    Floats,
    Known,
    Messages,
    Space,
    read_messages,
    scale_of,
)
from otklik.triage.nlp.learning.solving import Doubles
from otklik.triage.nlp.lexicon import Hit
from otklik.triage.nlp.words import Token

_BATCH = 500
_TOP = 3
# What no label spoke for is still possible.
_CRUMB = 1e-9
_MOST_REASONS = 6
# A word is named when it says at least such a share of what the best one says.
_WORTH_NAMING = 0.2


@dataclass(frozen=True, slots=True)
class Reason:
    """A word that spoke for the label: `text` is exactly `message[start:end]`; `share` is of what all said for it."""

    text: str
    start: int
    end: int
    share: float


@dataclass(frozen=True, slots=True)
class Predictions:
    """What the model thinks of each text, in their order.

    `confidences` are the chances of `labels`; `top` the three likeliest labels with their chances; `passes` says
    whether the label's own threshold is met: where it is not, none fits surely and a person decides.
    """

    labels: list[str]
    confidences: list[float]
    top: list[tuple[tuple[str, float], ...]]
    passes: list[bool]
    reasons: list[tuple[Reason, ...]]
    probabilities: Doubles


@dataclass(frozen=True)
class Model:
    """A learnt model: everything it knows is in its arrays; nothing of a message is kept whole.

    `weights` has a row for each column of the space that matters, `places` says which (-1: none).
    """

    labels: tuple[str, ...]
    space: Space
    places: NDArray[np.int32]
    weights: Floats
    steepness: float
    curve: Curve
    thresholds: Doubles
    report: dict[str, Any] = field(default_factory=dict)
    version: str = ""

    def predict(
        self,
        texts: Sequence[str],
        *,
        explain: bool = False,
        tokens: Sequence[list[Token]] | None = None,
        hits: Sequence[list[Hit]] | None = None,
    ) -> Predictions:
        """The labels of the texts; with `explain` also the words that spoke for them. Any text gets an answer.

        Who has read the texts already gives their `tokens`, and what the shipped lexicon `hits` in them: half of the
        work is saved.
        """
        found = Predictions([], [], [], [], [], np.zeros((len(texts), len(self.labels))))
        for start in range(0, len(texts), _BATCH):
            mine = slice(start, start + _BATCH)
            batch = texts[mine]
            messages = read_messages(batch, tokens and tokens[mine], hits and hits[mine])
            known = self.space.known(messages)
            probabilities = self._probabilities(messages, known)
            found.probabilities[mine] = probabilities
            self._tell(probabilities, messages, found)
            best = probabilities.argmax(axis=1)
            found.reasons.extend(
                self._reasons(batch, messages, known, best) if explain else [()] * len(batch)
            )
        return found

    def _tell(self, probabilities: Doubles, messages: Messages, found: Predictions) -> None:
        order = np.argsort(-probabilities, axis=1, kind="stable")[:, :_TOP]
        for row, (best, tokens) in enumerate(zip(order, messages.tokens, strict=True)):
            confidence = float(probabilities[row, best[0]])
            found.labels.append(self.labels[best[0]])
            found.confidences.append(confidence)
            found.top.append(tuple((self.labels[each], float(probabilities[row, each])) for each in best))
            # Where nothing is written the best guess is only the commonest label.
            found.passes.append(bool(tokens) and confidence >= self.thresholds[best[0]])

    def _probabilities(self, messages: Messages, known: tuple[Known, ...]) -> Doubles:
        """The chance of each label for each message; the chances of a message sum to one."""
        return honest(chances(self._scores(messages, known), self.steepness), self.curve)

    def _scores(self, messages: Messages, known: tuple[Known, ...]) -> Floats:
        """How strongly each label is spoken for, before it is made a chance."""
        from scipy.sparse import csr_matrix

        rows, columns, values = self.space.entries(messages, known)
        places = self.places[columns]
        kept = np.flatnonzero(places >= 0)
        kept = kept[np.argsort(rows[kept], kind="stable")]
        bounds = np.searchsorted(rows[kept], np.arange(len(messages) + 1))
        # Laid out by hand: scipy would sort and add up what is in order and met once.
        said = csr_matrix((values[kept], places[kept], bounds), shape=(len(messages), len(self.weights)))
        return np.asarray(said @ self.weights)

    def _reasons(
        self,
        texts: Sequence[str],
        messages: Messages,
        known: tuple[Known, ...],
        labels: NDArray[np.intp],
    ) -> list[tuple[Reason, ...]]:
        """The words of each message that spoke loudest for the label given."""
        lengths = np.array([len(tokens) for tokens in messages.tokens], dtype=np.int64)
        starts = np.concatenate(([0], np.cumsum(lengths)))
        said = np.zeros(int(starts[-1]))
        for view in (WORDS, PIECES):
            grams = known[view].grams
            rarity = self.space.rarity[grams.buckets]
            squares = np.bincount(grams.rows, rarity**2, minlength=len(texts))
            scales = scale_of(view) / np.sqrt(np.maximum(squares, 1e-9))
            places = self.places[grams.buckets]
            kept = np.flatnonzero(places >= 0)
            rows, words = grams.rows[kept], grams.words[kept]
            # One number picks a weight quicker than a pair does.
            at = places[kept].astype(np.int64) * len(self.labels) + labels[rows]
            told = self.weights.ravel()[at] * rarity[kept] * scales[rows]
            said += np.bincount(starts[rows] + words, told, minlength=len(said))
        loud = said.tolist()
        return [
            _loudest(text, tokens, loud[start : start + len(tokens)])
            for text, tokens, start in zip(texts, messages.tokens, starts[:-1], strict=True)
        ]


def honest(claimed: Doubles, curve: Curve) -> Doubles:
    """The chances with that of the best put on the curve and the others sharing the rest as before."""
    rows, best = np.arange(len(claimed)), claimed.argmax(axis=1)
    if claimed.shape[1] < 2 or not len(claimed):
        return claimed
    others = claimed + _CRUMB
    others[rows, best] = 0
    others /= others.sum(axis=1, keepdims=True)
    # The best stays the best: it may not fall below what the second would rise to.
    second = others.max(axis=1)
    true = np.clip(np.maximum(curve(claimed[rows, best]), second / (1 + second)), 0, 1)
    spread = others * (1 - true)[:, None]
    spread[rows, best] = true
    return np.asarray(spread)


def _loudest(text: str, tokens: list[Token], said: list[float]) -> tuple[Reason, ...]:
    total = sum([each for each in said if each > 0])
    if total <= 0:
        return ()
    # Of equals the first.
    best = sorted(range(len(said)), key=said.__getitem__, reverse=True)[:_MOST_REASONS]
    least = max(said[best[0]] * _WORTH_NAMING, 1e-9)
    chosen = ((tokens[at], said[at]) for at in sorted(best) if said[at] >= least)
    return tuple(
        Reason(text[token.start : token.end], token.start, token.end, round(share / total, 4))
        for token, share in chosen
    )
