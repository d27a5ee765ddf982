"""Serves Django's synchronous pages from an ASGI server with one hop between threads a request.

Django's own ASGI handler hops for every signal and for every old-style middleware and gives each request a thread
of its own, so a database connection lives as long as one request. Here a small pool of threads keeps its
connections, as a WSGI server would, and the event loop stays free for streams.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from typing import IO, Any

from django.core import signals
from django.core.exceptions import RequestAborted
from django.core.handlers.asgi import ASGIHandler, get_script_prefix
from django.core.handlers.exception import convert_exception_to_response
from django.db import connections
from django.http import StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.urls import set_script_prefix

from otklik.common.bodies import CLOSE, SlowBody, allowance_of, read_body

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


class ThreadedHandler(ASGIHandler):
    """An ASGI application over the synchronous middleware chain; `threads` requests are worked on at once."""

    def __init__(self, threads: int, *, bare: bool = False) -> None:
        """`bare` leaves out all middleware: for machines, which have no session, language or form to look after."""
        self._bare = bare
        super().__init__()
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="hook" if bare else "page")

    def load_middleware(self, is_async: bool = False) -> None:
        if not self._bare:
            super().load_middleware(is_async=False)
            return
        nothing: list[Any] = []
        self._view_middleware = self._template_response_middleware = self._exception_middleware = nothing
        self._middleware_chain = convert_exception_to_response(self._get_response)  # type: ignore[attr-defined]

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        try:
            body = await read_body(receive, allowance_of(scope))
        except RequestAborted:
            return
        except SlowBody:
            await send({"type": "http.response.start", "status": 408, "headers": [CLOSE]})
            await send({"type": "http.response.body", "body": b""})
            return
        loop = asyncio.get_running_loop()
        response, chunks = await loop.run_in_executor(self._threads, self._answer, scope, body)
        headers = [*_headers(response), CLOSE] if body.cut else _headers(response)
        await send({"type": "http.response.start", "status": response.status_code, "headers": headers})
        if chunks is None:
            await _until_gone(receive, self._stream(response, send))
            return
        for chunk in chunks:
            await send({"type": "http.response.body", "body": chunk, "more_body": True})
        await send({"type": "http.response.body", "body": b""})

    def _answer(self, scope: Any, body: IO[bytes]) -> tuple[HttpResponseBase, list[bytes] | None]:
        """The response with its body, or without one when it is a stream for the event loop to carry on."""
        with body:
            set_script_prefix(get_script_prefix(scope))
            signals.request_started.send(sender=self.__class__, scope=scope)
            if self._bare:
                # A second round trip for every event costs more than an event sent again after a lost connection.
                for each in connections.all(initialized_only=True):
                    each.health_check_done = True  # type: ignore[attr-defined]
            request, refusal = self.create_request(scope, body)
            if request is not None:
                request.body_was_cut = getattr(body, "cut", False)  # type: ignore[attr-defined]
            response: HttpResponseBase = refusal if request is None else self.get_response(request)  # type: ignore[assignment]
            # Closing sends `request_finished` in this very thread: that is what looks after its connection.
            response._handler_class = self.__class__  # type: ignore[attr-defined]
            if isinstance(response, StreamingHttpResponse) and response.is_async:
                return response, None
            try:
                return response, list(response)
            finally:
                response.close()

    async def _stream(self, response: HttpResponseBase, send: Send) -> None:
        chunks: AsyncIterator[bytes] = aiter(response)  # type: ignore[arg-type]
        try:
            async for chunk in chunks:
                await send({"type": "http.response.body", "body": chunk, "more_body": True})
            await send({"type": "http.response.body", "body": b""})
        finally:
            response.close()


async def _until_gone(receive: Receive, work: Coroutine[Any, Any, None]) -> None:
    """Do the work until it ends or the other side goes away."""
    working, going = asyncio.ensure_future(work), asyncio.ensure_future(_gone(receive))
    try:
        await asyncio.wait({working, going}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        working.cancel()
        going.cancel()
        await asyncio.gather(working, going, return_exceptions=True)


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _headers(response: HttpResponseBase) -> list[tuple[bytes, bytes]]:
    headers = [(name.encode("ascii"), value.encode("latin1")) for name, value in response.items()]
    cookies = [(b"Set-Cookie", morsel.OutputString().encode("ascii")) for morsel in response.cookies.values()]
    return headers + cookies
