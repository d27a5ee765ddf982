"""The terms of keeping at the desk: who comes here, what is counted beforehand, what is asked about once more."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from otklik.casework import operations as casework
from otklik.casework.enums import RetentionKind
from otklik.casework.models import Incident, RetentionRule, RetentionRun
from otklik.casework.operations import retention
from otklik.common.actor import SYSTEM
from otklik.inbox.models import SourceMessage
from otklik.people.models import Account
from otklik.registry import operations as registry
from tests.desk.world import World

At = Callable[..., Client]
LIST = "/desk/security/retention/"


@pytest.fixture
def officers(world: World) -> World:
    account = Account.objects.create(username="officer", full_name="Вера Ларина", email="o@example.org")
    registry.grant(account=account, role="security_officer", by=SYSTEM, now=world.now)
    world.people["officer"] = account
    return world


def put_away(world: World, number: int = 3) -> None:
    """Incidents of which a year and a half ago nobody had anything to do any more."""
    by = world.people["dispatcher"].actor
    for _ in range(number):
        made = world.incident("Яма у дома 12, Петрова", action="ask")
        casework.reject(incident=made, reason="spam", by=by, now=world.now)
        Incident.objects.filter(pk=made.pk).update(entered_at=world.now - timedelta(days=900))
        SourceMessage.objects.filter(pk=made.message_id).update(received_at=world.now - timedelta(days=900))
    casework.archive_old(now=world.now - timedelta(days=500))


def said(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def given(kind: str, **fields: Any) -> dict[str, Any]:
    rule = RetentionRule.objects.get(kind=kind)
    return {"days": rule.days, "ground": rule.ground, "version": rule.version} | fields


def address(kind: str) -> str:
    return reverse("desk:security_retention_rule", args=[kind])


def test_what_would_go_is_counted_before_anything_is_switched_on(officers: World, at: At) -> None:
    put_away(officers)
    client = at("officer")
    page = said(client.get(LIST))
    assert "Комментарии и всё, что по ним написано" in page
    assert "Пока ничего не стёрто" in page
    assert "Не все сроки включены" in page
    assert "Уйдёт сегодня" not in page
    counted = said(client.get(LIST, {"count": "1"}))
    oldest = f"{officers.now - timedelta(days=900):%Y}"
    line = counted.split("Комментарии и всё")[1].split("</tr>")[0]
    assert re.search(r'data-label="Уйдёт сегодня">\s*3\s*<', line)
    assert oldest in line
    assert "не включено" in line
    assert "Петрова" not in counted
    # A term that takes more is asked about once more, with the figures of the new term.
    asked = client.post(address("comments"), given("comments", is_active="on", days="400"))
    text = said(asked)
    assert (asked.status_code, "Стирать без возврата?" in text) == (200, True)
    assert "400 дней" in text
    assert not RetentionRule.objects.get(kind="comments").is_active
    done = client.post(
        address("comments"), given("comments", is_active="True", days="400", sure="1"), follow=True
    )
    assert "Срок сохранён" in said(done)
    rule = RetentionRule.objects.get(kind="comments")
    assert (rule.days, rule.is_active, rule.changed_by) == (400, True, "Вера Ларина")
    assert retention.carry_out(clock=lambda: officers.now, stop=lambda: False) == 3
    page = said(client.get(LIST))
    assert "сообщений: 3, инцидентов: 3" in page
    assert "Вера Ларина" in page
    assert "ещё ни разу" not in said(client.get(address("comments")))


def test_a_longer_term_is_saved_at_once_and_a_wrong_one_is_told(officers: World, at: At) -> None:
    client = at("officer")
    assert client.post(address("events"), given("events", is_active="on", days="120")).status_code == 302
    assert RetentionRule.objects.get(kind="events").days == 120
    for fields in ({"days": "0"}, {"days": "9999999999999999999999"}, {"days": "год"}, {"ground": " "}):
        answer = client.post(address("events"), given("events", is_active="on", **fields))
        assert answer.status_code == 422, fields
    assert "от 30 до 365" in said(client.post(address("events"), given("events", days="7")))
    stale = client.post(address("events"), given("events", is_active="on", days="200", version="1"))
    assert "уже изменил другой" in said(stale)
    client.post(address("comments"), given("comments", is_active="on", sure="1"))
    off = client.post(address("events"), given("events"))
    assert (off.status_code, "нельзя выключить" in said(off)) == (422, True)
    assert client.get(address("nothing")).status_code == 404


def test_terms_are_for_those_who_keep_erasure(officers: World, at: At) -> None:
    assert 'aria-current="page">Сроки хранения' in said(at("officer").get(LIST))
    for username in ("dispatcher", "curator", "admin", "viewer"):
        client = at(username)
        for each in (LIST, address("comments")):
            assert client.get(each).status_code == 403, (username, each)
        assert (
            client.post(address("comments"), given("comments", is_active="on", sure="1")).status_code == 403
        )
    assert not RetentionRule.objects.get(kind="comments").is_active


def test_the_list_costs_the_same_however_much_was_erased(
    officers: World, at: At, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    rule = RetentionRule.objects.get(kind="events")
    for days in range(40):
        moment = officers.now - timedelta(days=days)
        RetentionRun.objects.create(
            rule=rule, rule_version=1, days=90, started_at=moment, ended_at=moment, counts={"events": days}
        )
    client = at("officer")
    client.get(LIST)
    with django_assert_max_num_queries(9):
        assert said(client.get(LIST)).count("<tr>") == 2 + len(RetentionKind.values) + 30
