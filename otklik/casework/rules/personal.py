"""When somebody opens personal data unusually often."""

from collections.abc import Sequence

MANY_A_DAY = 20
"""Openings of one person in one day below which nothing is unusual."""
TIMES_USUAL = 3
USUAL_DAYS = 30
"""Days before, by which it is told what is usual for the person."""


def usual(earlier: Sequence[int]) -> float:
    """Openings on a day of those days on which there were any; 0 when there were none."""
    return sum(earlier) / len(earlier) if earlier else 0.0


def is_unusual(number: int, earlier: Sequence[int]) -> bool:
    """Whether the openings of one day are many: twenty at least, and three times what the person usually has."""
    return number >= MANY_A_DAY and number > TIMES_USUAL * usual(earlier)
