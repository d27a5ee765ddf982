"""Verbs of connections and of the outbox: queue an answer, deliver what is due, connect pages, renew keys."""

from otklik.channels.operations.addresses import address_of
from otklik.channels.operations.connecting import (
    PageKeys,
    connect_page,
    connect_pages,
)
from otklik.channels.operations.delivering import deliver_due
from otklik.channels.operations.keys import community_key, service_key, user_key
from otklik.channels.operations.outbox import (
    LinkIsMissing,
    TooLate,
    cancel,
    enqueue,
    recognise,
    retry,
    settle,
)
from otklik.channels.operations.renewal import (
    refresh_confirmation,
    renew_token,
    resume_token,
    set_service_token,
    set_user_token,
)

__all__ = [
    "LinkIsMissing",
    "PageKeys",
    "TooLate",
    "address_of",
    "cancel",
    "community_key",
    "connect_page",
    "connect_pages",
    "deliver_due",
    "enqueue",
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
]
