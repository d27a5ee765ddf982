"""The road step by step: from raw events to incidents, and receipts back."""

import json
import logging
from typing import Any

import pytest
from django.db import DataError, OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from otklik.casework.models import Answer, Incident
from otklik.channels.models import Connection, Delivery, Receipt
from otklik.common import jobs
from otklik.flow import road
from otklik.inbox import operations as inbox
from otklik.inbox.models import RawEvent, SourceMessage
from otklik.triage.operations import judging
from tests import cast

pytestmark = pytest.mark.django_db


def _arrive(page: Connection, *events: dict[str, Any]) -> None:
    for event in events:
        body = json.dumps(event).encode()
        arrived = inbox.Arrived(page.pk, event["event_id"], str(event["type"]), body)
        assert inbox.accept_event(event=arrived, now=cast.NOW)


def _comment(page: Connection, text: str = "Когда отремонтируют дорогу на улице Мира?", **fields: Any) -> Any:
    return cast.vk_comment(page.external_id, text=text, **fields)


def _run() -> int:
    return road.read_events(now=cast.NOW) + road.judge_messages(now=cast.NOW)


@pytest.fixture
def page() -> Connection:
    return cast.connection()


def test_a_comment_becomes_an_incident_at_the_body_or_at_the_centre(page: Connection) -> None:
    _arrive(page, _comment(page))
    assert road.what_waits(now=cast.NOW) == [jobs.READ_EVENTS]
    assert _run() == 2
    incident = Incident.objects.get()
    assert incident.question == "Когда отремонтируют дорогу на улице Мира?"
    assert incident.state in {"routed", "triage"}
    assert incident.message.verdicts.get().words
    assert (RawEvent.objects.get().state, incident.message.triaged_at) == ("read", cast.NOW)
    assert _run() == 0
    assert road.what_waits(now=cast.NOW) == []


def test_every_message_has_at_least_one_incident_whatever_it_says(page: Connection) -> None:
    texts = [
        "Спасибо большое!",
        "👍",
        "",
        "Купите подписчиков тут http://spam.example",
        "Почему нет тепла?",
        "ыыы",
    ]
    _arrive(page, *(_comment(page, text) for text in texts))
    _run()
    assert SourceMessage.objects.count() == Incident.objects.count() == len(texts)
    assert not Incident.objects.filter(state="new").exists()
    assert not Incident.objects.filter(state="rejected", reason="").exists()


def test_what_is_not_about_messages_is_marked_so(page: Connection) -> None:
    _arrive(page, cast.vk_comment(page.external_id, kind="group_join"))
    assert _run() == 1
    assert RawEvent.objects.get().state == "ignored"
    assert not SourceMessage.objects.exists()


def test_our_own_comment_is_kept_and_opens_nothing(page: Connection) -> None:
    _arrive(page, _comment(page, "Разбираемся", from_id=-int(page.external_id)))
    _run()
    assert SourceMessage.objects.get().is_own
    assert not Incident.objects.exists()


def test_incidents_are_locked_before_deliveries_as_by_whoever_takes_a_receipt(page: Connection) -> None:
    """One batch tells of an edited answer and of one whose fate was not known: the other order met receipts halfway."""
    stands, doubtful = cast.publish(cast.incident()), cast.publish(cast.incident())
    cast.settle(stands, "delivered")
    ours = {"from_id": -int(page.external_id)}
    new = _comment(page, stands.text, id=77, **ours)
    _arrive(page, new)
    _run()
    message = SourceMessage.objects.get(external_id="77")
    where = {"connection": page, "place": message.place, "object_id": message.object_id}
    Delivery.objects.filter(pk=stands.delivery_id).update(external_id="77", **where)
    Delivery.objects.filter(pk=doubtful.delivery_id).update(state="checking", reply_to="", **where)
    _arrive(page, _comment(page, "Иначе", kind="wall_reply_edit", id=77, **ours))
    _arrive(page, _comment(page, doubtful.text, id=78, **ours))
    with CaptureQueriesContext(connection) as queries:
        road.read_events(now=cast.NOW)
    stands.refresh_from_db()
    assert stands.edited_at == cast.NOW
    assert Delivery.objects.get(pk=doubtful.delivery_id).state == "delivered"
    locks = [each["sql"].split('FROM "')[1].split('"')[0] for each in queries if "FOR UPDATE" in each["sql"]]
    locks = [each for each in locks if each in {"casework_incident", "channels_delivery"}]
    assert set(locks) == {"casework_incident", "channels_delivery"}
    assert "casework_incident" not in locks[locks.index("channels_delivery") :]


