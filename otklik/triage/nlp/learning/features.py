"""Messages as rows of a sparse matrix: what they say by word, by piece of word, by the lexicon and by meaning."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from otklik.triage.nlp.learning.grams import (
    BITS,
    Grams,
    Ints,
    Words,
    counted,
    piece_grams,
    word_grams,
    words_of,
)
from otklik.triage.nlp.learning.lexical import lexical_grams, lexical_names
from otklik.triage.nlp.learning.meaning import DIMENSIONS, meanings
from otklik.triage.nlp.lexicon import Hit
from otklik.triage.nlp.words import Token, tokens_of

Floats = NDArray[np.float32]

WORDS, PIECES, LEXICON, MEANING = range(4)
# What each view of a message weighs in its likeness to another; measured by bench/triage_learned.py.
WEIGHTS = (1.0, 1.0, 0.5, 0.5)
BIAS = 0.1
LIKENESS = 2.0
"""The likeness of a message to itself, the constant column aside."""


@dataclass(frozen=True, slots=True)
class Messages:
    """Messages read once: their words, and the grams of each view with the strength of each."""

    tokens: list[list[Token]]
    words: Words
    grams: tuple[Grams, Grams, Grams]
    strengths: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.tokens)


def read_messages(
    texts: Sequence[str],
    tokens: Sequence[list[Token]] | None = None,
    hits: Sequence[list[Hit]] | None = None,
) -> Messages:
    """The texts as the learnt model sees them; any text can be read. What was read before need not be read again."""
    tokens = [tokens_of(text) for text in texts] if tokens is None else list(tokens)
    lexical, strengths = lexical_grams(tokens, hits)
    words = words_of(tokens)
    return Messages(tokens, words, (word_grams(words), piece_grams(tokens), lexical), strengths)


class Known(NamedTuple):
    """The grams of a view that a model knows, with columns for buckets; the strengths of those of the lexicon."""

    grams: Grams
    strengths: NDArray[np.float64] | None


@dataclass(frozen=True, slots=True)
class Space:
    """The columns a model knows: of each view the column of each bucket (-1: unknown), and how rare each column is."""

    columns: tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int32]]
    rarity: Floats
    centre: Floats

    @property
    def width(self) -> int:
        """How many columns there are, those of meaning and the constant one included."""
        return len(self.rarity) + DIMENSIONS + 1

    def known(self, messages: Messages) -> tuple[Known, ...]:
        """What the model knows of the words, the pieces of words and the lexicon in messages."""
        return tuple(self._known(messages, view) for view in (WORDS, PIECES, LEXICON))

    def _known(self, messages: Messages, view: int) -> Known:
        grams = messages.grams[view]
        columns = self.columns[view][grams.buckets]
        keep = columns >= 0
        strengths = messages.strengths[keep] if view == LEXICON else None
        return Known(Grams(grams.rows[keep], columns[keep], grams.words[keep]), strengths)

    def matrix(self, messages: Messages, known: tuple[Known, ...] | None = None) -> Any:
        """Rows of unit length in each view, as a scipy matrix: their products are the likeness of messages.

        `known` is what `known` tells of them, for who has asked already.
        """
        from scipy.sparse import csr_matrix

        rows, columns, values = self.entries(messages, known or self.known(messages))
        return csr_matrix((values, (rows, columns)), shape=(len(messages), self.width))

    def entries(self, messages: Messages, known: tuple[Known, ...]) -> tuple[Ints, Ints, Floats]:
        """What the matrix holds, in no order: rows, columns and values; no place is met twice."""
        parts = [self._view(each, len(messages), view) for view, each in enumerate(known)]
        parts.append(self._meaning(messages))
        count = len(messages)
        ones = (np.arange(count), np.full(count, self.width - 1), np.full(count, np.sqrt(BIAS)))
        rows, columns, values = (np.concatenate(each) for each in zip(*parts, ones, strict=True))
        return rows, columns, values.astype(np.float32)

    def _view(self, known: Known, count: int, view: int) -> tuple[Ints, Ints, NDArray[np.float64]]:
        grams, strengths = known
        key = grams.keys(self.width)
        if strengths is None:
            key, counts = counted(key)
            values = 1 + np.log(counts)
        else:
            values = strengths
        rows, columns = key // self.width, key % self.width
        values = values * self.rarity[columns]
        return rows, columns, _unit(rows, values, count) * scale_of(view)

    def _meaning(self, messages: Messages) -> tuple[Ints, Ints, NDArray[np.float64]]:
        dense = self.meaning(messages)
        rows, places = np.nonzero(dense)
        return rows, places + len(self.rarity), dense[rows, places].astype(np.float64) * scale_of(MEANING)

    def meaning(self, messages: Messages) -> Floats:
        """What the words mean together, the rare ones more, less what messages of the region mean on the whole."""
        dense = self.sums(messages)
        silent = ~dense.any(axis=1)
        dense = _unit_rows(dense) - self.centre
        dense[silent] = 0
        return _unit_rows(dense)

    def sums(self, messages: Messages) -> Floats:
        """The vectors of the words of each message, the rare ones more, summed."""
        words = messages.words
        return meanings(words.hashes, words.rows, self._rarity_of_words(messages), len(messages))

    def _rarity_of_words(self, messages: Messages) -> Floats:
        count = len(messages.words.hashes)
        columns = self.columns[WORDS][messages.grams[WORDS].buckets[:count]]
        most = self.rarity.max(initial=1.0)
        rarity = (
            np.where(columns >= 0, self.rarity[np.maximum(columns, 0)], most) if len(self.rarity) else most
        )
        return np.asarray(np.broadcast_to(rarity, count) - 1, dtype=np.float32)


def scale_of(view: int) -> float:
    """What a unit row of the view is multiplied by."""
    return float(np.sqrt(LIKENESS * WEIGHTS[view] / sum(WEIGHTS)))


def learn_space(messages: Messages, names: Messages, least: int) -> Space:
    """The columns of the messages learnt from and of the names of labels; rarity is counted among the messages.

    Grams that fewer than `least` messages have are left out, unless a name has them.
    """
    columns, rarities, at = [], [], 0
    for view, size in ((WORDS, 1 << BITS), (PIECES, 1 << BITS), (LEXICON, len(lexical_names()))):
        counts = _messages_with(messages, view, size)
        named = _messages_with(names, view, size) > 0
        found = np.flatnonzero((counts >= least) | named)
        index = np.full(size, -1, dtype=np.int32)
        index[found] = np.arange(at, at + len(found), dtype=np.int32)
        at += len(found)
        columns.append(index)
        common = np.log((1 + len(messages)) / (1 + counts[found])) + 1
        # The points of the lexicon weigh what its authors gave them.
        rarities.append(common if view != LEXICON else np.ones(len(found)))
    rarity = np.concatenate(rarities).astype(np.float32)
    space = Space((columns[0], columns[1], columns[2]), rarity, np.zeros(DIMENSIONS, dtype=np.float32))
    centre = _unit_rows(space.sums(messages)).mean(axis=0) if len(messages) else space.centre
    return Space(space.columns, rarity, centre.astype(np.float32))


def _messages_with(messages: Messages, view: int, size: int) -> Ints:
    grams = messages.grams[view]
    return np.bincount(counted(grams.keys(size))[0] % size, minlength=size)


def _unit(rows: Ints, values: NDArray[np.float64], count: int) -> NDArray[np.float64]:
    lengths = np.sqrt(np.bincount(rows, values * values, minlength=count))
    return values / np.maximum(lengths[rows], 1e-9)


def _unit_rows(dense: Floats) -> Floats:
    lengths = np.sqrt(np.einsum("ij,ij->i", dense, dense))[:, None]
    return np.asarray(dense / np.maximum(lengths, 1e-9), dtype=np.float32)
