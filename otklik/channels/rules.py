"""What follows from the end of an attempt: the states of a delivery as data; pure.

One promise above all: after an outcome that is not known, nothing is sent again until the network has been
read and the answer is certainly not there.
"""

from dataclasses import dataclass
from types import MappingProxyType

from otklik.channels.base import NetworkFailure, Outcome, Result
from otklik.channels.enums import DeliveryState

# Seconds from the first failure on; the last one repeats.
BACKOFF = (2.0, 10.0, 60.0, 300.0, 900.0)
MOST_TRIES = 5
# The network being away is no reason to give up on an answer: about a day and a half of trying.
TRIES = MappingProxyType({"no_connection": 150, "flood": 3})
# The network did nothing and says when to come back: such a try is not counted.
UNCOUNTED = frozenset({"too_fast", "quota", "key_dead", "human_needed", "key_paused"})

# Nothing of a page goes out until a person has mended its key: whoever waits for the answer must see it.
BY_KEY = frozenset({"key_dead", "human_needed", "key_paused"})

# Seconds between a lost response and each read-back.
CHECKS = (2.0, 5.0, 15.0, 60.0, 180.0, 600.0)
# A request whose response was lost may still be at work inside the network: absence counts from this read on.
BELIEVED_CHECK = 2
WIDEST_SPREAD = 5.0
# Without a key that can read, waiting longer brings nothing but the page's own event about the answer.
BLIND_CHECKS = 3

# A person mended the key while the call that it failed was under way: the next try comes soon.
MENDED_MEANWHILE = 15.0

FINAL = frozenset(
    {DeliveryState.DELIVERED, DeliveryState.REFUSED, DeliveryState.MANUAL, DeliveryState.UNCERTAIN}
)
# Until the network's answer is in hand, the page's own event may be the first to prove the delivery.
DOUBTFUL = frozenset({DeliveryState.SENDING, DeliveryState.CHECKING, DeliveryState.UNCERTAIN})
# A person who publishes a ready text by hand leaves the same proof.
PROVABLE = DOUBTFUL | {DeliveryState.MANUAL}
# Where a person may step in: to send again, to take back, to say how it ended.
RETRIABLE = frozenset({DeliveryState.REFUSED, DeliveryState.MANUAL})
CANCELLABLE = frozenset({DeliveryState.WAITING, DeliveryState.REFUSED, DeliveryState.MANUAL})
SETTLEABLE = frozenset({DeliveryState.UNCERTAIN, DeliveryState.MANUAL, DeliveryState.REFUSED})


@dataclass(frozen=True, slots=True)
class Step:
    """Where a delivery goes: its state, why, the seconds until its next turn, whether the try counts."""

    state: DeliveryState
    reason: str = ""
    wait: float = 0.0
    counted: bool = True


def outcome_of(failure: NetworkFailure) -> Outcome:
    """A failed write as an outcome."""
    if failure.lost:
        result = Result.UNKNOWN
    elif failure.permanent:
        result = Result.MANUAL if failure.scope == "capability" else Result.REFUSED
    else:
        result = Result.RETRY
    return Outcome(result, reason=failure.reason, detail=failure.detail, wait=failure.wait)


def outcome_of_reading(failure: NetworkFailure) -> Outcome:
    """A failed read-back as an outcome: whatever happened, the answer's fate is as unknown as before."""
    return Outcome(Result.UNKNOWN, reason=failure.reason, detail=failure.detail, wait=failure.wait)


def after_sending(outcome: Outcome, *, attempts: int, jitter: float) -> Step:
    """What follows a try; `attempts` counts the tries with this one, `jitter` is from 0 to 1."""
    plain = {
        Result.DELIVERED: DeliveryState.DELIVERED,
        Result.REFUSED: DeliveryState.REFUSED,
        Result.MANUAL: DeliveryState.MANUAL,
    }
    if outcome.result in plain:
        return Step(plain[outcome.result], outcome.reason)
    if outcome.result is Result.UNKNOWN:
        return Step(DeliveryState.CHECKING, outcome.reason, CHECKS[0])
    if outcome.reason in UNCOUNTED:
        return Step(
            DeliveryState.WAITING, outcome.reason, max(outcome.wait, 0.5) * (1 + jitter / 4), counted=False
        )
    if attempts >= TRIES.get(outcome.reason, MOST_TRIES):
        return Step(DeliveryState.REFUSED, "exhausted")
    wait = max(outcome.wait, BACKOFF[min(attempts, len(BACKOFF)) - 1] * (1 + jitter / 4))
    return Step(DeliveryState.WAITING, outcome.reason, wait)


def after_checking(outcome: Outcome, *, checks: int, attempts: int, jitter: float) -> Step:
    """What follows a read-back; `checks` counts the read-backs since the last try, with this one."""
    if outcome.result is Result.DELIVERED:
        return Step(DeliveryState.DELIVERED)
    if outcome.result is Result.RETRY and checks >= BELIEVED_CHECK:
        if attempts >= MOST_TRIES:
            return Step(DeliveryState.REFUSED, "exhausted")
        return Step(DeliveryState.WAITING, "not_found", jitter)
    if outcome.reason == "too_fast":
        # The key that reads is shared by the whole region: a turn that did not come is not a reading. Those who
        # wait for it are spread wide, but a long wait is not made twice as long.
        wait = max(outcome.wait, 0.5)
        return Step(
            DeliveryState.CHECKING, outcome.reason, wait + jitter * min(wait, WIDEST_SPREAD), counted=False
        )
    most = BLIND_CHECKS if outcome.reason == "no_reading_key" else len(CHECKS)
    if outcome.result is not Result.RETRY and checks >= most:
        return Step(DeliveryState.UNCERTAIN, outcome.reason)
    wait = max(CHECKS[min(checks, len(CHECKS) - 1)], min(outcome.wait, CHECKS[-1]))
    return Step(DeliveryState.CHECKING, outcome.reason, wait * (1 + jitter / 4))
