"""What the product's own lexicon finds in a message: knowledge that a region's history need not repeat."""

from collections.abc import Sequence
from functools import cache
from math import log1p

import numpy as np
from numpy.typing import NDArray

from otklik.triage.nlp.learning.grams import Grams, grams_of
from otklik.triage.nlp.lexicon import Hit, Lexicon, load_lexicon
from otklik.triage.nlp.scoring import score
from otklik.triage.nlp.topics import load_topics
from otklik.triage.nlp.words import Token

_SIGNS = [
    "!thanks",
    "!spam",
    "!abuse",
    "!chatter",
    "!problem",
    "!question",
    "!wish",
    "!proposal",
    "!critical",
    "!vulnerable",
    "!repeat",
]


@cache
def lexical_names() -> tuple[str, ...]:
    """What each bucket stands for: topics, their groups, signs."""
    topics = tuple(load_topics())
    groups = dict.fromkeys(topic.partition(".")[0] for topic in topics)
    return (*topics, *groups, *_SIGNS)


@cache
def _numbers() -> dict[str, int]:
    return {name: number for number, name in enumerate(lexical_names())}


def lexical_grams(
    messages: Sequence[list[Token]], hits: Sequence[list[Hit]] | None = None
) -> tuple[Grams, NDArray[np.float64]]:
    """The topics, groups and signs found in each message, and how strongly each is; `hits` when they are known."""
    lexicon = load_lexicon()
    hits = [list(lexicon.find(tokens)) for tokens in messages] if hits is None else hits
    rows: list[int] = []
    buckets: list[int] = []
    strengths: list[float] = []
    for row, (tokens, met) in enumerate(zip(messages, hits, strict=True)):
        found = _found(lexicon, tokens, met)
        rows.extend([row] * len(found))
        buckets.extend(found)
        strengths.extend(found.values())
    none = np.full(len(rows), -1)
    grams = grams_of(np.array(rows, dtype=np.int64), np.array(buckets, dtype=np.int64), none)
    return grams, np.array(strengths, dtype=np.float64)


def _found(lexicon: Lexicon, tokens: list[Token], hits: list[Hit]) -> dict[int, float]:
    numbers = _numbers()
    about = [hit for hit in hits if hit.phrase.target[0] != "!"]
    found: dict[int, float] = {}
    if len(about) < len(hits):
        cues = dict.fromkeys(hit.phrase.target for hit in hits if hit.phrase.target[0] == "!")
        found = {numbers[cue]: 1.0 for cue in cues if cue in numbers}
    for scored in score(lexicon, tokens, about, None):
        strength = log1p(max(scored.points, 0.0))
        group = numbers[scored.topic.partition(".")[0]]
        found[numbers[scored.topic]] = strength
        found[group] = max(found.get(group, 0.0), strength)
    return found
