"""Photos of an answer at the desk: put there, taken away, seen by who sees the incident, told before publishing."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from otklik.casework import operations as casework
from otklik.casework.models import Answer, AnswerPhoto, Incident
from otklik.casework.operations import external
from otklik.common.photos import LARGEST_FILE
from tests.casework.test_answer_photos import shot
from tests.desk.world import World

At = Callable[..., Client]


def url(name: str, incident: Incident, *rest: int | str) -> str:
    return reverse(f"desk:{name}", args=[incident.pk, *rest])


@pytest.fixture
def incident(world: World) -> Incident:
    found = world.incident(action="open")
    return casework.accept(incident=found, by=world.people["executor"], now=world.now)


def send(client: Client, incident: Incident, *bodies: bytes) -> tuple[int, str]:
    files = [SimpleUploadedFile(f"{number}.jpg", body, "image/jpeg") for number, body in enumerate(bodies)]
    answer = client.post(url("photos", incident), {"photos": files}, follow=True)
    return answer.status_code, answer.content.decode()


def test_photos_go_from_the_phone_to_the_answer(world: World, at: At, incident: Incident) -> None:
    client = at("executor")
    assert "Фотографий" not in client.get(url("incident", incident)).content.decode()
    status, page = send(client, incident, shot(1), shot(2))
    assert status == 200
    assert page.count('data-testid="shot"') == 2
    assert "жителю они не уходят" in page
    draft = Answer.objects.get(incident=incident)
    seen = client.get(url("photo", incident, draft.pk, 1))
    assert seen.content[:3] == b"\xff\xd8\xff"
    assert (seen["Content-Type"], seen["X-Content-Type-Options"]) == ("image/jpeg", "nosniff")
    assert seen["Content-Security-Policy"] == "default-src 'none'; sandbox"
    photo = AnswerPhoto.objects.get(number=1)
    page = client.post(url("photo_remove", incident, photo.digest), follow=True).content.decode()
    assert page.count('data-testid="shot"') == 1
    again = client.post(url("photo_remove", incident, photo.digest), follow=True).content.decode()
    assert "уже нет" in again


def test_what_is_no_photo_is_refused_with_words(world: World, at: At, incident: Incident) -> None:
    client = at("executor")
    for bodies, said in (
        ([], "Выберите хотя бы одну"),
        ([b"<svg onload=alert(1)>"], "не похож на фотографию"),
        ([shot(1), b"x" * (LARGEST_FILE + 1)], "не похож на фотографию"),
        ([shot(number) for number in range(11)], "не больше десяти"),
    ):
        status, page = send(client, incident, *bodies)
        assert status == 422, said
        assert said in page
    assert not AnswerPhoto.objects.exists()


def test_who_may_bring_and_who_may_see(world: World, at: At, incident: Incident) -> None:
    send(at("executor"), incident, shot(1))
    photo = AnswerPhoto.objects.get()
    shown = url("photo", incident, photo.answer_id, 1)
    assert at("viewer").get(shown).status_code == 200
    assert at("stranger").get(shown).status_code == 404
    other = world.incident(body="ministry", page="ministry", action="open")
    assert at("dispatcher").get(url("photo", other, photo.answer_id, 1)).status_code == 404
    for username, expected in (("viewer", 403), ("stranger", 404)):
        client = at(username)
        assert client.get(url("photos", incident)).status_code == expected
        assert send(client, incident, shot(2))[0] == expected
        assert client.post(url("photo_remove", incident, photo.digest)).status_code == expected
    assert AnswerPhoto.objects.count() == 1


def test_photos_from_outside_become_those_of_the_answer(world: World, at: At, incident: Incident) -> None:
    by = world.people["executor"]
    link = external.make_link(
        incident=incident, addressee="МУП", question="Когда?", answer_by=world.now + timedelta(days=1),
        by=by, now=world.now,
    )  # fmt: skip
    reply = external.reply_from_outside(
        link=link, text="Готово", photos=[shot(1), shot(2)], address="127.0.0.1", now=world.now
    )
    address = url("outside_attach", incident, reply.pk)
    client = at("executor")
    assert address in client.get(url("outside", incident)).content.decode()
    for username, expected in (("viewer", 403), ("stranger", 404)):
        assert at(username).post(address).status_code == expected
    assert client.post(url("outside_attach", incident, reply.pk + 1)).status_code == 404
    page = client.post(address, follow=True).content.decode()
    assert page.count('data-testid="shot"') == 2
    again = client.post(address, follow=True).content.decode()
    assert "уже приложена" in again
    assert AnswerPhoto.objects.count() == 2


def test_before_publishing_it_is_said_that_photos_stay_inside(
    world: World, at: At, incident: Incident
) -> None:
    client = at("executor", htmx=True)
    panel = reverse("desk:panel", args=[incident.pk, "publish"])
    assert "photos-stay" not in client.get(panel).content.decode()
    send(at("executor"), incident, shot(1))
    page = client.get(panel).content.decode()
    assert 'data-testid="photos-stay"' in page
    assert "житель увидит только текст" in page
    text = "Яму у дома 12 по Тельмана заделали вчера."
    casework.publish(
        incident=incident, text=text, resolution="solved", by=world.people["executor"], now=world.now
    )
    card = client.get(url("incident", incident)).content.decode()
    assert 'data-testid="answer-photos"' in card
    assert url("photo", incident, Answer.objects.get().pk, 1) in card


def test_photos_cost_the_card_no_query(
    world: World, at: At, incident: Incident, django_assert_max_num_queries: Callable[..., object]
) -> None:
    client, many = at("executor"), [shot(number) for number in range(10)]
    send(client, incident, *many)
    with django_assert_max_num_queries(10):
        page = client.get(url("photos", incident)).content.decode()
    assert page.count('data-testid="shot"') == 10
    casework.publish(
        incident=incident, text="Сделали.", resolution="solved", by=world.people["executor"], now=world.now
    )
    with CaptureQueriesContext(connection) as queries:
        card = client.get(url("incident", incident)).content.decode()
    assert card.count("/photos/10.jpg") == 2
    assert not [each for each in queries if "casework_answerphoto" in each["sql"]]
