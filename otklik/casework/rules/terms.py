"""A term with its unit: working minutes, working days or calendar days. Pure."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from otklik.common.text import gettext_noop
from otklik.common.worktime import WorkCalendar

WORKING_MINUTES, WORKING_DAYS, CALENDAR_DAYS = "wm", "wd", "cd"
# A working hour is only written so; it is kept as minutes.
_HOURS = "wh"
_TEXT = re.compile(r"([0-9]{1,6}) (wm|wh|wd|cd)")
LONGEST = timedelta(days=3660)
_USUAL_DAY = timedelta(hours=8)


class BadLimits(ValueError):
    """Сроки записаны неверно."""

    def __init__(self, field: str, message: str, **params: Any) -> None:
        """`field` is the path in the profile, stages.triage.high; `message` is Russian, marked for the catalogue."""
        super().__init__(f"{field}: {message % params if params else message}")
        self.field, self.message, self.params = field, message, params


@dataclass(frozen=True, slots=True)
class Term:
    """So many working minutes (`wm`), working days (`wd`) or calendar days (`cd`)."""

    amount: int
    unit: str

    def after(self, start: datetime, *, hours: WorkCalendar, days: WorkCalendar) -> datetime:
        """When the term is over, in UTC for working time.

        Minutes run by `hours`. Working days end with the work of the last one by `days`, the day of `start` not
        counted (Civil Code, art. 191). Calendar days are whole days from the moment itself.
        """
        if self.unit == WORKING_MINUTES:
            return hours.add(start, timedelta(minutes=self.amount))
        if self.unit == WORKING_DAYS:
            return days.working_days_after(start, self.amount)
        return start + timedelta(days=self.amount)

    @property
    def length(self) -> timedelta:
        """About how much it is, to compare and to show a share of: a working day counts as eight hours."""
        if self.unit == WORKING_MINUTES:
            return timedelta(minutes=self.amount)
        return self.amount * (_USUAL_DAY if self.unit == WORKING_DAYS else timedelta(days=1))

    def __str__(self) -> str:
        return f"{self.amount} {self.unit}"


def working(*, hours: int = 0, minutes: int = 0) -> Term:
    """Working time."""
    return Term(hours * 60 + minutes, WORKING_MINUTES)


def term_of(raw: Any, field: str, units: frozenset[str]) -> Term:
    """The term that a profile writes: «8 wh», «30 wm», «7 wd», «3 cd»; a bare number is working minutes.

    Raises BadLimits, which names the field.
    """
    if isinstance(raw, int) and not isinstance(raw, bool):
        raw = f"{raw} {WORKING_MINUTES}"
    found = _TEXT.fullmatch(raw) if isinstance(raw, str) else None
    if not found:
        raise BadLimits(
            field,
            gettext_noop("непонятный срок «%(raw)s», пишите число и единицу: 8 wh, 30 wm, 7 wd, 3 cd."),
            raw=str(raw)[:40],
        )
    amount, unit = int(found[1]), found[2]
    term = Term(amount * 60, WORKING_MINUTES) if unit == _HOURS else Term(amount, unit)
    if term.unit not in units:
        allowed = ", ".join(sorted(units))
        raise BadLimits(field, gettext_noop("здесь срок измеряют в %(units)s."), units=allowed)
    if not timedelta(0) < term.length <= LONGEST:
        raise BadLimits(field, gettext_noop("срок должен быть больше нуля и не длиннее десяти лет."))
    return term
