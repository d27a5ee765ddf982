"""Requests for erasure and holds at the desk: who comes here, the way of a request, what cannot be undone."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from otklik.casework import operations as casework
from otklik.casework.models import ErasureRequest, Incident, LegalHold
from otklik.casework.operations import erasure
from otklik.common.actor import SYSTEM
from otklik.inbox.models import Author
from otklik.people.models import Account
from otklik.registry import operations as registry
from tests import cast
from tests.desk.world import World

At = Callable[..., Client]
LIST = "/desk/security/erasures/"
HOLDS = "/desk/security/holds/"


@pytest.fixture
def officers(world: World) -> World:
    for name in ("officer", "guard"):
        account = Account.objects.create(username=name, full_name=f"Вера {name}", email=f"{name}@example.org")
        registry.grant(account=account, role="security_officer", by=SYSTEM, now=world.now)
        world.people[name] = account
    return world


def ended(world: World) -> Incident:
    incident = world.incident("Яма у дома 12, Петрова", action="ask")
    casework.reject(incident=incident, reason="spam", by=world.people["dispatcher"].actor, now=world.now)
    Author.objects.filter(pk=incident.message.author_id).update(
        external_id="7700", url="https://vk.com/id7700"
    )
    return Incident.objects.get(pk=incident.pk)


def given(incident: Incident, **fields: Any) -> dict[str, Any]:
    return {"who": incident.number, "channel": "letter", "day": "2026-01-12"} | fields


def said(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def test_a_request_goes_its_way_through_two_people(officers: World, at: At) -> None:
    world = officers
    incident = ended(world)
    first, second = at("officer"), at("guard")
    assert "Требований нет" in said(first.get(LIST))
    assert first.get(f"{LIST}new").status_code == 200
    page = first.post(f"{LIST}new", given(incident), follow=True)
    request = ErasureRequest.objects.get()
    assert "Будет стёрто" in said(page)
    assert "Анна П." in said(page)
    assert "Петрова" not in said(page)
    assert "просрочено" in said(first.get(LIST))
    one = reverse("desk:security_erasure", args=[request.pk])
    refused = first.post(f"{one}/check", {"proof": " "})
    assert refused.status_code == 422
    first.post(f"{one}/check", {"proof": "показала паспорт"})
    assert "Личность проверили вы" in said(first.get(one))
    assert "Стереть данные" in said(second.get(one))
    confirm = said(second.get(f"{one}/erase"))
    assert "Стереть без возврата?" in confirm
    assert "<dt>Сообщений</dt> <dd> 1 </dd>" in confirm
    # The one who checked is told so, and nothing goes.
    assert "не тот, кто проверил личность" in said(first.post(f"{one}/erase", follow=True))
    assert "Данные автора стёрты" in said(second.post(f"{one}/erase", follow=True))
    request.refresh_from_db()
    incident.refresh_from_db()
    assert (request.state, request.ended_by) == ("done", world.people["guard"])
    assert incident.question.startswith("[стёрто ")
    assert "Стёрто" in said(first.get(one))
    assert second.get(f"{one}/erase").status_code == 302
    assert "[стёрто " in said(at("dispatcher").get(reverse("desk:incident", args=[incident.pk])))


def test_what_is_typed_wrong_is_said_beside_the_field(officers: World, at: At) -> None:
    incident, client = ended(officers), at("officer")
    for who in ("99999999", "нет такого", "https://vk.com/nobody", "\0", "9" * 300):
        answer = client.post(f"{LIST}new", given(incident, who=who))
        assert answer.status_code == 422, who
    assert "Такого автора нет" in said(client.post(f"{LIST}new", given(incident, who="5")))
    assert client.post(f"{LIST}new", given(incident, day="2099-01-01")).status_code == 422
    assert client.post(f"{LIST}new", given(incident, who="https://vk.com/id7700")).status_code == 302
    again = client.post(f"{LIST}new", given(incident))
    assert "Требование этого автора уже принято" in said(again)
    one = reverse("desk:security_erasure", args=[ErasureRequest.objects.get().pk])
    assert client.post(f"{one}/refuse", {"reason": ""}).status_code == 422
    assert client.post(f"{one}/refuse", {"reason": "подано не автором"}).status_code == 302
    assert "подано не автором" in said(client.get(one))
    assert client.get(f"{LIST}77777777777777777777").status_code == 404


def test_a_hold_stands_before_a_request(officers: World, at: At) -> None:
    incident, client = ended(officers), at("officer")
    assert "Запретов нет" in said(client.get(HOLDS))
    wrong = client.post(HOLDS, {"number": "77", "reason": "суд"})
    assert wrong.status_code == 422
    client.post(HOLDS, {"number": incident.number, "reason": "дело № 2-77", "until": "2020-01-01"})
    assert not LegalHold.objects.exists()
    placed = client.post(HOLDS, {"number": incident.number, "reason": "дело № 2-77"}, follow=True)
    assert "Запрет записан" in said(placed)
    assert LegalHold.objects.get().incident == incident
    client.post(f"{LIST}new", given(incident))
    request = ErasureRequest.objects.get()
    one = reverse("desk:security_erasure", args=[request.pk])
    client.post(f"{one}/check", {"proof": "показала паспорт"})
    page = said(at("guard").get(one))
    assert "Удалять запрещено: дело № 2-77" in page
    assert "Стереть данные" not in page
    assert "действует запрет" in said(at("guard").post(f"{one}/erase", follow=True))
    lift = reverse("desk:security_hold_lift", args=[LegalHold.objects.get().pk])
    assert "Запрет снят" in said(client.post(lift, follow=True))
    assert "уже снят" in said(client.post(lift, follow=True))
    assert client.post("/desk/security/holds/999/lift").status_code == 404
    request.refresh_from_db()
    assert request.state == "checked"


def test_erasure_is_for_those_who_keep_it(officers: World, at: At) -> None:
    incident = ended(officers)
    at("officer").post(f"{LIST}new", given(incident))
    one = f"{LIST}{ErasureRequest.objects.get().pk}"
    for username in ("dispatcher", "curator", "admin", "viewer"):
        client = at(username)
        for address in (LIST, f"{LIST}new", one, f"{one}/erase", HOLDS):
            assert client.get(address).status_code == 403, (username, address)
        for address in (
            f"{LIST}new",
            f"{one}/check",
            f"{one}/refuse",
            f"{one}/erase",
            HOLDS,
            f"{HOLDS}1/lift",
        ):
            assert client.post(address, {"proof": "x", "reason": "x"}).status_code == 403, (username, address)
    assert ErasureRequest.objects.get().state == "received"
    # Who reads the journal alone has no tabs to choose from.
    assert 'class="tabs"' not in at("admin").get("/desk/security/reads/").content.decode()
    assert 'class="tabs"' in at("officer").get("/desk/security/reads/").content.decode()


def test_lists_cost_the_same_however_long(
    officers: World, at: At, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    world = officers
    by = world.people["officer"]
    for number in range(30):
        author = cast.author(name=f"Анна {number}")
        erasure.receive_erasure(author=author, channel="letter", received_at=world.now, by=by, now=world.now)
        LegalHold.objects.create(author=author, reason="суд", placed_at=world.now, placed_by=by)
    client = at("officer")
    client.get(LIST)
    with django_assert_max_num_queries(9):
        assert said(client.get(LIST)).count("<tr>") == 31
    with django_assert_max_num_queries(9):
        assert said(client.get(HOLDS)).count("<tr>") == 31
