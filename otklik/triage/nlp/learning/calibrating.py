"""From scores to honest chances, and from chances to the threshold above which a machine may decide."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from otklik.triage.nlp.learning.grams import Ints
from otklik.triage.nlp.learning.solving import Doubles

NEVER = 2.0
"""The threshold of a label that is never certain enough."""

_STEEPS = np.geomspace(1.0, 60.0, 60)
# A label with few examples borrows so many from all labels together.
_BORROWED = 10.0
_LEAST = 30
_TRUST = 0.8
_BINS = 10


def chances(scores: NDArray[np.floating], steepness: float) -> Doubles:
    """Scores of labels as chances that sum to one: softmax (Guo et al., On calibration of neural networks, 2017)."""
    raised = steepness * np.asarray(scores, dtype=np.float64)
    raised = np.exp(raised - raised.max(axis=1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=1, keepdims=True))


def fit_steepness(scores: Doubles, classes: Ints) -> float:
    """The steepness under which what happened was the likeliest; scores are of messages not learnt from."""
    if not len(classes) or scores.shape[1] < 2:
        return float(_STEEPS[len(_STEEPS) // 2])
    rows = np.arange(len(classes))
    losses = [-np.log(np.maximum(chances(scores, each)[rows, classes], 1e-12)).mean() for each in _STEEPS]
    return float(_STEEPS[int(np.argmin(losses))])


@dataclass(frozen=True, slots=True)
class Curve:
    """A rising broken line: what a chance that the softmax claims is worth."""

    claimed: Doubles
    true: Doubles

    def __call__(self, claimed: Doubles) -> Doubles:
        return np.interp(claimed, self.claimed, self.true)


def fit_curve(claimed: Doubles, right: NDArray[np.bool_]) -> Curve:
    """Isotonic regression of being right on the claimed chance, over bins of equal numbers (Zadrozny & Elkan, 2002)."""
    if len(claimed) < 2 * _BINS:
        return Curve(np.array([0.0, 1.0]), np.array([0.0, 1.0]))
    order = np.argsort(claimed, kind="stable")
    groups = np.array_split(order, min(2 * _BINS, len(order) // _BINS))
    # One imagined mistake and one imagined hit a bin: certainty is never whole.
    blocks = [
        [claimed[group].sum(), right[group].sum() + 0.5, len(group), len(group) + 1.0] for group in groups
    ]
    merged: list[list[float]] = []
    for block in blocks:
        merged.append([float(each) for each in block])
        while len(merged) > 1 and merged[-2][1] / merged[-2][3] >= merged[-1][1] / merged[-1][3]:
            last = merged.pop()
            merged[-1] = [a + b for a, b in zip(merged[-1], last, strict=True)]
    x = np.array([0.0, *(total / size for total, _, size, _ in merged), 1.0])
    y = np.array([hits / size for _, hits, _, size in merged])
    return Curve(x, np.array([0.0, *y, max(float(y[-1]), 0.99 if len(claimed) > 200 else float(y[-1]))]))


def fit_thresholds(
    confidences: Doubles, guesses: Ints, right: NDArray[np.bool_], count: int, precision: float
) -> Doubles:
    """For each label the lowest confidence from which its guesses were right so often; NEVER when there is none.

    Guesses are of messages not learnt from. Where a label was guessed seldom, what is usual at such confidence
    counts with what was seen; where there are few guesses at all, nothing is promised.
    """
    found = np.full(count, NEVER)
    if len(confidences) < _LEAST:
        return found
    usual = fit_curve(confidences, right)
    # No label is trusted far below the threshold that all of them together would have.
    floor = _lowest(confidences, right.astype(float), precision)
    for label in range(count):
        mine = np.flatnonzero(guesses == label)
        sure = np.sort(confidences[mine])[::-1]
        seen = np.arange(1, len(mine) + 1)
        hits = right[mine[np.argsort(-confidences[mine], kind="stable")]]
        shares = (np.cumsum(hits) + _BORROWED * np.cumsum(usual(sure)) / seen) / (seen + _BORROWED)
        passing = np.flatnonzero(shares >= precision)
        lowest = float(sure[passing[-1]]) if len(passing) else NEVER
        found[label] = max(lowest, floor * _TRUST)
    return found


def _lowest(confidences: Doubles, right: Doubles, precision: float) -> float:
    order = np.argsort(-confidences, kind="stable")
    shares = np.cumsum(right[order]) / np.arange(1, len(order) + 1)
    passing = np.flatnonzero(shares >= precision)
    return float(confidences[order[passing[-1]]]) if len(passing) else NEVER


def calibration_bins(confidences: Doubles, right: NDArray[np.bool_]) -> list[dict[str, float]]:
    """Ten bins of confidence: how many guesses, what they claimed, how many were right."""
    bins = np.minimum((confidences * _BINS).astype(int), _BINS - 1)
    return [
        {
            "from": each / _BINS,
            "messages": int((bins == each).sum()),
            "claimed": round(float(confidences[bins == each].mean()), 4),
            "right": round(float(right[bins == each].mean()), 4),
        }
        for each in range(_BINS)
        if (bins == each).any()
    ]


def calibration_error(confidences: Doubles, right: NDArray[np.bool_]) -> float:
    """The expected calibration error: how far claimed and true part, on average over messages."""
    if not len(confidences):
        return 0.0
    found = calibration_bins(confidences, right)
    return sum(each["messages"] * abs(each["claimed"] - each["right"]) for each in found) / len(confidences)
