"""Numbers of houses: «д. 5», «дом 61 корпус 2», «118/5 стр. 1», «51к3», «11-а»."""

import re
from collections.abc import Iterable
from typing import NamedTuple

_LETTER = "абвгдежзиклмнпрстуфхцш"
# Every part is bounded and begins with what no other part begins with, so nothing can be read in two ways.
_NUMBER = rf"""
    (?P<number>[1-9]\d{{0,3}})(?!\d)
    (?:(?P<glued>[{_LETTER}])(?P<block>\d{{1,3}})?(?![^\W_])
      |\s?-\s?(?P<hyphen>[{_LETTER}])(?![^\W_])
      |\s?["«](?P<quoted>[{_LETTER}])["»]
      |\s(?P<apart>(?-i:[АБВГДЕ]))(?=\s{{0,2}}(?:[,.;:)\n]|$)))?
    (?:\s?(?:[/\\]|дробь)\s?(?P<fraction>\d{{1,4}}[{_LETTER}]?|[{_LETTER}])(?![^\W_]))?
    (?:,?\s{{0,2}}(?:корпус|корп|кор|к)\b\.?\s{{0,2}}№?(?P<building>\d{{1,3}}[{_LETTER}]?|(?-i:[А-Е]))(?![^\W_]))?
    (?:,?\s{{0,2}}(?:строение|стр)\b\.?\s{{0,2}}№?(?P<part>\d{{1,3}}[{_LETTER}]?)(?![^\W_]))?
    (?:,?\s{{0,2}}(?:литера?|лит)\b\.?\s{{0,2}}["«]?(?P<liter>[{_LETTER}])(?![^\W_]))?
    (?![^\W_])
"""
_HOUSE = r"(?:дом(?:а|е|у|ом|ами|ах|ов)?|д|зд|здани[еяию]|вл|влд|владени[еяию])\b"
_WORDS = (
    "дом дома доме дому домом домами домах домов д зд здание здания здании зданию вл влд владение владения владении "
    "владению"
)
HOUSE_WORDS = frozenset(_WORDS.split())
"""The same words folded: what the pattern before matches."""
_MOST = 20
_WORD = _HOUSE + r"\s{0,2}\.?\s{0,2}(?:№|номер\b|ном\.)?\s{0,2}"
_FLAGS = re.IGNORECASE | re.VERBOSE
_AFTER = re.compile(rf"[\s,.:]{{0,4}}(?P<word>{_WORD}|№\s{{0,2}})?{_NUMBER}", _FLAGS)
_NAMED = re.compile(rf"(?<![^\W_])(?P<word>{_WORD}){_NUMBER}", _FLAGS)

# What a number counts or names instead of a house. «3 дня», «15 ноября», «5 подъезд», «в 8 утра», «5-й».
_NOT_A_HOUSE = re.compile(
    r"""[.:]\d
      | \s{0,2}%
      | \s?-?\s?(?:й|я|го|му|ый|ая|ое|ую|ых|ой|ом|ти|ми|х)(?![^\W_])
      | \s{1,3}(?:д[не]н|дня|дней|день|сут|час|минут|секунд|недел|месяц|мес\b|год|век\b|лет\b|раз|метр|м\b|км\b|
        километр|руб|тыс|млн|человек|чел\b|штук|шт\b|процент|этаж|подъезд(?!\w{0,2}\s{0,2}[\d№])|утра|вечера|ночи|
        январ|феврал|март|апрел|ма[йяе]\b|июн|июл|август|сентябр|октябр|ноябр|декабр)""",
    re.IGNORECASE | re.VERBOSE,
)


class House(NamedTuple):
    """A number as it is kept («7 корпус 2», «51к3», «17а») and where it stands; `said` after «дом» or «д.»."""

    number: str
    start: int
    end: int
    said: bool


def house_after(text: str, at: int) -> House | None:
    """The house whose number stands right after a street that ends at `at`."""
    return _house(_AFTER.match(text, at), text)


def houses_at(text: str, starts: Iterable[int]) -> list[House]:
    """The same where the places of all HOUSE_WORDS before a number are known."""
    found: list[House] = []
    after = 0
    for start in starts:
        match = _NAMED.match(text, start) if start >= after else None
        if match is None:
            continue
        after = match.end()
        if house := _house(match, text):
            found.append(house)
        if len(found) >= _MOST:
            break
    return found


def named_houses(text: str) -> list[House]:
    """Numbers after «дом», «д.», «здание», wherever they stand; the first 20."""
    found: list[House] = []
    for match in _NAMED.finditer(text):
        if house := _house(match, text):
            found.append(house)
        if len(found) >= _MOST:
            break
    return found


def _house(match: re.Match[str] | None, text: str) -> House | None:
    if match is None:
        return None
    said = match["word"] is not None
    if not said and counts_something(text, match.end()):
        return None
    return House(_written(match), match.start("number"), match.end(), said)


def counts_something(text: str, at: int) -> bool:
    """Whether what follows a number that ends at `at` makes it a date, a time or an amount."""
    return _NOT_A_HOUSE.match(text, at) is not None


def _written(match: re.Match[str]) -> str:
    number = str(int(match["number"]))
    letter = match["glued"] or match["hyphen"] or match["quoted"] or match["apart"] or ""
    number += letter.lower() + (match["block"] or "")
    if fraction := match["fraction"]:
        # «16/а» is «16а».
        number += f"/{fraction.lower()}" if fraction[0].isdigit() else fraction.lower()
    for group, word in (("building", "корпус"), ("part", "строение")):
        if match[group]:
            number += f" {word} {match[group].lower()}"
    return number + (f" литера {match['liter'].upper()}" if match["liter"] else "")
