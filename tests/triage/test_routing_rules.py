"""Which rule decides: the order is total, the same for any order of rows, and told with its reasons."""

import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otklik.triage.rules.routing import (
    ORDER,
    Directory,
    Question,
    Rule,
    Rulebook,
    body_of,
    choose,
    clashes,
    overlaps,
)

# A small world, so that rules and questions meet often.
VALUES: dict[str, list[Any]] = {
    "page": [1, 2],
    "settlement": [10, 11],
    "municipality": [20, 21],
    "topic": [30, 31],
    "group": [40, 41],
    "level": ["M", "R"],
    "sphere": ["health", "culture"],
    "page_level": ["institution", "municipal"],
}
DIRECTORY = Directory(
    administrations={20: 900},
    of_type={("rso", 20): [(910, "Бердск"), (911, "Обь")], ("rso", 21): [(912, "")]},
    of_sphere={"health": 920},
)
asks = st.fixed_dictionaries({}, optional={name: st.sampled_from(found) for name, found in VALUES.items()})


@st.composite
def rules(draw: st.DrawFn) -> list[Rule]:
    found = []
    for number in range(draw(st.integers(0, 12))):
        target = draw(st.sampled_from(["fixed", "page", "administration", "type", "sphere"]))
        found.append(
            Rule(
                id=number + 1,
                asks=draw(asks),
                target=target,
                organization=draw(st.sampled_from([500 + number, None])) if target == "fixed" else None,
                organization_type="rso" if target == "type" else "",
                body_sphere=draw(st.sampled_from(["", "health"])) if target == "sphere" else "",
                precedence=draw(st.integers(0, 2)),
            )
        )
    return found


@st.composite
def questions(draw: st.DrawFn) -> Question:
    return Question(
        topic=draw(st.sampled_from(VALUES["topic"])),
        group=draw(st.sampled_from(VALUES["group"])),
        level=draw(st.sampled_from(VALUES["level"])),
        page=draw(st.sampled_from([*VALUES["page"], None])),
        page_body=draw(st.sampled_from([700, None])),
        page_level=draw(st.sampled_from([*VALUES["page_level"], ""])),
        sphere=draw(st.sampled_from([*VALUES["sphere"], ""])),
        municipality=draw(st.sampled_from([*VALUES["municipality"], None])),
        settlement=draw(st.sampled_from([*VALUES["settlement"], None])),
        names={"settlement": draw(st.sampled_from(["Бердск", "Обь", ""]))},
    )


def fits(rule: Rule, question: Question) -> bool:
    return all(getattr(question, name) == value for name, value in rule.asks.items())


def plainly(found: list[Rule], question: Question) -> int | None:
    """The deciding rule, found by looking at each: what the book must agree with."""
    for rule in sorted((each for each in found if fits(each, question)), key=lambda each: each.place):
        if body_of(rule, question, DIRECTORY) is not None:
            return rule.id
    return None


@given(rules(), questions(), st.randoms(use_true_random=False))
def test_the_order_is_total_and_the_rows_may_stand_in_any(
    found: list[Rule], question: Question, by: random.Random
) -> None:
    assert len({rule.place for rule in found}) == len(found)
    first = choose(Rulebook(found, DIRECTORY), question)
    by.shuffle(found)
    assert choose(Rulebook(found, DIRECTORY), question) == first
    assert first.rule == plainly(found, question)
    assert (first.body is None) == (first.rule is None)


@given(rules(), questions(), rules())
def test_a_rule_that_does_not_fit_changes_no_route(
    found: list[Rule], question: Question, others: list[Rule]
) -> None:
    moved = [Rule(each.id + 100, each.asks, each.target, each.organization, each.organization_type,
                  each.body_sphere, each.precedence) for each in others]  # fmt: skip
    strange = [each for each in moved if not fits(each, question)]
    assert choose(Rulebook([*found, *strange], DIRECTORY), question) == choose(
        Rulebook(found, DIRECTORY), question
    )


@given(rules(), questions())
def test_two_rules_that_fit_are_equal_only_when_they_ask_the_same(
    found: list[Rule], question: Question
) -> None:
    fitting = [each for each in found if fits(each, question)]
    for one in fitting:
        for other in fitting:
            assert (one.weight == other.weight) == (one.asks == other.asks)


@pytest.mark.parametrize(("finer", "coarser"), [(ORDER[i], ORDER[i + 1 :]) for i in range(len(ORDER) - 1)])
def test_one_finer_condition_outweighs_all_the_coarser_together(finer: str, coarser: tuple[str, ...]) -> None:
    question = Question(30, 40, "M", 1, 700, "institution", "health", 20, 10)
    one = Rule(2, {finer: getattr(question, finer)}, "fixed", 1)
    many = Rule(1, {name: getattr(question, name) for name in coarser}, "fixed", 2, precedence=9)
    assert choose(Rulebook([many, one], DIRECTORY), question).rule == 2


