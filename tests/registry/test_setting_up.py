"""A real region starts from the command line: region, body, people, page, key; every step may be repeated."""

import io
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from launch.main import REGION_COMMANDS, _region_command
from otklik.audit.models import AuditLine
from otklik.channels.enums import ConnectionState
from otklik.channels.models import Connection, Token
from otklik.people.models import Account
from otklik.people.rules import Right
from otklik.registry import operations as registry
from otklik.registry.models import CalendarDay, Organization, Region
from tests.channels.conftest import build, sim, town  # noqa: F401  fixtures of the channel's tests
from tests.channels.town import Town


def run(*words: str) -> str:
    out = io.StringIO()
    command, *rest = words
    call_command(command, *rest, stdout=out)
    return out.getvalue()


def typed(monkeypatch: pytest.MonkeyPatch, line: str) -> None:
    """What the person, or a pipe, gives when asked for a secret."""
    monkeypatch.setattr("sys.stdin", io.StringIO(line + "\n"))


@pytest.fixture
def body(db: None) -> Organization:
    run("set_up_region", "Сибирская область", "--code", "54", "--timezone", "Asia/Novosibirsk")
    run("add_organization", "minzdrav", "Министерство здравоохранения", "--level", "regional")
    return Organization.objects.get(code="minzdrav")


def test_every_word_of_the_program_leads_to_a_command() -> None:
    from django.core.management import get_commands

    for group, (_what, names) in REGION_COMMANDS.items():
        for name, (command, _about) in names.items():
            assert _region_command([group, name, "x"]) == [command, "x"]
            assert command in get_commands()


def test_a_region_is_set_up_once_and_may_be_renamed(body: Organization) -> None:
    days = CalendarDay.objects.count()
    assert days > 20
    run("set_up_region", "Сибирская область", "--code", "54", "--timezone", "Asia/Novosibirsk")
    assert CalendarDay.objects.count() == days
    assert Region.objects.get().calendar.timezone == "Asia/Novosibirsk"
    with pytest.raises(CommandError, match="уже работает регион"):
        run("set_up_region", "Другая область", "--code", "22")
    with pytest.raises(CommandError, match="часового пояса"):
        run("set_up_region", "Сибирская область", "--code", "54", "--timezone", "Сибирь")


def test_a_person_gets_a_password_that_is_not_on_the_command_line(
    body: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    typed(monkeypatch, "двенадцать-зелёных-стульев")
    run("add_account", "olga", "Ольга Дьякова", "--role", "executor", "--organization", "minzdrav")
    account = Account.objects.get(username="olga")
    assert account.check_password("двенадцать-зелёных-стульев")
    assert registry.reach_of(account).may(Right.WORK, organization=body.pk)
    run("add_account", "olga", "Ольга Дьякова", "--role", "dispatcher")
    assert registry.reach_of(account).may(Right.TRIAGE)
    assert "стульев" not in str(list(AuditLine.objects.values_list("details", flat=True)))


def test_a_weak_password_or_an_unknown_body_makes_no_account(
    body: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    typed(monkeypatch, "12345")
    with pytest.raises(CommandError):
        run("add_account", "olga", "Ольга Дьякова", "--role", "executor")
    with pytest.raises(CommandError, match="Нет организации"):
        run("add_account", "olga", "Ольга Дьякова", "--role", "executor", "--organization", "нет")
    assert not Account.objects.exists()


def test_a_page_is_connected_with_a_key_from_standard_input(
    body: Organization,
    town: Town,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    number: Any = str(town.group_id)
    with pytest.raises(CommandError, match="назовите её организацию"):
        run("connect_page", number)
    typed(monkeypatch, "not-a-key")
    with pytest.raises(CommandError, match="Не подключено"):
        run("connect_page", number, "--organization", "minzdrav", "--long-poll")
    typed(monkeypatch, town.keys["community"])
    said = run("connect_page", number, "--long-poll")
    assert "reply_wall: есть" in said
    assert town.keys["community"] not in said
    assert Connection.objects.get().state == ConnectionState.CONNECTED
    typed(monkeypatch, town.keys["service"])
    run("connect_page", "0")
    assert Token.objects.get(kind="service").value == town.keys["service"]
    typed(monkeypatch, town.keys["user"])
    assert "похожие страницы" in run("connect_page", "0", "--user-key")
    assert Token.objects.get(kind="user", connection=None).value == town.keys["user"]
