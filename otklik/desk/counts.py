"""How many incidents wait in each place of the queue: one grouped query over the open ones, kept for seconds."""

import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256

from django.core.cache import cache
from django.db.models import Count, Q

from otklik.casework.enums import State
from otklik.casework.models import OPEN_STATES, TICKING_STATES, Incident
from otklik.desk.access import Desk
from otklik.desk.enums import View
from otklik.desk.queue import DONE_BUT_TROUBLED, STATES_OF, TROUBLES
from otklik.people.rules import Right
from otklik.triage.rules import THRESHOLD

LEAST_CACHE_SECONDS = 3.0
# A count that took long is kept longer, so counting never takes more than a fortieth of one core.
CACHE_TIMES = 40
MOST_COUNTED = 1000


@dataclass(frozen=True, slots=True)
class Counts:
    """Open incidents by view, and by view and topic; what is finished is not counted, there is no end of it."""

    views: Mapping[str, int] = field(default_factory=dict)
    groups: Mapping[str, Mapping[int, int]] = field(default_factory=dict)
    unsure: Mapping[str, int] = field(default_factory=dict)
    mine: Mapping[int, int] = field(default_factory=dict)
    due_today: int = 0


def counts(desk: Desk) -> Counts:
    """The counts within the person's reach, at most a few seconds old."""
    key = f"desk:counts:{_key(desk)}"
    kept: Counts | None = cache.get(key)
    if kept is None:
        started = time.monotonic()
        kept = _count(desk)
        spent = time.monotonic() - started
        cache.set(key, kept, max(LEAST_CACHE_SECONDS, CACHE_TIMES * spent))
    return kept


def forget(desk: Desk) -> None:
    """Count again at the next look: the person has just moved something and must see it."""
    cache.delete(f"desk:counts:{_key(desk)}")


def _key(desk: Desk) -> str:
    everywhere, organizations, pages = desk.reach.where(Right.SEE_INCIDENTS)
    if everywhere:
        return "everywhere"
    return sha256(repr((sorted(organizations), sorted(pages))).encode()).hexdigest()[:32]


def _count(desk: Desk) -> Counts:
    rows = (
        Incident.objects.visible_to(desk.reach)
        .filter(state__in=OPEN_STATES)
        .values_list("state", "topic_id")
        .annotate(
            amount=Count("pk"),
            overdue=Count("pk", filter=_TICKS & Q(due_at__lt=desk.now)),
            trouble=Count("pk", filter=Q(delivery_note__in=TROUBLES)),
            doubtful=Count("pk", filter=Q(confidence__lt=THRESHOLD)),
            today=Count("pk", filter=_TICKS & Q(due_at__gte=desk.now, due_at__lt=_evening(desk))),
        )
        .order_by()
    )
    views: Counter[str] = Counter()
    groups: dict[str, Counter[int]] = {}
    unsure: Counter[str] = Counter()
    due_today = 0
    for state, topic, number, overdue, trouble, doubtful, today in rows:
        for view, amount in ((_VIEW_OF.get(state), number), (View.OVERDUE, overdue), (View.TROUBLE, trouble)):
            if view and amount:
                views[view] += amount
                groups.setdefault(view, Counter())[topic] += amount
        unsure[_VIEW_OF.get(state, "")] += doubtful
        due_today += today
    views[View.ANSWERED] = views[View.CHECK] = _answered(desk)
    views[View.TROUBLE] += _untold(desk)
    return Counts(views, groups, unsure, _by_person(desk), due_today)


_TICKS = Q(state__in=TICKING_STATES, first_answer_at=None, paused_at=None)
_VIEW_OF = {state: view for view, states in STATES_OF.items() for state in states if state in OPEN_STATES}


def _evening(desk: Desk) -> datetime:
    return desk.now.astimezone(desk.calendar.tz).replace(hour=23, minute=59, second=59)


def _answered(desk: Desk) -> int:
    found = Incident.objects.visible_to(desk.reach).filter(state=State.ANSWERED)
    if desk.reach.may_somewhere(Right.CLOSE):
        # For whoever judges answers, what was found good is work no more.
        found = found.filter(checked_at=None)
    return found.order_by()[: MOST_COUNTED + 1].values("pk").count()


def _untold(desk: Desk) -> int:
    """Troubles of what is no longer open; asked apart, so that each query has its own index."""
    found = Incident.objects.visible_to(desk.reach).filter(
        delivery_note__in=TROUBLES, state__in=DONE_BUT_TROUBLED
    )
    return found.order_by().count()


def _by_person(desk: Desk) -> Mapping[int, int]:
    rows = (
        Incident.objects.visible_to(desk.reach)
        .filter(state__in=OPEN_STATES, assignee__isnull=False)
        .values_list("assignee_id")
        .annotate(amount=Count("pk"))
        .order_by()
    )
    return dict(rows)
