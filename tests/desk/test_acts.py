"""What is done to a card: the verb runs, facts are told on the card, nothing typed is lost, nothing is overwritten."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from otklik.casework import operations as casework
from otklik.casework.models import Answer, Incident
from otklik.channels.models import Delivery
from otklik.triage.models import Correction
from tests.desk.world import World

At = Callable[..., Client]


def url(name: str, incident: Incident) -> str:
    return reverse(f"desk:{name}", args=[incident.pk])


def verdict(world: World, incident: Incident, **changes: object) -> dict[str, object]:
    given = {
        "version": incident.version,
        "topic": incident.topic.code,
        "kind": incident.kind,
        "priority": incident.priority,
        "executor": world.city.pk,
    }
    return given | changes


def working(world: World) -> Incident:
    incident = world.incident(action="open")
    return casework.accept(incident=incident, by=world.people["executor"], now=world.now)


def test_one_press_confirms(world: World, at: At) -> None:
    incident = world.incident()
    page = at("dispatcher").get(url("incident", incident)).content.decode()
    assert 'data-testid="confirm"' in page
    assert at("dispatcher").post(url("confirm", incident), verdict(world, incident)).status_code == 302
    incident.refresh_from_db()
    assert (incident.state, incident.executor) == ("routed", world.city)
    assert Correction.objects.get().agreed


def test_a_correction_is_kept_and_the_next_card_opens(world: World, at: At) -> None:
    incident, following = (
        world.incident(),
        world.incident("Не горит фонарь", topic="ROADS.lighting", words=()),
    )
    given = verdict(world, incident, topic="ROADS.repair", next=following.pk)
    answer = at("dispatcher", htmx=True).post(url("correct", incident), given)
    assert answer.status_code == 200
    assert f'data-incident="{following.pk}"' in answer.content.decode()
    assert answer.headers["HX-Push-Url"] == f"{url('incident', following)}?view=triage"
    assert Correction.objects.get().agreed is False


def test_a_card_that_somebody_changed_is_not_overwritten(world: World, at: At) -> None:
    incident = world.incident()
    given = verdict(world, incident)
    casework.reject(incident=incident, reason="spam", by=world.people["second"].actor, now=world.now)
    answer = at("dispatcher").post(url("confirm", incident), given)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Карточку уже изменил другой человек" in page
    incident.refresh_from_db()
    assert incident.state == "rejected"


def test_news_tells_who_changed_what_since_the_version_seen(world: World, at: At) -> None:
    incident = world.incident()
    client = at("dispatcher")
    assert client.get(url("news", incident), {"version": incident.version}).status_code == 204
    casework.reject(incident=incident, reason="spam", by=world.people["second"].actor, now=world.now)
    said = client.get(url("news", incident), {"version": incident.version}).content.decode()
    assert "Отклонено" in said
    assert "спам" in said
    assert "Иван Попов" in said


def test_rejecting_needs_a_reason_and_can_be_undone(world: World, at: At) -> None:
    incident = world.incident()
    client = at("dispatcher")
    assert client.post(url("reject", incident), {"version": incident.version}).status_code == 422
    page = client.post(url("reject", incident), {"reason": "spam"}, follow=True).content.decode()
    assert f'action="{url("restore", incident)}?' in page
    assert client.post(url("restore", incident)).status_code == 302
    incident.refresh_from_db()
    assert incident.state == "triage"


def test_what_was_typed_stays_when_a_reason_is_missing(world: World, at: At) -> None:
    incident = world.incident(action="open")
    answer = at("dispatcher").post(url("route", incident), {"executor": world.school.pk, "reason": "  "})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Напишите причину" in page
    assert 'data-testid="panel-route"' in page
    assert f'<option value="{world.school.pk}"' in page


def test_attaching_by_number_and_back(world: World, at: At) -> None:
    parent, incident = world.incident(), world.incident()
    client = at("dispatcher")
    nobody = client.post(url("attach", incident), {"number": "26-11-99999"})
    assert (nobody.status_code, "Нет инцидента с таким номером" in nobody.content.decode()) == (422, True)
    assert client.post(url("attach", incident), {"number": incident.number}).status_code == 422
    assert client.post(url("attach", incident), {"number": f"№ {parent.number}"}).status_code == 302
    incident.refresh_from_db()
    assert (incident.state, incident.parent) == ("attached", parent)
    assert client.post(url("detach", incident)).status_code == 302


@pytest.mark.parametrize("odd", ["²", "9" * 30, "", "-", "№", "26-11-", "1e5", "\0"])
def test_odd_numbers_are_no_incidents(world: World, at: At, odd: str) -> None:
    assert at("dispatcher").post(url("attach", world.incident()), {"number": odd}).status_code == 422


def test_the_answer_is_seen_as_the_network_shows_it_before_it_goes(world: World, at: At) -> None:
    incident = working(world)
    client = at("executor")
    seen = client.post(url("preview", incident), {"text": "Засыплют до 25 ноября."}).content.decode()
    assert '<span class="mention">Анна, </span>Засыплют до 25 ноября.' in seen
    assert not Answer.objects.exists()
    sent = client.post(
        url("publish", incident),
        {
            "text": "Засыплют до 25 ноября.\r\nНапишите, если нет.",
            "resolution": "solved",
            "version": incident.version,
        },
    )
    assert sent.status_code == 302
    assert Delivery.objects.get().text == "Засыплют до 25 ноября.\nНапишите, если нет."
    incident.refresh_from_db()
    assert incident.state == "publishing"


def test_an_empty_or_endless_answer_stays_in_the_editor(world: World, at: At) -> None:
    incident = working(world)
    long = "я" * 4001
    answer = at("executor").post(url("publish", incident), {"text": long, "resolution": "solved"})
    assert answer.status_code == 422
    assert long in answer.content.decode()
    assert at("executor").post(url("publish", incident), {"text": " "}).status_code == 422
    assert not Delivery.objects.exists()


def test_an_answer_nobody_sent_yet_is_taken_back(world: World, at: At) -> None:
    incident = working(world)
    casework.publish(
        incident=incident, text="Ответ", resolution="solved", by=world.people["executor"], now=world.now
    )
    page = at("executor").post(url("take_back", incident), follow=True).content.decode()
    incident.refresh_from_db()
    assert incident.state == "in_progress"
    assert "Ответ</textarea>" in page


@pytest.mark.parametrize(
    ("outcome", "state"), [("found", "delivered"), ("again", "waiting"), ("give_up", "refused")]
)
def test_a_person_settles_what_the_network_did_not_tell(
    world: World, at: At, outcome: str, state: str
) -> None:
    incident = working(world)
    answer = casework.publish(
        incident=incident, text="Ответ", resolution="solved", by=world.people["executor"], now=world.now
    )
    Delivery.objects.update(state="uncertain", reason="lost_response")
    casework.record_receipt(delivery=Delivery.objects.get(), state="uncertain", now=world.now)
    page = at("dispatcher").get(url("incident", incident), {"panel": "settle"}).content.decode()
    assert "второй раз ничего не отправится" in page
    given = {
        "outcome": outcome,
        "permalink": "https://vk.com/wall-1_7?reply=99" if outcome == "found" else "",
    }
    assert at("dispatcher").post(url("settle", incident), given).status_code == 302
    assert Delivery.objects.get(answer=answer).state == state


def test_found_without_a_link_asks_for_the_link(world: World, at: At) -> None:
    incident = working(world)
    casework.publish(
        incident=incident, text="Ответ", resolution="solved", by=world.people["executor"], now=world.now
    )
    Delivery.objects.update(state="uncertain")
    answer = at("dispatcher").post(url("settle", incident), {"outcome": "found"})
    assert answer.status_code == 422
    assert "укажите ссылку" in answer.content.decode()


def test_closing_and_opening_again(world: World, at: At) -> None:
    incident = working(world)
    casework.publish(
        incident=incident, text="Ответ", resolution="solved", by=world.people["executor"], now=world.now
    )
    delivery = Delivery.objects.get()
    delivery.state, delivery.external_id, delivery.permalink = (
        "delivered",
        "99",
        "https://vk.com/wall-1_7?reply=99",
    )
    delivery.save()
    casework.record_receipt(delivery=delivery, state="delivered", now=world.now)
    page = at("dispatcher").get(url("incident", incident)).content.decode()
    assert 'href="https://vk.com/wall-1_7?reply=99"' in page
    assert at("dispatcher").post(url("close", incident), {"resolution": "solved"}).status_code == 302
    assert at("dispatcher").post(url("reopen", incident), {"reason": ""}).status_code == 422
    assert at("dispatcher").post(url("reopen", incident), {"reason": "не засыпали"}).status_code == 302
    incident.refresh_from_db()
    assert (incident.state, incident.cycle, incident.priority) == ("reopened", 2, "high")
    assert "Взять в работу" in at("executor").get(url("incident", incident)).content.decode()
    assert at("executor").post(url("take_up", incident)).status_code == 302
    incident.refresh_from_db()
    assert incident.state == "in_progress"
