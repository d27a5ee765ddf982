"""Answers into the simulated network: each exactly once, whatever happens on the way."""

from datetime import timedelta
from typing import Any

import pytest

from otklik.channels import operations, rules
from otklik.channels.base import Incoming, Target, What
from otklik.channels.enums import CapabilityState, ConnectionState, DeliveryState, TokenKind, TokenState
from otklik.channels.models import Attempt, Delivery, Receipt, Token
from otklik.channels.operations import LinkIsMissing, TooLate, keys
from otklik.common.actor import SYSTEM, Actor
from tests.channels.town import RESIDENT, Town

pytestmark = pytest.mark.django_db

PERSON = Actor(7, "Анна Диспетчер")


def receipts(delivery: Delivery) -> list[str]:
    return list(Receipt.objects.filter(delivery=delivery).order_by("id").values_list("state", flat=True))


def test_an_answer_stands_in_the_thread_with_a_mention_and_proof(town: Town) -> None:
    connection = town.connect()
    first = town.say("Почему нет воды?")
    deep = town.say("И у нас", reply_to=first)
    delivery = town.deliver(town.answer(connection, deep))
    (said,) = town.answers()
    assert said.text == f"[id{RESIDENT}|Ольга], Починим до пятницы."
    assert (said.reply_to_comment, said.parent) == (deep, first)
    assert delivery.state == DeliveryState.DELIVERED
    assert delivery.external_id == str(said.id)
    assert (
        delivery.permalink
        == f"{town.sim.url}/wall-{town.group_id}_{town.post_id}?reply={said.id}&thread={first}"
    )
    assert delivery.snapshot["response"]["comment_id"] == said.id
    assert receipts(delivery) == ["delivered"]


def test_a_private_answer(town: Town) -> None:
    connection = town.connect()
    town.write("Когда отремонтируют двор?")
    delivery = town.deliver(town.queue(connection, Target("direct", str(RESIDENT))))
    (sent,) = town.messages()
    assert (sent.text, delivery.external_id) == ("Починим до пятницы.", str(sent.cmid))
    assert delivery.state == DeliveryState.DELIVERED


def test_the_same_owner_is_queued_once(town: Town) -> None:
    connection = town.connect()
    target = Target("wall", str(town.post_id), str(town.say("Вода?")))
    one, two = (
        operations.enqueue(
            connection=connection, owner="answer:1", target=target, text=text, now=town.clock()
        )
        for text in ("раз", "два")
    )
    assert (one.pk, two.text) == (two.pk, "раз")


@pytest.mark.parametrize("rule", [{"what": "lost_response"}, {"what": "lost_response", "status": 502}])
def test_a_lost_response_is_read_back_not_sent_again(
    town: Town, service: None, rule: dict[str, object]
) -> None:
    connection = town.connect()
    comment = town.say("Почему нет воды?")
    town.fault(method="wall.createComment", count=1, **rule)
    delivery = town.deliver(town.answer(connection, comment))
    assert delivery.state == DeliveryState.CHECKING
    town.clock.move(3)
    delivery = town.deliver(delivery)
    (said,) = town.answers()
    assert (delivery.state, delivery.external_id) == (DeliveryState.DELIVERED, str(said.id))
    assert town.sim.url in delivery.permalink
    assert delivery.snapshot["found"]["id"] == said.id
    assert [each.result for each in Attempt.objects.filter(delivery=delivery).order_by("id")] == [
        "unknown",
        "delivered",
    ]


@pytest.mark.parametrize("rule", [{"what": "http", "status": 503}, {"what": "broken_json"}])
def test_what_did_not_arrive_is_sent_again_after_two_readings(
    town: Town, service: None, rule: dict[str, object]
) -> None:
    connection = town.connect()
    comment = town.say("Почему нет воды?")
    town.fault(method="wall.createComment", count=1, **rule)
    delivery = town.answer(connection, comment)
    assert town.deliver(delivery, turns=2, pause=3).state == DeliveryState.CHECKING or town.answers()
    delivery = town.deliver(delivery, turns=4, pause=7)
    assert delivery.state == DeliveryState.DELIVERED
    assert len(town.answers()) == 1


