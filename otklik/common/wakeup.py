"""Putting off the wake-up jobs: a table is the queue, the job only says "look now"."""

import time
from collections.abc import Callable
from datetime import datetime
from threading import Lock

from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from otklik.common.jobs import WAKE_UP_LOCK

# A run that found work looks again for longer than this, so a ring inside the pause is never lost.
PAUSE_SECONDS = 0.25
LINGER_SECONDS = 4 * PAUSE_SECONDS
LOOK_EVERY_SECONDS = 0.1
# Then the job ends and, if there is more, another one runs: a stop never waits for a flood to pass.
LONGEST_RUN_SECONDS = 20.0
_rung: dict[str, float] = {}
_guard = Lock()


def wake_up(job: str) -> None:
    """Put off `job` once, in the transaction of the caller; nothing happens when it already waits."""
    try:
        with transaction.atomic():
            app.configure_task(job, queueing_lock=WAKE_UP_LOCK[job]).defer()
    except AlreadyEnqueued:
        return


def ring(job: str) -> None:
    """Put off `job` outside any transaction, at most once in PAUSE_SECONDS for this process.

    For the accepting of events, where a job for each would cost more than the event itself: every job notifies,
    and PostgreSQL lets transactions that notify commit only one after another.
    """
    now = time.monotonic()
    with _guard:
        if now - _rung.get(job, -1.0) < PAUSE_SECONDS:
            return
        _rung[job] = now
    wake_up(job)


def until_quiet(
    step: Callable[[datetime], int],
    *,
    stop: Callable[[], bool] = lambda: False,
    linger: float = LINGER_SECONDS,
) -> None:
    """Do `step` (given the time, it returns how much it did) until nothing was left for `linger` seconds.

    A run that finds nothing at all ends at once, unless it was woken for what is due a little later: whoever
    rings has committed before.
    """
    started = quiet_since = time.monotonic()
    while not stop() and time.monotonic() - started < LONGEST_RUN_SECONDS:
        if step(timezone.now()):
            quiet_since = time.monotonic()
        elif quiet_since == started or time.monotonic() - quiet_since >= linger:
            return
        else:
            time.sleep(LOOK_EVERY_SECONDS)
