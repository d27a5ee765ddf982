"""Working-time arithmetic against a minute-by-minute oracle that knows nothing but wall-clock time."""

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from xml.etree import ElementTree
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from otklik.common.worktime import (
    OFFICE_DAY,
    OFFICE_WEEK,
    ROUND_THE_CLOCK,
    BadSpans,
    NoWorkingTime,
    Span,
    Spans,
    WorkCalendar,
    shortened,
)

MINUTE = timedelta(minutes=1)
NOVOSIBIRSK = ZoneInfo("Asia/Novosibirsk")
REAL_CALENDARS = Path(__file__).resolve().parents[3] / "shared/data/reference/calendar_ru"
# The last two moved their clocks inside the range of dates below, one of them at midnight.
ZONES = ["Asia/Novosibirsk", "Europe/Kaliningrad", "Asia/Kamchatka", "Europe/Berlin", "America/Asuncion"]
FIRST = datetime(2016, 3, 1, tzinfo=UTC)


@st.composite
def day_spans(draw: st.DrawFn) -> Spans:
    edges = sorted(draw(st.sets(st.integers(0, 1440), max_size=6)))
    pairs = zip(edges[::2], edges[1::2], strict=False)
    return tuple(Span(time(a // 60, a % 60), time(b // 60 % 24, b % 60)) for a, b in pairs)


@st.composite
def calendars(draw: st.DrawFn) -> WorkCalendar:
    near = st.dates(date(2016, 2, 25), date(2016, 12, 1))
    return WorkCalendar(
        tz=ZoneInfo(draw(st.sampled_from(ZONES))),
        week=draw(st.just(OFFICE_WEEK) | st.dictionaries(st.integers(0, 6), day_spans(), max_size=7)),
        days=draw(st.dictionaries(near, day_spans(), max_size=8)),
    )


instants = st.integers(0, 270 * 1440).map(lambda minutes: FIRST + minutes * MINUTE)


def worked(calendar: WorkCalendar, at: datetime) -> bool:
    local = at.astimezone(calendar.tz)
    minute = local.hour * 60 + local.minute
    return any(
        span.start.hour * 60 + span.start.minute <= minute < (span.end.hour * 60 + span.end.minute or 1440)
        for span in calendar.spans_of(local.date())
    )


@given(calendars(), instants, st.integers(0, 6 * 1440))
@settings(max_examples=60, deadline=None)
def test_between_counts_the_worked_minutes(calendar: WorkCalendar, start: datetime, minutes: int) -> None:
    count = sum(worked(calendar, start + step * MINUTE) for step in range(minutes))
    end = start + minutes * MINUTE
    assert calendar.between(start, end) == count * MINUTE
    assert calendar.between(end, start) == -count * MINUTE


@given(calendars(), instants, st.integers(1, 900))
@settings(max_examples=60, deadline=None)
def test_add_stops_when_the_minutes_are_worked(calendar: WorkCalendar, start: datetime, amount: int) -> None:
    left, at = amount, start
    for _ in range(9 * 1440):
        left -= worked(calendar, at)
        at += MINUTE
        if not left:
            assert calendar.add(start, amount * MINUTE) == at
            return
    try:
        assert calendar.add(start, amount * MINUTE) >= at
    except NoWorkingTime:
        assert calendar.between(start, start + timedelta(days=400)) < amount * MINUTE


@given(calendars(), instants)
@settings(max_examples=60, deadline=None)
def test_next_start_is_the_first_worked_minute(calendar: WorkCalendar, start: datetime) -> None:
    first = next((m for m in range(6 * 1440) if worked(calendar, start + m * MINUTE)), None)
    if first is None:
        return
    found = calendar.next_start(start)
    assert found == start + first * MINUTE
    assert calendar.is_working(found)
    assert calendar.is_working(start) == (first == 0)


@given(instants, st.timedeltas(timedelta(0), timedelta(days=900)))
@settings(max_examples=100, deadline=None)
def test_add_and_between_agree_over_years(start: datetime, amount: timedelta) -> None:
    calendar = WorkCalendar(tz=ZoneInfo("Europe/Berlin"))
    end = calendar.add(start, amount)
    assert calendar.between(start, end) == amount
    assert end.tzinfo is UTC


def novosibirsk(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2025, 6, day, hour, minute, tzinfo=NOVOSIBIRSK)


def test_what_comes_at_night_starts_in_the_morning_and_lunch_does_not_count() -> None:
    calendar = WorkCalendar(tz=NOVOSIBIRSK)
    assert calendar.add(novosibirsk(2, 3), timedelta(hours=8)) == novosibirsk(2, 18)
    assert calendar.add(novosibirsk(2, 12, 30), timedelta(hours=1)) == novosibirsk(2, 14, 30)
    assert calendar.add(novosibirsk(6, 17), timedelta(hours=2)) == novosibirsk(9, 10)
    assert calendar.add(novosibirsk(7, 12), timedelta(0)) == novosibirsk(7, 12)


def test_moved_and_shortened_days() -> None:
    eve = shortened(OFFICE_DAY, timedelta(hours=1))
    assert eve == (Span(time(9), time(13)), Span(time(14), time(17)))
    days = {
        date(2025, 6, 7): OFFICE_DAY,
        date(2025, 6, 11): eve,
        date(2025, 6, 12): (),
        date(2025, 6, 13): (),
    }
    calendar = WorkCalendar(tz=NOVOSIBIRSK, days=days)
    assert calendar.is_working(novosibirsk(7, 10))
    assert calendar.add(novosibirsk(11, 16), timedelta(hours=2)) == novosibirsk(16, 10)
    assert calendar.working_days_after(novosibirsk(10, 12), 1) == novosibirsk(11, 17)
    assert calendar.working_days_after(novosibirsk(10, 12), 2) == novosibirsk(16, 18)
    assert calendar.working_days_before(novosibirsk(16, 12), 3) == novosibirsk(9, 9)
    assert calendar.working_days_before(novosibirsk(15, 12), 3) == novosibirsk(9, 9)


def test_a_long_cut_takes_whole_spans() -> None:
    assert shortened(OFFICE_DAY, timedelta(hours=5)) == (Span(time(9), time(12)),)
    assert shortened(OFFICE_DAY, timedelta(hours=9)) == ()
    assert shortened((Span(time(20), time(0)),), timedelta(hours=1)) == (Span(time(20), time(23)),)


def test_round_the_clock_counts_every_minute() -> None:
    start = novosibirsk(7, 23, 40)
    assert ROUND_THE_CLOCK.add(start, timedelta(hours=1)) == start + timedelta(hours=1)
    assert ROUND_THE_CLOCK.between(start, start + timedelta(days=800)) == timedelta(days=800)
    assert ROUND_THE_CLOCK.is_working(start)


def test_a_calendar_is_a_value() -> None:
    days: dict[date, Spans] = {date(2025, 6, 2): ()}
    calendar = WorkCalendar(tz=NOVOSIBIRSK, days=days)
    twin = WorkCalendar(tz=NOVOSIBIRSK, days=dict(days))
    days[date(2025, 6, 3)] = ()
    assert calendar == twin
    assert hash(calendar) == hash(twin)
    assert calendar.is_working(novosibirsk(3, 10))
    assert calendar != WorkCalendar(tz=NOVOSIBIRSK)


def test_a_calendar_without_work_says_so() -> None:
    start = novosibirsk(2, 10)
    empty = WorkCalendar(tz=NOVOSIBIRSK, week={})
    for ask in (lambda: empty.add(start, MINUTE), lambda: empty.next_start(start)):
        with pytest.raises(NoWorkingTime):
            ask()
    with pytest.raises(NoWorkingTime):
        empty.working_days_after(start, 1)
    once = WorkCalendar(tz=NOVOSIBIRSK, week={}, days={date(2031, 1, 9): OFFICE_DAY})
    assert once.next_start(start) == datetime(2031, 1, 9, 9, tzinfo=NOVOSIBIRSK)
    assert once.working_days_after(start, 1) == datetime(2031, 1, 9, 18, tzinfo=NOVOSIBIRSK)
    with pytest.raises(NoWorkingTime):
        once.working_days_after(start, 2)


@pytest.mark.parametrize(
    "spans",
    [
        (Span(time(10), time(9)),),
        (Span(time(9), time(13)), Span(time(12), time(18))),
        (Span(time(14), time(18)), Span(time(9), time(13))),
        (Span(time(9), time(9)),),
    ],
)
def test_crooked_spans_are_refused(spans: Spans) -> None:
    with pytest.raises(BadSpans):
        WorkCalendar(tz=NOVOSIBIRSK, week={0: spans})
    with pytest.raises(BadSpans):
        WorkCalendar(tz=NOVOSIBIRSK, days={date(2025, 1, 1): spans})


def test_senseless_questions_are_refused() -> None:
    calendar = WorkCalendar(tz=NOVOSIBIRSK)
    naive = datetime(2025, 6, 2, 10)
    with pytest.raises(ValueError, match="time zone"):
        calendar.add(naive, MINUTE)
    with pytest.raises(ValueError, match="time zone"):
        calendar.is_working(naive)
    with pytest.raises(ValueError, match="negative"):
        calendar.add(novosibirsk(2, 10), -MINUTE)
    with pytest.raises(ValueError, match="at least one"):
        calendar.working_days_after(novosibirsk(2, 10), 0)
    with pytest.raises(BadSpans):
        WorkCalendar(tz=NOVOSIBIRSK, week={7: OFFICE_DAY})


def read_production_calendar(path: Path) -> dict[date, Spans]:
    root = ElementTree.parse(path).getroot()
    year, found = int(root.attrib["year"]), {}
    for row in root.iter("day"):
        month, day = (int(part) for part in row.attrib["d"].split("."))
        kinds = {"1": (), "2": shortened(OFFICE_DAY, timedelta(hours=1)), "3": OFFICE_DAY}
        found[date(year, month, day)] = kinds[row.attrib["t"]]
    return found


@pytest.mark.skipif(not REAL_CALENDARS.is_dir(), reason="../shared/data/reference/calendar_ru is absent")
@pytest.mark.parametrize(("year", "hours"), [(2019, 1970), (2023, 1973), (2024, 1979), (2025, 1972)])
def test_real_production_calendars_have_their_published_hours(year: int, hours: int) -> None:
    days = read_production_calendar(REAL_CALENDARS / f"{year}.xml")
    calendar = WorkCalendar(tz=NOVOSIBIRSK, days=days)
    start, end = (datetime(each, 1, 1, tzinfo=NOVOSIBIRSK) for each in (year, year + 1))
    # The published norm of a 40-hour week for the whole year.
    assert calendar.between(start, end) == timedelta(hours=hours)
