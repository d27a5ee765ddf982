"""Many locked incidents changed at once: saved together, with the trace that each of them would leave by itself."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from otklik.audit import operations as audit
from otklik.casework.announce import announce
from otklik.casework.models import Incident, Move
from otklik.common.actor import Actor

BATCH = 500
# The state of an incident and its two deadlines.
Before = tuple[str, datetime, datetime | None]


@transaction.atomic(savepoint=False)
def trace(
    incidents: Sequence[Incident],
    fields: Sequence[str],
    *,
    verb: str,
    by: Actor,
    now: datetime,
    before: Sequence[Before],
    reason: str = "",
    code: str = "",
) -> None:
    """Save many locked incidents with what every move leaves: a move, an audit line, a word to the desks.

    `before` is the state and both deadlines of each as they were.
    """
    for incident in incidents:
        incident.version += 1
    Incident.objects.bulk_update(incidents, [*fields, "version"], batch_size=BATCH)
    moves = [_move(each, old, verb, by, now) for each, old in zip(incidents, before, strict=True)]
    for each in moves:
        each.reason, each.code = reason, code
    Move.objects.bulk_create(moves, batch_size=BATCH)
    entries = [
        audit.Entry(each, reason, {"before": old[0], "after": each.state})
        for each, old in zip(incidents, before, strict=True)
    ]
    audit.record_many(by=by, verb=verb, entries=entries, now=now)
    announce(incidents)


def _move(each: Incident, old: Before, verb: str, by: Actor, now: datetime) -> Move:
    return Move(
        incident=each,
        verb=verb,
        before=old[0],
        after=each.state,
        at=now,
        actor_id=by.id,
        actor_name=by.name,
        executor_id=each.executor_id,
        old_due_at=old[1],
        new_due_at=each.due_at,
        old_stage_due_at=old[2],
        new_stage_due_at=each.stage_due_at,
    )


def as_they_were(incidents: Sequence[Incident]) -> list[Before]:
    """The state and both deadlines of each, for `trace`."""
    return [(each.state, each.due_at, each.stage_due_at) for each in incidents]
