"""Tells every open desk that incidents changed: one notification a transaction, sent by its commit."""

from collections.abc import Iterable

from otklik.casework.models import Incident
from otklik.common.desks import CHANNEL, tell_desks

__all__ = ["CHANNEL", "MOST_IDS", "announce"]
# PostgreSQL refuses a notification of 8000 bytes and more; past this number desks reload their queue.
MOST_IDS = 150


def announce(incidents: Iterable[Incident]) -> None:
    """Notify `CHANNEL`: {"rows": [[incident, executor, page], …]}, or {"many": true} for a large batch."""
    rows = [[each.pk, each.executor_id, each.page_id] for each in incidents]
    if not rows:
        return
    tell_desks({"rows": rows} if len(rows) <= MOST_IDS else {"many": True})
