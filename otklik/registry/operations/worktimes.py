"""Working time as values that count: of the region, and of bodies that have calendars of their own.

A process keeps the values it made, and looks at the rows again after a minute, or at once after a verb of its own.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time
from uuid import uuid4
from zoneinfo import ZoneInfo

from django.core.cache import cache

from otklik.common import worktime
from otklik.registry.calendars import CACHED, DEFAULT_WEEK
from otklik.registry.models import CalendarDay, Organization, Region, WorkCalendar

CALENDAR_CACHE_SECONDS = 60


@dataclass(slots=True)
class _Known:
    """What this process knows under one mark of the cache; it comes as it is asked for."""

    mark: str
    # Those that have a calendar of their own or of somebody above them → the calendar's id.
    owners: Mapping[int, int] | None = None
    # By the calendar's id; under None that of the region.
    values: dict[int | None, worktime.WorkCalendar] = field(default_factory=dict)
    # Made from the same rows before: a value that is still right is given again, so what it laid out serves on.
    before: Mapping[int | None, worktime.WorkCalendar] = field(default_factory=dict)


class _Memory:
    known: _Known | None = None


def working_calendar() -> worktime.WorkCalendar:
    """The region's working time as a value; without a region the plain week of Moscow."""
    return _value(_known(), None)


def working_calendar_of(organization_id: int | None) -> worktime.WorkCalendar:
    """The working time of a body: its own, else that of the nearest above it that has one, else the region's."""
    known = _known()
    if known.owners is None:
        known.owners = _owners()
    return _value(known, known.owners.get(organization_id) if organization_id else None)


def calendar_value(calendar: WorkCalendar) -> worktime.WorkCalendar:
    """The rows of a calendar as a value that counts."""
    days = CalendarDay.objects.filter(calendar=calendar)
    return worktime.WorkCalendar(
        tz=ZoneInfo(calendar.timezone),
        week={int(day): _spans(spans) for day, spans in (calendar.week or DEFAULT_WEEK).items()},
        days={day.date: _spans(day.spans) for day in days},
    )


def _known() -> _Known:
    # Only a mark is kept in the cache: a calendar taken out of it would be made anew each time.
    mark = cache.get(CACHED)
    known = _Memory.known
    if known is None or mark is None or known.mark != mark:
        mark = mark or uuid4().hex
        _Memory.known = known = _Known(mark, before=known.values if known else {})
        cache.set(CACHED, mark, CALENDAR_CACHE_SECONDS)
    return known


def _owners() -> dict[int, int]:
    own = dict(
        Organization.objects.filter(calendar__isnull=False).values_list("pk", "calendar_id", named=False)
    )
    if not own:
        return {}
    below = Organization.objects.subtree_of(list(own)).values_list("pk", "path")
    return {pk: next(own[each] for each in reversed(path) if each in own) for pk, path in below}


def _value(known: _Known, calendar_id: int | None) -> worktime.WorkCalendar:
    found = known.values.get(calendar_id)
    if found is None:
        made = _made(calendar_id)
        old = known.before.get(calendar_id)
        found = known.values[calendar_id] = old if old == made else made
    return found


def _made(calendar_id: int | None) -> worktime.WorkCalendar:
    if calendar_id is not None:
        return calendar_value(WorkCalendar.objects.get(pk=calendar_id))
    region = Region.objects.select_related("calendar").first()
    return calendar_value(region.calendar) if region else _PLAIN


def _spans(raw: list[list[str]]) -> tuple[worktime.Span, ...]:
    return tuple(worktime.Span(time.fromisoformat(start), time.fromisoformat(end)) for start, end in raw)


_PLAIN = worktime.WorkCalendar(tz=ZoneInfo("Europe/Moscow"))