def test_a_rule_that_finds_no_body_gives_way_and_says_so() -> None:
    question = Question(30, 40, "M", 1, 700, municipality=21, names={"topic": "Ямы", "municipality": "Обь"})
    book = Rulebook(
        [
            Rule(7, {"topic": 30}, "administration"),
            Rule(8, {"group": 40}, "fixed", None),
            Rule(9, {}, "page"),
        ],
        DIRECTORY,
    )
    route = choose(book, question)
    assert (route.body, route.rule, route.passed) == (700, 9, (7, 8))
    assert route.because == (("target", "page"), ("passed", "7"), ("passed", "8"), ("rule", "9"))


def test_without_a_rule_a_dispatcher_decides() -> None:
    route = choose(Rulebook([Rule(3, {"topic": 31}, "page")], DIRECTORY), Question(30, 40, "M", 1, 700))
    assert (route.body, route.rule, route.because) == (None, None, (("no_rule", ""),))


def test_the_reasons_name_what_decided_in_the_order_people_read() -> None:
    names = {"topic": "Ямы и выбоины", "municipality": "Бердск", "page": "Школа № 7"}
    here = Question(30, 40, "M", 1, 700, "institution", municipality=20, names=names)
    by_place = Rule(12, {"municipality": 20, "topic": 30}, "fixed", 5)
    assert choose(Rulebook([by_place], DIRECTORY), here).because == (
        ("topic", "Ямы и выбоины"),
        ("municipality", "Бердск"),
        ("target", "fixed"),
        ("rule", "12"),
    )
    page = Question(30, 40, "M", 1, 700, "institution", municipality=20, from_page=True, names=names)
    route = choose(Rulebook([Rule(1, {"level": "M"}, "administration")], DIRECTORY), page)
    assert route.body == 900
    assert route.because == (
        ("level", "M"),
        ("municipality_of_page", "Бердск"),
        ("target", "administration"),
        ("rule", "1"),
    )
    health = Question(30, 40, "R", 1, 700, sphere="health")
    route = choose(Rulebook([Rule(1, {}, "sphere")], DIRECTORY), health)
    assert (route.body, route.because[0]) == (920, ("sphere", "health"))
    assert choose(Rulebook([Rule(1, {}, "sphere", body_sphere="culture")], DIRECTORY), health).body is None


@pytest.mark.parametrize(
    ("municipality", "settlement", "name", "body"),
    [(20, None, "", None), (20, 10, "Обь", 911), (20, 10, "Искитим", None), (21, None, "", 912), (22, 1, "", None),
     (None, None, "", None)],
)  # fmt: skip
def test_a_body_of_a_type_is_named_when_there_is_exactly_one(
    municipality: int | None, settlement: int | None, name: str, body: int | None
) -> None:
    rule = Rule(1, {}, "type", organization_type="rso")
    asked = Question(
        30, 40, "U", municipality=municipality, settlement=settlement, names={"settlement": name}
    )
    assert choose(Rulebook([rule], DIRECTORY), asked).body == body


def test_rules_that_ask_the_same_and_send_elsewhere_clash() -> None:
    one, twin = Rule(1, {"topic": 30}, "fixed", 5), Rule(2, {"topic": 30}, "fixed", 6)
    later = Rule(3, {"topic": 30}, "fixed", 7, precedence=1)
    same = Rule(4, {"topic": 30}, "fixed", 5)
    assert clashes(one, [one, twin, later, same]) == [2]
    route = choose(Rulebook([one, twin, same], DIRECTORY), Question(30, 40, "M"))
    assert (route.rule, route.rivals) == (1, (2,))
    assert choose(Rulebook([one, twin, later], DIRECTORY), Question(30, 40, "M")).rule == 3


def test_a_finer_case_is_no_overlap_and_a_crossing_is() -> None:
    implied = {
        ("topic", 30): {"group": 40, "level": "M"},
        ("topic", 31): {"group": 41, "level": "R"},
        ("settlement", 10): {"municipality": 20},
    }
    group = Rule(1, {"group": 40}, "fixed", 5)
    topic = Rule(2, {"topic": 30}, "fixed", 6)
    other_topic = Rule(3, {"topic": 31}, "fixed", 6)
    place = Rule(4, {"municipality": 20}, "fixed", 7)
    settlement = Rule(5, {"settlement": 10}, "fixed", 8)
    everything = Rule(6, {}, "page")
    found = [group, topic, other_topic, place, settlement, everything]
    assert overlaps(group, found, implied) == [(4, False), (5, False)]
    assert overlaps(place, found, implied) == [(1, True), (2, True), (3, True)]
    assert overlaps(topic, found, implied) == [(4, False), (5, False)]
    assert overlaps(everything, found, implied) == []
