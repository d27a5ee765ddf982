"""Residents who keep writing in the simulated network: `python -m demo.residents --sim URL`."""

import argparse
import heapq
import logging
import signal
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from random import Random
from typing import Any

from demo.answers import Answers
from demo.messages.generator import Later, ResidentMessage, resident_messages
from demo.network import NetworkAwayError, OrderRefusedError, SimulatedNetwork
from demo.orders import order_of, signed

log = logging.getLogger("demo.residents")
LONGEST_WAIT = 15.0  # seconds between tries while the simulator is away
LOOK_EVERY = 20  # seconds between looks for new answers


@dataclass(order=True, slots=True)
class Due:
    """A later deed of somebody, due when the message with this number is written."""

    number: int
    turn: int
    later: Later = field(compare=False)
    deed: str = field(compare=False)
    thing: dict[str, Any] = field(compare=False)


class Residents:
    """Everybody who writes, at one pace, until told to stop."""

    def __init__(
        self, network: SimulatedNetwork, *, seed: int, per_minute: float, stop: threading.Event
    ) -> None:
        self.network = network
        self.seed = seed
        self.pace = Random(seed)
        self.seconds = 60 / per_minute
        self.stop = stop
        self.posts: dict[int, list[int]] = {}
        self.due: list[Due] = []
        self.answers = Answers(network)
        self.written = 0

    def run(self, limit: int | None = None) -> int:
        """Write until stopped, or `limit` messages; returns how many were written."""
        looked = 0.0
        for message in self._messages(limit):
            self._patiently(self._write, message)
            self._patiently(self._do_due, message.number)
            pause = self.pace.expovariate(1 / self.seconds) if limit is None else 0.0
            looked += pause
            if looked >= LOOK_EVERY:
                looked = 0.0
                self._patiently(self.answers.react)
            if self.stop.wait(pause):
                break
        return self.written

    def _messages(self, limit: int | None) -> Iterator[ResidentMessage]:
        for message in resident_messages(self.seed, today=datetime.now(UTC).date()):
            if self.stop.is_set() or (limit is not None and message.number >= limit):
                return
            yield message

    def _patiently(self, deed: Any, *given: Any) -> None:
        """Do it, waiting while the simulator is away; what it refuses is let go."""
        wait = 1.0
        while not self.stop.is_set():
            try:
                deed(*given)
            except OrderRefusedError as refusal:
                log.info("отказано: %s", refusal)
            except NetworkAwayError as away:
                log.warning("%s, жду %.0f с", away, wait)
                # A world that comes back may be another one.
                self.posts.clear()
                self.stop.wait(wait)
                wait = min(wait * 2, LONGEST_WAIT)
                continue
            return

    def _posts_of(self, group_id: int) -> list[int]:
        if group_id not in self.posts:
            found = self.network.all("posts", group_id=group_id)
            self.posts[group_id] = [post["id"] for post in found if post["comments_open"]]
        return self.posts[group_id]

    def _write(self, message: ResidentMessage) -> None:
        posts = self._posts_of(message.page.group_id)
        deed, order = order_of(message, posts, stamp=f"demo-{self.seed}")
        made = self.network.act(deed, **order)
        self.written += 1
        for later in message.later:
            due = Due(message.number + later.after, len(self.due), later, deed, made | order)
            heapq.heappush(self.due, due)

    def _do_due(self, number: int) -> None:
        while self.due and self.due[0].number <= number:
            # Taken off first: what the network refuses must not come back again and again.
            due = heapq.heappop(self.due)
            try:
                self._do(due)
            except NetworkAwayError:
                heapq.heappush(self.due, due)
                raise

    def _do(self, due: Due) -> None:
        thing, later = due.thing, due.later
        group, direct = thing["group_id"], due.deed == "message"
        target = {"group_id": group, "message_id" if direct else "comment_id": thing["id"]}
        if later.kind == "edit":
            self.network.act(f"edit_{due.deed}", **target, text=later.text)
        elif later.kind == "delete":
            self.network.act(f"delete_{due.deed}", **target)
        elif direct:
            self.network.act("message", **signed(later.author, group), text=later.text)
        else:
            said = signed(later.author, group) | {"post_id": thing["post_id"], "reply_to": thing["id"]}
            self.network.act("comment", **said, text=later.text, guid=f"{thing['guid']}-{later.kind}")


def main(arguments: list[str] | None = None) -> int:
    """Read the arguments and write until SIGTERM or Ctrl-C; 0 messages a minute means nobody writes."""
    parser = argparse.ArgumentParser(prog="demo.residents", description="Жители демонстрации")
    parser.add_argument("--sim", required=True, help="адрес симулятора")
    parser.add_argument(
        "--per-minute", type=float, default=6.0, help="сообщений в минуту, 0 — никто не пишет"
    )
    parser.add_argument(
        "--seed", type=int, help="от него зависит всё; без него — продолжение того, что уже есть"
    )
    parser.add_argument("--limit", type=int, help="столько сообщений без пауз, затем выход")
    given = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    # Every request of the client would be a line otherwise.
    logging.getLogger("httpx").setLevel(logging.WARNING)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    if given.per_minute <= 0:
        stop.wait()
        return 0
    with SimulatedNetwork(given.sim) as network:
        seed = given.seed if given.seed is not None else _continued(network, stop)
        Residents(network, seed=seed, per_minute=given.per_minute, stop=stop).run(given.limit)
    return 0


def _continued(network: SimulatedNetwork, stop: threading.Event) -> int:
    """A seed that differs at every start of the same world: how much was said in it so far."""
    while not stop.is_set():
        try:
            counts = network.state()
        except NetworkAwayError:
            stop.wait(1.0)
        else:
            return 1000 + int(counts["comments"]) + int(counts["messages"]["in"])
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
