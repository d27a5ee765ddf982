"""The erasure itself: of an author's words, name and places nothing stays in any table, of the facts everything.

What stays: that there was a message, when, on which page, its topic, kind and municipality, how it went and when it
ended. What cannot be reached is outside: copies of the database, files already taken, the comment in the network.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Model, Q, QuerySet

from otklik.audit import operations as audit
from otklik.casework.exchange.layout import AT
from otklik.casework.models import (
    Answer,
    AnswerPhoto,
    BroughtBefore,
    BroughtIncident,
    ExportPiece,
    ExternalLink,
    ExternalPhoto,
    ExternalReply,
    Incident,
    IncidentExport,
    IncidentNote,
    IncidentTablePiece,
    MassMember,
    ModerationAction,
    ModerationAppeal,
    ModerationEvidence,
    Move,
    NoteVersion,
    PersonalRead,
    ReturnAppeal,
    Review,
)
from otklik.casework.operations.exchange_masks import LEFT_OUT, WRITTEN
from otklik.casework.operations.fake_links import forget_links
from otklik.casework.rules import OPEN
from otklik.channels import operations as channels
from otklik.channels.models import Delivery
from otklik.common.actor import Actor
from otklik.common.erased import is_harmless
from otklik.inbox import operations as inbox
from otklik.inbox.models import Author, SourceMessage
from otklik.triage import operations as triage

_PLACE = ("street", "settlement", "house", "object", "old_object")


class StillInWork(Exception):
    """По сообщениям этого автора ещё есть незаконченные инциденты. Закончите их, и данные можно будет стереть."""


def what_goes(author: Author) -> dict[str, int]:
    """How much there is to erase, for whoever confirms it: messages, incidents, answers, lines of history."""
    messages = SourceMessage.objects.filter(author=author, erased_at=None)
    incidents = Incident.objects.filter(message__author=author)
    return {
        "messages": messages.count(),
        "incidents": incidents.count(),
        "answers": Answer.objects.filter(incident__message__author=author).count(),
        "brought": _brought(author).count(),
    }


def is_in_work(author: Author) -> bool:
    """Whether somebody still owes this author something."""
    return Incident.objects.filter(message__author=author, state__in=sorted(OPEN)).exists()


@transaction.atomic
def erase_all_of(*, author: Author, left: str, by: Actor, now: datetime) -> dict[str, int]:
    """Erase everything of one author; `left` is the mark that stands in place of words. Returns counts of rows.

    Raises StillInWork, AnswerOnItsWay; the database refuses what is under a hold.
    """
    messages = list(SourceMessage.objects.filter(author=author).values_list("pk", flat=True))
    messages += replies_to(theirs=SourceMessage.objects.filter(author=author))
    forget_links(messages=[], addresses=[author.url])
    with audit.erasing():
        counts = erase_written(messages=messages, left=left, by=by, now=now)
        _forget_tables(messages)
        counts["brought"] = _erase_brought(author, left)
        counts |= inbox.erase_author(author=author, by=by, now=now)
    return counts


def replies_to(*, theirs: QuerySet[SourceMessage], in_threads: bool = False) -> list[int]:
    """What pages wrote to the authors of these, as it came back from the network: such replies call people by name.

    `in_threads` looks only in the threads of the messages: less than everything, and quick however much there is.
    """
    deliveries = Answer.objects.filter(incident__message__in=theirs).values("delivery")
    sent = Delivery.objects.filter(pk__in=deliveries).exclude(external_id="")
    own = SourceMessage.objects.filter(is_own=True, connection__in=theirs.values("connection").distinct())
    if in_threads:
        own = own.filter(thread__in=theirs.values("thread"), erased_at=None)
    found = own.filter(
        Q(reply_to__in=theirs.values("external_id")) | Q(external_id__in=sent.values("external_id"))
    )
    return list(found.values_list("pk", flat=True))


@transaction.atomic
def erase_written(*, messages: Sequence[int], left: str, by: Actor, now: datetime) -> dict[str, int]:
    """Erase what these messages said, and all that was written about them. Within `audit.erasing` only.

    Raises StillInWork, AnswerOnItsWay.
    """
    incidents = Incident.objects.filter(message__in=messages)
    rows = list(incidents.select_for_update(of=("self",)).values_list("pk", "state"))
    if any(state in OPEN for _pk, state in rows):
        raise StillInWork
    ids = [pk for pk, _state in rows]
    forget_links(messages=messages)
    answers = Answer.objects.filter(incident__in=ids)
    kept = list(answers.values_list("pk", "delivery_id"))
    counts = channels.erase_deliveries(
        deliveries=[delivery for _pk, delivery in kept if delivery], left=left, by=by, now=now
    )
    counts |= inbox.erase_messages(messages=messages, left=left, by=by, now=now)
    counts |= triage.erase_verdicts(messages=messages, by=by, now=now)
    photos, _tables = AnswerPhoto.objects.filter(answer__in=[pk for pk, _delivery in kept]).delete()
    answers.update(text=left, photos=0)
    incidents.update(question=left, settlement=None, street=None, street_name="", house="", object_name="")
    _erase_about(ids, left)
    moderated = _erase_moderation(messages, left, by, now)
    audit.record_many(
        by=by, verb="erase_incident", now=now, entries=[audit.Entry(Incident(pk=pk)) for pk in ids]
    )  # fmt: skip
    audit.erase_words(
        subjects={
            "casework.incident": ids,
            "casework.answer": [pk for pk, _delivery in kept],
            "channels.delivery": [delivery for _pk, delivery in kept if delivery],
            "casework.moderationaction": moderated,
            "inbox.sourcemessage": messages,
        },
        left=left,
        # Drafts that were thrown away.
        parts=("casework.answer", "incident", ids),
    )
    return counts | {"incidents": len(ids), "answers": len(kept), "photos": photos}


def _erase_about(incidents: Sequence[int], left: str) -> None:
    """What staff and people from outside wrote of these incidents."""
    _words_go(Move.objects.filter(incident__in=incidents), "reason", left)
    _words_go(Review.objects.filter(incident__in=incidents), "comment", left)
    _words_go(MassMember.objects.filter(incident__in=incidents), "why", left)
    _words_go(PersonalRead.objects.filter(incident__in=incidents), "words", left)
    for name in ("text", "why"):
        _words_go(ReturnAppeal.objects.filter(incident__in=incidents), name, left)
    IncidentNote.objects.filter(incident__in=incidents).update(text=left)
    NoteVersion.objects.filter(note__incident__in=incidents).update(text=left)
    ExternalLink.objects.filter(incident__in=incidents).update(question=left)
    ExternalPhoto.objects.filter(reply__link__incident__in=incidents).delete()
    ExternalReply.objects.filter(link__incident__in=incidents).update(text=left)


def _erase_moderation(messages: Sequence[int], left: str, by: Actor, now: datetime) -> list[int]:
    """What was kept of these messages to judge them by, and what was said about that. Returns the decisions."""
    actions = ModerationAction.objects.filter(message__in=messages)
    kept = list(actions.values_list("pk", "delivery_id"))
    channels.erase_deliveries(
        deliveries=[delivery for _pk, delivery in kept if delivery], left=left, by=by, now=now
    )
    ModerationEvidence.objects.filter(action__in=actions).update(
        text=left, author_name="", author_url="", files=[]
    )
    appeals = ModerationAppeal.objects.filter(action__in=actions)
    appeals.update(text=left)
    _words_go(appeals, "why", left)
    _words_go(actions, "comment", left)
    _words_go(actions, "undo_reason", left)
    return [pk for pk, _delivery in kept]


def _words_go(rows: QuerySet[Any], name: str, left: str) -> None:
    """Words of people become the mark; codes stay, since they are counted."""
    changed: list[Model] = []
    for row in rows.only(name):
        if not is_harmless(getattr(row, name)):
            setattr(row, name, left)
            changed.append(row)
    rows.model._default_manager.bulk_update(changed, [name], batch_size=500)


def _forget_tables(messages: Sequence[int]) -> None:
    """Tables that were written while these messages were there, and wait to be taken: they can be asked for again."""
    first = SourceMessage.objects.filter(pk__in=messages).order_by("received_at").first()
    if first is None:
        return
    ready = IncidentExport.objects.filter(state=IncidentExport.State.READY, created_at__gte=first.received_at)
    ids = list(ready.values_list("pk", flat=True))
    ExportPiece.objects.filter(export__in=ids).delete()
    IncidentExport.objects.filter(pk__in=ids).update(state=IncidentExport.State.FORGOTTEN)


def _brought(author: Author) -> QuerySet[BroughtIncident]:
    """Lines of other systems' history that name the address of this author."""
    if not author.url:
        return BroughtIncident.objects.none()
    at = AT["author_url"]
    return BroughtIncident.objects.filter(**{f"values__{at}": author.url})


def _erase_brought(author: Author, left: str) -> int:
    return erase_brought(
        rows=list(_brought(author).order_by("pk").select_for_update(of=("self",))), left=left
    )


def erase_brought(*, rows: Sequence[BroughtIncident], left: str) -> int:
    """Take the words out of these locked lines, out of what they were before, and the files they came from."""
    before = list(BroughtBefore.objects.filter(row__in=rows))
    for row in rows:
        row.values, row.question = _without(row.values, left), left
    for old in before:
        old.values = _without(old.values, left)
    BroughtIncident.objects.bulk_update(rows, ["values", "question"], batch_size=500)
    BroughtBefore.objects.bulk_update(before, ["values"], batch_size=500)
    IncidentTablePiece.objects.filter(table__in={row.table_id for row in rows}).delete()
    return len(rows)


def _without(values: list[str], left: str) -> list[str]:
    found = list(values)
    for code in (*WRITTEN, *LEFT_OUT, *_PLACE):
        found[AT[code]] = (left if code in WRITTEN else "") if found[AT[code]] else ""
    return found
