"""The region of this deployment, its territory and its working time."""

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.core.cache import cache
from django.db import transaction

from otklik.audit import operations as audit
from otklik.common import worktime
from otklik.common.actor import Actor
from otklik.registry.calendars import DEFAULT_WEEK
from otklik.registry.models import CalendarDay, Municipality, Region, WorkCalendar

CALENDAR_CACHE_SECONDS = 60


@transaction.atomic
def set_shape(
    *, municipality: Municipality, shape: Mapping[str, Any], schematic: bool, by: Actor, now: datetime
) -> None:
    """The outline on the map, as GeoJSON geometry; `schematic` when it is not the true boundary."""
    municipality.shape, municipality.shape_is_schematic = dict(shape), schematic
    municipality.save(update_fields=["shape", "shape_is_schematic"])
    audit.record(by=by, verb="set_shape", subject=municipality, now=now, schematic=schematic)


def region() -> Region | None:
    """The region of this deployment, or None before it is set up."""
    found: Region | None = cache.get("region")
    if found is None:
        found = Region.objects.select_related("calendar").first()
        if found:
            cache.set("region", found, CALENDAR_CACHE_SECONDS)
    return found


def working_calendar() -> worktime.WorkCalendar:
    """The region's working time as a value; without a region the plain week of Moscow."""
    value: worktime.WorkCalendar | None = cache.get("working_calendar")
    if value is None:
        here = region()
        value = calendar_value(here.calendar) if here else worktime.WorkCalendar(tz=ZoneInfo("Europe/Moscow"))
        cache.set("working_calendar", value, CALENDAR_CACHE_SECONDS)
    return value


def calendar_value(calendar: WorkCalendar) -> worktime.WorkCalendar:
    """The rows of a calendar as a value that counts."""
    days = CalendarDay.objects.filter(calendar=calendar)
    return worktime.WorkCalendar(
        tz=ZoneInfo(calendar.timezone),
        week={int(day): _spans(spans) for day, spans in (calendar.week or DEFAULT_WEEK).items()},
        days={day.date: _spans(day.spans) for day in days},
    )


def local_date(at: datetime) -> date:
    """The day on which the instant falls in the region."""
    return at.astimezone(working_calendar().tz).date()


def _spans(raw: list[list[str]]) -> tuple[worktime.Span, ...]:
    return tuple(worktime.Span(time.fromisoformat(start), time.fromisoformat(end)) for start, end in raw)
