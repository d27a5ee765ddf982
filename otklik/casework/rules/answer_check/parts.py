"""Whether every question of the message is touched by the answer.

A sentence touches a question by a word of it, of its root, or near it in meaning, when the word is not another
question's. What touches none of them is free: it may answer one of those left in words of its own, when it is of
the kind asked for; only questions that nothing is left for are unanswered.
"""

import re
from collections.abc import Iterator, Sequence

from otklik.casework.rules.answer_check.asks import (
    MUCH,
    PLEASE,
    TELLS,
    WHEN,
    WHERE,
    WHETHER,
    WHY,
    Ask,
    asks_of,
    content,
)
from otklik.casework.rules.answer_check.case import Case, Found
from otklik.casework.rules.answer_check.grammar import FUTURE, NOUN, PAST, SHORT, WE
from otklik.casework.rules.answer_check.kinship import is_near, touches
from otklik.casework.rules.answer_check.telling import is_substantial
from otklik.casework.rules.answer_check.values import PART
from otklik.casework.rules.answer_check.words import word_set

_NEAR = 0.66
_LASTS = ("за ", "в течение")
_LISTED = re.compile(r"(?:^|[\n\s])(\d{1,2})[).]\s")
_IN_ORDER = re.compile(
    r"(?<![а-я])(?:первое|во-первых|второе|во-вторых|третье|в-третьих|второму|первому|обоим"
    r"|оба вопроса|обе просьбы)(?![а-я])"
)
_ADDRESS = re.compile(
    r"(?<![а-я])(?:улиц[аеуы]|ул\.|проспект|пр-т|переул|площад[ьи]|шоссе|бульвар|адрес|кабинет|каб\.|окн[оае]|этаж)"
)
_GOES_ON = frozenset(
    {
        "он",
        "она",
        "оно",
        "они",
        "его",
        "ее",
        "их",
        "ему",
        "ей",
        "им",
        "это",
        "этого",
        "там",
        "туда",
        "тогда",
        "поэтому",
        "теперь",
        "потом",
    }
    | {
        "затем",
        "до",
        "после",
        "этот",
        "эта",
        "нее",
        "него",
        "них",
        "нем",
        "ней",
        "такой",
        "прежний",
        "новый",
        "если",
        "сначала",
        "пока",
    }
)


def find_unanswered(case: Case) -> Iterator[Found]:
    """The questions that no sentence touches; there must be two at least, a single one is the matter of substance."""
    asks = asks_of(case.questions)
    if len(asks) < 2 or _is_in_order(case, len(asks)):
        return
    own = _own_words(asks)
    touched, free = _matched(case, asks, own)
    left = [number for number in range(len(asks)) if number not in touched]
    settled: set[int] = set()
    # What says nothing of its own, or leans on another question, is never missed, but an answer to it is not free.
    for number in sorted(left, key=lambda number: bool(own[number]) and not asks[number].leans):
        ask = asks[number]
        taken = next((sentence for sentence in free if _suits(case, sentence, ask)), None)
        if taken is None and not ask.things and _names_place(case, ask):
            continue
        if taken is not None:
            free.remove(taken)
            settled |= _meant(asks, number)
        elif own[number] and not ask.leans and number not in settled:
            words = case.questions[ask.part].text[ask.start : ask.end].strip(" ,:;-—–")
            yield Found(PART, *case.whole(), ask.part, words)


def _meant(asks: Sequence[Ask], number: int) -> set[int]:
    """The one trouble that «когда починят?» after it means: whoever says the day has answered both."""
    ask = asks[number]
    if ask.kind != WHEN or ask.about:
        return set()
    told = [at for at, other in enumerate(asks) if other.part == ask.part and other.kind == TELLS]
    return set(told) if len(told) == 1 and told[0] < number else set()


def _names_place(case: Case, ask: Ask) -> bool:
    """«Где получить?» names no thing of its own: an address beside the thing of another question answers it too."""
    return ask.kind == WHERE and _ADDRESS.search(case.answer.lower) is not None


def _is_in_order(case: Case, count: int) -> bool:
    """A list with as many points as questions, or «за первое отвечает …, за второе …»."""
    listed = {match[1] for match in _LISTED.finditer(case.answer.text)}
    return len(listed) >= count or len(_IN_ORDER.findall(case.answer.lower)) > 1


def _own_words(asks: Sequence[Ask]) -> list[frozenset[str]]:
    """The words of each ask that no other has."""
    return [
        ask.about - frozenset().union(*(other.about for other in asks if other is not ask)) for ask in asks
    ]


def _matched(case: Case, asks: Sequence[Ask], own: Sequence[frozenset[str]]) -> tuple[set[int], list[int]]:
    """The asks that some sentence touches, and the sentences that touch none and do not go on with the one before."""
    answer = case.answer
    everything = frozenset().union(*(ask.about for ask in asks))
    touched: set[int] = set()
    free: list[int] = []
    for number, sentence in enumerate(answer.sentences):
        words = frozenset(content(answer, range(sentence.first, sentence.last)))
        hit = {at for at in range(len(asks)) if touches(words, own[at])}
        if not hit and not touched and not free and is_substantial(case, number):
            # The first thing that is said goes to the first thing that was asked: «Это уполномоченный по …».
            hit = {0}
        touched |= hit
        goes_on = not _GOES_ON.isdisjoint(answer.words[sentence.first : sentence.first + 3])
        if not hit and not goes_on and not (words & everything):
            free.append(number)
    for at in [at for at in range(len(asks)) if at not in touched]:
        near = next(
            (number for number in free if _is_near(case, number, asks[at].things & own[at], everything)), None
        )
        if near is not None:
            touched.add(at)
            free.remove(near)
    return touched, free


def _is_near(case: Case, number: int, things: frozenset[str], everything: frozenset[str]) -> bool:
    """Whether a free sentence names a thing that is near in meaning: «лавка» and «скамейка»."""
    answer, times = case.answer, word_set("times")
    sentence = answer.sentences[number]
    nouns = [at for at in range(sentence.first, sentence.last) if answer.forms[at] & NOUN]
    named = frozenset(content(answer, nouns)) - everything - times
    return is_near(named, things - times, _NEAR)


def _suits(case: Case, number: int, ask: Ask) -> bool:
    """Whether a free sentence is of the kind that was asked for."""
    answer = case.answer
    sentence = answer.sentences[number]
    words = answer.words[sentence.first : sentence.last]
    forms = [answer.forms[at] for at in range(sentence.first, sentence.last)]
    if ask.kind == WHEN:
        if any(form & PAST for form in forms) and not any(form & FUTURE for form in forms):
            return False
        times = [each for each in case.promised if sentence.start <= each.start < sentence.end]
        return any(not answer.lower.startswith(_LASTS, each.start) for each in times)
    if ask.kind == MUCH:
        return any(word.isdigit() for word in words) or not word_set("numbers").isdisjoint(words)
    if ask.kind == WHETHER:
        return not word_set("yes_no").isdisjoint(words)
    if ask.kind in {PLEASE, TELLS, WHY}:
        return is_substantial(case, number) and any(form & (PAST | FUTURE | WE | SHORT) for form in forms)
    return is_substantial(case, number)
