"""What may be said to the resident and promised, and how an incident may end. Pure.

Source: the invariants of the incident's machine in the domain's specification; its figures are norms, not law.
"""

from dataclasses import dataclass
from datetime import datetime

from otklik.casework.rules.clocks import due_of
from otklik.casework.rules.limits import Limits
from otklik.common.worktime import WorkCalendar

# Kinds of answers that promise a date.
DATED = frozenset({"interim", "plan"})
# Invariants, which the database holds too: a profile may ask for less, not for more.
MAX_EXTENSIONS = 1
MAX_PLAN_MOVES = 2
# From this rework on those above the body are told.
ESCALATING_RETURN = 2
_ALWAYS = ("solved", "explained", "refused_with_reason")
_OF_PROPOSALS = ("accepted_to_plan", "poll_created")


class NeedsDate(Exception):
    """Назовите будущий день, к которому ответите по существу: без даты такой ответ не публикуется."""


class NeedsCoordinator(Exception):
    """Второй промежуточный ответ подряд выходит только с согласия координатора центра."""


class NeedsApproval(Exception):
    """Этот ответ должен согласовать второй человек: отправьте его на согласование."""


class FourEyes(Exception):
    """Ответ согласует не тот, кто его написал: попросите другого согласующего."""


class CannotPostpone(Exception):
    """Срок переносили дважды: теперь нужен ответ о сделанном или решение центра."""


class CannotExtend(Exception):
    """Срок окончательного ответа продлевают один раз, вперёд и не дальше 30 дней от промежуточного."""


class WrongOutcome(Exception):
    """Так этот вопрос закрыть нельзя: выберите итог из списка, для голосования добавьте ссылку."""


@dataclass(frozen=True, slots=True)
class ApprovalPolicy:
    """Which kinds of answers a second person must agree to. A plan that is moved always needs one."""

    kinds: frozenset[str] = frozenset()

    def needed(self, kind: str, plans: int) -> bool:
        """Whether an answer of the kind may not go out by one person's word; `plans` already stand in the network."""
        return kind in self.kinds or (kind == "plan" and plans > 0)


NO_APPROVAL = ApprovalPolicy()


def check_promise(kind: str, promised_for: datetime | None, now: datetime) -> None:
    """Raise NeedsDate when an answer that must promise a day names none, or one that has passed."""
    if kind in DATED and (promised_for is None or promised_for <= now):
        raise NeedsDate


def check_interim(kind: str, interims: int, permits: int) -> None:
    """Raise NeedsCoordinator for a further interim answer in a row without the coordinator's permit."""
    if kind == "interim" and interims > permits:
        raise NeedsCoordinator


def check_plan(kind: str, plans: int) -> None:
    """Raise CannotPostpone when the plan was moved as often as a plan can be."""
    if kind == "plan" and plans > MAX_PLAN_MOVES:
        raise CannotPostpone


def final_due(
    answered_at: datetime, promised_for: datetime, priority: str, calendar: WorkCalendar, limits: Limits
) -> datetime:
    """By when the final answer must stand after an interim one: the norm, or the promised date if earlier."""
    return min(due_of(limits.interim, answered_at, priority, calendar), promised_for)


def longest_extension(
    interim_at: datetime, priority: str, calendar: WorkCalendar, limits: Limits
) -> datetime:
    """How far the coordinator may move the final deadline, counted from the interim answer."""
    return due_of(limits.extension, interim_at, priority, calendar)


def check_extension(until: datetime, due: datetime, longest: datetime, extensions: int) -> None:
    """Raise CannotExtend unless the final deadline is moved forward, once, and not beyond the longest extension."""
    if extensions >= MAX_EXTENSIONS or not due < until <= longest:
        raise CannotExtend


def settled_at(answered_at: datetime, priority: str, calendar: WorkCalendar, limits: Limits) -> datetime:
    """When an answer that nobody objected to ends its incident: post-control, then the author's days."""
    seen = due_of(limits.control, answered_at, priority, calendar)
    return due_of(limits.objection, seen, priority, calendar)


def note_due(now: datetime, priority: str, calendar: WorkCalendar, limits: Limits) -> datetime:
    """By when the author must know where the matter was handed to: time to mend a note that did not arrive."""
    return due_of(limits.transfer, now, priority, calendar)


def at_least_high(priority: str) -> str:
    """The priority of what came back: never below `high`."""
    return "high" if priority == "normal" else priority


def outcomes(kind: str, plans: int) -> tuple[str, ...]:
    """What an incident of this kind may be closed with by a person; `plans` of it stand in the network."""
    planned = ("planned",) if plans else ()
    return (*_ALWAYS, *planned, *(_OF_PROPOSALS if kind == "proposal" else ()))


def check_outcome(outcome: str, kind: str, plans: int, link: str) -> None:
    """Raise WrongOutcome when the incident cannot end like this; a poll is named by its link."""
    if outcome not in outcomes(kind, plans) or (outcome == "poll_created" and not link):
        raise WrongOutcome
