"""Learning from labelled messages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from otklik.triage.nlp.learning.calibrating import (
    NEVER,
    Curve,
    chances,
    fit_curve,
    fit_steepness,
    fit_thresholds,
)
from otklik.triage.nlp.learning.features import BIAS, LIKENESS, Floats, Space, learn_space, read_messages
from otklik.triage.nlp.learning.grams import Ints
from otklik.triage.nlp.learning.model import Model, honest
from otklik.triage.nlp.learning.reporting import Judged, report_on, strict_enough
from otklik.triage.nlp.learning.solving import (
    EXACT,
    Doubles,
    class_weights,
    clusters_of,
    folds_of,
    inverse,
    solve,
    unseen,
)
from otklik.triage.nlp.learning.storing import stamped

RIDGE, EVENING, NAME_WEIGHT = 0.7, 0.6, 3.0
"""How much is smoothed, how far rare labels are raised, how many examples the name of a label is worth."""

MOST_EXAMPLES = 30_000
PRECISION = 0.95

_FOLDS = 5
_NEAR = 0.6
_LEAST_IN_MANY = 3
_MOST_WEIGHTS = 12_000_000
_HELD_OUT = 5


class NothingToLearn(ValueError):
    """Ни одного примера: модель не может учиться на пустом месте."""


@dataclass(frozen=True, slots=True)
class _Task:
    """Examples and names of labels as rows of one matrix: the names stand last."""

    rows: Any
    classes: Ints
    examples: int
    labels: int

    @property
    def targets(self) -> Doubles:
        return np.eye(self.labels)[self.classes]

    def weights(self) -> Doubles:
        names = np.full(len(self.classes) - self.examples, NAME_WEIGHT)
        return np.concatenate((class_weights(self.classes[: self.examples], self.labels, EVENING), names))


def train(
    texts: Sequence[str],
    labels: Sequence[str],
    *,
    seed: int = 0,
    label_names: Mapping[str, str] | None = None,
    precision: float = PRECISION,
) -> Model:
    """A model that gives texts these labels; the same examples make the same model, to the byte.

    `label_names` says what labels mean where they do not say so themselves (`{"ROADS.pothole": "Ямы на дороге"}`):
    a name counts as an example, so that a label with one message is not lost. `precision` is what the
    thresholds are chosen for. Of more than MOST_EXAMPLES the labels that have many are thinned out.
    Raises NothingToLearn.
    """
    if len(texts) != len(labels):
        raise ValueError(f"{len(texts)} texts have {len(labels)} labels")
    if not texts:
        raise NothingToLearn(NothingToLearn.__doc__)
    names = sorted(set(labels))
    numbers = {name: number for number, name in enumerate(names)}
    classes = np.array([numbers[label] for label in labels], dtype=np.int64)
    chosen = thinned(classes, MOST_EXAMPLES)
    said = [_meaning_of(name, label_names or {}) for name in names]
    space, task = _prepare([texts[each] for each in chosen], classes[chosen], said)
    return _finish(names, space, task, _fit(task, seed), precision)


def thinned(classes: Ints, most: int) -> Ints:
    """Rows to learn from: all, or at most `most`, evenly through the file, with no row of a rare label lost."""
    if len(classes) <= most:
        return np.arange(len(classes))
    sizes = np.bincount(classes)
    low, high = 1, int(sizes.max())
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if np.minimum(sizes, middle).sum() <= most else (low, middle - 1)
    kept = []
    for each in np.flatnonzero(sizes):
        rows = np.flatnonzero(classes == each)
        count = min(len(rows), low)
        kept.append(rows[np.arange(count) * len(rows) // count])
    return np.sort(np.concatenate(kept))


def _meaning_of(label: str, given: Mapping[str, str]) -> str:
    name = given.get(label, label)
    # A number or a code says nothing; a word does.
    return name if sum(letter.isalpha() for letter in name) >= 3 else ""


def _prepare(texts: Sequence[str], classes: Ints, names: Sequence[str]) -> tuple[Space, _Task]:
    from scipy.sparse import vstack

    speaking = [number for number, name in enumerate(names) if name]
    messages, titles = read_messages(texts), read_messages([names[each] for each in speaking])
    space = learn_space(messages, titles, 1 if len(texts) <= EXACT else _LEAST_IN_MANY)
    rows = vstack((space.matrix(messages), space.matrix(titles))).tocsr()
    return space, _Task(rows, np.concatenate((classes, speaking)).astype(np.int64), len(texts), len(names))


class _Fitted(NamedTuple):
    """Coefficients of the rows, the scores of examples by a model that did not see them, and their folds (-1: none)."""

    coefficients: Doubles
    scores: Doubles
    folds: Ints


def _fit(task: _Task, seed: int) -> _Fitted:
    if task.rows.shape[0] <= EXACT:
        return _fit_exactly(task, seed)
    folds = np.where(_hashed_fold(task, seed) == 0, 0, -1)
    seen = np.concatenate((folds != 0, np.ones(len(task.classes) - task.examples, dtype=np.bool_)))
    targets, weights = task.targets, task.weights()
    part = solve(task.rows[seen], targets[seen], weights[seen], RIDGE)
    held = np.flatnonzero(folds == 0)
    scores = np.zeros((task.examples, task.labels))
    scores[held] = task.rows[held] @ (task.rows[seen].T @ part)
    return _Fitted(solve(task.rows, targets, weights, RIDGE), scores, folds)


def _fit_exactly(task: _Task, seed: int) -> _Fitted:
    likeness = (task.rows @ task.rows.T).toarray().astype(np.float64)
    clusters = clusters_of(likeness[: task.examples, : task.examples], _NEAR * LIKENESS + BIAS)
    count = min(_FOLDS, len(np.unique(clusters)))
    folds = folds_of(clusters, count, seed) if count > 1 else np.full(task.examples, -1)
    names = np.full(len(task.classes) - task.examples, -1)
    weights = task.weights()
    found = inverse(likeness, weights, RIDGE)
    scores = unseen(found, task.targets, np.concatenate((folds, names)))
    return _Fitted(found @ task.targets, scores[: task.examples], folds)


def _hashed_fold(task: _Task, seed: int) -> Ints:
    """A fold by what the message says: equal messages are held out together."""
    sums = np.asarray(task.rows[: task.examples].sum(axis=1)).ravel()
    return folds_of((sums * 1e5).astype(np.int64), _HELD_OUT, seed)


def _finish(names: Sequence[str], space: Space, task: _Task, fitted: _Fitted, precision: float) -> Model:
    coefficients, scores, folds = fitted
    held = np.flatnonzero(folds >= 0)
    classes = task.classes[: task.examples][held]
    steepness = fit_steepness(scores[held], classes)
    claimed = chances(scores[held], steepness) if len(held) else np.zeros((0, task.labels))
    curve = _curve(claimed, classes)
    judged = Judged(
        honest(claimed, curve), classes, folds[held] if folds.max() > 0 else np.arange(len(held)) % _FOLDS
    )
    level = strict_enough(judged, len(names), precision)
    # Where there is one label only, everything is it: that proves nothing.
    thresholds = (
        fit_thresholds(judged.confidences, judged.guesses, judged.right, len(names), level)
        if len(names) > 1
        else np.full(len(names), NEVER)
    )
    places, weights = _pruned(np.asarray(task.rows.T @ coefficients.astype(np.float32)))
    report = report_on(names, judged, thresholds, precision, level) | {"examples": task.examples}
    return stamped(Model(tuple(names), space, places, weights, steepness, curve, thresholds, report))


def _curve(claimed: Doubles, classes: Ints) -> Curve:
    if not len(claimed):
        return Curve(np.array([0.0, 1.0]), np.array([0.0, 1.0]))
    return fit_curve(claimed.max(axis=1), claimed.argmax(axis=1) == classes)


def _pruned(weights: Floats) -> tuple[NDArray[np.int32], Floats]:
    """The rows of weights that matter most, no more than fit the memory meant for them, in half precision."""
    rows = max(_MOST_WEIGHTS // weights.shape[1], 1000)
    strength = np.einsum("ij,ij->i", weights, weights)
    # The columns of meaning and the constant one, at the end, are always kept.
    strength[-64:] = np.inf
    kept = np.sort(np.argsort(-strength, kind="stable")[:rows])
    places = np.full(len(weights), -1, dtype=np.int32)
    places[kept] = np.arange(len(kept))
    return places, weights[kept].astype(np.float16).astype(np.float32)
