"""The promise on the corpora: bad answers are found by the right code, good ones pass, each half told apart."""

from collections import Counter

import pytest

from bench.answer_check import (
    BLOCKED_GOAL,
    FOUND_GOAL,
    bad_found,
    blocking,
    good_blocked,
    items,
    report_of,
    share,
)
from otklik.casework.rules.answer_check import RULES


def test_bad_answers_are_found_by_the_right_code(capsys: pytest.CaptureFixture[str]) -> None:
    found = bad_found()
    both = found["open"] + found["unread"]
    assert len(both) >= 150
    assert share(both) >= FOUND_GOAL, capsys.readouterr().err
    # What was never read while rules were written may lag behind, but not fall apart.
    assert share(found["unread"]) >= 0.8


def test_good_answers_pass(capsys: pytest.CaptureFixture[str]) -> None:
    blocked, wrong = good_blocked()
    both = blocked["open"] + blocked["unread"]
    assert len(both) >= 150
    assert share(both) <= BLOCKED_GOAL, capsys.readouterr().err
    assert max(wrong.values()) <= 5


def test_every_code_of_the_corpora_is_a_rule() -> None:
    assert {code for item in items("answers_bad.txt") for code in item.labels} <= set(RULES)


def test_a_code_is_rarely_called_where_another_was_meant() -> None:
    """A check that blocks a bad answer for everything at once would teach nobody."""
    called = Counter(len(blocking(report_of(item))) for item in items("answers_bad.txt"))
    assert sum(times for codes, times in called.items() if codes > 2) <= 0.1 * called.total()
