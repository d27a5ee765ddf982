"""Random samples for post-control: drawn by a seed, looked at by two independently, decided by a third if need be."""

from datetime import date
from typing import Any

import pytest

from otklik.audit.models import AuditLine
from otklik.casework import operations as casework
from otklik.casework import rules
from otklik.casework.models import Answer, Incident, Review, ReviewSample, SampledAnswer
from otklik.casework.rules import post_control
from tests import cast

pytestmark = pytest.mark.django_db
LATER = cast.after(days=2)
DAY = date(2026, 11, 18)
TEN = "1" * 10


@pytest.fixture(autouse=True)
def _region() -> None:
    cast.region()


def order(*, by: Any = None, now: Any = LATER, **given: Any) -> ReviewSample:
    """A sample of the day on which the cast answers."""
    wanted = {"first_day": DAY, "last_day": DAY, "seed": 42, "size": 100} | given
    return casework.order_sample(draw=casework.Draw(**wanted), by=by or cast.dispatcher(), now=now)


def look(incident: Incident, verdict: str = "pass", points: str = TEN, **given: Any) -> Review:
    code = "no_proof" if verdict == "return" else ""
    given = {"by": given.pop("by", None) or cast.dispatcher(), "now": LATER} | given
    return casework.review(incident=incident, points=points, verdict=verdict, code=code, **given)


def state(incident: Incident) -> str:
    incident.refresh_from_db()
    return incident.state


def drawn_one() -> tuple[Incident, SampledAnswer]:
    incident = cast.incident("answered")
    return incident, order().answers.get()


def test_the_stored_seed_draws_the_same_answers_again() -> None:
    for _ in range(8):
        cast.incident("answered")
    cast.incident("interim_answered")
    cast.incident("publishing")
    sample = order(size=3, seed=77)
    frame = casework.frame_of(sample.first_day, sample.last_day)
    assert (sample.frame_size, sample.drawn) == (8, 3)
    assert post_control.fingerprint(frame) == sample.frame_hash
    again = post_control.draw(frame, sample.drawn, sample.seed)
    assert list(sample.answers.order_by("position").values_list("answer_id", flat=True)) == again
    line = AuditLine.objects.get(verb="order_sample")
    assert line.details == {"seed": 77, "drawn": 3}
    assert order(share=30, size=None).drawn == 3


def test_what_cannot_be_drawn_is_refused_and_said() -> None:
    cast.incident("answered")
    for wrong in (
        {"first_day": date(2026, 11, 19)},
        {"last_day": date(2026, 11, 20)},
        {"first_day": date(2025, 11, 1)},
    ):
        with pytest.raises(casework.BadPeriod):
            order(**wrong)
    for wrong in ({"share": 5}, {"size": None}, {"size": 0}, {"share": 101, "size": None}):
        with pytest.raises(casework.BadAmount):
            order(**wrong)
    with pytest.raises(casework.NothingToDraw):
        order(first_day=date(2026, 11, 16), last_day=date(2026, 11, 17))
    assert not ReviewSample.objects.exists()


def test_two_who_agree_decide_and_only_then_the_incident_moves() -> None:
    incident, drawn = drawn_one()
    assert look(incident).number == 1
    drawn.refresh_from_db()
    assert (drawn.verdict, state(incident), incident.checked_at) == ("", "answered", None)
    first = AuditLine.objects.filter(verb="review").latest("pk")
    assert (first.subject_type, first.details) == ("casework.review", {"number": 1})
    assert incident.moves.latest("pk").verb == "answered"
    look(incident, points="1111111110")
    drawn.refresh_from_db()
    assert (drawn.verdict, str(drawn.score), drawn.decided_at) == ("pass", "9.5", LATER)
    incident.refresh_from_db()
    assert incident.checked_at == LATER


def test_a_third_decides_and_the_answer_goes_back() -> None:
    incident, drawn = drawn_one()
    look(incident)
    look(incident, "return", "1100000111")
    drawn.refresh_from_db()
    assert (drawn.verdict, state(incident)) == ("", "answered")
    look(incident, "return", "1100000111")
    drawn.refresh_from_db()
    assert (drawn.verdict, str(drawn.score)) == ("return", "5.0")
    assert (state(incident), incident.reason) == ("rework", "no_proof")
    with pytest.raises(rules.IllegalMove):
        look(incident)


def test_nobody_looks_twice_and_everybody_is_shown_what_waits_for_him() -> None:
    writer, one, other = cast.dispatcher(), cast.dispatcher(), cast.dispatcher()
    incident = cast.incident("answered", by=writer)
    sample = order()
    drawn = sample.answers.get()
    assert casework.next_of(sample, writer) is None
    assert casework.next_of(sample, one) == drawn
    look(incident, by=one)
    assert casework.next_of(sample, one) is None
    with pytest.raises(casework.ReviewedAlready):
        look(incident, by=one)
    assert casework.next_of(sample, other) == drawn
    look(incident, by=other)
    assert casework.next_of(sample, cast.dispatcher()) is None


def test_what_a_sample_waits_for_is_not_closed_by_time() -> None:
    incident, drawn = drawn_one()
    assert incident.stage_due_at is not None
    assert casework.close_settled(now=incident.stage_due_at) == 0
    by = cast.dispatcher()
    casework.cancel_sample(sample=drawn.sample, by=by.actor, now=LATER)
    assert AuditLine.objects.filter(verb="cancel_sample").count() == 1
    with pytest.raises(casework.SampleIsOver):
        casework.cancel_sample(sample=drawn.sample, by=by.actor, now=LATER)
    assert casework.next_of(ReviewSample.objects.get(), by) is None
    assert casework.close_settled(now=incident.stage_due_at) == 1


def test_an_answer_whose_matter_has_gone_on_is_only_judged() -> None:
    incident = cast.incident("closed")
    drawn = order().answers.get()
    for _ in range(2):
        look(incident, "return", "1100000111", answer=Answer.objects.get(incident=incident))
    drawn.refresh_from_db()
    assert (drawn.verdict, str(drawn.score), state(incident)) == ("return", "5.0", "closed")


def test_what_was_looked_at_enough_is_decided_in_the_next_sample_at_once() -> None:
    incident, drawn = drawn_one()
    look(incident)
    look(incident)
    again = order(seed=43).answers.get()
    assert (again.verdict, str(again.score)) == ("pass", "10.0")
    assert again.answer_id == drawn.answer_id
