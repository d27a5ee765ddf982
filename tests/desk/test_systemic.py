"""«Решения» at the desk: a systemic decision from a mass problem to its figures, who sees it, the list, the table."""

import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from otklik.casework.models import Incident, MassProblem, SystemicDecision
from otklik.casework.operations import mass_opening, systemic, systemic_basis
from otklik.casework.rules import systemic as rules
from otklik.registry.operations import local_date
from otklik.triage.models import Topic
from tests.desk.world import World

At = Callable[..., Client]
SECRET = "+7 913 912-34-56"


def topic() -> Topic:
    return Topic.objects.get(code="ROADS.pothole")


def propose(world: World, **given: Any) -> SystemicDecision:
    fields: dict[str, Any] = {
        "cause": "Дорогу чинят заплатами", "measure": "Капитальный ремонт улицы.", "topics": [topic()],
        "executor": world.city, "municipalities": [world.municipality],
    }  # fmt: skip
    decided = systemic.Decided(**fields | given)
    return systemic.propose_decision(said=decided, by=world.people["dispatcher"], now=world.now)


def finish(world: World, decision: SystemicDecision, days_ago: int = 0) -> SystemicDecision:
    by, today = world.people["dispatcher"], local_date(world.now)
    systemic.agree_decision(decision=decision, by=by, now=world.now)
    return systemic.finish_decision(
        decision=decision, act=rules.Act("order", "214-р", today, ""),
        done_on=today - timedelta(days=days_ago), by=by, now=world.now,
    )  # fmt: skip


def rest_on(world: World, decision: SystemicDecision, *incidents: Incident) -> None:
    systemic_basis.add_to_basis(
        decision=decision, incidents=[each.pk for each in incidents], by=world.people["dispatcher"],
        now=world.now,
    )  # fmt: skip


def mass(world: World) -> MassProblem:
    members = [world.incident("Яма у дома 12", action="ask") for _ in range(2)]
    return mass_opening.open_problem(
        cause="Провалы на Тельмана", scope=mass_opening.Scope(topic(), world.municipality),
        executor=world.city, incidents=[each.pk for each in members], since=world.now - timedelta(days=1),
        by=world.people["dispatcher"], now=world.now,
    )  # fmt: skip


def given(world: World, **changed: Any) -> dict[str, Any]:
    """What the form sends."""
    return {
        "cause": "Дорогу чинят заплатами", "measure": "Капитальный ремонт.", "topics": [topic().pk],
        "municipalities": [world.municipality.pk], "executor": world.city.pk, "expected": "", "window_days": 30,
        "planned_for": "", "act_kind": "", "act_number": "", "act_day": "", "act_link": "",
    } | changed  # fmt: skip


def page(client: Client, name: str, *args: Any, **query: str) -> str:
    answer = client.get(reverse(f"desk:{name}", args=args), query)
    assert answer.status_code == 200, name
    return answer.content.decode()


def test_from_a_mass_problem_to_a_checked_decision(world: World, at: At) -> None:
    problem, client = mass(world), at("dispatcher")
    offered = f"{reverse('desk:systemic_new')}?problem={problem.pk}"
    assert offered in page(client, "mass_problem", problem.pk)
    assert "Провалы на Тельмана" in page(client, "systemic_new", problem=str(problem.pk))
    answer = client.post(offered, given(world))
    made = SystemicDecision.objects.get()
    address = reverse("desk:systemic_decision", args=[made.pk])
    assert (answer.status_code, answer["Location"], made.basis.count()) == (302, address, 2)
    assert address in page(client, "mass_problem", problem.pk)
    for verb in ("agree", "begin"):
        assert client.post(reverse("desk:systemic_step", args=[made.pk, verb])).status_code == 302
    done = local_date(world.now) - timedelta(days=40)
    act = {"act_kind": "works", "act_number": "К-7", "act_day": done.isoformat(), "act_link": ""}
    refused = client.post(reverse("desk:systemic_finish", args=[made.pk]), act | {"act_kind": ""})
    assert (refused.status_code, "есть чем это подтвердить" in refused.content.decode()) == (422, True)
    client.post(reverse("desk:systemic_finish", args=[made.pk]), act | {"done_on": done.isoformat()})
    told = page(client, "systemic_decision", made.pk)
    assert "Стало ли жалоб меньше" in told
    assert "С прошлым годом не сравнить" in told
    checked = client.post(
        reverse("desk:systemic_check", args=[made.pk]), {"effect": "helped", "note": "Ям больше нет."}
    )
    made.refresh_from_db()
    assert (checked.status_code, made.state, made.before, made.after) == (302, "checked", 0, 0)
    told = page(client, "systemic_decision", made.pk)
    assert "Ям больше нет." in told
    assert reverse("desk:systemic_edit", args=[made.pk]) not in told


