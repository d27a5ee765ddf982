"""Where incidents really went, carried from casework to the rules of routing, which may propose another."""

from datetime import datetime, timedelta

from django.db.models import Count

from otklik.casework.enums import State
from otklik.casework.models import Incident
from otklik.triage.models import RoutingProposal
from otklik.triage.operations.routing_learning import Fact, learn_routes, routing_norm

# Nobody has taken these into work (yet): where they stand is what the rules said, not what people did.
_NOT_TAKEN = (State.NEW, State.TRIAGE, State.ROUTED, State.REJECTED, State.ATTACHED)


def facts(*, now: datetime) -> list[Fact]:
    """Incidents of the last days that a body took into work, counted by topic, municipality, page and body."""
    since = now - timedelta(days=routing_norm().days)
    taken = Incident.objects.filter(
        received_at__gte=since, executor__isnull=False, municipality__isnull=False
    ).exclude(state__in=_NOT_TAKEN)
    rows = taken.values_list("topic_id", "municipality_id", "page_id", "executor_id").annotate(n=Count("pk"))
    return [Fact(topic, place or 0, page, body or 0, n) for topic, place, page, body, n in rows.order_by()]


def learn(*, now: datetime) -> list[RoutingProposal]:
    """The proposals as the incidents are now."""
    return learn_routes(facts=facts(now=now), now=now)
