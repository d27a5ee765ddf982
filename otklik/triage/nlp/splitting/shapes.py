"""What a word can be in a clause: who does, what is done, what only points back."""

import re
from enum import IntFlag
from functools import lru_cache
from typing import Any, NamedTuple

from otklik.triage.nlp.forms import analyzer
from otklik.triage.nlp.splitting.markers import LINKS, may_number
from otklik.triage.nlp.splitting.things import TROUBLES
from otklik.triage.nlp.words import lemmas_of

_LONGEST = 40
_RUSSIAN = re.compile(r"[а-я]+(?:-[а-я]+)*")
# Rarer readings («мыла» as of «мыть») bring more noise than sense.
_LIKELY = 0.15


class Shape(IntFlag):
    """Readings of a word that matter for cutting, and what is told by the word itself; a word may have several."""

    FINITE = 1  # a verb of the present or the future
    PAST = 2
    ORDER = 4  # imperative
    STATE = 8  # «закрыт», «нужно», «нет», «холодно»
    INFINITIVE = 16
    SUBJECT = 32  # a noun that may be the one who does
    NOUN = 64
    PLACE = 128  # «в», «на», «у»: a preposition opens a clause about another place
    POINTER = 256  # «он», «это», «там»: speaks of what was named before
    WE = 512  # «мы», «я»: who writes
    ASKS = 1024
    ADJECTIVE = 2048
    TROUBLE = 4096  # a complaint in itself
    LACKS = 8192
    ALSO = 16384
    DENIES = 32768
    COUNTS = 65536  # a number or an ordinal, which tells places apart
    LINKS = 131072  # «и», «а», «но», «кроме»: may tie a clause to what stands before
    NUMBERS = 262144  # may number an item of a list


# Plain numbers: operations on flags cost ten times more, and these run over all words.
IS_FINITE, IS_PAST, IS_ORDER, IS_STATE = 1, 2, 4, 8
IS_SUBJECT, IS_NOUN, IS_PLACE, IS_POINTER, IS_WE, IS_ASKING, IS_ADJECTIVE = 32, 64, 128, 256, 512, 1024, 2048
IS_INFINITIVE, IS_TROUBLE, IS_LACKING, IS_ALSO, IS_DENYING, IS_COUNTING = 16, 4096, 8192, 16384, 32768, 65536
IS_LINKING, IS_NUMBERING = 131072, 262144
PREDICATE = IS_FINITE | IS_PAST | IS_ORDER | IS_STATE

_STATES = frozenset(
    {"нет", "нету", "нельзя", "невозможно", "нужен", "нужна", "нужно", "нужны", "надо", "прошу", "просим"}
    | {"пора", "хватит", "жаль", "можно", "течет", "положен", "положена", "положено", "положены"}
)
_POINTERS = frozenset(
    {"он", "она", "оно", "они", "его", "ее", "их", "им", "ему", "ней", "нем", "них", "ним", "ими", "нему"}
    | {"это", "этого", "этому", "этим", "этом", "этот", "эту", "эта", "эти", "этих", "там", "туда", "оттуда"}
    | {
        "тут",
        "здесь",
        "такой",
        "такая",
        "такое",
        "тот",
        "ту",
        "та",
        "те",
        "тех",
        "той",
        "того",
        "нее",
        "него",
    }
    | {"все", "всё", "никто", "ничего", "поэтому", "потом", "теперь", "тогда", "остальные", "остальное"}
)
_WE = frozenset({"я", "мы", "мне", "нам", "меня", "нас", "мной", "нами", "сам", "сами", "сама"})
_QUESTIONS = frozenset(
    {"когда", "почему", "зачем", "куда", "откуда", "сколько", "скольки", "где", "кто", "какой", "какая"}
    | {
        "какие",
        "какое",
        "каком",
        "какого",
        "каких",
        "как",
        "что",
        "ли",
        "чей",
        "кому",
        "кого",
        "каким",
        "какую",
    }
    | {"насколько", "разве", "неужели", "кем", "чем", "отчего", "подскажите", "скажите"}
)
_OPENERS = frozenset(
    {"в", "во", "на", "у", "возле", "около", "по", "под", "за", "к", "со", "с", "от", "из", "вдоль", "между"}
    | {"перед", "напротив", "через", "для", "про"}
)
_DENIALS = frozenset({"не", "ни", "нет", "нету", "без"})
_LACKS = frozenset({"нет", "нету", "без"})
_ORDINALS = frozenset(
    [
        "первый",
        "первом",
        "первого",
        "втором",
        "второго",
        "второй",
        "третьем",
        "третьего",
        "третий",
        "четвертом",
        "четвертого",
        "пятом",
        "пятого",
    ]
)
_VERB = PREDICATE | IS_INFINITIVE
_UNREAD = IS_POINTER | IS_WE | IS_PLACE | IS_ASKING
_PARTS = {
    "PRTS": IS_STATE, "ADJS": IS_STATE, "PRED": IS_STATE,
    "INFN": IS_INFINITIVE, "ADJF": IS_ADJECTIVE, "PRTF": IS_ADJECTIVE,
}  # fmt: skip
_LISTS = (
    (_STATES, IS_STATE), (_POINTERS, IS_POINTER), (_WE, IS_WE), (_QUESTIONS, IS_ASKING), (_OPENERS, IS_PLACE),
)  # fmt: skip
_LISTED: dict[str, int] = {}
for _words, _shape in _LISTS:
    for _word in _words:
        _LISTED[_word] = _LISTED.get(_word, 0) | _shape


class Known(NamedTuple):
    """A word as the splitter knows it: `shape`, its `name` (dictionary form), and what it stands for.

    `things` are all names of a noun; `subject` its name when it may be the one who does.
    """

    shape: int
    name: str
    things: tuple[str, ...]
    subject: str
    verb: str


@lru_cache(maxsize=100_000)
def known_of(word: str) -> Known:
    """What the splitter knows of a folded word."""
    shape, names = shape_of(word), lemmas_of(word)
    name = names[0]
    return Known(
        shape=shape | _told(word, name),
        name=name,
        things=names if shape & IS_NOUN else (),
        subject=name if shape & IS_SUBJECT else "",
        verb=name if shape & _VERB and not shape & IS_NOUN else "",
    )


def _told(word: str, name: str) -> int:
    """What the word tells by itself, however it may be read."""
    told = IS_TROUBLE if name in TROUBLES else 0
    if word in _LACKS:
        told |= IS_LACKING
    if word == "тоже":
        told |= IS_ALSO
    if word in _DENIALS:
        told |= IS_DENYING
    if word[0].isdigit() or word in _ORDINALS:
        told |= IS_COUNTING
    if word in LINKS:
        told |= IS_LINKING
    return told | IS_NUMBERING if may_number(word) else told


def shape_of(word: str) -> int:
    """What the folded word may be, as bits of Shape."""
    found = _LISTED.get(word, 0)
    if found & _UNREAD or len(word) > _LONGEST or not _RUSSIAN.fullmatch(word):
        return found
    for parse in analyzer().parse(word):
        if parse.score >= _LIKELY:
            found |= _shape_of(parse.tag)
    return found


@lru_cache(maxsize=4096)
def _shape_of(tag: Any) -> int:
    """The bits of a tag of the dictionary; there are some hundreds of them, and reading one is slow."""
    part = tag.POS
    if part == "NOUN":
        return IS_NOUN | (IS_SUBJECT if tag.case == "nomn" else 0)
    if part == "VERB":
        if tag.mood == "impr":
            return IS_ORDER
        return IS_PAST if tag.tense == "past" else IS_FINITE
    return _PARTS.get(part, 0)
