"""What words mean by the company they keep, from a small table that ships with the product.

«Гололёд» and «наледь» share no letters worth speaking of, yet their vectors are near. The table was made by
`bench/build_meanings.py` out of vectors trained on news by the project natasha (MIT).
"""

from functools import cache, lru_cache
from importlib import resources
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from otklik.triage.nlp.learning.grams import Ints, hash_of

DIMENSIONS = 48

_Floats = NDArray[np.float32]
_Hashes = NDArray[np.uint64]


class _Table(NamedTuple):
    hashes: _Hashes
    vectors: _Floats


@cache
def _table() -> _Table:
    """The vectors in the order of the hashes of their words."""
    file = resources.files("otklik.triage").joinpath("data/meanings.npz")
    with file.open("rb") as body, np.load(body, allow_pickle=False) as table:
        words = table["words"].tobytes().decode().split("\n")
        vectors = table["vectors"].astype(np.float32) * table["scales"][:, None]
    hashes = np.array([hash_of(word) for word in words], dtype=np.uint64)
    order = np.argsort(hashes)
    return _Table(hashes[order], vectors[order])


def meanings(hashes: _Hashes, rows: Ints, weights: _Floats, count: int) -> _Floats:
    """The sum of the vectors of the words of each of `count` messages, each word by its weight; unknown words add none.

    `hashes` are those of dictionary forms, `rows` the message of each, in order.
    """
    table = _table()
    at = np.minimum(np.searchsorted(table.hashes, hashes), len(table.hashes) - 1)
    known = np.flatnonzero(table.hashes[at] == hashes)
    bounds = np.searchsorted(rows[known], np.arange(count + 1))
    # scipy is slow to load, and only who judges by a model needs it.
    from scipy.sparse import csr_matrix

    said = csr_matrix((weights[known], at[known], bounds), shape=(count, len(table.hashes)))
    return np.asarray(said @ table.vectors)


@lru_cache(maxsize=100_000)
def nearness(one: str, other: str) -> float:
    """How near the meanings of two dictionary forms are, from -1 to 1; 0 when one of them is not in the table."""
    table = _table()
    rows = []
    for word in (one, other):
        wanted = np.uint64(hash_of(word))
        at = min(int(np.searchsorted(table.hashes, wanted)), len(table.hashes) - 1)
        if table.hashes[at] != wanted:
            return 0.0
        rows.append(table.vectors[at])
    return float(rows[0] @ rows[1] / (np.linalg.norm(rows[0]) * np.linalg.norm(rows[1])))
