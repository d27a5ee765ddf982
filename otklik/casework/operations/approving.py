"""Approval: a second person sees a text before the resident does."""

from datetime import datetime

from django.db import transaction

from otklik.casework import rules
from otklik.casework.enums import AnswerKind, AnswerStatus, DeliveryNote
from otklik.casework.models import Answer, Incident
from otklik.casework.operations.answer_quality import Checked
from otklik.casework.operations.answering import Words, compose, fit_by_check, fit_to_send, let_go
from otklik.casework.operations.approval_rules import approves, deciding_rule
from otklik.casework.operations.basis import StaleCard, locked, move, required, set_status
from otklik.casework.operations.ending import refuse_postponement
from otklik.people.models import Account


@transaction.atomic
def submit(
    *,
    incident: Incident,
    text: str,
    resolution: str,
    by: Account,
    now: datetime,
    version: int | None = None,
    kind: str = AnswerKind.FINAL,
    promised_for: datetime | None = None,
    checked: Checked | None = None,
    together: bool = False,
) -> Answer:
    """Lay the answer before a second person, who sees what is advised. Raises the facts of `publish`, except that it
    needs approval."""
    text = fit_to_send(text)
    incident = locked(incident, version=version)
    rules.check_move("submit", incident.state)
    said = Words(text, kind, resolution, promised_for, together)
    fit_by_check(incident, said, now, checked, final=False)
    return _laid(incident, "submit", said, by, now)


@transaction.atomic
def postpone(
    *,
    incident: Incident,
    text: str,
    promised_for: datetime,
    by: Account,
    now: datetime,
    version: int | None = None,
) -> Incident:
    """Ask to move a plan to another day, with the note that the resident will read. Possible twice.

    The third time nothing is asked: the incident returns for rework. Raises NeedsDate, AnswerIsEmpty, IllegalMove.
    """
    text = fit_to_send(text)
    incident = locked(incident, version=version)
    rules.check_move("postpone", incident.state)
    rules.check_promise(AnswerKind.PLAN, promised_for, now)
    if incident.plans > rules.MAX_PLAN_MOVES:
        return refuse_postponement(incident=incident, by=by.actor, now=now)
    return _laid(incident, "postpone", Words(text, AnswerKind.PLAN, "", promised_for), by, now).incident


def _laid(incident: Incident, verb: str, said: Words, by: Account, now: datetime) -> Answer:
    answer = compose(incident, said, by=by, now=now)
    answer.status = AnswerStatus.APPROVAL
    answer.save()
    incident.reason = ""
    move(incident, verb=verb, by=by.actor, now=now, delivery_note=DeliveryNote.NONE)
    return answer


@transaction.atomic
def approve(*, incident: Incident, by: Account, now: datetime, version: int | None = None) -> Answer:
    """Agree with the text and send it on its way. Raises FourEyes for its author.

    Raises NotTheApprover when by the rules it is another's word, NeedsDate when the promised day has passed.
    """
    incident = locked(incident, version=version)
    rules.check_move("approve", incident.state)
    answer = _under_approval(incident)
    if answer.author_id == by.pk:
        raise rules.FourEyes
    _by_rule(incident, answer.author, by, now)
    rules.check_promise(answer.kind, answer.promised_for, now)
    answer.approved_by, answer.status, answer.updated_at = by, AnswerStatus.PUBLISHING, now
    move(incident, verb="approve", by=by.actor, now=now)
    let_go(answer, incident, now)
    return answer


@transaction.atomic
def send_back(
    *, incident: Incident, reason: str, by: Account, now: datetime, version: int | None = None
) -> Incident:
    """Give the text back to be mended, with what is wrong; it is a draft again. Its author may take it back so, too."""
    incident = locked(incident, version=version)
    rules.check_move("send_back", incident.state)
    set_status(_under_approval(incident), AnswerStatus.DRAFT, now)
    return move(incident, verb="send_back", by=by.actor, now=now, reason=required(reason))


def _by_rule(incident: Incident, author: Account, by: Account, now: datetime) -> None:
    """Raise NotTheApprover when a rule asks for the word of somebody else."""
    rule = deciding_rule(incident, author)
    if rule is not None and rule.asks and not approves(incident, by, now):
        raise rules.NotTheApprover


def _under_approval(incident: Incident) -> Answer:
    answer = Answer.objects.filter(incident=incident, status=AnswerStatus.APPROVAL).first()
    if answer is None:
        raise StaleCard
    return answer
