"""A flood on one page must not delay the others, and several workers share the road without stepping on each other."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import close_old_connections, connection, transaction
from django.db.models import Count

from otklik.casework.models import Incident
from otklik.channels.models import Connection
from otklik.common import jobs
from otklik.flow import road
from otklik.flow.turns import EVENTS, MESSAGES
from otklik.inbox.models import RawEvent, SourceMessage
from tests import cast


def _events(page: Connection, many: int) -> list[RawEvent]:
    events = [cast.vk_comment(page.external_id, text="Нет воды") for _ in range(many)]
    return [
        RawEvent(
            connection=page, event_key=event["event_id"], type=event["type"], body=json.dumps(event).encode(),
            received_at=cast.NOW,
        )
        for event in events
    ]  # fmt: skip


@pytest.mark.django_db
def test_ten_thousand_events_on_one_page_delay_a_quiet_one_by_no_batch() -> None:
    loud, quiet = cast.connection(), cast.connection()
    RawEvent.objects.bulk_create(_events(loud, 10_000))
    RawEvent.objects.bulk_create(_events(quiet, 1))
    taken = road.read_events(now=cast.NOW)
    assert SourceMessage.objects.filter(connection=quiet).count() == 1
    assert 1 < taken <= road.EVENTS_A_BATCH + 1


@pytest.mark.django_db
def test_a_thousand_messages_of_one_page_delay_a_quiet_one_by_no_batch() -> None:
    loud, quiet = cast.connection(), cast.connection()
    RawEvent.objects.bulk_create(_events(loud, 1000))
    while road.read_events(now=cast.NOW):
        pass
    RawEvent.objects.bulk_create(_events(quiet, 1))
    road.read_events(now=cast.NOW)
    judged = road.judge_messages(now=cast.NOW)
    assert Incident.objects.filter(message__connection=quiet).count() == 1
    assert 1 < judged <= road.MESSAGES_A_BATCH
    assert MESSAGES.pages(5) == [loud.pk]


@pytest.mark.django_db
def test_more_pages_than_a_batch_holds_all_have_their_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(road, "PAGES_A_BATCH", 4)
    monkeypatch.setattr(road, "EVENTS_A_BATCH", 8)
    monkeypatch.setattr(road, "LEAST_OF_A_PAGE", 2)
    pages = [cast.connection() for _ in range(10)]
    RawEvent.objects.bulk_create(event for page in pages for event in _events(page, 30))
    for _ in range(3):  # 10 pages by 4
        assert road.read_events(now=cast.NOW) == 8
    assert set(SourceMessage.objects.values_list("connection", flat=True)) == {page.pk for page in pages}


@pytest.mark.django_db
def test_the_turn_goes_round_and_forgets_pages_without_news() -> None:
    pages = [cast.connection() for _ in range(3)]
    assert EVENTS.pages(2) == []
    RawEvent.objects.bulk_create(event for page in pages for event in _events(page, 2))
    ids = [page.pk for page in pages]
    assert [EVENTS.pages(2), EVENTS.pages(2)] == [ids[:2], [ids[2], ids[0]]]
    RawEvent.objects.filter(connection=pages[1]).update(state="read")
    assert sorted(EVENTS.pages(5)) == [ids[0], ids[2]]


@pytest.mark.django_db
def test_events_of_a_page_are_read_in_the_order_of_arrival() -> None:
    page = cast.connection()
    new = cast.vk_comment(page.external_id, text="раз", id=9)
    edits = [cast.vk_comment(page.external_id, "wall_reply_edit", text=text, id=9) for text in ("два", "три")]
    for event in (new, *edits):
        RawEvent.objects.create(
            connection=page, event_key=event["event_id"], type=event["type"], body=json.dumps(event).encode(),
            received_at=cast.NOW,
        )  # fmt: skip
    road.read_events(now=cast.NOW)
    message = SourceMessage.objects.get()
    assert message.text == "три"
    assert list(message.versions.order_by("pk").values_list("text", flat=True)) == ["раз", "два"]


def _in_threads(works: list[Callable[[], Any]]) -> list[Any]:
    start = Barrier(len(works))

    def run(work: Callable[[], Any]) -> Any:
        close_old_connections()
        try:
            start.wait(timeout=30)
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))


def _until_nothing_is_left() -> int:
    done = 0
    for _ in range(200):
        done += road.read_events(now=cast.NOW) + road.judge_messages(now=cast.NOW)
        if jobs.READ_EVENTS not in road.what_waits(now=cast.NOW):
            break
    return done


@pytest.mark.django_db(transaction=True)
def test_two_workers_make_one_message_and_one_incident_of_every_event(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(road, "EVENTS_A_BATCH", 20)
    monkeypatch.setattr(road, "LEAST_OF_A_PAGE", 5)
    monkeypatch.setattr(road, "MESSAGES_A_BATCH", 15)
    pages = [cast.connection() for _ in range(6)]
    RawEvent.objects.bulk_create(event for page in pages for event in _events(page, 40))
    done = _in_threads([_until_nothing_is_left, _until_nothing_is_left])
    assert sum(done) >= 480
    assert RawEvent.objects.filter(state="read").count() == 240
    assert SourceMessage.objects.count() == 240
    opened = Incident.objects.values("message").annotate(n=Count("id"))
    assert {row["n"] for row in opened} == {1}
    assert len(opened) == 240


@pytest.mark.django_db(transaction=True)
def test_a_page_in_work_is_left_to_its_worker_and_takes_new_events_all_the_while() -> None:
    page, other = cast.connection(), cast.connection()
    RawEvent.objects.bulk_create([*_events(page, 1), *_events(other, 1)])

    def accept_more() -> None:
        RawEvent.objects.bulk_create(_events(page, 1))

    with transaction.atomic():
        Connection.objects.select_for_update(no_key=True).get(pk=page.pk)
        assert _in_threads([lambda: road.read_events(now=cast.NOW)]) == [1]
        _in_threads([accept_more])
    assert SourceMessage.objects.get().connection == other
    assert road.read_events(now=cast.NOW) == 2
