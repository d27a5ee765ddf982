"""What will be late today, and how long a body needs to clear what it has. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from otklik.casework.rules.clocks import clock_of
from otklik.common.worktime import WorkCalendar

LEAST_ANSWERED, LEAST_WORKED = 5, timedelta(hours=40)
"""A pace is known by five answers, or by a working week in which there were fewer: it is that slow. Less is chance."""


@dataclass(frozen=True, slots=True)
class Load:
    """What a body has before it: all that waits for its first answer, and what is due by the end of the local day.

    `today` holds (due, priority) in order of their deadlines, without the `late` ones. `answered` is how many first
    answers came of `worked`, the working time in which the body had something to answer.
    """

    waiting: int
    late: int
    today: Sequence[tuple[datetime, str]]
    answered: int
    worked: timedelta

    @property
    def each(self) -> timedelta | None:
        """The working time that one answer takes; None where the body has shown no pace yet."""
        shown = self.answered >= LEAST_ANSWERED or self.worked >= LEAST_WORKED
        return self.worked / self.answered if shown and self.answered and self.worked else None


@dataclass(frozen=True, slots=True)
class Forecast:
    """What comes of it if the body goes on at its pace; working hours are None where it has shown no pace yet."""

    waiting: int
    late: int
    due_today: int
    late_today: int
    hours_to_clear: float | None


def forecast_of(load: Load, now: datetime, calendar: WorkCalendar) -> Forecast:
    """Answers are given in the order of their deadlines, each taking the body's usual share of working time.

    Where no pace is known nothing is foretold: what is due today is taken to be answered in time.
    """
    each, late = load.each, 0
    if each is not None:
        late = sum(
            clock_of(priority, calendar).between(now, due) < each * place
            for place, (due, priority) in enumerate(load.today, load.late + 1)
        )
    hours = round(each * load.waiting / timedelta(hours=1), 1) if each is not None else None
    return Forecast(load.waiting, load.late, len(load.today), late, hours)
