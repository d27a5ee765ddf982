"""What happens to our answers after they were published: somebody edits, deletes or restores them in the network."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import transaction

from otklik.casework import rules
from otklik.casework.enums import AnswerKind, AnswerStatus, DeliveryNote, ReworkCode, State
from otklik.casework.models import Answer, Incident
from otklik.casework.operations.answering import ON_ITS_WAY
from otklik.casework.operations.basis import keep_as_draft, locked, move, touch
from otklik.channels.enums import Place
from otklik.channels.models import Connection
from otklik.common.actor import SYSTEM, Actor
from otklik.inbox.models import SourceMessage

_FINAL, _PROMISE = frozenset({AnswerKind.FINAL}), frozenset({AnswerKind.INTERIM, AnswerKind.PLAN})
# Words about the network that a person may take note of.
CHANGED = frozenset({DeliveryNote.EDITED, DeliveryNote.REMOVED})
_Place = tuple[int, str, str, str]


@transaction.atomic
def note_published_changes(*, messages: Iterable[SourceMessage], now: datetime) -> int:
    """The network tells of these messages: those that are our published answers and no longer stand as they did.

    An edited answer is marked. One that is gone answers nothing any more: its incident goes back to the body, with
    the text as a draft. Returns how many answers were changed.
    """
    told = {_place(each): each for each in messages if each.edited_at or each.deleted_at}
    # A restored message is as it was, so nothing but being ours tells it from others.
    told |= {_place(each): each for each in messages if each.is_own}
    if not told:
        return 0
    # One whose receipt is still on its way is locked too: whoever takes the receipt then sees what was told.
    found = Answer.objects.filter(
        status__in=[*ON_ITS_WAY, AnswerStatus.PUBLISHED],
        delivery__connection__in={place[0] for place in told},
        delivery__external_id__in={place[3] for place in told},
    ).select_related("delivery", "incident")
    pairs = [(answer, told.get(_stands_at(answer))) for answer in found.order_by("incident_id", "pk")]
    return sum(compare(answer, message, now=now) for answer, message in pairs if message is not None)


def _place(message: SourceMessage) -> _Place:
    return (message.connection_id, message.place, message.object_id, message.external_id)


def _stands_at(answer: Answer) -> _Place:
    at = answer.delivery
    assert at is not None  # noqa: S101 — it was found by its delivery
    return (at.connection_id, at.place, at.object_id, at.external_id)


def look_at(answer: Answer, now: datetime) -> None:
    """A receipt has come: what the network told of the answer meanwhile counts now."""
    page, place, object_id, external_id = _stands_at(answer)
    message = (
        SourceMessage.objects.filter(
            connection=page, place=place, object_id=object_id, external_id=external_id
        )
        .only("edited_at", "deleted_at")
        .first()
    )
    if message is not None and (message.edited_at or message.deleted_at or answer.removed_at):
        compare(answer, message, now=now)


def compare(answer: Answer, message: SourceMessage, *, now: datetime) -> bool:
    """Set an answer against what the network shows of it; whether something was new."""
    incident = locked(answer.incident)
    answer.refresh_from_db(fields=["status", "edited_at", "removed_at"])
    if answer.status != AnswerStatus.PUBLISHED:
        return False
    if (message.deleted_at is None) != (answer.removed_at is None):
        answer.removed_at = message.deleted_at
        (_removed if message.deleted_at else _restored)(incident, answer, now)
    elif message.deleted_at is None and message.edited_at and message.edited_at != answer.edited_at:
        answer.edited_at = message.edited_at
        touch(incident, verb="answer_edited", by=SYSTEM, now=now, **_marked(incident, DeliveryNote.EDITED))
    else:
        return False
    answer.save(update_fields=["edited_at", "removed_at"])
    return True


def note_likes(*, connection: Connection, likes: Mapping[tuple[str, str], int]) -> int:
    """How many people like these replies of a page under posts, by post and comment, as the network shows it now.

    Replies that are no published answers of ours are passed over. Returns how many answers have another number now.
    """
    found = Answer.objects.filter(
        status=AnswerStatus.PUBLISHED,
        delivery__connection=connection,
        delivery__place=Place.WALL,
        delivery__external_id__in={comment for _post, comment in likes},
    ).values_list("pk", "likes", "delivery__object_id", "delivery__external_id")
    changed = [
        (pk, likes[post, comment])
        for pk, before, post, comment in found
        if likes.get((post, comment), before) != before
    ]
    for pk, count in changed:
        Answer.objects.filter(pk=pk).update(likes=count)
    return len(changed)


def _removed(incident: Incident, answer: Answer, now: datetime) -> None:
    kind, current = AnswerKind(answer.kind), answer.cycle == incident.cycle
    marked = _marked(incident, DeliveryNote.REMOVED)
    if current and kind in _FINAL and incident.state == State.ANSWERED:
        keep_as_draft(answer, now)
        incident.reason = ReworkCode.ANSWER_REMOVED
        move(incident, verb="answer_removed", by=SYSTEM, now=now, code=ReworkCode.ANSWER_REMOVED, **marked)
    elif current and kind in _PROMISE and incident.state in rules.PROMISED:
        keep_as_draft(answer, now)
        move(incident, verb="promise_removed", by=SYSTEM, now=now, code=ReworkCode.ANSWER_REMOVED, **marked)
    else:
        touch(incident, verb="answer_gone", by=SYSTEM, now=now, **marked)


def _restored(incident: Incident, answer: Answer, now: datetime) -> None:
    clear = {"delivery_note": DeliveryNote.NONE} if incident.delivery_note == DeliveryNote.REMOVED else {}
    touch(incident, verb="answer_restored", by=SYSTEM, now=now, **clear)


def _marked(incident: Incident, note: DeliveryNote) -> dict[str, DeliveryNote]:
    """The note, unless a delivery that is under way has one that is more urgent."""
    free = not incident.delivery_note or incident.delivery_note in CHANGED
    return {"delivery_note": note} if free else {}


@transaction.atomic
def take_note(*, incident: Incident, by: Actor, now: datetime, version: int | None = None) -> Incident:
    """A person has seen what became of the answer in the network. Raises IllegalMove when nothing was marked."""
    incident = locked(incident, version=version)
    if incident.delivery_note not in CHANGED:
        raise rules.IllegalMove
    reason = incident.delivery_note
    return touch(incident, verb="take_note", by=by, now=now, reason=reason, delivery_note=DeliveryNote.NONE)
