"""Who sees what and who may do what: by role, by reach, and nothing outside of it."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from otklik.casework import operations as casework
from otklik.casework.models import Incident
from otklik.desk.rules import DRAFTING, powers_in, states_of
from otklik.desk.views.acting import NAMES
from otklik.people.rules import RIGHTS, Right
from tests.desk.world import World

At = Callable[..., Client]


def url(name: str, incident: Incident) -> str:
    return reverse(f"desk:{name}", args=[incident.pk])


def test_the_home_page_shows_staff_the_way_to_the_desk_and_strangers_stop_at_the_login(
    client: Client, at: At
) -> None:
    assert 'href="/desk/">Рабочее место' in at("dispatcher").get("/").content.decode()
    assert "Рабочее место" not in client.get("/").content.decode()
    answer = client.get("/desk/")
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize(
    "name", ["incident", "news", "here", "draft", "discard", "preview", "presence", *NAMES]
)
def test_what_is_outside_reach_does_not_exist(world: World, at: At, name: str) -> None:
    hidden = world.incident(action="open")
    client = at("stranger")
    answer = (
        client.get(url(name, hidden))
        if name in {"incident", "news", "here"}
        else client.post(url(name, hidden))
    )
    assert answer.status_code == 404
    hidden.refresh_from_db()
    assert (hidden.state, hidden.version) == ("routed", 1)


@pytest.mark.parametrize("name", ["draft", "discard", "preview", *NAMES])
def test_a_viewer_looks_and_does_nothing(world: World, at: At, name: str) -> None:
    incident = world.incident(action="open")
    assert at("viewer").post(url(name, incident), {"text": "x"}).status_code == 403
    page = at("viewer").get(url("incident", incident))
    assert page.status_code == 200
    assert 'data-testid="acts"' not in page.content.decode()
    assert 'id="editor"' not in page.content.decode()


def test_an_executor_sees_the_body_and_not_the_neighbour(world: World, at: At) -> None:
    ours = world.incident("Яма на Тельмана", action="open")
    theirs = world.incident("Автобус не пришёл", action="open", body="ministry", page="ministry", words=())
    page = at("executor").get("/desk/?view=all").content.decode()
    assert f'id="row-{ours.pk}"' in page
    assert f'id="row-{theirs.pk}"' not in page


def test_rows_asked_by_number_are_cut_to_reach(world: World, at: At) -> None:
    ours = world.incident(action="open")
    theirs = world.incident(action="open", body="ministry", page="ministry")
    page = at("executor").get(f"/desk/rows?view=all&ids={ours.pk},{theirs.pk}").content.decode()
    assert f'id="row-{ours.pk}"' in page
    assert f'id="row-{theirs.pk}"' not in page


def test_a_system_administrator_is_told_why_the_queue_is_empty(world: World, at: At) -> None:
    world.incident()
    page = at("admin").get("/desk/").content.decode()
    assert "Ваша роль не видит инцидентов" in page
    assert "row-" not in page.replace("row-key", "")


def test_a_curator_hands_over_only_within_reach(world: World, at: At) -> None:
    incident = world.incident(action="open")
    client = at("curator")
    abroad = client.post(url("route", incident), {"executor": world.ministry.pk, "reason": "не наше"})
    assert abroad.status_code == 422
    inside = client.post(url("route", incident), {"executor": world.school.pk, "reason": "у школы"})
    assert inside.status_code == 302
    incident.refresh_from_db()
    assert incident.executor == world.school


def test_an_executor_takes_an_incident_and_gives_it_to_nobody_else(world: World, at: At) -> None:
    incident = world.incident(action="open")
    client = at("executor")
    assert client.post(url("assign", incident), {"assignee": world.people["curator"].pk}).status_code == 422
    assert client.post(url("assign", incident), {"assignee": world.people["executor"].pk}).status_code == 302
    incident.refresh_from_db()
    assert incident.assignee == world.people["executor"]


def test_body_search_keeps_to_what_the_person_may_hand_to(world: World, at: At) -> None:
    incident = world.incident(action="open")
    found = at("curator").get("/desk/bodies", {"q": "минтранс", "incident": incident.pk}).json()
    assert found["options"] == []
    found = at("dispatcher").get("/desk/bodies", {"q": "минтранс", "incident": incident.pk}).json()
    assert [option["value"] for option in found["options"]] == [str(world.ministry.pk)]


def test_rights_become_powers_only_in_their_states() -> None:
    assert "publish" not in powers_in("routed", RIGHTS["executor"])
    assert "publish" in powers_in("in_progress", RIGHTS["executor"])
    assert powers_in("triage", {Right.SEE_INCIDENTS}) == frozenset()
    assert "confirm" in powers_in("triage", RIGHTS["dispatcher"])
    for power in ("reject", "close", "accept"):
        assert states_of(power)


def test_the_desk_and_casework_agree_where_a_draft_may_be_written() -> None:
    from otklik.casework.operations.answering import DRAFTING as IN_CASEWORK

    assert frozenset(map(str, IN_CASEWORK)) == DRAFTING


def test_an_incident_that_a_body_gave_back_leaves_its_desk(world: World, at: At) -> None:
    incident = world.incident(action="open", page="ministry", body="city")
    answer = at("executor", htmx=True).post(url("decline", incident), {"code": "not_ours"})
    assert answer.status_code == 200
    assert answer.headers["HX-Push-Url"].startswith("/desk/?")
    incident.refresh_from_db()
    assert (incident.state, incident.executor) == ("triage", None)
    assert casework.sla_limits() is not None
