"""Likeness of texts: keys by which near-duplicates meet in an index, and the exact check of a pair.

Words that tell messages apart (numbers, names of streets) weigh more in the keys than the words of every complaint, so
a bucket of the index holds messages about one place and not everybody who waits for the snow to be cleared.
"""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from rapidfuzz.distance import OSA
from rapidfuzz.process import cdist

from otklik.common.text import fold
from otklik.triage.nlp.bands import bands, whole
from otklik.triage.nlp.words import analyzer, blank, lemmas_of

LEAST_WORDS = 3
"""Telling words a text must have to be compared at all: «спасибо» and «нет воды» are like thousands of others."""

NEAR = 0.78
"""The similarity from which two texts are shown to a person as near; measured by bench/duplicates.py."""

# What one text lacks of the other weighs less than what each says differently.
_WITHIN = 0.75
_OTHER_PLACE = 0.7
_SLIP = 0.95
_WORTH, _HOPELESS = 0.5, 0.3
_MOST_COMPARED = 40
_MOST_SLIPS, _LEAST_LETTERS, _LONG_WORD = 2, 4, 7
_LONGEST = 8000
_MOST_WORDS = 400
_WORD = re.compile(r"[^\W_]+")
_NUMBER = re.compile(r"\d")
_FAINT, _PLAIN, _TELLING = 0.1, 1.0, 3.0
_NAMES = frozenset({"Geox", "Surn", "Name", "Patr", "Orgn"})
# After these stands what tells one message of a kind from another: a name or a number.
_OF_MARKERS = """
ул улица улице улицы улицу проспект проспекте проспекта пр переулок переулке пер бульвар бульваре площадь
площади шоссе дом дома доме д корпус школа школе школы школу садик сад детсад поликлиника поликлинике больница
больнице село селе деревня деревне поселок поселке пос станция станции остановка остановке микрорайон
микрорайоне мкр район районе снт тракт набережная набережной маршрут маршрута автобус автобуса номер маршрутка
маршрутки
"""
_MARKERS = frozenset(_OF_MARKERS.split())
# What stands in every message whatever it is about; a greeting changes nothing of the matter.
_OF_COMMON = """
и в во на с со к ко у о об от до по за из под над при про для без через между а но да или либо что чтобы как так
это этот эта эти этого этой этом тот та те то того там тут здесь где куда когда почему зачем какой какая какие
кто чем чего кому мы вы я он она они оно нам вам мне нас вас меня его ее их наш наша наши наше нашей нашем
нашего ваш ваша ваши свой свои себя не ни нет же ли бы уже еще все всё всех вся весь очень только просто тоже
также есть быть был была было были будет будут если раз два здравствуйте здрасьте добрый доброе доброго день дня
вечер утро времени суток привет приветствую всем уважаемый уважаемая уважаемые господа коллеги администрация
администрации пожалуйста прошу просим скажите подскажите ответьте спасибо заранее помогите
"""
_COMMON = frozenset(_OF_COMMON.split())


class Said(NamedTuple):
    """The words of a text, folded, each with its weight; all of them, and those that do not stand in every message."""

    weights: dict[str, float]
    words: frozenset[str]
    telling: frozenset[str]

    @property
    def cost(self) -> float:
        """What the words come to together. A word that tells messages apart finds candidates by its weight; in the
        check it costs as much as any, and contradicts."""
        return _cost(len(self.words), len(self.telling))


def said(text: str) -> Said:
    """Read a text for comparing: links, mentions, emoji, case, punctuation and order do not count.

    Only the first 400 words of a longer text are read.
    """
    words = _WORD.findall(fold(blank(text[:_LONGEST])))[:_MOST_WORDS]
    weights = {word: _weight(word, False) for word in words}
    # The heavier of two readings of a word counts, and after a marker none is lighter.
    for marker, word in pairwise(words):
        if marker in _MARKERS:
            weights[word] = _weight(word, True)
    telling = frozenset([word for word, weight in weights.items() if weight > _FAINT])
    return Said(weights, frozenset(weights), telling)


@lru_cache(maxsize=100_000)
def _weight(word: str, is_marked: bool) -> float:
    if word in _COMMON or (len(word) < 3 and not word.isdigit() and not is_marked):
        return _FAINT
    return _TELLING if is_marked or _NUMBER.search(word) else _PLAIN


def _cost(words: int, telling: int) -> float:
    return telling + _FAINT * (words - telling)


