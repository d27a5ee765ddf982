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
_HEARTS = "👍❤🙏👏💐🌹"


def satisfaction(text: str) -> str:
    """POSITIVE, NEGATIVE or NEITHER by the words alone."""
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
