"""The card of an answer that somebody has changed in the network: it says so, shows the proof, and asks a person."""

import json
from collections.abc import Callable
from datetime import timedelta

from django.test import Client
from django.urls import reverse

from otklik.casework import operations as casework
from otklik.casework.models import Answer, Incident
from otklik.channels import operations as channels
from otklik.channels.base import Incoming, What
from otklik.channels.models import Delivery
from otklik.flow import road
from otklik.inbox import operations as inbox
from tests.desk.world import World

At = Callable[..., Client]
TEXT = "Яму засыпем до пятницы."


def published(world: World) -> Incident:
    """An answer that stands in the network under number 77 and was seen there."""
    incident, person = world.incident(action="open"), world.people["executor"]
    incident = casework.accept(incident=incident, by=person, now=world.now)
    answer = casework.publish(incident=incident, text=TEXT, resolution="explained", by=person, now=world.now)
    link = "https://vk.com/wall-1_6?reply=77"
    Delivery.objects.filter(pk=answer.delivery_id).update(
        state="delivered", external_id="77", permalink=link, finished_at=world.now
    )
    assert answer.delivery is not None
    answer.delivery.refresh_from_db()
    casework.record_receipt(delivery=answer.delivery, state="delivered", now=world.now)
    told(world, answer, What.NEW, TEXT)
    return Incident.objects.get(pk=incident.pk)


def told(world: World, answer: Answer, what: What, text: str = "") -> None:
    at = answer.delivery
    assert at is not None
    thread, page = (at.root_id, at.reply_to), f"-{at.connection.external_id}"
    said = Incoming(what, at.place, at.object_id, "77", *thread, page, text != "", text, world.now)
    received = inbox.receive(items=[(at.connection, said)], now=world.now + timedelta(minutes=1))
    channels.witness(connection=at.connection, incoming=said, now=world.now)
    messages = [*received.new, *received.changed]
    casework.note_published_changes(messages=messages, now=world.now + timedelta(minutes=1))


def card(client: Client, incident: Incident) -> str:
    return client.get(reverse("desk:incident", args=[incident.pk])).content.decode()


def test_a_published_answer_shows_what_stood_there_first(world: World, at: At) -> None:
    page = card(at("dispatcher"), published(world))
    assert 'data-testid="proof"' in page
    assert "номер в сети 77" in page
    assert 'data-testid="edited"' not in page


def test_an_edited_answer_is_shown_beside_its_proof_until_somebody_takes_note(world: World, at: At) -> None:
    incident, client = published(world), at("dispatcher")
    told(world, incident.answers.get(), What.EDITED, "Ничего не засыплем.")
    page = card(client, incident)
    assert "Опубликованный ответ изменён в сети" in page
    assert 'data-testid="edited"' in page
    assert "Ничего не засыплем." in page
    assert TEXT in page
    assert f"row-{incident.pk}" in client.get("/desk/?view=trouble").content.decode()
    address = reverse("desk:take_note", args=[incident.pk])
    assert f'action="{address}?' in page
    assert client.post(address).status_code == 302
    page = card(client, incident)
    assert f'action="{address}?' not in page
    assert 'data-testid="edited"' in page
    assert f"row-{incident.pk}" not in client.get("/desk/?view=trouble").content.decode()


def test_a_deleted_answer_comes_back_to_the_body_with_its_text(world: World, at: At) -> None:
    incident = published(world)
    told(world, incident.answers.get(), What.DELETED)
    page = card(at("dispatcher"), incident)
    assert 'data-testid="removed"' in page
    assert "Опубликованный ответ удалён в сети" in page
    incident.refresh_from_db()
    assert (incident.state, incident.reason) == ("rework", "answer_removed")
    assert incident.answers.get(status="draft").text == TEXT


def test_the_road_carries_the_news_of_the_pages_own_comments(world: World) -> None:
    """From the raw event to the incident, as the worker does it."""
    incident = published(world)
    delivery = incident.answers.get().delivery
    assert delivery is not None
    connection = delivery.connection
    group_id = int(connection.external_id)
    gone = {"owner_id": -group_id, "post_id": int(delivery.object_id), "id": 77, "deleter_id": 1}
    body = {"type": "wall_reply_delete", "group_id": group_id, "event_id": "gone", "object": gone}
    event = inbox.Arrived(connection.pk, "gone", "wall_reply_delete", json.dumps(body).encode())
    inbox.accept_events(events=[event], now=world.now, via="callback")
    while road.read_events(now=world.now + timedelta(minutes=2)):
        pass
    incident.refresh_from_db()
    assert (incident.state, incident.delivery_note) == ("rework", "removed")
