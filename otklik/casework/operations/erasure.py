"""A resident's request to erase what is known of them, from its receipt to its end."""

from datetime import datetime

from django.db import transaction

from otklik.audit import operations as audit
from otklik.casework.enums import ErasureChannel, ErasureState
from otklik.casework.models import ErasureRequest
from otklik.casework.operations import erasing
from otklik.casework.operations.holds import UnderHold, holds_of, require_right
from otklik.casework.operations.personal import masked
from otklik.casework.rules import erasure as rules
from otklik.common import jobs
from otklik.common.erased import mark
from otklik.common.wakeup import wake_up
from otklik.inbox.models import Author
from otklik.people.models import Account
from otklik.registry import operations as registry

_OPEN = (ErasureState.RECEIVED, ErasureState.CHECKED, ErasureState.HELD)


class RequestIsOpen(Exception):
    """Требование этого автора уже принято и ещё не исполнено."""


class AlreadyErased(Exception):
    """Данные этого автора уже стёрты."""


class WrongMomentOfRequest(Exception):
    """С этим требованием так поступить уже нельзя: обновите страницу."""


class NeedsProof(Exception):
    """Напишите, как убедились, что требует сам автор: какой документ показал или чем подтвердил, без номеров."""


class NeedsRefusal(Exception):
    """Напишите, почему отказано: этот ответ получит житель."""


class SecondPersonErases(Exception):
    """Стирает другой человек, не тот, кто проверил личность: это нельзя отменить."""


@transaction.atomic
def receive_erasure(
    *, author: Author, channel: str, received_at: datetime, by: Account, now: datetime
) -> ErasureRequest:
    """Write down that the author asks; the term runs from when it was received.

    Raises MayNotErase, AlreadyErased, RequestIsOpen, WrongMomentOfRequest (for a day that has not come).
    """
    require_right(by)
    author = Author.objects.select_for_update(of=("self",)).get(pk=author.pk)
    if author.erased_at:
        raise AlreadyErased
    if channel not in ErasureChannel.values or received_at > now:
        raise WrongMomentOfRequest
    if ErasureRequest.objects.filter(author=author, state__in=_OPEN).exists():
        raise RequestIsOpen
    due = rules.due_of(received_at, registry.working_calendar())
    made = ErasureRequest.objects.create(
        author=author, channel=channel, received_at=received_at, due_at=due, taken_by=by
    )
    audit.record(by=by.actor, verb="receive_erasure", subject=made, now=now, channel=channel)
    return made


@transaction.atomic
def check_erasure(*, request: ErasureRequest, proof: str, by: Account, now: datetime) -> ErasureRequest:
    """Say how it was made sure that the author asks. It waits when a hold forbids to erase.

    Raises MayNotErase, NeedsProof, WrongMomentOfRequest.
    """
    require_right(by)
    request = _locked(request, ErasureState.RECEIVED)
    # The number of a passport has no business here.
    request.proof = masked(" ".join(proof.split())[:300])[:300]
    if not request.proof:
        raise NeedsProof
    held = holds_of(author=request.author, now=now)
    request.state = ErasureState.HELD if held else ErasureState.CHECKED
    request.checked_at, request.checked_by = now, by
    request.save()
    audit.record(by=by.actor, verb="check_erasure", subject=request, now=now, state=request.state)
    return request


@transaction.atomic
def refuse_erasure(*, request: ErasureRequest, reason: str, by: Account, now: datetime) -> ErasureRequest:
    """End the request without erasing. Raises MayNotErase, NeedsRefusal, WrongMomentOfRequest."""
    require_right(by)
    request = _locked(request, *_OPEN)
    request.reason = masked(" ".join(reason.split())[:500])[:500]
    if not request.reason:
        raise NeedsRefusal
    request.state, request.ended_at, request.ended_by = ErasureState.REFUSED, now, by
    request.save()
    audit.record(by=by.actor, verb="refuse_erasure", subject=request, now=now, reason=request.reason)
    return request


@transaction.atomic
def carry_out_erasure(*, request: ErasureRequest, by: Account, now: datetime) -> ErasureRequest:
    """Erase everything of the author. It cannot be undone, so another person than the one who checked does it.

    Raises MayNotErase, SecondPersonErases, UnderHold, StillInWork, AnswerOnItsWay, WrongMomentOfRequest.
    """
    require_right(by)
    request = _locked(request, ErasureState.CHECKED, ErasureState.HELD)
    if request.checked_by_id == by.pk:
        raise SecondPersonErases
    if holds_of(author=request.author, now=now):
        raise UnderHold
    left = mark(registry.local_date(now), f"требование автора № {request.pk}")
    request.counts = erasing.erase_all_of(author=request.author, left=left, by=by.actor, now=now)
    request.state, request.ended_at, request.ended_by = ErasureState.DONE, now, by
    request.save()
    audit.record(by=by.actor, verb="carry_out_erasure", subject=request, now=now, **request.counts)
    # What colleagues saved to search for is kept above us.
    wake_up(jobs.SEARCHES)
    return request


def _locked(request: ErasureRequest, *states: str) -> ErasureRequest:
    found = ErasureRequest.objects.select_for_update(of=("self",)).select_related("author").get(pk=request.pk)
    if found.state not in states:
        raise WrongMomentOfRequest
    return found
