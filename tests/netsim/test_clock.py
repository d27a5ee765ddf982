"""A network whose clock runs faster: limits, dates and waits go with it."""

from __future__ import annotations

import time

import httpx
import pytest

from netsim.clock import Clock
from netsim.server import running
from netsim.settings import Settings
from tests.netsim.conftest import settle, until


def test_a_clock_runs_faster_and_never_jumps() -> None:
    clock = Clock(50.0)
    first = clock()
    time.sleep(0.02)
    assert clock() - first >= 1.0
    before = clock()
    clock.speed = 1.0
    assert 0 <= clock() - before < 5.0
    assert clock.speed == 1.0
    assert Clock(20.0).true_seconds(10) == 0.5


@pytest.mark.parametrize("speed", [0, -1, 1e9])
def test_a_clock_cannot_stand_or_run_back(speed: float) -> None:
    with pytest.raises(ValueError, match="speed"):
        Clock(speed)


def test_dates_and_postponed_posts_go_with_the_clock() -> None:
    with running(Settings(rps={}, speed=100.0)) as simulator:
        place = settle(simulator.url)
        at = place.look("state")["now"]
        number = place.api("wall.post", "user", owner_id=place.owner, message="Потом", publish_date=at + 60)
        until(lambda: place.api("wall.get", "service", owner_id=place.owner)["count"] == 1, seconds=5)
        assert place.look("state")["now"] >= at + 60
        assert number["post_id"]
        place.http.close()


def test_a_second_of_the_limit_is_a_second_of_the_network() -> None:
    """Ten calls at five a second: refused by a clock that stands still for us, let through by a fast one."""
    with running(Settings(speed=1.0)) as simulator:
        place = settle(simulator.url)

        def refusals() -> int:
            answers = [place.raw("utils.getServerTime", "service") for _call in range(10)]
            return sum(answer.get("error", {}).get("error_code") == 6 for answer in answers)

        assert refusals() >= 1
        counted = place.look("state")["errors"]["6"]
        assert counted >= 1
        told = place.sim("settings", {"speed": 1000.0}, method="PUT")
        assert told["speed"] == 1000.0
        time.sleep(0.01)
        assert refusals() == 0
        assert place.look("state")["errors"]["6"] == counted
        refused = httpx.put(f"{simulator.url}/sim/settings", json={"speed": 0})
        assert refused.status_code == 400
        place.http.close()
