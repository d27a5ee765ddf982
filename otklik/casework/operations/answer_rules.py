"""The rules of the check of answers as a region has them: read by every check, changed by the centre."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from django.db import transaction

from otklik.audit import operations as audit
from otklik.casework.models import AnswerRule
from otklik.casework.rules import answer_check
from otklik.casework.rules.answer_check import Own
from otklik.common.actor import Actor

# A photo cannot be sent with an answer yet, so its absence is said and does not stop the answer.
SHIPPED: Mapping[str, str] = MappingProxyType({**answer_check.RULES, "no_proof": answer_check.ADVISE})
"""What each code does until the region says otherwise."""


@dataclass(frozen=True, slots=True)
class CheckRules:
    """The level of every code, and the words of the region by code."""

    levels: Mapping[str, str]
    own: Mapping[str, Own]


class UnknownCode(Exception):
    """Такого правила проверки нет. Обновите страницу."""


class NoWordsOfItsOwn(Exception):
    """У этого правила нет списка слов: его можно только включить, сделать советом или выключить."""


class BadPhrase(Exception):
    """Эта строка не годится: в ней должно быть от одного до восьми слов, не длиннее 80 знаков."""

    def __init__(self, phrase: str) -> None:
        super().__init__(phrase)
        self.phrase = phrase


class TooManyPhrases(Exception):
    """Слишком длинный список: оставьте не больше трёхсот строк."""


def check_rules() -> CheckRules:
    """The rules as they stand now. One short query; what was made of the rows is remembered by their versions."""
    stamp = tuple(AnswerRule.objects.order_by("code").values_list("code", "version", "updated_at"))
    return _made(stamp)


@lru_cache(maxsize=4)
def _made(stamp: tuple[tuple[str, int, datetime], ...]) -> CheckRules:
    # A row that changed since the stamp was taken has another stamp for the next check.
    rows = AnswerRule.objects.filter(code__in=[code for code, _version, _at in stamp])
    levels = {row.code: row.mode for row in rows if row.code in answer_check.RULES}
    own = {
        row.code: Own(tuple(row.words), tuple(row.allowed))
        for row in rows
        if row.code in answer_check.OWN_CODES and (row.words or row.allowed)
    }
    return CheckRules({**SHIPPED, **levels}, own)


@transaction.atomic
def set_answer_rule(
    *,
    code: str,
    mode: str,
    words: Iterable[str] = (),
    allowed: Iterable[str] = (),
    reason: str = "",
    by: Actor,
    now: datetime,
) -> AnswerRule:
    """From now on the check does this with the code; answers that are out are not looked at again.

    Raises UnknownCode, NoWordsOfItsOwn, BadPhrase, TooManyPhrases.
    """
    if code not in answer_check.RULES or mode not in answer_check.LEVELS:
        raise UnknownCode
    values: dict[str, Any] = {"mode": mode, "words": _phrases(words), "allowed": _phrases(allowed)}
    if code not in answer_check.OWN_CODES and (values["words"] or values["allowed"]):
        raise NoWordsOfItsOwn
    row = AnswerRule.objects.select_for_update(of=("self",)).filter(code=code).first()
    before = {name: getattr(row, name) for name in values} if row else {"mode": SHIPPED[code]}
    if row and before == values:
        return row
    if row is None:
        row = AnswerRule(code=code, version=0)
    for name, value in values.items():
        setattr(row, name, value)
    row.version, row.updated_at = row.version + 1, now
    row.save()
    audit.record(
        by=by, verb="set_answer_rule", subject=row, now=now, reason=reason, before=before, after=values
    )
    return row


def _phrases(given: Iterable[str]) -> list[str]:
    """The phrases without blanks and repeats, in their order."""
    found: dict[tuple[str, ...], str] = {}
    for each in given:
        phrase = " ".join(each.split())
        if not phrase:
            continue
        words = answer_check.words_of(phrase)
        long = len(phrase) > answer_check.LONGEST_PHRASE or len(words) > answer_check.MOST_WORDS
        if not words or long or "\0" in phrase:
            raise BadPhrase(phrase)
        found.setdefault(words, phrase)
    if len(found) > answer_check.MOST_PHRASES:
        raise TooManyPhrases
    return list(found.values())