def test_a_lost_private_message_is_found_by_its_number(town: Town) -> None:
    connection = town.connect()
    town.write("Когда?")
    town.fault(method="messages.send", what="lost_response", count=1)
    delivery = town.deliver(town.queue(connection, Target("direct", str(RESIDENT))), turns=2, pause=3)
    (sent,) = town.messages()
    assert (delivery.state, delivery.external_id) == (DeliveryState.DELIVERED, str(sent.cmid))


def test_an_older_answer_with_the_same_words_is_no_proof(town: Town, service: None) -> None:
    connection = town.connect()
    comment = town.say("Почему нет воды?")
    former = town.deliver(town.answer(connection, comment))
    town.fault(method="wall.createComment", what="http", status=500, count=1)
    again = town.deliver(town.answer(connection, comment), turns=4, pause=7)
    assert again.state == DeliveryState.DELIVERED
    assert again.external_id != former.external_id
    assert len(town.answers()) == 2


def test_without_a_reading_key_the_outcome_goes_to_a_person(town: Town) -> None:
    connection = town.connect()
    comment = town.say("Почему нет воды?")
    town.fault(method="wall.createComment", what="lost_response", count=1)
    delivery = town.deliver(town.answer(connection, comment), turns=5, pause=20)
    assert (delivery.state, delivery.reason) == (DeliveryState.UNCERTAIN, "no_reading_key")
    assert len(town.answers()) == 1
    assert receipts(delivery) == ["uncertain"]
    with pytest.raises(LinkIsMissing):
        operations.settle(delivery=delivery, by=PERSON, found=True, now=town.clock())
    link = f"https://vk.com/wall-1_2?reply={town.answers()[0].id}"
    settled = operations.settle(delivery=delivery, by=PERSON, found=True, permalink=link, now=town.clock())
    assert (settled.state, settled.external_id) == (DeliveryState.DELIVERED, str(town.answers()[0].id))
    assert receipts(delivery) == ["uncertain", "delivered"]
    with pytest.raises(TooLate):
        operations.settle(delivery=delivery, by=PERSON, found=False, now=town.clock())


def test_a_person_who_sees_nothing_sends_again_with_the_same_key(town: Town) -> None:
    connection = town.connect()
    comment = town.say("Почему нет воды?")
    town.fault(method="wall.createComment", what="lost_response", count=1)
    delivery = town.deliver(town.answer(connection, comment), turns=5, pause=20)
    operations.settle(delivery=delivery, by=PERSON, found=False, now=town.clock())
    # The person was wrong: the network knows the key and gives the former comment back.
    assert town.deliver(delivery).state == DeliveryState.DELIVERED
    assert len(town.answers()) == 1


def test_the_pages_own_event_proves_what_nobody_could_read(town: Town) -> None:
    connection = town.connect()
    comment = town.say("Почему нет воды?")
    town.fault(method="wall.createComment", what="lost_response", count=1)
    delivery = town.deliver(town.answer(connection, comment))
    (said,) = town.answers()
    told = Incoming(
        What.NEW,
        "wall",
        str(town.post_id),
        str(said.id),
        str(comment),
        str(comment),
        is_own=True,
        text=said.text,
    )
    other = Incoming(
        What.NEW, "wall", str(town.post_id), "99", str(comment), str(comment), is_own=True, text="Нет"
    )
    assert operations.recognise(connection=connection, incoming=other, now=town.clock()) is None
    found = operations.recognise(connection=connection, incoming=told, now=town.clock())
    assert found == delivery
    assert operations.recognise(connection=connection, incoming=told, now=town.clock()) is None
    town.clock.move(30)
    assert town.deliver(delivery).state == DeliveryState.DELIVERED
    assert receipts(delivery) == ["delivered"]


