"""Tells every open desk that incidents changed: one notification a transaction, sent by its commit."""

import json
from collections.abc import Iterable

from django.db import connection

from otklik.casework.models import Incident

CHANNEL = "otklik_desk"
# PostgreSQL refuses a notification of 8000 bytes and more; past this number desks reload their queue.
MOST_IDS = 150


def announce(incidents: Iterable[Incident]) -> None:
    """Notify `CHANNEL`: {"rows": [[incident, executor, page], …]}, or {"many": true} for a large batch."""
    rows = [[each.pk, each.executor_id, each.page_id] for each in incidents]
    if not rows:
        return
    payload = {"rows": rows} if len(rows) <= MOST_IDS else {"many": True}
    with connection.cursor() as cursor:
        cursor.execute("select pg_notify(%s, %s)", [CHANNEL, json.dumps(payload, separators=(",", ":"))])
