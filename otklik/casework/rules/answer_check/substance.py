"""Whether an answer says anything on what was asked.

A sentence has substance when, besides thanks, registration, slogans and bare references to the law, it tells what was
done or will be, a fact with a number or a time, a cause, a permission or a ban. What was asked decides what the whole
answer has to have: «почему» a cause, «когда» a time to come, a request somebody who acts.
"""

import re
from collections.abc import Iterator, Sequence

from otklik.casework.rules.answer_check.asks import content
from otklik.casework.rules.answer_check.case import Case, Found
from otklik.casework.rules.answer_check.grammar import (
    FUTURE,
    INFINITIVE,
    NOUN,
    ORDER,
    PASSIVE,
    PAST,
    SHORT,
    VERB,
    WE,
)
from otklik.casework.rules.answer_check.kinship import is_near, touches
from otklik.casework.rules.answer_check.reading import Answer
from otklik.casework.rules.answer_check.values import NOT_ON_SUBSTANCE, REFUSED
from otklik.casework.rules.answer_check.words import word_set
from otklik.triage.nlp.words import lemmas_of

_NEAR = 0.6
_TELLS = PAST | FUTURE | WE | ORDER
_EMPTY = ("brush", "thanks", "slogan", "receipt", "law", "deeds")
_SAYS = frozenset(
    {
        "не",
        "нет",
        "нельзя",
        "можно",
        "невозможно",
        "нужно",
        "надо",
        "да",
        "должны",
        "должен",
        "обязан",
        "обязаны",
        "бесплатно",
    }
    | {"правда", "правы", "готов", "готова", "готово", "готовы", "пока", "нужна", "нужен", "нужны", "ни"}
)
WHY = re.compile(
    r"(?<![а-я])(?:почему|отчего|зачем|за что|с чего|по какой причине|причин[ауы]"
    r"|на каком основании|чем вызван\w{0,2})(?![а-я])"
)
WHEN = re.compile(
    r"(?<![а-я])(?:когда|в какой день|до какого числа|с какого числа"
    r"|сколько (?:можно )?(?:еще )?ждать|как скоро|скоро ли"
    r"|в каком году|какие сроки|каков срок)(?![а-я])"
)
ASKS = re.compile(
    r"\?|(?<![а-я])(?:где|куда|кто|кому|кого|кем|как|какой|какая|какие|какое|каком|сколько|можно"
    r"|нельзя|есть ли|будет ли|ли|что|чем|"
    r"правда|откуда|скажите|подскажите|когда|почему|зачем|нужно|надо|до которого|во сколько)(?![а-я])"
)
# «К сожалению, …», «Марина, увы, …»: the first commas divide nothing.
_SORRY = 2
_WHAT_IS = re.compile(r"(?<![а-я])(?:что (?:такое|за|значит|означает|это)|кто так\w{2}|как расшифр)(?![а-я])")
_WHAT_FOR = re.compile(r"(?<![а-я])зачем(?![а-я])")
MUCH = re.compile(r"(?<![а-я])сколько (?!можно|же можно|раз|лет|еще|ещё|уже|терпеть|человек|нам|мне)")
_DIGIT = re.compile(r"\d")
_CLAUSE = re.compile(r"[,:—–;-]\s+(?:\w+[\s,]+){2,9}?\w+|\(")


def is_substantial(case: Case, number: int) -> bool:
    """Whether the sentence of this number tells something besides courtesies."""
    answer = case.answer
    sentence = answer.sentences[number]
    signs = [sign for sign in _EMPTY if number in answer.within(sign)]
    empty = {word for sign in signs for hit in answer.within(sign)[number] for word in hit.words}
    left = [at for at in range(sentence.first, sentence.last) if at not in empty]
    if "deeds" in signs:
        return False
    if any(acts(answer, at) for at in left):
        return True
    if signs:
        return False
    if any(answer.words[at] in _SAYS for at in left) or any(
        number in answer.within(each) for each in ("cause", "stage")
    ):
        return True
    if _DIGIT.search(answer.text, sentence.start, sentence.end):
        return True
    return any(sentence.start <= each.start < sentence.end for each in case.times) or _is_fact(case, number)


