"""What a sample of post-control has come to: how far it is, how bodies answer, how far those who look agree.

A bad word that the body contested rightly is set aside: it stays to be seen, and is in no figure of these.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Avg, Count, Q, QuerySet

from otklik.casework.enums import ReviewVerdict
from otklik.casework.models import Review, ReviewSample, SampledAnswer
from otklik.casework.rules import post_control

_RETURNED = Count("pk", filter=Q(verdict=ReviewVerdict.RETURN))


@dataclass(frozen=True, slots=True)
class Result:
    """Of so many decided answers: the mean score of ten, and how many were returned. `body` is empty for all."""

    body: str
    decided: int
    score: float | None
    returned: int

    @property
    def returned_share(self) -> float | None:
        """The share of returned answers in percent; None while nothing is decided."""
        return 100 * self.returned / self.decided if self.decided else None


def with_progress(samples: QuerySet[ReviewSample]) -> QuerySet[ReviewSample]:
    """Samples with `decided`, `returned` and `score` beside them."""
    return samples.annotate(
        decided=Count("answers", filter=~Q(answers__verdict="")),
        returned=Count(
            "answers", filter=Q(answers__verdict=ReviewVerdict.RETURN, answers__set_aside_at=None)
        ),
        score=Avg("answers__score", filter=Q(answers__set_aside_at=None)),
    )


def results_of(sample: ReviewSample) -> list[Result]:
    """How each body answers, by the decided answers of the sample; the body is whoever is responsible now."""
    rows = (
        _decided(sample)
        .order_by("answer__incident__executor__short_name", "answer__incident__executor_id")
        .values_list("answer__incident__executor__short_name", "answer__incident__executor_id")
        .annotate(decided=Count("pk"), mean=Avg("score"), returned=_RETURNED)
    )
    return [
        Result(name or "—", decided, float(mean), returned) for name, _pk, decided, mean, returned in rows
    ]


def total_of(results: Iterable[Result]) -> Result:
    """All bodies together: each answer counts once."""
    found: Sequence[Result] = list(results)
    decided = sum(each.decided for each in found)
    score = sum((each.score or 0) * each.decided for each in found) / decided if decided else None
    return Result("", decided, score, sum(each.returned for each in found))


def waiting_of(sample: ReviewSample) -> dict[int, int]:
    """How many undecided answers wait for the first, the second, the third person: {1: …, 2: …, 3: …}."""
    rows = (
        sample.answers.filter(verdict="")
        .annotate(seen=Count("answer__reviews"))
        .values_list("seen", flat=True)
        .order_by()
    )
    found = dict.fromkeys((1, 2, 3), 0)
    for seen in rows:
        found[min(seen + 1, 3)] += 1
    return found


def agreement_of(sample: ReviewSample) -> post_control.Agreement:
    """How far the first and the second to look at an answer agree on its points; the third sees chosen answers only."""
    pairs: dict[int, list[str]] = {}
    rows = Review.objects.filter(answer__sampled__sample=sample, number__lte=2, set_aside_at=None)
    rows = rows.order_by("answer_id", "number")
    for answer, points in rows.values_list("answer_id", "points"):
        pairs.setdefault(answer, []).append(points)
    return post_control.agreement((each[0], each[1]) for each in pairs.values() if len(each) == 2)


def _decided(sample: ReviewSample) -> QuerySet[SampledAnswer]:
    return SampledAnswer.objects.filter(sample=sample, set_aside_at=None).exclude(verdict="")
