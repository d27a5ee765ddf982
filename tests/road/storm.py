"""A storm over publishing: every fault of a network, killed workers, a killed database, and then all is counted.

A program of its own, `python -m tests.road.storm`: the database it is given is durable, killed with -9 and started
again by its guard, while real workers deliver real answers over real HTTP. Prints the table, then the counts.
"""

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import psycopg
from django.db.models import Count

from bench import stage

if TYPE_CHECKING:
    from demo.network import SimulatedNetwork
    from tests.road.official import Official

Found = TypeVar("Found")
PAGES, POSTS_A_PAGE, RESIDENTS = 24, 5, 400
FIRST_GROUP, FIRST_RESIDENT = 7001, 500_001
SERVICE_TOKEN = "service-token-of-the-storm"
# One message in so many is private.
DIRECT_EVERY = 6
# Pages of which something lasts: nobody reads them back, nobody mends their key, links are forbidden.
BLIND, KEYLESS, LINKLESS = FIRST_GROUP, FIRST_GROUP + 1, FIRST_GROUP + 2
# An application of a large region has more calls a second than the least; the simulator is told so too.
SERVICE_RATE = 40
SENDING = {"where": "methods", "method": "wall.createComment"}
# Seconds in which a phase comes to its end, however slow the machine.
LEAST_PATIENCE, PATIENCE_AN_ANSWER = 200.0, 0.4
WRITING = {"where": "methods", "method": "messages.send"}


def _both(**rule: Any) -> list[dict[str, Any]]:
    return [{**place, **rule} for place in (SENDING, WRITING)]


FAULTS: list[dict[str, Any]] = [
    *_both(name="done, response lost", what="lost_response", probability=0.05),
    *_both(name="done, 502 answered", what="lost_response", status=502, probability=0.03),
    *_both(name="done, response unreadable", what="lost_response", status=200, probability=0.02),
    *_both(name="done 4 s after a 504", what="late", status=504, delay=4.0, probability=0.02),
    *_both(name="done 12 s after a break", what="late", delay=12.0, probability=0.02),
    *_both(name="not done, 503", what="http", status=503, probability=0.04),
    *_both(name="not done, 504 after a wait", what="timeout", delay=0.5, probability=0.02),
    *_both(name="not done, no answer for 16 s", what="timeout", delay=16.0, probability=0.003),
    *_both(name="not done, response unreadable", what="broken_json", probability=0.02),
    *_both(name="too fast (6)", what="error", code=6, probability=0.04),
    *_both(name="flood (9)", what="error", code=9, probability=0.01),
    *_both(name="internal error (10)", what="error", code=10, probability=0.02),
    *_both(name="captcha (14)", what="error", code=14, probability=0.005),
    *_both(name="quota (29)", what="error", code=29, probability=0.002),
    # Where nobody reads back, most responses are lost: of such answers nobody can know, and some must be seen so. What
    # is of one page lasts as long as answers are sent: a flood may hold all of a page's until the weather is over.
    {
        **SENDING,
        "name": "done, response lost",
        "what": "lost_response",
        "probability": 0.8,
        "owner_id": -BLIND,
    },
    {"where": "methods", "method": "wall.getComments", "what": "error", "code": 15, "owner_id": -BLIND},
    {"where": "methods", "method": "*.get*", "what": "http", "status": 502, "probability": 0.05},
    {"where": "methods", "method": "*.get*", "what": "broken_json", "probability": 0.02},
    {"where": "callbacks", "what": "drop", "event": "wall_reply_new", "group_id": BLIND},
    {"where": "callbacks", "what": "drop", "event": "wall_reply_new", "probability": 0.3},
    {"where": "callbacks", "what": "duplicate", "probability": 0.1},
    {"where": "callbacks", "what": "reorder", "probability": 0.1},
]


