"""Working-time arithmetic on random calendars of 2019–2026 against an array of minutes: a hundred thousand cases.

The suite has a seeded tenth; `make prove` has them all.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from otklik.casework.rules import resumed
from otklik.common.worktime import NoWorkingTime, Span, Spans, WorkCalendar
from otklik.registry.russian_days import special_days
from tests.common.oracle import LAST, Oracle, Pairs, micros, moment, offsets

SEED = 20261122
A_CALENDAR = 200
"""Cases asked of each random calendar: to draw one costs more than to ask it."""

OFFICE: Pairs = ((540, 780), (840, 1080))
EVE: Pairs = ((540, 780), (840, 1020))
RUSSIAN = ["Kaliningrad", "Moscow", "Samara", "Volgograd"]
SIBERIAN = (
    "Yekaterinburg Omsk Novosibirsk Krasnoyarsk Irkutsk Yakutsk Vladivostok Srednekolymsk Sakhalin Kamchatka"
)
RUSSIA = [f"Europe/{name}" for name in RUSSIAN] + [f"Asia/{name}" for name in SIBERIAN.split()]
# Those that move their clocks in these years: once, by hours, at midnight, by half an hour.
MOVING = ["Europe/Volgograd", "Europe/Berlin", "America/Asuncion", "Australia/Lord_Howe"]
BEGIN, END = datetime(2019, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)
LONG = timedelta(days=100) // timedelta(microseconds=1)
NEAR = timedelta(days=2) // timedelta(microseconds=1)


def _real() -> dict[date, Pairs]:
    kinds = {(True, 0): (), (False, 0): OFFICE, (False, 1): EVE}
    return {day.date: kinds[day.is_off, day.hours_less] for day in special_days(2019, 2026)}


REAL = _real()


@st.composite
def day_pairs(draw: st.DrawFn) -> Pairs:
    edges = sorted(draw(st.sets(st.integers(0, 1440), max_size=8)))
    return tuple(zip(edges[::2], edges[1::2], strict=False))


@st.composite
def weeks(draw: st.DrawFn) -> Mapping[int, Pairs]:
    usual = st.just(dict.fromkeys(range(5), OFFICE))
    whole = st.just(dict.fromkeys(range(7), ((0, 1440),)))
    return draw(usual | whole | st.dictionaries(st.integers(0, 6), day_pairs(), min_size=1, max_size=7))


@st.composite
def calendars(draw: st.DrawFn) -> Oracle:
    near = st.dates(date(2018, 12, 25), date(2027, 1, 10))
    own = draw(st.dictionaries(near, day_pairs(), max_size=8))
    days = {**REAL, **own} if draw(st.booleans()) else own
    return Oracle(draw(st.sampled_from(RUSSIA) | st.sampled_from(MOVING)), draw(weeks()), days)


@dataclass(frozen=True)
class Case:
    """One question: a moment, an amount, working days on or back, turns to run and to stand still."""

    at: int
    amount: int
    days: int
    turns: list[int]


def cases(number: int, zone: str) -> Iterator[Case]:
    """The questions of one seed: hypothesis shrinks the calendar, a question that fails is told as it is.

    Where a zone moves its clock, a third of the moments lies near one of these days.
    """
    draw = Random(number)
    moved = [begun * 60_000_000 for begun, _end, _ahead in offsets(zone) if begun]
    for _ in range(A_CALENDAR):
        # Most deadlines are whole minutes up to a working day, so those are not left to chance.
        amount = draw.choice((draw.randint(0, 480) * 60_000_000, draw.randrange(LONG)))
        turns = [draw.randrange(LONG // 12) for _ in range(draw.choice((0, 2, 4, 6)))]
        days = draw.choice((-1, 1)) * draw.randint(1, 30)
        at = draw.randrange(micros(BEGIN), micros(END))
        if moved and not draw.randrange(3):
            at = min(max(draw.choice(moved) + draw.randint(-NEAR, NEAR), micros(BEGIN)), micros(END))
        yield Case(at, amount, days, turns)


def value_of(oracle: Oracle) -> WorkCalendar:
    def spans(pairs: Pairs) -> Spans:
        return tuple(Span(time(a // 60, a % 60), time(b // 60 % 24, b % 60)) for a, b in pairs)

    return WorkCalendar(
        tz=ZoneInfo(oracle.zone),
        week={day: spans(pairs) for day, pairs in oracle.week.items()},
        days={day: spans(pairs) for day, pairs in oracle.days.items()},
    )


def agree(oracle: Oracle, case: Case, value: WorkCalendar) -> None:
    start = moment(case.at)
    _adding(oracle, case, value, start)
    assert value.is_working(start) == oracle.is_working(case.at)
    begun = oracle.next_start(case.at)
    if begun is not None:
        assert value.next_start(start) == moment(begun)
    edge = oracle.day_edge(case.at, case.days)
    if edge and case.days > 0:
        assert value.working_days_after(start, case.days) == moment(edge[1])
    elif edge:
        assert value.working_days_before(start, -case.days) == moment(edge[0])


def _adding(oracle: Oracle, case: Case, value: WorkCalendar, start: datetime) -> None:
    due = oracle.add(case.at, case.amount)
    try:
        found = value.add(start, timedelta(microseconds=case.amount))
    except NoWorkingTime:
        assert due is None
        return
    if due is None:
        assert found > LAST
        return
    assert found == moment(due)
    assert found.tzinfo is UTC
    counted = timedelta(microseconds=oracle.passed(due) - oracle.passed(case.at))
    assert value.between(start, found) == counted
    assert value.between(found, start) == -counted
    try:
        _pausing(oracle, case, value, found)
    except NoWorkingTime:
        assert not any(oracle.week.values())


def _pausing(oracle: Oracle, case: Case, value: WorkCalendar, due: datetime | None) -> None:
    """The clock runs for a turn and stands for a turn: only minutes in which it ran bring the deadline nearer."""
    left, at = case.amount, case.at
    for runs, stands in zip(case.turns[::2], case.turns[1::2], strict=False):
        paused, again = at + runs, at + runs + stands
        left -= oracle.passed(paused) - oracle.passed(at)
        due = resumed(due, moment(paused), moment(again), "normal", value)
        at = again
    assert due is not None
    if left > 0:
        expected = oracle.add(at, left)
        assert expected is None or due == moment(expected)
    elif at != case.at:
        # It was late before the clock stopped for the last time: it stays late by as much.
        assert value.between(due, moment(at)) == timedelta(microseconds=-left)


def hold(oracle: Oracle, number: int) -> None:
    value = value_of(oracle)
    for case in cases(number, oracle.zone):
        agree(oracle, case, value)


seeds = st.integers(0, 2**32)
calm = (HealthCheck.too_slow,)


@seed(SEED)
@settings(max_examples=50, deadline=None, suppress_health_check=calm)
@given(calendars(), seeds)
def test_a_seeded_tenth_agrees_with_the_minutes(oracle: Oracle, number: int) -> None:
    hold(oracle, number)


@pytest.mark.prove
@settings(max_examples=500, deadline=None, suppress_health_check=calm)
@given(calendars(), seeds)
def test_a_hundred_thousand_cases_agree_with_the_minutes(oracle: Oracle, number: int) -> None:
    hold(oracle, number)
