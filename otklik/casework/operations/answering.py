"""Drafts, the publication of an answer, and what its receipts mean for the incident."""

from datetime import datetime

from django.db import transaction

from otklik.audit import operations as audit
from otklik.casework import rules
from otklik.casework.enums import AnswerStatus, DeliveryNote, State
from otklik.casework.models import Answer, Incident
from otklik.casework.operations.basis import StaleCard, locked, move, touch
from otklik.channels import operations as channels
from otklik.channels.base import Target
from otklik.channels.enums import DeliveryState, Place
from otklik.channels.models import Delivery
from otklik.common.actor import SYSTEM, Actor
from otklik.people.models import Account

# VK takes 4096 characters in practice; a mention of the author is put before the text.
LONGEST_ANSWER = 4000
# While a text is on its way nobody writes another: a refusal brings it back as the draft.
DRAFTING = frozenset({State.TRIAGE, State.ROUTED, State.IN_PROGRESS})
IN_FLIGHT = frozenset({DeliveryState.WAITING, DeliveryState.SENDING, DeliveryState.CHECKING})


class AnswerIsEmpty(Exception):
    """Ответ пуст: напишите его, прежде чем публиковать."""


class AnswerTooLong(Exception):
    """Ответ длиннее 4000 знаков: сеть его не примет. Сократите его."""


class NotYourDraft(Exception):
    """Черновик изменил другой человек. Ваш текст не потерян: сверьте его с сохранённым."""


@transaction.atomic
def save_draft(*, incident: Incident, text: str, by: Account, now: datetime, draft_version: int) -> Answer:
    """Keep the text so far. `draft_version` is 0 for the first save; raises NotYourDraft on a foreign change."""
    incident = locked(incident)
    if incident.state not in DRAFTING:
        raise rules.IllegalMove
    draft = Answer.objects.filter(incident=incident, status=AnswerStatus.DRAFT).first()
    if (draft.version if draft else 0) != draft_version:
        raise NotYourDraft
    if draft is None:
        draft = Answer.objects.create(incident=incident, text=text, author=by, created_at=now, updated_at=now)
    elif draft.text != text:
        draft.text, draft.author, draft.updated_at = text, by, now
        draft.version += 1
        draft.save(update_fields=["text", "author", "updated_at", "version"])
    else:
        return draft
    audit.record(
        by=by.actor, verb="save_draft", subject=draft, now=now, incident=incident.pk, length=len(text)
    )
    return draft


@transaction.atomic
def discard_draft(*, incident: Incident, by: Account, now: datetime, draft_version: int) -> None:
    """Throw the draft away. Raises NotYourDraft when it is not the one the person saw."""
    incident = locked(incident)
    draft = Answer.objects.filter(incident=incident, status=AnswerStatus.DRAFT).first()
    if draft is None or draft.version != draft_version:
        raise NotYourDraft
    audit.record(
        by=by.actor, verb="discard_draft", subject=draft, now=now, incident=incident.pk, text=draft.text
    )
    draft.delete()


@transaction.atomic
def publish(
    *,
    incident: Incident,
    text: str,
    resolution: str,
    by: Account,
    now: datetime,
    version: int | None = None,
) -> Answer:
    """Send the answer on its way: `publishing`, the answer, the outbox row and the job in one transaction.

    The incident is answered only when the network's receipt says so. Raises AnswerIsEmpty, AnswerTooLong,
    StaleCard, IllegalMove.
    """
    text = text.strip()
    if not text:
        raise AnswerIsEmpty
    if len(text) > LONGEST_ANSWER:
        raise AnswerTooLong
    incident = locked(incident, version=version)
    answer = Answer.objects.filter(incident=incident, status=AnswerStatus.DRAFT).first()
    answer = answer or Answer(incident=incident, created_at=now)
    answer.text, answer.author, answer.resolution = text, by, resolution
    answer.status, answer.updated_at = AnswerStatus.PUBLISHING, now
    move(incident, verb="publish", by=by.actor, now=now, delivery_note=DeliveryNote.NONE)
    answer.save()
    answer.delivery = channels.enqueue(
        connection=incident.message.connection,
        owner=f"answer:{answer.pk}",
        target=_target(incident),
        text=text,
        now=now,
    )
    answer.save(update_fields=["delivery"])
    return answer


def _target(incident: Incident) -> Target:
    message = incident.message
    return Target(
        place=message.place,
        object_id=message.object_id,
        reply_to="" if message.place == Place.DIRECT else message.external_id,
        author_id=message.author.external_id if message.author else "",
        author_name=message.author.name if message.author else "",
        root_id=message.thread.root_id if message.thread else "",
    )


