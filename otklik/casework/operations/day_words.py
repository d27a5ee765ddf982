"""Words of answers that depend on the calendar."""

from datetime import datetime

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext

from otklik.registry import operations as registry


def day_words(at: datetime, *, now: datetime) -> str:
    """The day of a moment in the region: «12 мая», and «12 мая 2027 года» of a year that is not the year of `now`."""
    zone = registry.working_calendar().tz
    day, year = date_format(localtime(at, zone), "j E"), localtime(at, zone).year
    if year == localtime(now, zone).year:
        return day
    return gettext("%(day)s %(year)s года") % {"day": day, "year": year}
