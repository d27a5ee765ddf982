"""The states of a delivery as data, and the table of VK's errors."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otklik.channels import rules
from otklik.channels.base import NetworkFailure, Outcome, Result, Scope
from otklik.channels.enums import DeliveryState as State
from otklik.channels.vk.errors import POLICIES, explain, failure

ERRORS = Path("../shared/data/vk-derived/errors.json")


@pytest.mark.parametrize(
    ("code", "scope", "permanent", "result"),
    [
        (1, Scope.CALL, False, Result.RETRY),
        (10, Scope.CALL, False, Result.RETRY),
        (100, Scope.CALL, True, Result.REFUSED),
        (5, Scope.KEY, False, Result.RETRY),
        (1117, Scope.KEY, False, Result.RETRY),
        (6, Scope.CALL, False, Result.RETRY),
        (9, Scope.CALL, False, Result.RETRY),
        (29, Scope.METHOD, False, Result.RETRY),
        (14, Scope.PAUSE, False, Result.RETRY),
        (17, Scope.PAUSE, False, Result.RETRY),
        (7, Scope.CAPABILITY, True, Result.MANUAL),
        (15, Scope.CAPABILITY, True, Result.MANUAL),
        (27, Scope.CAPABILITY, True, Result.MANUAL),
        (18, Scope.CALL, True, Result.REFUSED),
        (213, Scope.CALL, True, Result.REFUSED),
        (222, Scope.CALL, True, Result.REFUSED),
        (901, Scope.CALL, True, Result.REFUSED),
        (2000, Scope.CALL, True, Result.REFUSED),
        (4242, Scope.CALL, True, Result.REFUSED),
    ],
)
def test_what_an_error_of_vk_means(code: int, scope: Scope, permanent: bool, result: Result) -> None:
    found = failure(code, "words")
    assert (found.scope, found.permanent, found.lost) == (scope, permanent, False)
    assert rules.outcome_of(found).result is result


def test_every_reason_has_words_for_staff() -> None:
    reasons = {policy.reason for policy in POLICIES.values()}
    assert all(explain(reason) != reason for reason in reasons)
    assert explain("never_heard_of") == "never_heard_of"


def test_codes_are_those_of_the_official_schema() -> None:
    if not ERRORS.exists():
        pytest.skip("the shared list of errors is not here")
    listed = ERRORS.read_text()
    known = {int(number) for number in __import__("re").findall(r"\d+", listed)}
    assert json.loads(listed)
    assert set(POLICIES) - known <= {984, 1021}


def test_a_lost_response_is_read_back_and_never_sent_again_at_once() -> None:
    lost = rules.outcome_of(NetworkFailure("timeout", permanent=False, lost=True))
    assert rules.after_sending(lost, attempts=1, jitter=0).state == State.CHECKING


def test_absence_is_believed_from_the_second_reading_on() -> None:
    absent = Outcome(Result.RETRY, reason="not_found")
    first = rules.after_checking(absent, checks=1, attempts=1, jitter=0)
    assert (first.state, first.wait) == (State.CHECKING, 5.0)
    assert rules.after_checking(absent, checks=2, attempts=1, jitter=0).state == State.WAITING
    assert rules.after_checking(absent, checks=2, attempts=5, jitter=0).state == State.REFUSED


def test_what_cannot_be_told_goes_to_a_person() -> None:
    blind = Outcome(Result.UNKNOWN, reason="no_reading_key")
    states = [rules.after_checking(blind, checks=n, attempts=1, jitter=0).state for n in (1, 2, 3)]
    assert states == [State.CHECKING, State.CHECKING, State.UNCERTAIN]
    down = Outcome(Result.UNKNOWN, reason="no_connection")
    states = [rules.after_checking(down, checks=n, attempts=1, jitter=0).state for n in range(1, 7)]
    assert states == [State.CHECKING] * 5 + [State.UNCERTAIN]


def test_a_turn_to_read_that_did_not_come_is_not_counted() -> None:
    busy = Outcome(Result.UNKNOWN, reason="too_fast", wait=3.0)
    step = rules.after_checking(busy, checks=6, attempts=1, jitter=0)
    assert (step.state, step.counted, step.wait) == (State.CHECKING, False, 3.0)


def test_tries_are_counted_by_reason() -> None:
    def after(reason: str, attempts: int, wait: float = 0.0) -> rules.Step:
        outcome = Outcome(Result.RETRY, reason=reason, wait=wait)
        return rules.after_sending(outcome, attempts=attempts, jitter=0)

    assert [after("internal", n).state for n in range(1, 6)] == [State.WAITING] * 4 + [State.REFUSED]
    assert [after("internal", n).wait for n in range(1, 5)] == [2, 10, 60, 300]
    assert after("no_connection", 100).state == State.WAITING
    assert (after("too_fast", 50, 1.0).wait, after("too_fast", 50).counted) == (1.0, False)
    assert after("quota", 9, 3600).wait == 3600
    assert after("flood", 1, 14400).wait == 14400


outcomes = st.builds(
    Outcome,
    result=st.sampled_from(Result),
    reason=st.sampled_from(["", "internal", "too_fast", "flood", "timeout", "not_found", "no_reading_key"]),
    wait=st.floats(0, 10_000),
)


@given(st.lists(outcomes, max_size=40), st.floats(0, 1))
def test_nothing_is_sent_after_an_unknown_outcome_without_a_certain_reading(
    course: list[Outcome], jitter: float
) -> None:
    state, attempts, checks, doubt = State.WAITING, 0, 0, False
    for outcome in course:
        if state == State.WAITING:
            assert not doubt
            attempts, checks = attempts + 1, 0
            step = rules.after_sending(outcome, attempts=attempts, jitter=jitter)
            doubt = outcome.result is Result.UNKNOWN
        elif state == State.CHECKING:
            checks += 1
            step = rules.after_checking(outcome, checks=checks, attempts=attempts, jitter=jitter)
            checks -= not step.counted
            if outcome.result is Result.RETRY:
                doubt = False
        else:
            assert state in rules.FINAL
            break
        assert 0 <= step.wait <= 15_000
        attempts -= state == State.WAITING and not step.counted
        state = step.state
