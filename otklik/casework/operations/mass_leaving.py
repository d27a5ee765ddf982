"""How an author leaves a mass problem: taken out by a person, or by the author's own words."""

import logging
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from otklik.casework import rules
from otklik.casework.enums import AnswerStatus, MemberState
from otklik.casework.models import Answer, Incident, MassMember, MassProblem
from otklik.casework.operations.basis import locked, move, required, set_status
from otklik.casework.operations.mass_basis import locked_problem, step
from otklik.channels import operations as channels
from otklik.channels.enums import DeliveryState
from otklik.common.actor import SYSTEM, Actor
from otklik.inbox.models import SourceMessage

log = logging.getLogger(__name__)
BY_HAND = "by_hand"
"""Why a person took an author out who did not say why: it was done on the card of the incident."""
OWN_WORDS = "author"
"""Why an author left whom nobody took out."""
WAITS = "author_waits"
"""The author says that it is another matter, while the common reply is on its way: a person looks."""


class NotAMember(Exception):
    """Этого вопроса в проблеме уже нет. Обновите страницу."""


class ReplyOnItsWay(Exception):
    """Ответ этому автору сейчас уходит в сеть. Подождите, пока он выйдет, и выньте вопрос тогда."""


@transaction.atomic
def take_out(
    *,
    problem: MassProblem,
    incident: Incident,
    why: str,
    by: Actor,
    now: datetime,
    version: int | None = None,
) -> Incident:
    """The author's matter is another one: the incident goes back to triage with its own clock.

    A reply that nobody sent yet is taken back. `version` is of the incident. Raises NeedsReason, NotAMember,
    ReplyOnItsWay, StaleCard.
    """
    why = required(why)
    problem = locked_problem(problem)
    incident = locked(incident, version=version)
    member = MassMember.objects.filter(problem=problem, incident=incident, state=MemberState.IN).first()
    if member is None:
        raise NotAMember
    _stop_reply(incident, by, now)
    incident.reason = ""
    moved = move(incident, verb="detach", by=by, now=now, reason=f"{problem.number}: {why}", code="mass")
    member.state, member.left_at, member.left_by, member.why = MemberState.OUT, now, by.name, why
    member.save(update_fields=["state", "left_at", "left_by", "why"])
    step(problem, verb="take_out", by=by, now=now, reason=f"{incident.number}: {why}")
    return moved


def _stop_reply(incident: Incident, by: Actor, now: datetime) -> None:
    """Take back the common reply to this author if nobody sent it yet. Raises ReplyOnItsWay."""
    on_its_way = Answer.objects.filter(
        incident=incident,
        round__isnull=False,
        status__in=[AnswerStatus.PUBLISHING, AnswerStatus.UNCERTAIN],
    )
    for answer in on_its_way.select_related("delivery"):
        if answer.delivery is None or answer.delivery.state != DeliveryState.WAITING:
            raise ReplyOnItsWay
        try:
            channels.cancel(delivery=answer.delivery, by=by, now=now)
        except channels.TooLate as late:
            raise ReplyOnItsWay from late
        set_status(answer, AnswerStatus.UNDELIVERABLE, now)


@transaction.atomic
def hear_other(*, messages: Sequence[SourceMessage], now: datetime) -> int:
    """Authors who write on in their thread that they asked about something else are taken out; returns how many.

    Part of the road, before it looks for what the message continues.
    """
    said = {
        (each.thread_id, each.author_id)
        for each in messages
        if each.thread_id and each.author_id and rules.says_other(each.text)
    }
    if not said:
        return 0
    theirs = Q()
    for thread, author in said:
        theirs |= Q(incident__message__thread=thread, incident__message__author=author)
    members = MassMember.objects.filter(theirs, state=MemberState.IN).select_related("problem", "incident")
    return sum(_let_go(member, now) for member in members.order_by("problem", "pk"))


def _let_go(member: MassMember, now: datetime) -> bool:
    try:
        with transaction.atomic():
            take_out(problem=member.problem, incident=member.incident, why=OWN_WORDS, by=SYSTEM, now=now)
    except (ReplyOnItsWay, NotAMember):
        MassMember.objects.filter(pk=member.pk, state=MemberState.IN).update(why=WAITS)
        return False
    return True