def keys_of(texts: Sequence[str]) -> list[tuple[int, ...]]:
    """The keys of each text, signed 64-bit numbers, the same for the same words whoever computes them.

    Texts of fewer than LEAST_WORDS telling words get none. The first key is of all telling words: only a text of the
    same words has it. The others are bands: the more of them two texts share, the likelier they are near.
    """
    return keys_of_said([said(text) for text in texts])


def keys_of_said(read: Sequence[Said]) -> list[tuple[int, ...]]:
    """The same as `keys_of` for texts that were read already."""
    result: list[tuple[int, ...]] = [()] * len(read)
    able = [index for index, each in enumerate(read) if len(each.telling) >= LEAST_WORDS]
    for index, keys in zip(able, bands([read[index].weights for index in able]), strict=True):
        result[index] = (whole(read[index].telling), *keys)
    return result


def similarity(a: str, b: str) -> float:
    """How much two texts say the same, 0 to 1; 1 for texts of the same words, whatever their order.

    An addition costs little, a replacement much: «на Мира, 5» for «на Мира, 7» is another message.
    """
    return 1.0 if a == b else likeness(said(a), said(b))


def likeness(a: Said, b: Said) -> float:
    """The same as `similarity` for texts that were read already; 0 where one has no words."""
    if a.words == b.words:
        return float(bool(a.words))
    same = a.words & b.words
    if len(same) < _HOPELESS * min(len(a.words), len(b.words)):
        return 0.0
    shared = _cost(len(same), len(same & a.telling & b.telling))
    if shared < _WORTH * min(a.cost, b.cost):
        # Slips of the finger do not change half of the words: this is another message.
        return _share(shared, a.cost, b.cost)
    only_mine = {word: weight for word, weight in a.weights.items() if word not in same}
    only_other = {word: weight for word, weight in b.weights.items() if word not in same}
    score = _share(shared + _misspelt(only_mine, only_other), a.cost, b.cost)
    return score * _OTHER_PLACE if _tells(only_mine) and _tells(only_other) else score


def _share(shared: float, mine: float, other: float) -> float:
    if not shared:
        return 0.0
    return _WITHIN * shared / min(mine, other) + (1 - _WITHIN) * shared / (mine + other - shared)


def _misspelt(mine: dict[str, float], other: dict[str, float]) -> float:
    """Take words that differ by a slip of the finger or an ending out of both sides; what they cost together."""
    left, right = _spelt(mine), _spelt(other)
    if not left or not right:
        return 0.0
    slips = cdist(left, right, scorer=OSA.distance, score_cutoff=_MOST_SLIPS, dtype=np.uint8)
    pairs = [
        (int(slips[row, column]), left[row], right[column])
        for row, column in np.argwhere(slips <= _MOST_SLIPS)
    ]
    total = 0.0
    # The nearest first, in an order that does not depend on which text is which.
    for slip, one, another in sorted(pairs, key=lambda pair: (pair[0], *sorted(pair[1:]))):
        if one in mine and another in other and _is_slip(one, another, slip):
            total += _SLIP * min(_PLAIN, mine.pop(one), other.pop(another))
    return total


def _spelt(words: Iterable[str]) -> list[str]:
    """Words long enough to be told from a slip of another; a number is never misspelt."""
    return [word for word in sorted(words) if len(word) >= _LEAST_LETTERS and not _NUMBER.search(word)][
        :_MOST_COMPARED
    ]


def _is_slip(one: str, other: str, slips: int) -> bool:
    if _is_known(one) and _is_known(other):
        # «Лесная» and «Лётная» are two streets, «Лесная» and «Лесной» one.
        return lemmas_of(one)[0] == lemmas_of(other)[0]
    return slips <= (1 if min(len(one), len(other)) < _LONG_WORD else _MOST_SLIPS)


def _tells(words: dict[str, float]) -> bool:
    """Whether one of the words is a number or a name: said by each of two texts alone, they speak of two places."""
    return any(weight >= _TELLING or (weight >= _PLAIN and _is_name(word)) for word, weight in words.items())


@lru_cache(maxsize=50_000)
def _is_known(word: str) -> bool:
    return bool(analyzer().word_is_known(word))


@lru_cache(maxsize=50_000)
def _is_name(word: str) -> bool:
    grammemes: frozenset[str] = analyzer().parse(word)[0].tag.grammemes
    return not grammemes.isdisjoint(_NAMES)
