"""Phrases of time and what each means, counted from the moment of a message."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import NamedTuple

from otklik.triage.nlp.moment_said import (
    LENGTHS_SAID,
    MONTHS_SAID,
    PARTS_SAID,
    SEASONS_SAID,
    WEEKDAYS_SAID,
    Said,
    has_digit,
    is_year,
)
from otklik.triage.nlp.moment_words import (
    DAYS_AGO,
    MONTHS,
    NUMBERS,
    ORDINALS,
    PARTS,
    SEASONS,
    UNITS,
    WEEKDAYS,
)

_OLDEST = 1950
# How far ahead a date without a year is still an announcement and not a memory of last year.
_AHEAD = timedelta(days=60)
Found = tuple[datetime, str]
_GAP = r"\s{1,3}"


def _any(words: object) -> str:
    return "|".join(sorted(map(re.escape, words), key=lambda word: (-len(word), word)))  # type: ignore[call-overload]


_NUMBER = rf"(?:\d{{1,3}}|{_any(NUMBERS)})"
_UNIT = _any(UNITS)
_SO_LONG = frozenset({"уже", "больше", "более", "свыше", "почти", "около"})
_LASTING = frozenset({"нет", "не", "без", "сидим", "живем", "подряд", "ждем", "жду", "как"})

_PART = re.compile(r"(?<![^\W_])(?:(?P<from>с|со|до|после|этой|прошлой){0} )?".replace("{0} ", r"\s{1,3}")
                   + rf"(?P<part>{_any(PARTS)})(?![^\W_])")  # fmt: skip
_RELATIVE = re.compile(rf"(?<![^\W_])(?P<day>{_any(DAYS_AGO)})(?:шн\w{{2,3}})?(?![^\W_])")
# The first digit comes before what must not stand before it: so the search leaps from one digit to the next.
_DATE = re.compile(
    rf"(?P<day>\d(?<![\d.,/].)\d?)(?:-?(?:го|е|ого))?{_GAP}(?P<month>{_any(MONTHS)})(?![^\W_])"
    rf"(?:{_GAP}(?P<year>\d{{4}})(?!\d))?"
)
_NUMBERS_DATE = re.compile(
    r"(?=[сон\d])(?:(?P<lead>(?<![^\W_])(?:с|со|от|на)\s{1,3}))?(?<![\d.,/:])(?P<day>\d{1,2})[./](?P<month>\d{2})"
    r"(?:[./](?P<year>\d{4}|\d{2}))?(?![\d/:]|\.\d)"
)
_WEEKDAY = re.compile(
    rf"(?<![^\W_])(?:в|во|с|со){_GAP}(?:(?P<past>прошл|минувш|эт)\w{{1,4}}{_GAP})?(?P<day>{_any(WEEKDAYS)})(?![^\W_])"
)
_ORDINAL = re.compile(
    rf"(?<![^\W_])(?:(?P<word>{_any(ORDINALS)})|(?P<number>\d{{1,3}})-?(?:й|ый|ой|ю|ую|е|ые|и))"
    rf"{_GAP}(?P<unit>день|сутки|неделю|неделя|месяц|год|час)(?![^\W_])"
)
_AGO = re.compile(
    rf"(?<![^\W_])(?:(?P<number>{_NUMBER}){_GAP})?(?P<unit>{_UNIT}|полгода|полчаса){_GAP}назад(?![^\W_])"
)
_SINCE = re.compile(
    rf"(?<![^\W_])(?:{_any(_SO_LONG)}){_GAP}(?:(?:чем|как|больше|более|почти|около){_GAP})?"
    rf"(?:(?P<number>{_NUMBER}){_GAP})?(?P<unit>{_UNIT}|полгода|полчаса)(?![^\W_])"
)
_LASTS = re.compile(
    rf"(?<![^\W_])(?:(?P<number>{_NUMBER}){_GAP})?(?P<unit>{_UNIT}|полгода|полчаса){_GAP}"
    rf"(?:{_any(_LASTING)})(?![^\W_])"
)
_LAST = re.compile(
    r"(?<![^\W_])(?:на|в)\s{1,3}(?P<which>прошл|минувш|эт)\w{1,4}\s{1,3}(?P<unit>неделе|месяце|году)(?![^\W_])"
)
_MONTH = re.compile(
    rf"(?<![^\W_])(?:в|с|со){_GAP}(?:(?P<which>прошл|эт)\w{{1,4}}{_GAP})?(?P<month>{_any(MONTHS)})(?![^\W_])"
    rf"(?:{_GAP}(?P<year>\d{{4}})(?!\d))?"
)
_SEASON = re.compile(
    rf"(?<![^\W_])(?:(?:с|со){_GAP})?(?:(?P<which>прошл|эт)\w{{1,4}}{_GAP})?(?P<season>{_any(SEASONS)})(?![^\W_])"
)
_YEAR = re.compile(rf"(?<![^\W_])(?:в|с){_GAP}(?P<year>(?:19|20)\d{{2}}){_GAP}(?:году|года|г\b\.?)")

_LENGTHS = {
    "minute": timedelta(minutes=1),
    "hour": timedelta(hours=1),
    "day": timedelta(days=1),
    "week": timedelta(7),
}


def midnight(at: datetime) -> datetime:
    """The beginning of the day of the instant."""
    return at.replace(hour=0, minute=0, second=0, microsecond=0)


def _days_before(at: datetime, days: int) -> datetime | None:
    try:
        return midnight(at) - timedelta(days=days)
    except OverflowError:
        return None


def _date(at: datetime, year: int, month: int, day: int = 1) -> datetime | None:
    if not _OLDEST <= year <= at.year + 1:
        return None
    try:
        return midnight(at).replace(year=year, month=month, day=day)
    except ValueError:
        return None


def _with_year(at: datetime, year: str | None, month: int, day: int) -> datetime | None:
    """The date of the year that is named, or the last such date; one that is near ahead is an announcement."""
    if year is not None:
        return _date(at, int(year) + (2000 if len(year) == 2 else 0), month, day)
    this = _date(at, at.year, month, day)
    if this is not None and this <= at:
        return this
    if this is not None and this - at < _AHEAD:
        return None
    before = _date(at, at.year - 1, month, day)
    # In January, the end of January lies ahead and the end of December behind.
    return before if before is not None and at - before < timedelta(days=366) else None


def _read_date(match: re.Match[str], at: datetime) -> Found | None:
    day = _with_year(at, match["year"], MONTHS[match["month"]], int(match["day"]))
    return (day, "day") if day is not None else None


def _read_numbers_date(match: re.Match[str], at: datetime) -> Found | None:
    if match["lead"] is None and match["year"] is None:
        return None
    if not 1 <= int(match["month"]) <= 12:
        return None
    day = _with_year(at, match["year"], int(match["month"]), int(match["day"]))
    return (day, "day") if day is not None else None


def _read_relative(match: re.Match[str], at: datetime) -> Found | None:
    day = _days_before(at, DAYS_AGO[match["day"]])
    return (day, "day") if day is not None else None


def _read_weekday(match: re.Match[str], at: datetime) -> Found | None:
    back = (at.weekday() - WEEKDAYS[match["day"]]) % 7
    past = match["past"] in {"прошл", "минувш"}
    day = _days_before(at, 7 if past and back == 0 else back)
    return (day, "day") if day is not None else None


def _read_ordinal(match: re.Match[str], at: datetime) -> Found | None:
    number = ORDINALS[match["word"]] if match["word"] else int(match["number"])
    return _back(at, max(number - 1, 0), UNITS[match["unit"]])


def _read_length(match: re.Match[str], at: datetime) -> Found | None:
    if match["unit"] in {"полгода", "полчаса"}:
        return _back(at, 6, "month") if match["unit"] == "полгода" else _back(at, 30, "minute")
    said = match["number"]
    number = 1.0 if said is None else float(said) if said.isdecimal() else NUMBERS[said]
    return _back(at, number, UNITS[match["unit"]])


def _back(at: datetime, number: float, unit: str) -> Found | None:
    """So many units before the message: hours and minutes to the minute, longer ones to their day."""
    try:
        if unit in {"minute", "hour"}:
            return (at - number * _LENGTHS[unit]).replace(second=0, microsecond=0), unit
        days = number * {"day": 1, "week": 7, "month": 30.44, "year": 365.25}[unit]
        start = midnight(at) - timedelta(days=round(days))
    except OverflowError:
        return None
    return (start, unit) if start.year >= _OLDEST else None


def _read_last(match: re.Match[str], at: datetime) -> Found | None:
    before = match["which"] != "эт"
    if match["unit"] == "неделе":
        start = _days_before(at, at.weekday() + 7 * before)
        return (start, "week") if start is not None else None
    if match["unit"] == "году":
        start = _date(at, at.year - before, 1)
        return (start, "year") if start is not None else None
    year, month = (at.year - 1, 12) if before and at.month == 1 else (at.year, at.month - before)
    start = _date(at, year, month)
    return (start, "month") if start is not None else None


def _read_month(match: re.Match[str], at: datetime) -> Found | None:
    month = MONTHS[match["month"]]
    year = int(match["year"]) if match["year"] else at.year - (month > at.month)
    start = _date(at, year, month)
    return (start, "month") if start is not None else None


def _read_season(match: re.Match[str], at: datetime) -> Found | None:
    month = SEASONS[match["season"]]
    year = at.year - (month > at.month)
    start = _date(at, year - (match["which"] == "прошл" and year == at.year), month)
    return (start, "season") if start is not None else None


def _read_year(match: re.Match[str], at: datetime) -> Found | None:
    start = _date(at, int(match["year"]), 1)
    return (start, "year") if start is not None else None


def _read_part(match: re.Match[str], at: datetime) -> Found | None:
    """«ночью», «с вечера», «прошлой ночью»: the last such time; «утра» alone belongs to an hour."""
    word, lead = match["part"], match["from"]
    if word in {"утра", "вечера", "дня", "ночи", "обед", "обеда"} and lead not in {"с", "со", "после"}:
        return None
    if word == "дня":
        return None
    start = midnight(at).replace(hour=PARTS[word])
    return (start if start <= at else start - timedelta(days=1), "part")


class Phrase(NamedTuple):
    """A pattern with its meaning; it cannot match a text of which `may` is false, and that is cheap to ask.

    `takes_clock`: an hour beside makes the moment more exact.
    """

    pattern: re.Pattern[str]
    read: Callable[[re.Match[str], datetime], Found | None]
    takes_clock: bool
    may: Callable[[Said], bool]


_OF_ORDINAL = frozenset({"день", "сутки", "неделю", "неделя", "месяц", "год", "час"})
_OF_LAST = frozenset({"неделе", "месяце", "году"})
_OF_YEAR = frozenset({"году", "года", "г"})
_AGO_SAID = frozenset({"назад"})
_IN = frozenset({"в", "с", "со"})


def _may_be_ordinal(said: Said) -> bool:
    return said.is_before(_OF_ORDINAL, 1, ORDINALS.__contains__) or (
        said.has_numbers and said.is_before(_OF_ORDINAL, 2, has_digit)
    )


PART = _PART
# The surest first.
PHRASES: tuple[Phrase, ...] = (
    Phrase(_DATE, _read_date, True, lambda said: said.is_before(MONTHS_SAID, 2, has_digit)),
    Phrase(_NUMBERS_DATE, _read_numbers_date, True, Said.has_date),
    Phrase(_RELATIVE, _read_relative, True, lambda said: "вчера" in said.plain or "сегодня" in said.plain),
    Phrase(_WEEKDAY, _read_weekday, True, lambda said: said.has(WEEKDAYS_SAID)),
    Phrase(_ORDINAL, _read_ordinal, False, _may_be_ordinal),
    Phrase(_AGO, _read_length, False, lambda said: said.has(_AGO_SAID)),
    Phrase(_SINCE, _read_length, False, lambda said: said.is_before(LENGTHS_SAID, 3, _SO_LONG.__contains__)),
    Phrase(_LASTS, _read_length, False, lambda said: said.is_after(LENGTHS_SAID, _LASTING.__contains__)),
    Phrase(_LAST, _read_last, False, lambda said: said.has(_OF_LAST)),
    Phrase(_PART, _read_part, False, lambda said: said.has(PARTS_SAID)),
    Phrase(_MONTH, _read_month, False, lambda said: said.is_before(MONTHS_SAID, 2, _IN.__contains__)),
    Phrase(_YEAR, _read_year, False, lambda said: said.is_before(_OF_YEAR, 1, is_year)),
    Phrase(_SEASON, _read_season, False, lambda said: said.has(SEASONS_SAID)),
)
