"""The live stream over a real server: everybody hears what is theirs, and losing the database is survived."""

import json
import os
import queue
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator

import httpx
import pytest
import uvicorn
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone
from psycopg.conninfo import make_conninfo

from config.asgi import application
from otklik.casework import operations as casework
from otklik.desk import live
from otklik.desk.operations import appear
from tests.desk.world import World, build

pytestmark = pytest.mark.django_db(transaction=True)
PATIENCE = 20.0


@pytest.fixture
def world(transactional_db: None) -> World:
    return build(timezone.now())


@pytest.fixture
def address(transactional_db: None) -> Iterator[str]:
    """A real server in a thread, on the test's own database."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    config = uvicorn.Config(application, port=port, lifespan="off", log_level="error", timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    until(lambda: server.started)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(PATIENCE)
    assert not thread.is_alive(), "open streams must not keep the server from stopping"
    # Threads of the server keep their connections; the test database cannot be dropped under them.
    with connection.cursor() as cursor:
        cursor.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity"
            " where datname = current_database() and pid <> pg_backend_pid()"
        )


def until(true: Callable[[], bool]) -> None:
    ends = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < ends, "it did not happen in time"
        time.sleep(0.02)


class Listener:
    """A desk with an open stream: what it hears stands in `heard`."""

    def __init__(self, address: str, world: World, username: str, **headers: str) -> None:
        client = Client()
        client.force_login(world.people[username], backend="django.contrib.auth.backends.ModelBackend")
        self.cookies = {name: morsel.value for name, morsel in client.cookies.items()}
        self.address, self.headers = address, headers
        self.heard: queue.Queue[tuple[str, dict[str, list[int]]]] = queue.Queue()
        self.lines: list[str] = []
        self.client = httpx.Client(timeout=PATIENCE)
        self.thread = threading.Thread(target=self._listen, daemon=True)
        self.thread.start()
        until(lambda: ": hello" in self.lines)

    def _listen(self) -> None:
        url = f"{self.address}/desk/stream"
        try:
            with self.client.stream("GET", url, cookies=self.cookies, headers=self.headers) as answer:
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
            "select count(*) from pg_stat_activity"
            " where application_name = 'otklik-desk' and datname = current_database()"
        )
        return int(cursor.fetchone()[0])


def listening(*streams: Listener) -> None:
    """Wait until the process listens: it tells every stream to look again when it begins."""
    streams[0].hears("many")


def test_each_desk_hears_what_is_within_its_reach_and_nothing_else(world: World, address: str) -> None:
    center, stranger = Listener(address, world, "dispatcher"), Listener(address, world, "stranger")
    listening(center)
    ours = world.incident(action="open")
    assert center.hears("changed") == {"ids": [ours.pk]}
    theirs = world.incident(action="open", body="ministry", page="ministry")
    # The stranger's first event is already its own: the other one never came.
    assert stranger.hears("changed") == {"ids": [theirs.pk]}
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
    assert desk.hears("changed") == {"ids": [kept.pk]}
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
    assert desk.hears("changed") == {"ids": [incident.pk]}
    desk.close()


def test_people_at_a_card_are_told_of_each_other(world: World, address: str) -> None:
    incident = world.incident(action="open")
    desk = Listener(address, world, "executor")
    listening(desk)
    appear(incident=incident, account=world.people["curator"], doing="writing", now=timezone.now())
    assert desk.hears("here") == {"ids": [incident.pk]}
    desk.close()


def test_the_listener_ends_with_the_last_desk(
    world: World, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "HEARTBEAT_SECONDS", 0.1)
    desks = [Listener(address, world, "dispatcher") for _number in range(3)]
    listening(desks[0])
    until(lambda: ": alive" in desks[2].lines)
    assert listeners_in_database() == 1
    for desk in desks:
        desk.close()
    until(lambda: listeners_in_database() == 0)


def test_without_a_login_there_is_no_stream(address: str) -> None:
    answer = httpx.get(f"{address}/desk/stream")
    assert answer.status_code == 302
    assert "/accounts/login/" in answer.headers["location"]


def test_a_server_with_open_desks_stops_at_once_and_quietly(world: World) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "uvicorn", "config.asgi:application", "--port", str(port), "--lifespan", "off"]
    environment = os.environ | {"DATABASE_URL": address_of_the_test_database(), "PORT": str(port)}
    process = subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True)
    until(lambda: answers(port))
    desk = Listener(f"http://127.0.0.1:{port}", world, "dispatcher")
    listening(desk)
    process.send_signal(signal.SIGTERM)
    _out, said = process.communicate(timeout=PATIENCE)
    assert "Traceback" not in said
    assert "Cancel" not in said
    desk.close()


def answers(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/healthz").status_code == 200
    except httpx.HTTPError:
        return False


def address_of_the_test_database() -> str:
    return str(make_conninfo(os.environ["DATABASE_URL"], dbname=connection.settings_dict["NAME"]))


def test_a_message_is_on_the_desk_of_the_other_process_too(world: World, address: str) -> None:
    desk = Listener(address, world, "executor")
    listening(desk)
    incident = world.incident(action="open")
    assert desk.hears("changed") == {"ids": [incident.pk]}
    row = httpx.get(f"{address}/desk/rows?view=routed&ids={incident.pk}", cookies=desk.cookies).text
    assert f'id="row-{incident.pk}"' in row
    casework.accept(incident=incident, by=world.people["executor"], now=timezone.now())
    assert desk.hears("changed") == {"ids": [incident.pk]}
    gone = httpx.get(f"{address}/desk/rows?view=routed&ids={incident.pk}", cookies=desk.cookies).text
    assert f'id="row-{incident.pk}"' not in gone
    desk.close()
