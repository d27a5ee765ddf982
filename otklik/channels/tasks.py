"""The job that empties the outbox. It carries nothing: the table is the queue, it only says "look now"."""

import time

from django.utils import timezone
from procrastinate import JobContext
from procrastinate.contrib.django import app

from otklik.channels import operations
from otklik.common.jobs import DELIVER
from otklik.common.wakeup import PAUSE_SECONDS

BATCH = 64
# What comes due this soon is waited for: the first read-backs after a lost response come within seconds.
LINGER_SECONDS = 6.0


@app.task(name=DELIVER, pass_context=True)
def deliver(context: JobContext) -> None:
    """Deliver until nothing is due, then look again for a while; a ring inside a pause is never lost."""
    quiet_since = time.monotonic()
    while not context.should_abort() and time.monotonic() - quiet_since < LINGER_SECONDS:
        if operations.deliver_due(limit=BATCH, clock=timezone.now):
            quiet_since = time.monotonic()
        else:
            time.sleep(PAUSE_SECONDS)
