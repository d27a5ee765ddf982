"""Verbs of connections and of the outbox: queue an answer, deliver what is due, connect pages, renew keys."""

from otklik.channels.operations.addresses import address_of, address_of_comment
from otklik.channels.operations.connecting import (
    PageKeys,
    connect_page,
    connect_pages,
)
from otklik.channels.operations.delivering import deliver_due
from otklik.channels.operations.erasing import AnswerOnItsWay, erase_deliveries
from otklik.channels.operations.keys import community_key, service_key, user_key
from otklik.channels.operations.ordering import carry_out
from otklik.channels.operations.outbox import (
    LinkIsMissing,
    TooLate,
    cancel,
    enqueue,
    recognise,
    retry,
    settle,
)
from otklik.channels.operations.proving import witness
from otklik.channels.operations.renewal import (
    refresh_confirmation,
    renew_token,
    resume_token,
    set_service_token,
    set_user_token,
)

__all__ = [
    "AnswerOnItsWay",
    "LinkIsMissing",
    "PageKeys",
    "TooLate",
    "address_of",
    "address_of_comment",
    "cancel",
    "carry_out",
    "community_key",
    "connect_page",
    "connect_pages",
    "deliver_due",
    "enqueue",
    "erase_deliveries",
    "recognise",
    "refresh_confirmation",
    "renew_token",
    "resume_token",
    "retry",
    "service_key",
    "set_service_token",
    "set_user_token",
    "settle",
    "user_key",
    "witness",
]
