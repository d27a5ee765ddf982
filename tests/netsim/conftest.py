"""A running simulator, a small region in it, and a receiver of callbacks."""

from __future__ import annotations

import base64
import itertools
import json
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx
import pytest

from netsim.images import drawn
from netsim.server import Running, running
from netsim.settings import Settings

Json = dict[str, Any]
UNLIMITED = {"user": 0, "community": 0, "service": 0}
PNG = base64.b64encode(drawn("test", 40, 30)).decode()


@pytest.fixture(autouse=True)
def _sockets(socket_enabled: None) -> None:
    """These tests talk to servers of their own on this machine."""


@pytest.fixture(scope="session")
def simulator() -> Iterator[Running]:
    """One simulator without request limits, with waits a thousand times shorter."""
    with running(Settings(rps=dict(UNLIMITED), time_scale=0.001, callback_timeout=2.0)) as started:
        yield started


@dataclass
class Place:
    """A community with its tokens, and short ways to call the simulator."""

    url: str
    http: httpx.Client
    group: Json
    gid: int
    owner: int
    admin: int
    resident: int
    tokens: dict[str, str] = field(default_factory=dict)

    def sim(self, path: str, body: Any = None, method: str = "POST") -> Any:
        """Use a control address."""
        answer = self.http.request(method, f"/sim/{path}", json=body)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def act(self, verb: str, **body: Any) -> Any:
        """Do something as the resident, or as whom the body says."""
        return self.sim(f"act/{verb}", {"group_id": self.gid, "user_id": self.resident, **body})

    def look(self, what: str, **query: Any) -> Any:
        """Ask what the world knows."""
        return self.http.get(f"/sim/{what}", params=query).json()

    def post(self, text: str = "График отключения воды", **body: Any) -> int:
        """Publish as the community; the post's number comes back."""
        number: int = self.sim("posts", {"group_id": self.gid, "text": text, **body})["id"]
        return number

    def raw(self, name: str, token: str = "community", /, **params: Any) -> Json:
        """Call a method; the whole body comes back."""
        value = self.tokens.get(token, token)
        sent = {"v": "5.199", "access_token": value, **params}
        body: Json = self.http.post(
            f"/method/{name}", data={k: v for k, v in sent.items() if v is not None}
        ).json()
        return body

    def api(self, name: str, token: str = "community", /, **params: Any) -> Any:
        """Call a method; what stands under `response` comes back."""
        body = self.raw(name, token, **params)
        assert "response" in body, body
        return body["response"]

    def error(self, name: str, token: str = "community", /, **params: Any) -> int:
        """Call a method that must be refused; the code comes back."""
        body = self.raw(name, token, **params)
        assert "error" in body, body
        code: int = body["error"]["error_code"]
        return code


NUMBERS = itertools.count(1)


def settle(url: str) -> Place:
    """A fresh community in a running simulator."""
    # Nothing here is encrypted, and reading the list of authorities costs more than a test.
    http = httpx.Client(base_url=url, timeout=20, trust_env=False, verify=False)
    n = next(NUMBERS)
    admin, resident = 900_000_000 + n, 100_000_000 + n
    http.post("/sim/users", json=[
        {"id": admin, "first_name": "Анна", "last_name": "Админова", "sex": 1},
        {"id": resident, "first_name": "Иван", "last_name": "Жителев", "sex": 2, "city": "Бердск"},
    ])  # fmt: skip
    group = http.post("/sim/communities", json={
        "name": f"Администрация {n}", "screen_name": f"adm_{n}", "description": "Официальная страница",
        "verified": 1, "members_count": 15_234, "admins": [admin], "site": "https://adm.example",
        "links": [{"url": "https://adm.example", "text": "Официальный сайт"}],
        "contacts": [{"user_id": admin, "desc": "Администратор"}],
    }).json()  # fmt: skip
    place = Place(url, http, group, group["id"], -group["id"], admin, resident)
    for kind in ("community", "user", "service"):
        about = {"group_id": group["id"], "user_id": admin}
        place.tokens[kind] = place.sim("tokens", {"kind": kind, **about})["value"]
    return place


@pytest.fixture
def place(simulator: Running) -> Iterator[Place]:
    """A fresh community in the common simulator."""
    made = settle(simulator.url)
    yield made
    made.sim("faults", method="DELETE")
    made.http.close()


@dataclass
class Receiver:
    """A callback server: what came, and what it answers."""

    url: str
    code: str = ""
    got: list[Json] = field(default_factory=list)
    tries: list[tuple[str, str | None]] = field(default_factory=list)
    answers: list[tuple[int, str, dict[str, str]]] = field(default_factory=list)

    def answer(self, body: Json) -> tuple[int, str, dict[str, str]]:
        """The confirmation string, then the prepared answers, then `ok` for ever."""
        if body["type"] == "confirmation":
            return 200, self.code, {}
        return self.answers.pop(0) if self.answers else (200, "ok", {})


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A callback server on a free port."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            made.tries.append((body.get("event_id", ""), self.headers.get("X-Retry-Counter")))
            status, text, headers = made.answer(body)
            if status == 200 and text == "ok":
                made.got.append(body)
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(text.encode())))
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, format: str, *args: Any) -> None:
            """Silence."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    made = Receiver(f"http://127.0.0.1:{server.server_address[1]}/vk/callback")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield made
    server.shutdown()
    thread.join()
    server.server_close()


def until(true: Callable[[], Any], seconds: float = 10) -> Any:
    """Wait until something is true, and return it; a test that waits in vain fails here."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if found := true():
            return found
        time.sleep(0.01)
    raise AssertionError("waited in vain")


def listen(place: Place, receiver: Receiver, *events: str) -> int:
    """Register the receiver for some events (or for all) and wait for its confirmation."""
    receiver.code = place.api("groups.getCallbackConfirmationCode", group_id=place.gid)["code"]
    address = {"url": receiver.url, "title": "cur", "secret_key": "s3cr3tKey"}
    server: int = place.api("groups.addCallbackServer", group_id=place.gid, **address)["server_id"]
    known = place.api("groups.getCallbackSettings", group_id=place.gid, server_id=server)["events"]
    chosen = dict.fromkeys(events or known, 1)
    place.api(
        "groups.setCallbackSettings", group_id=place.gid, server_id=server, api_version="5.199", **chosen
    )
    until(lambda: place.look("servers", group_id=place.gid)["items"][-1]["status"] == "ok")
    return server
