"""Weighted ridge regression of labels on likeness, and what it would have said of each message without having seen it.

With K the likeness of the examples to each other, w their weights and Y their labels, the answer is A = (K + λ/w)⁻¹Y
(kernel ridge regression; Rifkin, Yeo & Poggio, Regularized least-squares classification, 2003). Without the examples
of a fold B the answer for them is Y_B − (G_BB)⁻¹(GY)_B, where G is the inverse: no refitting (Pahikkala et al.,
Fast n-fold cross-validation for regularized least-squares, 2006).
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from otklik.triage.nlp.learning.grams import Ints

Doubles = NDArray[np.float64]

EXACT = 3500
"""Up to so many examples the inverse is computed; beyond, steps of conjugate gradients stop near the same answer."""

_STEPS = 24
_CLOSE = 2e-3


def solve(matrix: Any, labels: Doubles, weights: Doubles, ridge: float) -> Doubles:
    """The coefficients A of the examples (rows of a scipy matrix), by conjugate gradients for all labels at once."""
    root = np.sqrt(weights)[:, None]
    scaled = matrix.multiply(root).tocsr().astype(np.float32)
    back = scaled.T.tocsr()
    target = labels * root
    answer = np.zeros_like(target)
    rest, way = target.copy(), target.copy()
    size = np.einsum("ij,ij->j", rest, rest)
    start = np.maximum(size, 1e-12)
    for _ in range(_STEPS):
        image = scaled @ (back @ way.astype(np.float32)) + ridge * way
        step = size / np.maximum(np.einsum("ij,ij->j", way, image), 1e-12)
        answer += step * way
        rest -= step * image
        now = np.einsum("ij,ij->j", rest, rest)
        if float((now / start).max()) < _CLOSE**2:
            break
        way = rest + now / np.maximum(size, 1e-12) * way
        size = now
    return answer * root


def inverse(likeness: Doubles, weights: Doubles, ridge: float) -> Doubles:
    """G = (K + λ/w)⁻¹."""
    root = np.sqrt(weights)
    # Scaled by the weights the matrix is far from singular, whatever the weights are.
    inner = likeness * root * root[:, None]
    inner[np.diag_indices_from(inner)] += ridge
    return np.asarray(np.linalg.inv(inner) * root * root[:, None])


def unseen(inverse_: Doubles, labels: Doubles, folds: Ints) -> Doubles:
    """What is said of each row by the others, its fold left out; rows of fold -1 are never left out and get zeros."""
    answer = inverse_ @ labels
    said = np.zeros_like(labels)
    for fold in range(int(folds.max(initial=-1)) + 1):
        rows = np.flatnonzero(folds == fold)
        if len(rows):
            said[rows] = labels[rows] - np.linalg.solve(inverse_[np.ix_(rows, rows)], answer[rows])
    return said


def class_weights(classes: Ints, count: int, evening: float) -> Doubles:
    """Weights of examples, one on average: those of rare labels weigh more, by the power `evening` of their rarity."""
    often = np.bincount(classes, minlength=count)
    weights = (len(classes) / (count * np.maximum(often, 1)))[classes] ** evening
    return np.asarray(weights / weights.mean() if len(weights) else weights)


def folds_of(clusters: Ints, count: int, seed: int) -> Ints:
    """A fold for every row, the rows of a cluster together; clusters go round the folds in the order of the seed."""
    names, numbers = np.unique(clusters, return_inverse=True)
    order = np.random.default_rng(seed).permutation(len(names))
    return np.asarray(order[numbers] % count, dtype=np.int64)


def clusters_of(likeness: Doubles, near: float) -> Ints:
    """Rows joined when one is like another by more than `near`: the first row of each cluster names it."""
    names = np.arange(len(likeness))
    for row in range(len(likeness)):
        alike = np.flatnonzero(likeness[row, :row] > near)
        if len(alike):
            joined = np.unique(names[alike])
            names[np.isin(names, joined)] = joined[0]
            names[row] = joined[0]
    return names
