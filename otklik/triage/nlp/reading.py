"""A message as it was meant: tricks of a network and of a keyboard undone, every letter still knowing its place.

Letters of the other alphabet («дoм» with a Latin «o»), another keyboard («ytn cdtnf»), ё, full-width digits, stress
marks, invisible characters, emoji and mentions of VK are what keeps a dictionary from seeing a word.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from unicodedata import category, normalize

from otklik.common.text import MENTION
from otklik.triage.nlp.forms import is_russian
from otklik.triage.nlp.keyboard import letters_for_digits, set_right

RUSSIAN, OTHER, NONE = "ru", "other", "none"

_USUAL = " -@[-`{-~\\nа-яА-ЯёЁ«»—–…№“”„’°"
_ODD = re.compile(f"[^{_USUAL}]")
_NEITHER = re.compile(f"[^{_USUAL}A-Za-z]")
_LATIN = re.compile("[A-Za-z]")
_UNSEEN = (
    "\u00ad\u0300-\u036f\u0483-\u0489\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u20d0-\u20f0\ufe00-\ufe0f\ufeff"
    "\U000e0000-\U000e01ef"
)
_HIDDEN = re.compile(f"[{_UNSEEN}]")
_SHRINKING = re.compile(f"([Ии])\u0306|[{_UNSEEN}]+")
_DIGIT_BEFORE_LETTER = re.compile("[03][а-яА-Я]")
_LETTERS = re.compile(r"[^\W\d_]{2,}")
_OURS = re.compile("[а-яА-Я]+")
_ANOTHER_CYRILLIC = re.compile("[\u0400-\u040f\u0450-\u052f]")
_LINK = re.compile(r"(?:https?://|www\.)\S+")
# Pieces that neighbours of Russian do not share; one of them settles most messages for a microsecond.
_TELLING = (
    " и ",
    " нет ",
    " что ",
    " как ",
    " это ",
    " когда ",
    " для ",
    " или ",
    "ожалуйста",
    "пасибо",
    " есть ",
)
_WORDS_LOOKED_AT = 40
_LEAST_WORDS, _ENOUGH = 4, 12
_MOST_UNKNOWN = 0.6
_FOREIGN_SHARE = 0.2


@dataclass(frozen=True, slots=True)
class Reading:
    """The normalised text and the way back: `text[i]` stands at `span(i, i + 1)` of the original.

    The case of letters is kept. `language` is `ru`, `other` (a person has to look) or `none` (no words at all).
    """

    original: str
    text: str
    language: str
    starts: Sequence[int] | None = None
    ends: Sequence[int] | None = None

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where the characters `start:end` of the normalised text stand in the original; `end` is after `start`."""
        if self.starts is None or self.ends is None:
            return start, end
        return self.starts[start], self.ends[end - 1]


def read(text: str) -> Reading:
    """The text, normalised. Linear in its length and never raises, whatever it is."""
    plain = text.replace("ё", "е").replace("Ё", "Е")
    if _DIGIT_BEFORE_LETTER.search(plain):
        plain = letters_for_digits(plain)
    if not _ODD.search(plain):
        return Reading(text, plain, RUSSIAN if _is_telling(plain) else _language(plain))
    starts, ends = None, None
    if _HIDDEN.search(plain):
        plain, starts, ends = _without_hidden(plain)
    if "|" in plain:
        plain = MENTION.sub(lambda found: " " * len(found[0]), plain)
    plain = _NEITHER.sub(lambda found: _usual(found[0]), plain)
    if _LATIN.search(plain):
        plain = set_right(plain)
    return Reading(text, plain, _language(plain), starts, ends)


def _without_hidden(text: str) -> tuple[str, list[int], list[int]]:
    pieces: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    at = 0
    for found in _SHRINKING.finditer(text):
        pieces.append(text[at : found.start()])
        starts.extend(range(at, found.start()))
        ends.extend(range(at + 1, found.start() + 1))
        if found[1]:
            pieces.append("й" if found[1] == "и" else "Й")
            starts.append(found.start())
            ends.append(found.end())
        at = found.end()
    pieces.append(text[at:])
    starts.extend(range(at, len(text)))
    ends.extend(range(at + 1, len(text) + 1))
    return "".join(pieces), starts, ends


@lru_cache(maxsize=10_000)
def _usual(symbol: str) -> str:
    """One character for one: a space for what is no text, the plain letter or digit for a dressed one."""
    kind = category(symbol)
    if symbol.isspace() or kind in {"So", "Sk", "Cc", "Cf", "Cn", "Co", "Cs"}:
        return " "
    same = normalize("NFKC", symbol)
    return same if len(same) == 1 else symbol


def _is_telling(text: str) -> bool:
    return any(piece in text for piece in _TELLING)


def _language(text: str) -> str:
    if not _ANOTHER_CYRILLIC.search(text) and _is_telling(text):
        return RUSSIAN
    if "://" in text or "www." in text:
        text = _LINK.sub(" ", text)
    words = _LETTERS.findall(text[: _WORDS_LOOKED_AT * 20])[:_WORDS_LOOKED_AT]
    if not words:
        return NONE if not any(letter.isalpha() for letter in text[:1000]) else RUSSIAN
    foreign = sum(not _OURS.fullmatch(word) for word in words)
    if foreign == len(words) or (foreign > 1 and foreign / len(words) > _foreign_limit(text)):
        return OTHER
    long = [word.lower() for word in words if len(word) >= _LEAST_WORDS and _OURS.fullmatch(word)][:_ENOUGH]
    unknown = sum(not is_russian(word) for word in long)
    return OTHER if len(long) >= _LEAST_WORDS and unknown > _MOST_UNKNOWN * len(long) else RUSSIAN


def _foreign_limit(text: str) -> float:
    # Names of shops and programs are Latin in any Russian message; a letter «ї» or «ң» is not.
    return _FOREIGN_SHARE if _ANOTHER_CYRILLIC.search(text) else 1 - _FOREIGN_SHARE
