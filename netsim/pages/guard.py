"""What stands before every page: known hosts, bodies of a sane size, no foreign code."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from netsim.pages.pictures import PHOTO_BYTES, PHOTOS_LIMIT
from netsim.pages.render import problem_page
from netsim.pages.visitor import Problem, visit_of
from netsim.web.hub import Hub, hub_of

# Photos, and a text of the greatest length written as percent-encoded Cyrillic, with the form around it.
BODY_LIMIT = PHOTOS_LIMIT * PHOTO_BYTES + 256 * 1024

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
        " form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "X-Robots-Tag": "noindex, nofollow",
}


def host_of(value: str) -> str:
    """The name in a Host header, without the port."""
    try:
        return (urlsplit(f"//{value}").hostname or "").rstrip(".")
    except ValueError:
        return ""


def is_loopback(host: str) -> bool:
    """Whether the name can only mean this machine."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def admitted(hub: Hub, request: Request) -> bool:
    """Loopback only, unless `base_url` names another host or `open_control` opens the simulator to everybody.

    The name is checked beside the address: a foreign site that resolves its name to 127.0.0.1 is not us.
    """
    if hub.settings.open_control:
        return True
    host = host_of(request.headers.get("host", ""))
    public = host_of(urlsplit(hub.settings.base_url).netloc)
    if public and not is_loopback(public) and host == public:
        return True
    return is_loopback(host) and hub.is_local(request)


class TooMuchError(Exception):
    """The body grew beyond the limit while it was read."""


def _measured(receive: Receive) -> Receive:
    taken = 0

    async def counted() -> Message:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        if taken > BODY_LIMIT:
            raise TooMuchError
        return message

    return counted


def _shield(request: Request, send: Send) -> Send:
    async def protected(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers[name] = value
            kept = request.url.path.startswith("/static/")
            headers.setdefault("Cache-Control", "no-cache" if kept else "no-store")
        await send(message)

    return protected


class Guard:
    """ASGI middleware around the pages."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request = Request(scope)
        shielded = _shield(request, send)
        refused = self._refusal(hub_of(request), request)
        if refused is not None:
            await refused(scope, receive, shielded)
            return
        try:
            # A form is read whole before anything is answered, so the refusal is always the first word.
            await self.app(scope, _measured(receive), shielded)
        except TooMuchError:
            await too_much(request)(scope, receive, shielded)

    @staticmethod
    def _refusal(hub: Hub, request: Request) -> Response | None:
        if not admitted(hub, request):
            return PlainTextResponse("Unknown host", 403)
        length = Headers(scope=request.scope).get("content-length", "0")
        if length.isdecimal() and int(length) > BODY_LIMIT:
            return too_much(request)
        return None


def too_much(request: Request) -> Response:
    """The page that says how much may be sent; the connection ends, the rest of the body is not read."""
    response = problem_page(visit_of(request), Problem("too_much", status=413))
    response.headers["Connection"] = "close"
    return response
