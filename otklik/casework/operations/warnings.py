"""Warnings of answers that run late: written when their moment has come, once, whoever looks and how many at once."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple, Self

from django.db import transaction
from django.db.models import Count, DateTimeField, Exists, IntegerField, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from otklik.casework import rules
from otklik.casework.announce import announce
from otklik.casework.enums import Addressee
from otklik.casework.models import TICKING_STATES, Incident, LateWarning, Move
from otklik.casework.operations.basis import sla_limits
from otklik.casework.rules.warnings import PERCENTS, Warned, warnings_of
from otklik.common.worktime import WorkCalendar
from otklik.people.enums import Role
from otklik.people.models import Account
from otklik.registry import operations as registry
from otklik.registry.models import Membership, Organization

BATCH = 500


class Mark(NamedTuple):
    """How far a look has come: the next batch begins behind this incident."""

    due_at: datetime
    id: int


_OF_BODY = {Role.CURATOR: Addressee.CURATOR, Role.BODY_HEAD: Addressee.BODY_HEAD}
# The report of the vice-governor is made by the head of the centre.
_OF_CENTER = {
    Role.DISPATCHER: (Addressee.DISPATCHER,),
    Role.CENTER_HEAD: (Addressee.CENTER_HEAD, Addressee.VICE_GOVERNOR),
}


def addressed_to(account: Account) -> Q:
    """The warnings that are said to this person: by name, or by the role that the person holds at that body now."""
    said = Q(addressee=Addressee.ASSIGNEE, account=account)
    for held in Membership.objects.filter(account=account, page=None):
        if held.organization_id is None:
            said |= Q(addressee__in=_OF_CENTER.get(Role(held.role), ()))
            continue
        below = Q(organization__in=Organization.objects.subtree_of([held.organization_id]).values("pk"))
        if held.role == Role.EXECUTOR:
            # Nobody has taken it on by name: it is said to whoever works at the body.
            said |= Q(addressee=Addressee.ASSIGNEE, account=None) & below
        elif addressee := _OF_BODY.get(Role(held.role)):
            said |= Q(addressee=addressee) & below
    return said


def write_warnings(*, now: datetime, after: Mark | None = None) -> Mark | None:
    """Write what has come due in one batch and tell the desks; returns where the next batch begins, None at the end.

    Deadlines may have moved since the last look, so the shares are counted anew each time, by the region's hours;
    what was said is not said again in that cycle. Only incidents that something is written for are locked.
    """
    look = _Look.at(now)
    batch = list(look.running(after)[:BATCH])
    late = [row.incident_id for row in look.missing(batch)]
    if late:
        _write(look, late)
    return Mark(batch[-1].due_at, batch[-1].pk) if len(batch) == BATCH else None


@transaction.atomic
def _write(look: "_Look", ids: Sequence[int]) -> None:
    # Read anew under the lock: an answer, a pause or another worker may have come first. Who is held by somebody
    # else is looked at again in a minute.
    held = look.running(None).filter(pk__in=ids).select_for_update(skip_locked=True, of=("self",))
    incidents = {each.pk: each for each in held}
    rows = LateWarning.objects.bulk_create(look.missing(list(incidents.values())))
    announce(incidents[pk] for pk in sorted({row.incident_id for row in rows}))


@dataclass(frozen=True, slots=True)
class _Look:
    """One look at the clocks: the moment, and what they run by."""

    now: datetime
    calendar: WorkCalendar
    limits: rules.Limits

    @classmethod
    def at(cls, now: datetime) -> Self:
        return cls(now, registry.working_calendar(), sla_limits())

    def running(self, after: Mark | None) -> "QuerySet[Incident, Any]":
        """Incidents on the way to a primary answer that may have a share behind them, the most urgent first."""
        half = max(term.length for term in self.limits.primary.values()) / 2
        horizon = max(self.calendar.add(self.now, half), self.now + half)
        said_all = LateWarning.objects.filter(
            incident=OuterRef("pk"), percent=PERCENTS[-1], at__gt=OuterRef("due_at")
        )
        reopened = Move.objects.filter(incident=OuterRef("pk"), verb="reopen").order_by().values("incident")
        times = Subquery(reopened.annotate(n=Count("pk")).values("n"), output_field=IntegerField())
        last = Subquery(reopened.annotate(last=Max("at")).values("last"), output_field=DateTimeField())
        found = Incident.objects.filter(
            ~Exists(said_all),
            state__in=TICKING_STATES,
            first_answer_at=None,
            paused_at=None,
            due_at__lte=horizon,
        )
        if after:
            found = found.filter(Q(due_at__gt=after.due_at) | Q(due_at=after.due_at, pk__gt=after.id))
        return found.annotate(cycle_number=Coalesce(times, 0) + 1, began_at=last).order_by("due_at", "pk")

    def missing(self, incidents: Sequence[Any]) -> list[LateWarning]:
        """The rows that should be there by now and are not."""
        said = defaultdict(set)
        for pk, cycle, percent in LateWarning.objects.filter(
            incident__in=[each.pk for each in incidents]
        ).values_list("incident_id", "cycle", "percent"):
            said[pk].add((cycle, percent))
        return [
            self._row(each, warned)
            for each in incidents
            for warned in self._come(each)
            if (each.cycle_number, warned.percent) not in said[each.pk]
        ]

    def _come(self, incident: Any) -> list[Warned]:
        warned = warnings_of(
            incident.began_at or incident.received_at,
            incident.due_at,
            self.calendar,
            incident.priority,
            length=self.limits.primary[incident.priority].length,
            has_body=incident.executor_id is not None and incident.state not in rules.CENTER_STATES,
        )
        return [each for each in warned if each.at <= self.now]

    def _row(self, incident: Any, warned: Warned) -> LateWarning:
        return LateWarning(
            incident_id=incident.pk,
            cycle=incident.cycle_number,
            percent=warned.percent,
            at=warned.at,
            written_at=self.now,
            addressee=warned.addressee,
            account_id=incident.assignee_id if warned.addressee == Addressee.ASSIGNEE else None,
            organization_id=incident.executor_id,
        )
