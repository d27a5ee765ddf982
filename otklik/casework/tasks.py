"""The job that writes and reads tables of incidents. It carries nothing: the rows of tables are the queue."""

from procrastinate import JobContext
from procrastinate.contrib.django import app

from otklik.casework.operations import exchange_export, exchange_import
from otklik.common.jobs import EXCHANGE, WAKE_UP_LOCK
from otklik.common.wakeup import until_quiet


@app.task(name=EXCHANGE, queue="tables", lock=WAKE_UP_LOCK[EXCHANGE], pass_context=True)
def exchange(context: JobContext) -> None:
    """Write and read tables until none waits; one at a time on all machines."""
    until_quiet(
        lambda now: exchange_export.write_next(now=now) or exchange_import.work_off(now=now),
        stop=context.should_abort,
    )
