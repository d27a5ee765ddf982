"""Official pages at the desk: by their links, with their badge's moves, closed and opened again."""

from collections.abc import Callable
from datetime import date

import pytest
from django.conf import settings
from django.test import Client

from otklik.registry.models import FieldChange, OfficialPage, Organization
from tests.desk.world import World

At = Callable[..., Client]


def card(page: OfficialPage, rest: str = "") -> str:
    return f"/desk/register/pages/{page.pk}{rest}"


def new_page(organization: Organization) -> str:
    return f"/desk/register/organizations/{organization.pk}/pages/new"


def read(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def values(**fields: str) -> dict[str, str]:
    given = {
        "network": "vk",
        "url": "vk.com/club555123",
        "external_id": "",
        "title": "Школа № 2 | Барышево",
        "kind": "organisation",
        "tier": "active",
    }
    return given | fields


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, ("555123", "", f"{settings.VK_SITE_URL}/club555123")),
        ({"url": "https://vk.com/wall-555123_77"}, ("555123", "", f"{settings.VK_SITE_URL}/club555123")),
        (
            {"url": "vk.com/school2", "external_id": "555123"},
            ("555123", "school2", "https://vk.com/school2"),
        ),
        ({"network": "telegram", "url": "t.me/school2"}, ("school2", "school2", "https://t.me/school2")),
        (
            {"network": "ok", "url": "https://ok.ru/group/5512345"},
            ("5512345", "", "https://ok.ru/group/5512345"),
        ),
    ],
)
def test_a_page_is_entered_by_its_link(
    world: World, at: At, fields: dict[str, str], expected: tuple[str, str, str]
) -> None:
    response = at("methodist").post(new_page(world.school), values(**fields))
    made = OfficialPage.objects.get(organization=world.school, title="Школа № 2 | Барышево")
    assert response["Location"] == card(made)
    assert (made.external_id, made.screen_name, made.url) == expected


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"url": "vk.com/school2"}, "В ссылке нет номера сообщества"),
        ({"url": "vk.com/school2", "external_id": "школа"}, "состоит из цифр"),
        ({"url": "t.me/school2"}, "другую сеть"),
        ({"url": "vk.com/feed"}, "не видно страницы"),
        ({"kind": "personal"}, "чья это личная страница"),
        ({"url": "vk.com/club3"}, "уже есть в реестре"),
        ({"title": ""}, "исправьте отмеченные поля"),
    ],
)
def test_a_wrong_link_is_said_beside_its_field(
    world: World, at: At, fields: dict[str, str], said: str
) -> None:
    response = at("methodist").post(new_page(world.school), values(**fields))
    html = response.content.decode()
    assert response.status_code == 422
    assert said in html
    assert 'value="vk"' in html
    assert not OfficialPage.objects.filter(title="Школа № 2 | Барышево").exists()


def test_a_page_changes_with_a_reason_and_remembers(world: World, at: At) -> None:
    page, client = world.pages["school"], at("methodist")
    assert "Паспорт" in read(client, card(page))
    given = values(
        url="https://vk.com/club3", external_id="3", title="Школа", kind="personal", person_name="Иван Иванов",
        person_position="директор", tier="card", widgets="2", opened_on=str(page.opened_on),
    )  # fmt: skip
    assert client.post(card(page, "/edit"), given).status_code == 422
    assert client.post(card(page, "/edit"), given | {"reason": "страница директора"}).status_code == 302
    page.refresh_from_db()
    assert (page.kind, page.person_name, page.tier, page.widgets) == ("personal", "Иван Иванов", "card", 2)
    html = read(client, card(page))
    assert "Иван Иванов, директор" in html
    assert "страница директора" in html
    assert "страница директора" in read(client, card(page, "/history"))
    assert FieldChange.objects.filter(subject_id=page.pk, reason="страница директора", field="title").exists()


def test_the_badge_goes_by_its_moves_only(world: World, at: At) -> None:
    page, client = world.pages["school"], at("methodist")
    address = card(page, "/badge")
    html = read(client, address)
    assert 'value="requested"' in html
    assert 'value="lost"' not in html
    assert client.post(address, {"status": "lost", "type": "gosorg"}).status_code == 422
    assert client.post(address, {"status": "requested", "type": "gosorg"}).status_code == 302
    bare = client.post(address, {"status": "confirmed", "type": "gosorg", "on": "2026-11-03"})
    assert bare.status_code == 422
    assert "чем это подтверждено" in bare.content.decode()
    assert 'value="2026-11-03"' in bare.content.decode()
    seen = {"status": "confirmed", "type": "gosorg", "on": "2026-11-03", "evidence": "метка в шапке, снимок"}
    assert "Метка: подтверждена" in client.post(address, seen, follow=True).content.decode()
    page.refresh_from_db()
    assert (page.badge_status, page.badge_confirmed_at) == ("confirmed", date(2026, 11, 3))
    assert "метка в шапке, снимок" in read(client, card(page))
    client.post(address, {"status": "lost", "type": "gosorg", "on": "2026-11-10"})
    assert "потеряна 10" in read(client, card(page))


def test_a_closed_page_can_be_brought_back(world: World, at: At) -> None:
    page, client = world.pages["school"], at("methodist")
    assert "выйдет из каталога" in read(client, card(page, "/close"))
    assert client.post(card(page, "/close"), {"reason": ""}).status_code == 422
    html = client.post(card(page, "/close"), {"reason": "двойник"}, follow=True).content.decode()
    assert f'action="{card(page, "/reopen")}"' in html
    page.refresh_from_db()
    assert not page.is_active
    assert "снова официальная" in client.post(card(page, "/reopen"), follow=True).content.decode()
    page.refresh_from_db()
    assert page.is_active
    assert page.closed_on is None


def test_whoever_runs_the_page_sees_it_and_changes_nothing(world: World, at: At) -> None:
    page = world.pages["school"]
    assert "Изменить" not in read(at("school"), card(page))
    for rest in ("/edit", "/badge", "/close"):
        assert at("school").get(card(page, rest)).status_code == 403, rest
        assert at("stranger").get(card(page, rest)).status_code == 404, rest
    assert at("school").post(card(page, "/reopen")).status_code == 403
    assert at("school").get(new_page(world.school)).status_code == 403
    assert at("stranger").get(card(page)).status_code == 404
    assert at("stranger").get(card(page, "/history")).status_code == 404


def test_a_card_of_a_page_costs_a_fixed_number_of_queries(
    world: World, at: At, django_assert_max_num_queries: Callable[..., object]
) -> None:
    client = at("methodist")
    client.get(card(world.pages["school"]))
    with django_assert_max_num_queries(12):
        read(client, card(world.pages["school"]))
