"""What stands beside the editor: the guide, templates with variables filled, similar answers, put in by a press."""

from collections.abc import Callable
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from otklik.casework import operations as casework
from otklik.casework.models import Answer, Incident
from otklik.common.actor import SYSTEM
from tests.desk.world import World

At = Callable[..., Client]


def url(name: str, incident: Incident) -> str:
    return reverse(f"desk:{name}", args=[incident.pk])


def working(world: World) -> Incident:
    return casework.accept(incident=world.incident(action="open"), by=world.people["executor"], now=world.now)


def add(world: World, title: str, text: str, **given: Any) -> int:
    values = casework.TemplateValues(title=title, text=text, **given)
    return casework.add_template(values=values, by=SYSTEM, now=world.now, as_center=True).pk


def test_guides_and_filled_templates_stand_where_the_answer_is_written(world: World, at: At) -> None:
    incident = working(world)
    add(world, "Об ямах", "Назовите день.", kind="guide", topic=incident.topic)
    add(world, "Яма", "{имя}, здравствуйте! Засыплем {срок}.")
    card = at("executor").get(url("incident", incident)).content.decode()
    assert f'hx-get="{url("aids", incident)}?' in card
    piece = at("executor", htmx=True).get(url("aids", incident)).content.decode()
    assert "<html" not in piece
    assert "Назовите день." in piece
    assert "Анна, здравствуйте! Засыплем {срок}." in piece
    whole = at("executor").get(url("aids", incident)).content.decode()
    assert "<html" in whole
    assert "Анна, здравствуйте! Засыплем {срок}." in whole


def test_without_a_script_a_press_puts_the_text_after_the_draft_and_a_gap_does_not_go_out(
    world: World, at: At
) -> None:
    incident, client = working(world), at("executor")
    pk = add(world, "Яма", "{имя}, засыплем {срок}.")
    casework.save_draft(
        incident=incident, text="Начало.", by=world.people["executor"], now=world.now, draft_version=0
    )
    page = client.post(url("insert", incident), {"pick": f"t{pk}"}).content.decode()
    assert "Начало.\n\nАнна, засыплем {срок}." in page
    assert Answer.objects.get().text == "Начало."
    given = {"text": "Анна, засыплем {срок}.", "resolution": "explained", "version": incident.version}
    refused = client.post(url("publish", incident), given)
    assert refused.status_code == 422
    assert "незаполненные места" in refused.content.decode()
    said = client.post(url("check", incident), given).content.decode()
    assert "«{срок}»" in said


def test_what_is_offered_no_more_is_said_and_the_text_stays(world: World, at: At) -> None:
    incident = working(world)
    answer = at("executor").post(url("insert", incident), {"pick": "t999", "text": "Мой текст"})
    assert answer.status_code == 409
    assert "Мой текст" in answer.content.decode()
    assert "больше не предлагают" in answer.content.decode()


def test_nothing_to_offer_says_so_and_strangers_are_told_nothing(world: World, at: At) -> None:
    incident = working(world)
    piece = at("executor", htmx=True).get(url("aids", incident)).content.decode()
    assert "пока нет ни шаблонов" in piece
    assert "решён ли ваш вопрос" in piece.split('data-testid="ends"')[1]
    put = at("executor").post(url("insert", incident), {"pick": "ask"}).content.decode()
    assert "решён ли ваш вопрос" in put.split('id="text"')[1].split("</textarea>")[0]
    assert at("viewer").get(url("aids", incident)).status_code == 403
    assert at("stranger").get(url("aids", incident)).status_code == 404


def test_the_aids_ask_the_same_however_many_there_are(world: World, at: At) -> None:
    incident, client = working(world), at("executor", htmx=True)
    add(world, "Один", "Один.")
    client.get(url("aids", incident))
    with CaptureQueriesContext(connection) as few:
        client.get(url("aids", incident))
    for number in range(6):
        add(world, f"Ещё {number}", "Ещё.", body=world.city)
    with CaptureQueriesContext(connection) as many:
        client.get(url("aids", incident))
    assert len(many) == len(few) <= 22
