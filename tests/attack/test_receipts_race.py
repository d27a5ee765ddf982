"""A person decides about a delivery at the very moment its news is on the way: the answer stands once, and is known."""

from typing import Any

import pytest

from otklik.casework import operations as casework
from otklik.casework.models import Answer
from otklik.channels import operations as channels
from otklik.channels.base import Incoming
from otklik.channels.enums import DeliveryState
from otklik.channels.models import Delivery, Receipt
from otklik.channels.operations import outbox
from otklik.flow import road
from tests import cast

pytestmark = pytest.mark.django_db


def _ended(answer: Answer, state: DeliveryState, reason: str = "") -> Delivery:
    """The outbox writes how a delivery ended; nobody has drained the receipt yet."""
    delivery = Delivery.objects.get(pk=answer.delivery_id)
    delivery.reason = reason
    if state == DeliveryState.DELIVERED:
        delivery.external_id, delivery.permalink = "77", "https://vk.com/wall-1_6?reply=77"
    outbox.finish(delivery, state, cast.after(minutes=1))
    delivery.save()
    return delivery


def test_a_refusal_that_is_being_tried_again_gives_nobody_the_draft_back() -> None:
    incident = cast.incident()
    answer = cast.publish(incident)
    delivery = _ended(answer, DeliveryState.REFUSED, "exhausted")
    channels.settle(delivery=delivery, by=cast.dispatcher().actor, found=False, now=cast.after(minutes=2))
    road.drain_receipts(now=cast.after(minutes=3))
    incident.refresh_from_db()
    assert incident.state == "publishing"
    assert not Answer.objects.filter(incident=incident, status="draft").exists()
    _ended(answer, DeliveryState.DELIVERED)
    road.drain_receipts(now=cast.after(minutes=4))
    incident.refresh_from_db()
    assert incident.state == "answered"
    assert not Receipt.objects.filter(drained_at=None).exists()


def test_an_uncertain_answer_sent_again_is_seen_on_its_way() -> None:
    incident = cast.incident()
    answer = cast.publish(incident)
    delivery = _ended(answer, DeliveryState.UNCERTAIN, "no_reading_key")
    road.drain_receipts(now=cast.after(minutes=2))
    channels.settle(delivery=delivery, by=cast.dispatcher().actor, found=False, now=cast.after(minutes=3))
    road.drain_receipts(now=cast.after(minutes=4))
    incident.refresh_from_db()
    answer.refresh_from_db()
    assert (incident.state, answer.status, incident.delivery_note) == ("publishing", "publishing", "")


def test_a_ready_text_that_is_sent_after_all_no_longer_waits_for_the_administrator() -> None:
    incident = cast.incident()
    answer = cast.publish(incident)
    delivery = _ended(answer, DeliveryState.MANUAL, "no_key")
    road.drain_receipts(now=cast.after(minutes=2))
    incident.refresh_from_db()
    assert incident.delivery_note == "manual"
    channels.retry(delivery=delivery, by=cast.dispatcher().actor, now=cast.after(minutes=3))
    road.drain_receipts(now=cast.after(minutes=4))
    incident.refresh_from_db()
    assert (incident.state, incident.delivery_note) == ("publishing", "")


def test_old_news_of_a_ready_text_does_not_cover_the_new_try() -> None:
    incident = cast.incident()
    answer = cast.publish(incident)
    delivery = _ended(answer, DeliveryState.MANUAL, "no_key")
    channels.retry(delivery=delivery, by=cast.dispatcher().actor, now=cast.after(minutes=3))
    _ended(answer, DeliveryState.DELIVERED)
    road.drain_receipts(now=cast.after(minutes=4))
    incident.refresh_from_db()
    assert incident.state == "answered"


def test_a_taken_back_answer_does_not_come_back() -> None:
    incident = cast.incident()
    answer = cast.publish(incident)
    _ended(answer, DeliveryState.REFUSED, "comments_closed")
    casework.take_back(incident=incident, by=cast.dispatcher(), now=cast.after(minutes=2))
    road.drain_receipts(now=cast.after(minutes=3))
    incident.refresh_from_db()
    assert incident.state == "in_progress"
    assert Answer.objects.filter(incident=incident, status="draft").count() == 1
    assert Delivery.objects.get().state == DeliveryState.CANCELLED


def _own(answer: Answer, **fields: Any) -> Incoming:
    """The page's own comment with the words of the answer, as the network tells of it."""
    delivery = Delivery.objects.get(pk=answer.delivery_id)
    told = {"object_id": delivery.object_id, "reply_to": delivery.reply_to, "root_id": delivery.root_id}
    return cast.incoming(
        is_own=True, author_id=f"-{delivery.connection.external_id}", text=answer.text, **told | fields
    )


def _waits(answer: Answer, **fields: Any) -> Delivery:
    Delivery.objects.filter(pk=answer.delivery_id).update(state=DeliveryState.WAITING, **fields)
    return Delivery.objects.get(pk=answer.delivery_id)


def test_an_answer_thought_absent_that_shows_itself_is_not_sent_again() -> None:
    """The response was lost, reading lagged behind, the key died before the next try: the event is the proof."""
    answer = cast.publish(cast.incident())
    delivery = _waits(answer, first_sent_at=cast.after(minutes=1), reason="key_dead")
    channels.recognise(connection=delivery.connection, incoming=_own(answer), now=cast.after(minutes=2))
    delivery.refresh_from_db()
    assert delivery.state == DeliveryState.DELIVERED
    road.drain_receipts(now=cast.after(minutes=3))
    assert not Delivery.objects.due(cast.after(hours=9)).exists()


def test_the_same_words_under_another_comment_prove_nothing() -> None:
    first, second = cast.publish(cast.incident()), cast.publish(cast.incident())
    for answer in (first, second):
        _waits(answer, first_sent_at=cast.after(minutes=1))
    page = Delivery.objects.get(pk=second.delivery_id).connection
    other = _own(first, reply_to="1", root_id="1")
    assert channels.recognise(connection=page, incoming=other, now=cast.after(minutes=2)) is None
    assert Delivery.objects.filter(state=DeliveryState.WAITING).count() == 2


def test_what_was_never_sent_is_not_taken_for_sent() -> None:
    answer = cast.publish(cast.incident())
    delivery = _waits(answer)
    assert channels.recognise(connection=delivery.connection, incoming=_own(answer), now=cast.NOW) is None
