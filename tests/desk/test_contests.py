"""Objections of bodies at the desk: who may object, what the card says, the list of the centre and its decisions."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from otklik.casework import operations as casework
from otklik.casework.models import Incident, ReturnAppeal
from otklik.casework.operations.return_appeals import contest_return
from tests import cast
from tests.desk.world import World

At = Callable[..., Client]
LIST = "/desk/answers/objections/"
SECRET = "+7 913 912-34-56"


def said(response: Any) -> str:
    found: str = response.content.decode()
    return found


def returned(world: World, by: str = "dispatcher") -> Incident:
    """The body answered, and somebody of the centre returned it."""
    who = world.people["executor"]
    made = casework.accept(incident=world.incident(action="open"), by=who, now=world.now)
    answer = casework.publish(
        incident=made, text="Яму засыпали вчера.", resolution="solved", by=who, now=world.now
    )
    cast.settle(answer, "delivered")
    answer.refresh_from_db()
    made = Incident.objects.get(pk=made.pk)
    return casework.return_for_rework(
        incident=made, code="no_proof", comment=f"нет фото, звонить {SECRET}", by=world.people[by].actor,
        now=world.now,
    )  # fmt: skip


def card(client: Client, incident: Incident) -> str:
    return said(client.get(reverse("desk:incident", args=[incident.pk])))


def contested(world: World, incident: Incident | None = None) -> ReturnAppeal:
    return contest_return(
        incident=incident or returned(world), reason=f"Фото есть, {SECRET}", by=world.people["executor"],
        now=world.now,
    )  # fmt: skip


def test_an_official_of_the_body_objects_on_the_card(world: World, at: At) -> None:
    incident, client = returned(world), at("executor")
    address = reverse("desk:contest", args=[incident.pk])
    assert address in card(client, incident)
    assert address not in card(at("dispatcher"), incident)
    form = said(client.get(address))
    assert "нет подтверждения" in form
    assert SECRET not in form
    assert client.post(address, {"reason": " ", "version": incident.version}).status_code == 422
    stale = client.post(address, {"reason": "Фото есть.", "version": incident.version - 1})
    assert stale.status_code == 422
    assert "изменил другой" in said(stale)
    done = client.post(address, {"reason": "Фото есть.", "version": incident.version}, follow=True)
    assert "Возражение отправлено в центр" in said(done)
    assert ReturnAppeal.objects.get().text == "Фото есть."
    shown = card(client, incident)
    assert "Орган возразил на возврат" in shown
    assert address not in shown
    assert "Решить" in card(at("second"), incident)


def test_only_an_official_of_the_body_objects_and_only_to_a_return(world: World, at: At) -> None:
    incident = returned(world)
    for username, status in (("dispatcher", 403), ("viewer", 403), ("stranger", 404), ("curator", 200)):
        address = reverse("desk:contest", args=[incident.pk])
        assert at(username).get(address).status_code == status, username
        assert at(username).post(address, {"reason": ""}).status_code == (422 if status == 200 else status)
    other = casework.accept(
        incident=world.incident(action="open"), by=world.people["executor"], now=world.now
    )
    assert at("executor").get(reverse("desk:contest", args=[other.pk])).status_code == 404


def test_the_offer_ends_with_the_term(world: World, at: At) -> None:
    incident = returned(world)
    incident.moves.update(at=world.now - timedelta(days=30))
    assert reverse("desk:contest", args=[incident.pk]) not in card(at("executor"), incident)
    late = at("executor").post(
        reverse("desk:contest", args=[incident.pk]), {"reason": "Фото есть.", "version": incident.version}
    )
    assert late.status_code == 422


def test_a_card_where_nothing_came_back_asks_nothing_more(world: World, at: At) -> None:
    incident = casework.accept(
        incident=world.incident(action="open"), by=world.people["executor"], now=world.now
    )
    client = at("executor")
    card(client, incident)
    with CaptureQueriesContext(connection) as queries:
        card(client, incident)
    assert not any("casework_returnappeal" in each["sql"] for each in queries)


def test_somebody_else_of_the_centre_decides(world: World, at: At) -> None:
    appeal = contested(world)
    page = f"{LIST}{appeal.pk}"
    assert "рассмотрит коллега" in said(at("dispatcher").get(page))
    refused = at("dispatcher").post(page, {"verdict": "granted", "why": "да"})
    assert refused.status_code == 422
    assert "попросите коллегу" in said(refused)
    client = at("second")
    assert client.post(page, {"verdict": "granted", "why": ""}).status_code == 422
    done = client.post(page, {"verdict": "granted", "why": "Фото есть во втором кадре."}, follow=True)
    assert "Решение записано" in said(done)
    assert "возврат не учитывается" in said(done)
    shown = card(at("executor"), appeal.incident)
    assert "Возражение органа принято" in shown
    assert "Фото есть во втором кадре." in shown
    again = client.post(page, {"verdict": "upheld", "why": "нет"})
    assert "уже решили" in said(again)
    appeal.refresh_from_db()
    assert appeal.verdict == "granted"


def test_an_upheld_return_says_why_on_the_card(world: World, at: At) -> None:
    appeal = contested(world)
    at("second").post(f"{LIST}{appeal.pk}", {"verdict": "upheld", "why": "На фото другой двор."})
    assert "На фото другой двор." in card(at("executor"), appeal.incident)


def test_the_list_is_the_centres_and_says_when_it_is_empty(world: World, at: At) -> None:
    assert "Возражений нет" in said(at("dispatcher").get(LIST))
    appeal = contested(world)
    for username in ("executor", "curator", "viewer"):
        assert at(username).get(LIST).status_code == 403
        assert at(username).get(f"{LIST}{appeal.pk}").status_code == 403
        assert at(username).post(f"{LIST}{appeal.pk}", {"verdict": "granted", "why": "да"}).status_code == 403
    methodist = at("methodist")
    assert methodist.get(f"{LIST}{appeal.pk}").status_code == 200
    assert methodist.post(f"{LIST}{appeal.pk}", {"verdict": "granted", "why": "да"}).status_code == 403
    assert at("dispatcher").get(f"{LIST}99999999999999999999").status_code == 404
    for page in (LIST, f"{LIST}{appeal.pk}"):
        html = said(at("second").get(page))
        assert "Фото есть" in html
        assert SECRET not in html
    assert 'aria-current="page">Возражения органов' in said(at("second").get(LIST))


def test_a_long_list_is_paged_with_as_many_queries(
    world: World, at: At, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    first = contested(world)
    others = [
        ReturnAppeal(
            incident=first.incident, answer=first.answer, body=first.body, returned_by=first.returned_by,
            move=_move(first), text=f"Ответ верный, {number}", contested_by=first.contested_by,
            contested_at=world.now, due_at=world.now - timedelta(hours=number),
        )
        for number in range(60)
    ]  # fmt: skip
    ReturnAppeal.objects.bulk_create(others)
    client = at("second")
    client.get(LIST)
    with django_assert_max_num_queries(9):
        html = said(client.get(LIST))
    assert html.count('class="late"') == 50
    assert "просрочено" in html
    assert "Фото есть" in said(client.get(f"{LIST}?page=2"))


def _move(appeal: ReturnAppeal) -> Any:
    move = appeal.move
    move.pk = None
    move.save()
    return type(move).objects.get(pk=move.pk)
