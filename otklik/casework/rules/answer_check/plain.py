"""Plain speech: sentences that can be read at one breath, and no officialese."""

from collections.abc import Iterator

from otklik.casework.rules.answer_check.case import Case, Found
from otklik.casework.rules.answer_check.grammar import (
    ADJECTIVE,
    GENITIVE,
    GERUND,
    NOUN,
    PARTICIPLE,
    PASSIVE,
    SHORT,
    VERBAL,
)
from otklik.casework.rules.answer_check.reading import Answer, Sentence
from otklik.casework.rules.answer_check.values import LONG, OFFICIALESE

MOST_WORDS = 30
"""Words of a sentence beyond which it is long; every guide of §4 of the domain asks for less."""
HEAVY = 5.0
"""Points of a sentence from which on it is officialese."""
_POINTS = ((VERBAL, 1.0), (PARTICIPLE, 0.7), (GERUND, 0.7), (PASSIVE, 1.0), (SHORT, 0.4))
_CHAIN = 3


def find_long(case: Case) -> Iterator[Found]:
    """Sentences of more than MOST_WORDS words."""
    answer = case.answer
    for each in answer.sentences:
        if words_in(answer, each) > MOST_WORDS:
            yield Found(LONG, each.start, each.end)


def words_in(answer: Answer, sentence: Sentence) -> int:
    """How many words a sentence has: numbers in figures count, the pieces of a telephone once each."""
    return sentence.last - sentence.first


def find_officialese(case: Case) -> Iterator[Found]:
    """Sentences with too many verbs turned into nouns, genitives in a row, participles, passives, set phrases."""
    answer = case.answer
    for number, each in enumerate(answer.sentences):
        if heaviness(answer, number) >= HEAVY:
            yield Found(OFFICIALESE, each.start, each.end)


def heaviness(answer: Answer, number: int) -> float:
    """Points of officialese of a sentence."""
    sentence = answer.sentences[number]
    points = sum(hit.weight for hit in answer.within("office").get(number, ()))
    run = 0
    for at in range(sentence.first, sentence.last):
        form = answer.forms[at]
        points += sum(worth for bit, worth in _POINTS if form & bit)
        if form & NOUN:
            run = run + 1 if form & GENITIVE else 1
            points += 1.0 if run >= _CHAIN else 0.0
        elif not form & (ADJECTIVE | PARTICIPLE):
            run = 0
    return points
