"""What authors think of answers, at the desk: the card without a query, a person's word, the list."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from otklik.casework import operations as casework
from otklik.casework.models import Answer, Incident, Satisfaction
from otklik.casework.operations.satisfied import hear
from tests import cast
from tests.desk.world import World

At = Callable[..., Client]
LIST = "/desk/answers/ratings/"
SECRET = "+7 913 912-34-56"


def said(response: Any) -> str:
    found: str = response.content.decode()
    return found


def thanked(world: World, text: str = f"Спасибо, всё сделали! Мой номер {SECRET}") -> Incident:
    """Answered by the body, and the author wrote this under it."""
    who = world.people["executor"]
    made = casework.accept(incident=world.incident(action="open"), by=who, now=world.now)
    answer = casework.publish(incident=made, text="Яму засыпали.", resolution="solved", by=who, now=world.now)
    cast.settle(answer, "delivered")
    made = Incident.objects.get(pk=made.pk)
    words = world.message(text, by=made.message.author, at=world.now)
    hear(said=[(words, made)], now=world.now)
    return Incident.objects.get(pk=made.pk)


def card(client: Client, incident: Incident) -> str:
    return said(client.get(reverse("desk:incident", args=[incident.pk])))


def test_the_card_shows_thanks_without_asking_for_them(world: World, at: At) -> None:
    incident, client = thanked(world), at("dispatcher")
    card(client, incident)
    with CaptureQueriesContext(connection) as queries:
        html = card(client, incident)
    assert not any("casework_satisfaction" in each["sql"] for each in queries)
    shown = html.split('data-testid="rated"')[1].split("</div>")[0]
    assert "Автор доволен ответом" in shown
    assert "Спасибо, всё сделали!" in shown
    assert SECRET not in shown


def test_a_person_says_how_the_words_are_meant(world: World, at: At) -> None:
    incident = thanked(world)
    address = reverse("desk:satisfaction", args=[incident.pk])
    assert address in card(at("dispatcher"), incident)
    assert address not in card(at("executor"), incident)
    assert at("executor").post(address, {"verdict": "none"}).status_code == 403
    done = said(at("dispatcher").post(address, {"verdict": "none"}, follow=True))
    assert "Записано, как понимать слова автора" in done
    assert "по словам не понять" in done
    assert Satisfaction.objects.get().verdict == "none"
    at("dispatcher").post(address, {"verdict": "positive"})
    assert Satisfaction.objects.get().verdict == "positive"
    wrong = said(at("dispatcher").post(address, {"verdict": "great"}, follow=True))
    assert "Из этого состояния так поступить нельзя" in wrong
    other = world.incident("Нет света")
    nothing = at("dispatcher").post(
        reverse("desk:satisfaction", args=[other.pk]), {"verdict": "none"}, follow=True
    )
    assert "ничего не написал" in said(nothing)


def test_the_list_counts_by_body_and_is_paged(
    world: World, at: At, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    client = at("dispatcher")
    assert "Оценок пока нет" in said(client.get(LIST))
    incident = thanked(world)
    first = Satisfaction.objects.get()
    Satisfaction.objects.bulk_create(
        Satisfaction(
            incident=incident, cycle=number, answer=first.answer, message=first.message,
            verdict="negative" if number % 3 else "positive", decided_at=world.now - timedelta(hours=number),
        )
        for number in range(2, 57)
    )  # fmt: skip
    client.get(LIST)
    with django_assert_max_num_queries(9):
        html = said(client.get(LIST))
    assert SECRET not in html
    assert html.count("доволен ответом</span>") == 50
    counted = html.split('data-testid="bodies"')[1].split("</table>")[0]
    assert "Администрация Новосибирского района" in counted
    assert said(client.get(f"{LIST}?page=2")).count("доволен ответом</span>") == 6
    assert "Оценок пока нет" in said(at("stranger").get(LIST))
    assert at("admin").get(LIST).status_code == 403


def test_likes_in_the_network_stand_beside_the_words_of_authors(world: World, at: At) -> None:
    incident = thanked(world)
    assert "отметка" not in card(at("dispatcher"), incident)
    Satisfaction.objects.all().delete()
    liked = Answer.objects.filter(incident=incident, status="published")
    liked.update(likes=1)
    assert "1 отметка «Нравится»" in card(at("dispatcher"), incident)
    liked.update(likes=22)
    assert "22 отметки «Нравится»" in card(at("dispatcher"), incident)
    for who, seen in (("dispatcher", True), ("executor", True), ("stranger", False)):
        html = said(at(who).get(LIST))
        assert ('data-label="«Нравится» в сети">22</td>' in html) is seen
    liked.update(published_at=world.now - timedelta(days=31))
    assert 'data-testid="bodies"' not in said(at("dispatcher").get(LIST))
