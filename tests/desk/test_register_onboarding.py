"""Onboarding at the desk: from the request to a connected page, with what is missing said at every step."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from otklik.channels.models import Connection, Token
from otklik.common.actor import SYSTEM
from otklik.registry import operations as registry
from otklik.registry.models import OfficialPage, OnboardingCase, OnboardingCheck, OnboardingStep, Organization
from otklik.registry.operations import onboarding
from otklik.registry.rules.onboarding import CHECKLIST
from tests.channels.conftest import build, sim, town  # noqa: F401  fixtures of the channel's tests
from tests.channels.town import Town
from tests.desk.world import World

At = Callable[..., Client]
BOARD = "/desk/register/onboarding"


def case_at(case: OnboardingCase, rest: str = "") -> str:
    return f"{BOARD}/{case.pk}{rest}"


def started(
    world: World, organization: Organization | None = None, network: str = "ok", **fields: str
) -> OnboardingCase:
    return onboarding.start_onboarding(
        organization=organization or world.school, network=network, by=SYSTEM, now=world.now, **fields
    )


def read(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def move(client: Client, case: OnboardingCase, name: str, **fields: object) -> str:
    case.refresh_from_db()
    response = client.post(case_at(case, f"/{name}"), {"version": case.version, **fields}, follow=True)
    case.refresh_from_db()
    return response.content.decode()


def tick_all(client: Client, case: OnboardingCase) -> None:
    for item in CHECKLIST[case.stage]:
        if not item.by_fact:
            client.post(case_at(case, "/tick"), {"code": item.code, "evidence": "видел сам"})


def test_a_school_comes_to_a_connected_page(world: World, at: At, town: Town) -> None:  # noqa: F811
    Connection.objects.filter(page=world.pages["school"]).delete()
    OfficialPage.objects.filter(pk=world.pages["school"].pk).update(is_active=False)
    client = at("methodist")
    start = f"/desk/register/organizations/{world.school.pk}/connect/vk"
    assert "Пять этапов" in read(client, start)
    assert "Подключение начато" in client.post(start, {"contact": "завуч Анна"}, follow=True).content.decode()
    case = OnboardingCase.objects.get()
    assert "Подключение этой организации в этой сети уже идёт" in client.post(start, {}).content.decode()

    assert "Страница создана и внесена в реестр" in move(client, case, "advance")
    assert case.stage == "requested"
    tick_all(client, case)
    link = {"url": f"{town.sim.url}/club{town.group_id}", "title": "Школа № 2"}
    assert "записана в подключение" in client.post(case_at(case, "/page"), link, follow=True).content.decode()
    assert "Этап пройден, теперь: создана" in move(client, case, "advance")
    tick_all(client, case)
    move(client, case, "advance")
    tick_all(client, case)
    assert "Метка «Госорганизация» подтверждена" in move(client, case, "advance")
    assert case.stage == "designed"
    assert case.page is not None
    badge = {"status": "confirmed", "type": "gosorg", "evidence": "видна в шапке"}
    client.post(f"/desk/register/pages/{case.page.pk}/badge", badge)
    move(client, case, "advance")
    assert case.stage == "verified"

    wrong = client.post(case_at(case, "/key"), {"key": "not-a-key"})
    assert wrong.status_code == 422
    assert "Ключ больше не действует" in wrong.content.decode()
    assert "not-a-key" not in wrong.content.decode()
    right = client.post(case_at(case, "/key"), {"key": town.keys["community"]}, follow=True)
    assert "Страница подключена" in right.content.decode()
    assert town.keys["community"] not in right.content.decode()
    case.refresh_from_db()
    assert case.stage == "connected"
    assert Connection.objects.get(page=case.page).state == "connected"
    assert "Юлия Методова" in right.content.decode()


def test_the_network_is_not_awaited_inside_a_transaction(
    world: World,
    at: At,
    town: Town,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The test itself holds a transaction; the view may add none of its own while the network is asked."""
    from django.db import connection

    from otklik.channels.vk import connect

    depth: list[int] = []
    real = connect.prepare
    before = len(connection.savepoint_ids)

    def watched(*args: object, **more: object) -> object:
        depth.append(len(connection.savepoint_ids))
        return real(*args, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(connect, "prepare", watched)
    page = registry.add_page(
        organization=world.ministry, by=SYSTEM, now=world.now, network="vk", external_id=str(town.group_id),
        title="Минтранс", url="https://vk.com/x",
    )  # fmt: skip
    case = onboarding.attach_page(
        case=started(world, world.ministry, "vk"), page=page, by=SYSTEM, now=world.now
    )
    html = move(at("methodist"), case, "key", key=town.keys["community"])
    assert "Осталось пройти этапы" in html
    assert depth == [before]
    assert OnboardingCheck.objects.filter(case=case, code="connection").exists()


def test_a_key_is_asked_of_those_who_keep_channels_and_after_the_page(world: World, at: At) -> None:
    case = started(world, network="vk")
    assert "Сначала внесите страницу" in move(at("methodist"), case, "key", key="vk1.a.abc")
    onboarding.attach_page(case=case, page=world.pages["school"], by=SYSTEM, now=world.now)
    assert at("school").post(case_at(case, "/key"), {"key": "vk1.a.abc"}).status_code == 403
    spaced = at("methodist").post(case_at(case, "/key"), {"key": "vk1 и ещё"})
    assert spaced.status_code == 422
    assert "лишние знаки" in spaced.content.decode()
    assert not Token.objects.exists()


def test_ticks_are_taken_back_and_facts_are_not_ticked_by_hand(world: World, at: At) -> None:
    case, client = started(world), at("methodist")
    assert "Отмечено" in move(client, case, "tick", code="contact", evidence="приказ № 5")
    assert "приказ № 5" in read(client, case_at(case))
    assert "Отметка снята" in move(client, case, "tick?undo", code="contact")
    assert "отмечается сам" in move(client, case, "tick", code="page")
    assert "нет" in move(client, case, "tick", code="nonsense")
    move(client, case, "tick")
    assert not OnboardingCheck.objects.exists()


def test_back_and_cancel_want_a_reason_and_a_stale_card_is_refused(world: World, at: At) -> None:
    case, client = started(world, network="vk"), at("methodist")
    onboarding.attach_page(case=case, page=world.pages["school"], by=SYSTEM, now=world.now)
    onboarding.tick(case=case, code="contact", by=SYSTEM, now=world.now)
    stale = client.post(case_at(case, "/advance"), {"version": 1}, follow=True).content.decode()
    assert "уже изменил кто-то другой" in stale
    move(client, case, "advance")
    assert case.stage == "created"
    assert "Напишите, почему" in move(client, case, "back")
    assert "Вернули на этап: запрошена" in move(client, case, "back", note="страница не та")
    assert OnboardingStep.objects.filter(note="страница не та", actor_name="Юлия Методова").exists()
    assert "Напишите, почему" in move(client, case, "cancel")
    assert "прекращено" in move(client, case, "cancel", note="школа закрывается")
    assert case.stage == "cancelled"
    assert "Дальше этапов нет" in move(client, case, "advance")
    client.post(case_at(case, "/advance"), {"version": "x"})
    assert case.stage == "cancelled"


def test_a_page_of_the_register_is_taken_or_a_wrong_link_kept(world: World, at: At) -> None:
    case, client = started(world, network="vk"), at("methodist")
    assert "Уже есть в реестре" in read(client, case_at(case))
    assert client.post(case_at(case, "/page"), {"page": str(world.pages["city"].pk)}).status_code == 404
    refused = client.post(case_at(case, "/page"), {"url": "vk.com/school2", "title": "Моё название"})
    assert refused.status_code == 422
    assert "В ссылке нет номера сообщества" in refused.content.decode()
    assert "Моё название" in refused.content.decode()
    taken = client.post(case_at(case, "/page"), {"url": "vk.com/club2", "title": "Чужая"})
    assert "уже есть в реестре" in taken.content.decode()
    assert "Страница записана" in move(client, case, "page", page=world.pages["school"].pk)
    assert case.page == world.pages["school"]


def test_the_page_s_own_administrator_ticks_and_does_not_move(world: World, at: At) -> None:
    case = started(world, network="vk")
    onboarding.attach_page(case=case, page=world.pages["school"], by=SYSTEM, now=world.now)
    client = at("school")
    html = read(client, case_at(case))
    assert "Этап пройден" not in html
    assert "Отмечено" in move(client, case, "tick", code="contact", evidence="это я")
    for name in ("advance", "back", "cancel", "page"):
        assert client.post(case_at(case, f"/{name}"), {"version": case.version}).status_code == 403, name
    assert at("viewer").post(case_at(case, "/tick"), {"code": "contact"}).status_code == 403
    assert at("stranger").get(case_at(case)).status_code == 404
    start = f"/desk/register/organizations/{world.school.pk}/connect/telegram"
    assert client.get(start).status_code == 403
    assert at("methodist").get(start.replace("telegram", "icq")).status_code == 404


def test_the_board_counts_filters_and_says_what_is_missing(world: World, at: At) -> None:
    first = started(world, world.school, contact="завуч Анна")
    started(world, world.city)
    other = started(world, world.ministry, "vk")
    onboarding.attach_page(case=other, page=world.pages["ministry"], by=SYSTEM, now=world.now)
    onboarding.tick(case=other, code="contact", by=SYSTEM, now=world.now)
    gone = started(world, world.city, "max")
    onboarding.cancel_onboarding(case=gone, note="передумали", by=SYSTEM, now=world.now)
    OnboardingCase.objects.filter(pk=first.pk).update(due_on=world.now.date() - timedelta(days=30))
    client = at("viewer")
    html = read(client, BOARD)
    assert "Не хватает: Назначен ответственный в организации" in html
    assert "и ещё 1" in html
    assert "всё готово, можно дальше" in html
    assert "срок был" in html
    assert "Прекращено: 1" in html
    assert f'href="{case_at(gone)}"' not in html
    assert f'href="{case_at(gone)}"' in read(client, f"{BOARD}?stage=cancelled")
    for string, wanted in {
        "q=анна": {first},
        "network=vk": {other},
        "late=1": {first},
        "municipality=999999": set(),
        "network=icq&municipality=x&stage=y&q=%00": {first, other},
    }.items():
        shown = read(client, f"{BOARD}?{string}")
        assert {each for each in (first, other) if f'href="{case_at(each)}"' in shown} == wanted, string
    assert f'href="{case_at(first)}"' in read(client, f"{BOARD}?stage=requested&q=школа")
    assert "На этом этапе сейчас нет" in read(client, f"{BOARD}?stage=verified")
    assert f'href="{case_at(other)}"' not in read(at("executor"), BOARD)


def test_an_empty_board_says_where_to_begin(world: World, at: At) -> None:
    assert "Подключений ещё не было" in read(at("methodist"), BOARD)


def test_the_board_costs_the_same_however_long_it_is(
    world: World, at: At, django_assert_max_num_queries: Callable[..., object]
) -> None:
    for number in range(30):
        made = registry.add_organization(
            by=SYSTEM, now=world.now, code=f"s{number}", name=f"Школа {number}", level="institution",
            municipality=world.municipality,
        )  # fmt: skip
        started(world, made)
    client = at("methodist")
    client.get(BOARD)
    # session, person, numbers by stage, one column, ticks, facts of pages, numbers again
    with django_assert_max_num_queries(8):
        html = read(client, BOARD)
    assert "Показать все" in html
    with django_assert_max_num_queries(8):
        read(client, f"{BOARD}?stage=requested")
