"""Phones, bank cards, accounts and СНИЛС among the numbers of a message.

A number is a run of digits with short gaps; where it begins and ends is told by its groups, its check sum or its code.
Sources: the numbering plan of Russia (10 digits after +7 or 8; 800–809 are lines of organisations, no person's),
ISO/IEC 7812 (the sum of Luhn), the rules of the insurance number (112-233-445 95), balance accounts 40817 and 423.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from otklik.triage.nlp.masking.found import Cues, Personal

_RUN = re.compile(r"[0-9](?:[ .()–—-]{0,3}[0-9])+")
_GROUP = re.compile("[0-9]+")
_LEAST, _MOST = 5, 20
_MOST_GROUPS = 20
_CARDS = frozenset({16, 18, 19})
# Other lengths are looked at only when they are all there is.
_LENGTHS = _CARDS | {10, 11, 20}
_CARD_GROUPS, _CARD_GROUP = 6, 4
_CARD_BEGINS = "234569"
_ACCOUNTS = ("40817", "40820", "40802", "423", "426")  # of people, not of organisations
_CODE_BEGINS = "3489"
_SNILS_SHAPES = {(3, 3, 3, 2), (3, 3, 5)}
_MOBILE_SHAPES = {
    (10,),
    (3, 7),
    (3, 3, 4),
    (3, 3, 2, 2),
    (3, 2, 2, 3),
    (3, 2, 3, 2),
    (3, 1, 2, 2, 2),
    (3, 4, 3),
}
_PARTED_SHAPES = {(3, 2, 2), (1, 2, 2), (2, 2, 2), (3, 4)}
_DATE = re.compile("[0-3]?[0-9].[01][0-9].[123][0-9]")
_LOCAL_SHAPES = {(3, 2, 2), (1, 2, 2), (2, 2, 2), (5,), (6,), (7,), (3, 4), (3, 3), (2, 3), (1, 4)}


class _Group(NamedTuple):
    digits: str
    start: int
    end: int


def find_numbers(text: str, cues: Cues) -> Iterator[Personal]:
    """Cards, СНИЛС and phones, in their order. `cues` are of the same text."""
    for run in _RUN.finditer(text):
        if run.end() - run.start() >= _LEAST:
            groups = [
                _Group(found[0], found.start(), found.end()) for found in _GROUP.finditer(text, *run.span())
            ]
            yield from _in_run(text, groups, cues)


def _in_run(text: str, groups: list[_Group], cues: Cues) -> Iterator[Personal]:
    at = 0
    while at < len(groups):
        kind, taken = _best_at(text, groups, at, cues)
        if kind:
            first, last = groups[at], groups[at + taken - 1]
            yield Personal(kind, _opened(text, first.start, last.end), last.end)
        at += max(taken, 1)


def _opened(text: str, start: int, end: int) -> int:
    """The start with the «+» and the bracket that belong to the number."""
    while start and (text[start - 1] == "+" or (text[start - 1] == "(" and ")" in text[start:end])):
        start -= 1
    return start


def _best_at(text: str, groups: list[_Group], at: int, cues: Cues) -> tuple[str, int]:
    """The longest number that begins with the group `at`: its kind and how many groups it takes."""
    best, total = ("", 0), 0
    for count in range(1, min(_MOST_GROUPS, len(groups) - at) + 1):
        total += len(groups[at + count - 1].digits)
        if total > _MOST:
            break
        is_whole = count == len(groups)
        if total in _LENGTHS or (is_whole and total >= _LEAST):
            window = groups[at : at + count]
            kind = _kind_of(text, window, total, cues, is_whole=is_whole)
            best = (kind, count) if kind else best
    return best


def _kind_of(text: str, window: list[_Group], total: int, cues: Cues, *, is_whole: bool) -> str:
    is_long = total in _CARDS or total == _MOST
    if is_long and (len(window) > _CARD_GROUPS or len(window[0].digits) < _CARD_GROUP):
        return ""
    digits = "".join(group.digits for group in window)
    if is_long:
        return "card" if _is_card(digits) else ""
    shape = tuple(len(group.digits) for group in window)
    start = window[0].start
    if total == 11:
        if _is_snils(digits, shape, start, cues):
            return "snils"
        return "phone" if _is_long_phone(text, digits, shape, start, cues) else ""
    if text[max(start - 1, 0) : start] == "+" and is_whole and 11 < total < 14:
        return "phone"
    if total == 10:
        return "phone" if _is_short_phone(text, digits, shape, start, cues) else ""
    return "phone" if is_whole and total < 8 and _is_local_phone(text, window, shape, cues) else ""


def _is_local_phone(text: str, window: list[_Group], shape: tuple[int, ...], cues: Cues) -> bool:
    """A number of the town's own exchange: only where a word says so, beside it unless it is written as one."""
    start, end = window[0].start, window[-1].end
    if shape not in _LOCAL_SHAPES or cues.before(start) != "phone" or not _is_apart(text, window):
        return False
    if _DATE.fullmatch(text, start, end):
        return "-" in text[start:end] and cues.is_beside(start)
    return (shape in _PARTED_SHAPES and "-" in text[start:end]) or cues.is_beside(start)


def _is_card(digits: str) -> bool:
    if len(digits) == _MOST:
        return digits.startswith(_ACCOUNTS)
    return digits[0] in _CARD_BEGINS and luhn(digits)


def luhn(digits: str) -> bool:
    """Whether the check digit of ISO/IEC 7812 fits."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def snils_fits(digits: str) -> bool:
    """Whether the last two of eleven digits are the check sum of the first nine."""
    total = sum(int(digit) * (9 - place) for place, digit in enumerate(digits[:9])) % 101
    return total % 100 == int(digits[9:])


def _is_snils(digits: str, shape: tuple[int, ...], start: int, cues: Cues) -> bool:
    if shape in _SNILS_SHAPES and snils_fits(digits):
        return True
    # A slip in a number does not make it public: the word beside it is enough.
    said = "snils" in cues.around(start)
    return said and (
        shape in _SNILS_SHAPES or (shape == (11,) and snils_fits(digits)) or cues.before(start) == "snils"
    )


def _is_long_phone(text: str, digits: str, shape: tuple[int, ...], start: int, cues: Cues) -> bool:
    has_plus = text[max(start - 1, 0) : start] == "+"
    if digits[0] not in "78" or digits[1:3] == "80":
        return False
    if not has_plus and (digits[1] not in _CODE_BEGINS or cues.before(start) == "other"):
        return False
    return shape[0] in {1, 4, 5, 7, 8, 11} and not _goes_on(text, start)


def _is_short_phone(text: str, digits: str, shape: tuple[int, ...], start: int, cues: Cues) -> bool:
    said = cues.before(start)
    if digits.startswith("80") or _goes_on(text, start) or said == "other":
        return False
    if digits[0] == "9":
        return shape in _MOBILE_SHAPES or said == "phone"
    return digits[0] in _CODE_BEGINS and said == "phone" and (3 <= shape[0] <= 5 or shape == (10,))


def _goes_on(text: str, start: int) -> bool:
    """Whether the number is the tail of a longer thing: «54:35:0913…», «№ 54/8913…»."""
    return (
        text[max(start - 1, 0) : start] in {":", "/", "_", "№", "="}
        and text[max(start - 2, 0) : start - 1].isdigit()
    )


def _is_apart(text: str, window: list[_Group]) -> bool:
    start, end = window[0].start, window[-1].end
    before, after = text[max(start - 1, 0) : start], text[end : end + 1]
    return not (before.isalnum() or after.isalnum() or before in {"/", "№", ":"} or after in {"/", ":", "%"})
