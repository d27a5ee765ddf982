"""One reply to a message that was split: answers to its questions wait for each other and leave as one text.

Rows only: an answer that waits is on its way and has no delivery yet. A job looks which replies are complete.
"""

import hashlib
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from otklik.audit import operations as audit
from otklik.casework import rules
from otklik.casework.enums import AnswerStatus, State
from otklik.casework.models import Answer, Incident
from otklik.casework.operations.answering import LONGEST_ANSWER, send, target_of
from otklik.casework.operations.basis import StaleCard, touch
from otklik.casework.operations.family import Family
from otklik.casework.rules import addressing, assembling
from otklik.channels import operations as channels
from otklik.common.actor import SYSTEM, Actor
from otklik.people.models import Account
from otklik.triage.enums import Priority

# Where a question may still get its first answer; one that was answered apart is not waited for.
_OWING = (
    State.NEW,
    State.TRIAGE,
    State.CLARIFICATION,
    State.ROUTED,
    State.IN_PROGRESS,
    State.APPROVAL,
)
WAITING = Q(status=AnswerStatus.PUBLISHING, together=True, delivery=None)


def owing(of: OuterRef | int) -> QuerySet[Incident]:
    """The questions of a message that a reply to all of them still waits for. `of` is the message."""
    apart = Answer.objects.filter(incident=OuterRef("pk"), status=AnswerStatus.APPROVAL, together=False)
    found = Incident.objects.filter(message_id=of, state__in=_OWING, first_answer_at=None)
    return found.exclude(Exists(apart))


def waits_until(incident: Incident, now: datetime) -> datetime | None:
    """Until when, at the latest, an answer to this question would wait for those to others; None when it would not.

    What is critical waits for nothing. One query.
    """
    if incident.priority == Priority.CRITICAL or incident.first_answer_at is not None:
        return None
    waiting = Exists(Answer.objects.filter(WAITING, incident=OuterRef("pk")))
    others = Incident.objects.filter(waiting, message_id=incident.message_id) | owing(incident.message_id)
    dues = list(others.exclude(pk=incident.pk).values_list("due_at", flat=True))
    if not dues:
        return None
    leaves = assembling.leaves_at([incident.due_at, *dues], now)
    return leaves if leaves > now else None


def replies_wait(*, now: datetime) -> bool:
    """Whether some reply is complete, or its time has come."""
    return _ready(now).exists()


def assemble_next(*, now: datetime) -> bool:
    """Let the next reply out that is complete or whose time has come; whether there was one. Safe to repeat."""
    message = (
        _ready(now).order_by("incident__due_at", "pk").values_list("incident__message", flat=True).first()
    )
    return message is not None and _assemble(message, now, SYSTEM, at_once=False) > 0


@transaction.atomic
def send_together(*, incident: Incident, by: Account, now: datetime, version: int | None = None) -> Incident:
    """Let a reply out with the parts it has, without those it still waits for.

    Raises IllegalMove, and StaleCard when nothing of this incident waits, or somebody changed the card since.
    """
    family = Family.of(incident.message_id, by.actor, now)
    current = family.incidents[incident.pk]
    rules.check_stay("send_together", current.state)
    waiting = Answer.objects.filter(WAITING, incident=current)
    if not waiting.exists() or (version is not None and current.version != version):
        raise StaleCard
    _assemble(incident.message_id, now, by.actor, at_once=True)
    return touch(Incident.objects.get(pk=incident.pk), verb="send_together", by=by.actor, now=now)


def split_up(answer: Answer) -> None:
    """A part is taken back before the reply left: the other parts wait again. Their incidents are locked."""
    rest = Answer.objects.filter(delivery=answer.delivery_id, status=AnswerStatus.PUBLISHING)
    rest.exclude(pk=answer.pk).update(delivery=None)


def _ready(now: datetime) -> QuerySet[Answer]:
    late = Q(incident__due_at__lte=now + assembling.RESERVE) | Q(incident__priority=Priority.CRITICAL)
    return Answer.objects.filter(WAITING).filter(late | ~Exists(owing(OuterRef("incident__message"))))


@transaction.atomic
def _assemble(message: int, now: datetime, by: Actor, *, at_once: bool) -> int:
    """Queue what waits for this message as one reply; too long for one, each part by itself. Returns how many."""
    family = Family.of(message, by, now)
    # Looked at again under the lock: a part may have been taken back, or another worker was quicker.
    if not at_once and not _ready(now).filter(incident__message=message).exists():
        return 0
    answers = list(Answer.objects.filter(WAITING, incident__message=message).order_by("incident__part", "pk"))
    incidents = [family.incidents[answer.incident_id] for answer in answers]
    text = assembled_text(incidents, [answer.text for answer in answers])
    if len(answers) < 2 or len(text) > LONGEST_ANSWER:
        for answer, incident in zip(answers, incidents, strict=True):
            send(answer, incident, now)
        return len(answers)
    # Whoever is taken back never comes back under the same number, so a set of parts is queued once.
    parts = hashlib.sha256("+".join(str(answer.pk) for answer in answers).encode()).hexdigest()[:24]
    delivery = channels.enqueue(
        connection=family.message.connection,
        owner=f"answers:{answers[0].pk}:{parts}",
        target=target_of(family.message),
        text=text,
        now=now,
    )
    Answer.objects.filter(pk__in=[answer.pk for answer in answers]).update(delivery=delivery, updated_at=now)
    numbers = [incident.number for incident in incidents]
    audit.record(by=by, verb="assemble", subject=delivery, now=now, incidents=numbers)
    return len(answers)


def assembled_text(incidents: Sequence[Incident], texts: Sequence[str]) -> str:
    """The reply that these texts make, one for each incident of one message."""
    if not incidents:
        return ""
    author = incidents[0].message.author
    parts = [
        assembling.Part(incident.topic.name, text) for incident, text in zip(incidents, texts, strict=True)
    ]
    return assembling.assembled(parts, addressing.first_name(author.name) if author else "")
