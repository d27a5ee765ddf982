"""Keys by which alike sets of words meet in an index: bands of a weighted MinHash, many sets at once.

Consistent weighted sampling by exponential draws, as in R. Moulton, Y. Jiang, "Maximally Consistent Sampling and the
Jaccard Index of Probability Distributions" (2018): a heavier word is drawn more often.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

BANDS = 12
"""Keys of a set. Two sets that agree by the (weighted) share s have so many in common: s³ · BANDS on the average."""

# Two rows a band find a little more of short texts and three times as many strangers, more with every message kept.
_ROWS = 3
_Bits = NDArray[np.uint64]
_SEEDS = np.array(
    [
        int.from_bytes(hashlib.blake2b(b"otklik likeness %d" % row, digest_size=8).digest(), "little") | 1
        for row in range(BANDS * _ROWS)
    ],
    dtype=np.uint64,
)
_MIX, _MIX_AGAIN = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
_UPPER, _MIDDLE, _MANTISSA = np.uint64(31), np.uint64(27), np.uint64(11)


def bands(sets: Sequence[Mapping[str, float]]) -> list[tuple[int, ...]]:
    """BANDS signed 64-bit keys of each set of weighted words, none of them empty; weights are above zero.

    For each row the word with the least −ln(u)/weight is drawn; a band is three rows of drawn words. The same set has
    the same keys on every machine and in every batch.
    """
    if not sets:
        return []
    lengths = [len(each) for each in sets]
    starts = np.cumsum([0, *lengths[:-1]])
    words = np.array([_hash(word) for each in sets for word in each], dtype=np.uint64)
    weights = np.array([weight for each in sets for weight in each.values()])
    draws = _draws(words) / weights[:, None]
    least = np.repeat(np.minimum.reduceat(draws, starts, axis=0), lengths, axis=0)
    # The word itself is the value: its draw may differ by the last bit from one processor to another.
    drawn = np.maximum.reduceat(np.where(draws == least, words[:, None], np.uint64(0)), starts, axis=0)
    keys = np.zeros((len(sets), BANDS), dtype=np.uint64)
    for row in range(_ROWS):
        keys = _mixed(keys ^ (drawn[:, row::_ROWS] * _SEEDS[row::_ROWS]))
    return [tuple(each) for each in keys.view(np.int64).tolist()]


def _draws(words: _Bits) -> NDArray[np.float64]:
    unique, where = np.unique(words, return_inverse=True)
    bits = _mixed(unique[:, None] ^ _SEEDS[None, :])
    # Half a step away from zero, which has no logarithm.
    draws: NDArray[np.float64] = -np.log(((bits >> _MANTISSA).astype(np.float64) + 0.5) * 2.0**-53)
    return draws[where]


def _mixed(bits: _Bits) -> _Bits:
    """The finisher of splitmix64: every bit in changes half of the bits out."""
    bits = (bits ^ (bits >> _UPPER)) * _MIX
    bits = (bits ^ (bits >> _MIDDLE)) * _MIX_AGAIN
    return bits ^ (bits >> _UPPER)


def whole(words: Iterable[str]) -> int:
    """One key of a set of words: equal for equal sets only."""
    joined = " ".join(sorted(words)).encode(errors="surrogatepass")
    return int.from_bytes(hashlib.blake2b(joined, digest_size=8).digest(), "little", signed=True)


@lru_cache(maxsize=100_000)
def _hash(word: str) -> int:
    return int.from_bytes(
        hashlib.blake2b(word.encode(errors="surrogatepass"), digest_size=8).digest(), "little"
    )
