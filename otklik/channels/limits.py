"""Slots of calls, given out by the database: right across threads, processes and machines."""

import time
from collections import deque
from collections.abc import Callable

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


class Pace:
    """Keeps the calls of one caller so far apart that the network cannot count too many, however late one arrives.

    A slot says when a call may leave; one that is held up on its way would arrive among the next ones. Who asks for
    its next slot has the answer to its former call, so that one was counted by then: from the answer to a call until
    the fifth after it leaves, the share of five calls passes. For a caller that makes its calls one after another.
    """

    CALLS = 5

    def __init__(
        self,
        rate: int,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._clock, self._sleep = clock, sleep
        self._share = self.CALLS / rate if rate >= self.CALLS else 0.0
        self._answered: deque[float] = deque(maxlen=self.CALLS - 1)
        self._oldest: float | None = None

    def asked(self) -> None:
        """A call is wanted: the one before it was answered."""
        self._oldest = self._answered[0] if len(self._answered) == self.CALLS - 1 else None
        self._answered.append(self._clock())

    def wait(self) -> None:
        """Wait until the call may leave."""
        if self._oldest is not None and (left := self._oldest + self._share - self._clock()) > 0:
            self._sleep(left)


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
