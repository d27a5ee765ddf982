"""Running the simulator: in the foreground, or in a thread beside a test or a demonstration."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TypeVar

import uvicorn

from netsim.app import create_app
from netsim.settings import Settings
from netsim.web.hub import Hub
from netsim.world import World

Result = TypeVar("Result")
START_SECONDS = 20


def bind(settings: Settings) -> tuple[socket.socket, Settings]:
    """A listening socket, and the settings with the port and address it got."""
    # The protocol is named so that asyncio turns Nagle's delay off; with 0 each answer waits 40 ms for an ACK.
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((settings.host, settings.port))
    port = listener.getsockname()[1]
    shown = "127.0.0.1" if settings.host in {"0.0.0.0", "::"} else settings.host  # noqa: S104 - compared, not bound
    return listener, replace(settings, port=port, base_url=settings.base_url or f"http://{shown}:{port}")


def _server(settings: Settings) -> tuple[uvicorn.Server, Hub]:
    app = create_app(settings)
    config = uvicorn.Config(
        app, log_level="warning", access_log=False, timeout_graceful_shutdown=2, ws="none"
    )
    return uvicorn.Server(config), app.state.hub


def run(settings: Settings, started: Callable[[str], None] = lambda url: None) -> None:
    """Serve until interrupted; `started` is told the address."""
    listener, settings = bind(settings)
    server, _ = _server(settings)
    started(settings.base_url)
    server.run(sockets=[listener])


@dataclass(slots=True)
class Running:
    """A simulator in a thread of its own; its world may only be touched through `call`."""

    url: str
    hub: Hub
    loop: asyncio.AbstractEventLoop

    def call(self, deed: Callable[[World], Result]) -> Result:
        """Do something with the world inside the simulator's thread."""

        async def inside() -> Result:
            return deed(self.hub.world)

        return asyncio.run_coroutine_threadsafe(inside(), self.loop).result(START_SECONDS)


@contextmanager
def running(settings: Settings | None = None) -> Iterator[Running]:
    """A simulator in a thread while the block runs, on a free port of 127.0.0.1 unless told otherwise."""
    listener, settings = bind(settings or Settings())
    server, hub = _server(settings)
    ready: list[asyncio.AbstractEventLoop] = []
    up = threading.Event()

    async def serve() -> None:
        ready.append(asyncio.get_running_loop())
        served = asyncio.create_task(server.serve(sockets=[listener]))
        while not server.started and not served.done():
            await asyncio.sleep(0.005)
        up.set()
        await served

    thread = threading.Thread(target=lambda: asyncio.run(serve()), name="netsim", daemon=True)
    thread.start()
    if not up.wait(START_SECONDS) or not server.started:
        raise RuntimeError("the simulator did not start")
    try:
        yield Running(settings.base_url, hub, ready[0])
    finally:
        server.should_exit = True
        thread.join(START_SECONDS)
        listener.close()
