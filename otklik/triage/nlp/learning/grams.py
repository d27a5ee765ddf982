"""Words, pairs of words and pieces of words as numbered buckets, for a whole batch of messages at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from itertools import accumulate, chain

import numpy as np
from numpy.typing import NDArray

from otklik.triage.nlp.words import Token, lemmas_of

BITS = 18
"""Buckets of a kind of grams are numbered by so many bits: regions write some 10⁵ different ones."""

SHORTEST, LONGEST = 2, 5

Ints = NDArray[np.int64]
Shorts = NDArray[np.int32]
Hashes = NDArray[np.uint64]

_SPACE = 32
_LONGEST_PIECES = 4000
_STEP = np.uint64(0x9E3779B97F4A7C15)
_STIR = np.uint64(0xD6E8FEB86659FD93)
_HALF, _LEAVE = np.uint64(32), np.uint64(64 - BITS)


@dataclass(frozen=True, slots=True)
class Grams:
    """Occurrences of grams: the message and the bucket of each, and the word of its message that it belongs to."""

    rows: Shorts
    buckets: Shorts
    words: Shorts

    def keys(self, width: int) -> Ints:
        """A number for each pair of a message and a bucket; there are fewer than `width` buckets."""
        return self.rows.astype(np.int64) * width + self.buckets


def grams_of(rows: NDArray[np.integer], buckets: NDArray[np.integer], words: NDArray[np.integer]) -> Grams:
    """Grams in half of the memory: tens of thousands of messages to learn from have tens of millions of them."""
    return Grams(rows.astype(np.int32), buckets.astype(np.int32), words.astype(np.int32))


@dataclass(frozen=True, slots=True)
class Words:
    """The words of all messages, one after another: the hash of the dictionary form, the message, the place in it."""

    hashes: Hashes
    rows: Ints
    places: Ints


def words_of(messages: Sequence[Sequence[Token]]) -> Words:
    """Every word of every message."""
    lengths = np.array([len(message) for message in messages], dtype=np.int64)
    hashes = np.fromiter(
        (_hash_of_form(token.text) for message in messages for token in message),
        dtype=np.uint64,
        count=int(lengths.sum()),
    )
    return Words(hashes, np.repeat(np.arange(len(messages)), lengths), _places(lengths))


def word_grams(said: Words) -> Grams:
    """Dictionary forms of words, then pairs of neighbours under the first of them."""
    hashes, rows, words = said.hashes, said.rows, said.places
    paired = np.flatnonzero(rows[1:] == rows[:-1])
    pairs = hashes[paired] * _STEP + hashes[paired + 1]
    return grams_of(
        np.concatenate((rows, rows[paired])),
        np.concatenate((_bucket(hashes), _bucket(pairs))),
        np.concatenate((words, words[paired])),
    )


def piece_grams(messages: Sequence[Sequence[Token]]) -> Grams:
    """Runs of 2 to 5 letters within each word and its edges, as they are written."""
    line, lengths, sizes = _line(messages)
    codes = np.frombuffer(line.encode("utf-32-le", "surrogatepass"), dtype=np.uint32).astype(np.uint64)
    rows = np.repeat(np.arange(len(messages)), lengths)
    words = _words_of_letters(sizes, lengths)
    space = codes == _SPACE
    hashes = codes.copy()
    inner = np.ones(len(codes), dtype=np.bool_)
    found: list[Grams] = []
    for size in range(SHORTEST, min(LONGEST, len(codes)) + 1):
        # A gram may begin or end at the edge of a word, but not go over it.
        inner = inner[:-1] & (~space[1 : len(inner)] if size == SHORTEST else ~space[size - 2 : -1])
        if size == SHORTEST:
            inner = ~(space[:-1] & space[1:])
        hashes = hashes[:-1] * _STEP + codes[size - 1 :]
        at = np.flatnonzero(inner)
        # The edge before a word belongs to the word, the edge after it does too.
        owner = np.where(space[at], at + 1, at)
        found.append(grams_of(rows[at], _bucket(hashes[at] + np.uint64(size)), words[owner]))
    if not found:
        return grams_of(*(np.zeros(0, dtype=np.int32) for _ in range(3)))
    return Grams(
        *(np.concatenate(each) for each in zip(*((g.rows, g.buckets, g.words) for g in found), strict=True))
    )


def counted(keys: Ints) -> tuple[Ints, Ints]:
    """The different keys in order, and how often each is met."""
    ordered = np.sort(keys)
    first = np.flatnonzero(np.concatenate(([True], ordered[1:] != ordered[:-1]))) if len(ordered) else ordered
    return ordered[first], np.diff(np.append(first, len(ordered)))


def _line(messages: Sequence[Sequence[Token]]) -> tuple[str, Ints, list[list[int]]]:
    """All messages as one line of words between single spaces; its share of each message, and of each word."""
    lines, sizes = [], []
    for message in messages:
        words = [token.text for token in message]
        size = [len(word) + 1 for word in words]
        if sum(size) > _LONGEST_PIECES:
            # The word that goes over the edge is the last.
            most = next(at for at, end in enumerate(accumulate(size), 1) if end > _LONGEST_PIECES)
            del words[most:], size[most:]
        lines.append(f" {' '.join(words)} " if words else "")
        sizes.append(size)
    return "".join(lines), np.array([len(line) for line in lines], dtype=np.int64), sizes


def _words_of_letters(sizes: list[list[int]], lengths: Ints) -> Ints:
    """The number of the word that each letter of the line belongs to; a space belongs to the word before it."""
    shares = np.fromiter(chain.from_iterable(sizes), dtype=np.int64)
    counts = np.array([len(message) for message in sizes], dtype=np.int64)
    letters = np.repeat(_places(counts), shares)
    first = (np.cumsum(lengths) - lengths)[counts > 0]
    # The space that a message begins with belongs to its first word.
    return np.insert(letters, first - np.arange(len(first)), 0)


def _places(lengths: Ints) -> Ints:
    ends = np.cumsum(lengths)
    return np.arange(int(lengths.sum())) - np.repeat(ends - lengths, lengths)


def _bucket(hashes: Hashes) -> Ints:
    mixed = (hashes ^ (hashes >> _HALF)) * _STIR
    return ((mixed ^ (mixed >> _HALF)) * _STEP >> _LEAVE).astype(np.int64)


@lru_cache(maxsize=200_000)
def _hash_of_form(word: str) -> int:
    return hash_of(lemmas_of(word)[0])


def hash_of(form: str) -> int:
    """The number by which a dictionary form is known, the same on every machine."""
    return int.from_bytes(blake2b(form.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")
