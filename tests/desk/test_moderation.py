"""«Модерация» at the desk: who sees what, a decision from the list to its end, the rules, the report."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from otklik.casework.models import Incident, ModerationAction, ModerationAppeal, ModerationRule
from otklik.casework.operations import appealing, moderating
from otklik.common.actor import SYSTEM
from otklik.inbox.models import SourceMessage
from otklik.people.enums import Role
from otklik.people.models import Account
from otklik.registry import operations as registry
from tests.desk.world import World

At = Callable[..., Client]
ABUSE = "Все вы там дураки, звоните +7 913 912-34-56"


@pytest.fixture
def head(world: World, at: At) -> Client:
    """The head of the centre, who keeps the rules."""
    person = Account.objects.create(username="head", full_name="Вера Главная", email="head@example.org")
    registry.grant(account=person, role=Role.CENTER_HEAD, by=SYSTEM, now=world.now)
    world.people["head"] = person
    return at("head")


def put_aside(world: World, text: str = ABUSE, **given: Any) -> SourceMessage:
    """A message that triage took out of the queue."""
    return world.incident(text, action="reject", reason="abuse_only", words=(), **given).message


def rule(code: str = "insult") -> ModerationRule:
    return ModerationRule.objects.get(code=code)


def decide(world: World, measure: str = "remove", **given: Any) -> ModerationAction:
    fields: dict[str, Any] = {"rule": rule(), "by": world.people["dispatcher"], "now": world.now}
    message = given.pop("message", None) or put_aside(world, page=given.pop("page", "school"))
    return moderating.decide(message=message, measure=measure, **fields | given)


def settle(action: ModerationAction, state: str) -> ModerationAction:
    ended = {"finished_at": timezone.now()} if state in {"done", "undone", "expired"} else {}
    ModerationAction.objects.filter(pk=action.pk).update(state=state, attempts=1, **ended)
    action.refresh_from_db()
    return action


def page(client: Client, name: str, *args: int) -> str:
    answer = client.get(reverse(f"desk:{name}", args=args))
    assert answer.status_code == 200, name
    return answer.content.decode()


def test_from_what_waits_to_the_decision(world: World, at: At) -> None:
    message, client = put_aside(world), at("dispatcher")
    listed = page(client, "moderation")
    assert "Все вы там дураки" in listed
    assert "912-34-56" not in listed
    assert "только оскорбления" in listed
    shown = page(client, "moderation_message", message.pk)
    assert shown.index("Все вы там дураки") < shown.index("Принять решение")
    assert "912-34-56" not in shown
    assert 'name="despite_question"' not in shown
    given = {"rule": rule().pk, "measure": "remove", "comment": "Обзывает сотрудников."}
    answer = client.post(reverse("desk:moderation_message", args=[message.pk]), given)
    assert (answer.status_code, answer["Location"]) == (302, reverse("desk:moderation_way"))
    assert "Все вы там дураки" not in page(client, "moderation")
    assert "ждёт отправки в сеть" in page(client, "moderation_way")
    again = client.post(reverse("desk:moderation_message", args=[message.pk]), given)
    assert (again.status_code, "уже принято" in again.content.decode()) == (422, True)
    action = ModerationAction.objects.get()
    told = page(client, "moderation_action", action.pk)
    assert "Обзывает сотрудников." in told
    assert "Решено" in told


def test_a_decision_needs_a_rule_and_what_its_measure_needs(world: World, at: At) -> None:
    message, client = put_aside(world), at("dispatcher")
    url = reverse("desk:moderation_message", args=[message.pk])
    for given, words in (
        ({"measure": "remove"}, "Обязательное поле"),
        ({"rule": rule().pk, "measure": "leave"}, "Выберите корректный вариант"),
        ({"rule": rule("agitation").pk, "measure": "ban", "days": 3}, "не даёт такой меры"),
        ({"rule": rule().pk, "measure": "ban"}, "Укажите срок в днях"),
        ({"rule": rule().pk, "measure": "warn"}, "Напишите текст предупреждения"),
    ):
        answer = client.post(url, given)
        assert (answer.status_code, words in answer.content.decode()) == (422, True), words
    assert not ModerationAction.objects.exists()
    assert client.get(reverse("desk:moderation_message", args=[2**70])).status_code == 404


def test_a_removal_beside_an_open_question_is_confirmed(world: World, at: At) -> None:
    incident, client = world.incident("Яма у дома 12, вы дураки"), at("dispatcher")
    url = reverse("desk:moderation_message", args=[incident.message_id])
    assert f"открыт инцидент № {incident.number}" in page(client, "moderation_message", incident.message_id)
    given = {"rule": rule().pk, "measure": "remove"}
    refused = client.post(url, given)
    assert (refused.status_code, "Подтвердите удаление" in refused.content.decode()) == (422, True)
    assert client.post(url, given | {"despite_question": "on"}).status_code == 302
    fresh = Incident.objects.get(pk=incident.pk)
    assert (fresh.state, fresh.version) == (incident.state, incident.version)


def test_the_card_leads_there_and_says_why_the_comment_is_gone(world: World, at: At) -> None:
    incident, client = world.incident("Яма у дома 12, вы дураки"), at("dispatcher")
    link = reverse("desk:moderation_message", args=[incident.message_id])
    assert link in page(client, "incident", incident.pk)
    assert link not in page(at("viewer"), "incident", incident.pk)
    SourceMessage.objects.filter(pk=incident.message_id).update(deleted_at=world.now)
    assert "Автор удалил сообщение в сети" in page(client, "incident", incident.pk)
    SourceMessage.objects.filter(pk=incident.message_id).update(deleted_at=None)
    settle(decide(world, message=incident.message, despite_question=True), "done")
    SourceMessage.objects.filter(pk=incident.message_id).update(deleted_at=world.now)
    card = page(client, "incident", incident.pk)
    assert "Комментарий удалён по правилам страницы" in card
    assert "Автор удалил" not in card


def test_a_message_may_be_left(world: World, at: At) -> None:
    message, client = put_aside(world), at("dispatcher")
    assert client.post(reverse("desk:moderation_leave", args=[message.pk])).status_code == 302
    assert "Решать нечего" in page(client, "moderation")
    assert "оставить как есть" in page(client, "moderation_done")
    said = client.post(reverse("desk:moderation_leave", args=[message.pk]), follow=True)
    assert "уже принято" in said.content.decode()


def test_an_administrator_of_the_page_does_it_by_hand(world: World, at: At) -> None:
    action, client = settle(decide(world), "by_hand"), at("school")
    other = settle(decide(world, page="ministry"), "by_hand")
    assert client.get(reverse("desk:moderation"))["Location"] == reverse("desk:moderation_way")
    listed = page(client, "moderation_way")
    assert reverse("desk:moderation_action", args=[action.pk]) in listed
    assert reverse("desk:moderation_action", args=[other.pk]) not in listed
    told = page(client, "moderation_action", action.pk)
    assert "Удалите этот комментарий" in told
    assert "Отменить решение" not in told
    confirm = reverse("desk:moderation_confirm", args=[action.pk])
    assert client.post(confirm).status_code == 302
    action.refresh_from_db()
    assert (action.state, action.confirmed_by) == ("done", world.people["school"])
    said = client.post(confirm, follow=True).content.decode()
    assert "Администратору здесь делать нечего" in said
    assert client.post(reverse("desk:moderation_confirm", args=[other.pk])).status_code == 404
    ModerationAction.objects.filter(pk=other.pk).update(undoing=True)
    assert "Восстановите этот комментарий" in page(at("dispatcher"), "moderation_action", other.pk)
    assert at("dispatcher").post(reverse("desk:moderation_again", args=[other.pk])).status_code == 302


def test_undoing_wants_a_reason(world: World, at: At) -> None:
    action, client = settle(decide(world), "done"), at("dispatcher")
    url = reverse("desk:moderation_undo", args=[action.pk])
    assert client.post(url, {"reason": ""}).status_code == 422
    assert client.post(url, {"reason": "Это была цитата."}).status_code == 302
    told = page(client, "moderation_action", action.pk)
    assert "Это была цитата." in told
    assert "отмена: ждёт отправки" in told
    assert client.post(url, {"reason": "Ещё раз."}).status_code == 422


def test_an_appeal_from_the_words_to_the_end(world: World, at: At) -> None:
    action = settle(decide(world, "ban", days=7), "done")
    url = reverse("desk:moderation_action", args=[action.pk])
    given = {"text": "Это была цитата чиновника", "received": world.now.date().isoformat()}
    assert at("dispatcher").post(url, {"text": "", "received": ""}).status_code == 422
    assert at("dispatcher").post(url, given).status_code == 302
    assert at("dispatcher").post(url, given).status_code == 422
    assert "Это была цитата чиновника" in page(at("dispatcher"), "moderation_appeals")
    assert "рассмотрит коллега" in page(at("dispatcher"), "moderation_action", action.pk)
    verdict = reverse("desk:moderation_verdict", args=[ModerationAppeal.objects.get().pk])
    decided = {"verdict": "granted", "reason": "Цитата."}
    assert at("dispatcher").post(verdict, decided).status_code == 422
    assert at("second").post(verdict, {"verdict": "granted"}).status_code == 422
    assert at("second").post(verdict, decided).status_code == 302
    action.refresh_from_db()
    assert (action.state, action.undoing) == ("asked", True)
    assert "решение отменено" in page(at("second"), "moderation_action", action.pk)
    assert "Жалоб нет" in page(at("second"), "moderation_appeals")


def test_the_rules_are_read_by_those_whom_they_concern_and_kept_by_the_head(
    world: World, at: At, head: Client
) -> None:
    assert "Нецензурная брань" in page(at("dispatcher"), "moderation_rules")
    assert reverse("desk:moderation_rule_new") not in page(at("dispatcher"), "moderation_rules")
    given = {
        "code": "flood", "title": "Флуд", "forbids": "Одно и то же много раз.", "ground": "spam", "measure": "ban",
        "longest_days": 3,
    }  # fmt: skip
    url = reverse("desk:moderation_rule_new")
    assert head.post(url, given | {"ground": "criticism"}).status_code == 422
    refused = head.post(url, given | {"forbids": "Критика губернатора"})
    assert (refused.status_code, "основанием не бывают" in refused.content.decode()) == (422, True)
    assert head.post(url, given).status_code == 302
    flood = rule("flood")
    one = reverse("desk:moderation_rule", args=[flood.pk])
    assert 'value="3"' in page(head, "moderation_rule", flood.pk)
    changed = given | {"measure": "remove", "version": flood.version}
    assert head.post(one, changed).status_code == 302
    assert rule("flood").longest_days is None
    assert "изменил другой" in head.post(one, changed).content.decode()
    assert head.post(reverse("desk:moderation_rule_retire", args=[flood.pk])).status_code == 302
    assert "снято" in page(head, "moderation_rules")
    assert f'value="{flood.pk}"' not in page(head, "moderation_message", put_aside(world).pk)
    assert head.post(reverse("desk:moderation_rule_restore", args=[flood.pk])).status_code == 302
    assert rule("flood").is_active


def test_the_report_of_the_month(world: World, at: At) -> None:
    client = at("dispatcher")
    assert "решений не было" in page(client, "moderation_report")
    settle(decide(world), "done")
    settle(decide(world, page="city"), "undone")
    settle(decide(world, "ban", days=1, page="city", rule=rule("spam")), "expired")
    contested = settle(decide(world, rule=rule("spam")), "refused")
    by = world.people["dispatcher"]
    appealing.record_appeal(action=contested, text="Нет", received_at=world.now, by=by, now=world.now)
    appeal = ModerationAppeal.objects.get()
    appealing.decide_appeal(
        appeal=appeal, grant=False, reason="Реклама.", by=world.people["second"], now=world.now
    )
    moderating.leave_alone(message=put_aside(world), by=by, now=world.now)
    shown = page(client, "moderation_report")
    for words in ("Оскорбления", "Реклама и спам", "без нарушения", world.school.short_name):
        assert words.lower() in shown.lower()
    file = client.get(reverse("desk:moderation_report_file"))
    book = load_workbook(io.BytesIO(b"".join(file.streaming_content)))
    sheets = {each.title: [list(row) for row in each.iter_rows(values_only=True)] for each in book}
    by_rule = {row[0]: row[2:] for row in sheets["По правилам"][1:]}
    # decided, done, waiting, refused, undone, appeals, granted
    assert by_rule == {
        "Оскорбления": [2, 1, 0, 0, 1, 0, 0],
        "Реклама и спам": [2, 1, 0, 1, 0, 1, 0],
        "без нарушения": [1, 1, 0, 0, 0, 0, 0],
    }
    table = client.get(reverse("desk:moderation_report_file"), {"format": "csv"}).content.decode("utf-8-sig")
    assert len(table.strip().splitlines()) == 6
    assert "решений не было" in client.get(
        reverse("desk:moderation_report"), {"month": "2020-01"}).content.decode()  # fmt: skip
    for odd in ("2020-13", "9999-01", "x", "0001-01"):
        assert client.get(reverse("desk:moderation_report"), {"month": odd}).status_code == 200


LOOKS = ("moderation", "moderation_way", "moderation_done", "moderation_appeals", "moderation_rules",
         "moderation_rule_new", "moderation_report", "moderation_report_file")  # fmt: skip
OF_THE_HEAD = {"moderation_rule_new", "moderation_rule", "moderation_rule_retire", "moderation_rule_restore"}
OF_A_PAGE = {"moderation", "moderation_way", "moderation_done", "moderation_rules", "moderation_action"}


@pytest.mark.parametrize(
    "username", ["dispatcher", "head", "school", "curator", "executor", "viewer", "admin", "methodist"]
)
def test_who_may_open_and_do_what(world: World, at: At, head: Client, username: str) -> None:
    action = settle(decide(world), "done")
    decide(world, page="city")
    appealing.record_appeal(
        action=action, text="Нет", received_at=world.now, by=world.people["second"], now=world.now
    )
    appeal, message = ModerationAppeal.objects.get(), put_aside(world)
    addresses = [(name, ()) for name in LOOKS] + [
        ("moderation_action", (action.pk,)), ("moderation_message", (message.pk,)), ("moderation_rule", (rule().pk,)),
    ]  # fmt: skip
    acts = [
        ("moderation_verdict", appeal.pk), ("moderation_leave", message.pk), ("moderation_confirm", action.pk),
        ("moderation_again", action.pk), ("moderation_undo", action.pk), ("moderation_rule_retire", rule().pk),
        ("moderation_rule_restore", rule().pk), ("moderation_message", message.pk), ("moderation_action", action.pk),
    ]  # fmt: skip
    client, judges, runs = at(username), username in {"dispatcher", "head"}, username in {"school", "curator"}
    for name, args in addresses:
        may = username == "head" if name in OF_THE_HEAD else judges or (runs and name in OF_A_PAGE)
        assert (client.get(reverse(f"desk:{name}", args=args)).status_code < 400) is may, name
    before = ModerationAction.objects.get(pk=action.pk)
    for name, pk in acts:
        if name == "moderation_confirm" and runs:
            continue
        may = username == "head" if name in OF_THE_HEAD else judges
        status = client.post(reverse(f"desk:{name}", args=[pk])).status_code
        assert (status not in {403, 404}) is may, (name, status)
    if not judges:
        fresh = ModerationAction.objects.get(pk=action.pk)
        assert (fresh.state, fresh.undoing) == (before.state, before.undoing)
        assert not ModerationAction.objects.filter(message=message).exists()


@pytest.mark.parametrize("name", ["moderation", "moderation_way", "moderation_done", "moderation_appeals"])
def test_a_list_asks_as_much_for_many(
    world: World, at: At, name: str, django_assert_max_num_queries: Any
) -> None:
    client = at("dispatcher")
    for state in ("by_hand", "done") * 3:
        action = settle(decide(world), state)
        put_aside(world)
        appealing.record_appeal(
            action=action, text="Нет", received_at=world.now, by=world.people["second"], now=world.now
        )
    page(client, name)
    with django_assert_max_num_queries(10):
        page(client, name)


@pytest.mark.parametrize("name", ["moderation_rules", "moderation_report"])
def test_a_table_asks_as_much_for_many(
    world: World, at: At, name: str, django_assert_max_num_queries: Any
) -> None:
    for code in ("spam", "insult", "threat"):
        decide(world, rule=rule(code))
    client = at("dispatcher")
    page(client, name)
    with django_assert_max_num_queries(10):
        page(client, name)
