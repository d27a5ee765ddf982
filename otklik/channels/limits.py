"""Slots of calls, given out by the database: right across threads, processes and machines."""

from django.db import connection

from otklik.channels.base import NetworkFailure

# The clock is the database's own: processes on several machines must agree, and it is the one they share.
_TAKE = """
    UPDATE channels_token
       SET next_slot_at = greatest(coalesce(next_slot_at, '-infinity'), clock_timestamp()) + step.each
      FROM (SELECT id, make_interval(secs => 1.05 / greatest(rate, 1)) AS each
              FROM channels_token WHERE id = %s) step
     WHERE channels_token.id = step.id
       AND coalesce(next_slot_at, '-infinity') <= clock_timestamp() + make_interval(secs => %s)
 RETURNING greatest(extract(epoch FROM next_slot_at - step.each - clock_timestamp()), 0)::float
"""
_NEXT = """
    SELECT greatest(extract(epoch FROM next_slot_at - clock_timestamp()), 0)::float
      FROM channels_token WHERE id = %s
"""
_PUSH = """
    UPDATE channels_token
       SET next_slot_at = greatest(coalesce(next_slot_at, '-infinity'),
                                   clock_timestamp() + make_interval(secs => %s)),
           rate = greatest(1, least(rate, greatest(%s, (rate * 0.9)::int)))
     WHERE id = %s
"""


def take(token_id: int, *, patience: float) -> float:
    """Reserve the next slot of the token; returns the seconds to wait for it, at most `patience`.

    Raises NetworkFailure `too_fast` and reserves nothing when the slot is farther: the call comes back later.
    """
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, [token_id, patience])
        row = cursor.fetchone()
        if row is not None:
            return float(row[0])
        cursor.execute(_NEXT, [token_id])
        found = cursor.fetchone()
    wait = float(found[0]) if found and found[0] is not None else patience
    raise NetworkFailure("too_fast", "no free slot", permanent=False, wait=wait)


def slow_down(token_id: int, *, seconds: float, floor: int) -> None:
    """The network said "too many": nobody calls for `seconds`; the rate shrinks, but not under `floor`."""
    with connection.cursor() as cursor:
        cursor.execute(_PUSH, [seconds, floor, token_id])
