"""Post-control: who has to look at an answer, what their opinions come to, whom chance draws, how far they agree. Pure.

Opinions are ten characters, «1» or «0» for each point of the checklist in its order; proposals may also say «-»: the
machine does not know.
"""

import hashlib
import heapq
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from otklik.casework.rules.answer_check import NO, POINTS, YES, Point

PASS, RETURN = "pass", "return"
# So many points apart two people have not seen the same answer: a third decides.
APART = 3
MOST_REVIEWS = 3
LARGEST_SAMPLE = 5000
# Moves that count as returns to the body, and all that it may contest: a bad word of a sample moves nothing.
RETURNS = ("return_for_rework", "not_done")
CONTESTED = (*RETURNS, "found_bad")


class Opinion(NamedTuple):
    """What one person says of an answer: the ten points, the verdict, the code of a return."""

    points: str
    verdict: str
    code: str = ""

    @property
    def score(self) -> int:
        """How many of the ten points hold."""
        return self.points.count("1")


class Outcome(NamedTuple):
    """What the opinions come to; `score` is of ten, `by` the number (from nought) of the opinion whose words count."""

    verdict: str
    code: str
    score: float
    by: int


class Agreement(NamedTuple):
    """How far pairs of opinions agree: points compared, share of equal ones, and kappa; None where there is none."""

    points: int
    equal: float | None
    kappa: float | None

    @property
    def percent(self) -> float | None:
        """The share of equal points in percent."""
        return None if self.equal is None else 100 * self.equal


def proposal(points: Iterable[Point]) -> str:
    """The verdicts of the checklist as ten characters."""
    return "".join({YES: "1", NO: "0"}.get(point.verdict, "-") for point in points)


def points_of(held: Iterable[str]) -> str:
    """The codes of the points that hold as ten characters; an unknown code counts for nothing."""
    codes = frozenset(held)
    return "".join("1" if code in codes else "0" for code in POINTS)


def distance(first: Opinion, second: Opinion) -> int:
    """On how many points two opinions differ."""
    return sum(one != other for one, other in zip(first.points, second.points, strict=True))


def differ(first: Opinion, second: Opinion) -> bool:
    """Whether a third person has to decide: another verdict, or as many as APART points seen otherwise."""
    return first.verdict != second.verdict or distance(first, second) >= APART


def outcome_of(opinions: Sequence[Opinion], *, sampled: bool) -> Outcome | None:
    """What the opinions, in their order, come to; None while somebody else has to look.

    One person is enough where nobody drew the answer. Of a drawn one two must agree; else the third decides: the
    verdict of the majority, and of each point what two of the three say.
    """
    if len(opinions) < (2 if sampled else 1):
        return None
    if not sampled or (len(opinions) == 2 and not differ(*opinions)):
        score = sum(each.score for each in opinions) / len(opinions)
        return _outcome(opinions, opinions[0].verdict, score)
    if len(opinions) < MOST_REVIEWS:
        return None
    returns = sum(each.verdict == RETURN for each in opinions)
    score = sum(column.count("1") >= 2 for column in zip(*(each.points for each in opinions), strict=True))
    return _outcome(opinions, RETURN if returns >= 2 else PASS, score)


def _outcome(opinions: Sequence[Opinion], verdict: str, score: float) -> Outcome:
    by = max(number for number, each in enumerate(opinions) if each.verdict == verdict)
    return Outcome(verdict, opinions[by].code, score, by)


def sample_size(frame: int, *, share: int | None = None, size: int | None = None) -> int:
    """How many of a frame are drawn: a share in whole percent, rounded up, or a number; never more than there are."""
    wanted = size if share is None else -(-frame * share // 100)
    return min(frame, wanted or 0)


def draw(frame: Iterable[int], size: int, seed: int) -> list[int]:
    """So many numbers of the frame, drawn by the seed, in the order in which they were drawn.

    Each number gets a number of chance of its own, the hash of the seed and itself, and the smallest are drawn: a
    simple random sample by permanent random numbers (Ohlsson, Coordination of Samples Using Permanent Random Numbers,
    1995). The order of the frame does not matter, and anybody can draw it again in any language.
    """
    return heapq.nsmallest(size, frame, key=lambda number: (_chance(number, seed), number))


def _chance(number: int, seed: int) -> bytes:
    return hashlib.sha256(f"{seed}:{number}".encode()).digest()


def fingerprint(frame: Iterable[int]) -> str:
    """A hash of the frame in its order: whoever draws again sees whether it is the same frame."""
    whole = hashlib.sha256()
    for number in frame:
        whole.update(f"{number}\n".encode())
    return whole.hexdigest()


def agreement(pairs: Iterable[tuple[str, str]]) -> Agreement:
    """How far two people agree on the points of the answers that both have seen, over all points together.

    Kappa (Cohen, A Coefficient of Agreement for Nominal Scales, 1960): (po − pe) / (1 − pe), where po is the share of
    equal points and pe the share that would be equal by chance, from how often each says yes. Where both always say
    the same one thing, chance explains everything and there is no kappa.
    """
    both = [(one, other) for first, second in pairs for one, other in zip(first, second, strict=True)]
    total = len(both)
    if not total:
        return Agreement(0, None, None)
    equal = sum(one == other for one, other in both)
    first = sum(one == "1" for one, _other in both)
    second = sum(other == "1" for _one, other in both)
    # In whole numbers times total squared, so that nothing is lost before the one division.
    chance = first * second + (total - first) * (total - second)
    spare = total * total - chance
    return Agreement(total, equal / total, (equal * total - chance) / spare if spare else None)
