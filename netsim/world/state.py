"""The shelves of the world: every record in memory, its journal, its sequences, and the feed of changes."""

from __future__ import annotations

import asyncio
import json
import secrets
import time
from collections import defaultdict, deque
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Protocol

from netsim.world.entities import Comment, Community, Doc, Json, ObjectKey, Photo, Post, Topic, User, Video
from netsim.world.journal import Journal
from netsim.world.records import (
    CallbackServer,
    Delivery,
    Dialog,
    Event,
    Member,
    Message,
    Poll,
    StatDay,
    Token,
    Upload,
)

RECORDS: tuple[type[Any], ...] = (
    User, Community, Post, Comment, Photo, Video, Topic, Doc, Message, Dialog, Member, Token,
    CallbackServer, Event, Delivery, Poll, Upload, StatDay,
)  # fmt: skip
LONGPOLL_KEPT = 1000
CHANGES_KEPT = 10_000


class Record(Protocol):
    """Anything the journal can keep."""

    @property
    def key(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that changed, for pages that show the world: a verb, the community, and the record."""

    what: str
    group_id: int
    record: Any = None


def _age(record: Any) -> tuple[int, int]:
    if isinstance(record, Event):
        return (0, record.ts)
    number = getattr(record, "id", 0)
    return (getattr(record, "date", 0), number if isinstance(number, int) else 0)


def pack(record: Any) -> str:
    """The record as the journal keeps it."""
    return json.dumps({f.name: getattr(record, f.name) for f in fields(record)})


class State:
    """Everything the network knows. Used from one thread (the server's loop), as the methods are."""

    def __init__(
        self, journal: Journal | None = None, *, base_url: str = "", files: Path | None = None
    ) -> None:
        self.journal = journal or Journal(None)
        self.base_url = base_url
        self.files = files
        self.blobs: dict[str, bytes] = {}
        self.clock: Callable[[], float] = time.time
        self.users: dict[int, User] = {}
        self.communities: dict[int, Community] = {}
        self.names: dict[str, tuple[str, int]] = {}
        self.walls: dict[int, dict[int, Post]] = defaultdict(dict)
        self.threads: dict[ObjectKey, dict[int, Comment]] = defaultdict(dict)
        self.comment_at: dict[tuple[str, int, int], Comment] = {}
        self.replies: dict[tuple[str, int, int], list[Comment]] = defaultdict(list)
        self.photos: dict[tuple[int, int], Photo] = {}
        self.videos: dict[tuple[int, int], Video] = {}
        self.topics: dict[tuple[int, int], Topic] = {}
        self.docs: dict[tuple[int, int], Doc] = {}
        self.polls: dict[tuple[int, int], Poll] = {}
        self.dialogs: dict[tuple[int, int], Dialog] = {}
        self.messages: dict[tuple[int, int], Message] = {}
        self.dialog_messages: dict[tuple[int, int], list[Message]] = defaultdict(list)
        self.members: dict[int, dict[int, Member]] = defaultdict(dict)
        self.tokens: dict[str, Token] = {}
        self.servers: dict[int, dict[int, CallbackServer]] = defaultdict(dict)
        self.events: dict[int, deque[Event]] = defaultdict(deque)
        self.deliveries: dict[str, Delivery] = {}
        self.uploads: dict[str, Upload] = {}
        self.stat_days: dict[tuple[int, int], StatDay] = {}
        self.copies: dict[str, list[Post]] = defaultdict(list)
        self.guids: dict[str, Post | Comment] = {}
        self.emitted: dict[str, int] = defaultdict(int)
        self._last: dict[str, int] = {}
        self._event_listeners: list[Callable[[Event], None]] = []
        self._subscribers: list[asyncio.Queue[Change]] = []

    # -- memory ---------------------------------------------------------------------------------------------
    def now(self) -> int:
        """Unix time of the world."""
        return int(self.clock())

    def following(self, sequence: str, start: int = 1) -> int:
        """The next number of a sequence; numbers are never given twice, restarts included."""
        self._last[sequence] = max(self._last.get(sequence, 0) + 1, start)
        return self._last[sequence]

    def latest(self, sequence: str) -> int:
        """The number given last, 0 before the first."""
        return self._last.get(sequence, 0)

    def seen(self, sequence: str, number: int) -> None:
        """Keep a sequence ahead of a number already given."""
        if number > self._last.get(sequence, 0):
            self._last[sequence] = number

    def secret(self, length: int = 18) -> str:
        """A made-up key of hexadecimal digits: never the same in two worlds, or a receiver would drop
        events."""
        return secrets.token_hex((length + 1) // 2)[:length]

    def save(self, record: Any) -> None:
        """Journal the record as it is now."""
        if self.journal.kept:
            self.journal.put(record.KIND, record.key, pack(record))

    def forget(self, record: Any) -> None:
        """Take the record out of the journal."""
        self.journal.put(record.KIND, record.key, None)

    def add(self, record: Any) -> None:
        """Put a new record on its shelf and into the journal."""
        self.place(record)
        self.save(record)

    def place(self, record: Any) -> None:
        """Put a record on its shelf; a restart does this with every record it finds."""
        PLACE[record.KIND](self, record)

    def load(self) -> int:
        """Read the journal back; returns how many records there were."""
        kinds = {cls.KIND: cls for cls in RECORDS}
        found = [kinds[kind](**json.loads(body)) for kind, body in self.journal.read()]
        # Lists must come back in the order they were made, whatever the order of keys on disk.
        found.sort(key=_age)
        for record in found:
            self.place(record)
        return len(found)

    # -- news -----------------------------------------------------------------------------------------------
    def on_event(self, listener: Callable[[Event], None]) -> None:
        """Call `listener` for every event of every community, in the order they happen."""
        self._event_listeners.append(listener)

    def emit(self, group_id: int, event_type: str, obj: Json) -> Event:
        """An event happened in a community: number it for Long Poll and hand it to the listeners."""
        event = Event(group_id=group_id, event_id=self.secret(40), type=event_type, object=obj)
        self.emitted[event_type] += 1
        longpoll = self.communities[group_id].longpoll
        if longpoll.get("is_enabled") and longpoll.get("events", {}).get(event_type):
            event.ts = self.following(f"ts:{group_id}")
            self.add(event)
            if len(self.events[group_id]) > LONGPOLL_KEPT:
                self.forget(self.events[group_id].popleft())
        for listener in self._event_listeners:
            listener(event)
        return event

    def changed(self, what: str, group_id: int, record: Any = None) -> None:
        """Tell the subscribers; one that does not read loses its oldest changes, never holds the world."""
        for queue in self._subscribers:
            if queue.full():
                queue.get_nowait()
            queue.put_nowait(Change(what, group_id, record))

    @contextmanager
    def listening(self) -> Iterator[asyncio.Queue[Change]]:
        """A queue of changes while the block runs."""
        queue: asyncio.Queue[Change] = asyncio.Queue(CHANGES_KEPT)
        self._subscribers.append(queue)
        try:
            yield queue
        finally:
            self._subscribers.remove(queue)

    async def subscribe(self) -> AsyncIterator[Change]:
        """Changes from now on, for ever: `async for change in world.subscribe()`."""
        with self.listening() as queue:
            while True:
                yield await queue.get()


def _user(s: State, r: User) -> None:
    s.users[r.id] = r
    s.names[r.screen_name or f"id{r.id}"] = ("user", r.id)
    s.seen("user", r.id)


def _community(s: State, r: Community) -> None:
    s.communities[r.id] = r
    s.names[r.screen_name or f"club{r.id}"] = (r.type, r.id)
    s.seen("community", r.id)
    s.seen("link", max((link["id"] for link in r.links), default=0))


def _post(s: State, r: Post) -> None:
    s.walls[r.owner_id][r.id] = r
    s.seen(f"wall:{r.owner_id}", r.id)
    if r.copy_of:
        s.copies[r.copy_of].append(r)
    if r.guid:
        s.guids[f"post:{r.owner_id}:{r.guid}"] = r


def _comment(s: State, r: Comment) -> None:
    s.threads[r.object_key][r.id] = r
    s.comment_at[r.on, r.owner_id, r.id] = r
    if r.parent:
        s.replies[r.on, r.owner_id, r.parent].append(r)
    s.seen(f"{r.on}:{r.owner_id}" if r.on == "wall" else f"{r.on}-comment:{r.owner_id}", r.id)
    if r.guid:
        s.guids[f"{r.on}:{r.owner_id}:{r.object_id}:{r.from_id}:{r.guid}"] = r


def _message(s: State, r: Message) -> None:
    s.messages[r.group_id, r.id] = r
    s.dialog_messages[r.group_id, r.peer_id].append(r)
    s.seen(f"message:{r.group_id}", r.id)
    s.seen(f"cmid:{r.group_id}:{r.peer_id}", r.cmid)
    s.seen("version", r.version)


def _owned(shelf: str, sequence: str) -> Callable[[State, Any], None]:
    def place(s: State, r: Any) -> None:
        getattr(s, shelf)[r.owner_id, r.id] = r
        s.seen(f"{sequence}:{r.owner_id}", r.id)

    return place


def _poll(s: State, r: Poll) -> None:
    s.polls[r.owner_id, r.id] = r
    s.seen("poll-id", r.id)
    s.seen("answer", max((answer["id"] for answer in r.answers), default=0))


def _server(s: State, r: CallbackServer) -> None:
    if not r.removed:
        s.servers[r.group_id][r.id] = r
    s.seen("server", r.id)


def _event(s: State, r: Event) -> None:
    s.events[r.group_id].append(r)
    s.seen(f"ts:{r.group_id}", r.ts)


PLACE: dict[str, Callable[[State, Any], None]] = {
    "user": _user,
    "community": _community,
    "post": _post,
    "comment": _comment,
    "message": _message,
    "photo": _owned("photos", "photo"),
    "video": _owned("videos", "video"),
    "topic": _owned("topics", "topic"),
    "doc": _owned("docs", "doc"),
    "poll": _poll,
    "dialog": lambda s, r: s.dialogs.__setitem__((r.group_id, r.peer_id), r),
    "member": lambda s, r: s.members[r.group_id].__setitem__(r.user_id, r),
    "token": lambda s, r: s.tokens.__setitem__(r.value, r),
    "callback_server": _server,
    "event": _event,
    "delivery": lambda s, r: s.deliveries.__setitem__(r.id, r),
    "upload": lambda s, r: s.uploads.__setitem__(r.hash, r),
    "stat_day": lambda s, r: s.stat_days.__setitem__((r.group_id, r.day), r),
}
