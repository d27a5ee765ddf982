"""Drafts and the publication of an answer."""

from dataclasses import dataclass
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
# Said to the author beside the answers: they leave the incident where it is.
BESIDE = (AnswerKind.QUESTION, AnswerKind.NOTE)


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
        draft = Answer.objects.create(
            incident=incident, text=text, cycle=incident.cycle, author=by, created_at=now, updated_at=now
        )
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
    kind: str = AnswerKind.FINAL,
    promised_for: datetime | None = None,
    policy: rules.ApprovalPolicy = rules.NO_APPROVAL,
) -> Answer:
    """Send the answer on its way: `publishing`, the answer, the outbox row and the job in one transaction.

    The incident is answered only when the network's receipt says so. An interim answer and a plan promise a day.
    Raises the facts of `compose`, NeedsApproval when by `policy` a second person must agree, StaleCard, IllegalMove.
    """
    text = fit_to_send(text)
    incident = locked(incident, version=version)
    rules.check_move("publish", incident.state)
    if policy.needed(kind, incident.plans):
        raise rules.NeedsApproval
    said = Words(text, kind, resolution, promised_for)
    answer = compose(incident, said, by=by, now=now)
    answer.status = AnswerStatus.PUBLISHING
    move(incident, verb="publish", by=by.actor, now=now, code=_coded(kind), delivery_note=DeliveryNote.NONE)
    send(answer, incident, now)
    return answer


@dataclass(frozen=True, slots=True)
class Words:
    """What is to be said to the resident: an answer of a kind, its outcome, and the day it promises."""

    text: str
    kind: str
    resolution: str
    promised_for: datetime | None = None


def compose(incident: Incident, said: Words, *, by: Account, now: datetime) -> Answer:
    """The draft of a locked incident with these words, not saved yet.

    Raises QuestionOnItsWay; NeedsDate, NeedsCoordinator, CannotPostpone, WrongOutcome when it may not be said.
    """
    one_at_a_time(incident)
    rules.check_promise(said.kind, said.promised_for, now)
    rules.check_interim(said.kind, incident.interims, incident.interim_permits)
    rules.check_plan(said.kind, incident.plans)
    final = said.kind == AnswerKind.FINAL
    if final and said.resolution not in rules.outcomes(incident.kind, incident.plans):
        raise rules.WrongOutcome
    answer = Answer.objects.filter(incident=incident, status=AnswerStatus.DRAFT).first()
    answer = answer or Answer(incident=incident, created_at=now)
    answer.text, answer.kind, answer.author, answer.cycle = said.text, said.kind, by, incident.cycle
    answer.resolution = said.resolution if final else ""
    answer.promised_for = said.promised_for if said.kind in rules.DATED else None
    answer.approved_by, answer.updated_at = None, now
    return answer


def _coded(kind: str) -> str:
    """What a move says of the kind; a usual answer needs no word."""
    return "" if kind == AnswerKind.FINAL else kind


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
    if Answer.objects.filter(incident=incident, status__in=ON_ITS_WAY, kind__in=BESIDE).exists():
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
