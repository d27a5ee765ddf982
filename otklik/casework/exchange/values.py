"""Values of the table: what a cell says becomes one exact text, and that text becomes a cell again.

For every kind `read(kind, shown(cell(kind, text))) == text`, where `shown` is how the reader of tables tells a cell;
so a file that was read can be written anew with the same values.
"""

import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from otklik.casework.exchange.layout import Kind
from otklik.common.text import clean, fold, gettext_noop

LONGEST_TEXT = 32_767
"""What a cell of a spreadsheet holds, in units of UTF-16."""

Value = str | datetime | timedelta | bool | int | float | None
Cell = str | datetime | timedelta | int | float | None
# Signs that XML cannot hold.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_YES = frozenset({"да", "+", "1", "yes", "true", "истина", "есть", "уложились", "уложился"})
_NO = frozenset({"нет", "-", "0", "no", "false", "ложь", "не уложились", "не уложился"})
_DAY = re.compile(r"(\d{1,2})[./](\d{1,2})[./](\d{4})(?:,?\s+(\d{1,2}):(\d{2})(?::(\d{2}))?)?", re.ASCII)
_CLOCK = re.compile(
    r"(?:(\d{1,4})\s*(?:д|дн|дня|дней|день|сут)\.?,?\s*)?(\d{1,7}):(\d{2})(?::(\d{2}))?", re.ASCII
)
_UNITS = re.compile(
    r"(?:(\d{1,4})\s*(?:дней|дня|день|дн|д|сут)\.?,?\s*)?"
    r"(?:(\d{1,7})\s*(?:часов|часа|час|ч)\.?,?\s*)?"
    r"(?:(\d{1,8})\s*(?:минуты|минута|минут|мин|м)\.?,?\s*)?"
    r"(?:(\d{1,9})\s*(?:секунды|секунда|секунд|сек|с)\.?)?",
    re.ASCII,
)
_NUMBER = re.compile(r"[+-]?\d{1,15}(?:[.,]\d{1,15})?(?:[eE][+-]?\d{1,2})?", re.ASCII)
_SPACES = re.compile(r"\s+")
# Signs that are kept as they are, whatever stands beside them.
_PLAIN = re.compile(r"[\n !-~А-яЁё№«»“”„…–—·×°§]*")
_FIRST_YEAR, _LAST_YEAR = 1950, 2200
_MOST_HOURS = 10_000_000


