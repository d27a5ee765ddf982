"""Deeds of an administrator in a network: one call, with no transaction open."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from otklik.channels import rules
from otklik.channels.base import Keys, NetworkFailure, Order, Outcome, Result
from otklik.channels.models import Connection
from otklik.channels.operations import keys
from otklik.channels.vk import moderate as vk
from otklik.registry.enums import Network


class Administrator(Protocol):
    """What a network's folder offers for the deeds of an administrator. Doing may raise NetworkFailure."""

    def carry_out(self, order: Order, keys: Keys) -> Outcome:
        """Do it once. DELIVERED, or MANUAL when no key has the right."""

    def by_hand(self, order: Order, reason: str) -> Outcome:
        """MANUAL, with the link where a person does it."""


_NETWORKS: Mapping[str, Administrator] = {Network.VK: vk}


def carry_out(*, connection: Connection, order: Order, now: datetime) -> Outcome:
    """Do it once and say how it ended: DELIVERED, RETRY, REFUSED, or MANUAL when only a person can.

    Whatever is ordered here may be repeated, so a lost response is a reason to try again. A key that a person must
    mend is none: what stands under a post cannot wait for that. Call it outside a transaction.
    """
    network = _NETWORKS[connection.network]
    try:
        return network.carry_out(order, keys.keys_of(connection, now=now))
    except NetworkFailure as failure:
        keys.blame(connection=connection, failure=failure, place="", now=now)
        outcome = rules.outcome_of(failure)
    if outcome.result is Result.MANUAL or outcome.reason in rules.BY_KEY:
        return replace(network.by_hand(order, outcome.reason), detail=outcome.detail)
    return replace(outcome, result=Result.RETRY) if outcome.result is Result.UNKNOWN else outcome
