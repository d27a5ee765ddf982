"""The wake-up jobs of the road. A table is the queue; a job looks until nothing is left and then a little longer."""

import time
from collections.abc import Callable
from datetime import datetime

from django.utils import timezone
from procrastinate.contrib.django import app

from otklik.common import jobs
from otklik.common.wakeup import PAUSE_SECONDS
from otklik.flow import road

# Longer than the pause between rings of a web process: what arrived in it is found by the run it did not wake.
LINGER_SECONDS = 4 * PAUSE_SECONDS
LOOK_EVERY_SECONDS = 0.05
LONGEST_RUN_SECONDS = 20.0


@app.task(name=jobs.READ_EVENTS, queue="road")
def read_events() -> None:
    """Bring everything that waits from raw events to incidents."""
    _until_quiet(_read_and_judge)


@app.task(name=jobs.DRAIN_RECEIPTS, queue="receipts")
def drain_receipts() -> None:
    """Tell casework what happened to its answers."""
    _until_quiet(lambda now: road.drain_receipts(now=now))


def _read_and_judge(now: datetime) -> int:
    return road.read_events(now=now) + road.judge_messages(now=now)


def _until_quiet(step: Callable[[datetime], int]) -> None:
    started = quiet_since = time.monotonic()
    while (
        time.monotonic() - quiet_since < LINGER_SECONDS and time.monotonic() - started < LONGEST_RUN_SECONDS
    ):
        if step(timezone.now()):
            quiet_since = time.monotonic()
        else:
            time.sleep(LOOK_EVERY_SECONDS)
