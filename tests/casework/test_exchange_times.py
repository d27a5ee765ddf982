"""The times of the table: when the last body became responsible, its answers, its limit, its time in approval."""

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from otklik.casework.exchange.times import Said, Step, Times, times_of

BEGIN = datetime(2026, 11, 18, 4, 0, tzinfo=UTC)
FIRST, LAST = 1, 2


def at(hours: float) -> datetime:
    return BEGIN + timedelta(hours=hours)


def step(hours: float, before: str, after: str, executor: int | None = LAST, due: float | None = 8) -> Step:
    return Step(at(hours), before, after, executor, None if due is None else at(due))


def halves(a: datetime, b: datetime) -> timedelta:
    """Working time of a calendar that works half of every hour."""
    return (b - a) / 2


def told(steps: list[Step], *answers: float, **given: Any) -> Times:
    defaults: dict[str, Any] = {
        "executor": LAST, "due_at": at(8), "is_open": True, "now": at(4), "worked": halves,
    }  # fmt: skip
    return times_of(steps, [Said(at(each), f"в {each}") for each in answers], **defaults | given)


ROAD = [
    step(0, "new", "triage", None),
    step(1, "triage", "routed", FIRST),
    step(2, "routed", "triage", None),
    step(3, "triage", "routed"),
    step(3.5, "routed", "in_progress"),
]


def test_the_last_body_is_responsible_since_it_was_last_made_so() -> None:
    assert told(ROAD).assigned_at == at(3)
    assert told(
        [*ROAD, step(4, "in_progress", "routed", FIRST), step(5, "routed", "routed")]
    ).assigned_at == at(5)
    assert told(ROAD, executor=None).assigned_at is None
    assert told([], executor=LAST).assigned_at is None


def test_answers_before_it_are_not_its_own() -> None:
    times = told(ROAD, 1.5, 3.6, 7)
    assert times.first == Said(at(1.5), "в 1.5")
    assert [each.at for each in times.own] == [at(3.6), at(7)]


def test_the_limit_is_the_one_that_stood_when_it_answered() -> None:
    assert told(ROAD, 7).in_time is True
    assert told(ROAD, 9).in_time is False
    longer = [*ROAD, step(4, "clarification", "in_progress", due=10)]
    assert told(longer, 9).in_time is True
    # A new cycle has a limit of its own, which says nothing of the first answer.
    assert told([*ROAD, step(30, "answered", "reopened", due=32)], 9, due_at=at(32)).in_time is False
    assert told([step(3, "triage", "routed", due=None)], 7).in_time is True


def test_without_an_answer_only_lateness_is_known() -> None:
    assert told(ROAD, now=at(4)).in_time is None
    assert told(ROAD, now=at(9)).in_time is False
    assert told(ROAD, now=at(9), is_open=False).in_time is None
    assert told(ROAD, now=at(9), executor=None).in_time is None


def test_approval_is_told_in_working_time_up_to_the_first_answer() -> None:
    sent = [*ROAD, step(4, "in_progress", "approval"), step(5, "approval", "in_progress")]
    assert (told(sent).sent_to_approval_at, told(sent).in_approval) == (at(4), timedelta(minutes=30))
    again = [*sent, step(6, "in_progress", "approval"), step(7, "approval", "publishing")]
    assert told(again, 7.5).in_approval == timedelta(hours=1)
    later = [*again, step(8, "answered", "approval"), step(9, "approval", "publishing")]
    assert told(later, 7.5).in_approval == timedelta(hours=1)
    waits = [*ROAD, step(4, "in_progress", "approval")]
    assert (told(waits).sent_to_approval_at, told(waits).in_approval) == (at(4), None)
    assert told(ROAD).sent_to_approval_at is None


def test_approval_at_the_body_before_is_not_its_own() -> None:
    before = [step(1, "triage", "in_progress", FIRST), step(1.5, "in_progress", "approval", FIRST)]
    assert told([*before, step(2, "approval", "routed")]).sent_to_approval_at is None


STATES = st.sampled_from(["triage", "routed", "in_progress", "approval", "publishing", "answered", "closed"])
STEPS = st.lists(st.tuples(STATES, st.sampled_from([None, FIRST, LAST])), max_size=12)


@settings(deadline=None)
@given(STEPS, st.lists(st.integers(0, 12), max_size=4).map(sorted), st.booleans())
def test_whatever_happened_the_times_agree(
    road: list[tuple[str, int | None]], answers: list[int], is_open: bool
) -> None:
    steps = [
        step(hour, road[hour - 1][0] if hour else "", state, executor)
        for hour, (state, executor) in enumerate(road)
    ]
    times = told(steps, *answers, is_open=is_open, now=at(20))
    assert (times.assigned_at is not None) or not times.own
    if times.assigned_at is not None:
        assert all(each.at >= times.assigned_at for each in times.own)
    if times.sent_to_approval_at is None:
        assert times.in_approval is None
    else:
        assert times.assigned_at is not None
        assert times.sent_to_approval_at >= times.assigned_at
    assert times.in_approval is None or times.in_approval >= timedelta(0)