def test_a_worker_that_died_in_the_middle(town: Town, service: None) -> None:
    connection = town.connect()
    sent, unsent = town.say("Вода?"), town.say("Свет?")
    deliveries = [town.answer(connection, sent), town.answer(connection, unsent)]
    # One answer got into the network before the worker was killed, the other did not.
    town.deliver(deliveries[0])
    lease = town.clock()
    for delivery in deliveries:
        Delivery.objects.filter(pk=delivery.pk).update(
            state="sending", lease_until=lease, attempts=1, first_sent_at=lease, external_id="", permalink=""
        )
    Receipt.objects.all().delete()
    for _turn in range(6):
        town.clock.move(7)
        town.deliver(deliveries[0])
    for delivery in deliveries:
        delivery.refresh_from_db()
        assert delivery.state == DeliveryState.DELIVERED
        assert receipts(delivery) == ["delivered"]
    assert len(town.answers()) == 2


def test_too_fast_waits_a_second_and_slows_the_key_down(town: Town) -> None:
    connection = town.connect()
    comment = town.say("Вода?")
    town.fault(method="wall.createComment", what="error", code=6, count=1)
    delivery = town.deliver(town.answer(connection, comment))
    assert (delivery.state, delivery.reason, delivery.attempts) == (DeliveryState.WAITING, "too_fast", 0)
    assert 10 <= Token.objects.get(connection=connection).rate < 20
    assert town.deliver(delivery, turns=2, pause=2).state == DeliveryState.DELIVERED


def test_readings_that_find_no_slot_do_not_end_in_doubt(town: Town, service: None) -> None:
    connection = town.connect()
    town.fault(method="wall.createComment", what="lost_response", count=1)
    delivery = town.deliver(town.answer(connection, town.say("Вода?")))
    Token.objects.filter(kind=TokenKind.SERVICE).update(next_slot_at=town.clock() + timedelta(hours=1))
    delivery = town.deliver(delivery, turns=10, pause=3600)
    assert (delivery.state, delivery.reason, delivery.checks) == (DeliveryState.CHECKING, "too_fast", 0)
    Token.objects.filter(kind=TokenKind.SERVICE).update(next_slot_at=None)
    town.clock.move(7200)
    assert town.deliver(delivery).state == DeliveryState.DELIVERED


def test_inner_errors_are_tried_five_times(town: Town) -> None:
    connection = town.connect()
    town.fault(method="wall.createComment", what="error", code=10)
    delivery = town.deliver(town.answer(connection, town.say("Вода?")), turns=7, pause=1200)
    assert (delivery.state, delivery.reason, delivery.attempts) == (DeliveryState.REFUSED, "exhausted", 5)
    town.sim.hub.faults.clear()
    operations.retry(delivery=delivery, by=PERSON, now=town.clock())
    assert town.deliver(delivery).state == DeliveryState.DELIVERED


def test_flood_waits_for_hours(town: Town) -> None:
    connection = town.connect()
    town.fault(method="wall.createComment", what="error", code=9, count=1)
    delivery = town.deliver(town.answer(connection, town.say("Вода?")), turns=2, pause=3600)
    assert (delivery.state, delivery.reason) == (DeliveryState.WAITING, "flood")
    assert town.deliver(delivery, turns=5, pause=3600).state == DeliveryState.DELIVERED


def test_a_quota_pauses_the_method_twice_as_long_each_time(town: Town) -> None:
    connection = town.connect()
    town.fault(method="wall.createComment", what="error", code=29, count=2)
    delivery = town.deliver(town.answer(connection, town.say("Вода?")))
    assert (delivery.state, delivery.reason) == (DeliveryState.WAITING, "quota")
    town.clock.move(3700)
    other = town.answer(connection, town.say("Свет?"))
    town.deliver(delivery)
    pause = Token.objects.get(connection=connection).paused_methods["wall.createComment"]
    assert pause["times"] == 2
    assert town.sim.hub.faults.rules[0].hits == 2
    other.refresh_from_db()
    assert other.reason == "quota"
    town.write("А лично?")
    direct = town.deliver(town.queue(connection, Target("direct", str(RESIDENT))))
    assert direct.state == DeliveryState.DELIVERED
    assert town.deliver(other, turns=4, pause=3700).state == DeliveryState.DELIVERED
    assert len(town.answers()) == 2


