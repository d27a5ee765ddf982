"""Flats and rooms: with a street and a house, which stay, they say where exactly somebody lives."""

import re
from collections.abc import Iterator

from otklik.triage.nlp.masking.found import Personal
from otklik.triage.nlp.masking.people import Sort, sort_of

_WORDED = (
    r"(?:одна|один|одну|две?|три|четыре|пять|шесть|семь|восемь|девять|десять|двадцать|тридцать|сорок|пятьдесят"
    r"|шестьдесят|семьдесят|восемьдесят|девяносто|сто)"
)
_NUMBER = r"(?!(?:19|20)[0-9]{2}(?![0-9]))[0-9]{1,4}(?:[ -]?[а-дж](?!\w))?(?![\w%])"
_NAMED = re.compile(
    rf"(?<![\w\d])(?:кв(?:артир(?:[аыеу]|ой|ах|ам))?|комн?(?:ат[аыеу]|атой)?|апартамент\w{{0,3}})(?!\w|\.? ?м\b)"
    rf"[ .:]{{0,3}}(?:(?:№|номер|ном\.?)[ .:]{{0,2}})?-?(?:{_NUMBER}|{_WORDED}(?: {_WORDED})?(?!\w))"
    rf"|(?<!\w)(?:кв|комн)(?:{_NUMBER})"
)
_HEAD = re.compile("кв|ком|апарт")
# The first digit comes before what must not stand before it: so the search leaps from one digit to the next.
_ORDINAL = re.compile(
    r"[0-9](?<![\w,.-].)[0-9]{0,3}(?:-?(?:[оы]?й|ая|я|ую|ю|ое|е|ей) ?| ?)(?:квартир[еу]|квартирой|комнат[еу])(?!\w)"
)
_ORDINAL_OF = re.compile(r"[0-9](?<![\w,.-].)[0-9]{0,3}-?(?:[оы]?й|ая|я) (?:квартир[аы]|комнат[аы])(?!\w)")
_MANY = re.compile(r"квартир(?:ы|ах|ам)? ?№? ?[0-9]{1,4}(?P<rest>(?:(?:, ?|,? и )[0-9]{1,4}(?![\w.%]))+)")
_ROOM = re.compile("[0-9][а-д]?, ?к")
_HYPHEN = re.compile("[0-9][а-д]?[–-][0-9]")
_NEXT = re.compile("[0-9]+")
_COUNTED = re.compile(
    r" ?(?:этаж|подъезд|дом|раз|час|день|дн|сут|год|лет|мес|недел|чел|руб|метр|м\b|км|мин|градус|тыс|шт|литр)"
)
# «Победы 6-24», «д. 5-15»: a house and a flat, unless it is a range of houses or a figure of something else.
_PAIR = re.compile(r"(?<![\w/.,-])(?P<house>[0-9]{1,3}[а-д]?)[–-](?P<flat>[0-9]{1,3})(?![\w/.%:–-])")
_AFTER_HOUSE = re.compile(
    r"(?:(?<!\w)д(?:ом)?\.? ?)?(?<!\w)[0-9]{1,3}[а-д]?(?:/[0-9]{1,3})?, ?(?P<room>к(?:омн|в)?\.? ?[0-9]{1,3})(?!\w)"
)
_BEFORE = re.compile(r"([^\W\d_]+)\.?,? ?$")
_HOUSES = frozenset({"д", "дом", "доме", "дома"})
_NEAR_HOUSES = 6
_FARTHEST = 40


def find_flats(text: str, lower: str) -> Iterator[Personal]:
    """Flats, in their order; houses and streets are left."""
    found: list[tuple[int, int]] = []
    if "кв" in lower or "комн" in lower or "апарт" in lower:
        found += _named(lower)
        found += [each.span() for each in _ORDINAL.finditer(lower)]
        found += [each.span() for each in _ORDINAL_OF.finditer(lower)]
        for many in _MANY.finditer(lower):
            found += _listed(lower, many)
    # Each is looked for behind a quick sight of its middle: most messages have none.
    if _ROOM.search(lower):
        found += [each.span("room") for each in _AFTER_HOUSE.finditer(lower)]
    if _HYPHEN.search(lower):
        found += [each.span("flat") for each in _PAIR.finditer(lower) if _is_home(text, lower, each)]
    end = 0
    for start, stop in sorted(found):
        if start >= end:
            yield Personal("flat", start, stop)
            end = stop


def _named(lower: str) -> Iterator[tuple[int, int]]:
    """«кв. 5», «комната 3», each looked for where such a word begins."""
    end = 0
    for head in _HEAD.finditer(lower):
        found = _NAMED.match(lower, head.start()) if head.start() >= end else None
        if found:
            yield found.span()
            end = found.end()


def _listed(lower: str, many: re.Match[str]) -> Iterator[tuple[int, int]]:
    numbers = [each.span() for each in _NEXT.finditer(lower, *many.span("rest"))]
    # «квартиры 3, 5 этаж»: the last number of the list may begin the next thought.
    if _COUNTED.match(lower, many.end()):
        numbers.pop()
    return iter(numbers)


def _is_home(text: str, lower: str, pair: re.Match[str]) -> bool:
    before = _BEFORE.search(text, max(0, pair.start() - _FARTHEST), pair.start())
    if not before or _is_range(pair) or _COUNTED.match(lower, pair.end()):
        return False
    word = before[1]
    if word.lower() in _HOUSES:
        return word.lower() != "дома"
    return word[0].isupper() and bool(sort_of(word) & Sort.STREETLIKE)


def _is_range(pair: re.Match[str]) -> bool:
    """Houses of one side of a street that stand side by side: 45-47."""
    house, flat = int(re.sub(r"\D", "", pair["house"])), int(pair["flat"])
    return 0 < flat - house <= _NEAR_HOUSES and (flat - house) % 2 == 0
