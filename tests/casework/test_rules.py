"""The machine of an incident and its clocks, without a database."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otklik.casework import rules
from otklik.casework.enums import State
from otklik.common.worktime import WorkCalendar
from otklik.triage.enums import Priority

STATES = sorted(State.values)
VERBS = sorted(rules.VERBS)
OFFICE = WorkCalendar(tz=ZoneInfo("Asia/Novosibirsk"))
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 1), timezones=st.just(UTC))
PRIORITIES = st.sampled_from(sorted(Priority.values))


def test_every_state_of_the_table_exists_and_every_state_is_in_the_table() -> None:
    named = set().union(*(starts | {after} for starts, after in rules.VERBS.values()))
    assert named == set(STATES)


def test_every_state_can_be_reached_from_a_new_message() -> None:
    reached = {"new", *(rules.first_state(action) for action in ("open", "ask", "reject"))}
    while True:
        further = {after for starts, after in rules.VERBS.values() if starts & reached}
        if further <= reached:
            break
        reached |= further
    assert reached == set(STATES)


def test_no_state_is_a_dead_end() -> None:
    left = set().union(*(starts for starts, _after in rules.VERBS.values()))
    assert set(STATES) - left == set()


@given(st.lists(st.sampled_from(VERBS), max_size=60), st.sampled_from(["open", "ask", "reject"]))
def test_no_order_of_verbs_leaves_the_table(verbs: list[str], action: str) -> None:
    state = rules.first_state(action)
    for verb in verbs:
        starts, leads_to = rules.VERBS[verb]
        if state in starts:
            state = rules.check_move(verb, state)
            assert state == leads_to
        else:
            with pytest.raises(rules.IllegalMove):
                rules.check_move(verb, state)


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("state", STATES)
def test_a_verb_works_exactly_where_the_table_says(verb: str, state: str) -> None:
    starts, after = rules.VERBS[verb]
    if state in starts:
        assert rules.check_move(verb, state) == after
    else:
        with pytest.raises(rules.IllegalMove):
            rules.check_move(verb, state)


def test_only_a_receipt_answers_and_only_publishing_comes_before_it() -> None:
    assert {verb for verb, (_starts, after) in rules.VERBS.items() if after == "answered"} == {"answered"}
    assert rules.VERBS["answered"][0] == {"publishing", "uncertain"}


def test_while_an_answer_is_on_its_way_people_can_only_wait() -> None:
    by_the_system = {"answered", "undeliverable", "delivery_uncertain", "delivery_again"}
    for state in ("publishing", "uncertain"):
        assert {verb for verb, (starts, _after) in rules.VERBS.items() if state in starts} <= by_the_system


def test_open_states_are_those_with_work_left() -> None:
    assert set(STATES) - rules.OPEN == {"answered", "closed", "rejected", "attached"}
    assert rules.CENTER_STATES < rules.OPEN


@pytest.mark.parametrize(("declines", "allowed"), [(0, True), (1, True), (2, False), (3, False)])
def test_a_body_declines_twice_and_no_more(declines: int, allowed: bool) -> None:
    if allowed:
        rules.check_decline(declines)
    else:
        with pytest.raises(rules.CannotDecline):
            rules.check_decline(declines)


@given(MOMENTS, MOMENTS, PRIORITIES)
def test_who_wrote_earlier_is_due_no_later(one: datetime, other: datetime, priority: str) -> None:
    early, late = sorted((one, other))
    due = [rules.primary_due(at, priority, OFFICE, rules.DEFAULT_LIMITS) for at in (early, late)]
    assert early < due[0] <= due[1]


@given(MOMENTS)
def test_what_is_more_important_is_due_no_later(at: datetime) -> None:
    critical, high, normal = (
        rules.primary_due(at, priority, OFFICE, rules.DEFAULT_LIMITS)
        for priority in ("critical", "high", "normal")
    )
    # The critical clock runs at night too, so it is never behind the others.
    assert critical <= high <= normal


@given(MOMENTS, st.sampled_from(STATES), PRIORITIES, st.booleans())
def test_a_stage_ends_after_it_began(at: datetime, state: str, priority: str, answered: bool) -> None:
    due = rules.stage_due(state, at, priority, OFFICE, rules.DEFAULT_LIMITS, answered=answered)
    assert due is None or due > at
    limited = state in rules.STAGE_LIMITS and not (state == "in_progress" and answered)
    assert (due is not None) == limited


@pytest.mark.parametrize(
    ("received", "priority", "due"),
    [
        # Two hours to lunch, four after it; the last two are the next morning's.
        ("2026-11-18T11:00+07:00", "normal", "2026-11-19T11:00+07:00"),
        ("2026-11-18T11:00+07:00", "high", "2026-11-18T16:00+07:00"),
        ("2026-11-18T23:30+07:00", "critical", "2026-11-19T00:30+07:00"),
        ("2026-11-21T12:00+07:00", "normal", "2026-11-23T18:00+07:00"),  # a Saturday
    ],
)
def test_primary_limits_of_the_default_profile(received: str, priority: str, due: str) -> None:
    """Source: the norms 8 working hours / 4 working hours / 1 hour by the clock."""
    found = rules.primary_due(datetime.fromisoformat(received), priority, OFFICE, rules.DEFAULT_LIMITS)
    assert found == datetime.fromisoformat(due)


def test_a_region_may_have_limits_of_its_own() -> None:
    limits = rules.Limits(rules.STAGE_LIMITS, {**rules.PRIMARY_LIMIT, "normal": timedelta(hours=9)})
    at = datetime.fromisoformat("2026-11-18T09:00+07:00")
    assert rules.primary_due(at, "normal", OFFICE, limits) == datetime.fromisoformat("2026-11-19T10:00+07:00")
