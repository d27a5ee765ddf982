"""From what somebody typed to the ways it may be read. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from otklik.registry.search import scripts
from otklik.registry.search.words import fold, numbered, words

LONGEST_QUERY = 200
MOST_CHUNKS = 12
AS_IT_STANDS, ANOTHER_SCRIPT, FAR_FETCHED = 1.0, 0.95, 0.85


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read a chunk: words in order, each with its spellings, and how likely the way is."""

    words: tuple[tuple[str, ...], ...]
    worth: float = AS_IT_STANDS


@dataclass(slots=True)
class Question:
    """A query on its way: chunks with their readings, to be settled when the vocabulary has answered."""

    chunks: list[list[Reading]] = field(default_factory=list)
    # Spellings of the last word, when it may not have been typed to its end.
    begun: frozenset[str] = frozenset()

    def spellings(self) -> set[str]:
        """All words of all readings."""
        every = (reading for readings in self.chunks for reading in readings)
        return {spelling for reading in every for word in reading.words for spelling in word}


def question(query: str) -> Question:
    """Take a query apart: chunks between spaces, each as it stands, in the other layout, in the other script."""
    text = fold(query[:LONGEST_QUERY])
    chunks = [readings for chunk in text.split()[:MOST_CHUNKS] if (readings := list(_readings(chunk)))]
    _join_numerals(chunks)
    last = (
        {word for each in chunks[-1] if each.worth > FAR_FETCHED for word in each.words[-1]}
        if chunks
        else set()
    )
    return Question(chunks, frozenset() if text.endswith(" ") else frozenset(last))


def _readings(chunk: str) -> Iterator[Reading]:
    chunk = chunk.strip("«»“”")
    plain = words(_mended(chunk))
    if plain:
        yield Reading(tuple((word,) for word in plain))
    has_latin, has_russian = re.search("[a-z]", chunk), re.search("[а-я]", chunk)
    if (
        not has_russian
        and re.search(r"[a-z,;'\[\]`]", chunk)
        and (flipped := words(scripts.in_russian_layout(chunk)))
    ):
        yield Reading(tuple((word,) for word in flipped), ANOTHER_SCRIPT)
    if has_latin and not has_russian:
        yield Reading(tuple(_in_russian(word) for word in plain), ANOTHER_SCRIPT)
    if has_russian and not has_latin:
        if latin := words(scripts.in_latin_layout(chunk)):
            yield Reading(tuple((word, *_in_russian(word)) for word in latin), FAR_FETCHED)
        yield Reading(tuple((scripts.to_latin(word),) for word in plain), FAR_FETCHED - 0.05)


def _mended(chunk: str) -> str:
    """A word of both scripts comes to one, so that a Latin «c» does not cut it in two."""
    return "".join(scripts.undisguised(part) for part in re.split(r"([^a-zа-я]+)", chunk))


def _in_russian(word: str) -> tuple[str, ...]:
    return tuple(scripts.to_russian(word)) if word.isascii() and word.isalpha() else (word,)


def _join_numerals(chunks: list[list[Reading]]) -> None:
    """«сорок пятая» stands in two chunks and is one number."""
    for n in range(len(chunks) - 1):
        pair = [chunks[n][0].words, chunks[n + 1][0].words]
        if all(len(each) == 1 for each in pair):
            both = numbered([pair[0][0][0], pair[1][0][0]])
            if len(both) == 1:
                chunks[n : n + 2] = [[Reading(((both[0],),))]]
                return
