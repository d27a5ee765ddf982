"""What a person asks the queue for, as an address holds it, and the incidents that answer."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from functools import lru_cache
from typing import Self
from urllib.parse import urlencode

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from otklik.casework.enums import DeliveryNote, State
from otklik.casework.models import OPEN_STATES, Incident, IncidentQuerySet
from otklik.channels.enums import Place
from otklik.desk.access import Desk
from otklik.desk.enums import Sort, View
from otklik.desk.ordering import NEWEST, Cursor, cursor_at, ordered
from otklik.inbox.models import Attachment, SourceMessage
from otklik.registry.models import OfficialPage, Organization
from otklik.triage.enums import IncidentKind, Priority
from otklik.triage.rules import THRESHOLD

PAGE_SIZE = 30
LONGEST_SEARCH = 200

STATES_OF: Mapping[str, tuple[str, ...]] = {
    View.TRIAGE: (State.NEW, State.TRIAGE),
    View.ASKED: (State.CLARIFICATION,),
    View.ROUTED: (State.ROUTED,),
    View.WORK: (State.IN_PROGRESS,),
    View.APPROVAL: (State.APPROVAL,),
    View.RETURNED: (State.REWORK, State.REOPENED),
    View.PROMISED: (State.INTERIM_ANSWERED, State.DEFERRED),
    View.PUBLISHING: (State.PUBLISHING,),
    View.ANSWERED: (State.ANSWERED,),
    View.CHECK: (State.ANSWERED,),
    View.CLOSED: (State.CLOSED,),
    View.REJECTED: (State.REJECTED,),
    View.TRANSFERRED: (State.TRANSFERRED,),
    View.ATTACHED: (State.ATTACHED,),
    View.ARCHIVED: (State.ARCHIVED,),
}
# Open by the rules, but nobody's daily work: the desk lists them while there are some.
SELDOM_VIEWS = frozenset({View.APPROVAL, View.RETURNED, View.PROMISED})
OPEN_VIEWS = SELDOM_VIEWS | {
    View.TRIAGE,
    View.ASKED,
    View.MINE,
    View.ROUTED,
    View.WORK,
    View.PUBLISHING,
    View.TROUBLE,
    View.OVERDUE,
}
# Views whose first answer has been given: what counts is the day that was promised, or by which to check.
DAY_OF: Mapping[str, str] = {View.PROMISED: "final_due_at", View.CHECK: "stage_due_at"}
# Where somebody has to see to a delivery: in open incidents, and in the note to the author of a transferred one.
# What stands in the network may be changed there when the incident has long been answered or closed.
DONE_BUT_TROUBLED = (State.TRANSFERRED, State.ANSWERED, State.CLOSED)
TROUBLED_STATES = [*OPEN_STATES, *DONE_BUT_TROUBLED]
TROUBLES = (
    DeliveryNote.MANUAL,
    DeliveryNote.HELD,
    DeliveryNote.UNDELIVERABLE,
    DeliveryNote.UNCERTAIN,
    DeliveryNote.NOT_ASKED,
    DeliveryNote.NOT_NOTED,
    DeliveryNote.EDITED,
    DeliveryNote.REMOVED,
)
_CHOICES = {"view": View, "sort": Sort, "priority": Priority, "kind": IncidentKind}
_NUMBERS = frozenset({"municipality", "body", "page"})
_FLAGS = frozenset({"unsure", "files", "replied"})


@dataclass(frozen=True, slots=True)
class QueueQuery:
    """A view of the queue with its filters. Anything odd in an address is simply not a filter."""

    view: str = ""
    group: str = ""
    topic: str = ""
    priority: str = ""
    kind: str = ""
    municipality: str = ""
    body: str = ""
    page: str = ""
    place: str = ""
    unsure: str = ""
    files: str = ""
    replied: str = ""
    q: str = ""
    sort: str = ""

    @classmethod
    def of(cls, raw: Mapping[str, str]) -> Self:
        """The query that an address asks for."""
        return cls(**{each.name: _kept(each.name, raw.get(each.name, "")) for each in fields(cls)})

    def with_(self, **changes: str) -> Self:
        """The same query with some filters changed."""
        return replace(self, **changes)

    @property
    def order(self) -> str:
        """How it is sorted: open work by its deadline, the rest by its arrival, unless a person chose."""
        if self.sort and (self.sort != Sort.DAY or self.view in DAY_OF):
            return self.sort
        if self.view in DAY_OF:
            return Sort.DAY
        return Sort.DEADLINE if self.view in OPEN_VIEWS else Sort.NEWEST

    @property
    def column(self) -> str:
        """The time of the incident that it is sorted by."""
        if self.order == Sort.DAY:
            return DAY_OF[self.view]
        return "due_at" if self.order == Sort.DEADLINE else NEWEST

    @property
    def filters(self) -> dict[str, str]:
        """The filters that narrow the view, without the view and the order."""
        return {name: value for name, value in self.asked.items() if name not in {"view", "sort"}}

    @property
    def asked(self) -> dict[str, str]:
        """Everything that is set."""
        return {each.name: value for each in fields(self) if (value := getattr(self, each.name))}

    @property
    def string(self) -> str:
        """The query as the end of an address, without the question mark."""
        return _string(self)


@lru_cache(maxsize=512)
def _string(query: QueueQuery) -> str:
    """A card names its query in forty addresses."""
    return urlencode(query.asked)


def _kept(name: str, value: str) -> str:
    value = value.strip().replace("\0", "")
    if name in _CHOICES:
        return value if value in _CHOICES[name].values else ""
    if name in _NUMBERS:
        return value if value.isascii() and value.isdigit() and len(value) <= 18 else ""
    if name in _FLAGS:
        return "1" if value else ""
    if name == "place":
        return value if value in {"comment", "direct"} else ""
    return value[:LONGEST_SEARCH]


def incidents(query: QueueQuery, desk: Desk) -> QuerySet[Incident]:
    """Incidents within the person's reach that the query asks for, unordered."""
    found = _in_view(Incident.objects.visible_to(desk.reach), query.view, desk)
    plain = {
        "topic__group__code": query.group,
        "topic__code": query.topic,
        "priority": query.priority,
        "kind": query.kind,
        "municipality_id": query.municipality,
        "executor_id": query.body,
        "page_id": query.page,
    }
    found = found.filter(**{name: value for name, value in plain.items() if value})
    if query.place:
        direct = Q(message__place=Place.DIRECT)
        found = found.filter(direct if query.place == "direct" else ~direct)
    if query.unsure:
        found = found.filter(confidence__lt=THRESHOLD)
    if query.files:
        found = found.filter(Exists(Attachment.objects.filter(message_id=OuterRef("message_id"))))
    if query.replied:
        found = found.filter(author_replied_at__isnull=False)
    return found.matching(query.q) if query.q else found


