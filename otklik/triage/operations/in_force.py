"""Which topics, model and rules are in force: asked by every batch, so that it is judged by all of the same moment."""

from typing import NamedTuple

from django.db import connection

# One statement for a batch: each by itself would cost a single message more than reading it.
_ASKED = """
select (select coalesce(max(number), 0) from triage_topicsversion),
       (select id from triage_topicmodel where state = 'active'),
       (select coalesce(max(id), 0) from triage_routingchange)
"""


class InForce(NamedTuple):
    """The version of the list of topics, the number of the active model, the last change of the rules of routing."""

    topics: int
    model: int | None
    rules: int


def in_force() -> InForce:
    """What is in force now."""
    with connection.cursor() as cursor:
        cursor.execute(_ASKED)
        return InForce(*cursor.fetchone())
