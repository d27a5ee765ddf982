"""What authors think of answers, as the desk shows it: on the card, and in a list with figures by body."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, Q, QuerySet

from otklik.casework.enums import SatisfactionVerdict
from otklik.casework.models import Incident, Move, Satisfaction
from otklik.casework.operations.satisfied import THANKS
from otklik.desk.access import Desk
from otklik.desk.card import Card
from otklik.people.rules import Right

COUNTED_DAYS = 30
MOST_BODIES = 10
_OVER = frozenset({"reopen", "dispute", "return_for_rework"})
_SAID = frozenset({THANKS, "correct_satisfaction"})


@dataclass(frozen=True, slots=True)
class Rated:
    """The words of the author, or how a person has read them; whether this person may correct that."""

    move: Move
    correctable: bool

    @property
    def is_thanks(self) -> bool:
        """Whether only the system has read the words."""
        return self.move.verb == THANKS


def on_card(card: Card, desk: Desk) -> Rated | None:
    """Of the answer that stands now, by the moves that the card shows anyway: no query."""
    found = next((each for each in card.moves if each.verb in _SAID | _OVER), None)
    if found is None or found.verb in _OVER:
        return None
    return Rated(found, Right.CLOSE in desk.rights_over(card.incident))


def listed(desk: Desk) -> QuerySet[Satisfaction]:
    """Whatever authors said within the person's reach, the latest first."""
    found = _within(desk).select_related("incident__executor", "message", "decided_by")
    known = found.only(
        "verdict", "decided_at", "decided_by__full_name", "decided_by__username", "message__text",
        "incident__received_at", "incident__executor__short_name", "incident__executor__name",
    )  # fmt: skip
    return known.order_by("-decided_at", "-pk")


def by_body(desk: Desk) -> Sequence[tuple[str, int, int]]:
    """(body, content, not content) of the last days, whoever was judged most often first."""
    since = desk.now - timedelta(days=COUNTED_DAYS)
    rows = (
        _within(desk)
        .filter(decided_at__gte=since)
        .exclude(verdict=SatisfactionVerdict.NEITHER)
        .order_by()
        .values_list("incident__executor__short_name")
        .annotate(
            content=Count("pk", filter=Q(verdict=SatisfactionVerdict.POSITIVE)),
            against=Count("pk", filter=Q(verdict=SatisfactionVerdict.NEGATIVE)),
            n=Count("pk"),
        )
        .order_by("-n", "incident__executor__short_name")
    )
    return [(name or "—", content, against) for name, content, against, _n in rows[:MOST_BODIES]]


def _within(desk: Desk) -> QuerySet[Satisfaction]:
    everywhere, _organizations, _pages = desk.reach.where(Right.SEE_INCIDENTS)
    if everywhere:
        return Satisfaction.objects.all()
    return Satisfaction.objects.filter(incident__in=Incident.objects.visible_to(desk.reach).values("pk"))
