"""A work that a photo would show, said to be done and shown by nothing."""

import re
from collections.abc import Iterator
from functools import lru_cache

from otklik.casework.rules.answer_check.case import Case, Found
from otklik.casework.rules.answer_check.grammar import PAST, SHORT
from otklik.casework.rules.answer_check.reading import Answer
from otklik.casework.rules.answer_check.values import NO_PROOF, SOLVED
from otklik.casework.rules.answer_check.words import word_set
from otklik.triage.nlp.words import lemmas_of

LINK = re.compile(
    r"https?://|www\.|(?<![\w@.])[a-z0-9-]{2,40}\.[a-z]{2,10}/|(?<![\w@.])[a-z0-9-]{2,40}\.(?:ru"
    r"|рф|com|example|org|su)(?!\w)"
)
_DONE = PAST | SHORT


def has_proof(case: Case) -> bool:
    """Whether a photo is attached or the text has a link."""
    return case.facts.has_photo or LINK.search(case.answer.lower) is not None


def find_no_proof(case: Case) -> Iterator[Found]:
    """A solved matter: a thing that can be seen, in the sentence or in the question, and a work done on it."""
    if case.outcome != SOLVED or has_proof(case):
        return
    seen_in_question = any(_things(each, 0, len(each.words)) for each in case.questions)
    answer = case.answer
    for sentence in answer.sentences:
        works = [
            at
            for at in range(sentence.first, sentence.last)
            if (answer.forms[at] & _DONE and _is_of(answer.words[at], "works"))
            or _is_of(answer.words[at], "states")
        ]
        things = _things(answer, sentence.first, sentence.last)
        if works and (things or seen_in_question) and not _unseen(answer, sentence.first, sentence.last):
            yield Found(NO_PROOF, *answer.span(works[:1]))
            return


def is_checkable(case: Case) -> bool:
    """Whether the matter is one that a photo shows."""
    return any(_things(each, 0, len(each.words)) for each in (*case.questions, case.answer))


def _things(answer: Answer, first: int, last: int) -> bool:
    return any(_is_of(word, "things") for word in answer.words[first:last])


def _unseen(answer: Answer, first: int, last: int) -> bool:
    return any(_is_of(word, "unseen") for word in answer.words[first:last])


@lru_cache(maxsize=100_000)
def _is_of(word: str, name: str) -> bool:
    known = word_set(name)
    return any(lemma in known for lemma in lemmas_of(word))
