"""Post-control as rules: whom chance draws, who has to look, what opinions come to, how far people agree."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otklik.casework.rules import answer_check, post_control
from otklik.casework.rules.post_control import Opinion, agreement, draw, outcome_of

GOOD, FAIR = "1" * 10, "1110111111"
BAD = "1100000111"
TEN = st.text("01", min_size=10, max_size=10)


def test_the_draw_is_the_same_in_any_order_and_by_any_hand() -> None:
    frame = list(range(1, 2001))
    drawn = draw(frame, 50, seed=20261122)
    assert drawn == draw(reversed(frame), 50, seed=20261122)
    assert drawn != draw(frame, 50, seed=20261123)
    by_hand = sorted(frame, key=lambda number: hashlib.sha256(f"20261122:{number}".encode()).hexdigest())
    assert drawn == by_hand[:50]
    # A larger sample of the same seed goes on where the smaller stopped.
    assert draw(frame, 70, seed=20261122)[:50] == drawn


def test_every_answer_has_the_same_chance() -> None:
    seen = dict.fromkeys(range(100), 0)
    for seed in range(2000):
        for number in draw(range(100), 10, seed):
            seen[number] += 1
    # Expected 200 of each, spread 13.4: five of them either side.
    assert min(seen.values()) > 130
    assert max(seen.values()) < 270


@pytest.mark.parametrize(
    ("frame", "given", "size"),
    [
        (1000, {"share": 5}, 50),
        (101, {"share": 5}, 6),
        (3, {"share": 1}, 1),
        (10, {"size": 30}, 10),
        (10, {"size": 4}, 4),
        (10, {"share": 100}, 10),
    ],
)
def test_a_share_is_rounded_up_and_nothing_is_drawn_twice(
    frame: int, given: dict[str, int], size: int
) -> None:
    assert post_control.sample_size(frame, **given) == size


def test_the_fingerprint_tells_frames_apart() -> None:
    assert post_control.fingerprint([1, 23]) != post_control.fingerprint([12, 3])
    assert post_control.fingerprint([1, 2]) == post_control.fingerprint(iter([1, 2]))


def test_one_person_is_enough_where_nobody_drew_the_answer() -> None:
    assert outcome_of([], sampled=False) is None
    outcome = outcome_of([Opinion(BAD, "return", "no_proof")], sampled=False)
    assert outcome == ("return", "no_proof", 5.0, 0)


def test_of_a_drawn_answer_two_must_agree() -> None:
    one, other = Opinion(GOOD, "pass"), Opinion(FAIR, "pass")
    assert outcome_of([one], sampled=True) is None
    assert outcome_of([one, other], sampled=True) == ("pass", "", 9.5, 1)


def test_a_third_decides_where_two_differ() -> None:
    passes, returns = Opinion(GOOD, "pass"), Opinion(FAIR, "return", "no_date_or_stage")
    assert outcome_of([passes, returns], sampled=True) is None
    third = Opinion(BAD, "return", "not_on_substance")
    assert outcome_of([passes, returns, third], sampled=True) == ("return", "not_on_substance", 9.0, 2)
    assert outcome_of([passes, returns, Opinion(GOOD, "pass")], sampled=True) == ("pass", "", 10.0, 2)
    # The same verdict for other reasons is no agreement either.
    far = Opinion("1110000111", "pass")
    assert post_control.differ(passes, far)
    assert outcome_of([passes, far], sampled=True) is None
    assert not post_control.differ(passes, Opinion("1111100111"[:8] + "11", "pass"))


@given(st.lists(st.tuples(TEN, st.sampled_from(["pass", "return"])), min_size=3, max_size=3))
def test_three_always_come_to_something(said: list[tuple[str, str]]) -> None:
    outcome = outcome_of([Opinion(*each, "rude") for each in said], sampled=True)
    if outcome is not None:
        assert 0 <= outcome.score <= 10
        assert [verdict for _points, verdict in said].count(outcome.verdict) >= 2
        assert said[outcome.by][1] == outcome.verdict


def test_kappa_of_a_published_example() -> None:
    # Two readers of fifty grants: both yes 20, both no 15, only the first yes 5, only the second yes 10; kappa 0.40.
    pairs = [("1", "1")] * 20 + [("0", "0")] * 15 + [("1", "0")] * 5 + [("0", "1")] * 10
    found = agreement(pairs)
    assert found.points == 50
    assert found.equal == pytest.approx(0.70)
    assert found.kappa == pytest.approx(0.40)


def test_there_is_no_kappa_where_chance_explains_everything() -> None:
    assert agreement([]) == (0, None, None)
    assert agreement([(GOOD, GOOD)] * 7) == (70, 1.0, None)
    assert agreement([("10", "01")]).kappa == pytest.approx(-1.0)


@given(st.lists(st.tuples(TEN, TEN), min_size=1, max_size=20))
def test_kappa_stays_within_its_bounds_and_knows_no_first(pairs: list[tuple[str, str]]) -> None:
    found = agreement(pairs)
    assert found == agreement([(other, one) for one, other in pairs])
    assert found.kappa is None or -1 <= found.kappa <= 1


def test_points_travel_as_ten_characters() -> None:
    said = [answer_check.Point(code, "yes") for code in answer_check.POINTS]
    said[3] = said[3]._replace(verdict="unknown")
    said[8] = said[8]._replace(verdict="no")
    assert post_control.proposal(said) == "111-111101"
    assert post_control.points_of([answer_check.POINTS[0], "no_such_point"]) == "1000000000"
    assert Opinion("1010000000", "pass").score == 2
