"""Topics and groups of a message, the likeliest first, with what speaks for them."""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from otklik.triage.nlp.lexicon import Hit, Lexicon, load_lexicon
from otklik.triage.nlp.scoring import Scored, score
from otklik.triage.nlp.starter.model import Starter, Vector, words_of
from otklik.triage.nlp.starter.store import load_starter
from otklik.triage.nlp.topics import OTHER, THANKS
from otklik.triage.nlp.words import Token, tokens_of

# Where the lexicon knows no word of a message, examples alone have to be this sure to name a topic.
_CLEAR = 0.4
_MOST = 5
_SPOKEN_BY = 3


class GroupGuess(NamedTuple):
    """A group of topics and the chance, 0 to 1, that it is the right one."""

    group: str
    confidence: float


def rank(lexicon: Lexicon, tokens: list[Token], hits: Iterable[Hit], page_hint: str | None) -> list[Scored]:
    """The likeliest topics with their chances as points, the best first; none where nothing speaks for any.

    `hits` are phrases of topics, without cues. Thanks are a subject only where there is no other.
    """
    starter = load_starter()
    scored = score(lexicon, tokens, hits, page_hint)
    words = words_of(tokens) if lexicon is load_lexicon() else None
    chances = starter.chances(scored, words)
    if any(each.topic != THANKS for each in scored):
        chances = _without_thanks(starter, chances)
    elif words is None or chances.max() < _CLEAR or starter.topics[int(chances.argmax())] in {THANKS, OTHER}:
        return [each._replace(points=float(chances[starter.at[each.topic]])) for each in scored]
    earned = {each.topic: each.tokens for each in scored}
    best: list[int] = np.argsort(-chances, kind="stable")[:_MOST].tolist()
    if starter.topics[best[0]] not in earned:
        earned[starter.topics[best[0]]] = _speakers(starter, words, best[0])
    return [Scored(starter.topics[at], float(chances[at]), earned.get(starter.topics[at], ())) for at in best]


def _without_thanks(starter: Starter, chances: Vector) -> Vector:
    left = chances.copy()
    left[starter.at[THANKS]] = 0.0
    total = float(left.sum())
    return left / total if total else chances


def _speakers(starter: Starter, words: list[str] | None, topic: int) -> tuple[int, ...]:
    """The words of the message that examples of the topic are known by."""
    if not words:
        return ()
    gains = starter.words.speaks(words, topic)
    best = sorted(range(len(gains)), key=lambda at: -gains[at])[:_SPOKEN_BY]
    return tuple(sorted(at for at in best if gains[at] > 0))


def guess_group(text: str) -> GroupGuess:
    """The likeliest group of the closed list for a message, whatever it says. Never raises.

    The sum over the topics of a group decides, so that it may be clear where no single topic is. Thanks have the
    group of what they thank for: a road that was repaired is still a road.
    """
    lexicon, starter, tokens = load_lexicon(), load_starter(), tokens_of(text)
    hits = [hit for hit in lexicon.find(tokens) if not hit.phrase.target.startswith("!")]
    chances = starter.chances(score(lexicon, tokens, hits, None), words_of(tokens))
    sums = _without_thanks(starter, chances) @ starter.members
    best = int(sums.argmax())
    return GroupGuess(starter.groups[best], round(float(sums[best]), 4))
