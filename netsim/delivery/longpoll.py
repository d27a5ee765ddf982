"""Bots Long Poll: events fetched by number."""

from __future__ import annotations

import asyncio

from netsim.world import World
from netsim.world.entities import Json
from netsim.world.records import Event

LONGEST_WAIT = 90
# Events in one answer.
BATCH = 100


class LongPoll:
    """Wakes those who wait when something happens in their community."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._waiting: dict[int, asyncio.Event] = {}
        world.on_event(self._wake)

    def _wake(self, event: Event) -> None:
        waiting = self._waiting.pop(event.group_id, None)
        if waiting is not None and event.ts:
            waiting.set()
        elif waiting is not None:
            self._waiting[event.group_id] = waiting

    async def check(self, group_id: int, key: str, ts: str, wait: int) -> Json:
        """Events after `ts`, waiting for the first one up to `wait` seconds; `failed` 1, 2, 3 as VK says."""
        group = self.world.community(group_id)
        if group is None or not group.longpoll["is_enabled"]:
            return {"failed": 3}
        if key != group.longpoll["key"]:
            return {"failed": 2}
        if not ts.isascii() or not ts.isdecimal() or len(ts) > 18:
            return {"failed": 3}
        newest, asked = self.world.latest(f"ts:{group_id}"), int(ts)
        kept = self.world.events[group_id]
        oldest = kept[0].ts - 1 if kept else newest
        if asked > newest or asked < oldest:
            return {"failed": 1, "ts": str(newest)}
        if asked == newest:
            await self._wait(group_id, min(max(wait, 0), LONGEST_WAIT))
        found = [event for event in self.world.events[group_id] if event.ts > asked][:BATCH]
        last = found[-1].ts if found else asked
        return {
            "ts": str(last),
            "updates": [self._told(event, group.longpoll["api_version"]) for event in found],
        }

    async def _wait(self, group_id: int, seconds: int) -> None:
        waiting = self._waiting.setdefault(group_id, asyncio.Event())
        try:
            await asyncio.wait_for(waiting.wait(), seconds)
        except TimeoutError:
            return

    @staticmethod
    def _told(event: Event, version: str) -> Json:
        return {
            "group_id": event.group_id,
            "type": event.type,
            "event_id": event.event_id,
            "v": version,
            "object": event.object,
        }
