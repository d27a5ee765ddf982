"""What a sentence of an answer tells, and what is only a courtesy.

A sentence has substance when, besides thanks, registration, slogans and bare references to the law, it tells what was
done or will be, a fact with a number or a time, a cause, a permission or a ban.
"""

import re

from otklik.casework.rules.answer_check.asks import content
from otklik.casework.rules.answer_check.case import Case
from otklik.casework.rules.answer_check.grammar import FUTURE, INFINITIVE, ORDER, PASSIVE, PAST, VERB, WE
from otklik.casework.rules.answer_check.kinship import touches
from otklik.casework.rules.answer_check.reading import Answer
from otklik.casework.rules.answer_check.words import word_set
from otklik.triage.nlp.words import lemmas_of

_TELLS = PAST | FUTURE | WE | ORDER
_EMPTY = ("brush", "thanks", "slogan", "receipt", "law", "deeds")
SAYS = frozenset(
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
DIGIT = re.compile(r"\d")


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
    if any(answer.words[at] in SAYS for at in left) or any(
        number in answer.within(each) for each in ("cause", "stage")
    ):
        return True
    if DIGIT.search(answer.text, sentence.start, sentence.end):
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
    return any(touches(said, content_of(each)) for each in case.questions)


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


def content_of(answer: Answer, form: int = -1) -> frozenset[str]:
    return frozenset(content(answer, [at for at, forms in enumerate(answer.forms) if forms & form]))


def says(answer: Answer, number: int) -> bool:
    sentence = answer.sentences[number]
    return not SAYS.isdisjoint(answer.words[sentence.first : sentence.last])


def is_act_in(answer: Answer, number: int) -> bool:
    sentence = answer.sentences[number]
    return any(acts(answer, at) for at in range(sentence.first, sentence.last))
