"""Post-control of one answer: a person looks at it by ten points, it passes or goes back with a code."""

from datetime import timedelta
from typing import Any

import psycopg
import pytest
from django.db import IntegrityError, transaction

from otklik.audit.models import AuditLine
from otklik.casework import operations as casework
from otklik.casework.models import Answer, Incident, Review, ReviewSample, SampledAnswer
from otklik.casework.rules import IllegalMove
from tests import cast

pytestmark = pytest.mark.django_db
LATER = cast.after(hours=2)
TEN = "1" * 10


@pytest.fixture(autouse=True)
def _region() -> None:
    cast.region()


def look(incident: Incident, verdict: str = "pass", **given: Any) -> Review:
    """Somebody of the centre looks at the answer."""
    given = {"points": TEN, "by": given.pop("by", None) or cast.dispatcher(), "now": LATER} | given
    return casework.review(incident=incident, verdict=verdict, **given)


def test_a_good_answer_ends_post_control_and_leaves_the_author_his_days() -> None:
    incident = cast.incident("answered")
    was_due = incident.stage_due_at
    made = look(incident, points="1110111111")
    incident.refresh_from_db()
    assert (made.number, made.points, made.verdict, made.code) == (1, "1110111111", "pass", "")
    assert (incident.state, incident.checked_at) == ("answered", LATER)
    assert was_due is not None
    assert incident.stage_due_at is not None
    assert LATER + timedelta(days=3) <= incident.stage_due_at < was_due
    assert incident.moves.latest("pk").verb == "review"
    assert AuditLine.objects.filter(verb="review", subject_id=incident.pk).count() == 1
    assert casework.close_settled(now=incident.stage_due_at) == 1


def test_what_the_machine_thinks_is_kept_beside_what_the_person_says() -> None:
    incident = cast.incident("answered")
    made = look(incident, points="0" * 10, verdict="return", code="no_date_or_stage")
    assert len(made.proposed) == 10
    # «Уборку закончим завтра к 12:00.»: no greeting, but a day.
    assert (made.proposed[0], made.proposed[3]) == ("0", "1")


def test_a_bad_answer_goes_back_with_its_code() -> None:
    incident = cast.incident("answered")
    made = look(incident, "return", points="1100000111", code="no_proof", comment=" нет фото ")
    incident.refresh_from_db()
    assert (incident.state, incident.reason, incident.returns) == ("rework", "no_proof", 1)
    assert (made.code, made.comment) == ("no_proof", "нет фото")
    assert incident.moves.latest("pk").reason == "нет фото"
    assert AuditLine.objects.filter(subject_id=incident.pk, verb="return_for_rework").count() == 1


def test_a_return_says_why_and_leaves_nothing_behind_without_it() -> None:
    incident = cast.incident("answered")
    for code in ("", "не понравилось"):
        with pytest.raises(casework.NeedsCode):
            look(incident, "return", code=code)
    assert not Review.objects.exists()


def test_nobody_looks_at_his_own_answer() -> None:
    writer = cast.dispatcher()
    incident = cast.incident("answered", by=writer)
    with pytest.raises(casework.ReviewsOwn):
        look(incident, by=writer)
    approver = cast.dispatcher()
    Answer.objects.filter(incident=incident).update(approved_by=approver)
    with pytest.raises(casework.ReviewsOwn):
        look(incident, by=approver)


def test_an_answer_is_looked_at_once_and_a_stale_card_is_refused() -> None:
    incident = cast.incident("answered")
    with pytest.raises(casework.StaleCard):
        look(incident, version=incident.version - 1)
    look(incident)
    with pytest.raises(casework.ReviewedAlready):
        look(incident)


def test_only_a_published_final_answer_can_be_looked_at() -> None:
    for state in ("in_progress", "interim_answered", "publishing", "closed", "rework"):
        with pytest.raises(IllegalMove):
            look(cast.incident(state))
    incident = cast.incident("answered")
    other = cast.incident("answered")
    with pytest.raises(casework.NothingToReview):
        look(incident, answer=Answer.objects.get(incident=other))


def test_the_next_answer_is_looked_at_anew() -> None:
    incident, by = cast.incident("answered"), cast.dispatcher()
    look(incident, by=by)
    casework.reopen(incident=incident, reason="не решено", by=by.actor, now=LATER)
    incident.refresh_from_db()
    assert incident.checked_at is None
    writer = cast.dispatcher()
    casework.take_up(incident=incident, by=writer, now=LATER)
    cast.settle(cast.publish(incident, by=writer), "delivered")
    incident.refresh_from_db()
    assert (incident.state, incident.checked_at) == ("answered", None)
    assert look(incident, by=by).number == 1
    incident.refresh_from_db()
    closed = casework.close(incident=incident, resolution="solved", by=by.actor, now=LATER)
    assert closed.checked_at == LATER


SAMPLE: dict[str, Any] = {
    "first_day": cast.NOW.date(),
    "last_day": cast.NOW.date(),
    "size": 1,
    "seed": 7,
    "frame_size": 1,
    "frame_hash": "0" * 64,
    "drawn": 1,
    "ordered_at": cast.NOW,
}
# What breaks each promise: of a review, of a sample, of a drawn answer.
BROKEN: dict[str, tuple[type[Any], dict[str, Any]]] = {
    "review_three_at_most": (Review, {"number": 4}),
    "review_ten_points": (Review, {"points": "11111"}),
    "review_return_coded": (Review, {"verdict": "return"}),
    "sample_days": (ReviewSample, {"first_day": cast.after(days=2).date()}),
    "sample_share_or_size": (ReviewSample, {"share": 10}),
    "sample_of_frame": (ReviewSample, {"drawn": 2}),
    "sampled_decided_whole": (SampledAnswer, {"verdict": "pass"}),
}
TWICE = ("review_number_unique", "review_by_another", "sampled_once", "sampled_position_unique")


def _break(name: str, made: Review, drawn: SampledAnswer) -> None:
    if name in BROKEN:
        model, fields = BROKEN[name]
        model.objects.update(**fields)
    elif name == "review_number_unique":
        made.pk, made.reviewer = None, cast.dispatcher()
        made.save()
    elif name == "review_by_another":
        made.pk, made.number = None, 2
        made.save()
    elif name == "sampled_once":
        drawn.pk, drawn.position = None, 2
        drawn.save()
    elif name == "sampled_position_unique":
        drawn.pk, drawn.answer = None, Answer.objects.get(incident=cast.incident("answered"))
        drawn.save()


@pytest.mark.parametrize("name", [*BROKEN, *TWICE])
def test_the_database_keeps_its_promises(name: str) -> None:
    made = look(cast.incident("answered"))
    sample = ReviewSample.objects.create(**SAMPLE, ordered_by=made.reviewer)
    drawn = SampledAnswer.objects.create(sample=sample, answer_id=made.answer_id, position=1)
    with pytest.raises(IntegrityError) as broken, transaction.atomic():
        _break(name, made, drawn)
    cause = broken.value.__cause__
    assert isinstance(cause, psycopg.errors.IntegrityError)
    assert cause.diag.constraint_name == name
