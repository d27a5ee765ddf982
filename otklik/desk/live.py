"""One listener a process hears the database and tells every open stream of this process.

A stream costs a set and an event, no connection and no query. What a stream has not sent yet is merged: whoever is
slow gets fewer, larger events and never holds up the others.
"""

import asyncio
import json
import logging
import math
import signal
import threading
import time
from collections import deque
from collections.abc import AsyncIterator, Callable, Collection, Iterable
from dataclasses import dataclass, field
from types import FrameType
from typing import Any

import psycopg
from django.db import connections

from otklik.casework.announce import CHANNEL
from otklik.people.rules import Right
from otklik.registry.rules import Reach

log = logging.getLogger(__name__)

HEARTBEAT_SECONDS = 15.0
# Two events a second at most: faster than an eye follows a list, slow enough to merge a burst.
GAP_SECONDS = 0.5
MOST_IDS = 200
# A desk that hears of a change asks for its rows, and all that hear of it ask together: the more of them, the more
# seldom each, so that their questions never take more than a part of a core. A few desks see everything at once.
PAUSE_SECONDS, PAUSE_OF_A_DESK = 1.2, 0.2
# A page is drawn some tenths of a second before its stream opens; what happened meanwhile is told to it then. Of a page
# that is older than this nobody knows any more what it missed.
KEPT_SECONDS = 20.0
# Then the browser comes back and is asked for its login again.
LONGEST_SECONDS = 900.0
RECONNECT_SECONDS = (0.2, 0.5, 1.0, 2.0, 5.0)
KEEPALIVES = {"keepalives": 1, "keepalives_idle": 15, "keepalives_interval": 5, "keepalives_count": 3}

Row = tuple[int, int | None, int | None]


@dataclass(eq=False)
class Stream:
    """What one open desk has still to be told."""

    reach: Reach
    changed: set[int] = field(default_factory=set)
    here: set[int] = field(default_factory=set)
    notes: set[int] = field(default_factory=set)
    many: bool = False
    surges: bool = False
    account: int = 0
    mentioned: bool = False
    # How many desks of this process heard the last news that this one heard.
    heard_by: int = 1
    woken: asyncio.Event = field(default_factory=asyncio.Event)

    def tell(self, kind: str, rows: list[Row]) -> bool:
        """Remember what concerns this desk, and whether anything does; what lies outside its reach is not counted."""
        ids = {pk for pk, organization, page in rows if self._sees(organization, page)}
        if not ids:
            return False
        bucket: set[int] = {"here": self.here, "notes": self.notes}.get(kind, self.changed)
        bucket |= ids
        if len(self.changed) > MOST_IDS:
            self.tell_many()
        self.woken.set()
        return True

    def tell_many(self) -> None:
        """Too much to name: the desk looks at its queue again."""
        self.many = True
        self.changed.clear()
        self.woken.set()

    def tell_surges(self) -> None:
        """A burst began, or somebody has taken note of one: it concerns whoever sees the whole region."""
        if self.reach.where(Right.SEE_INCIDENTS)[0]:
            self.surges = True
            self.woken.set()

    def tell_mentioned(self, accounts: list[int]) -> None:
        """A note called somebody by name, or was read: the counter of this very person is another one."""
        if self.account in accounts:
            self.mentioned = True
            self.woken.set()

    def take(self) -> list[tuple[str, dict[str, Any]]]:
        """Everything to be sent now; the stream is empty after it."""
        events: list[tuple[str, dict[str, Any]]] = []
        if self.many:
            events.append(("many", {}))
        elif self.changed:
            pause = int(1000 * max(PAUSE_SECONDS, PAUSE_OF_A_DESK * self.heard_by))
            events.append(("changed", {"ids": sorted(self.changed), "pause": pause}))
        if self.here:
            events.append(("here", {"ids": sorted(self.here)[:MOST_IDS]}))
        if self.notes:
            events.append(("notes", {"ids": sorted(self.notes)[:MOST_IDS]}))
        if self.mentioned:
            events.append(("mentioned", {}))
        if self.surges:
            events.append(("surges", {}))
        self.many = self.surges = self.mentioned = False
        self.changed.clear()
        self.here.clear()
        self.notes.clear()
        self.woken.clear()
        return events

    def _sees(self, organization: int | None, page: int | None) -> bool:
        return self.reach.may(Right.SEE_INCIDENTS, organization=organization, page=page)


