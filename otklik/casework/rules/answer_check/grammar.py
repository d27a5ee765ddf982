"""What a word is in its sentence: tense, person and the forms that make speech heavy, by its likeliest reading."""

import re
from collections.abc import Sequence
from functools import lru_cache

from otklik.casework.rules.answer_check.words import word_set
from otklik.triage.nlp.forms import analyzer

_RUSSIAN = re.compile(r"[а-я]+(?:-[а-я]+)*")
_LONGEST = 40

PAST = 1
FUTURE = 2
WE = 4  # first person: «проверим», «делаем», «я»
ORDER = 8  # imperative: «приходите»
SHORT = 16  # short participle: «принято», «проведена»
PARTICIPLE = 32
GERUND = 64
VERBAL = 128  # a noun made of a verb: «проведение», «реализация»
PASSIVE = 256  # «осуществляется»
GENITIVE = 512
NOUN = 1024
ADJECTIVE = 2048
VERB = 4096  # finite or infinitive
YOU = 8192  # second person
INFINITIVE = 16384
ADVERB = 65536  # also «темно», «нельзя»
FAMILIAR = 32768  # an order in the singular and nothing else: «иди»

_FORMS = (
    ("past", PAST),
    ("futr", FUTURE),
    ("impr", ORDER),
    ("PRTS", SHORT),
    ("PRTF", PARTICIPLE),
    ("GRND", GERUND),
    ("NOUN", NOUN),
    ("ADJF", ADJECTIVE),
    ("ADVB", ADVERB),
    ("PRED", ADVERB),
    ("VERB", VERB),
    ("INFN", VERB | INFINITIVE),
)
_FAMILIAR = frozenset({"impr", "sing"})
_VERBAL = re.compile(r".{3,}(?:[еаи]ние|[ыяиу]тие|[ая]ция|[ие]зация|нение|овка)$")


@lru_cache(maxsize=100_000)
def grammar_of(word: str) -> int:
    """The forms of a folded word as bits; 0 for what is no Russian word."""
    if len(word) > _LONGEST or not _RUSSIAN.fullmatch(word):
        return 0
    parses = analyzer().parse(word)
    tags, lemma = parses[0].tag.grammemes, parses[0].normal_form.replace("ё", "е")
    found = 0
    for tag, bit in _FORMS:
        if tag in tags:
            found |= bit
    if found & NOUN:
        found |= _of_noun(tags, lemma)
    elif "VERB" in tags:
        found |= _of_verb(tags, lemma)
    else:
        found &= ~(PAST | FUTURE)
    return found & ~_doubtful(found, [parse.tag.grammemes for parse in parses])


def _of_noun(tags: frozenset[str], lemma: str) -> int:
    is_verbal = _VERBAL.fullmatch(lemma) and lemma not in word_set("no_verbs")
    return (GENITIVE if "gent" in tags else 0) | (VERBAL if is_verbal else 0)


def _of_verb(tags: frozenset[str], lemma: str) -> int:
    found = (
        (WE if "1per" in tags else 0)
        | (YOU if "2per" in tags else 0)
        | (FAMILIAR if tags >= _FAMILIAR else 0)
    )
    if "3per" in tags and "pres" in tags and lemma.endswith("ся") and "impf" in tags:
        found |= PASSIVE
    return found


def _doubtful(found: int, parses: Sequence[frozenset[str]]) -> int:
    """Forms that another reading of the word speaks against."""
    doubtful = 0
    if found & FUTURE and (found & YOU or any("pres" in tags for tags in parses)):
        # «Обратитесь» is rather an order, «закупаются» rather what is done than what will be.
        doubtful |= FUTURE
    if found & FAMILIAR and not all(tags >= _FAMILIAR for tags in parses):
        doubtful |= FAMILIAR  # «нашли» is hardly «нашли гонца»
    return doubtful
