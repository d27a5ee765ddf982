"""Which words of time a text has: cheap questions that rule out most phrases of time for most messages."""

import re
from collections.abc import Container

from otklik.triage.nlp.moment_words import UNITS

_WORD = re.compile(r"[^\W_]+")
_DIGIT = re.compile(r"\d")
_DATE = re.compile(r"\d[./][01]")
_LENGTHS = frozenset({*UNITS, "полгода", "полчаса"})


class Said:
    """The words of a folded text; a hyphen parts them."""

    __slots__ = ("_lengths", "all", "has_numbers", "plain", "words")

    def __init__(self, plain: str) -> None:
        self.plain = plain
        self.words: list[str] = _WORD.findall(plain)
        self.all = frozenset(self.words)
        self.has_numbers = _DIGIT.search(plain) is not None
        words = () if self.all.isdisjoint(_LENGTHS) else self.words
        self._lengths = [at for at, word in enumerate(words) if word in _LENGTHS]

    def has(self, words: frozenset[str]) -> bool:
        """Whether one of the words is said."""
        return not self.all.isdisjoint(words)

    def has_date(self) -> bool:
        """Whether something is written like the beginning of a date in numbers."""
        return self.has_numbers and _DATE.search(self.plain) is not None

    def numbered(self) -> bool:
        """Whether a number stands shortly before a length of time: «5-й день»."""
        if not (self.has_numbers and self._lengths):
            return False
        return any(word[0].isdecimal() for at in self._lengths for word in self.words[max(0, at - 2) : at])

    def length_after(self, words: Container[str], back: int) -> bool:
        """Whether one of the words stands at most so many words before a length of time: «уже вторую неделю»."""
        return any(word in words for at in self._lengths for word in self.words[max(0, at - back) : at])

    def length_before(self, words: Container[str]) -> bool:
        """Whether one of the words follows a length of time at once: «неделю нет воды»."""
        return any(word in words for at in self._lengths for word in self.words[at + 1 : at + 2])
