"""Putting off the wake-up jobs: a table is the queue, the job only says "look now"."""

import time
from threading import Lock

from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from otklik.common.jobs import WAKE_UP_LOCK

# A run that found work looks again for this long (flow.tasks), so a ring inside the pause is never lost.
PAUSE_SECONDS = 0.25
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
