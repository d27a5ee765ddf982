"""Which words of time a text has: cheap questions that rule out most phrases of time for most messages."""

import re
from collections.abc import Callable

from otklik.triage.nlp.moment_words import MONTHS, PARTS, SEASONS, UNITS, WEEKDAYS

LENGTHS_SAID = frozenset({*UNITS, "полгода", "полчаса"})
MONTHS_SAID, WEEKDAYS_SAID, SEASONS_SAID = frozenset(MONTHS), frozenset(WEEKDAYS), frozenset(SEASONS)
# «дня» alone is never read: «3 дня», «доброго дня».
PARTS_SAID = frozenset(PARTS) - {"дня"}
_OTHERS = frozenset({"назад", "неделе", "месяце", "году", "г"})
_EVERY = LENGTHS_SAID | MONTHS_SAID | WEEKDAYS_SAID | SEASONS_SAID | PARTS_SAID | _OTHERS

_WORD = re.compile(r"[^\W_]+")
_DIGIT = re.compile(r"\d")
# With a year, or after «с», «со», «от», «на»; the digit comes first, so that the search leaps from one to the next.
_DATE = re.compile(r"\d(?:[./]\d{2}[./]\d{2}|(?:(?<=[соат]\s\d)|(?<=\s\s\d))\d?[./][01])")


class Said:
    """The words of a folded text; a hyphen parts them. Only words of time may be asked about."""

    __slots__ = ("_of_time", "_places", "has_numbers", "plain", "words")

    def __init__(self, plain: str) -> None:
        self.plain = plain
        self.words: list[str] = _WORD.findall(plain)
        self.has_numbers = _DIGIT.search(plain) is not None
        self._of_time = _EVERY.intersection(self.words)
        words = self.words if self._of_time else ()
        self._places = [at for at, word in enumerate(words) if word in self._of_time]

    def has(self, words: frozenset[str]) -> bool:
        """Whether one of the words is said."""
        return not self._of_time.isdisjoint(words)

    def has_date(self) -> bool:
        """Whether something is written like the beginning of a date in numbers."""
        return self.has_numbers and _DATE.search(self.plain) is not None

    def is_before(self, words: frozenset[str], back: int, fits: Callable[[str], bool]) -> bool:
        """Whether a word that fits stands at most so many words before one of the words: «уже вторую неделю»."""
        if self._of_time.isdisjoint(words):
            return False
        near = [self.words[max(0, at - back) : at] for at in self._places if self.words[at] in words]
        return any(fits(word) for before in near for word in before)

    def is_after(self, words: frozenset[str], fits: Callable[[str], bool]) -> bool:
        """Whether a word that fits follows one of the words at once: «неделю нет воды»."""
        if self._of_time.isdisjoint(words):
            return False
        return any(
            fits(next_)
            for at in self._places
            if self.words[at] in words
            for next_ in self.words[at + 1 : at + 2]
        )


def has_digit(word: str) -> bool:
    """Whether it may be the number of a day: «5», «5й», «с15»."""
    return _DIGIT.search(word) is not None


def is_year(word: str) -> bool:
    """Whether it may be a year of these two centuries."""
    return len(word) == 4 and word.startswith(("19", "20"))
