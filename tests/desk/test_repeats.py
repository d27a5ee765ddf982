"""Repeats at the desk: what the card says of the earlier answer, a person's word, the list."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from otklik.casework import operations as casework
from otklik.casework.models import Incident
from otklik.casework.operations.repeats import mark_repeat
from tests import cast
from tests.desk.world import World

At = Callable[..., Client]
LIST = "/desk/answers/repeats/"
SECRET = "+7 913 912-34-56"


def said(response: Any) -> str:
    found: str = response.content.decode()
    return found


def repeated(world: World, text: str = "Яма опять на месте") -> Incident:
    """Asked, answered by the body, asked again."""
    who = world.people["executor"]
    made = casework.accept(incident=world.incident(action="open"), by=who, now=world.now)
    answer = casework.publish(
        incident=made, text=f"Яму засыпали, {SECRET}.", resolution="solved", by=who, now=world.now
    )
    cast.settle(answer, "delivered")
    again = world.incident(text)
    return mark_repeat(
        incident=again, earlier=Incident.objects.get(pk=made.pk), by=world.people["dispatcher"].actor,
        now=world.now,
    )  # fmt: skip


def card(client: Client, incident: Incident) -> str:
    return said(client.get(reverse("desk:incident", args=[incident.pk])))


def test_the_card_shows_the_earlier_question_and_its_answer(world: World, at: At) -> None:
    again = repeated(world)
    assert again.repeat_of is not None
    html = card(at("dispatcher"), again)
    assert "Повторное сообщение" in html
    assert again.repeat_of.number in html
    assert "Яму засыпали" in html
    assert SECRET not in html
    assert reverse("desk:not_repeat", args=[again.pk]) in html
    assert reverse("desk:not_repeat", args=[again.pk]) not in card(at("viewer"), again)


def test_a_card_that_repeats_nothing_asks_nothing_more(world: World, at: At) -> None:
    again, client = repeated(world), at("dispatcher")
    address = reverse("desk:not_repeat", args=[again.pk])
    before = _queries(client, again)
    assert client.post(address).status_code == 302
    assert before - _queries(client, again) == 1


def _queries(client: Client, incident: Incident) -> int:
    card(client, incident)
    with CaptureQueriesContext(connection) as queries:
        card(client, incident)
    # Counted at once: the next request forgets them.
    return len(queries)


def test_a_person_denies_it_and_takes_that_back(world: World, at: At) -> None:
    again, client = repeated(world), at("dispatcher")
    assert again.repeat_of is not None
    done = said(client.post(reverse("desk:not_repeat", args=[again.pk]), follow=True))
    assert "Отметка повтора снята" in done
    assert f'name="earlier" value="{again.repeat_of_id}"' in done
    assert "Повторное сообщение" not in done
    refused = said(client.post(reverse("desk:not_repeat", args=[again.pk]), follow=True))
    assert "не отмечен повтором" in refused
    back = reverse("desk:repeat", args=[again.pk])
    assert "Повторное сообщение" in said(client.post(back, {"earlier": again.repeat_of_id}, follow=True))
    assert "того же автора" in said(client.post(back, {"earlier": "x"}, follow=True))
    other = world.incident("Нет света", author="Пётр Иванов")
    assert "того же автора" in said(client.post(back, {"earlier": other.pk}, follow=True))
    for username, status in (("executor", 404), ("viewer", 403)):
        assert at(username).post(back, {"earlier": again.repeat_of_id}).status_code == status


def test_the_list_tells_who_is_asked_again(
    world: World, at: At, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    client = at("dispatcher")
    assert "Повторов нет" in said(client.get(LIST))
    first = repeated(world, f"Яма опять на месте, звоните {SECRET}")
    for number in range(55):
        each = world.incident(f"Яма номер {number}", at=world.now - timedelta(hours=number))
        Incident.objects.filter(pk=each.pk).update(repeat_of=first.repeat_of)
    client.get(LIST)
    with django_assert_max_num_queries(10):
        html = said(client.get(LIST))
    assert html.count('<th scope="row">') == 50
    assert SECRET not in html
    assert "Администрация Новосибирского района" in html.split('data-testid="bodies"')[1].split("</dl>")[0]
    assert said(client.get(f"{LIST}?page=2")).count('<th scope="row">') == 6
    assert "Яма номер" not in said(at("stranger").get(LIST))
    assert at("admin").get(LIST).status_code == 403
