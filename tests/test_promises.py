"""Promises of the database that no verb can break by itself: each is broken here by hand, by name."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.models import Model

from otklik.channels.models import Capability, Connection, Delivery, Token
from otklik.desk.models import Presence, SavedView
from otklik.inbox.models import RawEvent, RefusedRequest
from otklik.news.models import Post
from tests import cast

pytestmark = pytest.mark.django_db


def _event() -> Model:
    page = cast.connection()
    return RawEvent.objects.create(connection=page, event_key="k", type="x", body=b"", received_at=cast.NOW)


def _refusal() -> Model:
    return RefusedRequest.objects.create(
        at=cast.NOW, minute=cast.NOW, reason="bad_json", address="a", path="/"
    )


# A unique row: made once, it cannot be made again.
TWICE: dict[str, Callable[[], Model]] = {
    "author_unique": cast.author,
    "thread_unique": lambda: cast.thread(cast.page()),
    "source_message_unique": cast.message,
    "raw_event_unique": _event,
    "refused_request_minute": _refusal,
    "post_unique": lambda: Post.objects.create(page=cast.page(), place="wall", external_id="6"),
    "token_kind_unique": lambda: Token.objects.create(network="vk", kind="service", value="x"),
    "capability_unique": lambda: Capability.objects.create(connection=cast.connection(), code="reply_wall"),
    "saved_view_name_unique": lambda: SavedView.objects.create(
        account=cast.account(), name="Мои", query="", created_at=cast.NOW
    ),
    "presence_unique": lambda: Presence.objects.create(
        incident=cast.incident("triage"), account=cast.account(), seen_at=cast.NOW
    ),
}


@pytest.mark.parametrize("name", TWICE)
def test_a_unique_row_is_not_made_twice(name: str) -> None:
    row = TWICE[name]()
    again: dict[str, Any] = {
        field.attname: getattr(row, field.attname)
        for field in row._meta.concrete_fields
        if not field.primary_key
    }
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        type(row)._default_manager.create(**again)


def test_what_is_called_delivered_has_its_proof() -> None:
    answer = cast.publish(cast.incident())
    with pytest.raises(IntegrityError, match="delivery_delivered_has_proof"), transaction.atomic():
        Delivery.objects.filter(pk=answer.delivery_id).update(state="delivered", external_id="")


def test_a_page_has_one_connection() -> None:
    page = cast.connection().page
    with pytest.raises(IntegrityError), transaction.atomic():
        Connection.objects.create(page=page, network="vk", external_id="another")
