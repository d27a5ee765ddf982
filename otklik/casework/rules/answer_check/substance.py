"""Whether an answer says anything on what was asked.

What was asked decides what the whole answer has to have: «почему» a cause, «когда» a time to come, «сколько» a number,
a request somebody who acts; a refusal has to have a reason.
"""

import re
from collections.abc import Iterator, Sequence

from otklik.casework.rules.answer_check.asks import lemma_of
from otklik.casework.rules.answer_check.case import Case, Found
from otklik.casework.rules.answer_check.grammar import FUTURE, NOUN, PAST, SHORT
from otklik.casework.rules.answer_check.kinship import is_near, touches
from otklik.casework.rules.answer_check.telling import (
    ASKS,
    DIGIT,
    SAYS,
    WHEN,
    WHY,
    acts,
    content_of,
    is_act_in,
    is_substantial,
    says,
)
from otklik.casework.rules.answer_check.values import NOT_ON_SUBSTANCE, REFUSED
from otklik.casework.rules.answer_check.words import word_set

_NEAR = 0.6
# «К сожалению, …», «Марина, увы, …»: the first commas divide nothing.
_SORRY = 2
_WHAT_IS = re.compile(r"(?<![а-я])(?:что (?:такое|за|значит|означает|это)|кто так\w{2}|как расшифр)(?![а-я])")
_WHAT_FOR = re.compile(r"(?<![а-я])зачем(?![а-я])")
MUCH = re.compile(r"(?<![а-я])сколько (?!можно|же можно|раз|лет|еще|ещё|уже|терпеть|человек|нам|мне)")
_NOT = frozenset({"не", "ни"})
_CLAUSE = re.compile(r"[,:—–;-]\s+(?:\w+[\s,]+){2,9}?\w+|\(")


def find_not_on_substance(case: Case) -> Iterator[Found]:
    """Nothing but courtesies, a refusal without a reason, or no word of the kind that was asked for."""
    if _is_only_thanks(case):
        return
    told = [number for number in range(len(case.answer.sentences)) if is_substantial(case, number)]
    refused = case.outcome == REFUSED and not _is_explained(case, told)
    if _is_definition(case):
        return
    if not told or refused or _misses_the_question(case, told) or _is_elsewhere(case, told):
        yield Found(NOT_ON_SUBSTANCE, *case.whole())


def _is_definition(case: Case) -> bool:
    """«Что такое …?» is answered by what is an empty phrase elsewhere."""
    return bool(_WHAT_IS.search(case.asked)) and any(
        mark in case.answer.text for mark in ("—", "это", "–", "(")
    )


def _is_only_thanks(case: Case) -> bool:
    """Who thanks and asks for nothing may be answered with a courtesy."""
    thanked = any(question.within("thanks") or question.within("praise") for question in case.questions)
    return thanked and not ASKS.search(case.asked)


def _is_elsewhere(case: Case, told: Sequence[int]) -> bool:
    """Nothing of what was asked is spoken of, and nothing speaks for an answer in few words: no time, number, cause."""
    answer = case.answer
    if (
        len(told) > 1
        or case.outcome == REFUSED
        or not case.asked.strip()
        or answer.within("cause")
        or answer.within("stage")
        or case.promised
    ):
        return False
    counts = any(
        DIGIT.search(answer.text, answer.sentences[at].start, answer.sentences[at].end) for at in told
    )
    if counts and not WHY.search(case.asked):
        return False
    things = content_of(answer, NOUN)
    return not any(
        touches(content_of(answer), content_of(each)) or is_near(things, content_of(each, NOUN), _NEAR)
        for each in case.questions
    )


def _is_explained(case: Case, told: Sequence[int]) -> bool:
    """Whether a refusal has a reason: a word of cause, a rule, a number, or a clause beside the refusal itself."""
    answer = case.answer
    if answer.within("cause"):
        return True
    for number in told:
        sentence = answer.sentences[number]
        if number not in answer.within("refusal") and number not in answer.within("redirect"):
            return True
        start = answer.starts[min(sentence.first + _SORRY, sentence.last - 1)]
        if DIGIT.search(answer.text, start, sentence.end) or _CLAUSE.search(answer.text, start, sentence.end):
            return True
    return False


def _misses_the_question(case: Case, told: Sequence[int]) -> bool:
    asked = case.asked
    if WHY.search(asked):
        return not _has_cause(case, told)
    if MUCH.search(asked) and len(case.questions) == 1 and asked.count("?") < 2:
        return not _has_number(case)
    if WHEN.search(asked):
        signs = ("stage", "vague", "refusal", "cause")
        told_of_time = case.promised or any(case.answer.within(sign) for sign in signs)
        return not told_of_time and not _is_done(case)
    return bool(asked) and not ASKS.search(asked) and not case.promised and not _has_deed(case, told)


def _is_done(case: Case) -> bool:
    """«Когда дадут свет?» — «Дали сегодня»: the very thing that was waited for has happened."""
    awaited = {
        lemma_of(word)
        for question in case.questions
        for word, form in zip(question.words, question.forms, strict=True)
        if form & FUTURE
    }
    answer = case.answer
    return any(
        form & (PAST | SHORT) and lemma_of(word) in awaited and (not at or answer.words[at - 1] not in _NOT)
        for at, (word, form) in enumerate(zip(answer.words, answer.forms, strict=True))
    )


def _has_number(case: Case) -> bool:
    answer = case.answer
    counts = not word_set("numbers").isdisjoint(answer.words)
    return counts or bool(
        DIGIT.search(answer.text) or case.promised or answer.within("cause") or answer.within("refusal")
    )


def _has_cause(case: Case, told: Sequence[int]) -> bool:
    answer = case.answer
    if _WHAT_FOR.search(case.asked):
        return bool(told)
    several = len(told) > 1
    return any(
        number in answer.within("cause")
        or is_act_in(answer, number)
        or (several and says(answer, number))
        or _lasts(case, number)
        for number in told
    )


def _lasts(case: Case, number: int) -> bool:
    """«Мост закрыт до 12 октября»: what is so, and until when."""
    sentence = case.answer.sentences[number]
    words = range(sentence.first, sentence.last)
    is_so = any(case.answer.forms[at] & SHORT or "крыт" in case.answer.words[at] for at in words)
    return is_so and any(sentence.start <= each.start < sentence.end for each in case.promised)


def _has_deed(case: Case, told: Sequence[int]) -> bool:
    answer = case.answer
    for number in told:
        sentence = answer.sentences[number]
        words = range(sentence.first, sentence.last)
        if any(acts(answer, at) or answer.words[at] in SAYS for at in words) or number in answer.within(
            "stage"
        ):
            return True
    return False