def _is_fact(case: Case, number: int) -> bool:
    """«Экзамен принимает инспектор»: what is so, of a thing that was asked of; no definition of it."""
    answer = case.answer
    sentence = answer.sentences[number]
    words = range(sentence.first, sentence.last)
    verb = next(
        (at for at in words if answer.forms[at] & VERB and not answer.forms[at] & (INFINITIVE | PASSIVE)),
        None,
    )
    if verb is None or not acts_at_all(answer, verb) or not ASKS.search(case.asked):
        return False
    head = answer.text[sentence.start : answer.tokens[verb].start]
    if "—" in head or "которы" in head or WHY.search(case.asked) or WHEN.search(case.asked):
        return False
    said = frozenset(content(answer, words))
    return any(touches(said, _content(each)) for each in case.questions)


def acts_at_all(answer: Answer, at: int) -> bool:
    """A verb that is more than a courtesy."""
    return word_set("idle").isdisjoint(lemmas_of(answer.words[at])[:1])


def acts(answer: Answer, at: int) -> bool:
    """A verb of somebody who does something, and not only thinks of it."""
    return bool(answer.forms[at] & _TELLS) and acts_at_all(answer, at)


def tells_of_deeds(case: Case) -> bool:
    """Whether the answer tells what was done, is done or will be; to tell the resident what to do is none."""
    answer = case.answer
    deeds = (
        answer.sentence_of[at]
        for at, form in enumerate(answer.forms)
        if form & (PAST | FUTURE | WE) and acts(answer, at)
    )
    return any(is_substantial(case, number) for number in deeds) or bool(answer.within("stage"))


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
        _DIGIT.search(answer.text, answer.sentences[at].start, answer.sentences[at].end) for at in told
    )
    if counts and not WHY.search(case.asked):
        return False
    things = _content(answer, NOUN)
    return not any(
        touches(_content(answer), _content(each)) or is_near(things, _content(each, NOUN), _NEAR)
        for each in case.questions
    )


def _content(answer: Answer, form: int = -1) -> frozenset[str]:
    return frozenset(content(answer, [at for at, forms in enumerate(answer.forms) if forms & form]))


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
        if _DIGIT.search(answer.text, start, sentence.end) or _CLAUSE.search(
            answer.text, start, sentence.end
        ):
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
        return not case.promised and not any(case.answer.within(sign) for sign in signs)
    return bool(asked) and not ASKS.search(asked) and not case.promised and not _has_deed(case, told)


def _has_number(case: Case) -> bool:
    answer = case.answer
    counts = word_set("numbers").isdisjoint(answer.words) is False
    return counts or bool(
        _DIGIT.search(answer.text) or case.promised or answer.within("cause") or answer.within("refusal")
    )


def _has_cause(case: Case, told: Sequence[int]) -> bool:
    answer = case.answer
    if _WHAT_FOR.search(case.asked):
        return bool(told)
    says = len(told) > 1
    return any(
        number in answer.within("cause")
        or _is_act_in(answer, number)
        or (says and _says(answer, number))
        or _lasts(case, number)
        for number in told
    )


def _lasts(case: Case, number: int) -> bool:
    """«Мост закрыт до 12 октября»: what is so, and until when."""
    sentence = case.answer.sentences[number]
    words = range(sentence.first, sentence.last)
    is_so = any(case.answer.forms[at] & SHORT or "крыт" in case.answer.words[at] for at in words)
    return is_so and any(sentence.start <= each.start < sentence.end for each in case.promised)


def _says(answer: Answer, number: int) -> bool:
    sentence = answer.sentences[number]
    return not _SAYS.isdisjoint(answer.words[sentence.first : sentence.last])


def _is_act_in(answer: Answer, number: int) -> bool:
    sentence = answer.sentences[number]
    return any(acts(answer, at) for at in range(sentence.first, sentence.last))


def _has_deed(case: Case, told: Sequence[int]) -> bool:
    answer = case.answer
    for number in told:
        sentence = answer.sentences[number]
        words = range(sentence.first, sentence.last)
        if any(acts(answer, at) or answer.words[at] in _SAYS for at in words) or number in answer.within(
            "stage"
        ):
            return True
    return False
