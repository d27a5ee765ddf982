"""What will be late today and how long a body needs: the pace of four weeks against the deadlines of the day."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from otklik.casework.models import Incident
from otklik.casework.operations.forecast import forecast
from otklik.casework.rules.forecast import Forecast, Load, forecast_of
from otklik.common.worktime import WorkCalendar
from otklik.registry.models import Organization
from tests import cast

OFFICE = WorkCalendar(tz=ZoneInfo("Asia/Novosibirsk"))
HOUR = timedelta(hours=1)


def load(*due: tuple[float, str], late: int = 0, waiting: int = 0, answered: int = 160) -> Load:
    """A body that needs an hour for each answer, with deadlines so many hours after NOW."""
    today = [(cast.NOW + hours * HOUR, priority) for hours, priority in due]
    return Load(max(waiting, late + len(today)), late, today, answered, 160 * HOUR)


def test_answers_are_given_in_the_order_of_their_deadlines() -> None:
    # At 11:00 two hours are left before lunch, which ends at 14:00: 13:00, 13:30, 15:00 and 16:00.
    due = [(2.0, "normal"), (2.5, "normal"), (4.0, "normal"), (5.0, "normal")]
    assert forecast_of(load(*due), cast.NOW, OFFICE) == Forecast(4, 0, 4, 0, 4.0)
    assert forecast_of(load(*due, late=1, waiting=9), cast.NOW, OFFICE) == Forecast(9, 1, 4, 3, 9.0)


def test_what_is_critical_has_the_hours_of_the_clock() -> None:
    assert forecast_of(load((1.0, "critical"), (3.0, "normal")), cast.NOW, OFFICE).late_today == 0
    assert forecast_of(load((0.5, "critical"), (3.0, "critical")), cast.NOW, OFFICE).late_today == 1


def test_without_a_pace_nothing_is_foretold() -> None:
    assert forecast_of(load((0.1, "normal"), late=5, answered=0), cast.NOW, OFFICE) == Forecast(
        6, 5, 1, 0, None
    )


@pytest.mark.parametrize(
    ("answered", "hours", "each"),
    [(4, 39.0, None), (5, 0.5, 0.1), (1, 40.0, 40.0), (0, 160.0, None), (5, 0.0, None)],
)
def test_a_pace_is_known_by_five_answers_or_a_week_of_fewer(
    answered: int, hours: float, each: float | None
) -> None:
    pace = Load(9, 0, (), answered, hours * HOUR).each
    assert (pace and pace / HOUR) == each


@given(st.lists(st.floats(0, 7), max_size=20), st.integers(0, 20), st.integers(1, 500))
def test_a_faster_body_is_late_with_no_more_and_ready_no_later(
    hours: list[float], late: int, answered: int
) -> None:
    due = [(each, "normal") for each in sorted(hours)]
    slow, fast = (
        forecast_of(load(*due, late=late, answered=pace), cast.NOW, OFFICE)
        for pace in (answered, answered * 2)
    )
    assert fast.late_today <= slow.late_today <= slow.due_today == len(hours)
    assert slow.hours_to_clear is not None
    assert fast.hours_to_clear is not None
    assert fast.hours_to_clear <= slow.hours_to_clear


def put(body: Organization, due: datetime, **fields: Any) -> Incident:
    incident = cast.incident("routed", body=body)
    Incident.objects.filter(pk=incident.pk).update(due_at=due, **fields)
    return incident


@pytest.mark.django_db
def test_the_forecast_of_the_day_by_body() -> None:
    cast.region()
    quick, slow = cast.body(short_name="Быстрый"), cast.body(short_name="Медленный")
    evening = datetime(2026, 11, 18, 17, tzinfo=cast.ZONE)
    for _ in range(3):
        put(slow, cast.after(minutes=30))
        put(quick, evening)
    put(slow, cast.after(hours=-1), received_at=cast.after(days=-28))
    put(quick, cast.after(days=2))
    done = cast.incident("answered", body=slow)
    Incident.objects.filter(pk=done.pk).update(received_at=cast.after(days=-2))
    triage = cast.incident("triage")
    Incident.objects.filter(pk=triage.pk).update(due_at=cast.after(minutes=5))
    first, *others = forecast(now=cast.NOW)
    assert (first.organization_id, first.name) == (slow.pk, "Медленный")
    # One answer in four weeks: twenty working days of eight hours for each of the four.
    assert first.forecast == Forecast(4, 1, 3, 3, 640.0)
    assert {line.name: line.forecast for line in others} == {
        "": Forecast(1, 0, 1, 0, None),
        "Быстрый": Forecast(4, 0, 3, 0, None),
    }


@pytest.mark.django_db
def test_the_pace_is_that_of_the_days_in_which_there_was_something_to_answer() -> None:
    cast.region()
    body = cast.body()
    for _ in range(4):
        put(body, cast.after(days=2))
    for _ in range(5):
        done = cast.incident("answered", body=body)
        # Two working days ago, and the first answers came today.
        Incident.objects.filter(pk=done.pk).update(received_at=cast.after(days=-2))
    (line,) = forecast(now=cast.NOW)
    assert line.forecast == Forecast(4, 0, 0, 0, 12.8)


@pytest.mark.django_db
def test_a_forecast_of_many_bodies_asks_as_little(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    cast.region()
    for _ in range(6):
        put(cast.body(), cast.after(hours=1))
    cast.registry.forget_calendars()
    # The region's calendar in two, who has hours of its own, the pace, the load.
    with django_assert_num_queries(5):
        assert len(forecast(now=cast.NOW)) == 6
    with django_assert_num_queries(2):
        forecast(now=cast.NOW)


@pytest.mark.django_db
def test_nothing_to_answer_is_an_empty_forecast() -> None:
    assert forecast(now=cast.NOW) == []
