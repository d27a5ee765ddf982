"""The stage of a benchmark: a durable PostgreSQL of its own, real processes, a small seeded region."""

import asyncio
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.error import URLError

import psycopg

from launch.postgres import ensure_running

if TYPE_CHECKING:
    from otklik.registry.models import OfficialPage

SECRET = "bench-secret"
VK = "https://vk.com/club"
FIRST_USER = 500_001


@contextmanager
def server(home: Path) -> Iterator[Callable[[str], str]]:
    """A server with durable commits; gives a function that makes a migrated database and returns its address."""
    given = os.environ.get("DATABASE_URL")
    running = None if given else ensure_running(home)
    url = given or (running.url if running else "")
    try:
        yield lambda name: _database(url, f"bench_{name}")
    finally:
        if running:
            running.stop()


def _database(url: str, name: str) -> str:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"drop database if exists {name} with (force)")
        connection.execute(f"create database {name}")
    fresh = psycopg.conninfo.make_conninfo(url, dbname=name)
    env = os.environ | {"DATABASE_URL": fresh, "DJANGO_SETTINGS_MODULE": "config.settings"}
    subprocess.run([sys.executable, "-m", "django", "migrate", "-v0"], env=env, check=True)
    return fresh


def free_port() -> int:
    """A port nobody listens on now."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


@contextmanager
def process(
    *command: str, wait_for: str | None = None, fds: Sequence[int] = (), **env: str
) -> Iterator[subprocess.Popen[bytes]]:
    """A real process of ours for the time of the block, ready when `wait_for` answers; it inherits `fds`."""
    child = subprocess.Popen([sys.executable, *command], env=os.environ | env, pass_fds=fds)
    try:
        if wait_for:
            _wait(wait_for, child)
        yield child
    finally:
        child.terminate()
        try:
            child.wait(10)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def _wait(url: str, child: subprocess.Popen[bytes]) -> None:
    for _ in range(300):
        if child.poll() is not None:
            raise RuntimeError(f"{child.args} ended with {child.returncode}")
        try:
            with urllib.request.urlopen(url, timeout=1):
                return
        except (URLError, OSError):
            time.sleep(0.1)
    raise RuntimeError(f"{url} does not answer")


def wait_port(port: int, child: subprocess.Popen[bytes]) -> None:
    """Until somebody listens on the port."""
    for _ in range(300):
        if child.poll() is not None:
            raise RuntimeError(f"{child.args} ended with {child.returncode}")
        with socket.socket() as sock:
            if sock.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise RuntimeError(f"nobody listens on {port}")


@contextmanager
def web(port: int, **env: str) -> Iterator[subprocess.Popen[bytes]]:
    """Our web server as `otklik web` starts it."""
    with process(
        "-m", "launch", "web", wait_for=f"http://127.0.0.1:{port}/healthz", PORT=str(port), **env
    ) as child:
        yield child


@contextmanager
def web_on(listening: socket.socket, **env: str) -> Iterator[subprocess.Popen[bytes]]:
    """Our web server on a socket that several of them share, as `otklik up` starts them."""
    number, port = listening.fileno(), listening.getsockname()[1]
    health = f"http://127.0.0.1:{port}/healthz"
    with process("-m", "launch", "web", "--fd", str(number), wait_for=health, fds=(number,), **env) as child:
        yield child


@contextmanager
def worker(part: str = "all", **env: str) -> Iterator[subprocess.Popen[bytes]]:
    """Our worker as `otklik worker` starts it, or a part of it as `otklik up` does."""
    with process("-m", "launch", "worker", part, **env) as child:
        yield child


def django_setup() -> None:
    """Make this process a Django one."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    import django

    django.setup()


def seed_pages(
    count: int, now: datetime, *, first: int = 1_000_001, connected: bool = True
) -> "list[OfficialPage]":
    """A region with `count` pages of as many schools, numbered from `first`, connected with SECRET if asked."""
    from otklik.channels.models import Connection
    from otklik.common.actor import Actor
    from otklik.registry import operations as registry
    from otklik.registry.models import Municipality, OfficialPage, Organization, Region, WorkCalendar

    by = Actor(None, "bench")
    calendar = WorkCalendar.objects.create(
        name="bench", timezone="Asia/Novosibirsk", week=registry.DEFAULT_WEEK
    )
    Region.objects.create(name="Область", code="54", calendar=calendar)
    place = Municipality.objects.create(oktmo="50701000", name="Город", short_name="Город", kind="city")
    root = registry.add_organization(
        by=by, now=now, code="gov", name="Правительство", short_name="Пр-во", level="regional"
    )
    school = {"level": "institution", "parent": root, "municipality": place}
    bodies = Organization.objects.bulk_create(
        Organization(code=f"b{n}", name=f"Школа № {n}", short_name=f"Школа {n}", **school)
        for n in range(count)
    )
    for body in bodies:
        body.path = [root.pk, body.pk]
    Organization.objects.bulk_update(bodies, ["path"], batch_size=500)
    pages = OfficialPage.objects.bulk_create(
        OfficialPage(
            organization=body, network="vk", external_id=str(number), title=body.name, url=VK + str(number)
        )
        for number, body in enumerate(bodies, first)
    )
    known = {"network": "vk", "secret": SECRET, "state": "connected", "confirmation_code": "abc12345"}
    if connected:
        Connection.objects.bulk_create(
            Connection(page=page, external_id=page.external_id, **known) for page in pages
        )
    return pages


def connect(
    network: Any, pages: "Sequence[OfficialPage]", users: int, now: datetime
) -> list[tuple[int, int]]:
    """Connect pages to the simulator: each with a post and a key, and `users` residents; (community, post) of each."""
    from otklik.channels import operations as channels
    from otklik.common.actor import SYSTEM

    groups = [int(page.external_id) for page in pages]
    people = [{"id": FIRST_USER + n, "first_name": "Житель", "last_name": str(n)} for n in range(users)]
    network.make("communities", [{"id": each, "name": f"Страница {each}"} for each in groups])
    network.make("users", people)
    network.make("tokens", [{"kind": "community", "group_id": each, "value": f"t{each}"} for each in groups])
    made = network.make("posts", [{"group_id": each, "text": "Пост"} for each in groups])
    keys = [channels.PageKeys(page, f"t{page.external_id}") for page in pages]
    channels.connect_pages(pages=keys, by=SYSTEM, now=now)
    return [(group_id, post["id"]) for group_id, post in zip(groups, made, strict=True)]


async def post_all(port: int, requests: list[bytes], connections: int) -> list[float]:
    """Send prepared requests over keep-alive connections; seconds each took. Anything but 200 is an error."""
    queue, took = iter(requests), []

    async def one() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for request in queue:
            began = time.perf_counter()
            writer.write(request)
            head = await reader.readuntil(b"\r\n\r\n")
            if b" 200 " not in head[:20]:
                raise RuntimeError(head.decode("latin1"))
            await _skip_body(reader, head.lower())
            took.append(time.perf_counter() - began)
        writer.close()

    await asyncio.gather(*[one() for _ in range(connections)])
    return took


async def _skip_body(reader: asyncio.StreamReader, head: bytes) -> None:
    if b"chunked" in head:
        await reader.readuntil(b"0\r\n\r\n")
        return
    for line in head.split(b"\r\n"):
        if line.startswith(b"content-length:"):
            await reader.readexactly(int(line.split(b":")[1]))


def as_request(path: str, body: bytes) -> bytes:
    """The bytes of a POST with a JSON body."""
    head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
    return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body
