"""What every address needs: the world, the worker, the faults. One hub per running simulator."""

from __future__ import annotations

import asyncio
import ipaddress
import json
from dataclasses import dataclass, field

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send

from netsim.api.answer import Limiter
from netsim.clock import Clock
from netsim.delivery.dispatcher import Dispatcher
from netsim.delivery.longpoll import LongPoll
from netsim.faults import Faults, Rule
from netsim.settings import Settings
from netsim.world import World


@dataclass(slots=True)
class Hub:
    """The parts of a running simulator."""

    settings: Settings
    world: World
    faults: Faults
    limiter: Limiter
    dispatcher: Dispatcher
    longpoll: LongPoll
    clock: Clock
    calls: dict[str, int] = field(default_factory=dict)
    # API errors that were answered, by their number: 6 tells that somebody kept to no limit.
    errors: dict[int, int] = field(default_factory=dict)

    def is_local(self, request: Request) -> bool:
        """Whether the request may use the control addresses."""
        if self.settings.open_control:
            return True
        host = request.client.host if request.client else ""
        try:
            return ipaddress.ip_address(host).is_loopback
        except ValueError:
            return host in {"", "testclient", "localhost"}


def hub_of(request: Request) -> Hub:
    """The hub behind a request."""
    hub = request.app.state.hub
    assert isinstance(hub, Hub)
    return hub


class Answer(JSONResponse):
    """JSON in plain ASCII, so that lone surrogates and other hostile texts go out as they came in."""

    def render(self, content: object) -> bytes:
        """The body."""
        return json.dumps(content, separators=(",", ":")).encode("ascii")


class CutShort(Response):
    """An answer that breaks off: the client sees the connection closed in the middle."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = [(b"content-type", b"application/json"), (b"content-length", b"4096")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b'{"respon', "more_body": True})


async def trouble(rule: Rule) -> Response | None:
    """The answer of a rule that strikes before the deed; None when it lets the deed happen."""
    if rule.what == "http":
        return Response("<html><body>Bad Gateway</body></html>", rule.status or 502, media_type="text/html")
    if rule.what == "timeout":
        await asyncio.sleep(rule.delay)
        return Response("", rule.status or 504)
    if rule.what == "broken_json":
        return Response('{"response": {"items": [{"id": 1, "te', media_type="application/json")
    return None


def after(rule: Rule | None, body: object) -> Response:
    """The answer to a deed done, unless a rule loses it."""
    if rule is not None and rule.what in {"lost_response", "late"}:
        return Response("", rule.status) if rule.status else CutShort()
    return Answer(body)
