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


# Where each verb may lead: the verbs that lead back do so to any state from which the author can be asked.
LEADS_TO = {
    verb: rules.ASKED_FROM if after == rules.BACK else frozenset({after})
    for verb, (_starts, after) in rules.VERBS.items()
}


def test_every_state_of_the_table_exists_and_every_state_is_in_the_table() -> None:
    named = set().union(*(starts | LEADS_TO[verb] for verb, (starts, _after) in rules.VERBS.items()))
    assert named == set(STATES)


def test_every_state_can_be_reached_from_a_new_message() -> None:
    reached = {"new", *(rules.first_state(action) for action in ("open", "ask", "reject"))}
    while True:
        further = {
            after
            for verb, (starts, _after) in rules.VERBS.items()
            if starts & reached
            for after in LEADS_TO[verb]
        }
        if further <= reached:
            break
        reached |= further
    assert reached == set(STATES)


def test_no_state_but_the_archive_is_a_dead_end() -> None:
    left = set().union(*(starts for starts, _after in rules.VERBS.values()))
    assert set(STATES) - left == {"archived"}


@given(st.lists(st.sampled_from(VERBS), max_size=60), st.sampled_from(["open", "ask", "reject"]))
def test_no_order_of_verbs_leaves_the_table(verbs: list[str], action: str) -> None:
    state, returns_to = rules.first_state(action), ""
    for verb in verbs:
        if state in rules.VERBS[verb][0]:
            before, state = state, rules.check_move(verb, state, returns_to)
            assert state in LEADS_TO[verb]
            assert before != "clarification" or state in {returns_to, "rejected"}
            returns_to = before if state == "clarification" else ""
        else:
            with pytest.raises(rules.IllegalMove):
                rules.check_move(verb, state, returns_to)


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("state", STATES)
def test_a_verb_works_exactly_where_the_table_says(verb: str, state: str) -> None:
    starts, after = rules.VERBS[verb]
    if state in starts:
        assert rules.check_move(verb, state, "routed") == ("routed" if after == rules.BACK else after)
    else:
        with pytest.raises(rules.IllegalMove):
            rules.check_move(verb, state, "routed")


@pytest.mark.parametrize("returns_to", ["", "new", "clarification", "answered", "nowhere"])
def test_nothing_comes_back_to_where_nobody_was_asked(returns_to: str) -> None:
    with pytest.raises(rules.IllegalMove):
        rules.check_move("replied", "clarification", returns_to)


def test_a_question_to_the_author_is_left_only_by_its_own_exits() -> None:
    """Exits of state 3 of the specification: a reply, silence; and a question that did not go out or was given up."""
    left = {verb for verb, (starts, _after) in rules.VERBS.items() if "clarification" in starts}
    assert left == {"replied", "unasked", "go_on", "no_reply"}
    assert rules.VERBS["no_reply"][1] == "rejected"
    assert rules.VERBS["ask"] == ({"triage", "routed", "in_progress", "rework"}, "clarification")


@pytest.mark.parametrize("verb", ["split", "take_in", "move_span"])
@pytest.mark.parametrize("state", STATES)
def test_pieces_are_moved_only_before_an_answer(verb: str, state: str) -> None:
    if state in {"new", "triage", "routed", "in_progress"}:
        rules.check_stay(verb, state)
    else:
        with pytest.raises(rules.IllegalMove):
            rules.check_stay(verb, state)


def test_only_a_receipt_answers_and_only_publishing_comes_before_it() -> None:
    assert {verb for verb, (_starts, after) in rules.VERBS.items() if after == "answered"} == {"answered"}
    assert rules.VERBS["answered"][0] == {"publishing", "uncertain"}


def test_while_an_answer_is_on_its_way_people_can_only_wait() -> None:
    by_the_system = {
        "answered", "answered_interim", "answered_plan", "undeliverable", "delivery_uncertain", "delivery_again",
    }  # fmt: skip
    for state in ("publishing", "uncertain"):
        assert {verb for verb, (starts, _after) in rules.VERBS.items() if state in starts} <= by_the_system


def test_open_states_are_those_with_work_left() -> None:
    assert set(STATES) - rules.OPEN == {"answered", "archived", *rules.ENDED}
    assert rules.CENTER_STATES < rules.OPEN
    assert rules.OPEN - rules.TICKING == rules.PAUSED == {"clarification"}


@given(MOMENTS, MOMENTS, MOMENTS, PRIORITIES)
def test_a_pause_moves_a_deadline_by_the_working_time_it_took(
    one: datetime, two: datetime, three: datetime, priority: str
) -> None:
    paused, now = sorted((one, two))
    clock = rules.clock_of(priority, OFFICE)
    due = clock.add(three, timedelta(hours=8))
    moved = rules.resumed(due, paused, now, priority, OFFICE)
    assert moved is not None
    assert clock.between(due, moved) == clock.between(paused, now)
    assert rules.resumed(due, now, paused, priority, OFFICE) == due
    assert rules.resumed(None, paused, now, priority, OFFICE) is None


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
    limited = state in rules.STAGE_LIMITS and not (state in rules.BEFORE_PRIMARY and answered)
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
    limits = rules.Limits(rules.STAGE_LIMITS, {**rules.PRIMARY_LIMIT, "normal": rules.Term(9 * 60, "wm")})
    at = datetime.fromisoformat("2026-11-18T09:00+07:00")
    assert rules.primary_due(at, "normal", OFFICE, limits) == datetime.fromisoformat("2026-11-19T10:00+07:00")
