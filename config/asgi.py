"""The ASGI entry point: streams go to Django's asynchronous handler, everything else to a pool of threads."""

import os
from typing import Any

import django
from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from otklik.common.asgi import ThreadedHandler  # noqa: E402  the handler needs the settings

STREAMS = frozenset({"/desk/stream"})
_streams = get_asgi_application()
_pages = ThreadedHandler(threads=int(os.environ.get("OTKLIK_WEB_THREADS", "8")))


async def _lifespan(receive: Any, send: Any) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return


async def application(scope: Any, receive: Any, send: Any) -> None:
    """Route one connection by its path."""
    if scope["type"] == "lifespan":
        await _lifespan(receive, send)
    elif scope["path"] in STREAMS:
        await _streams(scope, receive, send)
    else:
        await _pages(scope, receive, send)
