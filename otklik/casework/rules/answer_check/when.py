"""When something will be: dates, days, parts of days, «через неделю», «к осени», and which of them lie behind.

A time counts as a promise unless its own clause tells of the past: «вчера заделали», «с 1983 года стоят».
"""

import re
from bisect import bisect_left
from collections.abc import Iterator
from datetime import date
from functools import reduce
from operator import or_
from typing import NamedTuple

from otklik.casework.rules.answer_check.grammar import FUTURE, INFINITIVE, PAST, SHORT
from otklik.casework.rules.answer_check.reading import Answer

MONTHS = (
    "январ",
    "феврал",
    "март",
    "апрел",
    "ма",
    "июн",
    "июл",
    "август",
    "сентябр",
    "октябр",
    "ноябр",
    "декабр",
)
_MONTH = (
    r"(?:январ|феврал|март|апрел|июн|июл|август|сентябр|октябр|ноябр|декабр)[а-я]{1,3}|март"
    r"|август|ма[йяею]|маем"
)
_DAY = (
    r"понедельник(?:а|у|ом|е|ам)?|вторник(?:а|у|ом|е|ам)?|сред[уаеы]|средам|четверг(?:а|у|ом|е"
    r"|ам)?|пятниц[ауеы]|пятницам|суббот[ауеы]|субботам|воскресень[еяю]|воскресеньям"
)
_ORDINAL = (
    r"(?:перв|втор|треть|четверт|пят|шест|седьм|восьм|девят|десят|[а-я]{2,9}надцат|двадцат"
    r"|тридцат)(?:ого|его|ому|ему|ое|ым)"
)
_NUMBER = (
    r"(?:\d{1,3}|один|одного|одну|дв[ае]|двух|двое|тр[ие]|трех|трое|четыре[хм]?|пят[иь]|шест[иь]"
    r"|сем[иь]|восьм[иь]|восемь|девят[иь]|десят[иь]|[а-я]{2,9}надцат[иь]|двадцат[иь]|тридцат[иь]"
    r"|сорок|пар[уы]|полутора|полтора|полчаса|нескольких|несколько)"
)
_UNIT = r"(?:час|ден|дн|сут|недел|месяц|год|лет|минут|кварта|сезон)"
_WORDS = (
    rf"завтра|послезавтра|сегодня|ежедневно|круглосуточно|на днях|на (?:этой |следующей |той "
    rf"|будущей |ближайшей )?неделе"
    rf"|(?:в |на |до |к |со? |по )(?:эт(?:у|от|о|ой) |следующ\w{{2,3}} |ближайш\w{{2,3}} "
    rf"|перв\w{{2,3}} |кажд\w{{2,3}} )?(?:{_DAY})"
    rf"|(?:в|к|ко|до|с|на|по|конц[еуа]|начал[еуа]|середин[еуы]|весь|течение|за) (?:конца |концу "
    rf"|начала |началу |середины |середине |это\w{{1,2}} |следующ\w{{2,3}} |весь )?(?:{_MONTH})"
    rf"|весной|летом|осенью|зимой|к (?:весне|лету|осени|зиме)|до (?:весны|лета|осени|зимы)|(?:эт"
    rf"|следующ|будущ)\w{{2,3}} (?:весн|осень|зим|лет)\w{{1,2}}"
    rf"|(?:в |до |к |с |на |конца |концу |конце |начале |течение |план )?(?:эт|следующ|будущ"
    rf"|текущ|нынешн)\w{{2,3}} (?:год|месяц|недел|квартал|сезон|смен|вечер|ноч|утр)\w{{0,3}}"
    rf"|(?:конц|начал|середин)\w (?:год|месяц|недел|дня|квартал|лет|сезон|рабоч|смен|зим|осен"
    rf"|весн)\w{{0,4}}"
    rf"|(?:через|за|в течение|не позднее|не позже|спустя|еще|ждать|до|около|дней|раньше чем через"
    rf"|не больше|максимум|минимум|ближайшие|следующие|первые|за ближайшие) (?:ближайш\w{{2,3}} "
    rf"|первых |этих |следующ\w{{2,3}} |чем через |примерно |около )?{_NUMBER} (?:рабоч\w{{2,3}} "
    rf"|календарн\w{{2,3}} )?{_UNIT}\w{{0,4}}"
    rf"|(?:через|за|в течение|спустя|до конца|в пределах) (?:этой |этого |ближайш\w{{2,3}} |часа "
    rf"|рабочего )?(?:недел|месяц|час|сут|дня|год|день|полгода|полчаса|смены)\w{{0,3}}"
    rf"|до (?:обеда|вечера|утра|ночи|праздник\w{{1,2}}|морозов|снега|холодов|отопительного сезона"
    rf"|нового года|вечернего|учебного года|школы)|к (?:вечеру|утру|обеду|ночи|полудню|празднику"
    rf"|новому году|школе|отопительному сезону|началу|концу)"
    rf"|после (?:обеда|полудня|праздник\w{{1,2}})|после {_NUMBER} час\w{{0,3}}|в выходные"
    rf"|к выходным|по (?:будням|выходным|утрам|вечерам)|утром|вечером|ночью|(?:нов\w{{2,3}}"
    rf"|учебн\w{{2,3}}) год\w{{0,2}}"
    rf"|кажд\w{{2,3}} (?:день|недел|год|месяц|утр|вечер|час)\w{{0,2}}|раз в (?:недел|месяц|год"
    rf"|ден|кварт)\w{{1,3}}"
    rf"|(?:{_NUMBER}) раз\w? в (?:недел|месяц|год|ден|сут)\w{{1,3}}"
    rf"|[iv1-4]{{1,3}}(?:-?[а-я]{{1,2}})? квартал\w{{0,2}}|(?:перв|втор|треть"
    rf"|четверт)\w{{2,3}} (?:квартал|полугоди|половин|декад)\w{{0,2}}"
)
_EXACT = re.compile(rf"(?<![\w.,])(\d{{1,2}})(?:-?(?:го|е|му|ое|ого))? (?:{_MONTH})(?![а-я])(?: (20\d\d))?")
_DOTTED = re.compile(r"(?<![\w.])(\d{1,2})\.(\d{2})(?:\.(20\d\d|\d\d))?(?![\w]|\.\d)")
_NUMBERED = re.compile(
    r"(?<![\w.])\d{1,2}(?:-?(?:го|му|е|ое|ого))? числ\w{1,2}|(?<![\w.№])\d{1,2}-(?:го|му|е|ое|ого)(?![а-я])"
    rf"|(?:^|[^а-я])(?:до|к|с|по|на|не позже|не позднее|и|двадцать|тридцать) {_ORDINAL}(?= числа"
    rf"|[,.;:!]|$| (?:{_MONTH})| приед| прид| спрос| начн| буд)"
    rf"|{_ORDINAL} (?:{_MONTH})|(?:двадцать|тридцать) {_ORDINAL}|(?:до|к) \d{{1,2}}(?= ?[.,;)!]|$)"
)
_CLOCK = re.compile(
    r"(?<![\d.:])(?:[01]?\d|2[0-4])[:.][0-5]\d(?![\d.])|(?:в|до|с|к|после|около|на) (?:\d{1,2}"
    r"|семи|восьми|девяти|десяти|шести|пяти|двадцати|двенадцати)(?: час\w{0,3}| утра| вечера"
    r"| дня| ночи| до \d{1,2})"
)
_YEAR = re.compile(r"(?<!\d)(20\d\d)(?!\d)(?:-?(?:го|м|му|й))?(?: год\w{0,2}| г\.)?")
_RELATIVE = re.compile(rf"(?<![а-я])(?:{_WORDS})(?![а-я])")
_CUT = re.compile(r"[.!?…;:,()\n—–]")
_APPOSED = ",(—–"
_PLANNED = re.compile(
    r"назначен|запланирован|намечен|поставлен|включен|предусмотрен|перенес|записа[лн]|договор"
    r"|обеща|пообещал|заказа|предупред|продл|сдвинул|"
    r"определен|ждем|стоит|стоят|готов|установлен[оы]? срок|рассчитан|отложен|дал[аи]? (?:срок"
    r"|время)|выделен|срок"
)