def test_a_poisonous_event_is_set_aside_with_its_bytes(page: Connection) -> None:
    bad = _comment(page) | {"object": {"id": "нет"}}
    _arrive(page, _comment(page), bad, _comment(page))
    _run()
    assert sorted(RawEvent.objects.values_list("state", flat=True)) == ["failed", "read", "read"]
    failed = RawEvent.objects.get(state="failed")
    assert failed.error.startswith("BadEvent")
    assert json.loads(bytes(failed.body)) == bad
    assert Incident.objects.count() == 2


@pytest.mark.parametrize("error", [DataError("плохое \0 \ud800"), AttributeError("x"), KeyError("\ud83d")])
def test_an_event_that_breaks_the_batch_breaks_nobody_else(
    page: Connection, monkeypatch: pytest.MonkeyPatch, error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.CRITICAL, logger=road.log.name)  # the report of a test must be UTF-8
    receive = inbox.receive

    def fragile(*, items: Any, now: Any) -> inbox.Received:
        if any("яд" in item.text for _page, item in items):
            raise error
        return receive(items=items, now=now)

    monkeypatch.setattr(road.inbox, "receive", fragile)
    _arrive(page, _comment(page), _comment(page, "яд"), _comment(page))
    _run()
    assert Incident.objects.count() == 2
    failed = RawEvent.objects.get(state="failed")
    assert failed.error.startswith(type(error).__name__)
    assert _run() == 0


