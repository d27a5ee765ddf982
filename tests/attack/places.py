"""A real web server, and a real worker, over a durable database of their own: what an attack needs to be one."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

from launch.postgres import Server, ensure_running

PATIENCE = 60.0
SEED = """
import django; django.setup()
from tests import cast
cast.region(); page = cast.connection(); cast.account("dispatcher", username="dispatcher")
print(page.external_id)
"""


def until(true: Callable[[], Any], what: str, *, seconds: float = PATIENCE) -> Any:
    """Wait for something that must happen; says what did not."""
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        if found := true():
            return found
        time.sleep(0.05)
    raise AssertionError(f"waited in vain: {what}")


def free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


def run(code: str, url: str) -> str:
    """A piece of Python in a Django process over the database."""
    env = os.environ | {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "config.settings"}
    done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def kill_postmaster(server: Server) -> None:
    """kill -9 of the server, as a machine that runs out of memory does it."""
    pid = int((server.places.cluster / "postmaster.pid").read_text().splitlines()[0])
    os.kill(pid, signal.SIGKILL)
    until(lambda: not answers(server.url), "the database is gone")


def answers(url: str) -> bool:
    try:
        with psycopg.connect(url, connect_timeout=2):
            return True
    except psycopg.Error:
        return False


@contextmanager
def database(home: Path) -> Iterator[Server]:
    server = ensure_running(home)
    try:
        yield server
    finally:
        ensure_running(home).stop()
        server.stop()


@contextmanager
def program(*command: str, url: str, **env: str) -> Iterator[subprocess.Popen[bytes]]:
    """`otklik …` as a process, ended with the block."""
    full = os.environ | {"DATABASE_URL": url, "OTKLIK_LOG_LEVEL": "ERROR"} | env
    child = subprocess.Popen([sys.executable, "-m", "launch", *command], env=full, stderr=subprocess.DEVNULL)
    try:
        yield child
    finally:
        child.kill()
        child.wait()


@contextmanager
def web(port: int, url: str, **env: str) -> Iterator[subprocess.Popen[bytes]]:
    with program("web", url=url, PORT=str(port), **env) as child:
        until(lambda: listens(port), "the web server listens")
        yield child


def listens(port: int) -> bool:
    with socket.socket() as sock:
        return sock.connect_ex(("127.0.0.1", port)) == 0


def ask(port: int, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, bytes]:
    """One request on a connection of its own; (0, b"") when the server hung up."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        return answer.status, answer.read()
    except (OSError, http.client.HTTPException):
        return 0, b""
    finally:
        connection.close()


def post_event(port: int, group_id: str, event: dict[str, Any]) -> tuple[int, bytes]:
    return ask(
        port, "POST", f"/hooks/vk/{group_id}", json.dumps(event), **{"Content-Type": "application/json"}
    )
