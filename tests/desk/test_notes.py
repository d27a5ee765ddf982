"""Notes of colleagues at the desk: written from the card, seen by who sees it, found by whom they call."""

import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from otklik.casework import operations as casework
from otklik.casework.models import Incident, IncidentNote, NoteMention
from otklik.desk import live
from otklik.people.rules import Right
from otklik.registry.rules import Reach
from tests.desk.world import World

At = Callable[..., Client]
TEXT = "Звонил Сидоровой Марии Петровне, +7 913 912-34-56. @executor, что с машиной?"


def url(name: str, incident: Incident, *rest: int) -> str:
    return reverse(f"desk:{name}", args=[incident.pk, *rest])


def card(client: Client, incident: Incident) -> str:
    return client.get(url("incident", incident)).content.decode()


@pytest.fixture
def incident(world: World) -> Incident:
    return world.incident(action="open")


def noted(world: World, incident: Incident, text: str = TEXT, by: str = "dispatcher") -> IncidentNote:
    return casework.add_note(incident=incident, text=text, by=world.people[by], now=world.now)


def test_a_note_is_written_from_the_card_by_a_key(world: World, at: At, incident: Incident) -> None:
    client = at("dispatcher", htmx=True)
    page = card(client, incident)
    assert 'data-key="+"' in page
    panel = client.get(reverse("desk:panel", args=[incident.pk, "note"])).content.decode()
    assert 'data-call="executor"' in panel
    assert "stranger" not in panel
    answer = client.post(url("note", incident), {"text": TEXT, "version": "0"})
    assert answer.status_code == 200
    page = answer.content.decode()
    assert "заметка записана" in page
    assert '<b class="called" title="@executor">@Олег Сергеев</b>' in page
    assert "data-unread" not in page


def test_what_is_wrong_is_said_and_the_words_are_kept(world: World, at: At, incident: Incident) -> None:
    client = at("dispatcher", htmx=True)
    for text, said in (("", "Напишите, что передать"), ("Спросите @stranger", "нет коллеги с таким именем")):
        answer = client.post(url("note", incident), {"text": text})
        assert answer.status_code == 422
        page = answer.content.decode()
        assert said in page
        assert f"{text}</textarea>" in page
    assert not IncidentNote.objects.exists()


def test_personal_data_of_a_note_are_masked_until_they_are_opened(
    world: World, at: At, incident: Incident
) -> None:
    noted(world, incident)
    client = at("executor")
    pages = [url("incident", incident), url("notes", incident), reverse("desk:mentions")]
    for address in pages:
        page = client.get(address).content.decode()
        assert "[телефон]" in page, address
        assert "912-34-56" not in page, address
        assert "@Олег Сергеев" in page, address
    casework.open_personal(incident=incident, reason="contact", by=world.people["executor"], now=world.now)
    for address in pages[:2]:
        assert "912-34-56" in client.get(address).content.decode(), address


def test_a_note_is_text_and_nothing_else(world: World, at: At, incident: Incident) -> None:
    noted(world, incident, "<script>alert(1)</script>\n<b>@executor</b> \"' {{ x }} \u202e")
    for address in (url("incident", incident), url("notes", incident)):
        page = at("dispatcher").get(address).content.decode()
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert(1)" in page


def test_who_does_not_see_the_incident_sees_no_note(world: World, at: At, incident: Incident) -> None:
    made = noted(world, incident)
    stranger, viewer = at("stranger"), at("viewer")
    for address in (url("notes", incident), url("colleagues", incident), url("note_edit", incident, made.pk)):
        assert stranger.get(address).status_code == 404, address
    for address in (
        url("note", incident),
        url("notes_read", incident),
        url("note_withdraw", incident, made.pk),
    ):
        assert stranger.post(address, {"text": "x"}).status_code == 404, address
    assert "что с машиной" in viewer.get(url("notes", incident)).content.decode()
    assert 'data-key="+"' not in card(viewer, incident)
    for address in (url("note", incident), url("note_withdraw", incident, made.pk)):
        assert viewer.post(address, {"text": "x"}).status_code == 403, address
    assert viewer.get(url("colleagues", incident)).status_code == 403
    # Somebody else's note is nobody's to change.
    for address in (url("note_edit", incident, made.pk), url("note_withdraw", incident, made.pk)):
        assert at("second").post(address, {"text": "x"}).status_code == 404, address
    assert IncidentNote.objects.get().text == TEXT


