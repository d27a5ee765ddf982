"""Setting up the region, and filling working calendars: the region's and those of bodies."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.cache import cache
from django.db import transaction

from otklik.audit import operations as audit
from otklik.common.actor import Actor
from otklik.registry.models import CalendarDay, Region, WorkCalendar
from otklik.registry.production_calendars import read_calendar
from otklik.registry.rules.calendars import checked_week, hours_of, zone
from otklik.registry.rules.values import required_line
from otklik.registry.russian_days import SpecialDay, special_days

DEFAULT_WEEK: dict[str, Any] = {str(day): [["09:00", "13:00"], ["14:00", "18:00"]] for day in range(5)}
CACHED = "working_calendars"
"""The mark under which processes keep the values of calendars; who changes one deletes it."""


def forget_calendars() -> None:
    """Values of calendars are made anew from the rows: for who took a change of them back."""
    cache.delete(CACHED)


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a year did to a calendar. `others` are days of that year that only the calendar has, left as they are."""

    year: int
    added: int = 0
    changed: int = 0
    same: int = 0
    removed: int = 0
    others: int = 0


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
    cache.delete_many(["region", CACHED])
    return region


@transaction.atomic
def save_calendar(
    *, name: str, timezone: str, week: dict[str, Any], by: Actor, now: datetime
) -> WorkCalendar:
    """A calendar with this name, new or changed: zone and week, several spans a day. Its days stay. Raises BadValue.

    Deadlines that are set already do not move: they were promised by the old one.
    """
    values: dict[str, Any] = {"timezone": zone(timezone).key, "week": checked_week(week)}
    calendar, created = WorkCalendar.objects.select_for_update(of=("self",)).get_or_create(
        name=required_line("name", name, 100), defaults=values
    )
    if created or (calendar.timezone, calendar.week) != (values["timezone"], values["week"]):
        calendar.timezone, calendar.week = values["timezone"], values["week"]
        calendar.save(update_fields=["timezone", "week"])
        audit.record(by=by, verb="save_calendar", subject=calendar, now=now, name=calendar.name, **values)
        cache.delete(CACHED)
    return calendar


@transaction.atomic
def fill_calendar(*, calendar: WorkCalendar, first: int, last: int, by: Actor, now: datetime) -> int:
    """Add the public holidays, moved and shortened days of these years; days that are there stay as they are."""
    known = set(CalendarDay.objects.filter(calendar=calendar).values_list("date", flat=True))
    rows = _rows(calendar, (day for day in special_days(first, last) if day.date not in known))
    CalendarDay.objects.bulk_create(rows)
    if rows:
        audit.record(
            by=by, verb="fill_calendar", subject=calendar, now=now, first=first, last=last, days=len(rows)
        )
        cache.delete(CACHED)
    return len(rows)


@transaction.atomic
def load_calendar(
    *, calendar: WorkCalendar, content: bytes, by: Actor, now: datetime, exact: bool = False
) -> Loaded:
    """Take a year from a file of the production calendar; the same file twice changes nothing.

    With `exact` days of that year that the file does not have are removed, otherwise they stay. Deadlines that are
    set already do not move. Raises BadCalendarFile, and then nothing is written.
    """
    year, days = read_calendar(content)
    calendar = WorkCalendar.objects.select_for_update(of=("self",)).get(pk=calendar.pk)
    known = {day.date: day for day in CalendarDay.objects.filter(calendar=calendar, date__year=year)}
    rows = _rows(calendar, days)
    fresh = [row for row in rows if row.date not in known]
    changed = [_taken(known[row.date], row) for row in rows if row.date in known and _differs(known, row)]
    others = [day.pk for day in known.values() if day.date not in {row.date for row in rows}]
    CalendarDay.objects.bulk_create(fresh)
    CalendarDay.objects.bulk_update(changed, ["spans", "note"])
    removed = CalendarDay.objects.filter(pk__in=others).delete()[0] if exact and others else 0
    same = len(rows) - len(fresh) - len(changed)
    loaded = Loaded(year, len(fresh), len(changed), same, removed, len(others) - removed)
    if fresh or changed or removed:
        told = f"{loaded.added} + {loaded.changed} − {removed}"
        audit.record(by=by, verb="load_calendar", subject=calendar, now=now, year=year, days=told)
        cache.delete(CACHED)
    return loaded


def _rows(calendar: WorkCalendar, days: Iterable[SpecialDay]) -> list[CalendarDay]:
    week = calendar.week or DEFAULT_WEEK
    return [
        CalendarDay(
            calendar=calendar,
            date=day.date,
            spans=hours_of(
                day.date, week, is_off=day.is_off, hours_less=day.hours_less, instead_of=day.instead_of
            ),
            note=day.note[:200],
        )
        for day in days
    ]


def _differs(known: dict[date, CalendarDay], row: CalendarDay) -> bool:
    # Words alone are no reason: the library and the file call the same holiday differently.
    return bool(known[row.date].spans != row.spans)


def _taken(old: CalendarDay, new: CalendarDay) -> CalendarDay:
    old.spans, old.note = new.spans, new.note
    return old