@transaction.atomic
def record_receipt(*, delivery: Delivery, state: str, now: datetime) -> None:
    """Learn from the outbox how a publication stands. A receipt that comes twice or too late changes nothing."""
    answer = Answer.objects.select_related("incident").get(delivery=delivery)
    incident = locked(answer.incident)
    answer.refresh_from_db()
    # Locked after the incident, as everywhere: a person may be sending it again at this very moment.
    delivery = Delivery.objects.select_for_update(of=("self",)).get(pk=delivery.pk)
    if answer.status not in {AnswerStatus.PUBLISHING, AnswerStatus.UNCERTAIN} or _is_old(state, delivery):
        return
    if state == DeliveryState.DELIVERED:
        _published(incident, answer, delivery, now)
    elif state == DeliveryState.UNCERTAIN and incident.state == State.PUBLISHING:
        _set(answer, AnswerStatus.UNCERTAIN, now)
        move(
            incident,
            verb="delivery_uncertain",
            by=SYSTEM,
            now=now,
            reason=delivery.reason,
            delivery_note=DeliveryNote.UNCERTAIN,
        )
    elif state == DeliveryState.MANUAL and incident.delivery_note != DeliveryNote.MANUAL:
        touch(
            incident,
            verb="delivery_manual",
            by=SYSTEM,
            now=now,
            reason=delivery.reason,
            delivery_note=DeliveryNote.MANUAL,
        )
    elif state in {DeliveryState.REFUSED, DeliveryState.CANCELLED}:
        _undeliverable(incident, answer, delivery.reason, SYSTEM, now)
    elif state == DeliveryState.WAITING:
        _on_its_way_again(incident, answer, now)


def _is_old(state: str, delivery: Delivery) -> bool:
    """Whether the delivery has gone on since: a refusal that is being tried again gives nobody the draft back."""
    if state == DeliveryState.WAITING:
        return delivery.state not in IN_FLIGHT
    return state != delivery.state


def _on_its_way_again(incident: Incident, answer: Answer, now: datetime) -> None:
    """A person has had it sent again: it no longer waits for somebody to look or to publish by hand."""
    if incident.state == State.UNCERTAIN:
        _set(answer, AnswerStatus.PUBLISHING, now)
        move(incident, verb="delivery_again", by=SYSTEM, now=now, delivery_note=DeliveryNote.NONE)
    elif incident.delivery_note == DeliveryNote.MANUAL:
        touch(incident, verb="delivery_again", by=SYSTEM, now=now, delivery_note=DeliveryNote.NONE)


def _set(answer: Answer, status: str, now: datetime) -> None:
    answer.status, answer.updated_at = status, now
    answer.save(update_fields=["status", "updated_at"])


def _published(incident: Incident, answer: Answer, delivery: Delivery, now: datetime) -> None:
    answer.published_at = delivery.finished_at or now
    answer.status, answer.updated_at = AnswerStatus.PUBLISHED, now
    answer.save(update_fields=["status", "published_at", "updated_at"])
    move(
        incident,
        verb="answered",
        by=SYSTEM,
        now=now,
        reason=delivery.permalink,
        first_answer_at=incident.first_answer_at or answer.published_at,
        resolution=answer.resolution,
        delivery_note=DeliveryNote.NONE,
        author_replied_at=None,
    )


def _undeliverable(incident: Incident, answer: Answer, reason: str, by: Actor, now: datetime) -> None:
    _set(answer, AnswerStatus.UNDELIVERABLE, now)
    # The text comes back as a draft: a person mends it or answers another way, nothing is typed twice.
    Answer.objects.get_or_create(
        incident=incident,
        status=AnswerStatus.DRAFT,
        defaults={"text": answer.text, "author": answer.author, "created_at": now, "updated_at": now},
    )
    move(
        incident,
        verb="undeliverable",
        by=by,
        now=now,
        reason=reason,
        delivery_note=DeliveryNote.UNDELIVERABLE,
    )


@transaction.atomic
def take_back(*, incident: Incident, by: Account, now: datetime, version: int | None = None) -> Incident:
    """Stop a publication that nobody sent yet. Raises StaleCard when the network already has the answer."""
    incident = locked(incident, version=version)
    answer = (
        Answer.objects.filter(incident=incident, status=AnswerStatus.PUBLISHING)
        .select_related("delivery")
        .first()
    )
    if answer is None or answer.delivery is None:
        raise StaleCard
    channels.cancel(delivery=answer.delivery, by=by.actor, now=now)
    _undeliverable(incident, answer, "taken_back", by.actor, now)
    return Incident.objects.get(pk=incident.pk)
