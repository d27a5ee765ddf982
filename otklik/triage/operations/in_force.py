"""Which topics, model and rules are in force: asked by every batch, so that it is judged by all of the same moment."""

from typing import NamedTuple

from django.db import connection

TOPICS_LOCK = "triage_topics"
"""One lock for the list of topics: a change waits for the batches that write by it, and they for the change."""

# In one go for a batch: each by itself would cost a single message more than reading it. The list of topics is held
# first, by a statement of its own: one that waited for it still sees what was before.
_ASKED = """
select pg_advisory_xact_lock_shared(hashtext(%s));
select (select coalesce(max(number), 0) from triage_topicsversion),
       (select id from triage_topicmodel where state = 'active'),
       (select coalesce(max(id), 0) from triage_routingchange)
"""
# A verdict that a dying server forgets is made again from its message, so a batch need not wait for the disk.
_REDONE = "set local synchronous_commit to off;"


class InForce(NamedTuple):
    """The version of the list of topics, the number of the active model, the last change of the rules of routing."""

    topics: int
    model: int | None
    rules: int


def in_force(*, redone: bool = False) -> InForce:
    """What is in force now, and is to the end of the transaction: whoever changes the list of topics waits for it.

    `redone`: all that the transaction writes would be written again if it were lost, so its end waits for no disk.
    """
    with connection.cursor() as cursor:
        cursor.execute(_REDONE + _ASKED if redone else _ASKED, [TOPICS_LOCK])
        while cursor.nextset():
            pass
        return InForce(*cursor.fetchone())
