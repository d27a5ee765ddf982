"""Sayings: phrases in the order of their words and in their very forms, for what only sounds so as it is written.

The lexicon of triage takes words in any order and form, which is right for a topic; «надо было выйти» and «выйти было
надо» do not say the same, and «приходите» is polite where «приходи» is not.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib import resources
from typing import NamedTuple

from otklik.casework.rules.answer_check.grammar import INFINITIVE, ORDER, PAST
from otklik.casework.rules.answer_check.reading import Answer
from otklik.casework.rules.answer_check.words import small

_GAP = "…"
_WIDEST = 3
_SMALL = frozenset(
    {
        "же",
        "ли",
        "бы",
        "ну",
        "уж",
        "вот",
        "то",
        "просто",
        "и",
        "а",
        "лучше",
        "вы",
        "пожалуйста",
        "ка",
        "вам",
        "нам",
        "еще",
        "так",
        "вас",
        "теперь",
        "тут",
        "хоть",
        "как",
        "уже",
        "там",
        "нас",
    }
)
_MOST_SMALL = 2
_GRAMMAR = {"<inf>": INFINITIVE, "<order>": ORDER, "<past>": PAST}
_KEY = 3


class _Slot(NamedTuple):
    """What a word may be: whole words, beginnings, or a form; `far` when words may stand before it."""

    whole: frozenset[str]
    begins: tuple[str, ...]
    form: int
    far: bool


class Saying(NamedTuple):
    """A saying that was found, as the indexes of its first and last words."""

    sign: str
    first: int
    last: int


def find_sayings(answer: Answer, sign: str) -> Iterator[Saying]:
    """Where sayings of the sign stand, each once for a place of its first word; none crosses a sentence."""
    known = _sayings()[sign]
    for sentence in answer.sentences:
        for at in range(sentence.first, sentence.last):
            for slots in (*known.get(answer.words[at], ()), *known.get(answer.words[at][:_KEY] + "*", ())):
                last = _match(answer, slots, at, sentence.last)
                if last is not None:
                    yield Saying(sign, at, last)
                    break


def _match(answer: Answer, slots: Sequence[_Slot], at: int, end: int) -> int | None:
    if not _fits(answer, slots[0], at):
        return None
    for slot in slots[1:]:
        found = _next(answer, slot, at + 1, end)
        if found is None:
            return None
        at = found
    return at


def _next(answer: Answer, slot: _Slot, start: int, end: int) -> int | None:
    widest = _WIDEST if slot.far else _MOST_SMALL
    for at in range(start, min(end, start + widest + 1)):
        if _fits(answer, slot, at):
            return at
        if not slot.far and answer.words[at] not in _SMALL:
            return None
    return None


def _fits(answer: Answer, slot: _Slot, at: int) -> bool:
    word = answer.words[at]
    return word in slot.whole or bool(slot.form & answer.forms[at]) or word.startswith(slot.begins)


@cache
def _sayings() -> Mapping[str, Mapping[str, list[tuple[_Slot, ...]]]]:
    """By sign, the sayings under each word, or each beginning of three letters and a star, that may open them."""
    file = resources.files("otklik.casework.rules.answer_check").joinpath("data/sayings.tsv")
    found: dict[str, dict[str, list[tuple[_Slot, ...]]]] = defaultdict(lambda: defaultdict(list))
    for line in file.read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        sign, _, phrases = line.partition("\t")
        for phrase in phrases.split(";"):
            slots = tuple(_slots(phrase))
            for key in _keys(slots[0]) if slots else ():
                found[sign][key].append(slots)
    return found


def _slots(phrase: str) -> Iterator[_Slot]:
    far = False
    for piece in phrase.split():
        if piece == _GAP:
            far = True
            continue
        words = [small(word).strip("«»,") for word in piece.split("|")]
        form = sum(_GRAMMAR.get(word, 0) for word in words)
        whole = frozenset(word for word in words if word and not word.endswith("*") and word not in _GRAMMAR)
        if whole or form or any(word.endswith("*") for word in words):
            yield _Slot(whole, tuple(word[:-1] for word in words if word.endswith("*")), form, far)
        far = False


def _keys(slot: _Slot) -> list[str]:
    return [*slot.whole, *{begin[:_KEY] + "*" for begin in slot.begins}]
