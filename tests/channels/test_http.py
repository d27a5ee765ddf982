"""What the one module that touches the network makes of everything that can happen to a request."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from otklik.channels import http
from otklik.channels.base import NetworkFailure
from otklik.channels.vk.api import Api

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


@contextmanager
def server(answer: Callable[[socket.socket], None]) -> Iterator[str]:
    """One connection on a port of its own, answered as told."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        peer, _address = listener.accept()
        with peer:
            peer.recv(65536)
            answer(peer)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        listener.close()
        thread.join(5)
        http.close()


def test_no_other_module_of_channels_knows_the_http_library() -> None:
    folder = Path(http.__file__).parent
    knowing = [path.name for path in folder.rglob("*.py") if "import httpx" in path.read_text()]
    assert knowing == ["http.py"]


def test_an_answer() -> None:
    with server(lambda peer: peer.sendall(OK)) as url:
        assert http.call(url, {"a": "b"}) == (200, b"ok")


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (b"", "lost_response"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\npart", "lost_response"),
        (b"nonsense\r\n\r\n", "lost_response"),
        (b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n", "server_error"),
    ],
)
def test_after_the_request_went_out_the_outcome_is_lost(answer: bytes, reason: str) -> None:
    with server(lambda peer: peer.sendall(answer)) as url, pytest.raises(NetworkFailure) as failed:
        http.call(url, {"a": "b"})
    assert (failed.value.reason, failed.value.lost, failed.value.permanent) == (reason, True, False)


def test_a_silent_server_is_a_lost_outcome() -> None:
    hold = threading.Event()
    with server(lambda peer: hold.wait(5) and None) as url:
        with pytest.raises(NetworkFailure) as failed:
            http.call(url, {"a": "b"}, read_seconds=0.2)
        hold.set()
    assert (failed.value.reason, failed.value.lost) == ("timeout", True)


def test_nobody_there_means_nothing_was_sent() -> None:
    with pytest.raises(NetworkFailure) as failed:
        http.call("http://127.0.0.1:9/", {"a": "b"})
    assert (failed.value.reason, failed.value.lost) == ("no_connection", False)


def test_too_many_requests_say_when_to_come_back() -> None:
    answer = b"HTTP/1.1 429 Too Many\r\nRetry-After: 7\r\nContent-Length: 0\r\n\r\n"
    with server(lambda peer: peer.sendall(answer)) as url, pytest.raises(NetworkFailure) as failed:
        http.call(url, {"a": "b"})
    assert (failed.value.reason, failed.value.wait, failed.value.lost) == ("too_fast", 7.0, False)


def test_an_endless_body_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "MAX_BODY_BYTES", 10)
    answer = b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n" + b"x" * 50
    with (
        server(lambda peer: peer.sendall(answer)) as url,
        pytest.raises(NetworkFailure, match="body_too_large"),
    ):
        http.call(url)


@pytest.mark.parametrize("body", [b"", b"{", b"[1]", b'{"answer":1}', b"[" * 100_000, b'"\xff"'])
def test_a_body_of_vk_that_cannot_be_read_is_a_lost_outcome(body: bytes) -> None:
    answer = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body)
    with server(lambda peer: peer.sendall(answer)) as url, pytest.raises(NetworkFailure) as failed:
        Api(url, "vk1.a.secret", kind="community").call("wall.createComment", post_id=1)
    assert (failed.value.reason, failed.value.lost) == ("broken_response", True)
    assert (failed.value.method, failed.value.key_kind) == ("wall.createComment", "community")


def test_the_key_travels_in_a_header_and_shows_nowhere() -> None:
    seen: list[bytes] = []

    def answer(peer: socket.socket) -> None:
        peer.sendall(b'HTTP/1.1 200 OK\r\nContent-Length: 14\r\n\r\n{"response":1}')

    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        peer, _address = listener.accept()
        with peer:
            while not b"".join(seen).endswith(b"v=5.199"):
                seen.append(peer.recv(65536))
            answer(peer)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    api = Api(f"http://127.0.0.1:{listener.getsockname()[1]}", "vk1.a.secret")
    assert api.call("users.get", user_ids=[1, 2], extended=True, skipped=None) == 1
    thread.join(5)
    listener.close()
    http.close()
    head, _, body = b"".join(seen).partition(b"\r\n\r\n")
    assert b"Authorization: Bearer vk1.a.secret" in head
    assert b"secret" not in head.split(b"\r\n")[0]
    assert body == b"user_ids=1%2C2&extended=1&v=5.199"
    assert "secret" not in repr(api)
