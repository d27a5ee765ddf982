"""Deciding about a message on an official page: by a rule, with the message kept as it stood, and taken back if wrong.

Nothing here awaits a network: a row is the order, a job carries it out. The incident of a message does not depend on
what becomes of the comment: a real question is answered whatever words it was asked in.
"""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from otklik.audit import operations as audit
from otklik.casework.enums import ModerationMeasure, ModerationState
from otklik.casework.models import (
    Incident,
    ModerationAction,
    ModerationEvidence,
    ModerationRule,
)
from otklik.casework.operations.answering import target_of
from otklik.casework.operations.basis import required
from otklik.casework.operations.moderation_rules import allowed_by
from otklik.casework.rules import OPEN
from otklik.casework.rules import moderation as rules
from otklik.channels import operations as channels
from otklik.channels.enums import Place
from otklik.common.actor import Actor
from otklik.common.jobs import MODERATE
from otklik.common.wakeup import wake_up
from otklik.inbox.models import SourceMessage
from otklik.people.models import Account

LONGEST_COMMENT, LONGEST_WARNING = 2000, 1000
SETTLED = frozenset({ModerationState.UNDONE, ModerationState.EXPIRED})


class NothingToModerate(Exception):
    """Это сообщение модерировать нельзя: его написала сама страница или оно пришло без содержания."""


class PrivateMessage(Exception):
    """Личное сообщение видит только страница: удалять его незачем. Можно предупредить или заблокировать автора."""


class AlreadyGone(Exception):
    """Комментария в сети уже нет: удалять нечего."""


class AuthorUnknown(Exception):
    """Сеть не сказала, кто автор: заблокировать или предупредить некого."""


class RuleIsRetired(Exception):
    """Это правило больше не действует: выберите другое."""


class DecidedAlready(Exception):
    """Такое решение по этому сообщению или автору уже принято: посмотрите, что с ним."""


class QuestionIsOpen(Exception):
    """По этому сообщению открыт инцидент: без комментария под ним негде будет ответить. Подтвердите удаление."""


class WarningIsEmpty(Exception):
    """Напишите текст предупреждения: он встанет ответом под комментарием."""


class OnItsWay(Exception):
    """Решение как раз выполняется в сети: подождите минуту и посмотрите, чем кончилось."""


class NothingToUndo(Exception):
    """Отменять нечего: решение уже отменено или его срок вышел."""


class NotByHand(Exception):
    """Администратору здесь делать нечего: решение выполнено, отменено или снова отправлено в сеть."""


@transaction.atomic
def decide(
    *,
    message: SourceMessage,
    measure: str,
    rule: ModerationRule,
    by: Account,
    now: datetime,
    days: int | None = None,
    comment: str = "",
    text: str = "",
    despite_question: bool = False,
) -> ModerationAction:
    """Order a measure about a message by a rule; `text` is the warning's, `days` the ban's.

    Raises NothingToModerate, PrivateMessage, AlreadyGone, AuthorUnknown, RuleIsRetired, MeasureTooStrong, WrongTerm,
    WarningIsEmpty, DecidedAlready, and QuestionIsOpen for a removal that was not confirmed `despite_question`.
    """
    locked = _locked(message)
    current = ModerationRule.objects.select_for_update(of=("self",)).get(pk=rule.pk)
    if not current.is_active:
        raise RuleIsRetired
    rules.check_measure(allowed_by(current), measure)
    until = rules.end_of(allowed_by(current), measure, days, now)
    _check(locked, measure, text, despite_question=despite_question)
    action = _made(
        locked, measure, by, now, rule=current, rule_version=current.version, until=until,
        comment=comment.strip()[:LONGEST_COMMENT], next_attempt_at=now,
    )  # fmt: skip
    if measure == ModerationMeasure.WARN:
        _say(action, locked, text.strip()[:LONGEST_WARNING], now)
    else:
        wake_up(MODERATE)
    told: dict[str, Any] = {"rule": current.code, "version": current.version, "days": days}
    _record(action, "moderate", by, now, action.comment, **told)
    return action


@transaction.atomic
def leave_alone(*, message: SourceMessage, by: Account, now: datetime, comment: str = "") -> ModerationAction:
    """Look at a message and leave it where it stands. Raises NothingToModerate, DecidedAlready."""
    action = _made(
        _locked(message), ModerationMeasure.LEAVE, by, now, state=ModerationState.DONE, finished_at=now,
        comment=comment.strip()[:LONGEST_COMMENT],
    )  # fmt: skip
    _record(action, "moderate", by, now, action.comment)
    return action


def open_question(message: SourceMessage) -> Incident | None:
    """The open incident of a message, if there is one."""
    found = Incident.objects.filter(message=message, state__in=OPEN)
    return found.only("received_at", "state").order_by("part", "pk").first()


def _locked(message: SourceMessage) -> SourceMessage:
    found = SourceMessage.objects.select_for_update(of=("self",)).prefetch_related(
        "author", "thread", "connection"
    )
    locked = found.get(pk=message.pk)
    if locked.is_own or not locked.has_content:
        raise NothingToModerate
    return locked


def _check(message: SourceMessage, measure: str, text: str, *, despite_question: bool) -> None:
    if measure != ModerationMeasure.REMOVE and message.author is None:
        raise AuthorUnknown
    if measure == ModerationMeasure.WARN and not text.strip():
        raise WarningIsEmpty
    if measure in {ModerationMeasure.WARN, ModerationMeasure.REMOVE} and message.deleted_at is not None:
        raise AlreadyGone
    if measure != ModerationMeasure.REMOVE:
        return
    if message.place == Place.DIRECT:
        raise PrivateMessage
    if not despite_question and open_question(message) is not None:
        raise QuestionIsOpen


