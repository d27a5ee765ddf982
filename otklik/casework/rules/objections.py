"""Whether the author's words under an answer say that nothing is solved. Pure.

Read only after an answer, in the author's own thread: there «не работает» is about what was answered. Who says it
brings the matter back; who only asks something else opens a question of its own.
"""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta

LONGEST_READ = 2000
_WORD = re.compile(r"[а-яa-z]+")
# Of a sentence these words between «не» and what was not done still deny it: «так и не был отремонтирован».
_BETWEEN = 2
# Stems of what is done about a matter, and of how a mended thing behaves.
_DONE = tuple(
    stem
    for line in (
        "реш сдела делае устран почин чинят убр убир отремонт ремонтир исправ засып включ вывез вывоз почист очист",
        "чист приех приез приш помог измен поменя замен установ постав провел выполн восстанов появил работа горит",
        "горят грее греют течет закры откры покрас спил подключ отреаг привез расчист закопа залат потепле стало",
    )
    for stem in line.split()
)
# What is said whole: each is a run of words.
_SAID = tuple(
    tuple(each.split())
    for each in (
        "до сих пор",
        "по прежнему",
        "все так же",
        "все как было",
        "как было так и",
        "воз и ныне там",
        "ничего не",
        "никто не",
        "никто ничего",
        "никаких изменений",
        "никакого результата",
        "нет результата",
        "нет толку",
        "толку нет",
        "толку ноль",
        "без толку",
        "не согласен",
        "не согласна",
        "не согласны",
        "не устраивает",
        "это отписка",
        "очередная отписка",
        "отписка",
        "отписки",
        "неправда",
        "не правда",
        "вранье",
        "врете",
        "ложь",
        "обманываете",
        "обманули",
        "обещали и",
        "проблема осталась",
        "проблема не",
        "все осталось",
        "осталось как",
        "так же темно",
        "так же холодно",
        "то же самое",
    )
)
# «Не надо», «не за что»: a denial of nothing that was asked for.
_THANKS = frozenset({"спасибо", "благодарю", "благодарим", "благодарен", "благодарна"})
_SOLVED = frozenset(
    {
        "решено",
        "решили",
        "решена",
        "сделали",
        "починили",
        "убрали",
        "исправили",
        "засыпали",
        "включили",
        "заработало",
    }
)


def objects(text: str) -> bool:
    """Whether these words of the author, written after an answer, are against it."""
    words = _WORD.findall(text[:LONGEST_READ].lower().replace("ё", "е"))
    if any(_denies(words, at) for at, word in enumerate(words) if word == "не"):
        return True
    return any(_stands(words, said) for said in _SAID) and not _is_content(words)


def _denies(words: Sequence[str], at: int) -> bool:
    """Whether «не» at this place is about what had to be done; «если не» only says what would follow."""
    if at and words[at - 1] in {"если", "чтобы", "лишь"}:
        return False
    return any(word.startswith(stem) for word in words[at + 1 : at + 2 + _BETWEEN] for stem in _DONE)


def _stands(words: Sequence[str], said: Sequence[str]) -> bool:
    size = len(said)
    return any(tuple(words[at : at + size]) == said for at in range(len(words) - size + 1))


def _is_content(words: Sequence[str]) -> bool:
    """«Спасибо, всё сделали, а то до сих пор ходили в темноте»: thanks for a thing done."""
    return bool(_THANKS & set(words)) and bool(_SOLVED & set(words))


def can_object(state: str, closed_at: datetime | None, at: datetime, within: timedelta) -> bool:
    """Whether the author's objection brings the incident back: answered, promised, or closed so lately."""
    if state == "closed":
        return closed_at is not None and at - closed_at <= within
    return state in {"answered", "interim_answered", "deferred"}
