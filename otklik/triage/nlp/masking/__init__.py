"""Personal data of a message: where they stand, and the message without them.

Promises that offsets are valid whatever the text is, that findings never overlap, that a masked text masked again
stays as it is, and that the time is linear in the length. Every person is hidden, officials too; names of streets,
schools and monuments stay, since they say where.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from otklik.common.text import MENTION
from otklik.triage.nlp.masking.cars import find_cars
from otklik.triage.nlp.masking.emails import find_emails
from otklik.triage.nlp.masking.flats import find_flats
from otklik.triage.nlp.masking.found import HIDDEN, KINDS, Cues, Personal, hide, lowered
from otklik.triage.nlp.masking.names import find_names
from otklik.triage.nlp.masking.numbers import find_numbers
from otklik.triage.nlp.masking.passports import find_passports
from otklik.triage.nlp.reading import Reading, read

__all__ = ["KINDS", "PLACEHOLDERS", "Masked", "Personal", "find_in", "find_personal", "mask"]

PLACEHOLDERS = {
    "phone": "[телефон]",
    "email": "[почта]",
    "card": "[карта]",
    "snils": "[СНИЛС]",
    "passport": "[паспорт]",
    "car": "[номер машины]",
    "name": "[ФИО]",
    "flat": "[квартира]",
}

_DIGITS = re.compile("[0-9]")
_LONG = re.compile("[0-9][0-9 .()–—-]{3,}[0-9]")
_MARKS = re.compile("|".join(re.escape(mark) for mark in PLACEHOLDERS.values()))


@dataclass(frozen=True, slots=True)
class Masked:
    """A text without personal data; `found` stands where it was, `placed` where its placeholder stands now."""

    text: str
    found: tuple[Personal, ...]
    placed: tuple[Personal, ...]


def find_personal(text: str) -> tuple[Personal, ...]:
    """The personal data of a message in their order, with offsets into it; they never overlap. Never raises."""
    return find_in(read(text))


def find_in(reading: Reading) -> tuple[Personal, ...]:
    """The same for a text that was read already."""
    text = reading.text
    if "[" in text:
        text = _MARKS.sub(lambda found: HIDDEN * len(found[0]), text)
    search = _Search(text)
    search.run()
    placed = [Personal(kind, *reading.span(start, end)) for kind, start, end in search.found]
    if "[id" in reading.original:
        placed += _mentions(reading.original)
    return tuple(sorted(placed, key=lambda each: each.start))


class _Search:
    """Finders one after another: what one has found, the next does not see."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.lower = lowered(text)
        self.found: list[Personal] = []

    def run(self) -> None:
        if "@" in self.text:
            self._take(find_emails(self.text))
        if _DIGITS.search(self.text):
            self._numbers()
        if _DIGITS.search(self.text) or "квартира" in self.lower or "комната" in self.lower:
            self._take(find_flats(self.text, self.lower))
        self._take(find_names(self.text, self.lower))

    def _numbers(self) -> None:
        cues = Cues(self.lower)
        if _LONG.search(self.lower):
            self._take(find_passports(self.lower, cues))
            self._take(find_numbers(self.lower, cues))
        self._take(find_cars(self.text, self.lower, cues.lines))

    def _take(self, pieces: Iterable[Personal]) -> None:
        found = list(pieces)
        if found:
            self.found += found
            self.text = hide(self.text, found)
            self.lower = hide(self.lower, found)


def mask(text: str) -> Masked:
    """The text with each piece of personal data replaced by a word in square brackets that says what it was."""
    found = find_personal(text)
    parts, placed, at, length = [], [], 0, 0
    for each in found:
        mark = PLACEHOLDERS[each.kind]
        length += each.start - at
        parts += [text[at : each.start], mark]
        placed.append(Personal(each.kind, length, length + len(mark)))
        length += len(mark)
        at = each.end
    return Masked("".join(parts) + text[at:], found, tuple(placed))


def _mentions(text: str) -> Iterator[Personal]:
    # A mention of a person carries the number of a page beside the name; one of a community names nobody.
    for found in MENTION.finditer(text):
        if found[0].startswith("[id"):
            yield Personal("name", *found.span())