def test_trouble_of_the_database_is_nobodys_fault(page: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(**_given: object) -> inbox.Received:
        raise OperationalError("the connection is lost")

    _arrive(page, _comment(page))
    with monkeypatch.context() as patch:
        patch.setattr(road.inbox, "receive", broken)
        with pytest.raises(OperationalError):
            road.read_events(now=cast.NOW)
    assert RawEvent.objects.get().state == "new"
    assert _run() == 2


@pytest.mark.parametrize("text", ["до\0после", "\ud83d", "слово" * 3000, "а " * 400_000, "\u202e<b>"])
def test_a_hostile_text_travels_the_road(page: Connection, text: str) -> None:
    _arrive(page, _comment(page, text))
    _run()
    assert Incident.objects.count() == 1


def test_a_megabyte_of_different_words_cannot_stop_the_road(page: Connection) -> None:
    message = cast.message("", under=page)
    SourceMessage.objects.filter(pk=message.pk).update(text=" ".join(f"слово{n:x}" for n in range(60_000)))
    assert road.judge_messages(now=cast.NOW) == 1
    assert len(Incident.objects.get().question) == 20_000


def test_a_message_that_breaks_the_judge_goes_to_a_person(
    page: Connection, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    read = judging.read_message

    def fragile(text: str, **given: Any) -> Any:
        if "яд" in text:
            raise ZeroDivisionError
        return read(text, **given)

    monkeypatch.setattr(judging, "read_message", fragile)
    caplog.set_level(logging.CRITICAL, logger=road.log.name)
    poisoned = cast.message("яд", under=page)
    others = [cast.message(under=page) for _ in range(3)]
    assert road.judge_messages(now=cast.NOW) == 4
    incident = Incident.objects.get(message=poisoned)
    assert (incident.state, incident.reason, incident.topic.code) == ("triage", "judge_failed", "GOV.other")
    assert Incident.objects.filter(message__in=others).count() == 3
    assert road.judge_messages(now=cast.NOW) == 0


def test_an_edit_shows_on_the_card(page: Connection) -> None:
    new = _comment(page, "Нет воды")
    edit = _comment(page, "Нет воды и тепла", kind="wall_reply_edit", id=new["object"]["id"])
    _arrive(page, new)
    _run()
    version = Incident.objects.get().version
    _arrive(page, edit)
    _run()
    incident = Incident.objects.get()
    assert (incident.question, incident.version) == ("Нет воды и тепла", version + 1)
    assert incident.moves.latest("pk").verb == "message_changed"
    assert incident.message.edited_at == cast.NOW


def test_a_deletion_shows_on_the_card_and_closes_nothing(page: Connection) -> None:
    new = _comment(page, "Нет воды")
    delete = cast.vk_comment(page.external_id, kind="wall_reply_delete", id=new["object"]["id"])
    _arrive(page, delete, new)
    _run()
    incident = Incident.objects.get()
    assert incident.message.deleted_at == cast.NOW
    assert (incident.question, incident.is_open) == ("Нет воды", True)


def test_an_author_who_goes_on_in_the_thread_continues_the_incident(page: Connection) -> None:
    first = _comment(page, "Когда починят дорогу на улице Мира?", id=9)
    _arrive(page, first)
    _run()
    parent = Incident.objects.get()
    reply = {"parents_stack": [9], "reply_to_comment": 9}
    _arrive(page, _comment(page, "Так когда же починят?", **reply))
    _arrive(page, _comment(page, "И у нас яма на дороге", from_id=555, **reply))
    _run()
    follow_up = Incident.objects.get(question="Так когда же починят?")
    stranger = Incident.objects.get(question="И у нас яма на дороге")
    assert (follow_up.state, follow_up.reason, follow_up.parent) == ("attached", "follow_up", parent)
    assert stranger.parent is None
    assert Incident.objects.get(pk=parent.pk).author_replied_at == cast.NOW


def test_a_first_message_and_its_continuation_may_come_in_one_batch(page: Connection) -> None:
    reply = {"parents_stack": [9], "reply_to_comment": 9}
    _arrive(page, _comment(page, "Когда починят дорогу?", id=9), _comment(page, "Когда?", **reply))
    while _run():
        pass
    first, second = Incident.objects.order_by("message_id")
    assert (first.parent, second.parent) == (None, first)


def test_a_dialog_goes_on_in_one_incident(page: Connection) -> None:
    thread = cast.thread(page.page, place="direct", object_id="77", root_id="77")
    by = cast.author()
    first, second = (
        cast.message(text, under=page, thread=thread, by=by, kind="direct", external_id=number)
        for text, number in (("Когда починят дорогу?", "76"), ("Вы ответите?", "77"))
    )
    while road.judge_messages(now=cast.NOW):
        pass
    assert Incident.objects.get(message=second).parent == Incident.objects.get(message=first)


@pytest.mark.parametrize("state", ["rejected", "closed"])
def test_what_is_over_is_not_continued(page: Connection, state: str) -> None:
    thread, by = cast.thread(page.page), cast.author()
    cast.incident(state, message=cast.message(under=page, thread=thread, by=by, triaged_at=cast.NOW))
    later = cast.message("Почему снова нет тепла?", under=page, thread=thread, by=by)
    road.judge_messages(now=cast.NOW)
    assert Incident.objects.get(message=later).parent is None


def test_a_receipt_answers_the_incident_once(page: Connection) -> None:
    incident = cast.incident(message=cast.message(under=page))
    answer = cast.publish(incident)
    _deliver(answer)
    Receipt.objects.create(delivery_id=answer.delivery_id, state="delivered", at=cast.NOW)
    assert road.drain_receipts(now=cast.NOW) == 2
    assert road.drain_receipts(now=cast.NOW) == 0
    assert Incident.objects.get(pk=incident.pk).state == "answered"
    assert incident.moves.filter(verb="answered").count() == 1


def test_a_receipt_of_nobody_holds_up_nobody(page: Connection, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL, logger=road.log.name)
    answer, orphan = cast.publish(cast.incident()), cast.publish(cast.incident())
    _deliver(orphan)
    Answer.objects.filter(pk=orphan.pk).update(delivery=None)
    _deliver(answer)
    assert road.drain_receipts(now=cast.NOW) == 1
    assert Receipt.objects.get(drained_at=None).delivery_id == orphan.delivery_id
    assert Incident.objects.get(pk=answer.incident_id).state == "answered"


def test_a_later_receipt_waits_for_the_earlier_one_of_its_delivery(
    page: Connection, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.CRITICAL, logger=road.log.name)
    answer = cast.publish(cast.incident(message=cast.message(under=page)))
    for state in ("uncertain", "delivered"):
        Receipt.objects.create(delivery_id=answer.delivery_id, state=state, at=cast.NOW)
    told: list[str] = []

    def refuse_the_first(*, state: str, **_rest: Any) -> None:
        told.append(state)
        if state == "uncertain" and len(told) == 1:
            raise ValueError

    monkeypatch.setattr(road.casework, "record_receipt", refuse_the_first)
    assert road.drain_receipts(now=cast.NOW) == 0
    assert road.drain_receipts(now=cast.NOW) == 2
    assert told == ["uncertain", "uncertain", "delivered"]


def _deliver(answer: Answer) -> None:
    Delivery.objects.filter(pk=answer.delivery_id).update(state="delivered", external_id=str(answer.pk))
    Receipt.objects.create(delivery_id=answer.delivery_id, state="delivered", at=cast.NOW)


def test_a_callback_and_its_road_end_to_end(page: Connection) -> None:
    client = Client()
    event = _comment(page)
    for _ in range(2):
        client.post(f"/hooks/vk/{page.external_id}", event, content_type="application/json")
    _run()
    assert (SourceMessage.objects.count(), Incident.objects.count()) == (1, 1)
    page.refresh_from_db()
    assert page.last_event_at == cast.NOW


def test_a_message_that_asks_two_things_opens_two_incidents(page: Connection) -> None:
    text = (
        "Здравствуйте! На улице Лесной третий день не горят фонари, ходим в темноте. "
        "И ещё вопрос: когда вывезут мусор от дома 12 по улице Мира, баки переполнены? Спасибо!"
    )
    message = cast.message(text, under=page)
    assert road.judge_messages(now=cast.NOW) == 1
    light, waste = Incident.objects.filter(message=message).order_by("part")
    assert (light.topic.code, waste.topic.group.code) == ("ROADS.lighting", "WASTE")
    assert "фонари" in light.question
    assert "мусор" in waste.question
    assert "Спасибо" not in waste.question
    assert [text[start:end] for start, end in light.spans] == [light.question]
    assert (light.street_name, waste.street_name, waste.house) == ("Лесная", "Мира", "12")
    assert {each.received_at for each in (light, waste)} == {message.received_at}


@pytest.mark.parametrize("state", ["answered", "closed"])
def test_not_solved_under_the_answer_brings_the_matter_back(page: Connection, state: str) -> None:
    thread, by = cast.thread(page.page), cast.author()
    incident = cast.incident(
        state, message=cast.message(under=page, thread=thread, by=by, triaged_at=cast.NOW)
    )
    thanks = cast.message("Спасибо за ответ!", under=page, thread=thread, by=by)
    road.judge_messages(now=cast.after(minutes=5))
    assert Incident.objects.get(pk=incident.pk).state == state
    assert Incident.objects.get(message=thanks).state in {"attached", "rejected"}
    later = cast.message("Не решено, яма на месте!", under=page, thread=thread, by=by)
    road.judge_messages(now=cast.after(minutes=9))
    back = Incident.objects.get(pk=incident.pk)
    assert (back.state, back.cycle) == ("reopened", 2)
    assert Incident.objects.get(message=later).parent == incident
