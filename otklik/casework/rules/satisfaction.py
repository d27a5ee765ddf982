"""Whether the author's words under an answer say that it helped. Pure.

Read only in the author's own thread, after a final answer that says the matter is solved or explained. What is neither
thanks nor an objection counts for nothing: a wrong «доволен» would hide a matter that nobody has solved.
"""

import re

from otklik.casework.rules.objections import LONGEST_READ, objects

POSITIVE, NEGATIVE, NEITHER = "positive", "negative", "none"
# Asked of an author only where the answer says that something was done or made clear.
COUNTED = frozenset({"solved", "explained"})
_WORD = re.compile(r"[а-я]+")
_THANKS = ("спасиб", "благодар", "молодц", "признательн")
_GLAD = frozenset(
    {"отлично", "супер", "здорово", "замечательно", "рад", "рада", "рады", "доволен", "довольна", "довольны"}
)
_DONE = frozenset(
    {
        "решено", "решили", "решена", "решен", "сделали", "сделано", "починили", "убрали", "исправили", "засыпали",
        "включили", "заработало", "заработал", "помогли", "помогло", "вывезли", "почистили", "отремонтировали", "дали",
        "горит", "тепло",
    }
)  # fmt: skip
# After these the thanks are only polite: «спасибо, но…».
_YET = frozenset({"но", "однако", "только", "жаль", "хотя", "хоть", "если"})
# Thanks that are none.
_BITTER = ("отпис", "издев", "позор", "стыд", "ничего", "обещан", "обещал", "нигде", "никто")
# An answer that asks for a word at its end: «решён ли вопрос», «помог ли ответ».
_ASKS = re.compile(
    r"\b(?:решен[аоы]?|решил(?:ся|ась|ось|ись)|устранен[аоы]?|исправлен[аоы]?|помог(?:ло|ли)?|удалось) ли\b"
)
# What a reply of a word or two is made of; anything more is read as any other words.
_YES = frozenset(
    {"да", "ага", "решен", "решена", "решено", "решился", "решилась", "помог", "помогло", "помогли"}
)
_NO = frozenset({"нет", "неа"})
_BESIDE = frozenset(
    {
        "спасибо",
        "большое",
        "огромное",
        "вам",
        "всем",
        "все",
        "уже",
        "пока",
        "еще",
        "увы",
        "к",
        "сожалению",
        "вопрос",
    }
)
_POLITE = frozenset({"спасибо", "благодарю"})
LONGEST_REPLY = 60
_HEARTS = "👍❤🙏👏💐🌹"


def asks(answer: str) -> bool:
    """Whether an answer asks its author for a word: only then is «да» or «нет» said about it."""
    return bool(_ASKS.search(answer.lower().replace("ё", "е")))


def is_reply(text: str) -> bool:
    """Whether these words could be a reply to that question and to nothing else."""
    return bool(_replied(text))


def denies(text: str) -> bool:
    """Whether, as such a reply, they say that it is not."""
    return _replied(text) == NEGATIVE


def _replied(text: str) -> str:
    """What a reply of a word or two says; empty when these words are no such reply."""
    if len(text) > LONGEST_REPLY or "?" in text:
        return ""
    said = set(_WORD.findall(text.lower().replace("ё", "е")))
    yes, no = bool(said & _YES), bool(said & _NO)
    if said - _YES - _NO - _BESIDE or not (yes or no):
        return ""
    # «Нет, спасибо» may be said of anything, «да нет» is no word at all.
    if (yes and no) or (no and said & _POLITE):
        return NEITHER
    return POSITIVE if yes else NEGATIVE


def satisfaction(text: str, *, asked: bool = False) -> str:
    """POSITIVE, NEGATIVE or NEITHER by the words alone; `asked`: the answer has asked, so «нет» is a word about it."""
    if asked and (replied := _replied(text)):
        return replied
    read = text[:LONGEST_READ].lower().replace("ё", "е")
    if objects(read):
        return NEGATIVE
    words = _WORD.findall(read)
    if "?" in read or any(word.startswith(_BITTER) for word in words):
        return NEITHER
    said = set(words)
    thanks = any(word.startswith(_THANKS) for word in words) or bool(said & _GLAD)
    if not thanks:
        return POSITIVE if not words and any(sign in read for sign in _HEARTS) else NEITHER
    return POSITIVE if not said & _YET or said & _DONE else NEITHER
