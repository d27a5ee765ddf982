"""Number plates: twelve letters that both alphabets share, written in either (ГОСТ Р 50577-2018)."""

import re
from collections.abc import Iterator

from otklik.triage.nlp.masking.found import Lines, Personal

_L = "авекмнорстухabekmhopctyx"
_REGION = "[ -]?[0-9]{2,3}(?![0-9])(?: ?(?:rus|рус)(?!\\w))?"
_PLATE = re.compile(
    rf"(?<![\w-])(?:(?P<car>[{_L}][ -]?[0-9]{{3}}[ -]?(?P<pair>[{_L}]{{2}})(?:{_REGION})?)"
    rf"|(?P<bus>(?P<two>[{_L}]{{2}})[ -]?[0-9]{{3,4}}{_REGION})"
    rf"|(?P<moto>[0-9]{{4}}[ -]?(?P<last>[{_L}]{{2}}){_REGION}))(?!\w)"
)
_CUE = re.compile(
    r"машин|авто|номер|такси|маршрут|прицеп|мотоцикл|трактор|груз|водител|джип|нив[аыу]|лад[аыу]|шофер|газел"
    r"|мусоровоз|скутер|мопед|парку|стоянк|фур[аыу]|внедорожник|иномарк|рулем"
)
_DIGITS = re.compile("[0-9]{3,4}(?![0-9])")
_BEFORE_DIGITS = 3
# «с 100 на 50» is written like a plate: small words of two letters need more than a car on the line.
_SMALL = frozenset(
    {"на", "не", "но", "ну", "от", "он", "ок", "ко", "во", "со", "та", "то", "ту", "те", "км", "см", "мм"}
)


def find_cars(text: str, lower: str, lines: Lines) -> Iterator[Personal]:
    """Plates in their order; `lower` is the same text in lower case, `lines` are its lines."""
    is_said: dict[int, bool] = {}
    for found in _plates(lower):
        line = lines.of(found.start())
        if line not in is_said:
            is_said[line] = bool(_CUE.search(lower, *lines.span(line)))
        if _is_plate(found, text[found.start() : found.end()], is_said=is_said[line]):
            yield Personal("car", *found.span())


def _plates(lower: str) -> Iterator[re.Match[str]]:
    """What is shaped like a plate: looked for around its three or four digits, which most messages do not have."""
    end = 0
    for digits in _DIGITS.finditer(lower):
        for start in range(max(end, digits.start() - _BEFORE_DIGITS), digits.start() + 1):
            found = _PLATE.match(lower, start)
            if found:
                yield found
                end = found.end()
                break


def _is_plate(found: re.Match[str], written: str, *, is_said: bool) -> bool:
    if not found["car"]:
        return is_said and (found["two"] or found["last"]) not in _SMALL
    letters = "".join(letter for letter in written if letter.isalpha())
    if letters[:3].isupper() or (" " not in written and len(written) > 7):
        return True
    return is_said and found["pair"] not in _SMALL
