"""The road of a systemic decision, and the days before and after it that are compared. Pure; steps are data."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

PROPOSED, AGREED, IN_WORK, DONE, CHECKED, DECLINED = (
    "proposed", "agreed", "in_work", "done", "checked", "declined",
)  # fmt: skip
# Each verb: the states it starts from, and the one it leads to.
VERBS: Mapping[str, tuple[frozenset[str], str]] = {
    "agree": (frozenset({PROPOSED}), AGREED),
    "begin": (frozenset({AGREED}), IN_WORK),
    "finish": (frozenset({AGREED, IN_WORK}), DONE),
    "check": (frozenset({DONE}), CHECKED),
    # It was not done after all, or it did not help: somebody works on it again.
    "resume": (frozenset({DONE, CHECKED}), IN_WORK),
    "decline": (frozenset({PROPOSED, AGREED, IN_WORK}), DECLINED),
    "restore": (frozenset({DECLINED}), PROPOSED),
}
# What was measured or declined is a fact: to change it, it is taken up again.
CHANGEABLE = frozenset({PROPOSED, AGREED, IN_WORK, DONE})
LEAST_WINDOW, USUAL_WINDOW, LONGEST_WINDOW = 7, 30, 365


class IllegalStep(Exception):
    """С этим решением сейчас так поступить нельзя: его уже изменил другой человек. Откройте его заново."""


class NeedsAct(Exception):
    """Решение исполнено, когда есть чем это подтвердить: укажите вид акта, его дату и номер или ссылку."""


class NeedsDoneDay(Exception):
    """Укажите день, когда исполнено: не позже сегодняшнего. От него считают, помогло ли."""


class TooEarly(Exception):
    """Проверять рано: дни после исполнения, которые сравнивают, ещё не прошли."""


class WrongWindow(Exception):
    """Сравнивают от 7 до 365 дней до и после исполнения: укажите число в этих пределах."""


@dataclass(frozen=True, slots=True)
class Act:
    """The managerial act by which it was decided."""

    kind: str
    number: str
    day: date | None
    link: str

    @property
    def proves(self) -> bool:
        """Whether somebody else could find it: its kind, its date, and a number or a link."""
        return bool(self.kind and self.day and (self.number or self.link))


def step_of(verb: str, state: str) -> str:
    """Where the verb leads from this state. Raises IllegalStep."""
    starts, to = VERBS[verb]
    if state not in starts:
        raise IllegalStep
    return to


def steps_from(state: str) -> frozenset[str]:
    """The verbs that this state allows."""
    return frozenset(verb for verb, (starts, _to) in VERBS.items() if state in starts)


def check_done(act: Act, done_on: date | None, today: date) -> None:
    """Whether it may be called done. Raises NeedsAct, NeedsDoneDay."""
    if not act.proves:
        raise NeedsAct
    if done_on is None or done_on > today:
        raise NeedsDoneDay


def check_window(days: int) -> None:
    """Raises WrongWindow."""
    if not LEAST_WINDOW <= days <= LONGEST_WINDOW:
        raise WrongWindow


@dataclass(frozen=True, slots=True)
class Window:
    """Whole days, the first and the last of them included."""

    first: date
    last: date

    def year_before(self) -> "Window":
        """The same days of the year before; fifty-two weeks, so that weekends meet weekends."""
        year = timedelta(weeks=52)
        return Window(self.first - year, self.last - year)


@dataclass(frozen=True, slots=True)
class Compared:
    """What is compared: so many days before the day it was done, and as many after; the day itself is neither."""

    before: Window
    after: Window
    # How many days of `after` are over; a figure of fewer is not the figure.
    passed: int

    @property
    def is_over(self) -> bool:
        """Whether all days after are over."""
        return self.passed == (self.after.last - self.after.first).days + 1


def compared(done_on: date, days: int, today: date) -> Compared:
    """The days to compare, as seen today."""
    one = timedelta(days=1)
    before = Window(done_on - days * one, done_on - one)
    after = Window(done_on + one, done_on + days * one)
    passed = min(max((today - done_on).days - 1, 0), days)
    return Compared(before, after, passed)


def change(before: int, after: int) -> int | None:
    """By how many hundredths it changed, rounded; None where there was nothing to compare with."""
    return round(100 * (after - before) / before) if before else None
