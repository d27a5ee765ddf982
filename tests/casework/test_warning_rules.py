"""When people are warned: shares of the limit in working time, what is critical at any time."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otklik.casework import rules
from otklik.casework.rules.warnings import PERCENTS, addressee, warnings_of
from otklik.common.worktime import WorkCalendar

ZONE = ZoneInfo("Asia/Novosibirsk")
OFFICE = WorkCalendar(tz=ZONE)
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31), timezones=st.just(UTC))
LENGTHS = st.integers(1, 40 * 60).map(lambda minutes: timedelta(minutes=minutes))
PRIORITIES = st.sampled_from(rules.PRIORITIES)


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-11-{text}").replace(tzinfo=ZONE)


def test_a_morning_of_the_default_profile() -> None:
    """Eight hours from Wednesday nine o'clock: lunch and nights do not count, Monday comes after Friday."""
    found = warnings_of(at("18T09:00"), at("18T18:00"), OFFICE, "normal")
    assert [(each.percent, each.at, each.addressee) for each in found] == [
        (50, at("18T14:00"), "assignee"),
        (80, at("18T16:24"), "curator"),
        (100, at("19T09:00"), "body_head"),
        (150, at("19T14:00"), "center_head"),
        (300, at("23T09:00"), "vice_governor"),
    ]


def test_what_is_critical_is_told_of_at_night() -> None:
    found = warnings_of(at("18T23:00"), at("19T00:00"), OFFICE, "critical")
    assert [each.at for each in found] == [
        at("18T23:30"), at("18T23:48"), at("19T00:00"), at("19T00:30"), at("19T02:00"),
    ]  # fmt: skip


def test_without_a_body_the_centre_is_told() -> None:
    assert [addressee(percent, has_body=False) for percent in PERCENTS] == [
        "dispatcher", "dispatcher", "center_head", "center_head", "vice_governor",
    ]  # fmt: skip


def test_a_term_that_ends_on_a_day_off_is_overdue_on_the_next_working_morning() -> None:
    # A day by the clock from Friday evening: no reminder fits in before it is late.
    found = warnings_of(at("20T19:00"), at("21T19:00"), OFFICE, "normal", length=timedelta(days=1))
    assert [(each.percent, each.at) for each in found] == [(p, at("23T09:00")) for p in (100, 150, 300)]


def test_after_a_pause_shares_are_counted_back_from_the_new_deadline() -> None:
    start, length = at("18T09:00"), timedelta(hours=8)
    due = rules.resumed(at("18T18:00"), at("18T10:00"), at("19T10:00"), "normal", OFFICE)
    assert due == at("19T18:00")
    found = warnings_of(start, due, OFFICE, "normal", length=length)
    assert [each.at for each in found][:2] == [at("19T14:00"), at("19T16:24")]


@given(MOMENTS, LENGTHS, LENGTHS, PRIORITIES, st.booleans())
def test_warnings_come_in_order_in_working_time_and_at_their_shares(
    start: datetime, length: timedelta, pause: timedelta, priority: str, has_body: bool
) -> None:
    clock = rules.clock_of(priority, OFFICE)
    due = clock.add(start, length + pause)
    found = warnings_of(start, due, OFFICE, priority, length=length, has_body=has_body)
    assert [each.percent for each in found if each.percent >= 100] == [100, 150, 300]
    for each in found:
        assert clock.is_working(each.at)
        assert clock.between(due, each.at) == length * (each.percent - 100) / 100
        assert (each.at >= due) == (each.percent >= 100)
        assert each.at > start
    for earlier, later in pairwise(found):
        assert earlier.at <= later.at
        assert earlier.percent < later.percent
    assert [each.percent for each in found] == list(PERCENTS)


@given(MOMENTS, st.integers(1, 40), PRIORITIES)
def test_calendar_terms_never_warn_of_lateness_before_it(start: datetime, days: int, priority: str) -> None:
    due = start + timedelta(days=days)
    found = warnings_of(start, due, OFFICE, priority)
    clock = rules.clock_of(priority, OFFICE)
    assert [each.percent for each in found][-3:] == [100, 150, 300]
    assert all(clock.is_working(each.at) and (each.at >= due) == (each.percent >= 100) for each in found)


@pytest.mark.parametrize("percent", PERCENTS)
def test_every_share_has_somebody_to_tell(percent: int) -> None:
    assert addressee(percent, has_body=True)
    assert addressee(percent, has_body=False)
