"""The verbs of the inbox: accept an event, refuse a request, read a batch of events into messages."""

from otklik.inbox.operations.accepting import HEAD_BYTES, Arrived, accept_event, accept_events, refuse_request
from otklik.inbox.operations.erasing import (
    erase_author,
    erase_messages,
    forget_authors,
    forget_events,
    forget_files,
    forget_refused,
)
from otklik.inbox.operations.reading import Received, receive

__all__ = [
    "HEAD_BYTES",
    "Arrived",
    "Received",
    "accept_event",
    "accept_events",
    "erase_author",
    "erase_messages",
    "forget_authors",
    "forget_events",
    "forget_files",
    "forget_refused",
    "receive",
    "refuse_request",
]
