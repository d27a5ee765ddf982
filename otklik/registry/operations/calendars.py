"""Whose calendar it is: bodies with working time of their own."""

from datetime import datetime

from django.core.cache import cache
from django.db import transaction

from otklik.common.actor import Actor
from otklik.registry.calendars import CACHED
from otklik.registry.models import Organization, WorkCalendar
from otklik.registry.operations.edits import Doing, Edit, locked, write


@transaction.atomic
def give_calendar(
    *,
    organization: Organization,
    calendar: WorkCalendar | None,
    by: Actor,
    now: datetime,
    reason: str = "",
) -> Organization:
    """The body, and those below it that have none of their own, work by this calendar; None takes it back.

    Deadlines that are set already do not move.
    """
    fresh = locked(Organization, [organization.pk])[organization.pk]
    write([Edit(fresh, {"calendar": calendar})], Doing("give_calendar", by, now, reason))
    cache.delete(CACHED)
    return fresh
