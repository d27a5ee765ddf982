"""Routes at the desk: the list, a rule that shows what it would do, the test table, proposals, tables of people."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from otklik.common.actor import SYSTEM
from otklik.desk.triage.words import because_words
from otklik.registry import operations as registry
from otklik.registry.models import Organization, Settlement
from otklik.triage.models import RoutingCase, RoutingNorm, RoutingProposal, RoutingRule, Topic
from otklik.triage.operations import routing, routing_cases
from otklik.triage.operations.routing_export import rules_table
from otklik.triage.operations.routing_learning import Fact, learn_routes
from tests.desk.world import World

At = Callable[..., Client]
LIST, NEW, CASES, PROPOSALS = (
    "/desk/triage/", "/desk/triage/routes/new", "/desk/triage/cases/", "/desk/triage/proposals/",
)  # fmt: skip


def topic(code: str = "ROADS.pothole") -> Topic:
    return Topic.objects.get(code=code)


def add(world: World, **values: Any) -> RoutingRule:
    return routing.add_rule(values=values, by=SYSTEM, now=world.now, confirmed=True)


def case(world: World, code: str = "ROADS.pothole", **values: Any) -> RoutingCase:
    return routing_cases.add_case(values={"topic": topic(code)} | values, by=SYSTEM, now=world.now)


def read(client: Client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status
    return response.content.decode()


def fields(**values: Any) -> dict[str, Any]:
    return {"target": "page", "level": "R"} | values


def proposal(world: World) -> RoutingProposal:
    told = Fact(topic().pk, world.municipality.pk, world.pages["school"].pk, world.ministry.pk, 20)
    return learn_routes(facts=[told], now=world.now)[0]


def test_the_list_says_what_each_rule_asks_and_where_it_sends(world: World, at: At) -> None:
    add(world, topic=topic(), municipality=world.municipality, target="fixed", organization=world.ministry)
    html = read(at("dispatcher"), LIST)
    assert "Ямы и выбоины на проезжей части" in html
    assert "Минтранс НСО" in html
    assert html.index("Минтранс НСО") < html.index("организация, на чьей странице спросили")
    assert "любой вопрос" in html
    assert "Новое правило" not in html
    assert "Новое правило" in read(at("admin"), LIST)
    assert 'aria-current="page">Маршруты' in html


def test_filters_narrow_and_nonsense_is_no_filter(world: World, at: At) -> None:
    rule = add(world, topic=topic(), target="fixed", organization=world.ministry, note="до весны")
    place = add(world, municipality=world.municipality, group=topic("HEALTH.staff").group, target="page")
    retired = add(world, level="S", target="page")
    routing.retire_rule(rule=retired, reason="лишнее", by=SYSTEM, now=world.now, confirmed=True)
    wanted = {
        "q=выбоины": {rule}, "q=весны минтранс": {rule}, f"q={place.pk}": {place}, "q=ничего%00": set(),
        f"group={topic().group_id}": {rule}, f"municipality={world.municipality.pk}": {place},
        "state=retired": {retired}, "state=stuck": set(), "state=x&group=²&municipality=" + "9" * 30: {rule, place},
    }  # fmt: skip
    for query, expected in wanted.items():
        html = read(at("dispatcher"), f"{LIST}?{query}")
        shown = {each for each in (rule, place, retired) if f'/desk/triage/routes/{each.pk}"' in html}
        assert shown == expected, query
    assert "Таких правил нет" in read(at("dispatcher"), f"{LIST}?q=ничего")
    Organization.objects.filter(pk=world.ministry.pk).update(is_active=False)
    assert "орган закрыт" in read(at("dispatcher"), f"{LIST}?state=stuck")
    RoutingRule.objects.update(is_active=False)
    assert "Правил нет" in read(at("admin"), LIST)


def test_who_may_look_and_who_may_change(world: World, at: At) -> None:
    rule = RoutingRule.objects.get(code="page")
    line, told = case(world), proposal(world)
    looked = [LIST, f"/desk/triage/routes/{rule.pk}", CASES, PROPOSALS, "/desk/triage/tables/rules.csv"]
    changed = [
        NEW, "/desk/triage/routes/settlements", "/desk/triage/routes/pages", f"/desk/triage/routes/{rule.pk}/retire",
        "/desk/triage/cases/new", f"{CASES}{line.pk}", f"{PROPOSALS}{told.pk}/dismiss", "/desk/triage/tables/rules",
    ]  # fmt: skip
    posted = [
        "/desk/triage/routes/preview", f"/desk/triage/routes/{rule.pk}/restore", f"{CASES}{line.pk}/remove",
        f"{PROPOSALS}{told.pk}/accept", f"{PROPOSALS}norm",
    ]  # fmt: skip
    for username, seen, kept in (
        ("executor", 403, 403),
        ("viewer", 403, 403),
        ("dispatcher", 200, 403),
        ("admin", 200, 200),
    ):
        client = at(username)
        assert {client.get(address).status_code for address in looked} == {seen}, username
        assert {client.get(address).status_code for address in changed} == {kept}, username
        if kept == 403:
            assert {client.post(address).status_code for address in [*changed, *posted] if "routes/s" not in address
                    and "routes/pages" not in address} == {403}, username  # fmt: skip
    assert at("dispatcher").post(f"/desk/triage/routes/{rule.pk}", fields()).status_code == 403
    head = registry.grant(
        account=world.people["stranger"],
        role="center_head",
        by=SYSTEM,
        now=world.now,
        organization=world.city,
    )
    assert head.organization == world.city
    # A head of one body's centre sees, but what is one for the region only the region's centre changes.
    assert at("stranger").get(NEW).status_code == 403


def test_a_rule_shows_what_it_would_do_while_it_is_typed(world: World, at: At) -> None:
    for number in range(3):
        world.incident(f"Яма {number}", topic="ROADS.pothole")
    line = case(world, page=world.pages["city"], expected=world.city)
    client = at("admin")
    values = fields(level="", topic=topic().pk, target="fixed", organization=world.ministry.pk)
    html = client.post("/desk/triage/routes/preview", values).content.decode()
    assert "Минтранс НСО" in html
    assert "<b>3</b>" in html
    assert "Администрация Новосибирского района → Минтранс НСО" in html
    assert "а ожидается" in html
    assert str(line.topic.name) in html
    crossing = add(world, municipality=world.municipality, target="page")
    html = client.post("/desk/triage/routes/preview", values).content.decode()
    assert f"№ {crossing.pk}" in html
    assert "Где подходят оба, решает то." in html
    assert "Укажите, какой вопрос и куда" in client.post("/desk/triage/routes/preview", {}).content.decode()
    twin = client.post("/desk/triage/routes/preview", fields(level="")).content.decode()
    assert "с такими же условиями уже есть" in twin
    shipped = RoutingRule.objects.get(code="page")
    html = client.post(f"/desk/triage/routes/preview?rule={shipped.pk}", fields(level="")).content.decode()
    assert "любой вопрос" in html
    assert client.post("/desk/triage/routes/preview?rule=99999999", fields()).status_code == 404


def test_a_rule_is_added_changed_and_its_history_told(world: World, at: At) -> None:
    client = at("admin")
    values = fields(
        topic=topic().pk, level="", target="fixed", organization=world.ministry.pk, note="до весны"
    )
    html = client.post(NEW, values, follow=True).content.decode()
    rule = RoutingRule.objects.get(topic=topic())
    assert f"Правило № {rule.pk} добавлено" in html
    assert (rule.organization, rule.changed_by) == (world.ministry, "Семён Админов")
    address = f"/desk/triage/routes/{rule.pk}"
    assert f'value="{topic().pk}" selected' in read(client, address)
    # The body stays in the form when another target is chosen, and is forgotten with it.
    client.post(address, values | {"target": "administration", "reason": "решает район"})
    rule.refresh_from_db()
    assert (rule.target, rule.organization) == ("administration", None)
    html = read(client, address)
    assert "решает район" in html
    assert "<del>определённый орган</del>" in html
    assert "Минтранс НСО" in html
    assert "История" in read(at("dispatcher"), address)
    refused = client.post(NEW, fields(target="fixed", note="останется"))
    assert refused.status_code == 422
    assert "Выберите орган" in refused.content.decode()
    assert "останется" in refused.content.decode()
    both = client.post(NEW, fields(topic=topic().pk, group=topic().group_id))
    assert "группа при ней лишняя" in both.content.decode()


def test_what_breaks_the_test_table_wants_a_consent(world: World, at: At) -> None:
    client = at("admin")
    case(world, page=world.pages["school"], expected=world.city)
    values = fields(level="", topic=topic().pk, target="fixed", organization=world.ministry.pk)
    refused = client.post(NEW, values)
    assert refused.status_code == 422
    assert "Перестанет сходиться 1 строка" in refused.content.decode()
    assert client.post(NEW, values | {"confirmed": "on"}).status_code == 302
    rule = RoutingRule.objects.get(topic=topic())
    assert "✓" in read(client, f"/desk/triage/routes/{rule.pk}/retire")
    shipped = RoutingRule.objects.get(code="municipal_on_institution")
    assert client.post(f"/desk/triage/routes/{rule.pk}/retire", {"reason": ""}).status_code == 422
    html = client.post(
        f"/desk/triage/routes/{rule.pk}/retire", {"reason": "ошибка"}, follow=True
    ).content.decode()
    assert f'action="/desk/triage/routes/{rule.pk}/restore"' in html
    assert "✕" in read(client, f"/desk/triage/routes/{shipped.pk}/retire")
    refused = client.post(f"/desk/triage/routes/{shipped.pk}/retire", {"reason": "ошибка"})
    assert "Перестанет сходиться" in refused.content.decode()
    html = client.post(f"/desk/triage/routes/{rule.pk}/restore", follow=True).content.decode()
    assert "перестанет сходиться" in html
    client.post(f"/desk/triage/routes/{rule.pk}/restore", {"confirmed": "1"})
    rule.refresh_from_db()
    assert rule.is_active


def test_the_test_table_is_green_and_red_and_people_fill_it(world: World, at: At) -> None:
    client = at("admin")
    assert "Таблица пуста" in read(client, CASES)
    values = {
        "topic": topic().pk,
        "page": world.pages["school"].pk,
        "expected": world.city.pk,
        "note": "по уставу",
    }
    assert client.post("/desk/triage/cases/new", values).status_code == 302
    line = RoutingCase.objects.get()
    html = read(client, CASES)
    assert "✓ верно" in html
    assert "потому что тему решает — муниципалитет" in html
    assert "Всё сходится" in read(client, f"{CASES}?only=wrong")
    assert "Такая строка в таблице уже есть" in client.post("/desk/triage/cases/new", values).content.decode()
    client.post(f"{CASES}{line.pk}", values | {"expected": world.ministry.pk})
    html = read(client, f"{CASES}?only=wrong")
    assert "✕ не туда" in html
    assert "Убрать насовсем" in read(client, f"{CASES}{line.pk}")
    client.post(f"{CASES}{line.pk}/remove")
    assert not RoutingCase.objects.exists()
    assert client.get(f"{CASES}{line.pk}").status_code == 404


def test_a_proposal_is_accepted_or_dismissed_by_a_person(world: World, at: At) -> None:
    client, made = at("admin"), proposal(world)
    html = read(client, PROPOSALS)
    assert "20 из 20, 100 %" in html
    assert "Администрация Новосибирского района" in html
    case(world, page=world.pages["school"], expected=world.city)
    asked = client.post(f"{PROPOSALS}{made.pk}/accept")
    assert asked.status_code == 409
    assert "Проверочная таблица против" in asked.content.decode()
    client.post(f"{PROPOSALS}{made.pk}/accept", {"confirmed": "1"})
    made.refresh_from_db()
    assert made.rule is not None
    again = client.post(f"{PROPOSALS}{made.pk}/accept", follow=True).content.decode()
    assert "уже решено" in again
    assert f"№ {made.rule.pk}" in again
    routing.retire_rule(rule=made.rule, reason="ошибка", by=SYSTEM, now=world.now, confirmed=True)
    second = proposal(world)
    assert client.post(f"{PROPOSALS}{second.pk}/dismiss", {"reason": ""}).status_code == 422
    html = client.post(
        f"{PROPOSALS}{second.pk}/dismiss", {"reason": "временно"}, follow=True
    ).content.decode()
    assert "Предложений нет" in html
    assert "временно" in html
    values = {"least_incidents": 5, "least_percent": 80, "days": 90}
    client.post(f"{PROPOSALS}norm", values)
    assert RoutingNorm.objects.get().least_percent == 80
    assert client.post(f"{PROPOSALS}norm", values | {"days": 1}).status_code == 422


def bring(client: Client, text: str, what: str = "rules", **more: str) -> Any:
    file = SimpleUploadedFile("table.csv", text.encode("cp1251") if "ж" in text else text.encode())
    return client.post(f"/desk/triage/tables/{what}", {"file": file} | more)


def test_tables_are_taken_and_brought(world: World, at: At) -> None:
    client = at("admin")
    response = client.get("/desk/triage/tables/rules.csv")
    assert response["Content-Disposition"].endswith('"marshruty.csv"')
    assert response.content.decode() == rules_table()
    assert client.get("/desk/triage/tables/other").status_code == 404
    assert client.get("/desk/triage/tables/other.csv").status_code == 404
    assert "очерёдность" in read(client, "/desk/triage/tables/rules")
    refused = bring(client, "тема;куда;орган\nROADS.pothole;fixed;нет такого органа, жаль\n")
    assert refused.status_code == 422
    assert "строка 2: Нет организации «нет такого органа, жаль»" in refused.content.decode()
    assert bring(client, "").status_code == 422
    assert client.post("/desk/triage/tables/rules", {}).status_code == 422
    case(world, page=world.pages["school"], expected=world.city)
    text = "тема;куда;орган\nROADS.pothole;fixed;ministry\n"
    asked = bring(client, text)
    assert "Перестанет сходиться 1 строка" in asked.content.decode()
    assert 'name="text" value="тема;куда;орган' in asked.content.decode()
    answer = client.post("/desk/triage/tables/rules", {"text": text, "confirmed": "on"}, follow=True)
    assert "добавлено 1, изменено 0, без изменений 0" in answer.content.decode()
    assert bring(client, "тема;ожидается\nROADS.repair;ministry\n", "cases").status_code == 302
    assert RoutingCase.objects.count() == 2


def test_fields_find_settlements_and_pages(world: World, at: At) -> None:
    town = Settlement.objects.create(municipality=world.municipality, name="Барышево", kind="село")
    client = at("admin")
    found = client.get("/desk/triage/routes/settlements?q=барыш").json()["options"]
    assert found == [{"value": str(town.pk), "label": "Барышево", "hint": "село · Новосибирский район"}]
    pages = client.get("/desk/triage/routes/pages?q=школа барышево").json()["options"]
    assert [each["value"] for each in pages] == [str(world.pages["school"].pk)]
    rule = add(world, settlement=town, target="page")
    html = read(client, f"/desk/triage/routes/{rule.pk}")
    assert f'<option value="{town.pk}" selected>Барышево, Новосибирский район</option>' in html


def test_pages_cost_the_same_however_much_there_is(
    world: World, at: At, django_assert_max_num_queries: Callable[..., object]
) -> None:
    for number, each in enumerate(Topic.objects.all()[:60]):
        add(world, topic=each, target="fixed", organization=world.ministry, precedence=number % 3)
        case(world, each.code, page=world.pages["school"], expected=world.ministry)
    client = at("dispatcher")
    for address, most in ((LIST, 6), (CASES, 8), (PROPOSALS, 6)):
        client.get(address)
        with django_assert_max_num_queries(most):
            assert client.get(address).status_code == 200


@pytest.mark.parametrize(
    ("because", "sentence"),
    [
        ([["topic", "Ямы"], ["municipality", "Бердск"], ["target", "fixed"], ["rule", "12"]],
         "потому что тема — «Ямы», место — Бердск, правило № 12"),
        ([["level", "M"], ["municipality_of_page", "Обь"], ["rule", "1"]],
         "потому что тему решает — муниципалитет, место по странице — Обь, правило № 1"),
        ([["passed", "7"], ["rule", "-1"]], "потому что правилу № 7 не нашлось органа, новое правило"),
        ([["no_rule", ""]], "потому что правила для такого вопроса нет: решает диспетчер"),
        ([["page_level", "institution"], ["sphere", "health"], ["later", "?"], ["rule", "3"], ["odd"]],
         "потому что на странице уровня — учреждение, сфера страницы — «Здравоохранение», правило № 3"),
        ([["target", "page"], ["rule", "2"]], "потому что спросили на странице этой организации, правило № 2"),
        ([], ""),
    ],
)  # fmt: skip
@pytest.mark.django_db
def test_the_reasons_are_a_sentence(because: list[list[str]], sentence: str) -> None:
    assert because_words(because) == sentence
