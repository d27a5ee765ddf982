"""Russian written with Latin letters by mistake or on purpose: look-alikes inside a word, and the other keyboard."""

import re
from functools import lru_cache

from otklik.triage.nlp.forms import is_russian

_PIECE = re.compile(r"\S+")
_WORD = re.compile(r"[^\W_]+")
_LATIN = re.compile("[A-Za-z]")
_CYRILLIC = re.compile("[а-яА-Я]")
_ALIKE = str.maketrans("aceopxykmtbhACEOPXYKMTBHrnu03", "асеорхукмтвнАСЕОРХУКМТВНгпиоз")
# Lower-case k, m, t and the like are drawn alike only beside Cyrillic letters; alone they are Latin.
_ALIKE_ALONE = re.compile("[aceopxyk]+|[ACEOPXYKMTBH]+")
_ALIKE_INSIDE = re.compile("[aceopxykmtbhrnuACEOPXYKMTBHа-яА-Я0-9]+")
# One way to read it: a word begins where no letter stands before, its parts are parted by the digits.
_DIGIT_INSIDE = re.compile("(?<![а-яА-Я0-9])[а-яА-Я]++(?:[03][а-яА-Я]++)+(?![0-9])")
_ALONE = frozenset("acoykABCOKY")
_ADDRESS = re.compile(r"@|://|^www\.|[\w-]{2,}\.[A-Za-z]{2,6}(?:$|[/?:])|_|\d\.\d")
_KEYS = str.maketrans(
    "qwertyuiop[]asdfghjkl;'zxcvbnm,.`QWERTYUIOP{}ASDFGHJKL:\"ZXCVBNM<>~&/",
    "йцукенгшщзхъфывапролджэячсмитьбюеЙЦУКЕНГШЩЗХЪФЫВАПРОЛДЖЭЯЧСМИТЬБЮЕ?.",
)
_TYPED = re.compile(r"([(]*)([A-Za-z\[\];',.`{}:\"<>~-]*[A-Za-z\[\];'`{}\"<>~])([,.]?)([!?&/)]*)[,.]*")
_LONGEST = 40
_SURE_SHARE = 0.7
_SHORT, _LONG = 3, 5


def set_right(text: str) -> str:
    """The text with such words in Cyrillic, character for character; addresses and foreign words as they are."""
    pieces = [found for found in _PIECE.finditer(text) if _LATIN.search(found[0])]
    pieces = [found for found in pieces if len(found[0]) <= _LONGEST and not _ADDRESS.search(found[0])]
    foreign = [found[0] for found in pieces if not _CYRILLIC.search(found[0])]
    mistyped = _is_other_keyboard(foreign)
    is_russian_text = len(_CYRILLIC.findall(text[:2000])) > len(_LATIN.findall(text[:2000]))
    parts, at = [], 0
    for found in pieces:
        parts.append(text[at : found.start()])
        if _CYRILLIC.search(found[0]):
            parts.append(_WORD.sub(lambda word: _alike(word[0]), found[0]))
        elif mistyped:
            parts.append(_retyped(found[0])[0])
        else:
            parts.append(_WORD.sub(lambda word: _alone(word[0]), found[0]) if is_russian_text else found[0])
        at = found.end()
    return "".join(parts) + text[at:]


def _alike(word: str) -> str:
    if not (_LATIN.search(word) and _CYRILLIC.search(word) and _ALIKE_INSIDE.fullmatch(word)):
        return word
    return "".join(letter.translate(_ALIKE) if letter.isalpha() else letter for letter in word)


def letters_for_digits(text: str) -> str:
    """The text with «0» and «3» inside a word read as letters, where the dictionary then knows the word."""
    return _DIGIT_INSIDE.sub(lambda found: _lettered(found[0]), text)


def _lettered(word: str) -> str:
    russian = word.translate(_ALIKE)
    return russian if is_russian(russian.lower()) else word


def _alone(word: str) -> str:
    if word in _ALONE:
        return word.translate(_ALIKE)
    if len(word) < 2 or not _ALIKE_ALONE.fullmatch(word):
        return word
    russian = word.translate(_ALIKE)
    return russian if is_russian(russian.lower()) else word


def _is_other_keyboard(pieces: list[str]) -> bool:
    """Clearly so: read with the other keyboard, nearly all of it is in the dictionary, and not by a short chance."""
    total = known = words = longest = 0
    for piece in pieces:
        russian, is_known = _retyped(piece)
        letters = sum(letter.isalpha() for letter in russian)
        total += letters
        if is_known:
            known += letters
            words += letters >= _SHORT
            longest = max(longest, letters)
    return known >= _SURE_SHARE * max(total, 1) and (longest >= _LONG or (words > 1 and longest > _SHORT))


@lru_cache(maxsize=20_000)
def _retyped(piece: str) -> tuple[str, bool]:
    """The piece as the Russian keyboard would have it, and whether the dictionary knows it so."""
    found = _TYPED.fullmatch(piece)
    if not found:
        return piece, False
    opening, core, point, marks = found.groups()
    rest = piece[found.end(4) :]
    russian = core.translate(_KEYS)
    ending = marks.translate(_KEYS)
    # «,» and «.» are also the letters «б» and «ю».
    whole = (core + point).translate(_KEYS)
    if point and not is_russian(russian.lower()) and is_russian(whole.lower()):
        return opening + whole + ending + rest, True
    return opening + russian + point + ending + rest, is_russian(russian.lower())
