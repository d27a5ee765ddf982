"""The words of a text with what each may be when people are named; few are asked, so each is sorted when it is."""

import re
from bisect import bisect_right
from dataclasses import dataclass
from itertools import accumulate

from otklik.triage.nlp.masking.people import LONGEST, Sort, sort_of

_PARTED = re.compile(r"([^\W\d_]+(?:-[^\W\d_]+)*)")
# The letter first, then what must not stand before it: so the search leaps from one capital to the next.
_BIG = re.compile(r"[А-Я](?<![^\W\d_].)(?<![^\W\d_]-.)[^\W\d_]*(?:-[^\W\d_]+)*")
# How every patronymic of the dictionary ends, in any case: «Иваныча», «Ильиничной».
_PATRONYMIC = re.compile(
    r"(?:[иы]ч(?:а|у|[ео]м|е|и|ей|ами?|ах)?|[вчш](?:н(?:а|ы|е|у|ой|ою|ами?|ах)|ен))(?![^\W\d_])"
)
_PREPOSITIONS = frozenset(
    {"в", "во", "на", "по", "у", "от", "до", "из", "с", "со", "к", "ко", "за", "под", "над", "о", "об"}
)
_ENDS = ".!?…\n"
_WIDEST, _STEM = 2, 4
_NAMING = Sort.PATRONYMIC | Sort.LETTER | Sort.NAME | Sort.TITLE | Sort.INTRODUCES | Sort.BARE
_ALONE = Sort.NAME | Sort.PATRONYMIC | Sort.BARE
_SOMEBODY = Sort.PERSON | Sort.ANIMATE
# A word for somebody, «на», and the gaps after them.
_WIDEST_ANNOUNCEMENT = LONGEST + 10


@dataclass(frozen=True, slots=True)
class Words:
    """Words by their places."""

    text: str
    lower_text: str
    words: list[str]
    starts: list[int]
    ends: list[int]

    def __len__(self) -> int:
        return len(self.words)

    def sort(self, index: int) -> int:
        """What the word may be, as bits of Sort."""
        return sort_of(self.words[index])

    def naming(self) -> list[int]:
        """Places of the words that could begin or hold a name, in their order; mostly none.

        Such a word has a capital, or one follows it («сосед Петров», «жалоба на Петрова»), or it ends like a
        patronymic.
        """
        ends_so = _PATRONYMIC.finditer(self.lower_text)
        found = {bisect_right(self.starts, ending.start()) - 1 for ending in ends_so}
        for index, word in enumerate(self.words):
            if word[0].isupper():
                found.add(index)
                if index and sort_of(word) & _SOMEBODY:
                    found.add(index - 2 if self.lower(index - 1) == "на" and index > 1 else index - 1)
        return sorted(index for index in found if self.sort(index) & _NAMING)

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
        return self.words[index].lower()

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


def words_of(text: str, lower: str) -> Words:
    """The words of a text, hyphens join; `lower` is the same text in lower case."""
    pieces = _PARTED.split(text)
    ends = list(accumulate(map(len, pieces)))
    return Words(text, lower, pieces[1::2], ends[0:-1:2], ends[1::2])


def may_name(text: str, lower: str) -> bool:
    """Whether a closer look for names is worth it: most messages have no word that is part of one.

    A name has a capital, or is a patronymic; of a surname alone something has to announce that it is one.
    `lower` is the text in lower case.
    """
    for found in _BIG.finditer(text):
        sort = sort_of(found[0])
        if sort & _ALONE:
            return True
        if sort & Sort.LETTER:
            if _is_initial(text, found.end()):
                return True
        elif sort & _SOMEBODY and _is_announced(text, found.start()):
            return True
    return any(_is_patronymic(lower, *found.span()) for found in _PATRONYMIC.finditer(lower))


def _is_initial(text: str, end: int) -> bool:
    """Whether a dot follows the letter, or another such letter."""
    after = text[end : end + 2]
    return after[:1] == "." or (
        after[:1] == " " and after[1:].isupper() and not text[end + 2 : end + 3].isalpha()
    )


def _is_announced(text: str, start: int) -> bool:
    """Whether the word before the one at `start` says that somebody follows: «сосед», «жалоба на»."""
    pieces = _PARTED.split(text[max(0, start - _WIDEST_ANNOUNCEMENT) : start])
    said = pieces[-4::2] if pieces[-2:-1] in (["на"], ["На"], ["НА"]) else pieces[-2:-1]
    return any(sort_of(word) & (Sort.TITLE | Sort.INTRODUCES) for word in said)


def _is_patronymic(lower: str, at: int, end: int) -> bool:
    """Whether the word that ends, or goes on with a hyphen, at `end` is one; a space parts it from the name."""
    start = lower.rfind(" ", max(0, at - LONGEST), at) + 1
    return start > 0 and (lower[end : end + 1] == "-" or sort_of(lower[start:end]) & Sort.PATRONYMIC > 0)
