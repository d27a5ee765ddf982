"""The road of a systemic decision and the days that are compared, as pure rules."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otklik.casework.enums import SystemicState
from otklik.casework.rules import systemic as rules

DAY = date(2026, 10, 15)
ROAD = {
    "proposed": {"agree", "decline"},
    "agreed": {"begin", "finish", "decline"},
    "in_work": {"finish", "decline"},
    "done": {"check", "resume"},
    "checked": {"resume"},
    "declined": {"restore"},
}


def test_from_every_state_lead_these_steps_and_no_other() -> None:
    assert {state: set(rules.steps_from(state)) for state in SystemicState.values} == ROAD
    for state in SystemicState.values:
        for verb in rules.VERBS:
            if verb in ROAD[state]:
                assert rules.step_of(verb, state) in SystemicState.values
                continue
            with pytest.raises(rules.IllegalStep):
                rules.step_of(verb, state)


@pytest.mark.parametrize(
    ("act", "proves"),
    [
        (rules.Act("order", "214-р", DAY, ""), True),
        (rules.Act("works", "", DAY, "https://zakupki.example/1"), True),
        (rules.Act("order", "", DAY, ""), False),
        (rules.Act("order", "214-р", None, ""), False),
        (rules.Act("", "214-р", DAY, ""), False),
    ],
)
def test_an_act_is_one_that_somebody_else_could_find(act: rules.Act, proves: bool) -> None:
    assert act.proves is proves
    if proves:
        rules.check_done(act, DAY, DAY)
        return
    with pytest.raises(rules.NeedsAct):
        rules.check_done(act, DAY, DAY)


@pytest.mark.parametrize("done_on", [None, DAY + timedelta(days=1)])
def test_done_has_its_day_and_it_is_not_to_come(done_on: date | None) -> None:
    with pytest.raises(rules.NeedsDoneDay):
        rules.check_done(rules.Act("order", "1", DAY, ""), done_on, DAY)


@pytest.mark.parametrize("days", [6, 366, 0, -1])
def test_a_window_is_neither_a_moment_nor_an_age(days: int) -> None:
    with pytest.raises(rules.WrongWindow):
        rules.check_window(days)


@given(done=st.dates(date(2001, 1, 1), date(2100, 1, 1)), days=st.integers(7, 365), later=st.integers(0, 800))
def test_both_sides_are_as_long_and_the_day_itself_is_neither(done: date, days: int, later: int) -> None:
    found = rules.compared(done, days, done + timedelta(days=later))
    for window in (found.before, found.after, found.before.year_before(), found.after.year_before()):
        assert (window.last - window.first).days + 1 == days
    assert found.before.last < done < found.after.first
    assert (done - found.before.last).days == (found.after.first - done).days == 1
    assert found.passed == min(max(later - 1, 0), days)
    assert found.is_over == (done + timedelta(days=later) > found.after.last)
    assert found.before.year_before().first.weekday() == found.before.first.weekday()


@pytest.mark.parametrize(("before", "after", "said"), [(40, 10, -75), (10, 15, 50), (3, 3, 0), (0, 5, None)])
def test_a_change_is_in_hundredths_of_what_was(before: int, after: int, said: int | None) -> None:
    assert rules.change(before, after) == said
