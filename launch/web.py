"""The web server: one ASGI process on a socket that it is given or takes itself."""

import asyncio
import socket

import uvicorn
from django.urls import get_resolver
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from launch import ports
from launch.environment import host, web_port
from launch.interpreter import collect_seldom, take_short_turns

# Open event streams of the desk never end by themselves; browsers reconnect.
GRACE_SECONDS = 2
# How long the head of a request may take and how large it may grow; uvicorn itself waits and reads without end.
HEAD_SECONDS = 15.0
LARGEST_HEAD = 64 * 1024


class Patient(HttpToolsProtocol):
    """HTTP with an end to patience: whoever connects and does not finish the head of a request is let go."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self._waiting: asyncio.TimerHandle | None = None
        self._came = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._wait()

    def data_received(self, data: bytes) -> None:
        if self._waiting is None and self.cycle is not None and self.cycle.response_complete:
            self._wait()
        super().data_received(data)
        self._came += len(data)
        if self._waiting is not None and self._came > LARGEST_HEAD:
            self.send_400_response("The head of the request is too large.")

    def on_headers_complete(self) -> None:
        self._forget()
        super().on_headers_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        self._forget()
        super().connection_lost(exc)

    def _wait(self) -> None:
        self._came = 0
        self._waiting = self.loop.call_later(HEAD_SECONDS, self.transport.close)

    def _forget(self) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None


def serve(*, fd: int | None = None) -> None:
    """Serve until SIGTERM or Ctrl-C; `fd` is a listening socket inherited from the supervisor."""
    sock = socket.socket(fileno=fd) if fd is not None else ports.listen(host(), web_port(), variable="PORT")
    config = uvicorn.Config(
        "config.asgi:application",
        http=Patient,
        ws="none",
        lifespan="off",
        access_log=False,
        log_level="warning",
        server_header=False,
        proxy_headers=True,
        timeout_graceful_shutdown=GRACE_SECONDS,
        backlog=2048,
    )
    config.load()
    # What every page needs is loaded before the first one asks for it, and is no garbage to look through.
    get_resolver().url_patterns  # noqa: B018
    collect_seldom()
    take_short_turns()
    uvicorn.Server(config).run(sockets=[sock])
