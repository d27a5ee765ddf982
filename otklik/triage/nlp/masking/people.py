"""What a word can be when people are named: a given name, a patronymic, a surname, or what a street is called by."""

import re
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from importlib import resources
from typing import Any

from otklik.triage.nlp.forms import analyzer

_RUSSIAN = re.compile(r"[а-яА-Я]+(?:-[а-яА-Я]+){0,2}")
LONGEST = 30
_SEEN = 0.005
_LIKELY = 0.1
_SOMEBODY = frozenset({"anim", "nomn", "sing"})
_BARE = frozenset({"Surn", "masc", "sing", "nomn"})


class Sort:
    """Bits for the readings of a word as it is written; a word may have several. Plain numbers: asked a lot."""

    NAME = 1
    PATRONYMIC = 2
    SURNAME = 4
    COMMON = 8  # also a usual word: «Вера», «Мороз»
    UNKNOWN = 16  # not in the dictionary, so it may well be somebody
    CAPITAL = 32
    UPPER = 64  # ALL CAPITALS: no evidence
    GENITIVE = 128  # as a name it may stand in «улица кого»
    BARE = 256  # a surname in the nominative that is nothing else
    STREET = 512  # «улица», «имени»: names what follows
    PLACE = 1024  # «школа», «театр»: may be called by what follows
    TITLE = 2048  # «сосед», «врач»: who follows is somebody
    HONOUR = 4096  # «героя», «маршала»: stands between the two
    STREETLIKE = 8192  # «Мира», «Садовая»: a street may be called so
    INTRODUCES = 16384  # «зовут», «имя»: what follows is a name
    TOWN = 32768  # «Киров», «Пушкин»: a town is called so too
    ANIMATE = 65536  # a usual word for somebody: «мельник»
    LETTER = 131072  # one capital letter, perhaps an initial
    SHAPED = 262144  # another word, but with the ending of a surname: «Шуровой»
    PERSON = NAME | PATRONYMIC | SURNAME


@cache
def people_words() -> Mapping[str, frozenset[str]]:
    """The sets of `data/people.tsv` by their names."""
    text = resources.files("otklik.triage").joinpath("data/people.tsv").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in text.splitlines() if line and not line.startswith("#"))
    return {name: frozenset(words.split("; ")) for name, words in rows}


_LISTED = (
    ("street", Sort.STREET),
    ("place", Sort.PLACE),
    ("title", Sort.TITLE),
    ("honour", Sort.HONOUR),
)
_ENDINGS = re.compile(
    r"(?:ов|ев|ин|ын|ова|ева|ина|ына|ову|еву|ину|ыну|овой|евой|иной|ыной|ову|еву|овым|евым|иным|ыным|ове|еве|ск(?:ий|ая|ого|ой|ому|им|ую)"
    r"|цк(?:ий|ая|ого|ой|ому|им|ую)|[сц]ких|ых|енко|ко|юк|ук|як|ич|ян|дзе|швили|ли|ец|уллин[аеу]?|дин[аеу]?|заде|оглы)$"
)


@lru_cache(maxsize=100_000)
def sort_of(word: str) -> int:
    """What a word as written may be, as bits of Sort; 0 for most."""
    if len(word) > LONGEST or not _RUSSIAN.fullmatch(word):
        return 0
    if len(word) == 1 and word.isupper():
        return Sort.LETTER
    return _with_case(word, _sort_of_folded(word.lower(), is_big=word[0].isupper()))


def _sort_of_folded(folded: str, *, is_big: bool) -> int:
    parses = analyzer().parse(folded)
    found = _by_list(folded, parses)
    is_known = len(folded) > 1 and analyzer().word_is_known(folded)
    seen = [(parse.tag.grammemes, parse.score) for parse in parses if parse.score >= _SEEN]
    for tags, score in seen:
        found |= _by_tags(tags, is_known=is_known, is_likely=score >= _LIKELY)
    if len(folded) > 2 and not found & Sort.SURNAME:
        found |= _by_ending(folded, is_known=is_known or bool(found & Sort.PERSON))
    if is_big and folded in people_words()["surname"]:
        found |= Sort.SURNAME
    if is_known and "-" not in folded and not found & (Sort.COMMON | Sort.NAME | Sort.TOWN):
        found |= Sort.BARE if any(score >= _LIKELY and tags >= _BARE for tags, score in seen) else 0
    return found


def _by_ending(folded: str, *, is_known: bool) -> int:
    ends_so = bool(_ENDINGS.search(folded))
    if is_known:
        return Sort.SHAPED if ends_so else 0
    return Sort.UNKNOWN | (Sort.SURNAME if ends_so else 0)


def _with_case(word: str, found: int) -> int:
    if len(word) > 1 and word.isupper():
        return found | Sort.UPPER
    # «ТОСов» is no name; a patronymic written together with its name still is.
    if word[0].isupper() and (found & Sort.PATRONYMIC or all(part[1:].islower() for part in word.split("-"))):
        return found | Sort.CAPITAL
    return found


def _by_list(folded: str, parses: Sequence[Any]) -> int:
    found = 0
    lemmas = {folded, *(parse.normal_form.replace("ё", "е") for parse in parses[:3])}
    sets = people_words()
    for name, sort in _LISTED:
        if not sets[name].isdisjoint(lemmas):
            found |= sort
    if folded in sets["introduces"]:
        found |= Sort.INTRODUCES
    # «имя» introduces a person, «имени» a school.
    return found & ~Sort.STREET if folded == "имя" else found


def _by_tags(tags: frozenset[str], *, is_known: bool, is_likely: bool) -> int:
    # Sets of plain strings: asking a tag itself for a mark costs ten times as much.
    found = 0
    if "Name" in tags and is_known:
        found |= Sort.NAME
    if "Patr" in tags:
        # «Белькович» ends like a patronymic; only the dictionary can tell that it is none.
        found |= Sort.PATRONYMIC if is_known or "femn" in tags else Sort.PATRONYMIC | Sort.SURNAME
    if "Surn" in tags:
        found |= Sort.SURNAME
    if "Geox" in tags:
        found |= Sort.TOWN
    if not found and "Abbr" not in tags and is_likely and is_known:
        found |= Sort.COMMON | (Sort.ANIMATE if tags >= _SOMEBODY else 0)
    if found & Sort.PERSON and ("gent" in tags or "Fixd" in tags):
        found |= Sort.GENITIVE | Sort.STREETLIKE
    if is_likely and ("ADJF" in tags or ("NOUN" in tags and "gent" in tags)):
        found |= Sort.STREETLIKE
    return found
