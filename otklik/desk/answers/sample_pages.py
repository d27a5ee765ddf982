"""A sample of post-control as its pages show it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Count, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from otklik.casework.models import ReviewSample, SampledAnswer
from otklik.casework.operations import sample_results
from otklik.desk.access import Desk
from otklik.people.rules import Right
from otklik.registry.rules import Reach


def sees_samples(reach: Reach) -> bool:
    """Samples are of the whole region: whoever judges answers at the centre, and whoever teaches to write them."""
    return bool({Right.CLOSE, Right.MANAGE_ANSWERS} & set(reach.center))


def may_review(desk: Desk) -> bool:
    """Whether the person looks at drawn answers, orders samples and cancels them."""
    return Right.CLOSE in desk.reach.center


def require_see(desk: Desk) -> None:
    """Refuse (403) a person whom samples do not concern."""
    if not sees_samples(desk.reach):
        raise PermissionDenied


def require_review(desk: Desk) -> None:
    """Refuse (403) a person who does not judge answers for the centre."""
    if not may_review(desk):
        raise PermissionDenied


def sample_by(pk: int) -> ReviewSample:
    """The sample; 404 without one."""
    found = ReviewSample.objects.select_related("ordered_by").filter(pk=pk if pk < 2**63 else 0).first()
    if found is None:
        raise Http404
    return found


def drawn_by(sample: ReviewSample, position: int) -> SampledAnswer:
    """The drawn answer at the place, with what a person looks at; 404 without one."""
    found = sample.answers.filter(position=position if position < 2**31 else 0)
    related = (
        "answer__incident__message__author",
        "answer__incident__page",
        "answer__incident__topic",
        "answer__delivery",
    )
    drawn = found.select_related(*related, "answer__incident__executor").first()
    if drawn is None:
        raise Http404
    return drawn


def samples() -> QuerySet[ReviewSample]:
    """All samples with how far they are, the newest first."""
    found = ReviewSample.objects.select_related("ordered_by").order_by("-ordered_at", "-pk")
    return sample_results.with_progress(found)


@dataclass(frozen=True, slots=True)
class Line:
    """One drawn answer: where it stands, or what it came to. Never what a single person has said of it."""

    drawn: SampledAnswer
    words: str
    tone: str


def answers_of(sample: ReviewSample) -> QuerySet[Any]:
    """The drawn answers in the order of chance, with how many people have looked at each."""
    found = sample.answers.select_related("answer__incident__executor").defer("answer__incident__search")
    return found.annotate(seen=Count("answer__reviews")).order_by("position")


def lines(drawn: Iterable[Any]) -> list[Line]:
    """Drawn answers in words."""
    waits = {0: _("ждёт первого"), 1: _("ждёт второго"), 2: _("разошлись: ждёт третьего")}
    return [
        Line(each, _("снято по возражению органа"), "muted")
        if each.set_aside_at
        else Line(each, each.get_verdict_display(), "ok" if each.verdict == "pass" else "late")
        if each.verdict
        else Line(each, waits[min(each.seen, 2)], "muted" if each.seen == 0 else "info")
        for each in drawn
    ]


def summary(sample: ReviewSample) -> dict[str, Any]:
    """How far the sample is, and what it has come to."""
    results = sample_results.results_of(sample)
    return {
        "waiting": sample_results.waiting_of(sample),
        "results": results,
        "total": sample_results.total_of(results),
        "agreement": sample_results.agreement_of(sample),
    }
