"""Jobs of casework: tables, replies to many people or questions, moderation. They carry nothing: rows are the queue."""

from django.utils import timezone
from procrastinate import JobContext
from procrastinate.contrib.django import app

from otklik.casework.operations import (
    assembling,
    exchange_export,
    exchange_import,
    mass_fan_out,
    moderation_doing,
)
from otklik.common.jobs import ASSEMBLE, EXCHANGE, FAN_OUT, MODERATE, WAKE_UP_LOCK
from otklik.common.wakeup import until_quiet

# Longer than the tenth of a minute by which the pace is counted.
MASS_LINGER_SECONDS = 7.0


@app.task(name=EXCHANGE, queue="tables", lock=WAKE_UP_LOCK[EXCHANGE], pass_context=True)
def exchange(context: JobContext) -> None:
    """Write and read tables until none waits; one at a time on all machines."""
    until_quiet(
        lambda now: exchange_export.write_next(now=now) or exchange_import.work_off(now=now),
        stop=context.should_abort,
    )


# Without a lock of the queue: one that a killed worker holds would stop everybody. The verb lets one feed at a time.
@app.task(name=FAN_OUT, queue="outbox", pass_context=True)
def fan_out(context: JobContext) -> None:
    """Queue replies of mass problems at their pace; a pause of the pace is waited for."""
    until_quiet(lambda now: mass_fan_out.feed(now=now), stop=context.should_abort, linger=MASS_LINGER_SECONDS)


@app.task(name=MODERATE, queue="outbox", pass_context=True)
def moderate(context: JobContext) -> None:
    """Carry out what was decided about comments until nothing is due."""
    until_quiet(lambda _now: moderation_doing.carry_out_next(clock=timezone.now), stop=context.should_abort)


@app.task(name=ASSEMBLE, queue="outbox", pass_context=True)
def assemble(context: JobContext) -> None:
    """Let out the replies that are complete, or whose time has come."""
    until_quiet(lambda now: assembling.assemble_next(now=now), stop=context.should_abort)
