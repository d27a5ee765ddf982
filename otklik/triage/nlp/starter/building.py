"""Building the starter from its sources: by a person who changed them, never while messages flow."""

import math
from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from otklik.triage.nlp.lexicon import load_lexicon
from otklik.triage.nlp.scoring import Scored, score
from otklik.triage.nlp.starter.model import Starter, Vector, Weights, WordModel, blend, words_of
from otklik.triage.nlp.starter.sources import Example, load_examples
from otklik.triage.nlp.starter.store import assemble
from otklik.triage.nlp.words import tokens_of

_SOFTNESS = 2.0
_FOLDS = 5
_RIDGE = 0.001
_STEPS = 127


def build_starter(examples: Sequence[Example] | None = None) -> Starter:
    """A model of the given examples, or of those that ship, and the lexicon that ships.

    Words are learnt by softmax regression over rarity-weighted lemmas; how much they and the points of the
    lexicon count, by likelihood on examples the words had not seen, fold by fold. The same sources give the same
    model. Takes about ten seconds.
    """
    examples = load_examples() if examples is None else examples
    starter = assemble("starter-draft", _nothing(), [1, 1, 1, 0], [1, 1, 1, 0])
    right = np.array([starter.at[each.topic] for each in examples], dtype=np.intp)
    said = [words_of(tokens_of(each.text)) for each in examples]
    points = np.array([starter.points(_ranked(each.text)) for each in examples])
    unseen = _unseen(said, right, len(starter.topics))
    whole = _weigh(points, starter.members, right, unseen)
    bare = _weigh(points, starter.members, right, None)
    return assemble("starter-draft", _learn(said, right, len(starter.topics)), list(whole), list(bare))


def _ranked(text: str) -> list[Scored]:
    lexicon, tokens = load_lexicon(), tokens_of(text)
    hits = [hit for hit in lexicon.find(tokens) if not hit.phrase.target.startswith("!")]
    return score(lexicon, tokens, hits, None)


def _nothing() -> WordModel:
    return WordModel({}, np.zeros(0), np.zeros((0, 0), dtype=np.int8), np.zeros(0), np.zeros(0))


def _unseen(said: Sequence[list[str]], right: NDArray[np.intp], topics: int) -> Vector:
    """What the words say of each example when the model has not learnt from it. Folds go round by topic."""
    turn: Counter[int] = Counter()
    folds = np.zeros(len(right), dtype=np.intp)
    for at, topic in enumerate(right):
        folds[at] = turn[int(topic)] % _FOLDS
        turn[int(topic)] += 1
    found = np.zeros((len(right), topics))
    for fold in range(_FOLDS):
        kept = [index for index in range(len(right)) if folds[index] != fold]
        model = _learn([said[index] for index in kept], right[kept], topics)
        for index in np.flatnonzero(folds == fold):
            found[index] = model.logits(said[int(index)])
    return found


def _learn(said: Sequence[list[str]], right: NDArray[np.intp], topics: int) -> WordModel:
    from scipy.sparse import csr_matrix
    from sklearn.linear_model import LogisticRegression

    met = Counter(word for words in said for word in set(words))
    index = {word: number for number, word in enumerate(sorted(met))}
    rarity = np.array([np.log((1 + len(said)) / (1 + met[word])) + 1 for word in index])
    rows: list[int] = []
    columns: list[int] = []
    values: list[float] = []
    for row, words in enumerate(said):
        counts = Counter(index[word] for word in words)
        said_of = {each: (1 + math.log(count)) * rarity[each] for each, count in sorted(counts.items())}
        length = math.hypot(*said_of.values()) or 1.0
        rows += [row] * len(said_of)
        columns += said_of
        values += [weight / length for weight in said_of.values()]
    matrix = csr_matrix((values, (rows, columns)), shape=(len(said), len(index)))
    fitted = LogisticRegression(C=_SOFTNESS, max_iter=200, tol=1e-5).fit(matrix, right)
    weights = np.zeros((len(index), topics))
    weights[:, fitted.classes_] = fitted.coef_.T
    # A topic without an example is not impossible, only never spoken for by words alone.
    bias = np.full(topics, fitted.intercept_.min())
    bias[fitted.classes_] = fitted.intercept_
    scale = np.abs(weights).max(axis=1) / _STEPS
    scale[scale == 0] = 1.0
    return WordModel(index, rarity, np.round(weights / scale[:, None]).astype(np.int8), scale, bias)


def _weigh(points: Vector, members: Vector, right: NDArray[np.intp], words: Vector | None) -> Weights:
    """The weights under which the right topics are likeliest; examples are even, so shares play no part here."""
    from scipy.optimize import minimize

    parts = [blend(points, members, weights) for weights in ((1, 0, 0, 0), (0, 1, 0, 0), (0, 0, 1, 0))]
    if words is not None:
        parts.append(words)
    rows = np.arange(len(right))

    def loss(weights: Vector) -> tuple[float, Vector]:
        logits = sum(weight * part for weight, part in zip(weights, parts, strict=True))
        chances = np.exp(logits - logits.max(axis=1, keepdims=True))
        chances /= chances.sum(axis=1, keepdims=True)
        slopes = [((chances * part).sum(axis=1) - part[rows, right]).mean() for part in parts]
        missed = -np.log(chances[rows, right] + 1e-300).mean()
        return float(missed + _RIDGE * weights @ weights), np.array(slopes) + 2 * _RIDGE * weights

    found = minimize(loss, np.full(len(parts), 0.5), jac=True, method="L-BFGS-B").x
    weights = [float(weight) for weight in found] + [0.0] * (4 - len(found))
    return (weights[0], weights[1], weights[2], weights[3])
