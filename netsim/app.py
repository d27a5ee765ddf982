"""The simulator as an ASGI application."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from netsim import control, pages
from netsim.api.answer import Limiter
from netsim.clock import Clock
from netsim.delivery.dispatcher import Dispatcher
from netsim.delivery.longpoll import LongPoll
from netsim.faults import Faults
from netsim.settings import Settings
from netsim.web import files
from netsim.web.hub import Hub, hub_of
from netsim.web.method import method
from netsim.world import World, open_world

# How often postponed posts are looked at, seconds.
CLOCK = 1.0


class BaseUrl:
    """Learns the simulator's own address from the first request, when no setting tells it."""

    def __init__(self, app: ASGIApp, world: World) -> None:
        self.app = app
        self.world = world

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and not self.world.base_url:
            self.world.base_url = str(Request(scope).base_url).rstrip("/")
        await self.app(scope, receive, send)


async def _publish_postponed(hub: Hub) -> None:
    while True:
        # However fast the clock runs, looking has its price.
        await asyncio.sleep(max(hub.clock.true_seconds(CLOCK), 0.05))
        hub.world.publish_due()


async def health(request: Request) -> Response:
    """Whether the simulator stands, and how much it holds."""
    world = hub_of(request).world
    return JSONResponse({"ok": True, "communities": len(world.communities), "users": len(world.users)})


def make_hub(settings: Settings) -> Hub:
    """The parts of a simulator, not yet running."""
    clock = Clock(settings.speed)
    world = open_world(settings.data, base_url=settings.base_url.rstrip("/"))
    world.clock = clock
    faults = Faults(settings.seed)
    dispatcher = Dispatcher(world, settings, faults, clock)
    return Hub(settings, world, faults, Limiter(settings.rps, clock), dispatcher, LongPoll(world), clock)


def create_app(settings: Settings | None = None) -> Starlette:
    """The application; its parts are at `app.state.hub`, its world at `app.state.world`."""
    hub = make_hub(settings or Settings())

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        hub.world.journal.start()
        await hub.dispatcher.start()
        ticking = asyncio.create_task(_publish_postponed(hub))
        try:
            yield
        finally:
            ticking.cancel()
            await hub.dispatcher.stop()
            hub.world.journal.close()

    app = Starlette(
        routes=[
            Route("/method/{name}", method, methods=["GET", "POST"]),
            Route("/upload/{purpose}", files.upload, methods=["POST"]),
            Route("/img/{name}", files.image),
            Route("/lp/{group_id:int}", files.longpoll, methods=["GET", "POST"]),
            Route("/healthz", health),
            Mount("/sim", routes=control.routes()),
            *pages.routes(),
        ],
        lifespan=lifespan,
    )
    app.add_middleware(BaseUrl, world=hub.world)
    app.state.hub = hub
    app.state.world = hub.world
    return app
