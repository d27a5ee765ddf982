"""Jobs of the desk, put off by their names from below: they carry nothing and may be repeated."""

from django.utils import timezone
from procrastinate.contrib.django import app

from otklik.common.jobs import SEARCHES, WAKE_UP_LOCK
from otklik.desk import searches


@app.task(name=SEARCHES, queue="tables", lock=WAKE_UP_LOCK[SEARCHES])
def forget_searches() -> None:
    """After an erasure: take out of people's saved views the words that are of nobody any more."""
    searches.forget_searches(now=timezone.now())
