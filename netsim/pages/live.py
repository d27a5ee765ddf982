"""News for open pages: one stream per page, saying only that something it shows has changed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable

from starlette.responses import Response, StreamingResponse

from netsim.pages.visitor import Problem, Visit
from netsim.world import Change
from netsim.world.entities import Comment, Photo, Post, Topic, Video
from netsim.world.records import Message

HEARTBEAT = 10.0
# Many changes at once are one piece of news.
PAUSE = 0.15

Concerns = Callable[[Change], bool]


async def live(visit: Visit) -> Response:
    """The stream of a page; `watch` says what the page shows. Closed by the browser."""
    concerns = _concerns(visit, visit.request.query_params.get("watch", ""))
    return StreamingResponse(
        _stream(visit, concerns),
        media_type="text/event-stream",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )


async def _stream(visit: Visit, concerns: Concerns) -> AsyncIterator[str]:
    with visit.world.listening() as queue:
        yield "retry: 1000\nevent: ready\ndata: 1\n\n"
        while not await visit.request.is_disconnected():
            try:
                change = await asyncio.wait_for(queue.get(), HEARTBEAT)
            except TimeoutError:
                yield ": still here\n\n"
                continue
            if concerns(change):
                await asyncio.sleep(PAUSE)
                while not queue.empty():
                    queue.get_nowait()
                yield "event: changed\ndata: 1\n\n"


def _concerns(visit: Visit, watch: str) -> Concerns:
    kind, *rest = watch.split(":")
    me = visit.my_id
    shown = _shown(kind, rest, me)

    def concerns(change: Change) -> bool:
        return shown(change) or _about_me(visit, change, me)

    return concerns


def _shown(kind: str, rest: list[str], me: int) -> Concerns:
    numbers = [int(part) for part in rest if part.isascii() and part.isdecimal() and len(part) <= 12]
    if kind == "club" and len(numbers) == 1:
        return lambda change: change.group_id == numbers[0] and change.what != "message"
    if kind == "thing" and len(rest) == 3 and len(numbers) == 2:
        key = (rest[0], -numbers[0], numbers[1])
        return lambda change: _under(change.record, key)
    if kind == "talk" and len(numbers) == 2:
        return lambda change: _letter(change.record, numbers[0], numbers[1])
    if kind == "talks" and len(numbers) == 1 and numbers[0]:
        return lambda change: _letter(change.record, numbers[0], 0)
    if kind in {"me", "talks", ""}:
        return lambda change: False
    raise Problem("unknown", status=404)


def _under(record: object, key: tuple[str, int, int]) -> bool:
    if isinstance(record, Comment):
        return record.object_key == key
    kinds = {"wall": Post, "photo": Photo, "video": Video, "topic": Topic}
    if isinstance(record, Post | Photo | Video | Topic):
        return isinstance(record, kinds.get(key[0], Post)) and (record.owner_id, record.id) == key[1:]
    return False


def _letter(record: object, group_id: int, peer_id: int) -> bool:
    return isinstance(record, Message) and record.group_id == group_id and peer_id in {0, record.peer_id}


def _about_me(visit: Visit, change: Change, me: int) -> bool:
    record = change.record
    if not me:
        return False
    if isinstance(record, Message):
        return record.peer_id == me
    if not isinstance(record, Comment):
        return False
    root = visit.world.comment(record.on, record.owner_id, record.parent) if record.parent else None
    return me in {record.from_id, record.reply_to_user, root.from_id if root else 0}
