"""The wake-up jobs of the road. A table is the queue; a job looks until nothing is left, and then a little longer."""

from datetime import datetime

from django.utils import timezone
from procrastinate import JobContext
from procrastinate.contrib.django import app

from otklik.common import jobs
from otklik.common.wakeup import until_quiet
from otklik.flow import road
from otklik.triage import operations as triage


@app.task(name=jobs.READ_EVENTS, queue="road", pass_context=True)
def read_events(context: JobContext) -> None:
    """Bring everything that waits from raw events to incidents."""
    until_quiet(_read_and_judge, stop=context.should_abort)


@app.task(name=jobs.DRAIN_RECEIPTS, queue="receipts", pass_context=True)
def drain_receipts(context: JobContext) -> None:
    """Tell casework what happened to its answers."""
    until_quiet(lambda now: road.drain_receipts(now=now), stop=context.should_abort)


@app.task(name=jobs.TRAIN, queue="training", lock="train")
def train() -> None:
    """Teach the models that wait; the road goes on beside."""
    while triage.train_next(now=timezone.now()):
        pass


@app.task(name=jobs.EXAMPLES, queue="tables", lock="examples")
def read_examples() -> None:
    """Read the tables of examples that wait."""
    while triage.read_next(now=timezone.now()):
        pass


def _read_and_judge(now: datetime) -> int:
    return road.read_events(now=now) + road.judge_messages(now=now)