def test_a_captcha_stops_the_key_until_a_person_comes(town: Town) -> None:
    connection = town.connect()
    town.fault(method="wall.createComment", what="error", code=14, count=1)
    delivery = town.deliver(town.answer(connection, town.say("Вода?")), turns=30, pause=3000)
    assert delivery.state == DeliveryState.WAITING
    assert Token.objects.get(connection=connection).state == TokenState.PAUSED
    connection.refresh_from_db()
    assert (connection.state, connection.problem) == (ConnectionState.BROKEN, "human_needed")
    operations.resume_token(connection=connection, kind=TokenKind.COMMUNITY, by=PERSON, now=town.clock())
    connection.refresh_from_db()
    assert (connection.state, connection.problem) == (ConnectionState.CONNECTED, "")
    assert town.deliver(delivery).state == DeliveryState.DELIVERED


def test_an_answer_that_cannot_be_looked_for_is_looked_for_as_soon_as_its_key_is_mended(town: Town) -> None:
    connection = town.connect()
    town.write("Вода?")
    town.fault(method="messages.send", what="lost_response", count=1)
    town.fault(method="messages.*get*", what="error", code=14, count=1)
    delivery = town.deliver(town.queue(connection, Target("direct", str(RESIDENT))), turns=3, pause=10)
    assert (delivery.state, delivery.reason) == (DeliveryState.CHECKING, "human_needed")
    assert delivery.next_attempt_at > town.clock() + timedelta(minutes=5)
    operations.resume_token(connection=connection, kind=TokenKind.COMMUNITY, by=PERSON, now=town.clock())
    assert town.deliver(delivery).state == DeliveryState.DELIVERED


