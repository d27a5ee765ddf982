"""The author contests what was decided: recorded by whoever heard it, decided by somebody else."""

from datetime import datetime

from django.db import IntegrityError, transaction

from otklik.audit import operations as audit
from otklik.casework.enums import AppealVerdict, ModerationMeasure, ModerationState
from otklik.casework.models import ModerationAction, ModerationAppeal
from otklik.casework.operations.basis import required
from otklik.casework.operations.moderating import LONGEST_COMMENT, SETTLED, locked_action, take_back
from otklik.people.models import Account


class AppealIsEmpty(Exception):
    """Запишите, что пишет автор: его слова останутся рядом с решением."""


class AppealedAlready(Exception):
    """Жалоба на это решение уже ждёт ответа."""


class NothingToAppeal(Exception):
    """Обжаловать нечего: комментарий оставили или решение уже отменено."""


class AppealIsDecided(Exception):
    """По этой жалобе уже решили."""


class OwnDecision(Exception):
    """Жалобу на решение рассматривает не тот, кто его принял: попросите коллегу."""


@transaction.atomic
def record_appeal(
    *, action: ModerationAction, text: str, received_at: datetime, by: Account, now: datetime
) -> ModerationAppeal:
    """Write down what the author says against a decision. Raises AppealIsEmpty, NothingToAppeal, AppealedAlready."""
    words, kept = text.strip()[:LONGEST_COMMENT], locked_action(action)
    if not words:
        raise AppealIsEmpty
    if kept.measure == ModerationMeasure.LEAVE or kept.state == ModerationState.UNDONE:
        raise NothingToAppeal
    try:
        with transaction.atomic():
            appeal = ModerationAppeal.objects.create(
                action=kept, text=words, received_at=min(received_at, now), recorded_by=by, recorded_at=now
            )
    except IntegrityError as error:
        if "moderation_appeal_one_open" not in str(error):
            raise
        raise AppealedAlready from error
    audit.record(by=by.actor, verb="record_appeal", subject=kept, now=now, appeal=appeal.pk)
    return appeal


@transaction.atomic
def decide_appeal(
    *, appeal: ModerationAppeal, grant: bool, reason: str, by: Account, now: datetime
) -> ModerationAppeal:
    """Uphold the decision, or grant the appeal and take the decision back. Never by whoever decided.

    Raises NeedsReason, AppealIsDecided, OwnDecision, OnItsWay.
    """
    why, action = required(reason)[:LONGEST_COMMENT], locked_action(appeal.action)
    kept = ModerationAppeal.objects.select_for_update(of=("self",)).get(pk=appeal.pk)
    if kept.verdict:
        raise AppealIsDecided
    if action.decided_by_id == by.pk:
        raise OwnDecision
    kept.verdict = AppealVerdict.GRANTED if grant else AppealVerdict.UPHELD
    kept.why, kept.decided_by, kept.decided_at = why, by, now
    kept.save()
    if grant and action.state not in SETTLED and not action.undoing:
        action.undone_by, action.undo_reason = by.actor.name, why
        take_back(action, by=by.actor, now=now)
    audit.record(
        by=by.actor, verb="decide_appeal", subject=action, now=now, reason=why, appeal=kept.pk, granted=grant
    )
    return kept
