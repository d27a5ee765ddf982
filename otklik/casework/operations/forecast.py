"""The forecast of the day: what will be late, by body, and how many working hours each needs to clear its queue."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Case, CharField, Count, F, IntegerField, Min, Q, Value, When

from otklik.casework.models import TICKING_STATES, Incident
from otklik.casework.rules import CENTER_STATES
from otklik.casework.rules.forecast import Forecast, Load, forecast_of
from otklik.registry import operations as registry

PACE_DAYS = 28
"""The pace of a body is that of four weeks, or of the time since it had its first incident of these."""
_DAY = timedelta(days=1)


class BodyForecast(NamedTuple):
    """A line of the forecast; the centre itself has no organisation."""

    organization_id: int | None
    name: str
    forecast: Forecast


def forecast(*, now: datetime) -> list[BodyForecast]:
    """The forecast to the end of the region's day for every body that has something to answer, the worst first."""
    zone = registry.working_calendar().tz
    local = now.astimezone(zone)
    evening = datetime(local.year, local.month, local.day, tzinfo=zone) + _DAY
    paces = _paces(now)
    lines = []
    for row in _waiting(now, evening):
        calendar = registry.working_calendar_of(row["body"])
        answered, since = paces.get(row["body"], (0, now))
        load = Load(
            waiting=row["waiting"],
            late=row["late"],
            today=list(zip(row["dues"] or (), row["priorities"] or (), strict=True)),
            answered=answered,
            worked=calendar.between(since, now),
        )
        lines.append(BodyForecast(row["body"], row["name"] or "", forecast_of(load, now, calendar)))
    return sorted(lines, key=lambda line: (-line.forecast.late_today, -line.forecast.late, line.name))


def _waiting(now: datetime, evening: datetime) -> Iterable[Any]:
    running = Incident.objects.filter(state__in=TICKING_STATES, first_answer_at=None, paused_at=None)
    today = Q(due_at__gte=now, due_at__lt=evening)
    of_center = When(state__in=sorted(CENTER_STATES), then=Value(None))
    return (
        running.annotate(
            body=Case(of_center, default=F("executor_id"), output_field=IntegerField()),
            name=Case(of_center, default=F("executor__short_name"), output_field=CharField()),
        )
        .order_by()
        .values("body", "name")
        .annotate(
            waiting=Count("pk"),
            late=Count("pk", filter=Q(due_at__lt=now)),
            dues=ArrayAgg("due_at", filter=today, order_by=("due_at", "pk")),
            priorities=ArrayAgg("priority", filter=today, order_by=("due_at", "pk")),
        )
    )


def _paces(now: datetime) -> dict[int | None, tuple[int, datetime]]:
    """First answers of each body, and the moment since when it had something to answer."""
    # By the day of receipt, which has an index: a million old incidents are not looked through for four weeks.
    since = now - PACE_DAYS * _DAY
    rows = (
        Incident.objects.filter(received_at__gte=since)
        .order_by()
        .values_list("executor_id")
        .annotate(answered=Count("pk", filter=Q(first_answer_at__gte=since)), first=Min("received_at"))
    )
    return {body: (answered, first) for body, answered, first in rows}
