"""Working weeks and days as people write them and as rows keep them. Pure."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from otklik.common.text import gettext_noop
from otklik.common.worktime import BadSpans, Span, Spans, WorkCalendar, shortened
from otklik.registry.rules.values import BadValue

Rows = list[list[str]]
"""Spans as a row keeps them: [["09:00", "13:00"], ["14:00", "18:00"]]; an end of 00:00 is the end of the day."""

WEEKDAYS = ("пн", "вт", "ср", "чт", "пт", "сб", "вс")
_DAYS = re.compile(rf"({'|'.join(WEEKDAYS)})(?:[-–]({'|'.join(WEEKDAYS)}))?")
_SPAN = re.compile(r"(\d{1,2}):(\d{2})[-–](\d{1,2}):(\d{2})")
AROUND_THE_CLOCK = "круглосуточно"
_EVE = timedelta(hours=1)


def zone(name: str) -> ZoneInfo:
    """The time zone by its name, Asia/Novosibirsk. Raises BadValue."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise BadValue(
            "timezone",
            gettext_noop("Нет такого часового пояса: %(name)s. Пример: Asia/Novosibirsk."),
            name=name,
        ) from error


def week_of(text: str) -> dict[str, Rows]:
    """«пн-пт 9:00-13:00 14:00-18:00; сб 10:00-14:00» or «круглосуточно» as rows keep it. Raises BadValue."""
    if text.strip().lower() == AROUND_THE_CLOCK:
        return {str(day): [["00:00", "00:00"]] for day in range(7)}
    week: dict[str, Rows] = {}
    for part in filter(None, (part.strip().lower() for part in text.split(";"))):
        days, *spans = part.split()
        rows = [_span(each) for each in spans]
        for day in _days(days):
            if str(day) in week:
                raise BadValue("week", gettext_noop("День недели назван дважды: %(day)s."), day=WEEKDAYS[day])
            week[str(day)] = rows
    return checked_week(week)


def checked_week(week: Mapping[str, Any]) -> dict[str, Rows]:
    """The week when deadlines can be counted by it: spans in order, and some work in it. Raises BadValue."""
    try:
        spans = {int(day): spans_of(rows) for day, rows in week.items()}
        WorkCalendar(tz=ZoneInfo("UTC"), week=spans)
    except (BadSpans, ValueError, TypeError, AttributeError) as error:
        raise BadValue(
            "week", gettext_noop("Часы работы должны идти по порядку и не пересекаться, дни — от 0 до 6.")
        ) from error
    if not any(spans.values()):
        raise BadValue("week", gettext_noop("В неделе нет ни одного рабочего часа."))
    return {str(day): rows_of(each) for day, each in sorted(spans.items()) if each}


def spans_of(rows: Sequence[Sequence[str]]) -> Spans:
    """The spans that a row keeps, as values. Raises ValueError for what is no time."""
    return tuple(Span(time.fromisoformat(start), time.fromisoformat(end)) for start, end in rows)


def rows_of(spans: Spans) -> Rows:
    """The other way round."""
    return [[f"{span.start:%H:%M}", f"{span.end:%H:%M}"] for span in spans]


def hours_of(
    day: date, week: Mapping[str, Rows], *, is_off: bool, hours_less: int, instead_of: date | None
) -> Rows:
    """The spans of a day that differs from this week: none, or the usual ones less `hours_less`.

    A worked weekend has the hours of the day it was exchanged for, `instead_of`.
    """
    if is_off:
        return []
    usual = week.get(str(day.weekday()))
    if not usual and instead_of:
        usual = week.get(str(instead_of.weekday()))
    usual = usual or next(rows for _day, rows in sorted(week.items()) if rows)
    return rows_of(shortened(spans_of(usual), hours_less * _EVE))


def _days(text: str) -> range:
    found = _DAYS.fullmatch(text)
    if not found:
        raise BadValue("week", gettext_noop("Непонятные дни: «%(text)s». Пример: пн-пт или сб."), text=text)
    first = WEEKDAYS.index(found[1])
    last = WEEKDAYS.index(found[2]) if found[2] else first
    if last < first:
        raise BadValue("week", gettext_noop("Непонятные дни: «%(text)s». Пример: пн-пт или сб."), text=text)
    return range(first, last + 1)


def _span(text: str) -> list[str]:
    found = _SPAN.fullmatch(text)
    hours = [int(number) for number in found.groups()] if found else []
    if not hours or hours[1] > 59 or hours[3] > 59 or hours[0] > 23 or hours[2] * 60 + hours[3] > 1440:
        raise BadValue("week", gettext_noop("Непонятные часы: «%(text)s». Пример: 9:00-13:00."), text=text)
    return [f"{hours[0]:02}:{hours[1]:02}", f"{hours[2] % 24:02}:{hours[3]:02}"]
