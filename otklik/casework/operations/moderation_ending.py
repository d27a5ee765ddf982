"""What time and the network themselves settle in moderation: bans end, and what was done by hand is seen."""

from datetime import datetime

from django.db import transaction

from otklik.audit import operations as audit
from otklik.casework.enums import ModerationMeasure, ModerationState
from otklik.casework.models import ModerationAction
from otklik.common.actor import SYSTEM
from otklik.common.jobs import MODERATE
from otklik.common.wakeup import wake_up

BATCH = 200


@transaction.atomic
def end_bans(*, now: datetime) -> int:
    """End the bans whose day has come; returns how many.

    The network has ended by itself what it was told an end of. A ban that a person set by hand is lifted, since
    nobody knows for how long it was set there.
    """
    over = ModerationAction.objects.filter(
        measure=ModerationMeasure.BAN,
        state__in=[ModerationState.DONE, ModerationState.BY_HAND],
        undoing=False,
        until__lte=now,
    )
    found = list(over.select_for_update(skip_locked=True, of=("self",)).order_by("until", "pk")[:BATCH])
    for action in found:
        by_hand = action.state == ModerationState.DONE and action.confirmed_by_id is not None
        if by_hand:
            action.state, action.undoing, action.attempts = ModerationState.ASKED, True, 0
            action.next_attempt_at, action.finished_at = now, None
            action.undone_by, action.undo_reason = SYSTEM.name, "term"
        else:
            action.state, action.finished_at = ModerationState.EXPIRED, now
        action.save()
        audit.record(by=SYSTEM, verb="end_ban", subject=action, now=now, lifts=by_hand)
    if any(each.undoing for each in found):
        wake_up(MODERATE)
    return len(found)


@transaction.atomic
def see_done_by_hand(*, now: datetime) -> int:
    """Settle what waits for an administrator and what the network says is done: the comment is gone, or back."""
    waiting = ModerationAction.objects.filter(state=ModerationState.BY_HAND, measure=ModerationMeasure.REMOVE)
    gone = waiting.filter(undoing=False, message__deleted_at__isnull=False)
    back = waiting.filter(undoing=True, message__deleted_at=None)
    settled = 0
    for found, state in ((gone, ModerationState.DONE), (back, ModerationState.UNDONE)):
        for action in found.select_for_update(skip_locked=True, of=("self",)).order_by("pk")[:BATCH]:
            action.state, action.finished_at, action.reason = state, now, "seen"
            action.save(update_fields=["state", "finished_at", "reason"])
            audit.record(by=SYSTEM, verb="moderation_seen", subject=action, now=now, state=state)
            settled += 1
    return settled
