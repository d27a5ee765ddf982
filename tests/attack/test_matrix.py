"""Every role against every address that changes something: nobody does what the table of rights does not give."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from otklik.audit.models import AuditLine
from otklik.casework.models import Incident
from otklik.common.actor import SYSTEM
from otklik.desk.models import SavedView
from otklik.desk.rules import _RIGHTS
from otklik.people.enums import Role
from otklik.people.models import Account
from otklik.people.rules import RIGHTS, Right
from otklik.registry import operations as registry
from tests.desk.world import World, build

BACKEND = "django.contrib.auth.backends.ModelBackend"
NEEDS = {
    **_RIGHTS,
    "discard": _RIGHTS["draft"],
    "preview": _RIGHTS["publish"],
    "check": _RIGHTS["draft"],
    "insert": _RIGHTS["draft"],
    "presence": frozenset({Right.SEE_INCIDENTS}),
    # What repeats what is for whoever sorts to say.
    "repeat": frozenset({Right.TRIAGE}),
    "not_repeat": frozenset({Right.TRIAGE}),
    "satisfaction": frozenset({Right.CLOSE}),
    # What calls a person by name is read by that person.
    "notes_read": frozenset({Right.SEE_INCIDENTS}),
}
SCOPES = ("centre", "its body", "its page", "another body", "another page")
# Addresses of people's own settings and of login: not about an incident.
OWN = {"view_save", "view_rename", "view_remove", "view_bring_back"}


def _addresses(patterns: Any = None, at: str = "") -> Iterator[tuple[str, URLPattern]]:
    for each in get_resolver().url_patterns if patterns is None else patterns:
        route = at + str(each.pattern)
        if isinstance(each, URLResolver):
            yield from _addresses(each.url_patterns, route)
        else:
            yield route, each


def _acts() -> list[str]:
    """Names of the addresses under an incident that take a POST."""
    client = [(route, each) for route, each in _addresses() if route.startswith("desk/incidents/<int:pk>/")]
    looking = {"news", "here", "panel", "aids", "notes", "colleagues"}
    # Of a link to somebody outside, which has a number of its own: tests/desk/test_outside.py.
    apart = {"outside", "outside_photo", "outside_revoke", "outside_use", "outside_attach"}
    # Of a note of one's own, which has a number, too: tests/desk/test_notes.py.
    apart |= {"note_edit", "note_withdraw"}
    # Photos of an answer: tests/desk/test_photos.py.
    apart |= {"photos", "photo", "photo_remove"}
    # An objection to a return is for officials of its body only: tests/desk/test_contests.py.
    apart |= {"contest"}
    return sorted({str(each.name) for _route, each in client} - looking - apart)


@pytest.fixture
def world(db: None) -> World:
    return build(timezone.now())


def _person(world: World, role: str, scope: str) -> Account:
    account = Account.objects.create(
        username=f"{role}-{scope}", full_name="Проверяющий", email=f"{role}@{len(scope)}.example"
    )
    where: dict[str, Any] = {
        "centre": {},
        "its body": {"organization": world.city},
        "its page": {"page": world.pages["city"]},
        "another body": {"organization": world.ministry},
        "another page": {"page": world.pages["ministry"]},
    }[scope]
    registry.grant(account=account, role=role, by=SYSTEM, now=world.now, **where)
    return account


def test_the_matrix_knows_every_address_that_changes_an_incident() -> None:
    assert _acts() == sorted(NEEDS)


@pytest.mark.parametrize("scope", SCOPES)
@pytest.mark.parametrize("role", [str(role) for role in Role])
def test_a_role_does_what_its_rights_say_and_nothing_else(world: World, role: str, scope: str) -> None:
    client = Client()
    client.force_login(_person(world, role, scope), backend=BACKEND)
    held = RIGHTS[role] if scope in {"centre", "its body", "its page"} else frozenset()
    incident, lines = world.incident(action="open"), AuditLine.objects.count()
    for name in _acts():
        answer = client.post(f"/desk/incidents/{incident.pk}/{name}", {"text": "Ответ", "reason": "spam"})
        if Right.SEE_INCIDENTS not in held:
            expected: set[int] = {404}
        elif not NEEDS[name] & held:
            expected = {403}
        else:
            expected = {200, 302, 409, 422}
        assert answer.status_code in expected, (name, answer.status_code)
        if expected & {403, 404}:
            incident.refresh_from_db()
            assert (incident.version, AuditLine.objects.count()) == (1, lines), name
        else:
            # It may have moved on: the next act has one of its own.
            incident, lines = world.incident(action="open"), AuditLine.objects.count()


@pytest.mark.parametrize("role", [str(role) for role in Role])
def test_nobody_sees_through_the_queue_what_lies_outside_reach(world: World, role: str) -> None:
    hidden = world.incident("Прорвало трубу у дома 77, вопрос заречья", action="open")
    client = Client()
    client.force_login(_person(world, role, "another body"), backend=BACKEND)
    for address in (
        "/desk/?view=all", "/desk/?view=all&q=трубу", f"/desk/?view=all&q={hidden.number}", "/desk/?view=overdue",
        f"/desk/?view=all&body={world.city.pk}", f"/desk/?view=all&page={world.pages['city'].pk}",
        f"/desk/rows?ids={hidden.pk}&view=all", "/desk/more?view=all",
    ):  # fmt: skip
        said = client.get(address).content.decode()
        assert "заречья" not in said, address
        assert f"row-{hidden.pk}" not in said, address


def test_views_of_others_are_nobodys_business(world: World) -> None:
    owner, other = Client(), Client()
    owner.force_login(world.people["dispatcher"], backend=BACKEND)
    other.force_login(world.people["second"], backend=BACKEND)
    owner.post("/desk/views/?view=all&q=тайное", {"name": "Моё тайное"})
    view = SavedView.objects.get()
    assert "тайное" not in other.get("/desk/").content.decode()
    for act in ("rename", "remove", "back"):
        assert other.post(f"/desk/views/{view.pk}/{act}", {"name": "чужое"}).status_code == 404
    view.refresh_from_db()
    assert (view.name, view.removed_at) == ("Моё тайное", None)


def test_no_change_without_a_token_of_the_form(world: World) -> None:
    incident = world.incident(action="open")
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.people["dispatcher"], backend=BACKEND)
    addresses = [f"/desk/incidents/{incident.pk}/{name}" for name in _acts()]
    addresses += ["/desk/views/", "/desk/views/1/rename", "/desk/views/1/remove", "/desk/views/1/back"]
    addresses += ["/accounts/language", "/accounts/logout/", "/accounts/login/", "/accounts/password/change/"]
    assert {client.post(address).status_code for address in addresses} == {403}
    incident.refresh_from_db()
    assert incident.version == 1


def test_nothing_is_changed_by_looking(world: World) -> None:
    """GET of every address without a parameter, and of every address of one incident, writes no row."""
    incident = world.incident(action="open")
    client = Client()
    client.force_login(world.people["dispatcher"], backend=BACKEND)
    client.get("/desk/")
    for route, _each in _addresses():
        address = "/" + route.replace("<int:pk>", str(incident.pk)).replace("<slug:name>", "route")
        if "<" in address or "^" in address or "stream" in address or "logout" in address:
            continue
        with connection.execute_wrapper(_only_reading):
            assert client.get(address).status_code < 500, address
    incident.refresh_from_db()
    assert (incident.version, Incident.objects.count()) == (1, 1)


def _only_reading(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
    word = sql.lstrip().split(" ", 1)[0].lower()
    harmless = (
        word in {"select", "savepoint", "release", "rollback", "with", "set"} or "django_session" in sql
    )
    assert harmless, sql
    return execute(sql, params, many, context)
