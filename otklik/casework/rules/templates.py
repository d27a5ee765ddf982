"""Templates of answers: their variables, what is left unfilled, their season, and whether a text is one of them.

A variable stands in braces: «{адрес}». The list is closed, so a slip of the pen is seen when a template is written and
not when a resident reads it. What is unknown stays in the text in its braces: a gap, with which nothing goes out.
"""

import re
from collections.abc import Mapping
from datetime import date

VARIABLES = ("имя", "адрес", "орган", "телефон", "срок", "дата", "номер", "тема", "объект")
"""Every variable there is: the author's first name, the place, the body and its phone, the promised day, today, the
number of the incident, its topic, its object."""
MOST_VARIABLES = 20
LONGEST_VALUE = 80
"""The longest words by which a person may fill a gap for the text still to be the template's."""
_BRACED = re.compile(r"\{([^{}\n]{0,40})\}")
_LONE = re.compile(r"[{}]")
_GAP = re.compile(r"\{(" + "|".join(VARIABLES) + r")\}")
# What hides personal data of a similar answer (triage.nlp.masking); no resident is to read it.
HIDDEN_NAME = "[ФИО]"
_HIDDEN = ("ФИО", "телефон", "почта", "карта", "СНИЛС", "паспорт", "квартира", "номер машины")
_LEFT = re.compile(rf"{_GAP.pattern}|\[(?:{'|'.join(_HIDDEN)})\]")
# Where a sentence or a line ends: beyond it nobody fills a gap, a sentence of one's own would begin.
_STOP = re.compile(r"[.!?…;](?=\s)|\n")
_LAST_DAYS = (0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


class UnknownVariable(Exception):
    """Такой подстановки нет:"""

    def __init__(self, written: str, position: int) -> None:
        super().__init__(written, position)
        self.written, self.position = written, position


class TooManyVariables(Exception):
    """Слишком много подстановок: оставьте не больше двадцати."""


class BadSeason(Exception):
    """Укажите оба дня сезона или ни одного: например, с 1 ноября по 31 марта."""


def check_variables(text: str) -> None:
    """Raise UnknownVariable for the first one that there is not, with its place counted from 1; a lone brace is one.

    Raises TooManyVariables.
    """
    found = list(_BRACED.finditer(text))
    within = {at for match in found for at in (match.start(), match.end() - 1)}
    wrong = [(match.start(), match[0]) for match in found if match[1] not in VARIABLES]
    wrong += [(match.start(), match[0]) for match in _LONE.finditer(text) if match.start() not in within]
    if wrong:
        at, written = min(wrong)
        raise UnknownVariable(written, at + 1)
    if len(found) > MOST_VARIABLES:
        raise TooManyVariables


def gaps_of(text: str) -> tuple[tuple[str, int, int], ...]:
    """What is left to fill: variables that still stand in their braces and hidden personal data, with their places."""
    return tuple((match[0], match.start(), match.end()) for match in _LEFT.finditer(text))


def filled(text: str, values: Mapping[str, str]) -> str:
    """The text with every known variable in its place; an unknown one stays as a gap."""
    return _GAP.sub(lambda match: values.get(match[1]) or match[0], text)


def is_of(text: str, template: str, values: Mapping[str, str]) -> bool:
    """Whether the text is the template word for word, with its variables filled.

    A known variable must have its value; an unknown one any words within a sentence, 80 characters at
    most. Spaces around the
    text do not count. Time is bounded by the length of the text times the length of a value.
    """
    pieces = _GAP.split(template.strip())
    text = text.strip()
    reached = {0}
    for number, piece in enumerate(pieces):
        if number % 2 == 0:
            reached = {at + len(piece) for at in reached if text.startswith(piece, at)}
        elif value := values.get(piece):
            reached = {at + len(value) for at in reached if text.startswith(value, at)}
        else:
            reached = {end for at in reached for end in _ends(text, at)}
        if not reached:
            return False
    return len(text) in reached


def _ends(text: str, start: int) -> range:
    stop = _STOP.search(text, start)
    last = stop.start() if stop else len(text)
    return range(start + 1, min(last, start + LONGEST_VALUE) + 1)


def check_season(begins: int | None, ends: int | None) -> None:
    """Raise BadSeason unless both days are there, each as month × 100 + day, or none."""
    if begins is None and ends is None:
        return
    if not all(day is not None and _is_day(day) for day in (begins, ends)):
        raise BadSeason


def _is_day(value: int) -> bool:
    month, day = divmod(value, 100)
    return 1 <= month <= 12 and 1 <= day <= _LAST_DAYS[month]


def in_season(begins: int | None, ends: int | None, today: date) -> bool:
    """Whether today lies in the season; one that ends before it begins goes over the New Year."""
    if begins is None or ends is None:
        return True
    at = today.month * 100 + today.day
    return begins <= at <= ends if begins <= ends else at >= begins or at <= ends