class When(NamedTuple):
    """A time that is told at `start:end`; `day` is the date that it names, when today is known."""

    start: int
    end: int
    day: date | None
    is_past: bool


def times_of(answer: Answer, today: date | None) -> list[When]:
    """All times of the answer in their order; those of which the past is told are marked."""
    found: dict[int, When] = {}
    for start, end, day in _told(answer.lower, today):
        if start not in found or found[start].end < end:
            found[start] = When(start, end, day, _is_past(answer, start, end, day, today))
    return [found[start] for start in sorted(found)]


def _told(lower: str, today: date | None) -> Iterator[tuple[int, int, date | None]]:
    for match in _EXACT.finditer(lower):
        yield match.start(), match.end(), _named(match, lower, today)
    for match in _DOTTED.finditer(lower):
        if 1 <= int(match[1]) <= 31 and 1 <= int(match[2]) <= 12:
            yield match.start(), match.end(), _day(int(match[1]), int(match[2]), match[3], today)
    for pattern in (_NUMBERED, _CLOCK, _RELATIVE):
        for match in pattern.finditer(lower):
            yield match.start(), match.end(), None
    for match in _YEAR.finditer(lower):
        year = int(match[1])
        if today is None or year >= today.year:
            yield match.start(), match.end(), None


def _named(match: re.Match[str], lower: str, today: date | None) -> date | None:
    word = lower[match.start() : match.end()].split(" ")[1]
    # «мая» begins like «март» no more than «ма»: the longest beginning wins.
    month = max((name for name in MONTHS if word.startswith(name)), key=len, default="")
    return _day(int(match[1]), MONTHS.index(month) + 1, match[2], today) if month else None


