"""Erasing what residents wrote: of their words and names nothing stays, of the facts everything."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import CharField, Exists, F, Func, IntegerField, Min, OuterRef, QuerySet, Value
from django.db.models.functions import Cast, Concat

from otklik.audit import operations as audit
from otklik.common.actor import Actor
from otklik.inbox.enums import EventState
from otklik.inbox.models import (
    Attachment,
    Author,
    MessageVersion,
    RawEvent,
    RefusedRequest,
    SourceMessage,
)

# A message may have been told of before it was read.
_BEFORE = timedelta(days=1)


@transaction.atomic
def erase_messages(*, messages: Sequence[int], left: str, by: Actor, now: datetime) -> dict[str, int]:
    """Replace the texts of these messages by `left`, drop their versions, and what tells of their files.

    The kind and the number of files stay. Returns how many rows of each kind went. A trigger refuses what is held.
    """
    found = SourceMessage.objects.filter(pk__in=messages, erased_at=None)
    done = list(found.select_for_update(of=("self",)).values_list("pk", flat=True))
    versions, _tables = MessageVersion.objects.filter(message__in=done).delete()
    files = forget_files(files=Attachment.objects.filter(message__in=done))
    SourceMessage.objects.filter(pk__in=done).update(text=left, erased_at=now)
    audit.record_many(
        by=by, verb="erase_message", now=now,
        entries=[audit.Entry(SourceMessage(pk=pk)) for pk in done],
    )  # fmt: skip
    return {"messages": len(done), "versions": versions, "files": files}


@transaction.atomic
def erase_author(*, author: Author, by: Actor, now: datetime) -> dict[str, int]:
    """Forget who it was: the name, the address and the number in the network, also in the events as bytes.

    The rows of events stay without their bytes, so a repeat of one is still known as a repeat.
    """
    events = _events_of(author)
    Author.objects.filter(pk=author.pk).update(
        name="", url="", external_id=f"erased-{author.pk}", name_asked_at=now, erased_at=now
    )
    audit.record(by=by, verb="erase_author", subject=author, now=now)
    return {"events": events}


@transaction.atomic
def forget_authors(*, authors: Collection[int], by: Actor, now: datetime) -> int:
    """Forget who those were of whom no words are left; returns how many. Their events must have gone before.

    A trigger refuses who is held.
    """
    known = Author.objects.filter(pk__in=authors, erased_at=None).order_by("pk")
    # Looked at only after the lock: of two who erase an author's last words at once, the later one sees both.
    locked = list(known.select_for_update(of=("self",)).values_list("pk", flat=True))
    said = SourceMessage.objects.filter(author=OuterRef("pk"), erased_at=None)
    done = list(Author.objects.filter(pk__in=locked).exclude(Exists(said)).values_list("pk", flat=True))
    number = Concat(Value("erased-"), Cast("pk", CharField()))
    Author.objects.filter(pk__in=done).update(
        name="", url="", external_id=number, name_asked_at=now, erased_at=now
    )
    audit.record_many(
        by=by, verb="erase_author", now=now, entries=[audit.Entry(Author(pk=pk)) for pk in done]
    )
    return len(done)


def forget_files(*, files: QuerySet[Attachment]) -> int:
    """Drop what tells where these files lie; their kind, and that there were so many, stay. Returns how many."""
    return files.update(external_id="", url="", title="", sizes=[])


def forget_events(*, events: Collection[int]) -> int:
    """Drop the bytes of these events; the rows stay, so that a repeat is still known as one. Returns how many."""
    found = RawEvent.objects.filter(pk__in=events).exclude(state=EventState.NEW)
    return found.update(body=b"", error="")


def forget_refused(*, requests: Collection[int]) -> int:
    """Drop refused requests with the addresses they came from; returns how many."""
    return RefusedRequest.objects.filter(pk__in=requests).delete()[0]


def _events_of(author: Author) -> int:
    """Drop the bytes of read events that name the author; events not yet read are of later words."""
    own = SourceMessage.objects.filter(author=author)
    first = own.aggregate(at=Min("received_at"))["at"]
    if first is None or not author.external_id:
        return 0
    stands = Func(
        Value(author.external_id.encode()), F("body"),
        template="position(%(expressions)s)", arg_joiner=" in ", output_field=IntegerField(),
    )  # fmt: skip
    found = RawEvent.objects.filter(
        connection__in=own.values("connection").distinct(), received_at__gte=first - _BEFORE
    ).exclude(state=EventState.NEW)
    return found.alias(named=stands).filter(named__gt=0).update(body=b"", error="")
