"""Which words are about the same thing: equal, of one root, or near in meaning."""

from collections.abc import Collection

from otklik.triage.nlp.learning.meaning import nearness

_ROOT, _SHARE = 4, 0.7


def touches(words: Collection[str], others: Collection[str]) -> bool:
    """Whether some word is another or of its root; dictionary forms."""
    return any(one == other or same_root(one, other) for one in words for other in others)


def same_root(one: str, other: str) -> bool:
    """«платить» and «плата»: four letters in common, and most of the shorter word."""
    shorter = min(len(one), len(other))
    common = next((at for at in range(shorter) if one[at] != other[at]), shorter)
    return common >= _ROOT and common >= shorter * _SHARE


def is_near(things: Collection[str], others: Collection[str], least: float) -> bool:
    """Whether some noun is near another in meaning: «лавка» and «скамейка»."""
    return any(nearness(one, other) >= least for one in things for other in others)
