"""What stands before every page: known hosts only, bodies of a sane size, and a policy that runs no foreign code."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from netsim.web.hub import Hub, hub_of

PHOTOS_LIMIT = 5
PHOTO_BYTES = 10 * 1024 * 1024
# Photos, and a text of the greatest length written as percent-encoded Cyrillic, with the form around it.
BODY_LIMIT = PHOTOS_LIMIT * PHOTO_BYTES + 256 * 1024

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self';"
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
    return (is_loopback(host) or host == "testserver") and hub.is_local(request)


class TooMuchError(Exception):
    """The body grew beyond the limit while it was read."""


class Guard:
    """ASGI middleware around the pages."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope)
        refused = self._refusal(hub_of(request), request)
        if refused is not None:
            await refused(scope, receive, send)
            return
        taken, started = 0, False

        async def counted() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > BODY_LIMIT:
                raise TooMuchError
            return message

        async def protected(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers[name] = value
                headers.setdefault("Cache-Control", "no-store")
            await send(message)

        try:
            await self.app(scope, counted, protected)
        except TooMuchError:
            if not started:
                await self._too_much()(scope, receive, send)

    def _refusal(self, hub: Hub, request: Request) -> Response | None:
        if not admitted(hub, request):
            return PlainTextResponse("Unknown host", 403)
        length = Headers(scope=request.scope).get("content-length", "0")
        if length.isdecimal() and int(length) > BODY_LIMIT:
            return self._too_much()
        return None

    @staticmethod
    def _too_much() -> Response:
        return PlainTextResponse("Слишком большой файл: до 10 МБ на фотографию, до пяти фотографий.", 413)
