"""Connecting pages to the simulated network: rights, registration, and what can be wrong."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection as database

from otklik.audit.models import AuditLine
from otklik.channels import operations
from otklik.channels.enums import CapabilityState, ConnectionState, Intake, TokenKind
from otklik.channels.models import Connection, Token
from otklik.channels.operations import PageKeys
from otklik.channels.vk.connect import EVENTS, rights_of
from otklik.common.actor import SYSTEM
from tests.channels.town import Town, make_page

pytestmark = pytest.mark.django_db


def servers(town: Town) -> list[Any]:
    return town.sim.call(lambda world: list(world.servers[town.group_id].values()))


def test_a_connected_page_receives_every_event_that_matters(town: Town) -> None:
    connection = town.connect()
    (server,) = servers(town)
    assert server.url == f"http://127.0.0.1:9/hooks/vk/{town.group_id}"
    assert server.secret_key == connection.secret
    assert 30 <= len(server.secret_key) <= 50
    assert {name for name, on in server.events.items() if on} == set(EVENTS)
    assert (connection.state, connection.problem) == (ConnectionState.CONNECTED, "")
    assert connection.server_id == str(server.id)
    stored = Connection.objects.get(pk=connection.pk)
    assert stored.confirmation_code == town.sim.call(lambda w: w.community(town.group_id).confirmation_code)
    assert AuditLine.objects.filter(verb="connect_page", subject_id=connection.pk).count() == 1


def test_secrets_are_not_readable_in_the_database(town: Town) -> None:
    connection = town.connect()
    with database.cursor() as cursor:
        cursor.execute("SELECT secret FROM channels_connection WHERE id = %s", [connection.pk])
        (secret,) = cursor.fetchone()
        cursor.execute("SELECT value FROM channels_token WHERE connection_id = %s", [connection.pk])
        (key,) = cursor.fetchone()
    assert connection.secret not in secret
    assert town.keys["community"] not in key


def test_connecting_again_changes_the_own_server_and_keeps_the_secret(town: Town) -> None:
    first = town.connect()
    again = town.connect()
    assert first.pk == again.pk
    assert first.secret == again.secret
    assert len(servers(town)) == 1
    assert Token.objects.filter(connection=first).count() == 1


def test_rights_by_kind_of_key(town: Town, service: None) -> None:
    connection = town.connect()
    state = {row.code: (row.state, row.reason) for row in connection.capabilities.all()}
    assert state["receive"] == state["reply_wall"] == state["reply_direct"] == (CapabilityState.ON, "")
    assert state["read_wall"] == (CapabilityState.ON, "")
    assert state["reply_photo"] == state["publish"] == (CapabilityState.OFF, "no_key")
    connection = town.connect(user_token=town.keys["user"])
    assert connection.capabilities.get(code="reply_photo").state == CapabilityState.ON
    missing = {
        right.code
        for right in rights_of(frozenset({"manage"}), user_key=False, service_key=False)
        if right.reason
    }
    assert {"reply_wall", "reply_direct", "read_wall"} <= missing


def test_ten_foreign_servers_are_a_clear_problem(town: Town) -> None:
    for number in range(10):
        url = f"http://127.0.0.1:9/other/{number}"
        town.sim.call(
            lambda w, url=url: w.add_server(town.group_id, url=url, title="x", secret_key="", creator_id=1)
        )
    connection = town.connect()
    assert (connection.state, connection.problem) == (ConnectionState.FAILED, "callback_servers_limit")
    assert len(servers(town)) == 10


def test_a_key_of_another_community_is_refused(town: Town, build: Callable[[], Town]) -> None:
    other = build()
    town.keys["community"] = other.keys["community"]
    connection = town.connect()
    assert connection.state == ConnectionState.FAILED
    assert connection.problem
    assert servers(town) == []
    assert servers(other) == []


def test_a_key_without_the_right_to_manage(town: Town) -> None:
    scopes = ["wall", "messages"]
    weak = town.sim.call(
        lambda w: w.issue_token(kind="community", group_id=town.group_id, scopes=scopes).value
    )
    town.keys["community"] = weak
    connection = town.connect()
    assert (connection.state, connection.problem) == (ConnectionState.FAILED, "no_right")
    assert connection.capabilities.get(code="receive").state == CapabilityState.OFF
    assert connection.capabilities.get(code="reply_wall").state == CapabilityState.ON


def test_a_dead_network_is_a_problem_not_an_error(town: Town, settings: Any) -> None:
    settings.VK_API_URL = "http://127.0.0.1:9"
    connection = town.connect()
    assert (connection.state, connection.problem) == (ConnectionState.FAILED, "no_connection")


def test_many_pages_at_once(build: Callable[[], Town]) -> None:
    towns = [build() for _ in range(40)]
    told: list[tuple[int, int]] = []
    given = [PageKeys(make_page(each.group_id), each.keys["community"], each.keys["user"]) for each in towns]
    connections = operations.connect_pages(
        pages=given, by=SYSTEM, now=towns[0].clock(), progress=lambda done, of: told.append((done, of))
    )
    assert {each.state for each in connections} == {ConnectionState.CONNECTED}
    assert len({each.secret for each in connections}) == 40
    assert told[-1] == (80, 80)
    assert Token.objects.filter(kind=TokenKind.USER).count() == 40


def test_switching_to_long_poll(town: Town) -> None:
    connection = town.connect(intake=Intake.LONG_POLL)
    assert (connection.state, servers(town)) == (ConnectionState.CONNECTED, [])
    longpoll = town.sim.call(lambda w: w.community(town.group_id).longpoll)
    assert longpoll["is_enabled"]
    assert longpoll["events"]["wall_reply_new"]
    town.connect()
    assert not town.sim.call(lambda w: w.community(town.group_id).longpoll)["is_enabled"]


def test_the_confirmation_code_is_asked_anew(town: Town) -> None:
    connection = town.connect()
    town.sim.call(lambda w: setattr(w.community(town.group_id), "confirmation_code", "fresh123"))
    assert operations.refresh_confirmation(connection=connection, now=town.clock()) == "fresh123"
    town.sim.hub.faults.add(group_id=town.group_id, what="http", status=500)
    connection.refresh_from_db()
    assert operations.refresh_confirmation(connection=connection, now=town.clock()) == "fresh123"