def test_the_check_waits_for_its_days(world: World, at: At) -> None:
    made, client = finish(world, propose(world)), at("dispatcher")
    told = page(client, "systemic_decision", made.pk)
    assert "Проверить результат можно будет после" in told
    assert 'name="effect"' not in told
    refused = client.post(reverse("desk:systemic_check", args=[made.pk]), {"effect": "helped", "note": "Да."})
    assert (refused.status_code, "Проверять рано" in refused.content.decode()) == (422, True)


def test_the_card_says_what_rests_on_it(world: World, at: At) -> None:
    one, made = world.incident(), propose(world)
    address = reverse("desk:systemic_decision", args=[made.pk])
    assert address not in page(at("dispatcher"), "incident", one.pk)
    rest_on(world, made, one)
    assert address in page(at("dispatcher"), "incident", one.pk)
    other = propose(world, executor=world.ministry, cause="Чужая причина")
    rest_on(world, other, Incident.objects.get(pk=one.pk))
    Incident.objects.filter(pk=one.pk).update(executor=world.city)
    card = page(at("curator"), "incident", one.pk)
    assert address in card
    assert "Чужая причина" in card
    assert reverse("desk:systemic_decision", args=[other.pk]) not in card


def test_a_decision_may_begin_on_a_card(world: World, at: At) -> None:
    one, client = world.incident(), at("dispatcher")
    begun = page(client, "systemic_new", incident=str(one.pk))
    assert f"инцидент № {one.number}" in begun
    client.post(f"{reverse('desk:systemic_new')}?incident={one.pk}", given(world))
    assert list(SystemicDecision.objects.get().basis.values_list("incident", flat=True)) == [one.pk]
    assert "Первым в основание" not in page(client, "systemic_new", incident="99999999999999999999")


def test_incidents_come_by_numbers_and_go(world: World, at: At) -> None:
    made, client, problem = propose(world), at("dispatcher"), mass(world)
    first = world.incident(f"Яма у дома 12, звоните {SECRET}")
    add = reverse("desk:systemic_add", args=[made.pk])
    refused = client.post(add, {"numbers": "26-11-99999, ерунда"})
    assert (refused.status_code, "Таких номеров нет" in refused.content.decode()) == (422, True)
    assert client.post(add, {"numbers": f"№ {first.number}; М-{problem.pk}"}).status_code == 302
    assert made.basis.count() == 3
    again = client.post(add, {"numbers": str(first.pk)})
    assert (again.status_code, "уже стоят" in again.content.decode()) == (422, True)
    told = page(client, "systemic_decision", made.pk)
    assert first.number in told
    assert "912-34-56" not in told
    take = reverse("desk:systemic_take", args=[made.pk, first.pk])
    assert take in told
    client.post(take)
    assert take not in page(client, "systemic_decision", made.pk)
    assert client.post(reverse("desk:systemic_take", args=[made.pk, 2**62])).status_code == 404


def test_all_that_match_are_counted_before_they_come(world: World, at: At) -> None:
    made, client = propose(world), at("dispatcher")
    for _ in range(3):
        world.incident()
    old = world.incident(at=world.now - timedelta(days=90))
    since = (local_date(world.now) - timedelta(days=7)).isoformat()
    counted = client.get(reverse("desk:systemic_decision", args=[made.pk]), {"match": "1", "since": since})
    assert (counted.status_code, counted.context["matched"], counted.context["comes"]) == (200, 3, 3)
    assert client.post(
        reverse("desk:systemic_add_matching", args=[made.pk]), {"since": since, "topic": str(topic().pk)}
    ).status_code == 302  # fmt: skip
    assert made.basis.count() == 3
    assert not made.basis.filter(incident=old).exists()
    assert "Ничего нового не подходит" in page(client, "systemic_decision", made.pk, match="1", since=since)
    wrong = client.post(
        reverse("desk:systemic_add_matching", args=[made.pk]), {"since": since, "until": "2020-01-01"}
    )
    assert (wrong.status_code, "раньше его начала" in wrong.content.decode()) == (422, True)


def test_a_form_says_what_is_missing(world: World, at: At) -> None:
    client = at("dispatcher")
    for changed, words in (
        ({"cause": ""}, "Обязательное поле"),
        ({"topics": []}, "Обязательное поле"),
        ({"window_days": 3}, "больше либо равно 7"),
        ({"act_link": "нет"}, "правильный URL"),
    ):
        answer = client.post(reverse("desk:systemic_new"), given(world, **changed))
        assert (answer.status_code, words in answer.content.decode()) == (422, True), words
    made = propose(world)
    edit = reverse("desk:systemic_edit", args=[made.pk])
    assert client.post(edit, given(world, version=1, cause="Иначе")).status_code == 302
    stale = client.post(edit, given(world, version=1, cause="Опять"))
    assert (stale.status_code, "уже изменил другой человек" in stale.content.decode()) == (422, True)


