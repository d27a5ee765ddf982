"""What a message asks: its questions and requests one by one, finer than the parts that became incidents.

A part goes to one body and may still ask twice: «почему закрыли каток и вернут ли деньги». What only tells («дети
падают») asks for nothing.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from otklik.casework.rules.answer_check.grammar import ADJECTIVE, ADVERB, NOUN, ORDER, PARTICIPLE, SHORT, VERB
from otklik.casework.rules.answer_check.reading import Answer
from otklik.casework.rules.answer_check.words import word_set
from otklik.triage.nlp.forms import is_russian
from otklik.triage.nlp.splitting import split
from otklik.triage.nlp.words import lemmas_of

WHEN, WHY, MUCH, WHO, WHERE, WHETHER, HOW, PLEASE, TELLS = (
    "when", "why", "much", "who", "where", "whether", "how", "please", "tells",
)  # fmt: skip
MOST = 8
"""Questions of one message that are looked at."""

_KINDS = (
    (
        WHEN,
        re.compile(
            r"^(?:\W|и |а |но |еще |скажите |подскажите )*(?:когда|до какого|с какого|во сколько"
            r"|как скоро|скоро ли|в какой день|в какое время|до скольки|сколько (?:ждать|времени|дней))"
        ),
    ),
    (
        WHY,
        re.compile(
            r"^(?:\W|и |а |но |еще )*(?:почему|зачем|отчего|за что|по какой причине|с какой стати|с чего)"
        ),
    ),
    (
        MUCH,
        re.compile(
            r"^(?:\W|и |а |но |еще |на )*(?:сколько|насколько|какова|какой размер|какая сумма|почем"
            r"|скольки)"
        ),
    ),
    (WHO, re.compile(r"^(?:\W|и |а |но |еще |к |у |с )*(?:кто|кому|кого|кем|чья|чей|чье|чьи|ком)(?![а-я])")),
    (
        WHERE,
        re.compile(r"^(?:\W|и |а |но |еще )*(?:где|куда|откуда|на какой|в каком|в какую|по какому)(?![а-я])"),
    ),
    (
        HOW,
        re.compile(
            r"^(?:\W|и |а |но |еще )*(?:как|каким|чем|что|какие|какой|какая|какое|какую|каких)(?![а-я])"
        ),
    ),
)
_WHETHER = re.compile(
    r"(?<![а-я])ли(?![а-я])|^(?:\W|и |а |но )*(?:правда|можно|нельзя|есть|будет|будут|нужно|надо"
    r"|верно|обязательно|положен|нужна|нужен)(?![а-я])"
)
_CUT = re.compile(
    r"[.!?…;\n]+|(?:^|(?<=\s))\d{1,2}[).](?=\s)|,?\s(?:а также|а еще|и еще|также|плюс)(?=\s)"
    r"|[,:]\s+(?=(?:и |а |но )?(?:когда|почему|зачем|кто|кому|где|куда|сколько|чем|правда"
    r"|можно ли|нужн\w ли|есть ли|будет ли|скажите|подскажите|во сколько|до какого"
    r"|с какого)(?![а-я]))"
    r"|\s(?:и|а)\s+(?=(?:когда|почему|зачем|кто|кому|где|куда|сколько|чем|как|правда|какие|какой"
    r"|во сколько|до какого|с какого|скажите|пусть|можно|за что|к кому|скоро)(?![а-я])"
    r"|[а-я]{3,20} ли(?![а-я]))"
    r"|,\s+(?=[а-я]{3,20} ли(?![а-я]))|\s(?=[2-9]\)\s)"
)
_ADDS = re.compile(r"еще|также|плюс|\d[).]")
_SUBJECTS = frozenset({"он", "она", "оно", "они"})
_LEANS = frozenset(
    {"его", "ее", "их", "им", "ей", "ему", "это", "этого", "этим", "этому", "туда", "там", "тогда"}
)
_CLAUSE = re.compile(r",\s|\s(?=(?:и|а) )")
_DENIES = frozenset(
    {
        "не",
        "нет",
        "нету",
        "без",
        "ни",
        "никто",
        "сломан",
        "сломана",
        "сломали",
        "разбит",
        "разбита",
        "сломалась",
        "сломался",
    }
)
_LEAST = 3
_LEAST_ADVERB = 5
_CARRIES = NOUN | ADVERB | ADJECTIVE | VERB | PARTICIPLE | SHORT


class Ask(NamedTuple):
    """A question or a request: the part it is of, its kind, where it stands there and the words it is about.

    `things` are the nouns among them. One that leans on another («и чем он поможет?») is not told apart from it.
    """

    part: int
    kind: str
    start: int
    end: int
    about: frozenset[str]
    things: frozenset[str]
    leans: bool


class _Piece(NamedTuple):
    """A piece of a message with the marks before and after it."""

    start: int
    end: int
    before: str
    mark: str


def asks_of(questions: Sequence[Answer]) -> list[Ask]:
    """The asks of all parts in their order; what repeats the words of another is none."""
    found: list[Ask] = []
    for part, question in enumerate(questions):
        for ask in _asks(part, question):
            if not ask.about or not any(ask.about <= other.about for other in found):
                found.append(ask)
    return found[:MOST]


def _asks(part: int, question: Answer) -> Iterator[Ask]:
    matters = split(question.text)
    begun = frozenset(each.spans[0][0] for each in matters) if len(matters) > 1 else frozenset()
    for start, end, before, mark in _pieces(question.lower, sorted(begun)):
        words = _words_in(question, start, end)
        kind = _kind(question, start, end, mark, words)
        if words and (kind != TELLS or _ADDS.search(before) or any(start <= begin < end for begin in begun)):
            yield _ask(part, kind, question, start, end)
        elif words:
            yield from _complaints(part, question, start, end)


def _complaints(part: int, question: Answer, start: int, end: int) -> Iterator[Ask]:
    """Clauses that each say of a thing what is not so: «автобус не ходит, света нет»."""
    bounds = [start, *(cut.end() for cut in _CLAUSE.finditer(question.lower, start, end)), end]
    for first, last in pairwise(bounds):
        words = _words_in(question, first, last)
        if not _DENIES.isdisjoint(question.words[words.start : words.stop]):
            ask = _ask(part, TELLS, question, first, last)
            # «Сосед не реагирует» tells of the trouble, and is none of its own.
            if ask.things - word_set("kin") - word_set("third"):
                yield ask


def _words_in(question: Answer, start: int, end: int) -> range:
    return range(bisect_left(question.starts, start), bisect_left(question.starts, end))


def _ask(part: int, kind: str, question: Answer, start: int, end: int) -> Ask:
    words = _words_in(question, start, end)
    about = frozenset(content(question, words))
    things = frozenset(content(question, [at for at in words if question.forms[at] & NOUN]))
    said = question.words[words.start : words.stop]
    leans = not _SUBJECTS.isdisjoint(said) or (not things and not _LEANS.isdisjoint(said))
    return Ask(part, kind, start, end, about, things, leans)


def _pieces(lower: str, begun: Sequence[int]) -> Iterator[_Piece]:
    """The text cut at the ends of sentences, at words that begin another question, and where triage cuts it."""
    cuts = sorted({*((cut.start(), cut.end()) for cut in _CUT.finditer(lower)), *((at, at) for at in begun)})
    begin, before = 0, ""
    for start, end in [*cuts, (len(lower), len(lower))]:
        mark = lower[start:end]
        if lower[begin:start].strip(" ,"):
            yield _Piece(begin, start, before, mark)
            before = ""
        before += mark
        begin = max(begin, end)


def _kind(question: Answer, start: int, end: int, mark: str, words: range) -> str:
    text = question.lower[start:end]
    for kind, opens in _KINDS:
        if opens.match(text):
            return kind
    if _WHETHER.search(text) or "?" in mark:
        return WHETHER
    orders = any(question.forms[at] & ORDER and question.words[at].endswith("те") for at in words)
    return PLEASE if orders or "пусть" in text else TELLS


def content(answer: Answer, words: Sequence[int]) -> Iterator[str]:
    """The dictionary forms of the words that carry the matter.

    Small words, words of asking and verbs of any work («заменить», «убрать») are left out: they tell nothing apart.
    """
    for at in words:
        word, form = answer.words[at], answer.forms[at]
        carries = form & _CARRIES or (not form and word.isalpha() and not is_russian(word))
        if len(word) < (_LEAST_ADVERB if form & ADVERB else _LEAST) or not carries:
            continue
        lemma = lemma_of(word)
        if lemma not in word_set("hollow") and not (form & VERB and lemma in word_set("works")):
            yield lemma


@lru_cache(maxsize=50_000)
def lemma_of(word: str) -> str:
    """The likeliest dictionary form."""
    return lemmas_of(word)[0]
