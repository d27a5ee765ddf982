"""Drafts and the publication of an answer."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext

from otklik.audit import operations as audit
from otklik.casework import rules
from otklik.casework.enums import AnswerKind, AnswerStatus, DeliveryNote, State
from otklik.casework.models import Answer, Incident
from otklik.casework.operations.answer_quality import Checked, fit_to_publish
from otklik.casework.operations.approval_rules import policy_for
from otklik.casework.operations.basis import locked, move
from otklik.casework.rules import templates
from otklik.channels import operations as channels
from otklik.channels.base import Target
from otklik.channels.enums import Place
from otklik.common.jobs import ASSEMBLE
from otklik.common.wakeup import wake_up
from otklik.inbox.models import SourceMessage
from otklik.people.models import Account

# VK takes 4096 characters in practice; a mention of the author is put before the text.
LONGEST_ANSWER = 4000
# While a text is on its way nobody writes another: a refusal brings it back as the draft.
DRAFTING = frozenset({State.TRIAGE, State.ROUTED, State.IN_PROGRESS})
ON_ITS_WAY = (AnswerStatus.PUBLISHING, AnswerStatus.UNCERTAIN)
# Said to the author beside the answers: they leave the incident where it is.
BESIDE = (AnswerKind.QUESTION, AnswerKind.NOTE)


def drafted_photos(incident: Incident) -> int:
    """How many photos stand beside the draft. One query."""
    found = Answer.objects.filter(incident=incident, status=AnswerStatus.DRAFT)
    return found.values_list("photos", flat=True).first() or 0


class AnswerIsEmpty(Exception):
    """Ответ пуст: напишите его, прежде чем публиковать."""


class AnswerTooLong(Exception):
    """Ответ длиннее 4000 знаков: сеть его не примет. Сократите его."""


class AnswerHasGaps(Exception):
    """В тексте остались незаполненные места шаблона, впишите вместо них слова:"""

    def __init__(self, gaps: Iterable[str]) -> None:
        self.gaps = tuple(dict.fromkeys(gaps))
        super().__init__(*self.gaps)

    def told(self) -> str:
        """The fact with what is left to fill."""
        return f"{gettext(type(self).__doc__ or '')} {', '.join(self.gaps)}."


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
    policy: rules.ApprovalPolicy | None = None,
    checked: Checked | None = None,
    together: bool = False,
) -> Answer:
    """Send the answer on its way: `publishing`, the answer, the outbox row and the job in one transaction.

    `together` with answers to other questions of the message it waits for them, and leaves in one reply with them.

    The incident is answered only when the network's receipt says so. An interim answer and a plan promise a day.
    Raises the facts of `compose`, NeedsApproval when a second person must agree (by `policy`, which is that of the
    region's rules unless given), StaleCard, IllegalMove; AnswerBlocked and AnswerAdvised when it is to be `checked`.
    """
    text = fit_to_send(text)
    incident = locked(incident, version=version)
    rules.check_move("publish", incident.state)
    policy = policy_for(incident, by, text, now) if policy is None else policy
    if policy.needed(kind, incident.plans):
        raise rules.NeedsApproval
    said = Words(text, kind, resolution, promised_for, together)
    answer = compose(incident, said, by=by, now=now)
    overruled = fit_by_check(incident, said, now, checked, final=True)
    answer.status = AnswerStatus.PUBLISHING
    move(incident, verb="publish", by=by.actor, now=now, code=_coded(kind), delivery_note=DeliveryNote.NONE)
    let_go(answer, incident, now)
    if overruled:
        audit.record(by=by.actor, verb="overrule_advice", subject=answer, now=now, codes=list(overruled))
    return answer


@dataclass(frozen=True, slots=True)
class Words:
    """What is to be said to the resident: an answer of a kind, its outcome, and the day it promises."""

    text: str
    kind: str
    resolution: str
    promised_for: datetime | None = None
    # The author chose to say it in one reply with the answers to other questions of the message.
    together: bool = False


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
    answer.approved_by, answer.updated_at, answer.together = None, now, said.together
    return answer


def fit_by_check(
    incident: Incident, said: Words, now: datetime, checked: Checked | None, *, final: bool
) -> tuple[str, ...]:
    """What the check advised and the person overruled; nothing when the text is not to be checked.

    Raises AnswerBlocked; AnswerAdvised when the text goes out by this act (`final`).
    """
    if checked is None:
        return ()
    checked = replace(checked, has_photo=checked.has_photo or drafted_photos(incident) > 0)
    return fit_to_publish(
        incident,
        said.text,
        kind=said.kind,
        resolution=said.resolution,
        now=now,
        checked=checked,
        final=final,
    )


def _coded(kind: str) -> str:
    """What a move says of the kind; a usual answer needs no word."""
    return "" if kind == AnswerKind.FINAL else kind


def fit_to_send(text: str) -> str:
    """The text as it goes out. Raises AnswerIsEmpty, AnswerTooLong, AnswerHasGaps."""
    text = text.strip()
    if not text:
        raise AnswerIsEmpty
    if len(text) > LONGEST_ANSWER:
        raise AnswerTooLong
    if gaps := templates.gaps_of(text):
        raise AnswerHasGaps([words for words, _start, _end in gaps])
    return text


def one_at_a_time(incident: Incident) -> None:
    """Raise QuestionOnItsWay when something of this incident is still between us and the network."""
    if Answer.objects.filter(incident=incident, status__in=ON_ITS_WAY, kind__in=BESIDE).exists():
        raise QuestionOnItsWay


def let_go(answer: Answer, incident: Incident, now: datetime) -> None:
    """Queue the text, or leave it to wait for its fellows: a job sees when the reply is complete."""
    if not answer.together:
        return send(answer, incident, now)
    answer.save()
    wake_up(ASSEMBLE)
    return None


def send(answer: Answer, incident: Incident, now: datetime, *, hold: timedelta = timedelta(0)) -> None:
    """Save the text and queue it to stand under the message; `hold` is the time in which it can be taken back."""
    answer.save()
    answer.delivery = channels.enqueue(
        connection=incident.message.connection,
        owner=f"answer:{answer.pk}",
        target=target_of(incident.message),
        text=answer.text,
        now=now,
        hold=hold,
    )
    answer.save(update_fields=["delivery"])


def target_of(message: SourceMessage) -> Target:
    """Where the message stands and whose it is: there what is said or done about it belongs."""
    return Target(
        place=message.place,
        object_id=message.object_id,
        reply_to="" if message.place == Place.DIRECT else message.external_id,
        author_id=message.author.external_id if message.author else "",
        author_name=message.author.name if message.author else "",
        root_id=message.thread.root_id if message.thread else "",
    )
