"""A body contests a return: within its term, once, decided by another; what is lifted is in no figure."""

from datetime import datetime, timedelta
from typing import Any

import psycopg
import pytest
from django.db import IntegrityError, transaction

from otklik.audit import operations as audit
from otklik.audit.models import AuditLine
from otklik.casework import operations as casework
from otklik.casework.models import Answer, Incident, ReturnAppeal, Review, ReviewSample, SampledAnswer
from otklik.casework.operations import erasing, sample_results
from otklik.casework.operations.return_appeals import (
    ContestedAlready,
    ContestIsDecided,
    NothingToContest,
    OwnReturn,
    TooLateToContest,
    contest_return,
    contest_until,
    contested_move,
    decide_return_appeal,
)
from otklik.common.actor import SYSTEM
from otklik.people.models import Account
from tests import cast

pytestmark = pytest.mark.django_db
# A Wednesday; three working days of a term that began in the morning end on Monday.
SOON, LATER = cast.after(hours=1), cast.after(days=2)
WORDS = "Фото приложено во втором ответе."


@pytest.fixture(autouse=True)
def _region() -> None:
    cast.region()


def returned(by: Account | None = None, **given: Any) -> Incident:
    incident = cast.incident("answered", **given)
    by = by or cast.dispatcher()
    return casework.return_for_rework(
        incident=incident, code="no_proof", by=by.actor, now=cast.after(minutes=5)
    )


def official(incident: Incident) -> Account:
    assert incident.executor is not None
    return cast.executor(incident.executor)


def contest(incident: Incident, *, now: datetime = SOON, **given: Any) -> ReturnAppeal:
    return contest_return(
        incident=incident, reason=WORDS, by=given.pop("by", None) or official(incident), now=now, **given
    )


def decide(appeal: ReturnAppeal, *, grant: bool, by: Account | None = None) -> ReturnAppeal:
    return decide_return_appeal(
        appeal=appeal, grant=grant, why=" Фото есть. ", by=by or cast.dispatcher(), now=LATER
    )


def fresh(incident: Incident) -> Incident:
    return Incident.objects.get(pk=incident.pk)


def answer_again(incident: Incident) -> Incident:
    by = cast.dispatcher()
    casework.take_up(incident=fresh(incident), by=by, now=SOON)
    cast.settle(cast.publish(fresh(incident), by=by), "delivered")
    return fresh(incident)


def sampled_badly() -> Incident:
    """Closed, and then drawn and found bad by two."""
    incident = cast.incident("closed")
    day = cast.NOW.date()
    draw = casework.Draw(first_day=day, last_day=day, seed=42, size=100)
    casework.order_sample(draw=draw, by=cast.dispatcher(), now=LATER)
    answer = Answer.objects.get(incident=incident)
    for _ in range(2):
        casework.review(
            incident=incident, answer=answer, points="1100000111", verdict="return", code="no_proof",
            comment="нет фото", by=cast.dispatcher(), now=LATER,
        )  # fmt: skip
    return fresh(incident)


def test_an_objection_keeps_what_is_contested_and_leaves_the_state() -> None:
    who = cast.dispatcher()
    incident = returned(who)
    by = official(incident)
    appeal = contest(incident, by=by)
    after = fresh(incident)
    assert (after.state, after.version) == ("rework", incident.version + 1)
    assert (appeal.body_id, appeal.returned_by, appeal.text) == (incident.executor_id, who, WORDS)
    assert (appeal.answer, appeal.move.code) == (Answer.objects.get(incident=incident), "no_proof")
    assert appeal.due_at > SOON
    move = incident.moves.latest("pk")
    assert (move.verb, move.before, move.after, move.reason) == ("contest_return", "rework", "rework", WORDS)
    assert AuditLine.objects.filter(verb="contest_return", subject_id=incident.pk).count() == 1


def test_a_return_is_contested_once_with_a_reason_and_within_the_term() -> None:
    incident = returned()
    with pytest.raises(casework.NeedsReason):
        contest_return(incident=incident, reason=" ", by=official(incident), now=SOON)
    move = contested_move(incident.moves.order_by("-pk"))
    assert move is not None
    until = contest_until(move)
    assert until > cast.after(days=4)
    with pytest.raises(TooLateToContest):
        contest(incident, now=until + timedelta(seconds=1))
    with pytest.raises(casework.StaleCard):
        contest(incident, version=incident.version - 1)
    contest(incident, now=until)
    with pytest.raises(ContestedAlready):
        contest(incident)
    assert ReturnAppeal.objects.count() == 1


@pytest.mark.parametrize("state", ["answered", "in_progress", "closed", "deferred"])
def test_what_nobody_returned_is_not_contested(state: str) -> None:
    with pytest.raises(NothingToContest):
        contest(cast.incident(state))


def test_an_answer_that_vanished_or_a_third_postponement_is_no_judgement() -> None:
    incident = cast.incident("deferred")
    casework.not_done(incident=incident, by=cast.dispatcher().actor, now=SOON)
    incident.moves.filter(verb="not_done").update(code="third_postponement")
    with pytest.raises(NothingToContest):
        contest(fresh(incident))
    incident.moves.filter(verb="not_done").update(code="plan_not_done")
    assert contest(fresh(incident)).answer.kind == "plan"


def test_whoever_returned_reviewed_or_contests_does_not_decide() -> None:
    reviewer = cast.dispatcher()
    incident = cast.incident("answered")
    casework.review(
        incident=incident, points="0" * 10, verdict="return", code="no_proof", by=reviewer, now=SOON
    )
    by = official(fresh(incident))
    appeal = contest(fresh(incident), by=by)
    for barred in (reviewer, by):
        with pytest.raises(OwnReturn):
            decide(appeal, grant=True, by=barred)
    with pytest.raises(casework.NeedsReason):
        decide_return_appeal(appeal=appeal, grant=True, why="", by=cast.dispatcher(), now=LATER)
    decide(appeal, grant=False)
    with pytest.raises(ContestIsDecided):
        decide(appeal, grant=True)