def test_steps_that_owe_a_reason(world: World, at: At) -> None:
    made, client = propose(world), at("dispatcher")
    decline = reverse("desk:systemic_step", args=[made.pk, "decline"])
    assert client.post(decline, {"reason": ""}).status_code == 422
    assert client.post(decline, {"reason": "Нет денег."}).status_code == 302
    assert "Нет денег." in page(client, "systemic_decision", made.pk)
    late = client.post(reverse("desk:systemic_step", args=[made.pk, "agree"]), follow=True)
    assert "сейчас так поступить нельзя" in late.content.decode()
    assert client.post(reverse("desk:systemic_step", args=[made.pk, "restore"])).status_code == 302
    assert client.post(reverse("desk:systemic_step", args=[made.pk, "abolish"])).status_code == 404


def test_who_sees_and_who_keeps(world: World, at: At) -> None:
    own, other = propose(world), propose(world, executor=world.ministry, cause="Чужая")
    assert "Предложить решение" in page(at("dispatcher"), "systemic")
    for username, sees in (("curator", {own}), ("stranger", {other}), ("viewer", {own, other})):
        client = at(username)
        listed = page(client, "systemic")
        assert "Предложить решение" not in listed
        assert reverse("desk:systemic_new") not in listed
        for each in (own, other):
            expected = 200 if each in sees else 404
            assert client.get(reverse("desk:systemic_decision", args=[each.pk])).status_code == expected
            for name in ("finish", "check", "add", "add_matching", "edit"):
                answer = client.post(reverse(f"desk:systemic_{name}", args=[each.pk]))
                assert answer.status_code == (403 if each in sees else 404), (username, name)
        assert client.get(reverse("desk:systemic_new")).status_code == 403
    for username in ("school", "admin"):
        assert at(username).get(reverse("desk:systemic")).status_code == 403
        assert at(username).get(reverse("desk:systemic_decision", args=[own.pk])).status_code == 403
    own.refresh_from_db()
    assert own.version == 1


def test_a_body_sees_only_its_incidents_of_the_basis(world: World, at: At) -> None:
    made = propose(world)
    hidden = world.incident("Яма на другой улице", page="ministry", body="ministry", action="open")
    rest_on(world, made, world.incident(action="open"), hidden)
    told = page(at("curator"), "systemic_decision", made.pk)
    assert "Из них ваш орган видит 1" in told
    assert hidden.number not in told


def test_filters_of_the_list(world: World, at: At) -> None:
    one = propose(world)
    two = propose(world, cause="Нет врача", executor=world.ministry, municipalities=[])
    finish(world, two)
    client = at("dispatcher")
    for query, found in (
        ({"q": "заплатами"}, {one}),
        ({"q": f"С-{two.pk}"}, {two}),
        ({"q": "214-р"}, {two}),
        ({"state": "done"}, {two}),
        ({"kind": "order"}, {two}),
        ({"body": str(world.city.pk)}, {one}),
        ({"topic": str(topic().pk)}, {one, two}),
        ({"municipality": str(world.municipality.pk)}, {one, two}),
        ({"state": "odd", "topic": "x", "page": "99"}, {one, two}),
    ):
        listed = page(client, "systemic", **query)
        shown = {each for each in (one, two) if reverse("desk:systemic_decision", args=[each.pk]) in listed}
        assert shown == found, query
    assert "Таких решений нет" in page(client, "systemic", q="нетникогда")


def test_the_list_to_take_away(world: World, at: At) -> None:
    propose(world, cause="=HYPERLINK(1)", measure=f"Позвонить {SECRET}")
    finish(world, propose(world, municipalities=[]))
    client, address = at("dispatcher"), reverse("desk:systemic_file")
    book = load_workbook(io.BytesIO(b"".join(client.get(address).streaming_content)))  # type: ignore[arg-type]
    rows = list(book.worksheets[0].iter_rows(values_only=True))
    assert [row[1] for row in rows[1:]] == ["Дорогу чинят заплатами", "=HYPERLINK(1)"]
    assert (rows[1][4], rows[1][10]) == ("весь регион", "214-р")
    plain = client.get(address, {"format": "csv", "state": "proposed"}).content.decode("utf-8-sig")
    assert plain.count("\r\n") == 2
    assert "'=HYPERLINK(1)" in plain
    assert "912-34-56" not in plain
    assert b"214" not in at("stranger").get(address, {"format": "csv"}).content
    assert at("school").get(address).status_code == 403


@pytest.mark.parametrize("name", ["systemic", "systemic_file"])
def test_the_list_asks_the_database_as_often_for_many_as_for_few(
    world: World, at: At, name: str, django_assert_max_num_queries: Any
) -> None:
    for number in range(20):
        rest_on(world, propose(world, cause=f"Причина {number}"), world.incident())
    client, address = at("dispatcher"), reverse(f"desk:{name}")
    client.get(address)
    with django_assert_max_num_queries(10):
        assert client.get(address).status_code == 200


def test_one_decision_asks_the_database_a_few_times(
    world: World, at: At, django_assert_max_num_queries: Any
) -> None:
    made = finish(world, propose(world), days_ago=40)
    rest_on(world, made, *(world.incident() for _ in range(10)))
    client, address = at("dispatcher"), reverse("desk:systemic_decision", args=[made.pk])
    client.get(address)
    with django_assert_max_num_queries(18):
        assert client.get(address).status_code == 200
