"""Names of people in running text, in any case and order, and not the streets and schools called after people.

Four ways to know a person: a patronymic, initials, a given name beside a surname, a surname after a word for somebody
(«сосед», «врач», «с уважением»). A given name alone tells nobody who it is and stays, unless it is introduced.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from otklik.triage.nlp.masking.found import Personal
from otklik.triage.nlp.masking.people import Sort
from otklik.triage.nlp.masking.streets import is_called_after
from otklik.triage.nlp.masking.words import Words, may_name, words_of

_BIG = Sort.CAPITAL | Sort.UPPER
_ENUMERATION = frozenset({", ", ",", " и ", ", и "})
_AFTER_TITLE = frozenset({" ", ": ", ":", ", ", " - ", " – ", " — ", " : "})
_AFTER_SHORT = frozenset({".", ". "})
_AFTER_REGARDS = frozenset({"\n", ",\n", ". "})
_SHORT = 3
_COMPLAINT = re.compile("жал|доверенност|заявлени")


class _Found(NamedTuple):
    first: int
    last: int
    end: int


def find_names(text: str, lower: str) -> Iterator[Personal]:
    """Names of people, in their order; `lower` is the same text in lower case."""
    if not may_name(text, lower):
        return
    words = words_of(text, lower)
    finder = _Finder(words)
    finder.run(words.naming())
    for each in sorted(finder.found):
        yield Personal("name", words.starts[each.first], each.end)


class _Finder:
    def __init__(self, words: Words) -> None:
        self.words = words
        self.sort = words.sort
        self.used = bytearray(len(words) + 2)
        self.found: list[_Found] = []

    def run(self, naming: list[int]) -> None:
        for way, wanted in (
            (self._by_patronymic, Sort.PATRONYMIC),
            (self._by_initials, Sort.LETTER),
            (self._by_pair, Sort.NAME),
            (self._by_title, Sort.TITLE | Sort.INTRODUCES),
            (self._bare, Sort.BARE),
        ):
            for index in naming:
                if self.sort(index) & wanted and not self.used[index]:
                    way(index)
        self._again(naming)

    def _again(self, naming: list[int]) -> None:
        """Parts of a full name that stand alone elsewhere: «Мария» tells who it is beside «я, Мария Егорова»."""
        words = self.words
        told = {words.stem(index) for each in self.found for index in range(each.first, each.last + 1)}
        for index in naming if told else ():
            is_named = self._is(index, Sort.CAPITAL) and self.sort(index) & Sort.PERSON
            if is_named and words.stem(index) in told and not is_called_after(words, index, index):
                self._take(index, index)

    def _take(self, first: int, last: int, end: int | None = None) -> None:
        self.found.append(_Found(first, last, end or self.words.ends[last]))
        self.used[first : last + 1] = b"\1" * (last + 1 - first)

    def _is(self, index: int, wanted: int) -> bool:
        """Whether there is such a free word."""
        return 0 <= index < len(self.words) and not self.used[index] and bool(self.sort(index) & wanted)

    def _is_surname(self, index: int, *, beside_patronymic: bool = False) -> bool:
        """Whether a free word may be a surname that stands beside a name, a patronymic or initials."""
        if not self._is(index, Sort.SURNAME | Sort.UNKNOWN | Sort.SHAPED | Sort.ANIMATE):
            return False
        sort = self.sort(index)
        if sort & Sort.CAPITAL:
            return bool(sort & (Sort.SURNAME | Sort.UNKNOWN)) or self._is_usual_surname(index)
        if not sort & Sort.SURNAME:
            return False
        return bool(sort & Sort.UPPER) and (beside_patronymic or not sort & Sort.COMMON)

    def _is_usual_surname(self, index: int) -> bool:
        """«Зубков», «Коваль»: a usual word too, so its capital must not come from the start of a sentence."""
        is_other = self.sort(index) & (Sort.TITLE | Sort.HONOUR | Sort.PLACE | Sort.STREET | Sort.TOWN)
        after_title = index > 0 and self.words.gap(index - 1) == ": "
        return not is_other and (after_title or not self.words.is_sentence_start(index))

    def _by_patronymic(self, index: int) -> None:
        sort, words = self.sort(index), self.words
        is_big = bool(sort & _BIG)
        first = last = index
        if words.is_beside(index - 1) and self._is(index - 1, Sort.NAME | (_BIG if is_big else 0)):
            first = index - 1
        elif not sort & Sort.CAPITAL or self._is_ilyich(index) or self._leads(index):
            return
        if words.is_beside(first - 1) and self._is_surname_of(first - 1, is_big=is_big):
            first -= 1
        elif words.is_beside(last) and self._is_surname_of(last + 1, is_big=is_big):
            last += 1
        if not is_called_after(words, first, last, is_whole=True):
            self._take(first, last)

    def _is_ilyich(self, index: int) -> bool:
        """A patronymic alone in the genitive is a settlement or a street («Ильича») unless somebody was announced."""
        return bool(self.sort(index) & Sort.GENITIVE) and not self._is_title(index - 1)

    def _leads(self, index: int) -> bool:
        """«Белькович Елене …»: what ends like a patronymic is the surname of the name after it."""
        named = self._is(index + 1, Sort.NAME) and bool(self.sort(index + 1) & _BIG)
        return named and bool(self.sort(index) & Sort.SURNAME) and self.words.is_beside(index)

    def _is_surname_of(self, index: int, *, is_big: bool) -> bool:
        if is_big:
            return self._is_surname(index, beside_patronymic=True)
        return self._is(index, Sort.SURNAME) and not self.sort(index) & Sort.COMMON

    def _by_initials(self, index: int) -> None:
        words = self.words
        last, dots = index, words.has_dot(index)
        if self._is(index + 1, Sort.LETTER) and words.gap(index) in {".", ". ", " "}:
            last, dots = index + 1, dots or words.has_dot(index + 1)
        end = words.ends[last] + words.has_dot(last)
        for first, final, stop, fits in (
            (index - 1, last, end, self._owns_before(index - 1, two=last > index, dots=dots)),
            (index, last + 1, None, self._owns_after(last, two=last > index)),
        ):
            if fits:
                if is_called_after(words, first, final):
                    self.used[first : final + 1] = b"\1" * (final + 1 - first)
                else:
                    self._take(first, final, stop)
                return

    def _owns_before(self, index: int, *, two: bool, dots: bool) -> bool:
        """Whether the word before initials is their surname: «Цой В.», «Мельник А. П.», «Иванов И И»."""
        is_beside = self.words.gap(index) in {" ", ""} and self._is(index, _BIG)
        return is_beside and (two or dots) and self._is_surname(index)

    def _owns_after(self, last: int, *, two: bool) -> bool:
        """Whether the word after initials is their surname: with two of them any word with a capital is."""
        wanted = Sort.SURNAME | (Sort.CAPITAL if two else Sort.SURNAME)
        return self.words.gap(last) in {".", ". "} and self._is(last + 1, _BIG) and self._is(last + 1, wanted)

    def _by_pair(self, index: int) -> None:
        if not self.sort(index) & _BIG:
            return
        words = self.words
        if words.is_beside(index) and self._is_surname(index + 1):
            first, last = index, index + 1
        elif words.is_beside(index - 1) and self._is_surname(index - 1) and not self._begins(index - 1):
            first, last = index - 1, index
        else:
            return
        if not self._is_usual(first, last) and not is_called_after(words, first, last):
            self._take(first, last)

    def _begins(self, index: int) -> bool:
        """Whether an unknown word is big only because a sentence begins with it."""
        return not self.sort(index) & (Sort.SURNAME | Sort.SHAPED) and self.words.is_sentence_start(index)

    def _is_usual(self, first: int, last: int) -> bool:
        """«Любовь Учитель»: both are usual words, neither ends like a surname, and nobody was announced."""
        pair = self.sort(first), self.sort(last)
        is_common = bool(pair[0] & pair[1] & Sort.COMMON)
        is_shaped = bool((pair[0] | pair[1]) & (Sort.SURNAME | Sort.SHAPED))
        return is_common and not is_shaped and not self._is_title(first - 1)

    def _is_title(self, index: int) -> bool:
        return index >= 0 and bool(self.sort(index) & (Sort.TITLE | Sort.INTRODUCES))

    def _by_title(self, index: int) -> None:
        words, after = self.words, index + 1
        word = words.lower(index)
        strict = word.startswith(("уважени", "фамили", "подпис"))
        if after >= len(self.words) or not self._announces(index, word, strict=strict):
            return
        if _COMPLAINT.match(word) and words.lower(after) == "на":
            after += 1
        if (
            self.sort(index) & Sort.INTRODUCES
            and self._is(after, Sort.NAME)
            and self.sort(after) & Sort.CAPITAL
        ):
            self._take(after, after)
        elif self._may_follow(after, strict=strict):
            self._take(after, after)
            self._enumerate(after)

    def _announces(self, index: int, word: str, *, strict: bool) -> bool:
        gap = self.words.gap(index)
        if gap in _AFTER_TITLE:
            return True
        return (strict and gap in _AFTER_REGARDS) or (len(word) <= _SHORT and gap in _AFTER_SHORT)

    def _may_follow(self, index: int, *, strict: bool) -> bool:
        sort = self.sort(index) if self._is(index, Sort.CAPITAL) else 0
        if sort & (Sort.TITLE | Sort.STREET | Sort.PLACE | Sort.TOWN) or not sort:
            return False
        if strict and sort & Sort.ANIMATE:
            return True
        return bool(sort & Sort.SURNAME) and not is_called_after(self.words, index, index)

    def _enumerate(self, index: int) -> None:
        words = self.words
        while words.gap(index) in {", ", ",", " "}:
            following = index + 1
            if following < len(self.words) and words.lower(following) == "и":
                following += 1
            elif words.gap(index) == " ":
                return
            if not (
                self._is(following, Sort.CAPITAL) and self.sort(following) & (Sort.SURNAME | Sort.UNKNOWN)
            ):
                return
            self._take(following, following)
            index = following

    def _bare(self, index: int) -> None:
        words = self.words
        is_big = self.sort(index) & Sort.CAPITAL and not words.is_sentence_start(index)
        if is_big and not words.is_preposition(index - 1) and not is_called_after(words, index, index):
            self._take(index, index)
