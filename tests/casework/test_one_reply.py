"""Answers to the questions of one message wait for each other and leave as one reply, exactly once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from otklik.audit.models import AuditLine
from otklik.casework import operations as casework
from otklik.casework import rules
from otklik.casework.models import Answer, Incident
from otklik.casework.operations import assembling
from otklik.channels.models import Delivery
from otklik.common.jobs import ASSEMBLE
from otklik.flow.road import what_waits
from tests import cast

NOW = cast.after(minutes=1)
TEXT = "Здравствуйте! На Мира, 5 во дворе яма. И когда запишут ребёнка в детский сад? Спасибо."
GARDEN = (TEXT.index("И когда"), TEXT.index(" Спасибо"))
DONE = "Здравствуйте! Яму засыпали сегодня."
SOON = "Здравствуйте! Запишут 1 декабря в поликлинике."


def two_questions() -> tuple[Incident, Incident]:
    """A message cut into two, both in work."""
    cast.region()
    first = cast.incident("triage", message=cast.message(TEXT))
    by = cast.dispatcher()
    second = casework.split(incident=first, spans=[GARDEN], by=by.actor, now=NOW)
    return worked(first), worked(second)


def worked(incident: Incident) -> Incident:
    incident, by = fresh(incident), cast.dispatcher()
    incident = casework.confirm(
        incident=incident,
        topic=incident.topic,
        kind=incident.kind,
        priority="normal",
        executor=incident.page.organization,
        by=by,
        now=NOW,
    )
    return casework.accept(incident=incident, by=by, now=NOW)


def fresh(incident: Incident) -> Incident:
    return Incident.objects.get(pk=incident.pk)


def say(incident: Incident, text: str, **given: Any) -> Answer:
    given = {"resolution": "explained", "by": cast.dispatcher(), "now": NOW, "together": True} | given
    return casework.publish(incident=fresh(incident), text=text, **given)


def let_out(now: datetime = NOW) -> int:
    """How many replies the job lets out."""
    return sum(1 for _ in iter(lambda: assembling.assemble_next(now=now), False))


@pytest.mark.django_db
def test_two_answers_leave_in_one_reply_and_both_are_answered_by_its_receipt() -> None:
    yard, garden = two_questions()
    one = say(yard, DONE)
    assert (let_out(), Delivery.objects.count(), fresh(yard).state) == (0, 0, "publishing")
    two = say(garden, SOON)
    assert ASSEMBLE in what_waits(now=NOW)
    assert (let_out(), let_out()) == (1, 0)
    sent = Delivery.objects.get()
    yard_topic, garden_topic = (fresh(each).topic.name for each in (yard, garden))
    assert sent.text == (
        f"Здравствуйте!\n\n1. {yard_topic}\nЯму засыпали сегодня.\n\n"
        f"2. {garden_topic}\nЗапишут 1 декабря в поликлинике."
    )
    line = AuditLine.objects.get(verb="assemble")
    assert line.details["incidents"] == [yard.number, garden.number]
    one.refresh_from_db()
    cast.settle(one, "delivered")
    assert [fresh(each).state for each in (yard, garden)] == ["answered", "answered"]
    assert {fresh(each).first_answer_at for each in (yard, garden)} == {
        sent.__class__.objects.get().finished_at
    }
    two.refresh_from_db()
    assert (two.status, two.text, two.delivery_id) == ("published", SOON, sent.pk)


@pytest.mark.django_db
def test_what_is_ready_leaves_half_an_hour_before_the_limit() -> None:
    yard, garden = two_questions()
    answer = say(yard, DONE)
    late = fresh(yard).due_at - assembling.assembling.RESERVE
    assert casework.waits_until(fresh(garden), NOW) == min(
        late, fresh(garden).due_at - (fresh(yard).due_at - late)
    )
    assert let_out(late - timedelta(seconds=1)) == 0
    assert let_out(late) == 1
    answer.refresh_from_db()
    assert answer.delivery is not None
    assert answer.delivery.text == DONE
    assert fresh(garden).state == "in_progress"


@pytest.mark.django_db
def test_a_person_need_not_wait() -> None:
    yard, garden = two_questions()
    say(yard, DONE)
    by = cast.dispatcher()
    with pytest.raises(rules.IllegalMove):
        casework.send_together(incident=garden, by=by, now=NOW)
    with pytest.raises(casework.StaleCard):
        casework.send_together(incident=yard, by=by, now=NOW, version=0)
    sent = casework.send_together(incident=yard, by=by, now=NOW)
    assert (sent.state, Delivery.objects.get().text) == ("publishing", DONE)
    assert sent.moves.filter(verb="send_together").count() == 1
    with pytest.raises(casework.StaleCard):
        casework.send_together(incident=sent, by=by, now=NOW)


@pytest.mark.django_db
@pytest.mark.parametrize("how", ["rejected", "apart", "critical"])
def test_a_reply_waits_for_nobody_who_will_not_come(how: str) -> None:
    yard, garden = two_questions()
    say(yard, DONE)
    if how == "rejected":
        casework.reject(incident=garden, reason="spam", by=cast.dispatcher().actor, now=NOW)
    elif how == "apart":
        casework.submit(
            incident=fresh(garden), text=SOON, resolution="explained", by=cast.dispatcher(), now=NOW
        )
    else:
        Incident.objects.filter(pk=yard.pk).update(priority="critical")
    assert let_out() == 1
    assert Delivery.objects.get().text == DONE
    assert casework.waits_until(fresh(yard), NOW) is None


@pytest.mark.django_db
def test_a_part_seen_by_a_second_person_joins_the_others() -> None:
    yard, garden = two_questions()
    say(yard, DONE)
    casework.submit(
        incident=fresh(garden),
        text=SOON,
        resolution="explained",
        by=cast.dispatcher(),
        now=NOW,
        together=True,
    )
    assert let_out() == 0
    casework.approve(incident=fresh(garden), by=cast.dispatcher(), now=NOW)
    assert (let_out(), Delivery.objects.count()) == (1, 1)


@pytest.mark.django_db
def test_a_part_that_is_taken_back_leaves_the_others_waiting() -> None:
    yard, garden = two_questions()
    say(yard, DONE)
    back = casework.take_back(incident=yard, by=cast.dispatcher(), now=NOW)
    assert (back.state, back.answers.get(status="draft").text) == ("in_progress", DONE)
    say(yard, DONE)
    say(garden, SOON)
    let_out()
    casework.take_back(incident=garden, by=cast.dispatcher(), now=NOW)
    waiting = Answer.objects.get(incident=yard, status="publishing")
    assert (waiting.delivery, fresh(garden).state, let_out()) == (None, "in_progress", 0)
    say(garden, "Здравствуйте! Запишут 2 декабря.")
    assert let_out() == 1
    live = Delivery.objects.exclude(state="cancelled").get()
    assert "2 декабря" in live.text
    assert "засыпали" in live.text


@pytest.mark.django_db
def test_a_refusal_of_the_network_gives_every_part_back_as_a_draft() -> None:
    yard, garden = two_questions()
    one = say(yard, DONE)
    say(garden, SOON)
    let_out()
    one.refresh_from_db()
    cast.settle(one, "refused", reason="comments_closed")
    for incident, text in ((yard, DONE), (garden, SOON)):
        now = fresh(incident)
        assert (now.state, now.delivery_note) == ("in_progress", "undeliverable")
        assert now.answers.get(status="draft").text == text


@pytest.mark.django_db
def test_parts_too_long_for_one_reply_leave_one_by_one() -> None:
    yard, garden = two_questions()
    say(yard, "а" * 2500)
    say(garden, "б" * 2500)
    assert let_out() == 1
    assert sorted(Delivery.objects.values_list("text", flat=True)) == ["а" * 2500, "б" * 2500]


@pytest.mark.django_db
def test_a_reply_answers_a_question_once_and_several_only_where_that_was_wanted() -> None:
    yard, garden = two_questions()
    one = say(yard, DONE)
    two = say(garden, SOON)
    let_out()
    with pytest.raises(IntegrityError, match="answer_goes_alone"), transaction.atomic():
        Answer.objects.filter(pk__in=[one.pk, two.pk]).update(together=False)
    with pytest.raises(IntegrityError, match="answer_once_a_reply"), transaction.atomic():
        Answer.objects.filter(pk=two.pk).update(incident=yard, status="draft")


@pytest.mark.django_db(transaction=True)
def test_of_several_workers_one_assembles() -> None:
    yard, garden = two_questions()
    say(yard, DONE)
    say(garden, SOON)

    def work() -> int:
        try:
            return let_out()
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert sum(each.result() for each in [pool.submit(work) for _ in range(4)]) == 1
    assert Delivery.objects.count() == 1
