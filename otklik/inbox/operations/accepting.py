"""Taking events in: one durable row each, a repeat is harmless."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import psycopg
from django.db import connection, transaction

from otklik.inbox.enums import Via

# A statement of our own: the manager cannot say ON CONFLICT without a savepoint and a second look, and this
# is the one place where every microsecond is multiplied by every event of the region.
_INSERT = """
    insert into inbox_rawevent (connection_id, event_key, type, body, via, state, error, received_at)
    values (%s, %s, %s, %b, %s, 'new', '', %s) on conflict do nothing
"""
_REFUSE = """
    insert into inbox_refusedrequest (at, reason, address, path, size, head, times, minute)
    values (%s, %s, %s, %s, %s, %s, 1, %s)
    on conflict (minute, reason, address) do update set times = inbox_refusedrequest.times + 1
"""
HEAD_BYTES = 2000


@dataclass(frozen=True, slots=True)
class Arrived:
    """An event as it came, not yet read."""

    connection_id: int
    event_key: str
    type: str
    body: bytes


def accept_event(*, event: Arrived, now: datetime, via: str = Via.CALLBACK) -> bool:
    """Store the event; False when it was stored before. It is durable when this returns."""
    connection.ensure_connection()
    # psycopg's own cursor binds on the server and keeps the statement prepared; Django's builds the text anew.
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
        cursor.execute(_INSERT, _row(event, now, via), prepare=True)
        return bool(cursor.rowcount)


@transaction.atomic
def accept_events(*, events: Iterable[Arrived], now: datetime, via: str) -> int:
    """Store events of a poll or a sweep; returns how many were not known yet."""
    with connection.cursor() as cursor:
        cursor.executemany(_INSERT, [_row(event, now, via) for event in events])
        return max(int(cursor.rowcount), 0)


def _row(event: Arrived, now: datetime, via: str) -> list[Any]:
    return [event.connection_id, event.event_key[:100], event.type[:60], event.body, via, now]


def refuse_request(*, reason: str, address: str, path: str, body: bytes, size: int, now: datetime) -> None:
    """Record a request that was not an event of ours; a flood of the same kind counts up one row a minute."""
    minute = now.replace(second=0, microsecond=0)
    with connection.cursor() as cursor:
        cursor.execute(
            _REFUSE, [now, reason, address[:60], _printable(path)[:200], size, body[:HEAD_BYTES], minute]
        )


def _printable(path: str) -> str:
    return "".join(char if char.isprintable() else "·" for char in path)