def _in_view(found: IncidentQuerySet, view: str, desk: Desk) -> IncidentQuerySet:
    if view in STATES_OF:
        states = STATES_OF[view]
        if view == View.CHECK:
            found = found.filter(checked_at=None)
        # One state as an equality, so that the index of states gives the order too.
        return found.filter(state=states[0]) if len(states) == 1 else found.filter(state__in=states)
    if view == View.MINE:
        return found.filter(assignee=desk.account, state__in=OPEN_STATES)
    if view == View.OVERDUE:
        return found.overdue(desk.now)
    if view == View.TROUBLE:
        return found.filter(state__in=TROUBLED_STATES, delivery_note__in=TROUBLES)
    return found


def page_of(
    query: QueueQuery, desk: Desk, after: Cursor | None = None
) -> tuple[list[Incident], Cursor | None]:
    """One page of the queue, and the cursor of the next one if there is more."""
    found = list(for_rows(ordered(incidents(query, desk), query.column, after))[: PAGE_SIZE + 1])
    shown = found[:PAGE_SIZE]
    return shown, cursor_at(shown[-1], query.column) if len(found) > PAGE_SIZE else None


def for_rows(found: QuerySet[Incident]) -> QuerySet[Incident]:
    """With everything a row shows. Each relation is one short query by keys: planning one join of eight tables with
    all their indexes takes PostgreSQL longer than running them."""
    return found.only(*_SHOWN).prefetch_related(
        Prefetch("page", OfficialPage.objects.only("title", "network", "organization")),
        Prefetch("page__organization", Organization.objects.only("short_name", "name")),
        Prefetch("executor", Organization.objects.only("short_name", "name")),
        Prefetch("message", SourceMessage.objects.only("place", "edited_at", "deleted_at")),
        Prefetch("message__attachments", Attachment.objects.only("message_id")),
    )


_SHOWN = (
    "message",
    "question",
    "page",
    "municipality",
    "kind",
    "topic",
    "confidence",
    "priority",
    "state",
    "reason",
    "executor",
    "received_at",
    "due_at",
    "stage_due_at",
    "final_due_at",
    "paused_at",
    "first_answer_at",
    "author_replied_at",
    "delivery_note",
)
