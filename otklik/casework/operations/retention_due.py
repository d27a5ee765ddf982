"""What has been kept for long enough: for each kind the rows that may go today, without what a hold covers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from django.db.models import Exists, F, Func, IntegerField, OuterRef, Q, QuerySet

from otklik.casework.enums import AppealVerdict, ModerationState, RetentionKind, State
from otklik.casework.exchange.layout import AT
from otklik.casework.models import (
    OPEN_STATES,
    Answer,
    AnswerPhoto,
    BroughtIncident,
    ExternalLink,
    ExternalOpening,
    ExternalPhoto,
    ExternalReply,
    Incident,
    IncidentTable,
    LegalHold,
    ModerationAction,
    ModerationAppeal,
    PersonalRead,
    RetentionRule,
)
from otklik.casework.rules import retention as rules
from otklik.channels.enums import DeliveryState
from otklik.inbox.enums import EventState, MessageKind
from otklik.inbox.models import Attachment, Author, RawEvent, RefusedRequest, SourceMessage
from otklik.registry import operations as registry

GONE = "[стёрто "
_ON_THE_WAY = [DeliveryState.WAITING, DeliveryState.SENDING, DeliveryState.CHECKING]
_STILL_MODERATED = [ModerationState.ASKED, ModerationState.DOING, ModerationState.BY_HAND]


@dataclass(frozen=True, slots=True)
class Held:
    """Whom and what the holds of today cover: whoever has one incident held is held whole."""

    authors: frozenset[int]
    messages: frozenset[int]
    threads: frozenset[int]

    @classmethod
    def at(cls, now: datetime) -> Self:
        """As the holds stand. Three queries."""
        active = LegalHold.objects.active(registry.local_date(now))
        authors: set[int | None] = set(active.values_list("author", flat=True))
        messages = set()
        for message, author in active.exclude(incident=None).values_list(
            "incident__message", "incident__message__author"
        ):
            messages.add(message)
            authors.add(author)
        found = frozenset(each for each in authors if each is not None)
        about = Q(author__in=found) | Q(pk__in=messages)
        threads = SourceMessage.objects.filter(about).exclude(thread=None).values_list("thread", flat=True)
        return cls(found, frozenset(messages), frozenset(each for each in threads.distinct() if each))

    def leaves(self, rows: QuerySet[Any], message: str = "") -> QuerySet[Any]:
        """The rows about no held message; `message` leads from a row to its message: "incident__message__"."""
        rows = rows.exclude(**{f"{message}author__in": self.authors}) if self.authors else rows
        return rows.exclude(**{f"{message}pk__in": self.messages}) if self.messages else rows


@dataclass(frozen=True, slots=True)
class Terms:
    """What a day's look goes by: what came to its moment by `old` may go, if no hold covers it."""

    old: datetime
    # Words go only after the events that they were read from.
    read_by: datetime
    held: Held


def due(*, kind: str, days: int, now: datetime) -> QuerySet[Any]:
    """The rows that go today when the kind is kept for so many days. Holds are read at once, the rows when asked."""
    old = rules.until(days, now)
    events = RetentionRule.objects.filter(kind=RetentionKind.EVENTS, is_active=True).first()
    read_by = min(old, rules.until(events.days, now)) if events else old
    return _DUE[RetentionKind(kind)](Terms(old, read_by, Held.at(now)))


def moment_of(kind: str) -> str:
    """The field by which the oldest of the rows is told."""
    return _MOMENTS[RetentionKind(kind)]


def _archived(old: datetime, message: str) -> Q:
    """All incidents of the message were put away by then, and there is one."""
    own = Incident.objects.filter(message=OuterRef(message))
    return Q(Exists(own)) & ~Q(Exists(own.exclude(state=State.ARCHIVED, entered_at__lte=old)))


def _read_long_ago(terms: Terms) -> QuerySet[SourceMessage]:
    """Messages with words whose events are gone, to whose author nothing is on its way, undisputed."""
    said = Q(edited_at=None) | Q(edited_at__lte=terms.read_by)
    rows = SourceMessage.objects.filter(said, erased_at=None, received_at__lte=terms.read_by)
    measures = ModerationAction.objects.filter(message=OuterRef("pk"))
    lasts = Q(state__in=_STILL_MODERATED) | Q(state=ModerationState.DONE, measure="ban")
    appeals = ModerationAppeal.objects.filter(action__message=OuterRef("pk"), verdict=AppealVerdict.WAITING)
    answers = Answer.objects.filter(incident__message=OuterRef("pk"), delivery__state__in=_ON_THE_WAY)
    warned = measures.filter(delivery__state__in=_ON_THE_WAY)
    rows = rows.exclude(Exists(measures.filter(lasts))).exclude(Exists(warned))
    return terms.held.leaves(rows.exclude(Exists(appeals)).exclude(Exists(answers)))


