"""The live stream over a real server: everybody hears what is theirs, and losing the database is survived."""

import asyncio
import json
import math
import os
import queue
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import httpx
import pytest
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from otklik.casework import operations as casework
from otklik.casework.announce import CHANNEL
from otklik.desk import live
from otklik.desk.operations import appear, leave
from otklik.people.rules import Right
from otklik.registry import operations as registry
from otklik.registry.rules import Reach
from tests.database import database_address
from tests.desk.world import World, build

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
PATIENCE = 20.0
# A stream notices that its reader has gone when it says that it is alive: here it says so more often.
IMPATIENT = """
import sys

import django
import uvicorn

django.setup()
from otklik.desk import live

live.HEARTBEAT_SECONDS = 0.5
port = int(sys.argv[1])
uvicorn.run("config.asgi:application", port=port, lifespan="off", log_level="warning")
"""


@pytest.fixture
def world(transactional_db: None) -> World:
    return build(timezone.now())


@contextmanager
def server() -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """A real server in a process of its own, on the test's database."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-c", IMPATIENT, str(port)],
        env=os.environ | {"DATABASE_URL": database_address(), "PORT": str(port)},
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        until(lambda: answers(port), patience=60.0)
        yield f"http://127.0.0.1:{port}", process
    finally:
        process.kill()
        process.wait()


def answers(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/healthz").status_code == 200
    except httpx.HTTPError:
        return False


@pytest.fixture(scope="module")
def address(django_db_setup: None) -> Iterator[str]:
    with server() as (url, _process):
        yield url


def until(true: Callable[[], bool], patience: float = PATIENCE) -> None:
    ends = time.monotonic() + patience
    while not true():
        assert time.monotonic() < ends, "it did not happen in time"
        time.sleep(0.02)


class Listener:
    """A desk with an open stream: what it hears stands in `heard`."""

    def __init__(
        self, address: str, world: World, username: str, *, since: float | None = None, **headers: str
    ) -> None:
        client = Client()
        client.force_login(world.people[username], backend="django.contrib.auth.backends.ModelBackend")
        self.cookies = {name: morsel.value for name, morsel in client.cookies.items()}
        self.url = f"{address}/desk/stream" + (f"?since={since}" if since else "")
        self.headers = headers
        self.heard: queue.Queue[tuple[str, dict[str, list[int]]]] = queue.Queue()
        self.lines: list[str] = []
        self.client = httpx.Client(timeout=PATIENCE)
        self.thread = threading.Thread(target=self._listen, daemon=True)
        self.thread.start()
        until(lambda: ": hello" in self.lines)

    def _listen(self) -> None:
        try:
            with self.client.stream("GET", self.url, cookies=self.cookies, headers=self.headers) as answer:
                assert answer.headers["content-type"] == "text/event-stream"
                name = ""
                for line in answer.iter_lines():
                    self.lines.append(line)
                    if line.startswith("event: "):
                        name = line[7:]
                    elif line.startswith("data: "):
                        self.heard.put((name, json.loads(line[6:])))
        except (httpx.HTTPError, RuntimeError):
            pass

    def hears(self, kind: str) -> dict[str, list[int]]:
        """The next event of the kind; others on the way are passed over."""
        while True:
            name, data = self.heard.get(timeout=PATIENCE)
            if name == kind:
                return data

    def close(self) -> None:
        self.client.close()


def listeners_in_database() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "select count(*) from pg_stat_activity where application_name = 'otklik-desk'"
            " and datname = current_database() and query ilike 'listen%' and state = 'idle'"
        )
        return int(cursor.fetchone()[0])


def listening(desk: Listener) -> None:
    """Wait until the process listens and the desk has heard everything that was before."""
    until(lambda: listeners_in_database() == 1)
    with connection.cursor() as cursor:
        cursor.execute("select pg_notify(%s, %s)", [CHANNEL, '{"many": true}'])
    desk.hears("many")
    while True:
        try:
            desk.heard.get(timeout=3 * live.GAP_SECONDS)
        except queue.Empty:
            return


def test_each_desk_hears_what_is_within_its_reach_and_nothing_else(world: World, address: str) -> None:
    center, stranger = Listener(address, world, "dispatcher"), Listener(address, world, "stranger")
    listening(center)
    ours = world.incident(action="open")
    assert center.hears("changed")["ids"] == [ours.pk]
    theirs = world.incident(action="open", body="ministry", page="ministry")
    # The stranger's first event is already its own: the other one never came.
    assert stranger.hears("changed")["ids"] == [theirs.pk]
    assert listeners_in_database() == 1
    center.close()
    stranger.close()


def test_a_change_is_told_only_when_it_is_committed(world: World, address: str) -> None:
    desk = Listener(address, world, "dispatcher")
    listening(desk)
    with transaction.atomic():
        lost = world.incident()
        transaction.set_rollback(True)
    kept = world.incident()
    assert desk.hears("changed")["ids"] == [kept.pk]
    assert lost.pk != kept.pk
    desk.close()


def test_a_burst_is_merged(world: World, address: str) -> None:
    desk = Listener(address, world, "dispatcher")
    listening(desk)
    made = {world.incident().pk for _number in range(30)}
    heard: list[list[int]] = []
    while not made <= {pk for ids in heard for pk in ids}:
        heard.append(desk.hears("changed")["ids"])
    assert len(heard) < len(made)
    desk.close()


def test_who_comes_back_looks_again(world: World, address: str) -> None:
    first = Listener(address, world, "dispatcher")
    listening(first)
    back = Listener(address, world, "second", **{"Last-Event-ID": "7"})
    assert back.hears("many") == {}
    first.close()
    back.close()


def test_what_happened_while_the_page_was_drawn_is_told(world: World, address: str) -> None:
    beside = Listener(address, world, "dispatcher")
    listening(beside)
    drawn = time.time()
    incident = world.incident(action="open")
    assert beside.hears("changed")["ids"] == [incident.pk]
    late = Listener(address, world, "dispatcher", since=drawn)
    assert late.hears("changed")["ids"] == [incident.pk]
    stranger = Listener(address, world, "stranger", since=drawn)
    # Of a page that old nobody knows what it missed, and a moment that is none is no moment.
    old = Listener(address, world, "second", since=drawn - 3600)
    assert old.hears("many") == {}
    odd = Listener(address, world, "second", since=float("inf"))
    theirs = world.incident(action="open", body="ministry", page="ministry")
    assert stranger.hears("changed")["ids"] == [theirs.pk]
    assert odd.hears("changed")["ids"] == [theirs.pk]
    for each in (beside, late, stranger, old, odd):
        each.close()


def test_a_page_drawn_later_than_the_news_is_not_told_of_them() -> None:
    moments = iter([100.0, 100.0, 102.0, 102.0, 103.0, 103.0])
    hub = live.Hub(dict, lambda: next(moments))
    hub.whole_since, stream = 99.0, live.Stream(Reach(center=frozenset({Right.SEE_INCIDENTS})))
    hub._spread(json.dumps({"rows": [[1, 8, None]]}))
    hub._spread(json.dumps({"rows": [[2, 8, None]]}))
    hub._catch_up(stream, 101.0)
    assert stream.take() == [("changed", {"ids": [2], "pause": 1200})]
    hub.whole_since = math.inf
    hub._catch_up(stream, 101.0)
    assert stream.take() == [], "nobody listens: whoever waits is told to look when somebody does"


def test_a_lost_database_connection_is_made_again(world: World, address: str) -> None:
    desk = Listener(address, world, "dispatcher")
    listening(desk)
    with connection.cursor() as cursor:
        cursor.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity"
            " where application_name = 'otklik-desk' and datname = current_database()"
        )
    assert desk.hears("many") == {}
    incident = world.incident()
    assert desk.hears("changed")["ids"] == [incident.pk]
    desk.close()


def test_people_at_a_card_are_told_of_each_other(world: World, address: str) -> None:
    incident = world.incident(action="open")
    desk = Listener(address, world, "executor")
    listening(desk)
    elsewhere = Listener(address, world, "dispatcher")
    appear(incident=incident, account=world.people["executor"], doing="reading", now=timezone.now())
    appear(incident=incident, account=world.people["curator"], doing="writing", now=timezone.now())
    assert desk.hears("here") == {"ids": [incident.pk]}
    leave(pk=incident.pk, account=world.people["curator"])
    assert desk.hears("here") == {"ids": [incident.pk]}
    casework.accept(incident=incident, by=world.people["executor"], now=timezone.now())
    until(lambda: "event: changed" in elsewhere.lines)
    assert "event: here" not in elsewhere.lines, "who is at a card concerns only those who are there"
    for each in (desk, elsewhere):
        each.close()


def test_one_listener_serves_all_desks_and_ends_with_the_last(world: World, address: str) -> None:
    desks = [Listener(address, world, "dispatcher") for _number in range(3)]
    listening(desks[0])
    assert listeners_in_database() == 1
    for desk in desks:
        desk.close()
    until(lambda: listeners_in_database() == 0)


def test_a_quiet_stream_says_that_it_is_alive(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "HEARTBEAT_SECONDS", 0.05)

    reach = registry.reach_of(world.people["stranger"])

    async def listen() -> list[bytes]:
        stream = live.events(reach, missed=False)
        heard = []
        async for piece in stream:
            heard.append(piece)
            if piece == b": alive\n\n":
                break
        await stream.aclose()
        return heard

    assert asyncio.run(listen())[-1] == b": alive\n\n"


def test_without_a_login_there_is_no_stream(address: str) -> None:
    answer = httpx.get(f"{address}/desk/stream")
    assert answer.status_code == 302
    assert "/accounts/login/" in answer.headers["location"]


def test_a_server_with_open_desks_stops_at_once_and_quietly(world: World) -> None:
    with server() as (url, process):
        desk = Listener(url, world, "dispatcher")
        listening(desk)
        process.send_signal(signal.SIGTERM)
        _out, said = process.communicate(timeout=PATIENCE)
    assert "Traceback" not in said
    assert "Cancel" not in said
    desk.close()


def test_a_message_is_on_the_desk_of_the_other_process_too(world: World, address: str) -> None:
    desk = Listener(address, world, "executor")
    listening(desk)
    incident = world.incident(action="open")
    assert desk.hears("changed")["ids"] == [incident.pk]
    row = httpx.get(f"{address}/desk/rows?view=routed&ids={incident.pk}", cookies=desk.cookies).text
    assert f'id="row-{incident.pk}"' in row
    casework.accept(incident=incident, by=world.people["executor"], now=timezone.now())
    assert desk.hears("changed")["ids"] == [incident.pk]
    gone = httpx.get(f"{address}/desk/rows?view=routed&ids={incident.pk}", cookies=desk.cookies).text
    assert f'id="row-{incident.pk}"' not in gone
    desk.close()


def test_the_more_desks_hear_the_same_the_more_seldom_each_of_them_asks() -> None:
    hub, sees = live.Hub(dict), frozenset({Right.SEE_INCIDENTS})
    many = [live.Stream(Reach(center=sees)) for _ in range(50)]
    body = live.Stream(Reach(organizations={7: sees}))
    hub.streams = {*many, body}
    hub._spread(json.dumps({"rows": [[1, 8, None]]}))
    assert many[0].take() == [("changed", {"ids": [1], "pause": 10000})]
    assert body.take() == []
    hub.streams = {many[0], body}
    hub._spread(json.dumps({"rows": [[2, 7, None]]}))
    assert [each.take() for each in (many[0], body)] == [[("changed", {"ids": [2], "pause": 1200})]] * 2
