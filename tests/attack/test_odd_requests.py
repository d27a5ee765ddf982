"""Odd things in addresses and forms of the desk: refused or ignored, never an error of ours."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.desk.world import World, build

At = Callable[..., Client]
HUGE = "9" * 5000

ADDRESSES = [
    "/desk/?q=²",
    "/desk/?q=54-²³",
    "/desk/?q=№",
    "/desk/?q=%ED%A0%80",
    "/desk/?q=%00",
    "/desk/?q=" + "%27%22%29%3B" * 20,
    "/desk/?q=" + "a" * 5000,
    "/desk/?page=999999999999999999",
    "/desk/?municipality=²",
    "/desk/?topic=%00&group=%00",
    f"/desk/?after=2026-11-21T00:00:00Z,{HUGE}",
    "/desk/?after=2026-11-21T00:00:00Z,99999999999999999999",
    "/desk/?after=0001-01-01T00:00:00%2B14:00,1",
    "/desk/?after=9999-12-31T23:59:59-14:00,1",
    "/desk/?after=2026-13-41T00:00:00Z,1",
    f"/desk/more?after=2026-11-21T00:00:00Z,{HUGE}",
    f"/desk/rows?ids={HUGE}",
    "/desk/rows?ids=²,1,,-5,99999999999999999999",
    f"/desk/bodies?q=x&incident={HUGE}",
    "/desk/bodies?q=%00&incident=²",
    "/desk/bodies?q=%25_%5C",
]


@pytest.fixture
def world(db: None) -> World:
    return build(timezone.now())


@pytest.fixture
def desk(world: World) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(world.people["dispatcher"], backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.mark.parametrize("address", ADDRESSES, ids=lambda address: address[:50])
def test_an_odd_address_is_no_error(world: World, desk: Client, address: str) -> None:
    world.incident()
    assert desk.get(address).status_code in {200, 400, 404}


@pytest.mark.parametrize("number", ["0", "99999999999999999999", HUGE])
def test_a_number_beyond_all_incidents_is_not_found(desk: Client, number: str) -> None:
    assert desk.get(f"/desk/incidents/{number}").status_code == 404
    assert desk.post(f"/desk/incidents/{number}/accept").status_code == 404
    assert desk.post(f"/desk/views/{number}/remove").status_code == 404


FORMS = [
    ("confirm", {"topic": "\0", "kind": "x", "priority": "x", "executor": HUGE}),
    ("route", {"executor": "²", "reason": "\0"}),
    ("route", {"executor": "99999999999999999999", "reason": "потому"}),
    ("attach", {"number": "²"}),
    ("attach", {"number": "26-11-" + "9" * 30}),
    ("assign", {"assignee": "99999999999999999999"}),
    ("decline", {"code": "not_ours", "comment": "\0"}),
    ("draft", {"text": "\0", "draft_version": "1"}),
    ("draft", {"text": "x", "draft_version": HUGE}),
    ("discard", {"draft_version": "²"}),
    ("preview", {"text": "\0"}),
    ("publish", {"text": "\0\0", "version": HUGE}),
    ("settle", {"outcome": "found", "permalink": "javascript:alert(1)"}),
    ("accept", {"next": HUGE}),
    ("accept", {"next": "//evil.example"}),
    ("presence", {"doing": "\0"}),
]


@pytest.mark.parametrize(("name", "given"), FORMS, ids=lambda each: str(each)[:40])
def test_an_odd_form_is_no_error(world: World, desk: Client, name: str, given: dict[str, str]) -> None:
    incident = world.incident(action="open")
    answer = desk.post(reverse(f"desk:{name}", args=[incident.pk]), given)
    assert answer.status_code in {200, 302, 400, 404, 409, 422}
    assert "evil.example" not in answer.headers.get("Location", "")


@pytest.mark.parametrize("name", ["\0", "имя\0", "", " ", "x" * 5000])
def test_an_odd_name_of_a_view_is_no_error(desk: Client, name: str) -> None:
    assert desk.post("/desk/views/?view=all&q=" + "я" * 200, {"name": name}).status_code == 302
    assert desk.get("/desk/").status_code == 200
