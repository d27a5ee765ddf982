"""Reading the body of a request with an end to its size and to patience.

Without both, one caller could fill the memory of the process or hold its connections for ever.
"""

import asyncio
import io
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from django.core.exceptions import RequestAborted

# Forms and events are far smaller; nothing is uploaded to Otklik yet.
LARGEST_BODY = 3_000_000
BODY_SECONDS = 20.0
CLOSE = (b"Connection", b"close")


class SlowBody(Exception):
    """Тело запроса не пришло за отведённое время."""


class Body(io.BytesIO):
    """The body of a request; `cut` when there was more of it than anything of ours takes."""

    cut = False


async def read_body(receive: Callable[[], Awaitable[MutableMapping[str, Any]]]) -> Body:
    """The body within BODY_SECONDS; what is longer than LARGEST_BODY is cut, so whoever reads it refuses it.

    Raises RequestAborted, SlowBody.
    """
    body = Body()
    try:
        async with asyncio.timeout(BODY_SECONDS):
            while not body.cut:
                message = await receive()
                if message["type"] == "http.disconnect":
                    raise RequestAborted
                body.write(message.get("body", b""))
                if not message.get("more_body", False):
                    break
                body.cut = body.tell() > LARGEST_BODY
    except TimeoutError as error:
        raise SlowBody from error
    body.seek(0)
    return body
