"""Drafts and the publication of an answer."""

from datetime import datetime, timedelta

from django.db import transaction

from otklik.audit import operations as audit
from otklik.casework import rules
from otklik.casework.enums import AnswerKind, AnswerStatus, DeliveryNote, State
from otklik.casework.models import Answer, Incident
from otklik.casework.operations.basis import locked, move
from otklik.channels import operations as channels
from otklik.channels.base import Target
from otklik.channels.enums import Place
from otklik.people.models import Account

# VK takes 4096 characters in practice; a mention of the author is put before the text.
LONGEST_ANSWER = 4000
# While a text is on its way nobody writes another: a refusal brings it back as the draft.
DRAFTING = frozenset({State.TRIAGE, State.ROUTED, State.IN_PROGRESS})
ON_ITS_WAY = (AnswerStatus.PUBLISHING, AnswerStatus.UNCERTAIN)


class AnswerIsEmpty(Exception):
    """Ответ пуст: напишите его, прежде чем публиковать."""


class AnswerTooLong(Exception):
    """Ответ длиннее 4000 знаков: сеть его не примет. Сократите его."""


class QuestionOnItsWay(Exception):
    """Уточняющий вопрос ещё на пути в сеть: подождите, пока он выйдет, или отзовите его."""


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
    QuestionOnItsWay, StaleCard, IllegalMove.
    """
    text = fit_to_send(text)
    incident = locked(incident, version=version)
    one_at_a_time(incident)
    answer = Answer.objects.filter(incident=incident, status=AnswerStatus.DRAFT).first()
    answer = answer or Answer(incident=incident, created_at=now)
    answer.text, answer.author, answer.resolution = text, by, resolution
    answer.status, answer.updated_at = AnswerStatus.PUBLISHING, now
    move(incident, verb="publish", by=by.actor, now=now, delivery_note=DeliveryNote.NONE)
    send(answer, incident, now)
    return answer


def fit_to_send(text: str) -> str:
    """The text as it goes out. Raises AnswerIsEmpty, AnswerTooLong."""
    text = text.strip()
    if not text:
        raise AnswerIsEmpty
    if len(text) > LONGEST_ANSWER:
        raise AnswerTooLong
    return text


def one_at_a_time(incident: Incident) -> None:
    """Raise QuestionOnItsWay when something of this incident is still between us and the network."""
    if Answer.objects.filter(incident=incident, status__in=ON_ITS_WAY, kind=AnswerKind.QUESTION).exists():
        raise QuestionOnItsWay


def send(answer: Answer, incident: Incident, now: datetime, *, hold: timedelta = timedelta(0)) -> None:
    """Save the text and queue it to stand under the message; `hold` is the time in which it can be taken back."""
    answer.save()
    answer.delivery = channels.enqueue(
        connection=incident.message.connection,
        owner=f"answer:{answer.pk}",
        target=_target(incident),
        text=answer.text,
        now=now,
        hold=hold,
    )
    answer.save(update_fields=["delivery"])


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
