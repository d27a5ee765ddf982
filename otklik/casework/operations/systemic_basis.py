"""Which incidents a systemic decision rests on: by number, all of a mass problem, all of a topic, place and time."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from otklik.audit import operations as audit
from otklik.casework.enums import MemberState
from otklik.casework.models import Incident, MassProblem, SystemicBasis, SystemicDecision
from otklik.casework.operations.systemic import locked_decision
from otklik.casework.operations.systemic_effect import of_its_kind
from otklik.casework.rules import systemic as rules
from otklik.people.models import Account
from otklik.registry.operations import working_calendar

MOST_AT_ONCE = 20_000


class NothingToAdd(Exception):
    """Таких инцидентов нет, или все они уже стоят в основании решения."""


class NotInBasis(Exception):
    """Этого инцидента в основании решения уже нет."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A part of what is of the decision's kind: by topic and municipality, from one day to another."""

    since: date | None = None
    until: date | None = None
    topic: int | None = None
    municipality: int | None = None


def matching(decision: SystemicDecision, wanted: Wanted) -> QuerySet[Incident]:
    """The incidents that match and are not in the basis yet, the latest first."""
    found = of_its_kind(decision)
    tz = working_calendar().tz
    if wanted.since:
        found = found.filter(received_at__gte=datetime.combine(wanted.since, time(), tz))
    if wanted.until:
        after = wanted.until + timedelta(days=1)
        found = found.filter(received_at__lt=datetime.combine(after, time(), tz))
    if wanted.topic:
        found = found.filter(topic=wanted.topic)
    if wanted.municipality:
        found = found.filter(municipality=wanted.municipality)
    taken = SystemicBasis.objects.filter(decision=decision).values("incident")
    return found.exclude(pk__in=taken).order_by("-received_at", "-pk")


@transaction.atomic
def add_to_basis(
    *,
    decision: SystemicDecision,
    by: Account,
    now: datetime,
    incidents: Collection[int] = (),
    problems: Collection[MassProblem] = (),
) -> int:
    """Add incidents and the members of mass problems as they are now; a problem says so from then on.

    What stands there already stays as it is. Returns how many came. Raises NothingToAdd, and IllegalStep for a
    decision that is declined or checked.
    """
    kept = _open(decision)
    came, told_of = 0, 0
    for problem in problems:
        members = (
            problem.members.filter(state=MemberState.IN).order_by("pk").values_list("incident", flat=True)
        )
        ids = list(members[:MOST_AT_ONCE])
        told_of += kept.basis.filter(incident__in=ids, problem=None).update(problem=problem)
        came += _added(kept, ids, by, now, problem)
    came += _added(kept, incidents, by, now)
    return _told(kept, came, by, now, told_of=told_of, problems=[each.pk for each in problems])


@transaction.atomic
def add_matching_to_basis(*, decision: SystemicDecision, wanted: Wanted, by: Account, now: datetime) -> int:
    """Add all that match, at most twenty thousand at once. Raises as `add_to_basis`."""
    kept = _open(decision)
    found = list(matching(kept, wanted).values_list("pk", flat=True)[:MOST_AT_ONCE])
    days = {"since": str(wanted.since or ""), "until": str(wanted.until or "")}
    asked = days | {"topic": wanted.topic, "municipality": wanted.municipality}
    return _told(kept, _added(kept, found, by, now), by, now, wanted=asked)


@transaction.atomic
def take_from_basis(*, decision: SystemicDecision, incident: Incident, by: Account, now: datetime) -> None:
    """The incident is about something else. Raises IllegalStep, NotInBasis."""
    kept = _open(decision)
    gone, _rows = SystemicBasis.objects.filter(decision=kept, incident=incident).delete()
    if not gone:
        raise NotInBasis
    audit.record(by=by.actor, verb="take_from_systemic", subject=kept, now=now, incident=incident.pk)


def _open(decision: SystemicDecision) -> SystemicDecision:
    kept = locked_decision(decision)
    if kept.state not in rules.CHANGEABLE:
        raise rules.IllegalStep
    return kept


def _added(
    kept: SystemicDecision,
    incidents: Collection[int],
    by: Account,
    now: datetime,
    problem: MassProblem | None = None,
) -> int:
    here = kept.basis.filter(incident__in=list(incidents)).values("incident")
    fresh = Incident.objects.filter(pk__in=list(incidents)).exclude(pk__in=here).order_by("pk")
    rows = [
        SystemicBasis(
            decision=kept, incident_id=pk, problem=problem, added_at=now, added_by=by.actor.name[:200]
        )
        for pk in fresh.values_list("pk", flat=True)[:MOST_AT_ONCE]
    ]
    return len(SystemicBasis.objects.bulk_create(rows, batch_size=1000))


def _told(
    kept: SystemicDecision, came: int, by: Account, now: datetime, *, told_of: int = 0, **told: Any
) -> int:
    if not came and not told_of:
        raise NothingToAdd
    audit.record(by=by.actor, verb="add_to_systemic", subject=kept, now=now, added=came, **told)
    return came
