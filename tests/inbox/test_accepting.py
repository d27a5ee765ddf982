"""Taking events in: durable, once, and refused ones counted."""

import pytest

from otklik.inbox import operations as inbox
from otklik.inbox.enums import Refusal
from otklik.inbox.models import RawEvent, RefusedRequest
from tests import cast

pytestmark = pytest.mark.django_db


def _event(connection_id: int, key: str = "k1", body: bytes = b'{"a": 1}') -> inbox.Arrived:
    return inbox.Arrived(connection_id, key, "wall_reply_new", body)


def test_an_event_is_stored_once_byte_for_byte() -> None:
    page, body = cast.connection(), b'{"text": "\\u0000 \\ud83d \xd0\xb0"}'
    assert inbox.accept_event(event=_event(page.pk, body=body), now=cast.NOW) is True
    assert inbox.accept_event(event=_event(page.pk, body=b"{}"), now=cast.NOW) is False
    row = RawEvent.objects.get()
    assert (bytes(row.body), row.state, row.via, row.received_at) == (body, "new", "callback", cast.NOW)


def test_the_same_key_of_another_page_is_another_event() -> None:
    for page in (cast.connection(), cast.connection()):
        assert inbox.accept_event(event=_event(page.pk), now=cast.NOW)


def test_many_at_once_count_only_the_unknown_ones() -> None:
    page = cast.connection()
    inbox.accept_event(event=_event(page.pk, "k1"), now=cast.NOW)
    events = [_event(page.pk, key) for key in ("k1", "k2", "k3", "k2")]
    assert inbox.accept_events(events=events, now=cast.NOW, via="sweep") == 2
    assert inbox.accept_events(events=[], now=cast.NOW, via="sweep") == 0
    assert RawEvent.objects.count() == 3


def test_a_flood_of_refusals_is_one_row_a_minute() -> None:
    for second in range(61):
        inbox.refuse_request(
            reason=Refusal.BAD_JSON, address="203.0.113.7", path="/hooks/vk/1\x00\n", body=b"x" * 5000, size=5000,
            now=cast.after(seconds=second),
        )  # fmt: skip
    first, second_minute = RefusedRequest.objects.order_by("minute")
    assert (first.times, second_minute.times) == (60, 1)
    assert (len(first.head), first.size, first.path) == (inbox.HEAD_BYTES, 5000, "/hooks/vk/1··")


def test_another_reason_or_address_is_another_row() -> None:
    for reason, address in ((Refusal.BAD_JSON, "a"), (Refusal.BAD_SECRET, "a"), (Refusal.BAD_JSON, "b")):
        inbox.refuse_request(reason=reason, address=address, path="/", body=b"", size=0, now=cast.NOW)
    assert RefusedRequest.objects.count() == 3