def _day(day: int, month: int, year: str | None, today: date | None) -> date | None:
    if today is None and year is None:
        return None
    full = int(year) + (2000 if year and len(year) == 2 else 0) if year else today.year if today else 0
    try:
        return date(full, month, day)
    except ValueError:
        return None


def _is_past(answer: Answer, start: int, end: int, day: date | None, today: date | None) -> bool:
    """Whether the clause of the time tells what was: a verb in the past and none of the future."""
    if "вчера" in answer.lower[start:end]:
        return True
    first, last = _clause(answer.lower, start, end)
    inside = range(bisect_left(answer.starts, first), bisect_left(answer.starts, last))
    forms = reduce(or_, (answer.forms[at] for at in inside), 0)
    if forms & (FUTURE | INFINITIVE) or any(answer.words[at].startswith("буд") for at in inside):
        return False
    if _PLANNED.search(answer.lower, first, last):
        return False
    if forms & PAST:
        return True
    # «Закрыт до 12 октября» lasts, «закрыт 12 октября» has happened.
    return bool(forms & SHORT) and not answer.lower.endswith("до ", 0, start)


def _clause(lower: str, start: int, end: int) -> tuple[int, int]:
    first = 0
    for mark in _CUT.finditer(lower, max(0, start - 200), start):
        first = mark.end()
    if first and not lower[first:start].strip() and lower[first - 1] in _APPOSED:
        # «Вчера, 21 ноября»: the time stands beside what the clause before it tells.
        return _clause(lower, first - 1, end)
    found = _CUT.search(lower, end, end + 200)
    return max(first, start - 200), found.start() if found else min(len(lower), end + 200)


def promised(answer: Answer, today: date | None) -> list[When]:
    """The times that lie ahead, as far as the words tell."""
    return [each for each in times_of(answer, today) if not each.is_past]
