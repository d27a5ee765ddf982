"""The words of a mass answer as each person reads them: a closed list of variables, and what stands without them.

`{имя}` is the person's first name; `{место|вашем дворе}` is the place the person named, or else the words after the
bar. A name that is not known goes away with its comma; any other variable without words of its own is known of every
problem. Pure.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

NAME, PLACE, TOWN, BODY, DAY, NUMBER = "имя", "место", "муниципалитет", "орган", "срок", "номер"
VARIABLES = (NAME, PLACE, TOWN, BODY, DAY, NUMBER)
_PIECE = re.compile(r"\{([^{}|\n]{1,40})(?:\|([^{}|\n]{0,200}))?\}")
# With the comma that belongs to it and the letter that begins the sentence without it.
_LONE_NAME = re.compile(r"(,[ \t]?)?\{имя\}([,!.])?([ \t]*)(\w?)")
_ENDS = ".!?…\n"


class UnknownVariable(Exception):
    """В тексте есть переменная, которой нет, или лишняя фигурная скобка. Возьмите переменную из списка под полем."""

    def __init__(self, written: str) -> None:
        super().__init__(written)
        self.written = written


@dataclass(frozen=True, slots=True)
class Reader:
    """What is known of one person; empty is not known. `town` is always known: it is the problem's own."""

    name: str = ""
    place: str = ""
    town: str = ""
    body: str = ""
    day: str = ""
    number: str = ""

    @property
    def values(self) -> Mapping[str, str]:
        """The value of each variable; a place that is not known is the town."""
        return {
            NAME: self.name,
            PLACE: self.place,
            TOWN: self.town,
            BODY: self.body,
            DAY: self.day,
            NUMBER: self.number,
        }


def used(text: str) -> frozenset[str]:
    """The variables of the text. Raises UnknownVariable for a name outside the list and for a stray brace."""
    found = set()
    for piece in _PIECE.finditer(text):
        if piece[1] not in VARIABLES:
            raise UnknownVariable(piece[0])
        found.add(piece[1])
    rest = _PIECE.sub("", text)
    if stray := re.search(r"[^\n]{0,10}[{}][^\n]{0,10}", rest):
        raise UnknownVariable(stray[0].strip())
    return frozenset(found)


def missing(text: str, reader: Reader) -> frozenset[str]:
    """The variables of the text that are not known of this person."""
    return frozenset(name for name in used(text) if not reader.values[name])


def rendered(text: str, reader: Reader) -> str:
    """The text as this person reads it: never with a brace of a variable left. Raises UnknownVariable."""
    used(text)
    if not reader.name:
        text = _LONE_NAME.sub(_without_name, text)
    values = reader.values

    def value(piece: re.Match[str]) -> str:
        known = values[piece[1]] or piece[2] or (reader.town if piece[1] == PLACE else "")
        return known[:1].upper() + known[1:] if _begins(piece) else known

    return _tidy(_PIECE.sub(value, text))


def _without_name(piece: re.Match[str]) -> str:
    """«Здравствуйте, {имя}!» loses its comma too, «Да, {имя}, чиним» keeps one, «{имя}, чиним» begins anew."""
    before, after, space, letter = piece[1], piece[2] or "", piece[3], piece[4]
    if before:
        return after + (space if after or letter else "") + letter
    return letter.upper() if _begins(piece) and after else (space if not after else "") + letter


def _begins(piece: re.Match[str]) -> bool:
    """Whether a sentence begins with the piece."""
    said = piece.string[: piece.start()].rstrip(" \t")
    return not said or said[-1] in _ENDS


def _tidy(text: str) -> str:
    """One space where a word has gone."""
    lines = (re.sub(r"[ \t]{2,}", " ", line).strip() for line in text.split("\n"))
    return "\n".join(re.sub(r" ([.,!?…])", r"\1", line) for line in lines).strip()