class BadCell(Exception):
    """В ячейке не то, что ждёт столбец."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def said(kind: Kind, value: Value, zone: ZoneInfo) -> str:
    """A value of ours as exact text; nothing for None. An instant is told by the clocks of the zone, to the second."""
    if value is None or value == "":
        return ""
    if kind == Kind.INSTANT and isinstance(value, datetime):
        return value.astimezone(zone).replace(tzinfo=None, microsecond=0).isoformat(" ")
    if kind == Kind.DURATION and isinstance(value, timedelta):
        return "" if value < timedelta(0) else _clock(int(value.total_seconds()))
    if kind == Kind.YES_NO:
        return "да" if value else "нет"
    if kind == Kind.NUMBER and isinstance(value, int | float):
        return _plain(float(value))
    return _text(str(value))


def read(kind: Kind, cell: str) -> str:
    """What a cell of a file says, as exact text. Raises BadCell with the words of what is wrong."""
    cell = _text(cell)
    return _READERS[kind](cell) if cell else ""


def cell(kind: Kind, text: str) -> Cell:
    """The cell for an exact text: dates and lengths of time as such, so that they can be sorted and summed."""
    if not text:
        return None
    if kind == Kind.INSTANT:
        return datetime.fromisoformat(text)
    if kind == Kind.DURATION:
        hours, minutes, seconds = text.split(":")
        return timedelta(hours=int(hours), minutes=int(minutes), seconds=int(seconds))
    if kind == Kind.NUMBER:
        return float(text) if not text.lstrip("-").isdecimal() else int(text)
    return text


def instant(text: str, zone: ZoneInfo) -> datetime | None:
    """The instant that an exact text tells by the clocks of the zone."""
    return datetime.fromisoformat(text).replace(tzinfo=zone) if text else None


def _text(text: str) -> str:
    # Nine texts of ten are plain Russian: cleaning would give them back as they are, ten times slower.
    if len(text) <= LONGEST_TEXT and _PLAIN.fullmatch(text):
        return text.strip()
    once = _as_kept(text)
    # Composing is done in slices, and what it makes shorter is sliced otherwise the next time.
    while len(once) > 1000 and (again := _as_kept(once)) != once:
        once = again
    return once


def _as_kept(text: str) -> str:
    """Without the signs that XML does not know, and without spaces around, as tables are read."""
    return _cut(clean(_UNPRINTABLE.sub("", text)).strip()).strip()


def _cut(text: str) -> str:
    if len(text) * 2 <= LONGEST_TEXT:
        return text
    # A sign of the upper planes is two of a spreadsheet's.
    return text.encode("utf-16-le")[: LONGEST_TEXT * 2].decode("utf-16-le", "ignore")


def _instant(cell: str) -> str:
    found = _DAY.fullmatch(cell)
    try:
        if found:
            day, month, year, hour, minute, second = (part or "0" for part in found.groups())
            cell = f"{year}-{month:0>2}-{day:0>2} {hour:0>2}:{minute:0>2}:{second:0>2}"
        at = datetime.fromisoformat(cell)
    except ValueError as error:
        raise BadCell(_NOT_INSTANT) from error
    if at.tzinfo is not None or not _FIRST_YEAR <= at.year <= _LAST_YEAR:
        raise BadCell(_NOT_INSTANT)
    return at.replace(microsecond=0).isoformat(" ")


def _duration(cell: str) -> str:
    told = fold(cell)
    found = _CLOCK.fullmatch(told) or _UNITS.fullmatch(told)
    if found is None:
        raise BadCell(_NOT_DURATION)
    days, hours, minutes, seconds = (int(part or 0) for part in found.groups())
    whole = ((days * 24 + hours) * 60 + minutes) * 60 + seconds
    if whole >= _MOST_HOURS * 3600:
        raise BadCell(_NOT_DURATION)
    return _clock(whole)


def _clock(seconds: int) -> str:
    return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def _yes_no(cell: str) -> str:
    told = _SPACES.sub(" ", fold(cell)).rstrip(".")
    if told in _YES:
        return "да"
    if told in _NO:
        return "нет"
    raise BadCell(_NOT_YES_NO)


def _number(cell: str) -> str:
    bare = _SPACES.sub("", cell)
    if not _NUMBER.fullmatch(bare):
        raise BadCell(_NOT_NUMBER)
    return _plain(float(bare.replace(",", ".")))


def _plain(number: float) -> str:
    # Fifteen digits are what a spreadsheet keeps of a number.
    if not abs(number) < 1e15:
        raise BadCell(_NOT_NUMBER)
    number = round(number, 6)
    return str(int(number)) if number.is_integer() else repr(number)


_NOT_INSTANT = gettext_noop("Здесь нужны дата и время: 31.12.2025 14:05 или 2025-12-31 14:05:00.")
_NOT_DURATION = gettext_noop("Здесь нужно, сколько прошло: 53:07:09, «2 дня 5:07» или «5 ч 7 мин».")
_NOT_YES_NO = gettext_noop("Здесь нужно «да» или «нет».")
_NOT_NUMBER = gettext_noop("Здесь нужно число.")
_READERS: Mapping[Kind, Callable[[str], str]] = {
    Kind.TEXT: str,
    Kind.INSTANT: _instant,
    Kind.DURATION: _duration,
    Kind.YES_NO: _yes_no,
    Kind.NUMBER: _number,
}
