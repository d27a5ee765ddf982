"""The job that empties the outbox. It carries nothing: the table is the queue, it only says "look now"."""

from django.utils import timezone
from procrastinate import JobContext
from procrastinate.contrib.django import app

from otklik.channels import operations
from otklik.common.jobs import DELIVER
from otklik.common.wakeup import until_quiet

BATCH = 64
# What comes due this soon is waited for: the first read-backs after a lost response come within seconds.
LINGER_SECONDS = 6.0


@app.task(name=DELIVER, queue="outbox", pass_context=True)
def deliver(context: JobContext) -> None:
    """Deliver until nothing is due, then look again for a while; a ring inside a pause is never lost."""
    until_quiet(
        lambda _now: operations.deliver_due(limit=BATCH, clock=timezone.now),
        stop=context.should_abort,
        linger=LINGER_SECONDS,
    )