@pytest.mark.parametrize("code", [5, 14])
def test_a_key_that_is_mended_during_the_call_lets_no_answer_sleep(
    town: Town, code: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    connection = town.connect()
    town.fault(method="wall.createComment", what="error", code=code, count=1)
    punish = keys.blame

    def mended(**what: Any) -> None:
        punish(**what)
        operations.resume_token(connection=connection, kind=TokenKind.COMMUNITY, by=PERSON, now=town.clock())
        if code == 5:
            operations.renew_token(
                connection=connection, kind=TokenKind.COMMUNITY, value=town.keys["community"], by=PERSON,
                now=town.clock(),
            )  # fmt: skip

    monkeypatch.setattr(keys, "blame", mended)
    delivery = town.deliver(town.answer(connection, town.say("Вода?")), turns=1)
    assert (delivery.state, delivery.reason, delivery.waits_for_key) == (DeliveryState.WAITING, "", False)
    assert delivery.next_attempt_at <= town.clock() + timedelta(seconds=rules.MENDED_MEANWHILE)
    town.clock.move(20)
    assert town.deliver(delivery).state == DeliveryState.DELIVERED
    assert len(town.answers()) == 1


def test_a_dead_key_waits_for_a_new_one(town: Town) -> None:
    connection = town.connect()
    town.sim.call(lambda world: world.revoke_token(town.keys["community"]))
    delivery = town.deliver(town.answer(connection, town.say("Вода?")), turns=3, pause=4000)
    assert (delivery.state, delivery.reason) == (DeliveryState.WAITING, "key_dead")
    connection.refresh_from_db()
    assert (connection.state, connection.problem) == (ConnectionState.BROKEN, "key_dead")
    fresh = town.sim.call(lambda world: world.issue_token(kind="community", group_id=town.group_id).value)
    renewed = operations.renew_token(
        connection=connection, kind=TokenKind.COMMUNITY, value=fresh, by=PERSON, now=town.clock()
    )
    assert (renewed.state, renewed.problem) == (ConnectionState.CONNECTED, "")
    assert town.deliver(delivery).state == DeliveryState.DELIVERED


@pytest.mark.parametrize(("code", "lasting"), [(7, True), (27, True), (15, False)])
def test_a_missing_right_hands_the_text_to_a_person(town: Town, code: int, lasting: bool) -> None:
    connection = town.connect()
    town.fault(method="wall.createComment", what="error", code=code, count=1)
    comment = town.say("Вода?")
    delivery = town.deliver(town.answer(connection, comment))
    assert delivery.state == DeliveryState.MANUAL
    assert delivery.permalink.endswith(f"?reply={comment}")
    assert connection.capabilities.get(code="reply_wall").state == CapabilityState.OFF
    # No access to one post says nothing about the next; a right that the key lacks does.
    other = town.deliver(town.answer(connection, town.say("Свет?")))
    assert other.state == (DeliveryState.MANUAL if lasting else DeliveryState.DELIVERED)
    row = connection.capabilities.get(code="reply_wall")
    assert row.state == (CapabilityState.OFF if lasting else CapabilityState.ON)


def test_closed_comments_deleted_comment_and_links_are_final(town: Town) -> None:
    connection = town.connect()
    closed, gone, linked = town.say("Вода?"), town.say("Свет?"), town.say("Газ?")
    town.sim.call(lambda w: w.delete_comment(w.comment("wall", -town.group_id, gone), by=RESIDENT))
    town.sim.call(lambda w: setattr(w.community(town.group_id), "links_forbidden", True))
    deliveries = {
        "comment_deleted": town.deliver(town.answer(connection, gone)),
        "links_forbidden": town.deliver(town.answer(connection, linked, "Смотрите https://example.org/a")),
    }
    town.sim.call(lambda w: w.set_post(w.post(-town.group_id, town.post_id), comments_open=False))
    deliveries["comments_closed"] = town.deliver(town.answer(connection, closed))
    for reason, delivery in deliveries.items():
        assert (delivery.state, delivery.reason) == (DeliveryState.REFUSED, reason)
        assert receipts(delivery) == ["refused"]


def test_a_resident_who_never_wrote_cannot_be_written_to(town: Town) -> None:
    delivery = town.deliver(town.queue(town.connect(), Target("direct", str(RESIDENT))))
    assert (delivery.state, delivery.reason) == (DeliveryState.REFUSED, "no_permission_to_write")


@pytest.mark.parametrize("on", ["photo", "video", "topic"])
def test_other_places_need_an_administrators_key(town: Town, on: str) -> None:
    owner = -town.group_id

    def thing(world: object) -> int:
        make = {
            "photo": lambda w: w.place_photo(owner, "x.png", 10, 10),
            "video": lambda w: w.create_video(owner, title="Эфир"),
            "topic": lambda w: w.create_topic(owner, title="Сквер", created_by=owner),
        }
        return int(make[on](world).id)

    object_id = town.sim.call(thing)
    comment = town.say("Когда?", on=on, object_id=object_id)
    reply_to = "" if on == "topic" else str(comment)
    target = Target(on, str(object_id), reply_to, str(RESIDENT), "Ольга Котова")
    connection = town.connect()
    by_hand = town.deliver(town.queue(connection, target))
    assert (by_hand.state, by_hand.reason) == (DeliveryState.MANUAL, "no_key")
    assert f"{on}-{town.group_id}_{object_id}" in by_hand.permalink
    assert by_hand.snapshot["text"].endswith("Починим до пятницы.")
    connection = town.connect(user_token=town.keys["user"])
    town.fault(method=f"{'board' if on == 'topic' else on}*.createComment", what="lost_response", count=1)
    town.sim.hub.faults.rules[0].group_id = 0
    delivery = town.deliver(town.queue(connection, target), turns=2, pause=3)
    assert delivery.state == DeliveryState.DELIVERED
    (said,) = town.answers(on)
    assert delivery.external_id == str(said.id)
    assert town.deliver(operations.retry(delivery=by_hand, by=PERSON, now=town.clock())).state == "delivered"


def test_what_is_on_its_way_cannot_be_taken_back(town: Town) -> None:
    connection = town.connect()
    delivery = town.answer(connection, town.say("Вода?"))
    operations.cancel(delivery=delivery, by=PERSON, now=town.clock())
    assert town.deliver(delivery).state == DeliveryState.CANCELLED
    assert town.answers() == []
    late = town.deliver(town.answer(connection, town.say("Свет?")))
    with pytest.raises(TooLate):
        operations.cancel(delivery=late, by=SYSTEM, now=town.clock())