class Storm:
    """One run; everything random comes from `seed`. With `hurry` nobody waits for hours and leases to pass."""

    def __init__(self, answers: int, folder: Path, cluster: Path, *, seed: int, kills: int) -> None:
        self.answers, self.folder, self.cluster = answers, folder, cluster
        self.rng, self.seed, self.kills = random.Random(seed), seed, kills
        self.sim, self.web = (f"http://127.0.0.1:{stage.free_port()}" for _ in range(2))
        # What happened to which answer beside the faults of the network, by the number of the incident.
        self.fates: dict[int, set[str]] = defaultdict(set)
        self.restarts: list[float] = []
        self._over = threading.Event()
        self._broken: list[BaseException] = []
        self.workers: list[Any] = []
        self.killed = 0
        self.took: dict[str, float] = {}

    def env(self) -> dict[str, str]:
        return {
            "OTKLIK_VK_API_URL": self.sim,
            "OTKLIK_VK_SITE_URL": self.sim,
            "OTKLIK_BASE_URL": self.web,
            "OTKLIK_LOG_LEVEL": "CRITICAL",
            "OTKLIK_HOME": str(self.folder),
        }

    def run(self) -> None:
        from demo.network import SimulatedNetwork
        from tests.road.official import Official

        with ExitStack() as stack:
            ports = [each.rpartition(":")[2] for each in (self.sim, self.web)]
            simulator = ("-m", "netsim", "--port", ports[0], "--time-scale", "0.01")
            stack.enter_context(stage.process(*simulator, wait_for=f"{self.sim}/healthz"))
            stack.enter_context(stage.web(int(ports[1])))
            network = stack.enter_context(SimulatedNetwork(self.sim))
            official = Official(self, network)
            stack.callback(self._end_workers)
            self._phase("set up", official.set_up)
            self.workers = [self._worker() for _ in range(2)]
            self._phase("fed", lambda: self._feed(official))
            deeds = (self._keep, official.lift_captchas)
            threads = [threading.Thread(target=self._aside, args=[each]) for each in deeds]
            for each in threads:
                each.start()
            stack.callback(self._over.set)
            self._weather(network, FAULTS)
            self._phase("answered", lambda: self._answer_all(official))
            self._phase("tried", lambda: self.until(official.all_tried, "every answer was tried"))
            # A deed that is late is done after its caller was given up on, and before anybody counts.
            self._phase("late deeds", lambda: time.sleep(12.0))
            self._weather(network, [rule for rule in FAULTS if rule.get("owner_id") or rule.get("group_id")])
            self._phase("settled", lambda: self.until(official.all_settled, "every answer has its end"))
            self._weather(network, [rule for rule in FAULTS if rule.get("code") == 15])
            self._phase("decided", official.decide)
            self._phase("settled again", lambda: self.until(official.all_settled, "and again"))
            self._over.set()
            for each in threads:
                each.join()
            official.tell()

    def _aside(self, deed: Callable[[], None]) -> None:
        """What goes on beside; when it breaks, the run ends instead of waiting for what will not come."""
        try:
            deed()
        except Exception as error:
            self._broken.append(error)
            raise

    def _phase(self, name: str, deed: Callable[[], object]) -> None:
        began = time.monotonic()
        deed()
        self.took[name] = round(time.monotonic() - began, 1)
        # Whoever looks at a run that was cut off sees how far it came.
        print(f"{name}: {self.took[name]} s", file=sys.stderr, flush=True)

    def _weather(self, network: "SimulatedNetwork", rules: list[dict[str, Any]]) -> None:
        network._ask("PUT", "/sim/faults", json={"seed": self.seed, "rules": rules})

    def _feed(self, official: "Official") -> None:
        """Residents write in peace; then some of them, and some administrators, spoil what was to be answered."""
        official.write(self.answers)
        self.until(lambda: official.judged() >= self.answers, "every message has its incident")
        official.spoil()

    def _answer_all(self, official: "Official") -> None:
        """Officials answer one incident after another; on the way workers and the database are killed in turn."""
        numbers = official.incidents()
        every = max(len(numbers) // (self.kills + 1), 1)
        for index, pk in enumerate(numbers, 1):
            patiently(lambda pk=pk: official.answer(pk))  # type: ignore[misc]
            if index % every == 0 and self.killed < self.kills:
                self.killed += 1
                if self.killed % 3 == 0:
                    self._kill_database()
                else:
                    self.workers[self.killed % 2].kill()

    def _kill_database(self) -> None:
        pid = self._postmaster()
        self.restarts.append(time.time())
        os.kill(pid, signal.SIGKILL)
        self.until(lambda: self._postmaster() not in {pid, 0} and _answers(), "the database is back")

    def _postmaster(self) -> int:
        try:
            return int((self.cluster / "postmaster.pid").read_text().splitlines()[0])
        except (OSError, ValueError, IndexError):
            return 0

    def _keep(self) -> None:
        """What `otklik up` and systemd do: a worker that ended is started again."""
        while not self._over.wait(0.3):
            for number, worker in enumerate(self.workers):
                if worker.poll() is not None:
                    self.workers[number] = self._worker()

    def _worker(self) -> Any:
        return subprocess.Popen(
            [sys.executable, "-m", "launch", "worker"], env=os.environ.copy(), stderr=subprocess.DEVNULL
        )

    def _end_workers(self) -> None:
        for worker in self.workers:
            worker.kill()
            worker.wait()

    def over(self, seconds: float) -> bool:
        """Wait so long; whether the storm has ended meanwhile."""
        return self._over.wait(seconds)

    def until(self, done: Callable[[], bool], what: str) -> None:
        seconds = LEAST_PATIENCE + self.answers * PATIENCE_AN_ANSWER
        give_up = time.monotonic() + seconds
        while not patiently(done):
            if self._broken:
                raise AssertionError(f"{what}: {self._broken[0]!r}") from self._broken[0]
            if time.monotonic() > give_up:
                raise AssertionError(f"not within {seconds:.0f} s: {what}; {_how_it_stands()}")
            time.sleep(0.3)


def patiently(deed: Callable[[], Found]) -> Found:
    """Do it again when the database went away in the middle, as a person presses the key again."""
    from django.db import InterfaceError, OperationalError, connection

    give_up = time.monotonic() + 60
    while True:
        try:
            return deed()
        except (OperationalError, InterfaceError, psycopg.OperationalError):
            if time.monotonic() > give_up:
                raise
            connection.close()
            time.sleep(0.2)


def _how_it_stands() -> dict[str, object]:
    from otklik.channels.models import Delivery, Receipt

    deliveries = Delivery.objects.values_list("state", "reason").annotate(n=Count("pk")).order_by()
    return {"deliveries": list(deliveries), "receipts": Receipt.objects.filter(drained_at=None).count()}


def _answers() -> bool:
    try:
        with psycopg.connect(os.environ["DATABASE_URL"], connect_timeout=2):
            return True
    except psycopg.Error:
        return False


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--answers", type=int, required=True)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--cluster", type=Path, required=True)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--kills", type=int, required=True)
    given = parser.parse_args()
    storm = Storm(given.answers, given.folder, given.cluster, seed=given.seed, kills=given.kills)
    os.environ |= storm.env()
    stage.django_setup()
    storm.run()
    print(json.dumps({"took": storm.took, "killed": storm.killed, "restarts": len(storm.restarts)}))


if __name__ == "__main__":
    main()
