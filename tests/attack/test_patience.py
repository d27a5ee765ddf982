"""Callers who send too much, too slowly or nothing at all: the web server lets them go and serves the others."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator

import pytest

from tests.attack import places

HEAD = b"POST /desk/views/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\n"
IMPATIENT = """
from launch import web
from otklik.common import bodies
web.HEAD_SECONDS = bodies.BODY_SECONDS = 1.0
web.serve()
"""


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """A web server that waits a second for what it should wait longer for; it needs no database here."""
    number = places.free_port()
    env = os.environ | {"PORT": str(number), "DJANGO_SETTINGS_MODULE": "config.settings"}
    with subprocess.Popen([sys.executable, "-c", IMPATIENT], env=env, stderr=subprocess.DEVNULL) as child:
        try:
            places.until(lambda: places.listens(number), "the web server listens")
            yield number
        finally:
            child.kill()


def _send(port: int, *parts: bytes) -> bytes:
    """Send, then read until the server hangs up: without that there is no answer to be had."""
    with socket.create_connection(("127.0.0.1", port), timeout=30) as sock:
        try:
            for part in parts:
                sock.sendall(part)
        except (BrokenPipeError, ConnectionResetError):
            pass  # let go in the middle of it
        said = b""
        try:
            while more := sock.recv(65536):
                said += more
        except ConnectionResetError:
            pass
        return said


def test_whoever_only_connects_is_let_go(port: int) -> None:
    assert _send(port) == b""


def test_whoever_never_ends_the_head_is_let_go(port: int) -> None:
    assert _send(port, b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nX-A: b\r\n") == b""


def test_the_same_on_a_connection_that_was_used_before(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=30) as sock:
        sock.sendall(b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        assert b" 200 " in sock.recv(65536)
        sock.sendall(b"GET /healthz HTTP/1.1\r\nX-Slow: ")
        rest = b"".join(iter(lambda: sock.recv(65536), b""))
    assert b"HTTP/1.1" not in rest


def test_a_head_without_end_is_refused(port: int) -> None:
    assert b" 400 " in _send(port, b"GET / HTTP/1.1\r\n", *[b"X-A: " + b"b" * 1000 + b"\r\n"] * 200)[:20]


def test_a_body_that_does_not_come_is_not_waited_for(port: int) -> None:
    said = _send(port, HEAD + b"Content-Length: 100\r\n\r\nname=")
    assert said.startswith(b"HTTP/1.1 408")
    assert b"connection: close" in said.lower()


@pytest.mark.parametrize("path", ["/desk/views/", "/desk/stream", "/healthz"])
def test_a_body_without_end_is_cut(port: int, path: str) -> None:
    """In pieces of unknown number, so that no length warns of it; ten times what is taken at all."""
    piece = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"
    head = HEAD.replace(b"/desk/views/", path.encode()) + b"Transfer-Encoding: chunked\r\n\r\n"
    said = _send(port, head, *[piece] * 480)
    assert not said or b"connection: close" in said.lower()
    assert b" 200 " in _send(port, b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")


def test_no_other_protocol_is_spoken(port: int) -> None:
    upgrade = b"GET /desk/ HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
    keys = b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
    assert b" 101 " not in _send(port, upgrade + keys)[:20]
