"""What finders of personal data share: the value they give, and words on the same line that say what a number is."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from typing import NamedTuple

KINDS = ("phone", "email", "card", "snils", "passport", "car", "name", "flat")
HIDDEN = "\0"
"""Stands where something was found already: no finder takes it for a letter, a digit or a gap."""

# Words by how they begin. Only plain beginnings, so that one set of first letters rules out most of a text.
_CUES = {
    "phone": (
        "телеф", "тел", "сотов", "мобильн", "звон", "позвон", "перезвон", "созвон", "дозвон", "отзвон", "вацап",
        "вотсап", "ватсап", "воцап", "whatsapp", "viber", "вайбер", "telegram", "связи", "связь", "набира",
        "набер", "контакт",
    ),
    "passport": ("паспорт", "загран", "удостоверени", "серии", "серия", "серию", "сер."),
    "snils": ("снилс", "страхов", "пенсион", "пфр", "сфр"),
    "card": ("карт",),
    "other": (
        "обращени", "заявк", "заявлени", "договор", "инн", "огрн", "кпп", "кадастр", "лицев", "счет", "показани",
        "протокол", "приказ", "квитанц", "штраф", "постановлени",
    ),
}  # fmt: skip
_KIND_OF = {word: kind for kind, words in _CUES.items() for word in words}
_WHOLE = frozenset({"тел", "инн", "кпп", "пфр", "сфр"})
_CUE = re.compile("|".join(sorted(map(re.escape, _KIND_OF), key=len, reverse=True)))
_REST = re.compile(
    r"\w*(?:[ ,.:;№()-]{0,3}(?:на|по|это|мой|наш|номер[ауе]?|для|связи|тел|есть|такой)\b)*[ ,.:;№()–—-]{0,4}$"
)
_NEAR = 40
_NEWLINE = re.compile("\n")


class Personal(NamedTuple):
    """A piece of personal data: its kind (one of KINDS) and where it stands."""

    kind: str
    start: int
    end: int


class Lines:
    """Lines of a text by place: a word speaks of the numbers of its own line."""

    def __init__(self, text: str) -> None:
        self._ends = [found.start() for found in _NEWLINE.finditer(text)]
        self._length = len(text)

    def of(self, at: int) -> int:
        """The number of the line at a place."""
        return bisect_right(self._ends, at)

    def span(self, line: int) -> tuple[int, int]:
        """Where a line begins and ends."""
        end = self._ends[line] if line < len(self._ends) else self._length
        return (self._ends[line - 1] if line else 0), end


class Cues:
    """Words of a lower-case text that say what the numbers of their line are; looked for when first asked."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._lines: Lines | None = None
        self._places: list[int] | None = None
        self._kinds: list[str] = []

    @property
    def lines(self) -> Lines:
        """The lines of the text."""
        if self._lines is None:
            self._lines = Lines(self._text)
        return self._lines

    @property
    def places(self) -> list[int]:
        """Where the words stand."""
        if self._places is None:
            self._places = []
            for found in _CUE.finditer(self._text):
                if _is_word(self._text, *found.span()):
                    self._places.append(found.start())
                    self._kinds.append(_KIND_OF[found[0]])
        return self._places

    def before(self, at: int) -> str:
        """The kind said last on the line before `at`, an empty string when none was."""
        index = bisect_left(self.places, at) - 1
        return self._kinds[index] if index >= 0 and self._is_one_line(self.places[index], at) else ""

    def around(self, at: int) -> set[str]:
        """The kinds said last before and first after `at`, on its line."""
        kinds, index = {self.before(at)}, bisect_left(self.places, at)
        if index < len(self._kinds) and self._is_one_line(at, self.places[index]):
            kinds.add(self._kinds[index])
        return kinds

    def is_beside(self, at: int) -> bool:
        """Whether nothing but small words stands between `at` and the word before it."""
        index = bisect_left(self.places, at) - 1
        return (
            index >= 0
            and at - self.places[index] <= _NEAR
            and bool(_REST.match(self._text, self.places[index], at))
        )

    def _is_one_line(self, one: int, other: int) -> bool:
        return self.lines.of(one) == self.lines.of(other)


def _is_word(text: str, start: int, end: int) -> bool:
    """Whether a word begins so, and ends there when it has to: «тел» is not «телега», «инн» not «длинный»."""
    if start and text[start - 1].isalpha():
        return False
    return text[start:end] not in _WHOLE or not text[end : end + 1].isalpha()


def lowered(text: str) -> str:
    """The text in lower case, as long as it was: «İ» and its like would grow."""
    lower = text.lower()
    if len(lower) == len(text):
        return lower
    return "".join(letter if len(letter.lower()) != 1 else letter.lower() for letter in text)


def hide(text: str, pieces: Iterable[Personal]) -> str:
    """The text with the pieces, in their order, taken out of the sight of later finders; as long as before."""
    parts, at = [], 0
    for piece in pieces:
        parts += [text[at : piece.start], HIDDEN * (piece.end - piece.start)]
        at = piece.end
    return "".join(parts) + text[at:]
