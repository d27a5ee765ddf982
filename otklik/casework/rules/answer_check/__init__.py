"""The check of an answer before it is published: what is wrong with it, by code, with the words that speak for it.

Promises that offsets lie inside the answer, that the same texts give the same report, that no text raises anything and
that time is linear. Codes are those of `bench/corpora/README.md`; what a code does (blocks, advises, nothing) is data.
"""

from otklik.casework.rules.answer_check.checking import check, hints
from otklik.casework.rules.answer_check.checklist import (
    NO,
    POINTS,
    UNKNOWN,
    YES,
    Point,
    Review,
    checklist,
    review,
)
from otklik.casework.rules.answer_check.own import (
    LONGEST_PHRASE,
    MOST_PHRASES,
    MOST_WORDS,
    NOTHING_OWN,
    OWN_CODES,
    Own,
    words_of,
)
from otklik.casework.rules.answer_check.score import HARD
from otklik.casework.rules.answer_check.values import (
    ADVISE,
    BLOCK,
    LEVELS,
    OFF,
    RULES,
    Facts,
    Finding,
    Report,
    UnknownRule,
    merged,
)

__all__ = [
    "ADVISE",
    "BLOCK",
    "HARD",
    "LEVELS",
    "LONGEST_PHRASE",
    "MOST_PHRASES",
    "MOST_WORDS",
    "NO",
    "NOTHING_OWN",
    "OFF",
    "OWN_CODES",
    "POINTS",
    "RULES",
    "UNKNOWN",
    "YES",
    "Facts",
    "Finding",
    "Own",
    "Point",
    "Report",
    "Review",
    "UnknownRule",
    "check",
    "checklist",
    "hints",
    "merged",
    "review",
    "words_of",
]
