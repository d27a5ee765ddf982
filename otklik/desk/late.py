"""The terms of the day: what each body has before it, and which warnings of lateness a person has to read."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.core.cache import cache
from django.db.models import Exists, OuterRef, Q, QuerySet

from otklik.casework.models import TICKING_STATES, Incident, LateWarning
from otklik.casework.operations.forecast import BodyForecast, forecast
from otklik.casework.operations.warnings import addressed_to
from otklik.desk.access import Desk
from otklik.people.rules import Right

# One look at everything that waits, for whoever asks in that time.
CACHE_SECONDS = 30.0
_NAMES = ("short_name", "name")


@dataclass(frozen=True, slots=True)
class Total:
    """The lines of the forecast that the person sees, added up."""

    waiting: int
    late: int
    due_today: int
    late_today: int


def lines(desk: Desk) -> Sequence[BodyForecast]:
    """The forecast of every body within the person's reach, the worst first; the centre's own work only for itself."""
    found: list[BodyForecast] | None = cache.get("desk:forecast")
    if found is None:
        found = forecast(now=desk.now)
        cache.set("desk:forecast", found, CACHE_SECONDS)
    everywhere, organizations, _pages = desk.reach.where(Right.SEE_INCIDENTS)
    return found if everywhere else [each for each in found if each.organization_id in organizations]


def total(found: Sequence[BodyForecast]) -> Total:
    """What it comes to."""
    each = [line.forecast for line in found]
    return Total(
        sum(one.waiting for one in each),
        sum(one.late for one in each),
        sum(one.due_today for one in each),
        sum(one.late_today for one in each),
    )


def warned(desk: Desk, *, own: bool) -> QuerySet[LateWarning]:
    """The highest warning of every incident that still waits for its first answer, the worst first.

    `own`: only what is said to this person; else whatever was said to anybody within reach.
    """
    said = addressed_to(desk.account) if own else Q()
    waiting = Incident.objects.visible_to(desk.reach).filter(
        state__in=TICKING_STATES, first_answer_at=None, paused_at=None
    )
    higher = LateWarning.objects.filter(
        said, incident=OuterRef("incident"), cycle__gte=OuterRef("cycle"), pk__gt=OuterRef("pk")
    )
    found = LateWarning.objects.filter(said, ~Exists(higher), incident__in=waiting.values("pk"))
    shown = found.select_related("incident__message", "incident__executor").only(
        "percent", "at", "addressee", "incident__question", "incident__due_at", "incident__received_at",
        "incident__message__text", *(f"incident__executor__{name}" for name in _NAMES),
    )  # fmt: skip
    return shown.order_by("-percent", "incident__due_at", "pk")
