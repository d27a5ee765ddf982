"""Setting up the region and filling its working calendar."""

from datetime import datetime, timedelta
from typing import Any

from django.core.cache import cache
from django.db import transaction

from otklik.audit import operations as audit
from otklik.common.actor import Actor
from otklik.common.worktime import OFFICE_DAY, Spans, shortened
from otklik.registry.models import CalendarDay, Region, WorkCalendar
from otklik.registry.russian_days import SpecialDay, special_days

DEFAULT_WEEK: dict[str, Any] = {str(day): [["09:00", "13:00"], ["14:00", "18:00"]] for day in range(5)}


@transaction.atomic
def set_up_region(
    *, name: str, code: str, timezone: str, by: Actor, now: datetime, is_demo: bool = False
) -> Region:
    """The one region of this deployment with its working week, or a new name for it; the code never changes."""
    calendar, _ = WorkCalendar.objects.get_or_create(
        name=name, defaults={"timezone": timezone, "week": DEFAULT_WEEK}
    )
    region, created = Region.objects.get_or_create(
        code=code, defaults={"name": name, "calendar": calendar, "is_demo": is_demo}
    )
    if not created:
        region.name, region.calendar = name, calendar
        region.save(update_fields=["name", "calendar"])
    audit.record(by=by, verb="set_up_region", subject=region, now=now, name=name, timezone=timezone)
    cache.delete_many(["region", "working_calendar"])
    return region


@transaction.atomic
def fill_calendar(*, calendar: WorkCalendar, first: int, last: int, by: Actor, now: datetime) -> int:
    """Add the public holidays, moved and shortened days of these years; days that are there stay as they are."""
    known = set(CalendarDay.objects.filter(calendar=calendar).values_list("date", flat=True))
    rows = [
        CalendarDay(calendar=calendar, date=day.date, spans=_spans(day), note=day.note)
        for day in special_days(first, last)
        if day.date not in known
    ]
    CalendarDay.objects.bulk_create(rows)
    if rows:
        audit.record(
            by=by, verb="fill_calendar", subject=calendar, now=now, first=first, last=last, days=len(rows)
        )
        cache.delete("working_calendar")
    return len(rows)


def _spans(day: SpecialDay) -> list[list[str]]:
    left: Spans = () if day.is_off else shortened(OFFICE_DAY, timedelta(hours=day.hours_less))
    return [[f"{span.start:%H:%M}", f"{span.end:%H:%M}"] for span in left]
