"""Abbreviations and words of a trade that nobody explained and the resident did not use first."""

import re
from collections.abc import Iterator

from otklik.casework.rules.answer_check.case import Case, Found
from otklik.casework.rules.answer_check.values import JARGON
from otklik.casework.rules.answer_check.words import small, word_set
from otklik.triage.nlp.forms import is_russian
from otklik.triage.nlp.words import lemmas_of

# «МВК», «КС-11», «ОМС-2»; also small letters in the middle: «ЭУ», «ДОДД», «ПиР».
_SHORT = re.compile(r"(?<![\w«\"@/.-])([А-ЯЁA-Z][а-яёa-z]?[А-ЯЁA-Z][А-ЯЁA-Zа-я]{0,6})(?![\w@/])")
_ROMAN = re.compile(r"[IVXLC]+")
_EXPLAINED_AFTER = re.compile(
    r"(?:-\d{1,4})?[»\"]?,? ?(?:\((?=[^()\n]{6,})|[—–-] (?:это )?[а-я]|это |то есть |или "
    r"|так называ|означа|расшифр)"
)
_EXPLAINED_BEFORE = re.compile(
    r"(?:\([^()\n]{0,60}|(?:то есть|сокращенно|называют|называется|коротко|или|по-другому"
    r"|иначе)[ :,—–-]{1,3}(?:[а-я]{1,12} )?)$"
)
_LOUD = 4
_LOOK = 70
_MOST_KNOWN = 3


def find_jargon(case: Case) -> Iterator[Found]:
    """Every abbreviation and word of a trade at its first place."""
    seen: set[str] = set()
    for word, start, end in (*_abbreviations(case), *_trade_words(case)):
        if word not in seen:
            seen.add(word)
            yield Found(JARGON, start, end)


def _abbreviations(case: Case) -> Iterator[tuple[str, int, int]]:
    text, lower = case.answer.text, case.answer.lower
    told = word_set("known") | case.asked_words | frozenset(small(" ".join(case.facts.bodies)).split())
    explained: set[str] = set()
    for match in _SHORT.finditer(text):
        word = small(match[1])
        if word in told or word in explained or _ROMAN.fullmatch(match[1]) or _is_loud(match[1], word):
            continue
        if _is_explained(lower, match.start(), match.end()):
            explained.add(word)
            continue
        yield word, match.start(), match.end()


def _is_loud(written: str, word: str) -> bool:
    """A usual word in capitals is a cry, not an abbreviation."""
    return len(written) >= _LOUD and written.isupper() and is_russian(word)


def _is_explained(lower: str, start: int, end: int) -> bool:
    before = lower[max(0, start - _LOOK) : start]
    return bool(_EXPLAINED_AFTER.match(lower, end) or _EXPLAINED_BEFORE.search(before))


def _trade_words(case: Case) -> Iterator[tuple[str, int, int]]:
    trade, asked = word_set("jargon"), {lemma for word in case.asked_words for lemma in lemmas_of(word)}
    answer = case.answer
    for token in answer.tokens:
        lemmas = lemmas_of(token.text)
        if (
            lemmas[0] in trade
            and asked.isdisjoint(lemmas)
            and not _is_explained(answer.lower, token.start, token.end)
        ):
            yield lemmas[0], token.start, token.end
