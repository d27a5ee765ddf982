"""The ASGI entry point: callbacks of networks and pages of people, each with threads of their own."""

import os
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from otklik.common.asgi import ThreadedHandler  # noqa: E402  the handler needs the settings

HOOKS = "/hooks/"
# A flood of slow pages must not keep the networks waiting, nor a flood of events the people.
_hooks = ThreadedHandler(threads=int(os.environ.get("OTKLIK_HOOK_THREADS", "8")), bare=True)
# Threads of one process take turns at one core: the more of them, the longer each page shares it with pages that came
# later. Three answered soonest in the bench of 400 people, eight latest; the fourth is for somebody's slow search.
_pages = ThreadedHandler(threads=int(os.environ.get("OTKLIK_WEB_THREADS", "4")))


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
    elif scope["path"].startswith(HOOKS):
        await _hooks(scope, receive, send)
    else:
        await _pages(scope, receive, send)
