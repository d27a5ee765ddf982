"""When many messages on one topic in one place are a burst. Pure."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

WINDOW = timedelta(hours=24)
"""A burst is counted over so long."""

LEAST = 5
"""Fewer messages than this are never a burst."""

TIMES = 3.0
"""How many times the norm a burst must exceed."""

WEEKS = 4
"""The norm is the mean of the same hours of the same weekday over so many weeks."""

QUIET = timedelta(hours=24)
"""A burst is over when nothing new came for so long."""


@dataclass(frozen=True, slots=True)
class Burst:
    """What makes a burst of a number: the norm, the number from which it was one, and the code of the reason.

    `first`: there is no history to compare with; `least`: such messages are rare here; `norm`: many times the norm.
    """

    norm: float | None
    threshold: int
    reason: str


def norm_of(counts: Sequence[int]) -> float | None:
    """The mean of what came in the same hours of earlier days; None without any."""
    return sum(counts) / len(counts) if counts else None


def burst(count: int, norm: float | None, *, least: int = LEAST, times: float = TIMES) -> Burst | None:
    """The burst that `count` messages in WINDOW are, or None.

    Both conditions of the norm hold together, at least `least` messages and more than `times` the mean: alone, the
    first would sound every day for the commonest troubles of a large town, the second for every single rare one.
    """
    threshold = max(least, math.floor(times * (norm or 0)) + 1)
    if count < threshold:
        return None
    if norm is None:
        return Burst(None, threshold, "first")
    return Burst(round(norm, 2), threshold, "least" if threshold == least else "norm")


def compared_days(known: timedelta) -> tuple[int, ...]:
    """How many days ago to look for the norm, given for how long messages have been judged.

    The same weekday of up to four weeks; in the first week the days there are; on the first day none.
    """
    weeks = min(WEEKS, (known - WINDOW) // timedelta(days=7))
    if weeks >= 1:
        return tuple(7 * week for week in range(1, weeks + 1))
    return tuple(range(1, min(6, (known - WINDOW) // timedelta(days=1)) + 1))


def is_over(last_at: datetime, now: datetime) -> bool:
    """Whether nothing new came for long enough."""
    return now - last_at >= QUIET
