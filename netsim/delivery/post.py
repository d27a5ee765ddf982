"""One HTTP POST of an event, over connections that are kept.

Written on asyncio streams and httptools: a general client costs four times the processor time of the whole
rest of
a delivery, and a burst of comments must leave faster than a connector can take it.
"""

from __future__ import annotations

import asyncio
import json
import ssl
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

import httptools

from netsim.world.entities import Json

# A server may ask to wait, but not longer than three hours.
LONGEST_WAIT = 3 * 3600
ANSWER_LIMIT = 4096
CHUNK = 65_536
Place = tuple[str, int, bool]
Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@dataclass(slots=True)
class Reply:
    """What a callback server answered; status 0 means nothing came."""

    status: int
    text: str = ""
    retry_after: float | None = None

    @property
    def ok(self) -> bool:
        """Whether the event counts as delivered."""
        return self.status == 200 and self.text == "ok"


@dataclass(slots=True)
class _Answer:
    """What the parser tells of one answer."""

    body: bytes = b""
    headers: dict[bytes, bytes] = field(default_factory=dict)
    done: bool = False
    begun: bool = False

    def ends_with_connection(self) -> bool:
        """Whether a closed connection is how this answer ends (no length was given)."""
        return self.begun and not {b"content-length", b"transfer-encoding"} & self.headers.keys()

    def on_headers_complete(self) -> None:
        self.begun = True

    def on_header(self, name: bytes, value: bytes) -> None:
        self.headers[name.lower()] = value

    def on_body(self, part: bytes) -> None:
        if len(self.body) < ANSWER_LIMIT:
            self.body += part

    def on_message_complete(self) -> None:
        self.done = True


class Postman:
    """Sends events; how many connections are open at once is the caller's care."""

    def __init__(self, *, timeout: float) -> None:
        self._timeout = timeout
        self._idle: dict[Place, list[Streams]] = defaultdict(list)
        self._tls = ssl.create_default_context()

    async def post(self, url: str, body: Json, attempt: int) -> Reply:
        """Send a body; the number of a repeat goes into X-Retry-Counter. Trouble of any kind is a status of
        0."""
        try:
            place, request = _request(url, json.dumps(body).encode(), attempt)
            async with asyncio.timeout(self._timeout):
                return await self._exchange(place, request)
        except (OSError, EOFError, ValueError, TimeoutError, httptools.HttpParserError):
            return Reply(0)

    async def _exchange(self, place: Place, request: bytes) -> Reply:
        while self._idle[place]:
            streams = self._idle[place].pop()
            # A kept connection may have been closed by the other side; that costs nothing but a new one.
            if streams[0].at_eof() or streams[1].is_closing():
                streams[1].close()
                continue
            try:
                return await self._ask(place, streams, request)
            except (ConnectionError, EOFError):
                continue
        host, port, secure = place
        opened = await asyncio.open_connection(host, port, ssl=self._tls if secure else None)
        return await self._ask(place, opened, request)

    async def _ask(self, place: Place, streams: Streams, request: bytes) -> Reply:
        reader, writer = streams
        answer, keep = _Answer(), False
        parser = httptools.HttpResponseParser(answer)
        try:
            writer.write(request)
            while not answer.done:
                part = await reader.read(CHUNK)
                if not part and not answer.ends_with_connection():
                    raise EOFError
                if not part:
                    break
                parser.feed_data(part)
            keep = parser.should_keep_alive()
        finally:
            if keep:
                self._idle[place].append(streams)
            else:
                writer.close()
        return _reply(parser.get_status_code(), answer)

    async def close(self) -> None:
        """Close the connections."""
        for streams in self._idle.values():
            for _, writer in streams:
                writer.close()
        self._idle.clear()


def _request(url: str, body: bytes, attempt: int) -> tuple[Place, bytes]:
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError(url)
    secure = parts.scheme == "https"
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    lines = [
        f"POST {target} HTTP/1.1",
        f"Host: {parts.netloc.rpartition('@')[2]}",
        "User-Agent: VK Callback",
        "Content-Type: application/json",
        f"Content-Length: {len(body)}",
    ]
    if attempt:
        lines.append(f"X-Retry-Counter: {attempt}")
    head = "\r\n".join(lines) + "\r\n\r\n"
    return (parts.hostname, parts.port or (443 if secure else 80), secure), head.encode("ascii") + body


def _reply(status: int, answer: _Answer) -> Reply:
    text = answer.body[:ANSWER_LIMIT].decode("utf-8", "replace").strip()
    wait = answer.headers.get(b"retry-after")
    waits = status in {410, 429, 503} and wait is not None
    return Reply(status, text, seconds(wait.decode("latin-1")) if waits and wait else None)


def seconds(header: str) -> float | None:
    """Retry-After as seconds, given as a number or as a date; None when it is neither or too long."""
    if header.isdecimal():
        wait = float(header)
    else:
        try:
            wait = (parsedate_to_datetime(header) - datetime.now(UTC)).total_seconds()
        except (ValueError, TypeError):
            return None
    return max(wait, 0.0) if wait < LONGEST_WAIT else None
