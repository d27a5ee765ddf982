"""From the card to somebody outside and back: what they see, what they send, what becomes of it."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from otklik.casework import operations as casework
from otklik.casework.models import (
    Answer,
    ExternalLink,
    ExternalOpening,
    ExternalPhoto,
    ExternalReply,
    Incident,
)
from otklik.casework.operations import external
from otklik.portal.limits import LINKS
from tests.casework.test_external import picture
from tests.desk.world import World

At = Callable[..., Client]
TEXT = "Течёт труба, дом 12 по Тельмана, кв. 45, звоните +7 913 912-34-56"


@pytest.fixture(autouse=True)
def _unhurried() -> Iterator[None]:
    LINKS.forget()
    yield
    LINKS.forget()


def url(name: str, incident: Incident, *rest: int) -> str:
    return reverse(f"desk:{name}", args=[incident.pk, *rest])


@pytest.fixture
def incident(world: World) -> Incident:
    found = world.incident(TEXT, action="open")
    return casework.accept(incident=found, by=world.people["executor"], now=world.now)


def made(world: World, at: At, incident: Incident) -> str:
    """A link as the executor makes it; the path of its page."""
    client = at("executor")
    page = client.get(url("outside", incident)).content.decode()
    assert "[телефон]" in page
    assert "912-34-56" not in page
    day = (world.now + timedelta(days=2)).date().isoformat()
    given = {"addressee": "МУП «Водоканал»", "question": "Когда починят трубу?", "day": day}
    assert client.post(url("outside", incident), given).status_code == 302
    page = client.get(url("outside", incident)).content.decode()
    found = re.search(r'value="[^"]*(/o/[^"]+)"', page)
    assert found
    return found[1]


def test_somebody_outside_sees_the_question_and_nothing_else(
    world: World, at: At, incident: Incident
) -> None:
    path = made(world, at, incident)
    answer = Client().get(path)
    page = answer.content.decode()
    assert answer.status_code == 200
    for shown in ("Когда починят трубу?", "МУП «Водоканал»", "Новосибирский район", "Ответить до"):
        assert shown in page, shown
    for hidden in ("Анна", "Петрова", "912-34-56", "Олег", incident.number, "/desk/"):
        assert hidden not in page, hidden
    assert answer["X-Robots-Tag"].startswith("noindex")
    assert (answer["Cache-Control"], answer["Referrer-Policy"]) == ("no-store", "no-referrer")
    assert "<script" not in page
    assert ExternalOpening.objects.count() == 1


def test_an_answer_comes_back_as_material_for_the_draft(world: World, at: At, incident: Incident) -> None:
    path, outsider = made(world, at, incident), Client()
    files = [SimpleUploadedFile(f"{number}.jpg", picture(), "image/jpeg") for number in range(2)]
    sent = outsider.post(path, {"text": "Починили сегодня.", "photos": files}, follow=True)
    assert "Ответ отправлен" in sent.content.decode()
    assert not Answer.objects.filter(incident=incident).exists()
    card = at("executor").get(url("incident", incident)).content.decode()
    assert "Внешний исполнитель ответил по ссылке" in card
    page = at("executor").get(url("outside", incident)).content.decode()
    assert "Починили сегодня." in page
    assert "Открывали 1 раз" in page
    photo = ExternalPhoto.objects.order_by("pk")[0]
    shown = at("viewer").get(url("outside_photo", incident, photo.pk))
    assert shown.content[:2] == b"\xff\xd8"
    assert at("stranger").get(url("outside_photo", incident, photo.pk)).status_code == 404
    reply = ExternalReply.objects.get()
    taken = at("executor").post(url("outside_use", incident, reply.pk)).content.decode()
    assert ">\nПочинили сегодня.</textarea>" in taken
    assert at("viewer").post(url("outside_use", incident, reply.pk)).status_code == 403
    assert at("executor").post(url("outside_use", incident, reply.pk + 1)).status_code == 404


def test_what_is_wrong_is_said_and_the_words_are_kept(world: World, at: At, incident: Incident) -> None:
    path, outsider = made(world, at, incident), Client()
    bad = SimpleUploadedFile("a.jpg", b"<svg onload=alert(1)>", "image/jpeg")
    answer = outsider.post(path, {"text": "Починим.", "photos": [bad]})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "не похож на фотографию" in page
    assert "Починим.</textarea>" in page
    many = [SimpleUploadedFile(f"{number}.jpg", picture(), "image/jpeg") for number in range(6)]
    assert "не больше пяти" in outsider.post(path, {"text": "Да", "photos": many}).content.decode()
    assert outsider.post(path, {"text": "  "}).status_code == 422
    assert not ExternalReply.objects.exists()


def test_an_answer_needs_the_token_of_its_form(world: World, at: At, incident: Incident) -> None:
    path = made(world, at, incident)
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(path, {"text": "Да"}).status_code == 403
    strict.get(path)
    token = strict.cookies["csrftoken"].value
    assert strict.post(path, {"text": "Да", "csrfmiddlewaretoken": token}).status_code == 302


def test_a_dead_link_tells_nothing_and_says_what_to_do(world: World, at: At, incident: Incident) -> None:
    path = made(world, at, incident)
    link = ExternalLink.objects.get()
    assert at("viewer").post(url("outside_revoke", incident, link.pk)).status_code == 403
    assert at("executor").post(url("outside_revoke", incident, link.pk)).status_code == 302
    assert at("executor").post(url("outside_revoke", incident, link.pk + 1)).status_code == 404
    for dead in (path, "/o/1.abc:def", "/o/x"):
        answer = Client().get(dead)
        assert answer.status_code == 410
        assert "Попросите новую" in answer.content.decode()
        assert Client().post(dead, {"text": "Да"}).status_code == 410
    page = at("executor").get(url("outside", incident)).content.decode()
    assert "отозвана" in page
    assert path not in page


@pytest.mark.django_db
def test_guessing_ends_soon() -> None:
    outsider = Client()
    answers = {outsider.get(f"/o/{number}.x:y").status_code for number in range(LINKS.most + 1)}
    assert answers == {410, 429}


def test_a_link_needs_words_and_a_day_within_a_month(world: World, at: At, incident: Incident) -> None:
    client, day = at("executor"), (world.now + timedelta(days=2)).date()
    for wrong in ({"addressee": ""}, {"day": day + timedelta(days=60)}, {"day": ""}):
        given = {"addressee": "УК", "question": "Когда?", "day": day} | wrong
        assert client.post(url("outside", incident), given).status_code == 422, wrong
    assert at("viewer").get(url("outside", incident)).status_code == 403
    assert at("stranger").get(url("outside", incident)).status_code == 404


def test_twenty_links_ask_the_database_as_often_as_one(
    world: World, at: At, incident: Incident, django_assert_max_num_queries: Callable[..., object]
) -> None:
    for _number in range(20):
        external.make_link(
            incident=incident, addressee="УК", question="Когда?", answer_by=world.now + timedelta(days=1),
            by=world.people["executor"], now=world.now,
        )  # fmt: skip
    client = at("executor")
    with django_assert_max_num_queries(12):
        client.get(url("outside", incident))
