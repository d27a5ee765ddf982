"""What the bench of the learnt model is made of: clusters of near-duplicates, the baseline, measures."""

import hashlib
import json
import os
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from otklik.triage.nlp.words import lemmas_of

Numbers = NDArray[np.int64]
Fold = tuple[list[str], list[str], list[str]]

_SHINGLE, _NEAR = 6, 0.5
_WORD = re.compile(r"[а-яё]+|[a-z]+|\d+")


def clusters_of(texts: Sequence[str]) -> Numbers:
    """Texts that share more than half of their 6-letter shingles, and whatever they are joined to, are one cluster."""
    names = list(range(len(texts)))

    def root(each: int) -> int:
        while names[each] != each:
            names[each] = names[names[each]]
            each = names[each]
        return each

    sizes: list[int] = []
    holders: dict[str, list[int]] = defaultdict(list)
    for number, text in enumerate(texts):
        plain = re.sub(r"\W+", " ", text.lower())
        shingles = {plain[at : at + _SHINGLE] for at in range(max(1, len(plain) - _SHINGLE + 1))}
        for other, shared in Counter(each for shingle in shingles for each in holders[shingle]).items():
            if shared / (len(shingles) + sizes[other] - shared) > _NEAR:
                names[root(number)] = root(other)
        sizes.append(len(shingles))
        for shingle in shingles:
            holders[shingle].append(number)
    return np.array([root(each) for each in range(len(texts))])


def fit_baseline(fold: Fold) -> list[str]:
    """What the baseline, trained on texts with labels, says of others."""
    from scipy.sparse import hstack
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.svm import LinearSVC

    texts, labels, asked = fold
    words = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, token_pattern=r"\S+")
    pieces = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True, min_df=2)

    def rows(vectorise: Callable[[Any, list[str]], Any], of: list[str]) -> Any:
        return hstack(
            (vectorise(words, [_lemmas(text) for text in of]), vectorise(pieces, [t.lower() for t in of]))
        )

    learnt = rows(lambda tool, of: tool.fit_transform(of), texts).tocsr()
    model = LinearSVC(class_weight="balanced").fit(learnt, labels)
    return [str(each) for each in model.predict(rows(lambda tool, of: tool.transform(of), asked).tocsr())]


def _lemmas(text: str) -> str:
    return " ".join(_lemma(word) for word in _WORD.findall(text.lower()))


@lru_cache(maxsize=200_000)
def _lemma(word: str) -> str:
    return lemmas_of(word.replace("ё", "е"))[0]


def kept(fold: Fold, make: Callable[[Fold], list[str]]) -> list[str]:
    """What `make` says, kept under OTKLIK_BENCH_CACHE, when it is set, by the hash of what it was asked."""
    home = os.environ.get("OTKLIK_BENCH_CACHE")
    if not home:
        return make(fold)
    digest = hashlib.sha256(json.dumps(fold, ensure_ascii=False).encode("utf-8", "surrogatepass")).hexdigest()
    path = Path(home) / f"{digest}.json"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(make(fold)), encoding="utf-8")
    found: list[str] = json.loads(path.read_text(encoding="utf-8"))
    return found


def resampled(measure: str, truth: Numbers, said: Numbers, weights: Numbers) -> float:
    """Accuracy, macro- or weighted F1 with every message counted `weights` times."""
    if measure == "accuracy":
        return float(weights[truth == said].sum() / weights.sum())
    size = int(max(truth.max(), said.max())) + 1
    hits = np.bincount(truth[truth == said], weights[truth == said], minlength=size)
    support = np.bincount(truth, weights, minlength=size)
    total = support + np.bincount(said, weights, minlength=size)
    scores = 2 * hits / np.maximum(total, 1e-9)
    if measure == "macro_f1":
        return float(scores[total > 0].mean())
    return float((scores * support).sum() / support.sum())


def macro_f1(truth: Numbers, said: Numbers) -> float:
    """The mean F1 of labels that are true or said somewhere."""
    return resampled("macro_f1", truth, said, np.ones(len(truth), dtype=np.int64))


def weighted_f1(truth: Numbers, said: Numbers) -> float:
    """The mean F1 of labels by how often they are true."""
    return resampled("weighted_f1", truth, said, np.ones(len(truth), dtype=np.int64))
