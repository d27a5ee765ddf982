"""How it is said: rudeness, marks asked for where nothing was solved, stop-phrases."""

import re
from collections.abc import Iterator

from otklik.casework.rules.answer_check.case import Case, Found
from otklik.casework.rules.answer_check.grammar import FAMILIAR
from otklik.casework.rules.answer_check.sayings import find_sayings
from otklik.casework.rules.answer_check.values import (
    FORWARDED,
    INTERIM,
    PLANNED,
    RATE_US,
    REFUSED,
    RUDE,
    STOP_PHRASE,
)

_NOT_SOLVED = frozenset({REFUSED, PLANNED, INTERIM, FORWARDED})
# «Глупых вопросов не бывает», «простите нас за глупость»: said against oneself, or denied.
_TAKEN_BACK = re.compile(
    r"не бывает|извин|прости|наша вина|виноваты мы|мы виноваты|мы сами|сами мы|наша ошибка"
    r"|неловко|стыдно нам|нам стыдно"
)
_AFTER_ADDRESS = frozenset(",!.")
_QUOTED = re.compile(r"«[^«»\n]{0,200}»")


def find_rude(case: Case) -> Iterator[Found]:
    """Mockery, blame, threats, lecturing and «ты», by the sayings of `data/sayings.tsv`."""
    answer = case.answer
    quotes = [match.span() for match in _QUOTED.finditer(answer.text)]
    for first, last in (*_sayings(case), *_familiar(case)):
        start, end = answer.span([first, last])
        sentence = answer.sentences[answer.sentence_of[first]]
        is_quoted = any(begin < start and end < finish for begin, finish in quotes)
        if not is_quoted and not _TAKEN_BACK.search(answer.lower, sentence.start, sentence.end):
            yield Found(RUDE, start, end)


def _sayings(case: Case) -> Iterator[tuple[int, int]]:
    answer = case.answer
    for each in find_sayings(answer, "rude"):
        yield each.first, each.last
    for each in find_sayings(answer, "address"):
        after = answer.text[answer.tokens[each.last].end : answer.tokens[each.last].end + 1]
        if each.first == answer.sentences[answer.sentence_of[each.first]].first and after in _AFTER_ADDRESS:
            yield each.first, each.last


def _familiar(case: Case) -> Iterator[tuple[int, int]]:
    """Orders in the singular: «иди», «читай»."""
    for at, form in enumerate(case.answer.forms):
        if form & FAMILIAR:
            yield at, at


def find_rate_us(case: Case) -> Iterator[Found]:
    """A mark, a like or praise asked for while the matter is not solved."""
    if case.outcome in _NOT_SOLVED:
        for each in find_sayings(case.answer, "rate"):
            yield Found(RATE_US, *case.answer.span([each.first, each.last]))


def find_stop_phrases(case: Case) -> Iterator[Found]:
    """Phrases that residents read as a brush-off, also where the answer has substance."""
    for hits in case.answer.within("brush").values():
        for hit in hits:
            yield Found(STOP_PHRASE, *case.answer.span(hit.words))
