"""Long answers a piece at a time: neither the whole file in memory nor a thread held for a slow reader."""

from collections.abc import AsyncIterator, Iterator

from asgiref.sync import sync_to_async
from django.core.handlers.asgi import ASGIRequest
from django.db import connections
from django.http import HttpRequest, StreamingHttpResponse


def streamed(request: HttpRequest, pieces: Iterator[str], content_type: str) -> StreamingHttpResponse:
    """A response of the pieces, each made when the one before it has gone out."""
    body = _aside(pieces) if isinstance(request, ASGIRequest) else pieces
    return StreamingHttpResponse(body, content_type=content_type)


async def _aside(pieces: Iterator[str]) -> AsyncIterator[str]:
    while (piece := await sync_to_async(_next, thread_sensitive=False)(pieces)) is not None:
        yield piece


def _next(pieces: Iterator[str]) -> str | None:
    # A thread of the loop's pool sees no end of a request, at which Django would look after its connection.
    try:
        return next(pieces, None)
    finally:
        connections.close_all()
