"""The job that reads, applies and takes back tables. It carries nothing: the rows of imports are the queue."""

from procrastinate import JobContext
from procrastinate.contrib.django import app

from otklik.common.jobs import TABLES, WAKE_UP_LOCK
from otklik.common.wakeup import until_quiet
from otklik.registry.operations import imports


@app.task(name=TABLES, queue="tables", lock=WAKE_UP_LOCK[TABLES], pass_context=True)
def tables(context: JobContext) -> None:
    """Carry out steps of imports until none waits; one at a time on all machines."""
    until_quiet(lambda now: imports.work_off(now=now), stop=context.should_abort)
