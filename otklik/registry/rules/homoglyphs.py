"""Letters that only look like others: «Mинздpaв» with Latin M, p and a. Pure."""

import re
import unicodedata
from dataclasses import dataclass

# What each sign of another script is taken for by a reader of Russian, in the case in which it looks so.
_LATIN_AND_GREEK = dict(
    zip(
        "ABCEHKMOPTXYaceopxykmtunrbiΑΒΕΗΚΜΟΡΤΥΧοραυі",
        "авсенкмортхуасеорхукмтипгьиавенкмортухораии",
        strict=True,
    )
)
_TO_LATIN = str.maketrans("АВЕКМНОРСТХаеорсух", "ABEKMHOPCTXaeopcyx")
_DIGITS = {"0": "о", "3": "з", "4": "ч", "6": "б"}
# Letters that follow a digit at the start of a word before it is taken for a letter: «3аря», but not «5а».
_LETTERS_AFTER = 3
_WORD = re.compile(r"[^\W_]+")
_BREVE = "\u0306"


@dataclass(frozen=True, slots=True)
class Trick:
    """A sign that stands for a letter: where in the text, what it is, what it looks like, of which script.

    `letter` is empty for a sign nobody sees; `script` is latin, greek, digit, other or invisible.
    """

    at: int
    sign: str
    letter: str
    script: str


def skeleton(text: str) -> str:
    """The text as it looks to a reader, in lower case: look-alike letters made Cyrillic, invisible signs taken out.

    Two texts that look the same have the same skeleton. A word that is plainly of another script stays.
    """
    # The sign of a number would become the letters "No".
    shown = unicodedata.normalize("NFKC", text.replace("№", "#"))
    shown = "".join(_bare(sign) for sign in shown if not _is_invisible(sign))
    return _WORD.sub(lambda found: _plain_word(found[0]), shown).lower()


def tricks(text: str, known: frozenset[str] = frozenset()) -> tuple[Trick, ...]:
    """Every sign of the text that stands for a Cyrillic letter, in order.

    A word with Cyrillic letters in it is judged by itself; one wholly of look-alikes («HCO») only when its
    skeleton is among `known`, because «TOP» or «MAX» may mean what they say.
    """
    found = [
        Trick(at, sign, "", "invisible")
        for at, sign in enumerate(text)
        if _is_invisible(sign) and _amid_letters(text, at)
    ]
    for word in _WORD.finditer(text):
        plain = _plain_word(word[0])
        if not _is_mixed(word[0]) and plain.lower() not in known:
            continue
        found += [
            Trick(word.start() + at, sign, letter, _script(sign))
            for at, (sign, letter) in enumerate(zip(word[0], plain, strict=True))
            if sign != letter
        ]
    return tuple(sorted(found, key=lambda trick: trick.at))


def disguised(text: str) -> str:
    """The text with every Cyrillic letter that has a Latin twin replaced by it: «Mинздpaв HCO»."""
    return text.translate(_TO_LATIN)


def _plain_word(word: str) -> str:
    """The word with its look-alikes made Cyrillic, as long as it was; unchanged when it is of another script."""
    others = [sign for sign in word if sign.isalpha() and not _is_cyrillic(sign)]
    if not any(map(_is_cyrillic, word)) and (len(others) < 2 or not all(map(_letter_of, others))):
        return word
    signs = [_letter_of(sign) or sign for sign in word]
    for at, sign in enumerate(word):
        if sign in _DIGITS and _between_letters(signs, at):
            signs[at] = _DIGITS[sign]
    after = "".join(signs[1 : 1 + _LETTERS_AFTER])
    if signs[0] in _DIGITS and len(after) == _LETTERS_AFTER and after.isalpha():
        signs[0] = _DIGITS[signs[0]]
    return "".join(signs)


def _between_letters(signs: list[str], at: int) -> bool:
    return 0 < at < len(signs) - 1 and signs[at - 1].isalpha() and signs[at + 1].isalpha()


def _letter_of(sign: str) -> str:
    """The Cyrillic letter the sign looks like in either case, or an empty text."""
    for each in (sign, sign.lower(), sign.upper()):
        if each in _LATIN_AND_GREEK:
            return _LATIN_AND_GREEK[each]
    return ""


def _is_mixed(word: str) -> bool:
    return any(map(_is_cyrillic, word)) and _plain_word(word) != word


def _is_cyrillic(sign: str) -> bool:
    return sign not in _LATIN_AND_GREEK and unicodedata.name(sign, "").startswith("CYRILLIC")


def _script(sign: str) -> str:
    if sign.isdigit():
        return "digit"
    first = unicodedata.name(sign, "").partition(" ")[0].lower()
    return first if first in {"latin", "greek"} else "other"


def _is_invisible(sign: str) -> bool:
    # Format signs (zero-width ones, marks of direction, the soft hyphen) are not drawn.
    return unicodedata.category(sign) == "Cf"


def _amid_letters(text: str, at: int) -> bool:
    # A zero-width joiner between two emoji is how they are written; between letters it can only mislead.
    return text[at - 1 : at].isalpha() and text[at + 1 : at + 2].isalpha()


def _bare(sign: str) -> str:
    """The letter without its accents; й stays й, ё becomes е as people write it."""
    if sign in "йЙ":
        return sign
    return "".join(part for part in unicodedata.normalize("NFD", sign) if unicodedata.category(part) != "Mn")
