"""When it happened, as a message tells: dates, days of the week, «третий день», «вчера в 8 утра», «уже неделю».

Relative words are counted from the moment of the message, in its time zone. What lies ahead («завтра отключат»)
and what repeats («по понедельникам», «с 8 до 17») is no moment of an event.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from otklik.common.text import fold
from otklik.triage.nlp.moment_readers import PART, PHRASES, midnight
from otklik.triage.nlp.moment_said import Said
from otklik.triage.nlp.moment_words import PARTS

_MAX_CHARS = 40_000
_NEAR, _WIDEST_CLOCK, _WIDEST_STREET = 24, 80, 12
_GAP = r"\s{1,3}"
# What an hour has beside it, or it may be any number: minutes, «час», a part of the day.
_HOUR = re.compile(r"\d(?:[:.]\d{2}(?![\d.])|\s{1,3}(?:ч|утра|вечера|дня|ночи))")
_STREET = re.compile(r"(?:улиц[аеуы]|ул\.?|пер\.?|переул\w{1,4})\s{0,3}$")
_CLOCK = re.compile(
    rf"(?<![^\W_])(?P<lead>в|во|с|около|после|к|до|примерно{_GAP}в){_GAP}(?:(?P<hour>\d{{1,2}})"
    rf"(?:[:.](?P<minute>\d{{2}})(?![\d.])|(?:{_GAP}(?:час(?:а|ов|у)?|ч\b\.?))?)(?:{_GAP}(?P<part>утра|вечера|дня|ночи))?)"
    rf"(?![^\W_]|[.:]\d)(?P<until>{_GAP}(?:до|по|-|–){_GAP}\d)?"
)


@dataclass(frozen=True, slots=True)
class Moment:
    """The instant from which a time of this `precision` runs, and the words that say so at `begin:end`.

    `precision`: minute, hour, part (of a day: night from 0, morning from 6, day from 12, evening from 18), day,
    week, month, season or year; `start` is its first instant in the zone of the message.
    """

    start: datetime
    precision: str
    words: str
    begin: int
    end: int


class _Clock(NamedTuple):
    hour: int
    minute: int
    precision: str
    begin: int
    end: int


def find_moment(text: str, said_at: datetime, *, apart: Iterable[tuple[int, int]] = ()) -> Moment | None:
    """When that of which the message tells began, or None. `said_at` is the moment of the message, with its zone.

    The surest words win: a date, a day by name, «третий день», a part of the day, an hour alone; of equals the
    first. Words at `apart` (a street «8 Марта», a house) are no time. Raises ValueError when `said_at` has no
    zone.
    """
    if said_at.tzinfo is None:
        raise ValueError("the moment of a message has a time zone")
    plain = _folded(text[:_MAX_CHARS])
    elsewhere = tuple(apart)
    clocks = [each for each in _clocks(plain) if not _within(each.begin, each.end, elsewhere)]
    said = Said(plain)
    for phrase in PHRASES:
        for match in phrase.pattern.finditer(plain) if phrase.may(said) else ():
            if _within(match.start(), match.end(), elsewhere) or _is_of_street(plain, match.start()):
                continue
            found = phrase.read(match, said_at)
            if found is None:
                continue
            moment = Moment(*found, text[match.start() : match.end()], match.start(), match.end())
            moment = _with_clock(moment, text, plain, clocks) if phrase.takes_clock else moment
            if moment.start <= said_at:
                return moment
    return _by_clock(clocks, text, said_at)


def _is_of_street(plain: str, at: int) -> bool:
    return _STREET.search(plain[max(0, at - _WIDEST_STREET) : at]) is not None


def _within(begin: int, end: int, spans: Sequence[tuple[int, int]]) -> bool:
    return any(begin < last and first < end for first, last in spans)


def _folded(text: str) -> str:
    small = fold(text)
    # A few letters of Unicode are longer when small; places in the text must stay.
    return (
        small
        if len(small) == len(text)
        else "".join(fold(each) if len(fold(each)) == 1 else " " for each in text)
    )


def _clocks(plain: str) -> Iterator[_Clock]:
    if not _HOUR.search(plain):
        return
    for match in _CLOCK.finditer(plain):
        hour, minute, part = int(match["hour"]), int(match["minute"] or 0), match["part"]
        # «с 8 до 17» is a timetable; «в 5» without a word of time may be anything.
        bare = match["minute"] is None and part is None and not re.search(r"\d\s{1,3}ч", match[0])
        if match["until"] or match["lead"] in {"к", "до"} or bare or hour > 24 or minute > 59:
            continue
        if part in {"вечера", "дня"} and hour < 12:
            hour += 12
        elif part == "ночи" and hour == 12:
            hour = 0
        precision = "minute" if match["minute"] else "hour"
        yield _Clock(hour % 24, minute, precision, match.start(), match.end())


def _with_clock(moment: Moment, text: str, plain: str, clocks: list[_Clock]) -> Moment:
    """The hour, or the part of the day, that stands beside a day in the same sentence."""
    # Only the near ones: a long text may have thousands of hours and of days.
    first = bisect_left(clocks, moment.begin - _NEAR - _WIDEST_CLOCK, key=lambda clock: clock.begin)
    for clock in clocks[first:]:
        if clock.begin > moment.end + _NEAR:
            break
        if _beside(moment, clock.begin, clock.end, text):
            start = moment.start.replace(hour=clock.hour, minute=clock.minute)
            return _joined(moment, start, clock.precision, text, (clock.begin, clock.end))
    for match in PART.finditer(plain, max(0, moment.begin - _NEAR), moment.end + _NEAR):
        if match["part"] != "дня" and _beside(moment, match.start(), match.end(), text):
            start = moment.start.replace(hour=PARTS[match["part"]])
            return _joined(moment, start, "part", text, match.span())
    return moment


def _beside(moment: Moment, begin: int, end: int, text: str) -> bool:
    between = text[moment.end : begin] if begin >= moment.end else text[end : moment.begin]
    apart = begin - moment.end if begin >= moment.end else moment.begin - end
    return 0 <= apart <= _NEAR and not set(between) & set(".!?\n;")


def _joined(moment: Moment, start: datetime, precision: str, text: str, span: tuple[int, int]) -> Moment:
    first, last = min(moment.begin, span[0]), max(moment.end, span[1])
    return Moment(start, precision, text[first:last], first, last)


def _by_clock(clocks: list[_Clock], text: str, at: datetime) -> Moment | None:
    """An hour alone: today, or yesterday when it is still to come today."""
    for clock in clocks:
        start = midnight(at).replace(hour=clock.hour, minute=clock.minute)
        if start > at:
            start -= timedelta(days=1)
        return Moment(start, clock.precision, text[clock.begin : clock.end], clock.begin, clock.end)
    return None
