"""A question to the author: sent into the thread, waited for with the clocks standing still, answered or given up."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from otklik.audit.models import AuditLine
from otklik.casework import operations as casework
from otklik.casework import rules
from otklik.casework.models import Answer, Incident, Move, SlaProfile
from otklik.casework.operations import clarifying
from otklik.channels.enums import DeliveryState
from otklik.channels.models import Delivery
from otklik.flow import road
from otklik.flow.conversations import parents_of
from otklik.inbox.models import SourceMessage
from otklik.triage.models import Verdict
from tests import cast

pytestmark = pytest.mark.django_db
NOW = cast.after(minutes=1)
ASKED = "Здравствуйте! Уточните, пожалуйста, адрес: улицу и номер дома."


@pytest.fixture(autouse=True)
def region(db: None) -> None:
    cast.region()


def ask(incident: Incident, at: Any = NOW) -> Answer:
    return casework.ask(incident=incident, text=ASKED, by=cast.dispatcher(), now=at)


def end(question: Answer, state: str, *, at: Any = NOW, reason: str = "") -> None:
    """The outbox says how the delivery of the question ended."""
    fields: dict[str, Any] = {"state": state, "reason": reason, "finished_at": at}
    if state == DeliveryState.DELIVERED:
        fields |= {"external_id": "77", "permalink": "https://vk.com/wall-1_6?reply=77"}
    Delivery.objects.filter(pk=question.delivery_id).update(**fields)
    casework.record_receipt(delivery=Delivery.objects.get(pk=question.delivery_id), state=state, now=at)


def reply(incident: Incident, text: str = "Мира, 5", **fields: Any) -> SourceMessage:
    """The author writes on in the thread; the road has not judged it yet."""
    first = incident.message
    SourceMessage.objects.update(triaged_at=NOW)
    return cast.message(
        text, under=first.connection, by=fields.pop("by", first.author), thread=first.thread, **fields
    )


def fresh(incident: Incident) -> Incident:
    return Incident.objects.get(pk=incident.pk)


def last(incident: Incident) -> Move:
    return incident.moves.order_by("-pk")[0]


@pytest.mark.parametrize("state", ["triage", "routed", "in_progress"])
def test_a_question_goes_into_the_thread_and_stops_the_clock(state: str) -> None:
    incident = cast.incident(state)
    question = ask(incident)
    asked = fresh(incident)
    assert (asked.state, asked.returns_to, asked.stage_due_at) == ("clarification", state, None)
    assert (question.kind, question.status, question.text) == ("question", "publishing", ASKED)
    delivery = question.delivery
    assert delivery is not None
    assert (delivery.owner, delivery.reply_to) == (f"answer:{question.pk}", incident.message.external_id)
    assert delivery.next_attempt_at == NOW + clarifying.HOLD
    assert asked.is_open
    assert not Incident.objects.overdue(NOW + timedelta(days=30)).filter(pk=incident.pk).exists()
    assert AuditLine.objects.filter(verb="ask", subject_id=incident.pk).count() == 1


def test_the_days_of_the_author_begin_when_the_question_stands_in_the_network() -> None:
    incident = cast.incident("triage")
    question, at = ask(incident), cast.after(hours=2)
    end(question, "delivered", at=at)
    asked, told = fresh(incident), last(incident)
    assert asked.stage_due_at == at + timedelta(days=3)
    assert (told.verb, told.reason) == ("asked", "https://vk.com/wall-1_6?reply=77")
    assert (told.old_stage_due_at, told.new_stage_due_at) == (None, asked.stage_due_at)
    assert asked.first_answer_at is None
    assert Answer.objects.get(pk=question.pk).status == "published"


def test_a_region_may_wait_longer() -> None:
    SlaProfile.objects.create(code="patient", name="Терпеливый", is_default=True, limits={"silence_days": 5})
    incident = cast.incident("triage")
    end(ask(incident), "delivered")
    assert fresh(incident).stage_due_at == NOW + timedelta(days=5)


@pytest.mark.parametrize("state", ["triage", "routed", "in_progress"])
def test_a_reply_leads_back_and_the_clocks_go_on_from_where_they_stood(state: str) -> None:
    incident = cast.incident(state)
    question = ask(incident)
    end(question, "delivered")
    # The clock stood for the whole working day: 11:01 to 18:00 less lunch, and 9:00 to 11:01.
    at = NOW + timedelta(days=1)
    message = reply(incident)
    road.judge_messages(now=at)
    back, told = fresh(incident), last(incident)
    assert (back.state, back.returns_to, told.verb, back.author_replied_at) == (state, "", "replied", at)
    assert back.due_at == incident.due_at + timedelta(days=1) == told.new_due_at
    assert told.old_due_at == incident.due_at
    assert incident.stage_due_at is not None
    calendar = cast.registry.working_calendar()
    assert calendar.between(NOW, incident.stage_due_at) == calendar.between(at, back.stage_due_at or at)
    joined = Incident.objects.get(message=message)
    assert (joined.state, joined.parent, joined.reason) == ("attached", incident, "follow_up")


def test_the_place_is_looked_for_in_the_question_and_the_reply_together(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    incident = cast.incident("triage", message=cast.message("Не горит фонарь"))
    end(ask(incident), "delivered")
    read: list[str] = []

    def found(**given: Any) -> Any:
        read.append(given["text"])
        verdict = Verdict(street_name="Мира", house="5", place_status="found")
        return SimpleNamespace(verdict=verdict)

    monkeypatch.setattr("otklik.triage.operations.judge_text", found)
    reply(incident, "На Мира, 5")
    road.judge_messages(now=cast.after(hours=1))
    back = fresh(incident)
    assert read == ["Не горит фонарь\nНа Мира, 5"]
    assert (back.street_name, back.house, back.place_status) == ("Мира", "5", "found")
    assert back.topic == incident.topic


def test_a_reply_that_breaks_the_reader_still_comes_back(monkeypatch: pytest.MonkeyPatch) -> None:
    incident = cast.incident("triage")
    end(ask(incident), "delivered")

    def broken(**_given: Any) -> Any:
        raise ZeroDivisionError

    monkeypatch.setattr("otklik.triage.operations.judge_text", broken)
    reply(incident)
    road.judge_messages(now=cast.after(hours=1))
    assert fresh(incident).state == "triage"


def test_a_neighbour_is_not_the_author() -> None:
    incident = cast.incident("triage")
    end(ask(incident), "delivered")
    reply(incident, "У нас тоже яма", by=cast.author(name="Сосед"))
    road.judge_messages(now=cast.after(hours=2))
    assert fresh(incident).state == "clarification"


def test_one_reply_answers_all_that_was_asked_in_the_thread() -> None:
    incident = cast.incident("triage", message=cast.message("Яма во дворе. И нет тепла."))
    other = casework.split(incident=incident, spans=[(14, 26)], by=cast.dispatcher().actor, now=NOW)
    for each in (incident, other):
        end(ask(each), "delivered")
    Delivery.objects.all().update(external_id="1")
    message = reply(incident)
    assert parents_of([message])[message.pk] in {incident, other}
    road.judge_messages(now=cast.after(hours=1))
    assert {fresh(incident).state, fresh(other).state} == {"triage"}


def test_silence_puts_it_aside_and_it_can_be_restored() -> None:
    incident, patient = cast.incident("in_progress"), cast.incident("triage")
    question = ask(incident)
    ask(patient)  # its question is still on its way: nobody is silent yet
    end(question, "delivered")
    late = NOW + timedelta(days=3)
    assert casework.reject_silent(now=late - timedelta(seconds=1)) == 0
    assert casework.reject_silent(now=late) == 1
    assert casework.reject_silent(now=late) == 0
    aside, told = fresh(incident), last(incident)
    assert (aside.state, aside.reason, aside.closed_at) == ("rejected", "no_details", late)
    assert (told.verb, told.actor_id, told.reason) == ("no_reply", None, "no_details")
    assert told.new_due_at == aside.due_at > incident.due_at
    assert fresh(patient).state == "clarification"
    restored = casework.restore(incident=aside, by=cast.dispatcher().actor, now=late + timedelta(days=1))
    assert restored.state == "triage"


def test_a_late_reply_restores_it_by_itself() -> None:
    incident = cast.incident("in_progress")
    end(ask(incident), "delivered")
    casework.reject_silent(now=NOW + timedelta(days=3))
    at = NOW + timedelta(days=4)
    message = reply(incident)
    road.judge_messages(now=at)
    back = fresh(incident)
    assert (back.state, back.reason, back.author_replied_at) == ("triage", "", at)
    assert Incident.objects.get(message=message).parent == incident


def test_after_thirty_days_a_word_of_the_author_is_a_new_matter() -> None:
    incident = cast.incident("triage")
    end(ask(incident), "delivered")
    casework.reject_silent(now=NOW + timedelta(days=3))
    message = reply(incident, "Когда починят дорогу на Мира, 5? Там яма")
    road.judge_messages(now=NOW + timedelta(days=34))
    assert fresh(incident).state == "rejected"
    assert Incident.objects.get(message=message).parent is None


def test_a_question_that_was_refused_brings_it_back_with_the_note() -> None:
    incident = cast.incident("routed")
    question = ask(incident)
    end(question, "refused", reason="comments_closed", at=cast.after(minutes=31))
    back, told = fresh(incident), last(incident)
    assert (back.state, back.delivery_note) == ("routed", "not_asked")
    assert (told.verb, told.reason) == ("unasked", "comments_closed")
    assert back.due_at == incident.due_at + timedelta(minutes=30)
    assert Answer.objects.get(pk=question.pk).status == "undeliverable"
    assert not back.answers.filter(status="draft").exists()
    confirmed = casework.confirm(
        incident=back, topic=back.topic, kind=back.kind, priority=back.priority, executor=back.executor,
        by=cast.dispatcher(), now=cast.after(hours=1),
    )  # fmt: skip
    assert confirmed.delivery_note == ""


def test_what_has_not_left_yet_is_taken_back() -> None:
    incident, by = cast.incident("triage"), cast.dispatcher()
    question = ask(incident)
    back = casework.take_back(incident=incident, by=by, now=NOW + timedelta(seconds=3))
    assert (back.state, back.delivery_note, last(incident).reason) == ("triage", "", "taken_back")
    assert Delivery.objects.get(pk=question.delivery_id).state == "cancelled"
    ask(back, cast.after(minutes=5))
    assert incident.answers.filter(kind="question").count() == 2


def test_an_unknown_outcome_keeps_it_waiting_for_a_person() -> None:
    incident = cast.incident("triage")
    question = ask(incident)
    end(question, "uncertain", reason="lost_response")
    waits = fresh(incident)
    assert (waits.state, waits.delivery_note, waits.stage_due_at) == ("clarification", "uncertain", None)
    end(question, "waiting")
    assert (fresh(incident).delivery_note, Answer.objects.get(pk=question.pk).status) == ("", "publishing")
    end(question, "delivered")
    assert fresh(incident).stage_due_at == NOW + timedelta(days=3)


def test_where_no_key_may_write_the_administrator_is_asked_to() -> None:
    incident = cast.incident("triage")
    question = ask(incident)
    end(question, "manual", reason="no_right")
    assert (fresh(incident).state, fresh(incident).delivery_note) == ("clarification", "manual")
    end(question, "delivered")
    assert fresh(incident).delivery_note == ""


@pytest.mark.parametrize("state", ["delivered", "refused", "uncertain", "manual", "cancelled"])
def test_a_receipt_that_comes_twice_changes_nothing(state: str) -> None:
    incident = cast.incident("triage")
    question = ask(incident)
    end(question, state)
    once = (fresh(incident).version, incident.moves.count())
    end(question, state)
    assert (fresh(incident).version, incident.moves.count()) == once


def test_an_author_who_is_faster_than_the_question_calls_it_off() -> None:
    incident = cast.incident("triage")
    question = ask(incident)
    reply(incident)
    road.judge_messages(now=NOW + timedelta(seconds=5))
    assert fresh(incident).state == "triage"
    assert Delivery.objects.get(pk=question.delivery_id).state == "cancelled"


def test_a_question_that_is_being_sent_when_the_reply_comes_is_only_noted() -> None:
    incident, by = cast.incident("in_progress"), cast.dispatcher()
    question = ask(incident)
    Delivery.objects.filter(pk=question.delivery_id).update(state="sending", lease_until=cast.after(hours=9))
    reply(incident)
    road.judge_messages(now=cast.after(minutes=2))
    back = fresh(incident)
    assert back.state == "in_progress"
    with pytest.raises(casework.QuestionOnItsWay):
        casework.publish(incident=back, text="Уберём.", resolution="solved", by=by, now=NOW)
    with pytest.raises(casework.QuestionOnItsWay):
        ask(back)
    end(question, "delivered")
    assert (fresh(incident).state, last(incident).verb) == ("in_progress", "asked")
    assert fresh(incident).stage_due_at == back.stage_due_at
    casework.publish(incident=back, text="Уберём.", resolution="solved", by=by, now=NOW)


def test_a_person_may_go_on_without_the_reply_but_not_while_the_question_leaves() -> None:
    incident, by = cast.incident("routed"), cast.dispatcher()
    question = ask(incident)
    with pytest.raises(casework.QuestionOnItsWay):
        casework.go_on(incident=incident, by=by.actor, now=NOW)
    end(question, "delivered")
    back = casework.go_on(incident=incident, by=by.actor, now=NOW + timedelta(minutes=30))
    assert (back.state, back.due_at) == ("routed", incident.due_at + timedelta(minutes=30))


@pytest.mark.parametrize(
    ("text", "fact"), [(" ", casework.AnswerIsEmpty), ("я" * 4001, casework.AnswerTooLong)]
)
def test_a_question_has_words_but_not_too_many(text: str, fact: type[Exception]) -> None:
    incident = cast.incident("triage")
    with pytest.raises(fact):
        casework.ask(incident=incident, text=text, by=cast.dispatcher(), now=NOW)
    assert not Delivery.objects.exists()


@pytest.mark.parametrize(
    "verb", ["confirm", "route", "accept", "reject", "close", "reopen", "publish", "save_draft"]
)
def test_while_the_author_is_waited_for_nothing_else_is_done(verb: str) -> None:
    incident, by = cast.incident("clarification"), cast.dispatcher()
    body, topic = cast.body(), incident.topic
    given: dict[str, dict[str, Any]] = {
        "confirm": {"topic": topic, "kind": "complaint", "priority": "high", "executor": body, "by": by},
        "route": {"executor": body, "reason": "их работа", "by": by.actor},
        "accept": {"by": by},
        "reject": {"reason": "spam", "by": by.actor},
        "close": {"resolution": "solved", "by": by.actor},
        "reopen": {"reason": "не решено", "by": by.actor},
        "publish": {"text": "Да", "resolution": "solved", "by": by},
        "save_draft": {"text": "Да", "by": by, "draft_version": 0},
    }  # fmt: skip
    with pytest.raises(rules.IllegalMove):
        getattr(casework, verb)(incident=incident, now=NOW, **given[verb])


def test_one_text_is_on_its_way_at_a_time() -> None:
    incident = cast.incident("in_progress")
    question = ask(incident)
    with pytest.raises(IntegrityError, match="answer_one_publication"), transaction.atomic():
        Answer.objects.create(
            incident=incident, status="publishing", text="Ответ", author=question.author,
            created_at=NOW, updated_at=NOW,
        )  # fmt: skip


def test_what_is_rolled_back_was_never_asked() -> None:
    incident = cast.incident("triage")
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:  # noqa: PT012
        ask(incident)
        cursor.execute("select 1 / 0")
    assert fresh(incident).state == "triage"
    assert not Delivery.objects.exists()
    assert not Answer.objects.exists()


def test_a_confirmed_place_is_kept_and_its_street_is_learnt() -> None:
    district = cast.municipality()
    town = district.settlements.create(name="Бердск", kind="город")
    incident = cast.incident("triage")
    place = casework.Place(settlement=town, street_name="ул. Новая", house=" 5 ", object_name="")
    done = casework.confirm(
        incident=incident, topic=incident.topic, kind="complaint", priority="normal",
        executor=incident.page.organization, place=place, by=cast.dispatcher(), now=NOW,
    )  # fmt: skip
    assert (done.municipality, done.settlement, done.street_name, done.house) == (
        district,
        town,
        "Новая",
        "5",
    )
    assert done.street is not None
    assert (done.street.name, done.street.kind, done.street.is_learnt, done.street.seen) == (
        "Новая",
        "улица",
        True,
        1,
    )
    assert done.place_status == "found"


def test_agreeing_with_a_street_that_the_system_read_teaches_it() -> None:
    town = cast.municipality().settlements.create(name="Бердск", kind="город")
    incident = cast.incident("triage")
    read = {"settlement": town, "street_name": "Новая", "place_status": "found"}
    Incident.objects.filter(pk=incident.pk).update(**read)
    done = casework.confirm(
        incident=incident, topic=incident.topic, kind="complaint", priority="normal",
        executor=incident.page.organization, by=cast.dispatcher(), now=NOW,
    )  # fmt: skip
    assert done.street is not None
    assert done.street.is_learnt


def test_an_incident_opens_with_the_place_and_the_pieces_of_its_verdict() -> None:
    message = cast.message("Здравствуйте. На Мира, 5 яма. Спасибо")
    town = cast.municipality().settlements.create(name="Бердск", kind="город")
    verdict = cast.verdict(
        message, spans=[[14, 29]], municipality=town.municipality, settlement=town, street_name="Мира", house="5",
        object_name="школа", place_status="found",
    )  # fmt: skip
    (made,) = casework.open_many(openings=[cast.opening(message, "ask", verdict=verdict)], now=NOW)
    assert (made.spans, made.question) == ([[14, 29]], "На Мира, 5 яма.")
    assert (made.municipality, made.settlement, made.street_name) == (town.municipality, town, "Мира")
    assert (made.house, made.object_name, made.place_status) == ("5", "школа", "found")
