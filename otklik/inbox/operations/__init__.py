"""The verbs of the inbox: accept an event, refuse a request, read a batch of events into messages."""

from otklik.inbox.operations.accepting import HEAD_BYTES, Arrived, accept_event, accept_events, refuse_request
from otklik.inbox.operations.reading import Received, receive

__all__ = ["HEAD_BYTES", "Arrived", "Received", "accept_event", "accept_events", "receive", "refuse_request"]
