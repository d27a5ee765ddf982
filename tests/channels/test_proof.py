"""What the network showed of an answer is kept as it was first seen; what waits for a key says so."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from otklik.channels import operations
from otklik.channels.base import Incoming, What
from otklik.channels.enums import DeliveryState, TokenKind
from otklik.channels.models import Connection, Delivery, Proof, Receipt
from otklik.channels.vk.parse import comment_to_incoming
from otklik.common.actor import SYSTEM
from tests.channels.town import Town

pytestmark = pytest.mark.django_db


def own_event(town: Town, *, text: str = "", what: What = What.NEW) -> Incoming:
    """The page's own event about its only answer."""
    (said,) = town.answers()
    item = {"id": said.id, "from_id": said.from_id, "date": said.date, "text": text or said.text}
    item["reply_to_comment"] = said.reply_to_comment
    seen = comment_to_incoming(item, group_id=town.group_id, place="wall", object_id=town.post_id)
    return Incoming(**{name: getattr(seen, name) for name in seen.__slots__} | {"what": what})


def see(town: Town, connection: Connection, incoming: Incoming) -> Proof | None:
    return operations.witness(connection=connection, incoming=incoming, now=town.clock())


def test_the_first_sight_of_an_answer_is_its_proof(town: Town) -> None:
    connection = town.connect()
    delivery = town.deliver(town.answer(connection, town.say("Вода?")))
    assert not Proof.objects.exists()
    proof = see(town, connection, own_event(town))
    (said,) = town.answers()
    assert proof is not None
    assert (proof.delivery, proof.text, proof.external_id) == (delivery, said.text, str(said.id))
    assert proof.permalink == delivery.permalink
    assert proof.stood_at is not None
    assert int(proof.stood_at.timestamp()) == said.date
    assert see(town, connection, own_event(town)) is None


def test_a_proof_is_never_changed(town: Town) -> None:
    connection = town.connect()
    town.deliver(town.answer(connection, town.say("Вода?")))
    assert see(town, connection, own_event(town))
    assert see(town, connection, own_event(town, text="Другое", what=What.EDITED)) is None
    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
        Proof.objects.update(text="Другое")


def test_what_was_edited_before_anybody_looked_is_no_proof(town: Town) -> None:
    connection = town.connect()
    town.deliver(town.answer(connection, town.say("Вода?")))
    assert see(town, connection, own_event(town, text="Совсем другое")) is None


def test_a_resident_proves_nothing(town: Town) -> None:
    connection = town.connect()
    town.deliver(town.answer(connection, town.say("Вода?")))
    stranger = Incoming(What.NEW, "wall", str(town.post_id), str(town.answers()[0].id), author_id="1")
    assert see(town, connection, stranger) is None


def test_a_read_back_is_a_proof(town: Town, service: None) -> None:
    connection = town.connect()
    comment = town.say("Вода?")
    town.fault(method="wall.createComment", what="lost_response", count=1)
    delivery = town.deliver(town.answer(connection, comment), turns=2, pause=3)
    (said,) = town.answers()
    assert (delivery.proof.text, delivery.proof.external_id) == (said.text, str(said.id))
    assert delivery.proof.stood_at is not None


def test_the_own_event_that_settles_a_delivery_is_a_proof(town: Town) -> None:
    connection = town.connect()
    comment = town.say("Вода?")
    town.fault(method="wall.createComment", what="lost_response", count=1)
    town.deliver(town.answer(connection, comment))
    settled = operations.recognise(connection=connection, incoming=own_event(town), now=town.clock())
    assert settled is not None
    assert settled.proof.text == town.answers()[0].text


def receipts(delivery: Delivery) -> list[str]:
    return list(Receipt.objects.filter(delivery=delivery).order_by("id").values_list("state", flat=True))


@pytest.mark.parametrize("code", [5, 14])
def test_an_answer_that_waits_for_a_key_tells_its_owner_once_and_again_when_it_goes_on(
    town: Town, code: int
) -> None:
    connection = town.connect()
    comment = town.say("Вода?")
    town.fault(method="wall.createComment", what="error", code=code, count=1)
    delivery = town.deliver(town.answer(connection, comment), turns=3, pause=4000)
    assert (delivery.state, delivery.waits_for_key) == (DeliveryState.WAITING, True)
    assert receipts(delivery) == ["waiting"]
    if code == 14:
        operations.resume_token(connection=connection, kind=TokenKind.COMMUNITY, by=SYSTEM, now=town.clock())
    else:
        key = town.keys["community"]
        operations.renew_token(
            connection=connection, kind=TokenKind.COMMUNITY, value=key, by=SYSTEM, now=town.clock()
        )
    delivery.refresh_from_db()
    assert (delivery.waits_for_key, receipts(delivery)) == (False, ["waiting", "waiting"])
    town.clock.move(1)
    assert town.deliver(delivery).state == DeliveryState.DELIVERED
    assert receipts(delivery)[-1] == "delivered"


def test_a_wait_that_ends_by_itself_is_not_told(town: Town) -> None:
    connection = town.connect()
    comment = town.say("Вода?")
    town.fault(method="wall.createComment", what="error", code=9, count=1)
    delivery = town.deliver(town.answer(connection, comment))
    assert delivery.next_attempt_at > town.clock() + timedelta(hours=3)
    assert receipts(delivery) == []
