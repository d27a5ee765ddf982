"""How long the passports of 7 000 pages take, in minutes of the network, beside the least that its limits allow.

A real simulator of the network with its clock sped up, real HTTP, the worker's own code. In the middle the process
is killed and another one goes on; the key of one page is dead. No call may be refused for coming too often.
"""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import IO, Any

import httpx

from bench import stage
from bench.figures import Figure

PAGES = int(os.environ.get("BENCH_PAGES", "7000"))
# Faster, and two busy cores are the limit instead of the network: the figure would tell of the machine.
SPEED = float(os.environ.get("BENCH_SPEED", "8"))
# Calls a second of a service key, and of a page's own.
SERVICE, COMMUNITY = 5, 20
POSTS, FIRST, IDS_A_CALL, DAY = 5, 1_000_001, 500, 86_400
# One page in so many is connected, so that its own key is looked at too.
CONNECTED_ONE_IN = 10
KILLED_AT = 0.4


class Network:
    """The control addresses of the simulator."""

    def __init__(self, url: str) -> None:
        self.url, self._client = url, httpx.Client(base_url=url, timeout=60, trust_env=False)

    def make(self, what: str, rows: list[dict[str, Any]]) -> None:
        for start in range(0, len(rows), 2000):
            answer = self._client.post(f"/sim/{what}", json=rows[start : start + 2000])
            answer.raise_for_status()
            wrong = [item["error"] for item in answer.json()["items"] if "error" in item]
            if wrong:
                raise RuntimeError(wrong[0])

    def look(self, what: str) -> Any:
        return self._client.get(f"/sim/{what}").raise_for_status().json()

    def revoke(self, token: str) -> None:
        self._client.delete(f"/sim/tokens/{token}").raise_for_status()


def _fill(network: Network, pages: list[Any]) -> None:
    now = int(network.look("settings")["now"])
    numbers = [int(page.external_id) for page in pages]
    about = {
        "description": "Официальная страница школы: учёба и кружки",
        "members_count": 400,
        "is_government": True,
    }
    about |= {"admins": [1, 2]}
    network.make(
        "communities", [{"id": int(page.external_id), "name": page.title, **about} for page in pages]
    )
    posts = [
        {"group_id": number, "text": "Новости школы. " * 8, "date": now - day * DAY, "views": 150}
        for number in numbers
        for day in range(1, POSTS + 1)
    ]
    network.make("posts", posts)
    connected = [
        {"kind": "community", "group_id": n, "value": f"key-{n}"} for n in numbers[::CONNECTED_ONE_IN]
    ]
    network.make("tokens", [{"kind": "service", "value": "service"}, *connected])
    network.revoke(connected[0]["value"])


def _connect(pages: list[Any], now: datetime) -> None:
    from otklik.channels import operations as channels
    from otklik.channels.models import Connection, Token
    from otklik.common.actor import SYSTEM

    channels.set_service_token(value="service", by=SYSTEM, now=now, rate=round(SERVICE * SPEED))
    rows = Connection.objects.bulk_create(
        Connection(page=page, network="vk", external_id=page.external_id, state="connected")
        for page in pages[::CONNECTED_ONE_IN]
    )
    about = {"network": "vk", "kind": "community", "rate": round(COMMUNITY * SPEED)}
    Token.objects.bulk_create(Token(connection=row, value=f"key-{row.external_id}", **about) for row in rows)


@contextmanager
def _sweeper(network: Network) -> Iterator[tuple[subprocess.Popen[str], IO[str]]]:
    """A process that is ready to sweep and waits for the word."""
    env = {"OTKLIK_VK_API_URL": network.url, "BENCH_SPEED": str(SPEED), "BENCH_BEGAN": str(time.time())}
    env["BENCH_AT"] = str(network.look("settings")["now"])
    child = subprocess.Popen(
        [sys.executable, "-m", "bench.passport_sweeper"],
        env=os.environ | env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert child.stdin is not None
        assert child.stdout is not None
        if child.stdout.readline() != "ready\n":
            raise RuntimeError("the process that sweeps did not start")
        yield child, child.stdin
    finally:
        child.kill()
        child.wait()


def _sweep(network: Network) -> tuple[float, int]:
    """Seconds of the network that the whole sweep took, and how many pages were left after the restart."""
    from otklik.registry.models import Passport

    checked = Passport.objects.exclude(checked_at=None)
    # Both are started beforehand: how long Python takes to start is no time of the network.
    with _sweeper(network) as (first, word), _sweeper(network) as (second, second_word):
        began = network.look("settings")["now"]
        word.write("go\n")
        word.flush()
        while checked.count() < PAGES * KILLED_AT:
            if first.poll() is not None:
                raise RuntimeError("the first process ended before it was killed")
            time.sleep(0.1)
        first.kill()
        first.wait()
        left = PAGES - checked.count()
        second_word.write("go\n")
        second_word.flush()
        if second.wait(600):
            raise RuntimeError("the second process failed")
        return network.look("settings")["now"] - began, left


def _check(network: Network, pages: list[Any]) -> None:
    """Everything was looked at, nothing was refused, the dead key is a gap of its page only."""
    from otklik.registry.models import PageCheck, Passport

    if Passport.objects.filter(problem="").exclude(checked_at=None).count() != PAGES:
        raise RuntimeError("some pages were not looked at")
    errors = network.look("state")["errors"]
    if errors.get("6"):
        raise RuntimeError(f"error 6 was provoked {errors['6']} times")
    dead = list(PageCheck.objects.filter(code="token", state="gap").values_list("page_id", flat=True))
    if dead != [pages[0].pk]:
        raise RuntimeError(f"dead keys are found at {dead}")


def main() -> None:
    stage.django_setup()
    from otklik.registry.models import OfficialPage

    now = datetime.now(UTC)
    stage.seed_pages(PAGES, now, first=FIRST, connected=False)
    entered = {"badge_status": "confirmed", "badge_type": "gosorg", "badge_confirmed_at": now.date()}
    OfficialPage.objects.update(
        **entered, component_connected=True, widgets=2, opened_on=now.date() - timedelta(days=400)
    )
    pages = list(OfficialPage.objects.order_by("pk"))
    port = stage.free_port()
    url, started = f"http://127.0.0.1:{port}", time.monotonic()
    with stage.process("-m", "netsim", "--port", str(port), "--speed", str(SPEED), wait_for=f"{url}/healthz"):
        network = Network(url)
        _fill(network, pages)
        _connect(pages, now)
        seconds, left = _sweep(network)
        _check(network, pages)
        calls = network.look("state")["calls"]
    groups = -(-PAGES // IDS_A_CALL)
    least, minutes = (PAGES + groups) / SERVICE / 60, seconds / 60
    formula = f"({PAGES} wall.get + {groups} groups.getById) / {SERVICE} a second"
    told = (
        f"clock ×{SPEED:g}, {calls['wall.get']} wall.get, {calls['groups.getById']} groups.getById, no error 6; "
        f"killed at {KILLED_AT:.0%}, {left} pages resumed; {time.monotonic() - started:.0f} s of true time"
    )
    figure = Figure(
        f"passport_sweep_{PAGES}_minutes", round(minutes, 2), "minutes of the network", formula,
        round(least, 2), round(minutes / least, 3), told,
    )  # fmt: skip
    print(figure.line(), flush=True)


if __name__ == "__main__":
    main()