def link_of(message: SourceMessage) -> str:
    """Where the message stands in the network, for a person who wants to look."""
    return channels.address_of_comment(connection=message.connection, target=target_of(message))


def _made(
    message: SourceMessage, measure: str, by: Account, now: datetime, **fields: Any
) -> ModerationAction:
    """The action with its evidence."""
    author = message.author
    try:
        with transaction.atomic():
            action = ModerationAction.objects.create(
                message=message, page_id=message.page_id, author=author, measure=measure, decided_by=by,
                decided_at=now, **fields,
            )  # fmt: skip
    except IntegrityError as error:
        if "moderation_action_on" not in str(error):
            raise
        raise DecidedAlready from error
    ModerationEvidence.objects.create(
        action=action,
        text=message.text,
        author_name=author.name if author else "",
        author_url=author.url if author else "",
        link=link_of(message),
        written_at=message.sent_at,
        files=list(message.attachments.order_by("pk").values("kind", "url", "title")),
        taken_at=now,
    )
    return action


def _say(action: ModerationAction, message: SourceMessage, text: str, now: datetime) -> None:
    """Queue the warning: an answer of the page under the comment, by the outbox as every answer."""
    action.delivery = channels.enqueue(
        connection=message.connection, owner=f"moderation:{action.pk}", target=target_of(message), text=text,
        now=now,
    )  # fmt: skip
    action.save(update_fields=["delivery"])


def _record(
    action: ModerationAction, verb: str, by: Account, now: datetime, reason: str, **told: Any
) -> None:
    facts: dict[str, Any] = {
        "message": action.message_id,
        "measure": action.measure,
        "until": action.until.isoformat() if action.until else "",
    }
    audit.record(by=by.actor, verb=verb, subject=action, now=now, reason=reason, **facts | told)


def locked_action(action: ModerationAction) -> ModerationAction:
    """The action as it is now, locked to the end of the transaction."""
    return ModerationAction.objects.select_for_update(of=("self",)).get(pk=action.pk)


@transaction.atomic
def undo(*, action: ModerationAction, reason: str, by: Account, now: datetime) -> ModerationAction:
    """Take a decision back: what stands in the network is restored there, what was not done yet is not done.

    A warning that was said stays said. Raises NeedsReason, OnItsWay, NothingToUndo.
    """
    why, kept = required(reason)[:LONGEST_COMMENT], locked_action(action)
    if kept.state in SETTLED or kept.undoing:
        raise NothingToUndo
    kept.undone_by, kept.undo_reason = by.actor.name, why
    take_back(kept, by=by.actor, now=now)
    _record(kept, "undo_moderation", by, now, why, state=kept.state)
    return kept


def take_back(kept: ModerationAction, *, by: Actor, now: datetime) -> None:
    """Begin the taking back of a locked action, or end it at once where nothing was done. Raises OnItsWay."""
    # A try may have reached the network although its response did not come; the one that ended by hand did not.
    most = {ModerationState.ASKED: 0, ModerationState.BY_HAND: 1}.get(ModerationState(kept.state), -1)
    untouched = kept.attempts <= most
    if kept.measure == ModerationMeasure.WARN and kept.state == ModerationState.ASKED:
        _unsay(kept, by, now)
        untouched = True
    if kept.state == ModerationState.DOING:
        raise OnItsWay
    if untouched or kept.measure in {ModerationMeasure.LEAVE, ModerationMeasure.WARN}:
        kept.state, kept.finished_at = ModerationState.UNDONE, now
    else:
        kept.state, kept.undoing, kept.attempts, kept.next_attempt_at = ModerationState.ASKED, True, 0, now
        kept.finished_at = None
        wake_up(MODERATE)
    kept.reason = kept.detail = ""
    kept.save()


def _unsay(kept: ModerationAction, by: Actor, now: datetime) -> None:
    """A warning that has not left yet never leaves. Raises OnItsWay."""
    assert kept.delivery is not None  # noqa: S101 — a warning has one from its first moment
    try:
        channels.cancel(delivery=kept.delivery, by=by, now=now)
    except channels.TooLate as error:
        raise OnItsWay from error


@transaction.atomic
def try_again(*, action: ModerationAction, by: Account, now: datetime) -> ModerationAction:
    """Let the network be asked again about what it refused, or what waits for a person. Raises NotByHand."""
    kept = _by_hand(action, ModerationState.REFUSED)
    if kept.delivery is not None:
        try:
            channels.retry(delivery=kept.delivery, by=by.actor, now=now)
        except channels.TooLate as error:
            raise NotByHand from error
    kept.state, kept.attempts, kept.next_attempt_at = ModerationState.ASKED, 0, now
    kept.reason = kept.detail = ""
    kept.save()
    wake_up(MODERATE)
    _record(kept, "retry_moderation", by, now, "", undoing=kept.undoing)
    return kept


@transaction.atomic
def confirm_by_hand(*, action: ModerationAction, by: Account, now: datetime) -> ModerationAction:
    """The administrator of the page has done it in the network. Raises NotByHand."""
    kept = _by_hand(action)
    kept.state = ModerationState.UNDONE if kept.undoing else ModerationState.DONE
    kept.finished_at, kept.confirmed_by = now, by
    kept.save()
    _record(kept, "moderated_by_hand", by, now, "", undoing=kept.undoing)
    return kept


def _by_hand(action: ModerationAction, *more: str) -> ModerationAction:
    kept = locked_action(action)
    if kept.state not in {ModerationState.BY_HAND, *more}:
        raise NotByHand
    return kept
