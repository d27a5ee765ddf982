"""Dates and times as people say them: short and relative near now, in the active language and time zone."""

from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.dates import MONTHS_ALT, WEEKDAYS
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _


def when(at: datetime, now: datetime) -> str:
    """`10:41` today, `вчера 18:20`, `завтра 09:30`, `19 ноября` in this year, `19 ноября 2025` otherwise."""
    local, today = timezone.localtime(at), timezone.localtime(now).date()
    clock = f"{local:%H:%M}"
    if local.date() == today:
        return clock
    if local.date() == today - timedelta(days=1):
        return _("вчера %(time)s") % {"time": clock}
    if local.date() == today + timedelta(days=1):
        return _("завтра %(time)s") % {"time": clock}
    return date_format(local, "j E" if local.year == today.year else "j E Y")


def moment(at: datetime, now: datetime) -> str:
    """The same with the time of day even for a distant date: `19 ноября, 10:41`."""
    short = when(at, now)
    return short if ":" in short else f"{short}, {timezone.localtime(at):%H:%M}"


def in_full(at: datetime) -> str:
    """`пятница 20 ноября 2026, 10:41`."""
    local = timezone.localtime(at)
    weekday, month = str(WEEKDAYS[local.weekday()]), str(MONTHS_ALT[local.month])
    # In Russian the days of the week are no names.
    weekday = weekday.lower() if get_language() == "ru" else weekday
    return f"{weekday} {local.day} {month} {local.year}, {local:%H:%M}"
