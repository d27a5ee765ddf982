"""Post-control: a person of the centre looks at a published answer by ten points, and it passes or is returned."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import QuerySet

from otklik.audit import operations as audit
from otklik.casework import rules
from otklik.casework.announce import announce
from otklik.casework.enums import AnswerKind, AnswerStatus, Resolution, ReviewVerdict, ReworkCode, State
from otklik.casework.models import Answer, Incident, Review, SampledAnswer
from otklik.casework.operations.answer_quality import facts_of
from otklik.casework.operations.basis import locked, sla_limits, touch
from otklik.casework.operations.ending import rework
from otklik.casework.rules import answer_check, post_control
from otklik.people.models import Account
from otklik.registry import operations as registry


class NothingToReview(Exception):
    """Здесь нет опубликованного ответа, который можно проверить."""


class ReviewsOwn(Exception):
    """Этот ответ писали или согласовали вы: проверить его должен другой человек."""


class ReviewedAlready(Exception):
    """Этот ответ уже проверен, второй раз оценивать его не нужно."""


class NeedsCode(Exception):
    """Выберите, чем ответ не подходит: с этой причиной он вернётся органу."""


def final_answer(incident: Incident) -> Answer | None:
    """The published final answer of the incident's present cycle."""
    found = Answer.objects.filter(
        incident=incident, kind=AnswerKind.FINAL, status=AnswerStatus.PUBLISHED, cycle=incident.cycle
    )
    return found.order_by("-pk").first()


def checklist_of(answer: Answer, now: datetime) -> tuple[answer_check.Point, ...]:
    """The ten points of a published answer as far as a machine can tell them. Changes nothing."""
    incident = answer.incident
    resolution = answer.resolution or Resolution.EXPLAINED
    facts = facts_of(
        incident,
        now=answer.published_at or now,
        kind=answer.kind,
        resolution=resolution,
        has_photo=answer.photos > 0,
    )
    return answer_check.checklist(answer.text, [incident.question], facts)


@transaction.atomic
def review(
    *,
    incident: Incident,
    points: str,
    verdict: str,
    by: Account,
    now: datetime,
    code: str = "",
    comment: str = "",
    answer: Answer | None = None,
    version: int | None = None,
) -> Review:
    """Keep what a person says of the published answer, and do what the opinions on it come to.

    `points` are ten characters, 1 or 0, in the order of the checklist. One opinion decides, unless the answer was
    drawn into a sample: then two that agree, or a third. A good answer ends post-control; a bad one is returned with
    its code. An answer of a sample whose incident has gone on since is only judged, nothing moves. Raises
    NothingToReview, ReviewsOwn, ReviewedAlready, NeedsCode, IllegalMove, StaleCard.
    """
    incident = locked(incident, version=version)
    present = final_answer(incident)
    answer = answer or present
    drawn = _fit(incident, answer)
    assert answer is not None  # noqa: S101 — tells mypy, and the reader
    earlier = list(Review.objects.filter(answer=answer).order_by("number"))
    _check(answer, earlier, by, drawn=drawn)
    made = Review.objects.create(
        incident=incident,
        answer=answer,
        number=len(earlier) + 1,
        reviewer=by,
        points=points,
        proposed=post_control.proposal(checklist_of(answer, now)),
        verdict=verdict,
        code=_code(verdict, code),
        comment=comment.strip(),
        at=now,
    )
    _conclude(incident, [*earlier, made], by, now, drawn=drawn, present=answer == present)
    return made


def opinions_of(reviews: Sequence[Review]) -> list[post_control.Opinion]:
    """Reviews as the rules weigh them."""
    return [post_control.Opinion(each.points, each.verdict, each.code) for each in reviews]


def open_draws(answers: Sequence[int]) -> QuerySet[SampledAnswer]:
    """The places of these answers in samples that still wait for people."""
    return SampledAnswer.objects.filter(answer_id__in=answers, verdict="", sample__cancelled_at=None)


def settle_draws(answer: int, outcome: post_control.Outcome, now: datetime) -> None:
    """Write what the opinions came to wherever the answer was drawn and still waits."""
    open_draws([answer]).update(
        verdict=outcome.verdict, score=round(Decimal(outcome.score), 1), decided_at=now
    )


def _fit(incident: Incident, answer: Answer | None) -> bool:
    """Whether chance drew the answer. Raises IllegalMove and NothingToReview where there is nothing to look at."""
    drawn = answer is not None and open_draws([answer.pk]).exists()
    if not drawn:
        rules.check_stay("review", incident.state)
    if answer is None or answer.incident_id != incident.pk or answer.status != AnswerStatus.PUBLISHED:
        raise NothingToReview
    return drawn


def _check(answer: Answer, earlier: Sequence[Review], by: Account, *, drawn: bool) -> None:
    if by.pk in {answer.author_id, answer.approved_by_id}:
        raise ReviewsOwn
    is_second = any(each.reviewer_id == by.pk for each in earlier)
    if is_second or post_control.outcome_of(opinions_of(earlier), sampled=drawn):
        raise ReviewedAlready


def _code(verdict: str, code: str) -> str:
    """The code of a return, none of a good answer. Raises NeedsCode."""
    if verdict == ReviewVerdict.PASS:
        return ""
    if code not in ReworkCode.values:
        raise NeedsCode
    return code


def _conclude(
    incident: Incident, reviews: Sequence[Review], by: Account, now: datetime, *, drawn: bool, present: bool
) -> None:
    last = reviews[-1]
    outcome = post_control.outcome_of(opinions_of(reviews), sampled=drawn)
    if outcome:
        settle_draws(last.answer_id, outcome, now)
    gone_on = not present or incident.state != State.ANSWERED
    if gone_on and outcome is not None and outcome.verdict == ReviewVerdict.RETURN:
        # Nothing moves any more, but the body is told, and may contest it.
        reason = reviews[outcome.by].comment
        touch(incident, verb="found_bad", by=by.actor, now=now, reason=reason, code=outcome.code)
    elif outcome is None or gone_on:
        # Nobody learns from the trace what the first has said: the second is to see for himself.
        audit.record(by=by.actor, verb="review", subject=last, now=now, number=last.number)
        announce([incident])
    elif outcome.verdict == ReviewVerdict.RETURN:
        why = (outcome.code, reviews[outcome.by].comment)
        rework(incident=incident, verb="return_for_rework", why=why, by=by.actor, now=now)
    else:
        touch(
            incident, verb="review", by=by.actor, now=now, checked_at=now, stage_due_at=_ends(incident, now)
        )


def _ends(incident: Incident, now: datetime) -> datetime:
    """When a checked answer ends its incident: after the author's days, and never later than without the check."""
    due = rules.due_of(sla_limits().objection, now, incident.priority, registry.working_calendar())
    return min(due, incident.stage_due_at or due)
