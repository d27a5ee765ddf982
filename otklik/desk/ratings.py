"""What authors think of answers, as the desk shows it: on the card, and in a list with figures by body."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from otklik.casework.enums import AnswerKind, AnswerStatus, SatisfactionVerdict
from otklik.casework.models import Answer, Incident, Move, Satisfaction
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


@dataclass(frozen=True, slots=True)
class OfBody:
    """What was said and shown of a body's final answers in the last days."""

    name: str
    content: int
    against: int
    # From anybody, not only from authors, so it is no satisfaction.
    likes: int


def by_body(desk: Desk) -> Sequence[OfBody]:
    """Figures of the last days, whoever was judged most often first, then whose answers are liked most."""
    said, liked = _said_of(desk), _liked_of(desk)
    found = [
        OfBody(name or "—", *said.get(name, (0, 0)), liked.get(name, 0))
        for name in said.keys() | liked.keys()
    ]
    return sorted(found, key=lambda each: (-each.content - each.against, -each.likes, each.name))[
        :MOST_BODIES
    ]


def _said_of(desk: Desk) -> dict[str | None, tuple[int, int]]:
    """(content, not content) by the short name of the body."""
    rows = (
        _within(desk)
        .filter(decided_at__gte=_since(desk))
        .exclude(verdict=SatisfactionVerdict.NEITHER)
        .order_by()
        .values_list("incident__executor__short_name")
        .annotate(
            content=Count("pk", filter=Q(verdict=SatisfactionVerdict.POSITIVE)),
            against=Count("pk", filter=Q(verdict=SatisfactionVerdict.NEGATIVE)),
        )
    )
    return {name: (content, against) for name, content, against in rows}


def _liked_of(desk: Desk) -> dict[str | None, int]:
    """How many people like the final answers that stand, by the short name of the body; none without a like."""
    answers = Answer.objects.filter(
        kind=AnswerKind.FINAL, status=AnswerStatus.PUBLISHED, published_at__gte=_since(desk), likes__gt=0
    )
    if (seen := _seen(desk)) is not None:
        answers = answers.filter(incident__in=seen)
    named = answers.order_by().values_list("incident__executor__short_name")
    return dict(named.annotate(n=Sum("likes")))


def _since(desk: Desk) -> datetime:
    return desk.now - timedelta(days=COUNTED_DAYS)


def _within(desk: Desk) -> QuerySet[Satisfaction]:
    seen = _seen(desk)
    return Satisfaction.objects.all() if seen is None else Satisfaction.objects.filter(incident__in=seen)


def _seen(desk: Desk) -> QuerySet[Incident, Any] | None:
    """The incidents within the person's reach; None when that is all of them."""
    everywhere, _organizations, _pages = desk.reach.where(Right.SEE_INCIDENTS)
    return None if everywhere else Incident.objects.visible_to(desk.reach).values("pk")
