"""Who is called by @name in a note. Pure."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

MOST_MENTIONS = 20
"""Of one note: more is a circular letter."""

# A letter before the sign makes it an address of e-mail. A login may itself be one.
_CALLED = re.compile(r"(?<![\w.+@-])@([\w.+-]{1,150}(?:@[\w.+-]{1,150})?)")


class Person(NamedTuple):
    """Somebody who may be called: by the login, or by one of the names when nobody else has it."""

    pk: int
    login: str
    name: str


def called(text: str) -> list[str]:
    """The names after @ in the order of the text, each once, as they are compared: in small letters."""
    return list(dict.fromkeys(name for name, _start, _end in _found(text)))


def pieces(text: str, named: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """The text in pieces: (words, "") and (@name as written, the whole name) by turns, nothing lost."""
    at = 0
    for name, start, end in _found(text):
        if name in named:
            yield text[at:start], ""
            yield text[start:end], named[name]
            at = end
    yield text[at:], ""


def whom(name: str, people: Iterable[Person]) -> list[Person]:
    """Who of these is meant by the name: whose login it is, else everybody who is called so."""
    known = list(people)
    exact = [each for each in known if each.login.casefold() == name]
    return exact or [each for each in known if name in each.name.casefold().split()]


def _found(text: str) -> Iterator[tuple[str, int, int]]:
    for match in _CALLED.finditer(text):
        word = match[1].rstrip(".+-")
        if word:
            yield word.casefold(), match.start(), match.start(1) + len(word)