def test_an_author_edits_and_withdraws_and_the_trace_stays(world: World, at: At, incident: Incident) -> None:
    made, client = noted(world, incident), at("dispatcher")
    assert "что с машиной?</textarea>" in client.get(url("note_edit", incident, made.pk)).content.decode()
    assert client.post(url("note_edit", incident, made.pk), {"text": " "}).status_code == 422
    assert client.post(url("note_edit", incident, made.pk), {"text": "Машина вышла"}).status_code == 302
    page = at("viewer").get(url("notes", incident)).content.decode()
    assert "Машина вышла" in page
    assert "Прежний текст" in page
    assert "что с машиной?" in page
    IncidentNote.objects.update(created_at=world.now - timedelta(minutes=16))
    late = client.post(url("note_edit", incident, made.pk), {"text": "Нет"})
    assert late.status_code == 409
    assert "в течение 15 минут" in late.content.decode()
    assert client.post(url("note_withdraw", incident, made.pk)).status_code == 302
    assert (
        "уже отозвана" in client.post(url("note_withdraw", incident, made.pk), follow=True).content.decode()
    )
    page = at("viewer").get(url("notes", incident)).content.decode()
    assert "Заметка отозвана автором" in page
    assert "Машина вышла" not in page
    assert "что с машиной?" not in page


def test_a_call_is_counted_listed_and_read_by_opening(world: World, at: At, incident: Incident) -> None:
    client = at("executor")
    count = reverse("desk:mentions_count")
    assert "Вас пока не звали" in client.get(reverse("desk:mentions")).content.decode()
    noted(world, incident)
    assert client.get(count).json() == {"unread": 1}
    page = client.get(reverse("desk:mentions")).content.decode()
    assert "не прочитано" in page
    assert incident.number in page
    assert f'data-unread="{url("notes_read", incident)}"' in card(client, incident)
    assert client.get(count).json() == {"unread": 1}, "looking changes nothing"
    assert client.post(url("notes_read", incident)).json() == {"unread": 0}
    assert "data-unread" not in card(client, incident)
    assert at("dispatcher").get(count).json() == {"unread": 0}
    noted(world, incident, "@executor, ещё раз")
    last = NoteMention.objects.latest("pk")
    assert at("second").post(reverse("desk:mention_open", args=[last.pk])).status_code == 404
    opened = client.post(reverse("desk:mention_open", args=[last.pk]))
    assert opened["Location"] == url("incident", incident)
    assert client.get(count).json() == {"unread": 0}


def test_a_call_is_gone_with_its_note_and_with_the_reach(world: World, at: At, incident: Incident) -> None:
    one, two = noted(world, incident), noted(world, incident, "@executor @curator")
    count = reverse("desk:mentions_count")
    casework.withdraw_note(note=two, by=world.people["dispatcher"], now=world.now)
    assert at("executor").get(count).json() == {"unread": 1}
    assert at("curator").get(count).json() == {"unread": 0}
    Incident.objects.filter(pk=incident.pk).update(executor=world.ministry)
    assert at("executor").get(count).json() == {"unread": 0}
    mention = NoteMention.objects.get(note=one)
    assert at("executor").post(reverse("desk:mention_open", args=[mention.pk])).status_code == 404


def test_colleagues_are_found_by_what_is_typed(world: World, at: At, incident: Incident) -> None:
    client = at("dispatcher")

    def logins(q: str) -> list[str]:
        found = client.get(url("colleagues", incident), {"q": q}).json()["options"]
        return [each["value"] for each in found]

    assert logins("серг") == ["executor"]
    assert logins("exec") == ["executor"]
    assert logins("чужой") == []
    assert logins("%") == logins("\0_%") == []
    assert "executor" in logins("")


def test_others_at_the_card_hear_of_a_note_and_the_called_one_of_the_call() -> None:
    sees = frozenset({Right.SEE_INCIDENTS})
    called, other = live.Stream(Reach(center=sees), account=7), live.Stream(Reach(center=sees), account=8)
    blind = live.Stream(Reach(), account=9)
    hub = live.Hub(dict)
    hub.streams = {called, other, blind}
    hub._spread(json.dumps({"notes": [[3, None, 1]], "mentioned": [7]}))
    assert called.take() == [("notes", {"ids": [3]}), ("mentioned", {})]
    assert other.take() == [("notes", {"ids": [3]})]
    assert blind.take() == called.take() == []


def test_notes_cost_a_card_one_query_and_lists_a_fixed_number(
    world: World, at: At, incident: Incident
) -> None:
    client = at("executor")
    client.get(reverse("desk:mentions"))
    addresses = [url("incident", incident), url("notes", incident), reverse("desk:mentions")]

    def counted() -> list[int]:
        found = []
        for address in addresses:
            with CaptureQueriesContext(connection) as queries:
                assert client.get(address).status_code == 200
            found.append(len(queries))
            told = sum("casework_incidentnote" in each["sql"] for each in queries)
            assert told <= (1 if address == addresses[0] else 2), address
        return found

    noted(world, incident, "@executor 0")
    counted()
    few = counted()
    for number in range(1, 12):
        made = noted(world, incident, f"@executor {number}")
        casework.edit_note(
            note=made, text=f"@executor {number}!", by=world.people["dispatcher"], now=world.now
        )
    assert counted() == few
    assert few[1] <= 10
    assert few[2] <= 8
    page = card(client, incident)
    assert page.count('data-testid="note"') == 5
    assert "Все заметки" in page
    assert at("executor").get(url("notes", incident)).content.decode().count('data-testid="note"') == 12