def test_upheld_the_return_stands_and_says_why() -> None:
    incident = returned()
    appeal = decide(contest(incident), grant=False)
    assert (appeal.verdict, appeal.why, appeal.decided_at) == ("upheld", "Фото есть.", LATER)
    move = incident.moves.latest("pk")
    assert (move.verb, move.after, move.reason) == ("uphold_return", "rework", "Фото есть.")
    assert AuditLine.objects.filter(verb="uphold_return", subject_id=incident.pk).count() == 1


def test_granted_nothing_moves_and_the_word_against_the_answer_is_set_aside() -> None:
    incident = cast.incident("answered")
    made = casework.review(
        incident=incident, points="0" * 10, verdict="return", code="no_proof", by=cast.dispatcher(), now=SOON
    )
    decide(contest(fresh(incident)), grant=True)
    made.refresh_from_db()
    after = fresh(incident)
    assert (after.state, after.returns, made.set_aside_at) == ("rework", 1, LATER)
    assert incident.moves.latest("pk").verb == "lift_return"
    assert answer_again(incident).state == "answered"


@pytest.mark.parametrize(("grant", "escalates"), [(True, False), (False, True)])
def test_a_lifted_return_does_not_help_to_escalate(*, grant: bool, escalates: bool) -> None:
    incident = returned()
    decide(contest(incident), grant=grant)
    again = answer_again(incident)
    casework.return_for_rework(incident=again, code="rude", by=cast.dispatcher().actor, now=LATER)
    assert (fresh(incident).escalated_at is not None) is escalates


def test_lifting_the_second_return_takes_the_escalation_back() -> None:
    incident = returned()
    casework.return_for_rework(
        incident=answer_again(incident), code="rude", by=cast.dispatcher().actor, now=LATER
    )
    assert fresh(incident).escalated_at == LATER
    decide(contest(fresh(incident), now=LATER), grant=True)
    assert fresh(incident).escalated_at is None


def test_a_bad_word_of_a_sample_is_told_to_the_body_which_may_contest_it() -> None:
    incident = sampled_badly()
    move = incident.moves.latest("pk")
    assert (move.verb, move.before, move.after) == ("found_bad", "closed", "closed")
    assert (move.code, move.reason, incident.returns) == ("no_proof", "нет фото", 0)
    sample = ReviewSample.objects.get()
    before = sample_results.total_of(sample_results.results_of(sample))
    assert (before.decided, before.score, before.returned) == (1, 5.0, 1)
    decide(contest(incident, now=LATER), grant=True)
    assert sample_results.results_of(sample) == []
    shown = sample_results.with_progress(ReviewSample.objects.all()).get()
    assert (shown.decided, shown.returned, shown.score) == (1, 0, None)  # type: ignore[attr-defined]
    assert sample_results.agreement_of(sample).points == 0
    assert fresh(incident).state == "closed"


def test_what_was_set_aside_comes_back_with_no_later_sample() -> None:
    incident = sampled_badly()
    decide(contest(incident, now=LATER), grant=True)
    day = cast.NOW.date()
    draw = casework.Draw(first_day=day, last_day=day, seed=43, size=100)
    again = casework.order_sample(draw=draw, by=cast.dispatcher(), now=cast.after(days=3))
    drawn = again.answers.get()
    assert (drawn.verdict, drawn.set_aside_at) == ("return", cast.after(days=3))
    assert sample_results.results_of(again) == []


def test_a_lawful_erasure_leaves_no_word_of_the_dispute() -> None:
    incident, left = sampled_badly(), "[стёрто 22.11.2026: требование автора № 5]"
    appeal = decide(contest(incident, now=LATER), grant=False)
    with audit.erasing():
        erasing.erase_written(messages=[incident.message_id], left=left, by=SYSTEM, now=LATER)
    appeal.refresh_from_db()
    assert (appeal.text, appeal.why, appeal.verdict) == (left, left, "upheld")
    assert not AuditLine.objects.filter(reason=WORDS).exists()


BROKEN: dict[str, dict[str, Any]] = {
    "return_appeal_says": {"text": ""},
    "return_appeal_decided": {"verdict": "upheld"},
}


def _break(name: str, appeal: ReturnAppeal) -> None:
    if name == "return_appeal_once":
        appeal.pk = None
        appeal.save()
    elif name == "return_appeal_by_another":
        ReturnAppeal.objects.update(
            verdict="granted", why="да", decided_at=LATER, decided_by=appeal.returned_by
        )
    else:
        ReturnAppeal.objects.update(**BROKEN[name])


@pytest.mark.parametrize("name", [*BROKEN, "return_appeal_by_another", "return_appeal_once"])
def test_the_database_keeps_its_promises(name: str) -> None:
    appeal = contest(returned())
    with pytest.raises(IntegrityError) as broken, transaction.atomic():
        _break(name, appeal)
    cause = broken.value.__cause__
    assert isinstance(cause, psycopg.errors.IntegrityError)
    assert cause.diag.constraint_name == name


def test_who_contested_does_not_decide_even_past_the_verb() -> None:
    appeal = contest(returned())
    with pytest.raises(IntegrityError, match="return_appeal_by_another"), transaction.atomic():
        ReturnAppeal.objects.update(
            verdict="granted", why="да", decided_at=LATER, decided_by=appeal.contested_by
        )
    assert Review.objects.count() == SampledAnswer.objects.count() == 0
