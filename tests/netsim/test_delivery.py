"""Callbacks, their repeats and faults; Long Poll and its three failures."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import httpx
import pytest

from netsim.delivery.post import seconds
from netsim.server import running
from netsim.settings import RETRY_DELAYS, Settings
from tests.netsim.conftest import UNLIMITED, Place, Receiver, listen, settle, until


def test_the_timetable_is_the_networks() -> None:
    assert RETRY_DELAYS == (10, 180, 600, 1800, 3600)


def test_nothing_is_sent_before_the_confirmation(place: Place, receiver: Receiver) -> None:
    receiver.code = "wrong"
    server = place.api("groups.addCallbackServer", group_id=place.gid, url=receiver.url, title="cur")[
        "server_id"
    ]
    chosen = {"group_id": place.gid, "server_id": server, "wall_reply_new": 1}
    until(lambda: place.look("servers", group_id=place.gid)["items"][0]["status"] == "failed")
    place.act("comment", post_id=place.post(), text="Потерян")
    receiver.code = place.api("groups.getCallbackConfirmationCode", group_id=place.gid)["code"]
    place.api("groups.setCallbackSettings", **chosen)
    until(lambda: place.look("servers", group_id=place.gid)["items"][0]["status"] == "ok")
    place.act("comment", post_id=place.post(), text="Дошёл")
    until(lambda: receiver.got)
    assert [event["object"]["text"] for event in receiver.got] == ["Дошёл"]


def test_only_the_chosen_events_arrive_with_the_secret(place: Place, receiver: Receiver) -> None:
    listen(place, receiver, "message_new")
    place.act("comment", post_id=place.post(), text="Мимо")
    place.act("message", text="Сюда")
    until(lambda: receiver.got)
    assert [event["type"] for event in receiver.got] == ["message_new"]
    assert receiver.got[0]["secret"] == "s3cr3tKey"
    assert receiver.got[0]["v"] == "5.199"


def test_failures_are_repeated_and_counted(place: Place, receiver: Receiver) -> None:
    listen(place, receiver, "wall_reply_new")
    receiver.tries.clear()
    receiver.answers = [(500, "", {}), (200, "not ok", {}), (404, "ok", {})]
    place.act("comment", post_id=place.post(), text="Настойчивый")
    until(lambda: receiver.got)
    assert [count for _, count in receiver.tries] == [None, "1", "2", "3"]
    assert len({event_id for event_id, _ in receiver.tries}) == 1


def test_after_five_repeats_the_event_is_lost(receiver: Receiver) -> None:
    with running(Settings(rps=dict(UNLIMITED), time_scale=0.00001)) as simulator:
        place = settle(simulator.url)
        listen(place, receiver, "wall_reply_new")
        receiver.tries.clear()
        receiver.answers = [(500, "", {})] * 6
        place.act("comment", post_id=place.post(), text="Безнадёжный")
        until(lambda: place.look("deliveries").get("lost") == 1)
        assert [count for _, count in receiver.tries] == [None, "1", "2", "3", "4", "5"]
        assert place.look("deliveries")["pending"] == 0
        place.http.close()


def test_a_server_may_ask_to_wait(place: Place, receiver: Receiver) -> None:
    listen(place, receiver, "wall_reply_new")
    receiver.answers = [(503, "", {"Retry-After": "20"})]
    place.act("comment", post_id=place.post(), text="Подождёт")
    until(lambda: receiver.got)
    assert len(receiver.got) == 1


@pytest.mark.parametrize(
    ("header", "found"), [("20", 20), ("0", 0), ("99999", None), ("soon", None), ("-5", None)]
)
def test_retry_after_is_seconds(header: str, found: float | None) -> None:
    assert seconds(header) == found


def test_retry_after_may_be_a_date() -> None:
    wait = seconds(format_datetime(datetime.now(UTC) + timedelta(seconds=60)))
    assert wait is not None
    assert 50 < wait <= 60


def test_remove_and_version_are_orders(place: Place, receiver: Receiver) -> None:
    server = listen(place, receiver, "wall_reply_new")
    receiver.answers = [(200, "version 5.131", {}), (200, "remove", {})]
    post = place.post()
    place.act("comment", post_id=post, text="1")
    until(lambda: place.look("servers", group_id=place.gid)["items"][0]["api_version"] == "5.131")
    settings = place.api("groups.getCallbackSettings", group_id=place.gid, server_id=server)
    assert settings["api_version"] == "5.131"
    place.act("comment", post_id=post, text="2")
    until(lambda: place.look("servers", group_id=place.gid)["count"] == 0)


def test_after_many_errors_delivery_pauses_and_then_goes_on(receiver: Receiver) -> None:
    settings = Settings(rps=dict(UNLIMITED), time_scale=0.0005, callback_pause_after=3, callback_in_flight=1)
    with running(settings) as simulator:
        place = settle(simulator.url)
        listen(place, receiver, "wall_reply_new")
        receiver.answers = [(500, "", {})] * 3
        post = place.post()
        for n in range(5):
            place.act("comment", post_id=post, text=str(n))
        until(lambda: len(receiver.got) == 5)
        assert place.look("deliveries")["paused"] == 1
        place.http.close()


def test_a_closed_port_is_a_failure_like_any_other(place: Place, receiver: Receiver) -> None:
    place.api("groups.addCallbackServer", group_id=place.gid, url="http://127.0.0.1:1/none", title="t")
    until(lambda: place.look("servers", group_id=place.gid)["items"][0]["status"] == "failed")


def faults(place: Place, *rules: dict[str, object], seed: int = 7) -> None:
    """Put rules in force for this community only."""
    place.sim(
        "faults", {"seed": seed, "rules": [{"group_id": place.gid, **rule} for rule in rules]}, method="PUT"
    )


def test_duplicates_carry_the_same_event_id(place: Place, receiver: Receiver) -> None:
    listen(place, receiver, "wall_reply_new")
    faults(place, {"where": "callbacks", "what": "duplicate"})
    place.act("comment", post_id=place.post(), text="Дважды")
    until(lambda: len(receiver.got) == 2)
    assert receiver.got[0] == receiver.got[1]


def test_dropped_events_never_arrive(place: Place, receiver: Receiver) -> None:
    listen(place, receiver, "wall_reply_new")
    faults(place, {"where": "callbacks", "what": "drop", "count": 2})
    post = place.post()
    for n in range(4):
        place.act("comment", post_id=post, text=str(n))
    until(lambda: len(receiver.got) == 2)
    assert {event["object"]["text"] for event in receiver.got} == {"2", "3"}


def test_reordered_events_all_arrive(place: Place, receiver: Receiver) -> None:
    listen(place, receiver, "wall_reply_new")
    faults(place, {"where": "callbacks", "what": "reorder", "probability": 0.5})
    post = place.post()
    orders = [
        {"do": "comment", "group_id": place.gid, "user_id": 5, "post_id": post, "text": str(n)}
        for n in range(40)
    ]
    place.sim("act", orders)
    until(lambda: len(receiver.got) == 40)
    order = [int(event["object"]["text"]) for event in receiver.got]
    assert sorted(order) == list(range(40))
    assert order != sorted(order)


def test_delayed_events_arrive_later(place: Place, receiver: Receiver) -> None:
    listen(place, receiver, "wall_reply_new")
    faults(place, {"where": "callbacks", "what": "delay", "delay": 300, "count": 1})
    post = place.post()
    place.act("comment", post_id=post, text="первый")
    place.act("comment", post_id=post, text="второй")
    until(lambda: len(receiver.got) == 2)
    assert [event["object"]["text"] for event in receiver.got] == ["второй", "первый"]


# -- Long Poll -----------------------------------------------------------------------------------------------
def poll(place: Place, server: dict[str, str], **more: object) -> dict[str, object]:
    """One request to the Long Poll server."""
    query = {"act": "a_check", "key": server["key"], "ts": server["ts"], "wait": 5, **more}
    body: dict[str, object] = httpx.get(server["server"], params=query, timeout=10).json()
    return body


def turned_on(place: Place) -> dict[str, str]:
    """Long Poll on for messages; its address."""
    assert place.error("groups.getLongPollServer", group_id=place.gid) == 100
    place.api("groups.setLongPollSettings", group_id=place.gid, enabled=1, api_version="5.199", message_new=1)
    server: dict[str, str] = place.api("groups.getLongPollServer", group_id=place.gid)
    return server


def test_long_poll_tells_what_happened_since(place: Place) -> None:
    server = turned_on(place)
    place.act("message", text="первое")
    place.act("message", text="второе")
    body = poll(place, server)
    updates = body["updates"]
    assert isinstance(updates, list)
    assert [u["object"]["message"]["text"] for u in updates] == ["первое", "второе"]
    assert updates[0]["group_id"] == place.gid
    assert body["ts"] == str(int(server["ts"]) + 2)
    assert poll(place, {**server, "ts": str(body["ts"])}, wait=0) == {"ts": body["ts"], "updates": []}


def test_long_poll_fails_in_three_ways(place: Place) -> None:
    server = turned_on(place)
    assert poll(place, {**server, "ts": "999"}) == {"failed": 1, "ts": server["ts"]}
    assert poll(place, {**server, "key": "old"}) == {"failed": 2}
    assert poll(place, {**server, "ts": "lost"}) == {"failed": 3}
    place.api("groups.setLongPollSettings", group_id=place.gid, enabled=0)
    assert poll(place, server) == {"failed": 3}
