"""What stands between two words: the end of a sentence, a comma, a bullet, a shout."""

import re
from collections.abc import Sequence
from enum import IntFlag
from functools import lru_cache

from otklik.triage.nlp.words import Token

_LONGEST = 80
_LINK = re.compile(r"\S*[^\W_]\S*")


class Gap(IntFlag):
    """Signs between two words; several may stand together."""

    DOT = 1
    HARD = 2  # ! ? …
    ASKS = 4
    LINE = 8
    COMMA = 16
    DASH = 32
    COLON = 64
    SEMICOLON = 128
    SPACE = 256
    SYMBOL = 512  # an emoji, which for many ends a sentence
    CLOSES = 1024  # a bracket or a keycap: «1)», «1️⃣»
    BULLET = 2048
    SHOUTS = 4096


# Plain numbers: operations on flags cost ten times more, and these run between all words.
DOT, HARD, ASKS, LINE, COMMA, DASH = 1, 2, 4, 8, 16, 32
COLON, SEMICOLON, SPACE, SYMBOL, CLOSES, BULLET, SHOUTS = 64, 128, 256, 512, 1024, 2048, 4096

_MARKS = {
    ".": DOT, "!": HARD | SHOUTS, "?": HARD | ASKS, "…": HARD, "\n": LINE, ",": COMMA, ";": SEMICOLON,
    "—": DASH, "–": DASH, "-": DASH, ":": COLON, ")": CLOSES, "\u20e3": CLOSES,
    " ": SPACE, "\t": SPACE, "\u00a0": SPACE,
    "•": BULLET, "·": BULLET, "▪": BULLET, "●": BULLET, "*": BULLET, "✔": BULLET, "➤": BULLET, "►": BULLET,
    "✅": BULLET, "☑": BULLET, "🔹": BULLET, "🔸": BULLET,
}  # fmt: skip
_QUIET = frozenset("(«»\"'“”„_/\\+=№%#@&[]{}<>|~^`$\r\u200b\u200d\ufe0f")
# Words that keep their full stop inside a sentence, and those that may also end one.
_SHORT_FORMS = frozenset(
    {"ул", "д", "г", "пр", "просп", "пер", "им", "кв", "обл", "корп", "стр", "пос", "мкр", "тел", "дер"}
    | {"гр", "св", "зам", "гл", "респ", "бул", "наб", "пл", "напр", "см", "ст", "пгт", "рп", "ш", "эт", "под"}
)
_SHORT_AT_END = frozenset({"руб", "тыс", "млн", "др", "проч", "мин", "час", "шт"})
_CERTAIN = LINE | SEMICOLON | BULLET
_INSIDE = ~(SPACE | COMMA | DASH | COLON | CLOSES)


@lru_cache(maxsize=4096)
def gap_kind(gap: str) -> int:
    """The signs between two words; letters between them are a link or a mention."""
    found = 0
    for mark in _LINK.sub(" ", gap):
        found |= _MARKS.get(mark, 0) or (0 if mark in _QUIET or mark.isalnum() else SYMBOL)
    return found | HARD if ".." in gap else found


def gaps_of(text: str, tokens: Sequence[Token]) -> list[int]:
    """The signs before each word and after the last one."""
    found: list[int] = []
    before = 0
    for _, start, end, _, _, _ in tokens:
        gap = text[before:start]
        # Most words stand one space apart.
        found.append(SPACE if gap == " " else gap_kind(_short(gap)))
        before = end
    found.append(gap_kind(text[before : before + _LONGEST]))
    return found


def _short(gap: str) -> str:
    return gap if len(gap) <= _LONGEST else gap[: _LONGEST // 2] + gap[-_LONGEST // 2 :]


def sentence_starts(text: str, tokens: Sequence[Token], gaps: Sequence[int]) -> list[int]:
    """Indexes of the words that begin a sentence, a line or what follows a semicolon."""
    likely = [at for at, gap in enumerate(gaps[:-1]) if gap & _INSIDE]
    return [0, *(at for at in likely if at and _ends(text, tokens, gaps[at], at))]


def _ends(text: str, tokens: Sequence[Token], gap: int, at: int) -> bool:
    if gap & _CERTAIN:
        return True
    large = not text[tokens[at].start].islower()
    if gap & HARD:
        return large or bool(gap & (ASKS | SHOUTS))
    if gap & DOT:
        return _stops(tokens, gap, at, large)
    return large


def _stops(tokens: Sequence[Token], gap: int, at: int, large: bool) -> bool:
    word = tokens[at - 1].text
    if not gap & SPACE:
        return large and len(word) > 3 and not word.isdigit()
    if word in _SHORT_AT_END:
        return large
    if word == "г" and at > 1 and tokens[at - 2].text.isdigit():
        return large
    return word not in _SHORT_FORMS and (len(word) > 1 or word.isdigit())
