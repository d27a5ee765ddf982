"""What a word can be in a clause: who does, what is done, what only points back."""

import re
from enum import IntFlag
from functools import lru_cache
from typing import Any, NamedTuple

from otklik.triage.nlp.forms import analyzer
from otklik.triage.nlp.splitting.things import TROUBLES
from otklik.triage.nlp.words import lemmas_of

_LONGEST = 40
_RUSSIAN = re.compile(r"[а-я]+(?:-[а-я]+)*")
# Rarer readings («мыла» as of «мыть») bring more noise than sense.
_LIKELY = 0.15


class Shape(IntFlag):
    """Readings of a word that matter for cutting; a word may have several."""

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


# Plain numbers: operations on flags cost ten times more, and these run over all words.
IS_FINITE, IS_PAST, IS_ORDER, IS_STATE = 1, 2, 4, 8
IS_NOUN, IS_PLACE, IS_POINTER, IS_WE, IS_ASKING, IS_ADJECTIVE = 64, 128, 256, 512, 1024, 2048
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
_VERB = PREDICATE | int(Shape.INFINITIVE)
_VERBS = {"VERB": Shape.FINITE, "PRTS": Shape.STATE, "ADJS": Shape.STATE, "PRED": Shape.STATE}
_OTHERS = {"INFN": Shape.INFINITIVE, "ADJF": Shape.ADJECTIVE, "PRTF": Shape.ADJECTIVE}


class Known(NamedTuple):
    """A word as the splitter knows it: `shape`, its `name` (dictionary form), and what it stands for.

    `things` are all names of a noun; `subject` its name when it may be the one who does; `counts` are numbers and
    ordinals, which tell places apart.
    """

    shape: int
    name: str
    things: tuple[str, ...]
    subject: str
    verb: str
    troubles: bool
    lacks: bool
    also: bool
    denies: bool
    counts: bool


@lru_cache(maxsize=100_000)
def known_of(word: str) -> Known:
    """What the splitter knows of a folded word."""
    shape, names = shape_of(word), lemmas_of(word)
    name = names[0]
    return Known(
        shape=shape,
        name=name,
        things=names if shape & IS_NOUN else (),
        subject=name if shape & Shape.SUBJECT else "",
        verb=name if shape & _VERB and not shape & IS_NOUN else "",
        troubles=name in TROUBLES,
        lacks=word in _LACKS,
        also=word == "тоже",
        denies=word in _DENIALS,
        counts=word[0].isdigit() or word in _ORDINALS,
    )


def shape_of(word: str) -> int:
    """What the folded word may be, as bits of Shape."""
    found = _listed(word)
    if (
        found & (Shape.POINTER | Shape.WE | Shape.PLACE | Shape.ASKS)
        or len(word) > _LONGEST
        or not _RUSSIAN.fullmatch(word)
    ):
        return int(found)
    for parse in analyzer().parse(word):
        if parse.score >= _LIKELY:
            found |= _shape(parse.tag)
    return int(found)


def _listed(word: str) -> Shape:
    found = Shape(0)
    for words, shape in (
        (_STATES, Shape.STATE),
        (_POINTERS, Shape.POINTER),
        (_WE, Shape.WE),
        (_QUESTIONS, Shape.ASKS),
        (_OPENERS, Shape.PLACE),
    ):
        if word in words:
            found |= shape
    return found


def _shape(tag: Any) -> Shape:
    part = tag.POS
    if part == "NOUN":
        return Shape.NOUN | (Shape.SUBJECT if tag.case == "nomn" else Shape(0))
    if part == "VERB":
        if tag.mood == "impr":
            return Shape.ORDER
        return Shape.PAST if tag.tense == "past" else Shape.FINITE
    return _VERBS.get(part, Shape(0)) | _OTHERS.get(part, Shape(0))
