"""Passports, foreign passports, driving licences and certificates of birth, beside the words that name them."""

import re
from collections.abc import Iterator

from otklik.triage.nlp.masking.found import Cues, Personal

_NUMBER_SIGN = r"[ ,.:–-]{0,3}(?:(?:№|n|номер|ном\.?)[ .:-]{0,3})?"
_INSIDE = rf"[0-9]{{2}}[ -]?[0-9]{{2}}{_NUMBER_SIGN}[0-9]{{6}}"
_FOREIGN = rf"[0-9]{{2}}{_NUMBER_SIGN}[0-9]{{7}}"
_SHAPES = re.compile(rf"(?<![0-9])(?:{_INSIDE}|{_FOREIGN})(?![0-9])")
_SIX = re.compile("[0-9]{6}")
# Roman numerals in either alphabet, then two letters and six digits: nothing else is written so.
_BIRTH = re.compile(r"(?<!\w)[ivxlcхуі1]{1,6}[ –-]{0,3}[а-яa-z]{2}[ ,]{0,2}(?:№|n)?[ ]{0,2}[0-9]{6}(?!\w)")


def find_passports(text: str, cues: Cues) -> Iterator[Personal]:
    """Numbers of documents in a lower-case text, in their order."""
    if not _SIX.search(text):
        return
    found = [each.span() for each in _SHAPES.finditer(text) if _is_said(text, each, cues)]
    found += [each.span() for each in _BIRTH.finditer(text)]
    end = 0
    for start, stop in sorted(found):
        if start >= end:
            yield Personal("passport", start, stop)
            end = stop


def _is_said(text: str, found: re.Match[str], cues: Cues) -> bool:
    if text[max(found.start() - 1, 0) : found.start()] == "+":
        return False
    before = cues.before(found.start())
    return before == "passport" or (not before and "passport" in cues.around(found.start()))
