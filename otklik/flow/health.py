"""How the system is, in a few numbers: for /readyz and for the doctor."""

from datetime import datetime
from typing import Any

from django.db import Error, connection

from otklik.channels.models import Delivery
from otklik.inbox.models import RawEvent, SourceMessage

# The worker looks for work every few seconds by itself: a minute of waiting means that none runs.
LAG_LIMIT_SECONDS = 60.0


def report(now: datetime) -> dict[str, Any]:
    """{"status": "ok" | "lagging" | "no database", "database", "queue": ages in seconds and counts}."""
    try:
        queue = _queue(now)
    except Error as error:
        return {"status": "no database", "database": type(error).__name__, "queue": {}}
    lag = max(queue["oldest_event_seconds"], queue["oldest_message_seconds"], queue["oldest_job_seconds"])
    return {"status": "ok" if lag < LAG_LIMIT_SECONDS else "lagging", "database": "ok", "queue": queue}


def _queue(now: datetime) -> dict[str, Any]:
    event = RawEvent.objects.filter(state="new").order_by("id").first()
    message = SourceMessage.objects.untriaged().first()
    delivery = Delivery.objects.due(now).first()
    return {
        "oldest_event_seconds": _age(event.received_at if event else None, now),
        "oldest_message_seconds": _age(message.received_at if message else None, now),
        "oldest_delivery_seconds": _age(delivery.next_attempt_at if delivery else None, now),
        "oldest_job_seconds": _oldest_job_seconds(),
        "failed_events": RawEvent.objects.filter(state="failed").count(),
    }


def _age(since: datetime | None, now: datetime) -> float:
    return max(round((now - since).total_seconds(), 1), 0.0) if since else 0.0


def _oldest_job_seconds() -> float:
    """Age of the oldest job that is due and was not taken: its first event says when it was put off."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select coalesce(extract(epoch from now() - min(coalesce(j.scheduled_at, e.at))), 0)"
            " from procrastinate_jobs j join procrastinate_events e on e.job_id = j.id and e.type = 'deferred'"
            " where j.status = 'todo' and (j.scheduled_at is null or j.scheduled_at <= now())"
        )
        row = cursor.fetchone()
    return max(round(float(row[0]), 1), 0.0) if row else 0.0
