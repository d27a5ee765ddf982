"""Repeats as the desk shows them: on the card with what was answered then, and in a list with who is asked again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, Prefetch, QuerySet

from otklik.casework.enums import AnswerKind, AnswerStatus
from otklik.casework.models import Answer, Incident
from otklik.desk.access import Desk
from otklik.people.rules import Right

COUNTED_DAYS = 30
MOST_BODIES = 10


@dataclass(frozen=True, slots=True)
class Again:
    """What the card of a repeat says: the answer of then, if the person may see it, and whether one may deny it."""

    answer: Answer | None
    deniable: bool


def on_card(incident: Incident, desk: Desk) -> Again | None:
    """None, and no query, where the incident repeats nothing; else one query."""
    if incident.repeat_of_id is None:
        return None
    answers = Answer.objects.filter(
        incident_id=incident.repeat_of_id,
        incident__in=Incident.objects.visible_to(desk.reach),
        kind__in=[AnswerKind.FINAL, AnswerKind.PLAN],
        status=AnswerStatus.PUBLISHED,
    )
    answer = answers.select_related("incident").defer("incident__search").order_by("-pk").first()
    return Again(answer, Right.TRIAGE in desk.rights_over(incident))


def listed(desk: Desk) -> QuerySet[Incident]:
    """Every repeat within the person's reach, the latest first, with the incident that it repeats."""
    found = Incident.objects.visible_to(desk.reach).filter(repeat_of__isnull=False)
    earlier = Incident.objects.select_related("executor").only(
        "received_at",
        "closed_at",
        "entered_at",
        "resolution",
        "state",
        "executor__short_name",
        "executor__name",
    )
    listed = found.select_related("topic").only(
        "question", "state", "received_at", "repeat_of", "topic__name"
    )  # fmt: skip
    return listed.prefetch_related(Prefetch("repeat_of", earlier)).order_by("-received_at", "-pk")


def by_body(desk: Desk) -> Sequence[tuple[str, int]]:
    """Whose answers residents asked again about in the last days, most first: (body, repeats)."""
    since = desk.now - timedelta(days=COUNTED_DAYS)
    found = Incident.objects.visible_to(desk.reach).filter(repeat_of__isnull=False, received_at__gte=since)
    rows = found.order_by().values_list("repeat_of__executor__short_name").annotate(n=Count("pk"))
    return [
        (name or "—", n) for name, n in rows.order_by("-n", "repeat_of__executor__short_name")[:MOST_BODIES]
    ]
