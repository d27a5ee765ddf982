"""How good a model was on messages that it had not learnt from, label by label."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from otklik.triage.nlp.learning.calibrating import calibration_bins, calibration_error, fit_thresholds
from otklik.triage.nlp.learning.grams import Ints
from otklik.triage.nlp.learning.solving import Doubles

_MOST_CONFUSIONS = 5
_TOP = 3
# Steps from the precision asked to certainty, and how many standard errors of what was reached are held back.
_STRICTER = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8)
_DOUBT = 0.5


@dataclass(frozen=True, slots=True)
class Judged:
    """Chances given to messages by a model that had not seen them, and their true classes."""

    chances: Doubles
    classes: Ints
    folds: Ints

    @property
    def guesses(self) -> Ints:
        """The likeliest class of each."""
        return np.asarray(self.chances.argmax(axis=1))

    @property
    def confidences(self) -> Doubles:
        """The chance of the likeliest class."""
        return np.asarray(self.chances.max(axis=1))

    @property
    def right(self) -> NDArray[np.bool_]:
        """Whether the likeliest class is the true one."""
        return np.asarray(self.guesses == self.classes)


def f_scores(truth: Ints, guesses: Ints, count: int) -> tuple[Doubles, Doubles, Doubles, Ints]:
    """Precision, recall, F1 and number of true examples of each class; zero where there is nothing to divide by."""
    hits = np.bincount(truth[truth == guesses], minlength=count)
    support, guessed = np.bincount(truth, minlength=count), np.bincount(guesses, minlength=count)
    precision, recall = hits / np.maximum(guessed, 1), hits / np.maximum(support, 1)
    return precision, recall, 2 * hits / np.maximum(support + guessed, 1), support


def report_on(
    labels: Sequence[str], judged: Judged, thresholds: Doubles, precision: float, level: float
) -> dict[str, Any]:
    """The whole report, ready for JSON. What passes is counted with thresholds chosen, for `level`, on other folds."""
    exact, recall, f1, support = f_scores(judged.classes, judged.guesses, len(labels))
    passing = crossed(judged, len(labels), level)
    met = (support > 0) | (np.bincount(judged.guesses, minlength=len(labels)) > 0)
    return {
        "messages": len(judged.classes),
        "accuracy": _share(judged.right),
        "top3": _share(in_top(judged.chances, judged.classes)),
        "macro_f1": round(float(f1[met].mean()), 4) if met.any() else 0.0,
        "weighted_f1": round(float((f1 * support).sum() / max(support.sum(), 1)), 4),
        "asked_precision": precision,
        "share_passing": _share(passing),
        "precision_passing": _share(judged.right[passing]),
        "calibration_error": round(calibration_error(judged.confidences, judged.right), 4),
        "calibration": calibration_bins(judged.confidences, judged.right),
        "labels": [
            {
                "label": label,
                "support": int(support[each]),
                "precision": round(float(exact[each]), 4),
                "recall": round(float(recall[each]), 4),
                "f1": round(float(f1[each]), 4),
                "threshold": round(float(thresholds[each]), 4) if thresholds[each] <= 1 else None,
                "passing": int((passing & (judged.guesses == each)).sum()),
                "passing_right": int((passing & judged.right & (judged.guesses == each)).sum()),
                "taken_for": _taken_for(labels, judged, each),
            }
            for each, label in enumerate(labels)
        ],
    }


def in_top(given: Doubles, classes: Ints) -> NDArray[np.bool_]:
    """Whether the true class is among the three likeliest."""
    return np.asarray((np.argsort(-given, axis=1, kind="stable")[:, :_TOP] == classes[:, None]).any(axis=1))


def crossed(judged: Judged, count: int, precision: float) -> NDArray[np.bool_]:
    """Which messages pass thresholds that were chosen without their own fold."""
    passing = np.zeros(len(judged.classes), dtype=np.bool_)
    for fold in np.unique(judged.folds):
        mine, others = judged.folds == fold, judged.folds != fold
        if not others.any():
            continue
        chosen = fit_thresholds(
            judged.confidences[others], judged.guesses[others], judged.right[others], count, precision
        )
        passing[mine] = judged.confidences[mine] >= chosen[judged.guesses[mine]]
    return passing


def strict_enough(judged: Judged, count: int, precision: float) -> float:
    """What thresholds must be chosen for, so that messages of other folds that pass them reach the precision asked.

    A threshold is chosen where its own messages look best; on others it does a little worse.
    """
    for each in _STRICTER:
        level = precision + (1 - precision) * each
        right = judged.right[crossed(judged, count, level)]
        if (
            len(right)
            and right.mean() - _DOUBT * np.sqrt(right.mean() * (1 - right.mean()) / len(right)) >= precision
        ):
            return level
    return 1 - (1 - precision) * (1 - _STRICTER[-1])


def _taken_for(labels: Sequence[str], judged: Judged, each: int) -> list[list[Any]]:
    wrong = Counter(int(guess) for guess in judged.guesses[(judged.classes == each) & ~judged.right])
    return [[labels[guess], count] for guess, count in wrong.most_common(_MOST_CONFUSIONS)]


def _share(marks: NDArray[np.bool_]) -> float:
    return round(float(marks.mean()), 4) if len(marks) else 0.0