class Hub:
    """The listener of this process with its streams. It starts with the first stream and ends with the last."""

    def __init__(
        self, conninfo: Callable[[], dict[str, Any]], clock: Callable[[], float] = time.time
    ) -> None:
        self.conninfo, self.clock = conninfo, clock
        self.streams: set[Stream] = set()
        self.task: asyncio.Task[None] | None = None
        self.listening = asyncio.Event()
        self.closing = False
        # What was heard lately with its moment, and since when nothing is missing from it.
        self.recent: deque[tuple[float, dict[str, Any]]] = deque()
        self.whole_since = math.inf

    def close(self) -> None:
        """End every stream: the server wants to stop, and a stream would never end by itself."""
        self.closing = True
        for stream in self.streams:
            stream.woken.set()

    def join(self, reach: Reach, account: int = 0, since: float | None = None) -> Stream:
        """A new stream that hears from now on, or `since` that moment (seconds of the epoch)."""
        stream = Stream(reach, account=account)
        self.streams.add(stream)
        if since is not None:
            self._catch_up(stream, since)
        if self.task is None or self.task.done():
            self.listening.clear()
            self.task = asyncio.get_running_loop().create_task(self._listen(), name="desk-listener")
        return stream

    def leave(self, stream: Stream) -> None:
        """The desk has closed."""
        self.streams.discard(stream)
        if not self.streams and self.task is not None:
            self.task.cancel()
            self.task = None
            self.whole_since = math.inf

    def _catch_up(self, stream: Stream, since: float) -> None:
        self._forget()
        if self.whole_since == math.inf:
            return  # whoever waits for the listener is told to look when it hears
        if since < self.whole_since:
            stream.tell_many()
            return
        for at, told in self.recent:
            if at >= since:
                self._tell(told, {stream})

    def _forget(self) -> None:
        """Let go of what no page that has just been drawn can have missed."""
        ends = self.clock() - KEPT_SECONDS
        self.whole_since = max(self.whole_since, ends)
        while self.recent and self.recent[0][0] < ends:
            self.recent.popleft()

    async def _listen(self) -> None:
        """Hear the channel for ever; after every lost connection desks look again, for they may have missed much."""
        failures = 0
        while True:
            try:
                async for heard in self._heard():
                    failures = 0
                    self._spread(heard)
            except (psycopg.Error, OSError) as error:
                pause = RECONNECT_SECONDS[min(failures, len(RECONNECT_SECONDS) - 1)]
                log.warning(
                    "the desk's listener lost the database (%s), again in %s s", type(error).__name__, pause
                )
                self.listening.clear()
                self.whole_since = math.inf
                failures += 1
                await asyncio.sleep(pause)

    async def _heard(self) -> AsyncIterator[str]:
        async with await psycopg.AsyncConnection.connect(autocommit=True, **self.conninfo()) as connection:
            await connection.execute(f"listen {CHANNEL}")
            self.recent.clear()
            self.whole_since = self.clock()
            # Whoever joined while nobody listened may have missed something.
            for stream in self.streams:
                stream.tell_many()
            self.listening.set()
            async for notification in connection.notifies():
                yield notification.payload
        raise psycopg.OperationalError("the stream of notifications ended")

    def _spread(self, payload: str) -> None:
        try:
            told = json.loads(payload)
        except ValueError:
            return
        if not isinstance(told, dict):
            return
        self._forget()
        self.recent.append((self.clock(), told))
        self._tell(told, self.streams)

    def _tell(self, told: dict[str, Any], streams: Collection[Stream]) -> None:
        for name, tell in (("many", Stream.tell_many), ("surges", Stream.tell_surges)):
            for stream in streams if told.get(name) else ():
                tell(stream)
        for stream in streams:
            stream.tell_mentioned(told.get("mentioned", []))
        for kind in ("rows", "here", "notes"):
            rows = [(each[0], each[1], each[2]) for each in told.get(kind, []) if len(each) == 3]
            whom = _whom(kind, told, streams) if rows else ()
            told_to = [stream for stream in whom if stream.tell(kind, rows)]
            for stream in told_to if kind == "rows" else ():
                stream.heard_by = len(told_to)


def _whom(kind: str, told: dict[str, Any], streams: Collection[Stream]) -> Iterable[Stream]:
    """Who comes and goes at a card concerns those who are there; everything else whoever may see it."""
    if kind != "here":
        return streams
    there = set(told.get("to", []))
    return [stream for stream in streams if stream.account in there]


def conninfo() -> dict[str, Any]:
    """The address of the database for a connection of our own, outside Django's."""
    settings = connections["default"].settings_dict
    known = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
    address = {key: settings[name] for key, name in known.items() if settings.get(name)}
    options = {key: value for key, value in settings.get("OPTIONS", {}).items() if isinstance(value, str)}
    return {**KEEPALIVES, **options, **address, "application_name": "otklik-desk"}


_hubs: dict[int, Hub] = {}


def hub() -> Hub:
    """The hub of the running loop; a server has one loop, tests have many."""
    loop = asyncio.get_running_loop()
    for key in [key for key, known in _hubs.items() if known.task is not None and known.task.done()]:
        del _hubs[key]
    if id(loop) not in _hubs:
        _hubs[id(loop)] = Hub(conninfo)
        _close_on_signals(_hubs[id(loop)], loop)
    return _hubs[id(loop)]


def _close_on_signals(hub: Hub, loop: asyncio.AbstractEventLoop) -> None:
    """Hear the signals that stop the server before the server does, and let it do what it did.

    A server waits for its connections before it tells the application to end (lifespan comes too late), so without
    this every stop with an open desk would last as long as the server's patience.
    """
    if threading.current_thread() is not threading.main_thread():
        return
    for number in (signal.SIGTERM, signal.SIGINT):
        before = signal.getsignal(number)

        def heard(signum: int, frame: FrameType | None, before: Any = before) -> None:
            loop.call_soon_threadsafe(hub.close)
            if callable(before):
                before(signum, frame)

        if callable(before):
            signal.signal(number, heard)


async def events(
    reach: Reach, *, missed: bool, account: int = 0, since: float | None = None
) -> AsyncIterator[bytes]:
    """The body of one stream, as EventSource reads it. `missed`: it was open before and may have missed something.

    `since` is the moment of the page that it belongs to, in seconds of the epoch: what came later is told at once.
    """
    here = hub()
    stream = here.join(reach, account, since)
    if missed:
        stream.tell_many()
    number, ends = 0, time.monotonic() + LONGEST_SECONDS
    try:
        yield b"retry: 2000\n: hello\n\n"
        while not here.closing and time.monotonic() < ends:
            try:
                await asyncio.wait_for(stream.woken.wait(), HEARTBEAT_SECONDS)
            except TimeoutError:
                yield b": alive\n\n"
                continue
            for name, data in stream.take():
                number += 1
                yield f"id: {number}\nevent: {name}\ndata: {json.dumps(data)}\n\n".encode()
            await asyncio.sleep(GAP_SECONDS)
    finally:
        here.leave(stream)
