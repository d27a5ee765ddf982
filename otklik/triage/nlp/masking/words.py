"""The words of a text with what each may be when people are named."""

import re
from dataclasses import dataclass

from otklik.triage.nlp.masking.people import Sort, sort_of

_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_PREPOSITIONS = frozenset(
    {"в", "во", "на", "по", "у", "от", "до", "из", "с", "со", "к", "ко", "за", "под", "над", "о", "об"}
)
_ENDS = ".!?…\n"
_WIDEST, _STEM = 2, 4
_NAMING = Sort.PATRONYMIC | Sort.LETTER | Sort.NAME | Sort.TITLE | Sort.INTRODUCES | Sort.BARE


@dataclass(frozen=True, slots=True)
class Words:
    """Words by their places, their bits of Sort beside."""

    text: str
    starts: list[int]
    ends: list[int]
    sorts: list[int]

    @property
    def naming(self) -> list[int]:
        """Places of the words that could begin or hold a name; mostly none."""
        return [index for index, sort in enumerate(self.sorts) if sort & _NAMING]

    def gap(self, index: int) -> str:
        """What stands between a word and the next; an odd sign when there is no such pair or it stands far."""
        if not 0 <= index < len(self.ends) - 1:
            return "\0"
        return self.text[self.ends[index] : min(self.starts[index + 1], self.ends[index] + 4)]

    def is_beside(self, index: int) -> bool:
        """Whether only spaces part a word from the next."""
        gap = self.gap(index)
        return 0 < len(gap) <= _WIDEST and not gap.strip(" ")

    def has_dot(self, index: int) -> bool:
        """Whether a dot follows the word at once."""
        return self.text[self.ends[index] : self.ends[index] + 1] == "."

    def lower(self, index: int) -> str:
        """The word in lower case."""
        return self.text[self.starts[index] : self.ends[index]].lower()

    def stem(self, index: int) -> str:
        """What stays of the word in any case; shorter words whole."""
        word = self.lower(index)
        return word[: max(_STEM, len(word) - 2)]

    def is_preposition(self, index: int) -> bool:
        """Whether there is such a word and it is a preposition."""
        return index >= 0 and self.lower(index) in _PREPOSITIONS

    def is_sentence_start(self, index: int) -> bool:
        """Whether a sentence begins with the word."""
        if index == 0:
            return True
        gap = self.text[self.ends[index - 1] : min(self.starts[index], self.ends[index - 1] + 8)]
        return any(sign in _ENDS for sign in gap)


def words_of(text: str) -> Words:
    """The words of a text; hyphens join."""
    starts, ends, sorts = [], [], []
    for found in _WORD.finditer(text):
        starts.append(found.start())
        ends.append(found.end())
        sorts.append(sort_of(found[0]))
    return Words(text, starts, ends, sorts)
