"""The ten points of §4 of the domain, as far as a machine can tell them: yes, no, or unknown, and why.

A person of post-control decides; what is computed stands there before him. Points that are asked only of some answers
(a proof of what can be seen, a date where something is promised) are unknown where they are not asked.
"""

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from otklik.casework.rules.answer_check.case import Case
from otklik.casework.rules.answer_check.checking import findings_of, reported
from otklik.casework.rules.answer_check.own import NOTHING_OWN, Own
from otklik.casework.rules.answer_check.promise import PROMISES, has_stage
from otklik.casework.rules.answer_check.proof import LINK, has_proof, is_checkable
from otklik.casework.rules.answer_check.score import HARD, score_of
from otklik.casework.rules.answer_check.telling import tells_of_deeds
from otklik.casework.rules.answer_check.values import (
    BARE_REDIRECT,
    EMPTY,
    HARD_TO_READ,
    JARGON,
    LONG,
    NOT_ON_SUBSTANCE,
    OFFICIALESE,
    PART,
    PERSONAL,
    RATE_US,
    RUDE,
    RULES,
    SOLVED,
    STOP_PHRASE,
    Facts,
    Report,
)
from otklik.casework.rules.answer_check.words import small

YES, NO, UNKNOWN = "yes", "no", "unknown"
POINTS = (
    "greeting_and_name",
    "answers_the_question",
    "says_what_is_done",
    "date_or_stage",
    "body_and_contact",
    "plain_language",
    "no_bare_redirect",
    "no_personal_data",
    "proof",
    "polite_closing",
)
_HELLO = re.compile(
    r"здравствуйте|добр(?:ый|ое|ого) (?:день|утро|вечер|дня|времени)|уважаем(?:ый|ая|ые)"
    r"|приветству"
)
_CALLED = re.compile(
    r"(?:^|[,!.] ?|уважаем(?:ый|ая) |здравствуйте,? |день,? |утро,? "
    r"|вечер,? )([А-ЯЁ][а-яё]+)(?: [А-ЯЁ][а-яё]+)?[,!.]"
)
_CONTACT = re.compile(r"\d{3}[-\s]?\d{2}|(?<!\d)(?:112|10[1-4])(?!\d)|@|кабинет|каб\.|личн\w{2,3} сообщени")
_BODY = re.compile(
    r"администраци|управлени|министерств|служб|отдел|инспекци|больниц|поликлиник|школ"
    r"|детск\w{2,3} сад|департамент|комитет|"
    r"мастер|директор|заведующ|диспетчер|специалист|инспектор|оператор|подрядчик|управляющ|мфц|«"
)
_FIRST, _LAST = 160, 200


class Point(NamedTuple):
    """A point of the checklist: its code, the verdict, and what speaks for it: codes of findings, or words found."""

    code: str
    verdict: str
    because: tuple[str, ...] = ()


class Review(NamedTuple):
    """All that can be said of an answer: the findings with the score, and the ten points."""

    report: Report
    points: tuple[Point, ...]


def review(
    text: str,
    questions: Sequence[str],
    facts: Facts,
    *,
    rules: Mapping[str, str] = RULES,
    own: Mapping[str, Own] = NOTHING_OWN,
) -> Review:
    """The check and the checklist over one reading: half the time of both. Raises UnknownRule as `check` does."""
    case = Case(text, questions, facts)
    found = tuple(findings_of(case))
    report = reported(case, found, rules=rules, own=own)
    return Review(report, _points(case, frozenset(each.code for each in found)))


def checklist(text: str, questions: Sequence[str], facts: Facts) -> tuple[Point, ...]:
    """The ten points in their order. Never raises for any texts."""
    case = Case(text, questions, facts)
    return _points(case, frozenset(each.code for each in findings_of(case)))


def _points(case: Case, codes: frozenset[str]) -> tuple[Point, ...]:
    return (
        _greeting(case),
        _without(
            "answers_the_question", codes, EMPTY, NOT_ON_SUBSTANCE, PART, known=bool(case.asked.strip())
        ),
        Point("says_what_is_done", YES if tells_of_deeds(case) else NO),
        _date(case),
        _contact(case),
        _plain(case, codes),
        _without("no_bare_redirect", codes, BARE_REDIRECT),
        _without("no_personal_data", codes, PERSONAL),
        _proof(case),
        _closing(case, codes),
    )


def _without(code: str, found: frozenset[str], *wrong: str, known: bool = True) -> Point:
    because = tuple(each for each in wrong if each in found)
    return Point(code, NO if because else YES if known else UNKNOWN, because)


def _greeting(case: Case) -> Point:
    head = case.answer.text[:_FIRST]
    hello, called = _HELLO.search(small(head)), _CALLED.search(head)
    author = [word for word in small(case.facts.author).split() if len(word) > 2]
    is_called = bool(called) or any(word in small(head) for word in author)
    because = tuple(found[0].strip(" ,.!") for found in (hello, called) if found)
    return Point(POINTS[0], YES if hello and is_called else NO, because)


def _date(case: Case) -> Point:
    if case.times:
        return Point(POINTS[3], YES, (case.answer.text[case.times[0].start : case.times[0].end],))
    if has_stage(case):
        return Point(POINTS[3], YES, ("stage",))
    return Point(POINTS[3], NO if case.outcome in PROMISES else UNKNOWN)


def _contact(case: Case) -> Point:
    lower = case.answer.lower
    body = next((each for each in case.facts.bodies if small(each) in lower), None) or _BODY.search(lower)
    contact = _CONTACT.search(lower) or LINK.search(lower)
    return Point(POINTS[4], YES if body and contact else NO, (contact[0],) if contact else ())


def _plain(case: Case, codes: frozenset[str]) -> Point:
    wrong = tuple(each for each in (OFFICIALESE, LONG, JARGON, STOP_PHRASE) if each in codes)
    hard = (HARD_TO_READ,) if score_of(case.answer).value < HARD else ()
    return Point(POINTS[5], NO if wrong or hard else YES, (*wrong, *hard))


def _proof(case: Case) -> Point:
    if has_proof(case):
        return Point(POINTS[8], YES)
    return Point(POINTS[8], NO if case.outcome == SOLVED and is_checkable(case) else UNKNOWN)


def _closing(case: Case, codes: frozenset[str]) -> Point:
    wrong = tuple(each for each in (RATE_US, RUDE) if each in codes)
    if wrong:
        return Point(POINTS[9], NO, wrong)
    sentences = case.answer.sentences
    is_polite = bool(sentences) and (len(sentences) - 1) in case.answer.within("thanks")
    return Point(POINTS[9], YES if is_polite else NO)
