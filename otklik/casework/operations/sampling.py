"""Random samples of answers for post-control: drawn by a stored seed, so nobody chose them and anybody can check."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from django.db import transaction
from django.db.models import QuerySet

from otklik.audit import operations as audit
from otklik.casework.enums import AnswerKind, AnswerStatus, AppealVerdict, ReviewVerdict
from otklik.casework.models import Answer, ReturnAppeal, Review, ReviewSample, SampledAnswer
from otklik.casework.operations.reviewing import opinions_of, settle_draws
from otklik.casework.rules import post_control
from otklik.common.actor import Actor
from otklik.common.bulk import insert_many
from otklik.people.models import Account
from otklik.registry import operations as registry

LONGEST_PERIOD = timedelta(days=366)
LARGEST_SEED = 2**31 - 1


class BadPeriod(Exception):
    """Период должен закончиться до сегодняшнего дня и длиться не больше года: в нём уже ничего не добавится."""


class BadAmount(Exception):
    """Укажите или долю от 1 до 100 %, или число ответов, и не больше 5000 ответов в одной выборке."""


class NothingToDraw(Exception):
    """За эти дни нет ни одного опубликованного ответа: выберите другой период."""


class SampleIsOver(Exception):
    """Эта выборка уже отменена."""


class Draw(NamedTuple):
    """What is ordered: the days, a share in percent or a number of answers, the seed."""

    first_day: date
    last_day: date
    seed: int
    share: int | None = None
    size: int | None = None


def frame_of(first_day: date, last_day: date) -> list[int]:
    """Every final answer published on these days of the region, by its number: what a sample is drawn from."""
    zone = registry.working_calendar().tz
    begins = datetime.combine(first_day, time(), zone)
    ends = datetime.combine(last_day + timedelta(days=1), time(), zone)
    found = Answer.objects.filter(
        kind=AnswerKind.FINAL,
        status=AnswerStatus.PUBLISHED,
        published_at__gte=begins,
        published_at__lt=ends,
    )
    return list(found.order_by("pk").values_list("pk", flat=True))


@transaction.atomic
def order_sample(*, draw: Draw, by: Account, now: datetime) -> ReviewSample:
    """Draw a sample of the answers of a period for two people to look at each. Raises BadPeriod, BadAmount,
    NothingToDraw.

    What was looked at enough in an earlier sample is decided at once.
    """
    _check(draw, now)
    frame = frame_of(draw.first_day, draw.last_day)
    if not frame:
        raise NothingToDraw
    amount = post_control.sample_size(len(frame), share=draw.share, size=draw.size)
    if amount > post_control.LARGEST_SAMPLE:
        raise BadAmount
    drawn = post_control.draw(frame, amount, draw.seed)
    sample = ReviewSample.objects.create(
        **draw._asdict(),
        frame_size=len(frame),
        frame_hash=post_control.fingerprint(frame),
        drawn=len(drawn),
        ordered_by=by,
        ordered_at=now,
    )
    insert_many([SampledAnswer(sample=sample, answer_id=pk, position=at) for at, pk in enumerate(drawn, 1)])
    _settle_known(drawn, now)
    audit.record(by=by.actor, verb="order_sample", subject=sample, now=now, seed=draw.seed, drawn=len(drawn))
    return sample


@transaction.atomic
def cancel_sample(*, sample: ReviewSample, by: Actor, now: datetime) -> ReviewSample:
    """Stop asking people about a sample; what they have said stays. Raises SampleIsOver."""
    fresh = ReviewSample.objects.select_for_update(of=("self",)).get(pk=sample.pk)
    if fresh.cancelled_at is not None:
        raise SampleIsOver
    fresh.cancelled_at = now
    fresh.save(update_fields=["cancelled_at"])
    audit.record(by=by, verb="cancel_sample", subject=fresh, now=now)
    return fresh


def _check(draw: Draw, now: datetime) -> None:
    today = now.astimezone(registry.working_calendar().tz).date()
    if not draw.first_day <= draw.last_day < today or draw.last_day - draw.first_day >= LONGEST_PERIOD:
        raise BadPeriod
    given = [each for each in (draw.share, draw.size) if each is not None]
    if len(given) != 1 or given[0] < 1 or (draw.share or 0) > 100:
        raise BadAmount


def _settle_known(drawn: Sequence[int], now: datetime) -> None:
    known: dict[int, list[Review]] = {}
    for each in Review.objects.filter(answer_id__in=drawn).order_by("answer_id", "number"):
        known.setdefault(each.answer_id, []).append(each)
    for answer, reviews in known.items():
        outcome = post_control.outcome_of(opinions_of(reviews), sampled=True)
        if outcome:
            settle_draws(answer, outcome, now)
    lifted = ReturnAppeal.objects.filter(answer_id__in=drawn, verdict=AppealVerdict.GRANTED)
    returned = SampledAnswer.objects.filter(answer_id__in=lifted.values("answer"), set_aside_at=None)
    returned.filter(verdict=ReviewVerdict.RETURN, decided_at=now).update(set_aside_at=now)


def waiting_for(sample: ReviewSample, account: Account) -> QuerySet[SampledAnswer]:
    """What of the sample waits for this person: not what one wrote, agreed to or has looked at."""
    waiting = SampledAnswer.objects.filter(sample=sample, verdict="", sample__cancelled_at=None)
    waiting = waiting.exclude(answer__author=account).exclude(answer__approved_by=account)
    return waiting.exclude(answer__reviews__reviewer=account)


def next_of(sample: ReviewSample, account: Account) -> SampledAnswer | None:
    """The answer of the sample that this person should look at next, by the order of chance; None without any."""
    return waiting_for(sample, account).order_by("position").first()
