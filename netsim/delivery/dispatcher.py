"""The callback worker: one queue per server, repeats by the network's timetable, pauses after many errors."""

from __future__ import annotations

import asyncio
import time
from collections import Counter, deque
from dataclasses import dataclass, field

from netsim.clock import Clock
from netsim.delivery.post import Postman, Reply
from netsim.faults import Faults, Target
from netsim.settings import Settings
from netsim.world import World
from netsim.world.entities import Json
from netsim.world.records import CallbackServer, Delivery, Event

ServerKey = tuple[int, int]


@dataclass(slots=True)
class Line:
    """What waits for one server."""

    queue: deque[Delivery] = field(default_factory=deque)
    running: int = 0
    paused_until: float = 0.0


class Dispatcher:
    """Takes every event of the world to the callback servers that asked for it."""

    def __init__(self, world: World, settings: Settings, faults: Faults, clock: Clock) -> None:
        self.world = world
        self.clock = clock
        self.settings = settings
        self.faults = faults
        self.counts: Counter[str] = Counter()
        self._lines: dict[ServerKey, Line] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._timers: dict[str, asyncio.TimerHandle] = {}
        self._postman: Postman | None = None
        self._held: list[Delivery] = []
        self._room = asyncio.Semaphore(settings.callback_connections)
        world.on_event(self.take)

    # -- life -----------------------------------------------------------------------------------------------
    async def start(self) -> None:
        """Open the connections and take up what a former run left."""
        self._postman = Postman(timeout=self.settings.callback_timeout)
        for delivery in list(self.world.deliveries.values()):
            self._later(max(delivery.due - time.time(), 0), delivery)
        for group in list(self.world.servers.values()):
            for server in group.values():
                if server.status == "wait":
                    self.confirm(server)

    async def stop(self) -> None:
        """Let go; what was not delivered stays in the journal."""
        for timer in self._timers.values():
            timer.cancel()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._postman is not None:
            await self._postman.close()
            self._postman = None

    @property
    def pending(self) -> int:
        """Deliveries on their way, those that wait for a repeat included."""
        return len(self.world.deliveries)

    # -- taking ---------------------------------------------------------------------------------------------
    def take(self, event: Event) -> None:
        """Queue an event for every confirmed server that asked for its type."""
        for server in self.world.servers.get(event.group_id, {}).values():
            if server.status == "ok" and server.events.get(event.type):
                self._queue(server, event)

    def _queue(self, server: CallbackServer, event: Event) -> None:
        target = Target(group_id=event.group_id, event=event.type)
        rules = {rule.what: rule for rule in self.faults.strikes("callbacks", target)}
        for name in rules:
            self.counts[name] += 1
        if "drop" in rules:
            return
        self.counts["queued"] += 1
        delivery = self._delivery(server, event)
        if "duplicate" in rules:
            self._send_now(self._delivery(server, event))
        if "reorder" in rules:
            self._hold(delivery)
        elif "delay" in rules:
            self._later(self._wait(rules["delay"].delay), delivery)
        else:
            self._send_now(delivery)
            self._release()

    def _delivery(self, server: CallbackServer, event: Event) -> Delivery:
        body = {
            "group_id": event.group_id,
            "type": event.type,
            "event_id": event.event_id,
            "v": server.api_version,
            "object": event.object,
            **({"secret": server.secret_key} if server.secret_key else {}),
        }
        delivery = Delivery(
            id=self.world.secret(24),
            group_id=server.group_id,
            server_id=server.id,
            event=body,
            due=time.time(),
        )
        self.world.add(delivery)
        return delivery

    def _hold(self, delivery: Delivery) -> None:
        """Let later events pass; the last ones go by the clock, lest they wait for ever."""
        self._held.append(delivery)
        asyncio.get_running_loop().call_later(0.2, self._release)

    def _release(self) -> None:
        held, self._held = self._held, []
        self.faults.die.shuffle(held)
        for delivery in held:
            self._send_now(delivery)

    def _wait(self, seconds: float) -> float:
        """True seconds of a wait of the network."""
        return self.clock.true_seconds(seconds * self.settings.time_scale)

    def _later(self, wait: float, delivery: Delivery) -> None:
        loop = asyncio.get_running_loop()
        self._timers[delivery.id] = loop.call_later(wait, self._send_now, delivery)

    # -- sending --------------------------------------------------------------------------------------------
    def _send_now(self, delivery: Delivery) -> None:
        self._timers.pop(delivery.id, None)
        if self._postman is None:
            return
        key = (delivery.group_id, delivery.server_id)
        line = self._lines.setdefault(key, Line())
        line.queue.append(delivery)
        if line.running < self.settings.callback_in_flight and line.running < len(line.queue):
            line.running += 1
            self._spawn(self._work(key, line))

    def _spawn(self, work: asyncio.Future[None] | object) -> None:
        task: asyncio.Task[None] = asyncio.get_running_loop().create_task(work)  # type: ignore[arg-type]
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _work(self, key: ServerKey, line: Line) -> None:
        try:
            while line.queue:
                pause = line.paused_until - time.monotonic()
                if pause > 0:
                    await asyncio.sleep(pause)
                    continue
                await self._deliver(line.queue.popleft(), line)
        finally:
            line.running -= 1
            if not line.running and not line.queue:
                self._lines.pop(key, None)

    async def _deliver(self, delivery: Delivery, line: Line) -> None:
        server = self.world.servers.get(delivery.group_id, {}).get(delivery.server_id)
        if server is None:
            return self._forget(delivery, "dropped")
        assert self._postman is not None
        async with self._room:
            reply = await self._postman.post(server.url, delivery.event, delivery.attempt)
        self.counts["sent"] += 1
        if self._obey(server, reply.text) or reply.ok:
            server.errors = 0
            return self._forget(delivery, "delivered")
        self._failed(server, line)
        return self._retry(delivery, reply)

    def _forget(self, delivery: Delivery, outcome: str) -> None:
        self.counts[outcome] += 1
        self.world.deliveries.pop(delivery.id, None)
        self.world.forget(delivery)

    def _failed(self, server: CallbackServer, line: Line) -> None:
        self.counts["failed"] += 1
        server.errors += 1
        if server.errors % self.settings.callback_pause_after == 0:
            self.counts["paused"] += 1
            line.paused_until = time.monotonic() + self._wait(self.settings.callback_pause)

    def _retry(self, delivery: Delivery, reply: Reply) -> None:
        delays = self.settings.retry_delays
        if delivery.attempt >= len(delays):
            return self._forget(delivery, "lost")
        wait = delays[delivery.attempt] if reply.retry_after is None else reply.retry_after
        delivery.attempt += 1
        delivery.due = time.time() + self._wait(wait)
        self.world.save(delivery)
        return self._later(self._wait(wait), delivery)

    def _obey(self, server: CallbackServer, text: str) -> bool:
        """`remove` and `version 5.x` are orders of the server; True when the body was one."""
        if text == "remove":
            self.world.remove_server(server)
            return True
        if text.startswith("version 5."):
            self.world.set_server(server, api_version=text.removeprefix("version ").strip())
            return True
        return False

    # -- confirmation ---------------------------------------------------------------------------------------
    def confirm(self, server: CallbackServer) -> None:
        """Ask a server for the confirmation string; its status tells how that went."""
        self.world.set_server(server, status="wait")
        self._spawn(self._confirm(server))

    async def _confirm(self, server: CallbackServer) -> None:
        group = self.world.communities[server.group_id]
        body: Json = {
            "type": "confirmation",
            "group_id": group.id,
            "event_id": self.world.secret(40),
            "v": server.api_version,
            **({"secret": server.secret_key} if server.secret_key else {}),
        }
        assert self._postman is not None
        reply = await self._postman.post(server.url, body, 0)
        confirmed = reply.status == 200 and reply.text == group.confirmation_code
        self.counts["confirmed" if confirmed else "unconfirmed"] += 1
        self.world.set_server(server, status="ok" if confirmed else "failed")
