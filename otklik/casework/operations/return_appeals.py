"""A body contests a return of its answer; somebody of the centre decides who neither returned nor reviewed it.

Granted, the return stays in the history and counts against nobody: no figure knows it, no escalation rests on it.
Nothing moves by that: from `rework` the machine leads on to work and approval, never back to an answer.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction

from otklik.casework import rules
from otklik.casework.enums import AnswerKind, AnswerStatus, AppealVerdict, ReviewVerdict, ReworkCode
from otklik.casework.models import Answer, Incident, Move, ReturnAppeal, Review, SampledAnswer
from otklik.casework.operations.basis import locked, required, sla_limits, touch
from otklik.casework.operations.ending import lifted_returns
from otklik.casework.rules.post_control import CONTESTED, RETURNS
from otklik.people.models import Account
from otklik.registry import operations as registry
from otklik.triage.enums import Priority

LONGEST_WORDS = 2000


class NothingToContest(Exception):
    """Здесь нет возврата, на который можно возразить."""


class ContestedAlready(Exception):
    """Возражение на этот возврат уже есть: второй раз не возражают."""


class TooLateToContest(Exception):
    """Срок возражения вышел."""


class ContestIsDecided(Exception):
    """По этому возражению уже решили."""


class OwnReturn(Exception):
    """Возражение рассматривает не тот, кто вернул или оценил ответ: попросите коллегу."""


def contested_move(moves: Iterable[Move]) -> Move | None:
    """The return that a body may contest, of moves with the newest first: the latest, unless a rule made it."""
    found = next((each for each in moves if each.verb in CONTESTED), None)
    if found is None or found.executor_id is None or found.code == ReworkCode.THIRD_POSTPONEMENT:
        return None
    return found


def contest_until(move: Move) -> datetime:
    """Until when the return may be contested, by the hours of its body."""
    calendar = registry.working_calendar_of(move.executor_id)
    return rules.due_of(sla_limits().appeal, move.at, Priority.NORMAL, calendar)


@transaction.atomic
def contest_return(
    *, incident: Incident, reason: str, by: Account, now: datetime, version: int | None = None
) -> ReturnAppeal:
    """Say against the latest return of an incident why the answer was right.

    Raises NeedsReason, StaleCard, NothingToContest, ContestedAlready, TooLateToContest.
    """
    words = required(reason)[:LONGEST_WORDS]
    incident = locked(incident, version=version)
    found = contested_move(incident.moves.filter(verb__in=CONTESTED).order_by("-pk")[:1])
    answer = _answer_of(found) if found else None
    if found is None or found.executor is None or answer is None:
        raise NothingToContest
    if ReturnAppeal.objects.filter(move=found).exists():
        raise ContestedAlready
    if now > contest_until(found):
        raise TooLateToContest
    appeal = ReturnAppeal.objects.create(
        incident=incident,
        move=found,
        answer=answer,
        body=found.executor,
        returned_by=Account.objects.filter(pk=found.actor_id or 0).first(),
        text=words,
        contested_by=by,
        contested_at=now,
        due_at=_decide_until(now),
    )
    touch(incident, verb="contest_return", by=by.actor, now=now, reason=words)
    return appeal


@transaction.atomic
def decide_return_appeal(
    *, appeal: ReturnAppeal, grant: bool, why: str, by: Account, now: datetime
) -> ReturnAppeal:
    """Let the return stand and say why, or lift it: then it counts against nobody. Never by whoever made it.

    Raises NeedsReason, ContestIsDecided, OwnReturn.
    """
    words = required(why)[:LONGEST_WORDS]
    incident = locked(appeal.incident)
    kept = ReturnAppeal.objects.select_for_update(of=("self",)).get(pk=appeal.pk)
    if kept.verdict:
        raise ContestIsDecided
    if had_a_hand(kept, by):
        raise OwnReturn
    kept.verdict = AppealVerdict.GRANTED if grant else AppealVerdict.UPHELD
    kept.why, kept.decided_by, kept.decided_at = words, by, now
    kept.save()
    verb = "lift_return" if grant else "uphold_return"
    changes = _lifted(kept, incident, now) if grant else {}
    touch(incident, verb=verb, by=by.actor, now=now, reason=words, **changes)
    return kept


def had_a_hand(appeal: ReturnAppeal, account: Account) -> bool:
    """Whether the person returned the answer, spoke against it in post-control, or contests it now."""
    if account.pk in {appeal.returned_by_id, appeal.contested_by_id}:
        return True
    return Review.objects.filter(
        answer_id=appeal.answer_id, reviewer=account, verdict=ReviewVerdict.RETURN
    ).exists()


def _lifted(appeal: ReturnAppeal, incident: Incident, now: datetime) -> dict[str, Any]:
    """Set aside what was said against the answer; the changes of the incident that follow."""
    for rows in (Review.objects, SampledAnswer.objects):
        said = rows.filter(answer_id=appeal.answer_id, verdict=ReviewVerdict.RETURN, set_aside_at=None)
        said.update(set_aside_at=now)
    counted = incident.returns - lifted_returns(incident)
    return {"escalated_at": None} if counted < rules.ESCALATING_RETURN else {}


def _answer_of(move: Move) -> Answer | None:
    """What came back by the move: the drawn answer of a sample, else what stood in the network last."""
    if move.verb not in RETURNS:
        drawn = SampledAnswer.objects.filter(
            answer__incident=move.incident_id, verdict=ReviewVerdict.RETURN, decided_at=move.at
        )
        return Answer.objects.filter(pk__in=drawn.values("answer")).first()
    found = Answer.objects.filter(
        incident=move.incident_id,
        kind__in=[AnswerKind.FINAL, AnswerKind.PLAN],
        status=AnswerStatus.PUBLISHED,
        published_at__lte=move.at,
    )
    return found.order_by("-published_at", "-pk").first()


def _decide_until(now: datetime) -> datetime:
    return rules.due_of(sla_limits().appeal_decision, now, Priority.NORMAL, registry.working_calendar())
