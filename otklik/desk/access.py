"""Who may do what at the desk: one place that every view of it asks."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any, cast

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase
from django.utils import timezone

from otklik.casework import operations as casework
from otklik.casework.enums import State
from otklik.casework.models import Incident
from otklik.casework.rules import MAX_EXTENSIONS
from otklik.common.worktime import WorkCalendar
from otklik.desk.rules import may_ever, powers_in
from otklik.people.models import Account
from otklik.people.rules import Right
from otklik.registry import operations as registry
from otklik.registry.rules import Reach


@dataclass(frozen=True, slots=True)
class Desk:
    """Who sits at the desk, how far the person reaches, and when it is."""

    account: Account
    reach: Reach
    now: datetime
    calendar: WorkCalendar

    def incident(self, pk: int) -> Incident:
        """The incident, or 404 when there is none within reach: what one may not see does not exist."""
        found = Incident.objects.visible_to(self.reach).defer("search").filter(pk=pk).first()
        if found is None:
            raise Http404
        return found

    def place(self, pk: int) -> Incident:
        """The incident as far as one asks only whether it is within reach, and whom it concerns; else 404."""
        found = Incident.objects.visible_to(self.reach).only("executor", "page").filter(pk=pk).first()
        if found is None:
            raise Http404
        return found

    def rights_over(self, incident: Incident) -> frozenset[Right]:
        """The rights the person has over this incident, by the centre, its body or its page."""
        return frozenset(
            right
            for right in Right
            if self.reach.may(right, organization=incident.executor_id, page=incident.page_id)
        )

    def powers(self, incident: Incident) -> frozenset[str]:
        """What the person may do with the card as it stands."""
        found = powers_in(incident.state, self.rights_over(incident)) - _idle(incident)
        if incident.state != State.APPROVAL:
            return found
        # By the rules it may be a certain person's word, and a substitute has the word of another.
        agrees = casework.approves(incident, self.account, self.now)
        return found | {"approve", "send_back"} if agrees else found - {"approve"}

    def require(self, incident: Incident, power: str) -> None:
        """Refuse (403) a person who may never do this with the incident, whatever state it is in.

        The state is left to the verb: a card that somebody has moved on is a fact to read, not a lack of rights.
        """
        if may_ever(power, self.rights_over(incident)):
            return
        if power not in {"approve", "send_back"} or not casework.approves(incident, self.account, self.now):
            raise PermissionDenied


def _idle(incident: Incident) -> frozenset[str]:
    """What would change nothing now: clocks that run already, a deadline that nobody promised."""
    idle = {"review"} if incident.checked_at else set()
    idle |= {"resume"} if incident.paused_at is None else {"pause"}
    if incident.final_due_at is None or not incident.interims or incident.extensions >= MAX_EXTENSIONS:
        idle.add("extend")
    if incident.interims <= incident.interim_permits:
        idle.add("allow_interim")
    return frozenset(idle)


def desk_of(request: HttpRequest) -> Desk:
    """The desk of the person who asks."""
    account = cast("Account", request.user)
    return Desk(account, registry.reach_of(account), timezone.now(), registry.working_calendar())


def at_desk(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Give a view the desk of the person as its second argument, and the time zone of the region."""

    @wraps(view)
    def wrapped(request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        desk = desk_of(request)
        with timezone.override(desk.calendar.tz):
            return view(request, desk, **kwargs)

    return wrapped