def _dialogs(terms: Terms) -> QuerySet[Any]:
    return _read_long_ago(terms).filter(_archived(terms.old, "pk"), kind=MessageKind.DIRECT)


def _comments(terms: Terms) -> QuerySet[Any]:
    return _read_long_ago(terms).filter(_archived(terms.old, "pk"), kind=MessageKind.COMMENT)


def _talk(terms: Terms) -> QuerySet[Any]:
    """What no incident was made of, in threads where nothing is worked on."""
    of_message = Incident.objects.filter(message=OuterRef("pk"))
    beside = Incident.objects.filter(message__thread=OuterRef("thread")).exclude(state=State.ARCHIVED)
    judged = Q(is_own=True) | Q(triaged_at__isnull=False) | Q(has_content=False)
    rows = _read_long_ago(terms).filter(judged, received_at__lte=terms.old)
    return rows.exclude(Exists(of_message)).exclude(Exists(beside)).exclude(thread__in=terms.held.threads)


def _events(terms: Terms) -> QuerySet[Any]:
    """Bytes of events that were read; those that name somebody held stay."""
    rows = RawEvent.objects.filter(received_at__lte=terms.old).exclude(state=EventState.NEW).exclude(body=b"")
    if not terms.held.authors:
        return rows
    named: Any = Func(
        F("external_id"), OuterRef("body"), template="position(convert_to(%(expressions)s)",
        arg_joiner=", 'UTF8') in ", output_field=IntegerField(),
    )  # fmt: skip
    held = Author.objects.filter(pk__in=terms.held.authors).exclude(external_id="")
    return rows.exclude(Exists(held.alias(at=named).filter(at__gt=0)))


def _refused(terms: Terms) -> QuerySet[Any]:
    return RefusedRequest.objects.filter(at__lte=terms.old)


def _files(terms: Terms) -> QuerySet[Any]:
    """What tells where a resident's file lies; its kind and that there was one stay."""
    rows = Attachment.objects.exclude(external_id="", url="", title="")
    rows = rows.filter(_archived(terms.old, "message"), message__erased_at=None)
    return terms.held.leaves(rows, "message__")


def _photos(terms: Terms) -> QuerySet[Any]:
    rows = AnswerPhoto.objects.filter(
        answer__incident__state=State.ARCHIVED, answer__incident__entered_at__lte=terms.old
    )
    return terms.held.leaves(rows, "answer__incident__message__")


def _outside(terms: Terms) -> QuerySet[Any]:
    """Links of which photos or addresses are left."""
    link: Any = {"link": OuterRef("pk")}
    left = Q(Exists(ExternalPhoto.objects.filter(reply__link=OuterRef("pk"))))
    left |= Q(Exists(ExternalReply.objects.filter(**link).exclude(address="")))
    left |= Q(Exists(ExternalOpening.objects.filter(**link).exclude(address="")))
    rows = ExternalLink.objects.filter(
        left, incident__state=State.ARCHIVED, incident__entered_at__lte=terms.old
    )
    return terms.held.leaves(rows, "incident__message__")


def _brought(terms: Terms) -> QuerySet[Any]:
    rows = BroughtIncident.objects.filter(
        table__state=IncidentTable.State.APPLIED, table__applied_at__lte=terms.old
    ).exclude(question__startswith=GONE)
    held = Author.objects.filter(pk__in=terms.held.authors).exclude(url="").values_list("url", flat=True)
    return rows.exclude(**{f"values__{AT['author_url']}__in": list(held)})


def _reads(terms: Terms) -> QuerySet[Any]:
    rows = PersonalRead.objects.filter(at__lte=terms.old).exclude(words="").exclude(words__startswith=GONE)
    return terms.held.leaves(rows.exclude(incident__state__in=OPEN_STATES), "incident__message__")


_DUE: Mapping[RetentionKind, Callable[[Terms], QuerySet[Any]]] = {
    RetentionKind.EVENTS: _events,
    RetentionKind.REFUSED: _refused,
    RetentionKind.FILES: _files,
    RetentionKind.PHOTOS: _photos,
    RetentionKind.OUTSIDE: _outside,
    RetentionKind.DIALOGS: _dialogs,
    RetentionKind.COMMENTS: _comments,
    RetentionKind.TALK: _talk,
    RetentionKind.BROUGHT: _brought,
    RetentionKind.READS: _reads,
}
_MOMENTS: Mapping[RetentionKind, str] = {
    RetentionKind.EVENTS: "received_at",
    RetentionKind.REFUSED: "at",
    RetentionKind.FILES: "message__received_at",
    RetentionKind.PHOTOS: "added_at",
    RetentionKind.OUTSIDE: "made_at",
    RetentionKind.DIALOGS: "received_at",
    RetentionKind.COMMENTS: "received_at",
    RetentionKind.TALK: "received_at",
    RetentionKind.BROUGHT: "table__applied_at",
    RetentionKind.READS: "at",
}
