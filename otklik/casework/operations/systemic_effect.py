"""Whether fewer people complain after a systemic decision: counted by the system, beside the figures of a year ago."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Count, Q, QuerySet

from otklik.casework.enums import State
from otklik.casework.models import Incident, SystemicDecision
from otklik.casework.rules import systemic as rules
from otklik.registry.operations import local_date, working_calendar


@dataclass(frozen=True, slots=True)
class Measured:
    """Incidents of the decision's topics and places; a year ago only where messages were gathered by then."""

    days: rules.Compared
    before: int
    after: int
    year_before: int | None = None
    year_after: int | None = None

    @property
    def change(self) -> int | None:
        """By how many hundredths there are fewer or more; nothing before all days are over."""
        return rules.change(self.before, self.after) if self.days.is_over else None

    @property
    def year_change(self) -> int | None:
        """The same of a year ago: what happens without any decision."""
        if self.year_before is None or self.year_after is None:
            return None
        return rules.change(self.year_before, self.year_after)


def of_its_kind(decision: SystemicDecision) -> QuerySet[Incident]:
    """The incidents of the decision's topics and places, without spam and what else was rejected."""
    found = Incident.objects.filter(topic__in=decision.topics.values("pk")).exclude(state=State.REJECTED)
    places = [each.pk for each in decision.municipalities.all()]
    return found.filter(municipality__in=places) if places else found


def kept_figures(decision: SystemicDecision, *, now: datetime) -> Measured | None:
    """The figures of the check when there was one, else as they are counted now; None until it is done."""
    if decision.before is None or decision.after is None or decision.done_on is None:
        return measured(decision=decision, now=now)
    days = rules.compared(decision.done_on, decision.window_days, date.max)
    return Measured(days, decision.before, decision.after, decision.year_before, decision.year_after)


def measured(*, decision: SystemicDecision, now: datetime) -> Measured | None:
    """Count the days before and after the day it was done; None until it is done. Of the days after, those over."""
    if decision.done_on is None:
        return None
    days = rules.compared(decision.done_on, decision.window_days, local_date(now))
    over = rules.Window(days.after.first, days.after.first + timedelta(days=days.passed - 1))
    ago = {"year_before": days.before.year_before(), "year_after": days.after.year_before()}
    windows = {"before": days.before, "after": over} | (ago if _knows(ago["year_before"].first) else {})
    within = {name: _within(window) for name, window in windows.items()}
    either = Q(pk=None)
    for each in within.values():
        either |= each
    counts = {name: Count("pk", filter=each) for name, each in within.items()}
    return Measured(days, **of_its_kind(decision).filter(either).aggregate(**counts))


def _knows(day: date) -> bool:
    """Whether messages were gathered before this day: without them nought would be no figure."""
    return Incident.objects.filter(received_at__lt=_begins(day)).exists()


def _within(window: rules.Window) -> Q:
    after = _begins(window.last + timedelta(days=1))
    return Q(received_at__gte=_begins(window.first), received_at__lt=after)


def _begins(day: date) -> datetime:
    return datetime.combine(day, time(), working_calendar().tz)
