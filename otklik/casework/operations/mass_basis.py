"""What the verbs of mass problems share: the lock, the trace of a step, which incidents a problem is about."""

from datetime import datetime
from typing import Any

from django.db.models import Q

from otklik.audit import operations as audit
from otklik.casework import rules
from otklik.casework.models import Incident, MassProblem, MassStep
from otklik.casework.operations.basis import StaleCard
from otklik.common.actor import Actor
from otklik.common.desks import tell_desks
from otklik.registry.models import Settlement
from otklik.triage.enums import PlaceStatus


def locked_problem(problem: MassProblem, *, version: int | None = None) -> MassProblem:
    """The problem as it is now, locked to the end of the transaction; always before its incidents.

    `version` is the one the person saw; raises StaleCard when somebody changed it since.
    """
    fresh = (
        MassProblem.objects.select_for_update(of=("self",))
        .prefetch_related("topic", "municipality", "settlement", "street", "executor")
        .get(pk=problem.pk)
    )
    if version is not None and fresh.version != version:
        raise StaleCard
    return fresh


def step(
    problem: MassProblem,
    *,
    verb: str,
    by: Actor,
    now: datetime,
    before: str = "",
    reason: str = "",
    **details: Any,
) -> MassProblem:
    """Save a locked problem under its next version with the trace: a step, an audit line, a word to the desks."""
    problem.version += 1
    problem.save()
    MassStep.objects.create(
        problem=problem,
        verb=verb,
        before=before or problem.state,
        after=problem.state,
        at=now,
        actor_id=by.id,
        actor_name=by.name,
        reason=reason,
    )
    audit.record(by=by, verb=f"mass_{verb}", subject=problem, now=now, reason=reason, **details)
    tell_desks({"mass": True})
    return problem


def about(problem: MassProblem) -> Q:
    """The incidents that a problem is about by topic, place and time, whoever works on them."""
    found = Q(topic_id=problem.topic_id, received_at__gte=problem.since)
    if problem.radius_m is not None:
        return found & Q(settlement_id__in=settlements_near(problem))
    if problem.street_id is not None:
        return found & Q(street_id=problem.street_id)
    if problem.settlement_id is not None:
        return found & Q(settlement_id=problem.settlement_id)
    return found & Q(municipality_id=problem.municipality_id)


def is_about(problem: MassProblem, incident: Incident, near: frozenset[int]) -> bool:
    """The same of one incident in hand; `near` are the settlements of the circle."""
    if incident.topic_id != problem.topic_id or incident.received_at < problem.since:
        return False
    if problem.radius_m is not None:
        return incident.settlement_id in near
    if problem.street_id is not None:
        return incident.street_id == problem.street_id
    if problem.settlement_id is not None:
        return incident.settlement_id == problem.settlement_id
    return incident.municipality_id == problem.municipality_id


def is_sure_of_place(problem: MassProblem, incident: Incident) -> bool:
    """Whether the place of an incident is known well enough: a page speaks for a whole municipality only."""
    narrow = problem.radius_m or problem.street_id or problem.settlement_id
    enough = {PlaceStatus.FOUND.value} if narrow else {PlaceStatus.FOUND.value, PlaceStatus.FROM_PAGE.value}
    return incident.place_status in enough


def settlements_near(problem: MassProblem) -> frozenset[int]:
    """The settlements within the circle of a problem; none without a circle."""
    if problem.latitude is None or problem.longitude is None or problem.radius_m is None:
        return frozenset()
    centre = (problem.latitude, problem.longitude)
    # A hundred kilometres of latitude are one degree or less: the box is wide enough for any radius of a problem.
    margin = problem.radius_m / 100_000
    box = Settlement.objects.filter(
        latitude__range=(centre[0] - margin, centre[0] + margin), longitude__isnull=False
    ).values_list("pk", "latitude", "longitude")
    return frozenset(
        pk
        for pk, latitude, longitude in box
        if latitude is not None
        and longitude is not None
        and rules.metres(centre, (latitude, longitude)) <= problem.radius_m
    )
