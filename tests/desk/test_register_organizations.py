"""Organisations at the desk: the list with its filters, the card, changes with reasons, closing and opening again."""

from collections.abc import Callable

from django.test import Client

from otklik.common.actor import SYSTEM
from otklik.registry.models import FieldChange, OfficialPage, Organization, PageObligation
from otklik.registry.operations import organizations, pages, searching
from otklik.registry.operations.obligations import set_obligation
from tests.desk.world import World

At = Callable[..., Client]
LIST = "/desk/register/"


def card(organization: Organization, rest: str = "") -> str:
    return f"/desk/register/organizations/{organization.pk}{rest}"


def owe(world: World, organization: Organization, network: str = "ok", **fields: str) -> PageObligation:
    values = {"status": "required"} | fields
    return set_obligation(
        organization=organization, network=network, since=world.now.date(), by=SYSTEM, now=world.now, **values
    )


def body(world: World, name: str, parent: Organization | None = None, **fields: object) -> Organization:
    values = {
        "code": name.lower().replace(" ", "-"),
        "name": name,
        "short_name": name,
        "level": "institution",
    }
    return organizations.add_organization(by=SYSTEM, now=world.now, parent=parent, **values | fields)


def shown(html: str, *all_of: Organization) -> set[Organization]:
    return {each for each in all_of if f'href="{card(each)}"' in html}


def read(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def test_the_list_says_where_each_organisation_must_be_and_is(world: World, at: At) -> None:
    owe(world, world.school)
    owe(world, world.city, status="exempt", basis="Решение учредителя")
    OfficialPage.objects.filter(organization=world.city).update(followers=12_345, badge_status="lost")
    html = read(at("viewer"), LIST)
    assert shown(html, world.school, world.city, world.ministry) == {world.school, world.city, world.ministry}
    assert "обязана вести, страницы нет" in html
    assert 'title="Решение учредителя">освобождена' in html
    assert "потеряна" in html
    assert "12\xa0345" in html
    assert "Новая организация" not in html
    assert "Новая организация" in read(at("admin"), LIST)


def test_filters_narrow_and_add_up(world: World, at: At) -> None:
    school, city, ministry = world.school, world.city, world.ministry
    owe(world, school)
    owe(world, city, status="exempt", basis="Решение учредителя")
    pages.set_badge(page=world.pages["city"], status="requested", by=SYSTEM, now=world.now)
    Organization.objects.filter(pk=school.pk).update(
        spheres=["education"], ogrn="1025403200020", municipality=None
    )
    cases = {
        "q=барышево": {school},
        "q=1025403200020": {school},
        f"municipality={world.municipality.pk}": {city, ministry},
        "sphere=education": {school},
        "type=school": {school},
        "level=municipal": {city},
        "state=missing": {school},
        "state=missing&network=vk": set(),
        "state=exempt": {city},
        "state=present": {school, city, ministry},
        "state=present&network=ok": set(),
        "state=free": {ministry},
        "state=closed": set(),
        "badge=requested": {city},
        f"under={city.pk}": {school},
        "state=nonsense&level=nonsense&municipality=x&under=²": {school, city, ministry},
        "sort=audience": {school, city, ministry},
        "q=ничего%00такого": set(),
    }
    for string, wanted in cases.items():
        html = read(at("viewer"), f"{LIST}?{string}")
        assert shown(html, school, city, ministry) == wanted, string
    assert "Ничего не найдено" in read(at("viewer"), f"{LIST}?q=ничего")


def test_words_are_understood_and_what_fits_best_comes_first(world: World, at: At) -> None:
    searching.rebuild(now=world.now)
    assert shown(read(at("viewer"), f"{LIST}?q=vbynhfyc"), world.ministry, world.school) == {world.ministry}
    html = read(at("viewer"), f"{LIST}?q=школа барышево")
    assert shown(html, world.school, world.ministry) == {world.school}
    assert "сначала подходящие" in html
    assert shown(read(at("executor"), f"{LIST}?q=минтранс"), world.ministry) == set()
    # A newcomer that the search has not read yet is found by its letters.
    fresh = body(world, "Лицей при заводе")
    assert shown(read(at("viewer"), f"{LIST}?q=лицей завод&sort=audience"), fresh) == {fresh}


def test_reach_cuts_the_register(world: World, at: At) -> None:
    html = read(at("executor"), LIST)
    assert shown(html, world.school, world.city, world.ministry) == {world.school, world.city}
    assert at("executor").get(card(world.ministry)).status_code == 404
    assert at("executor").get(card(world.city)).status_code == 200
    assert shown(read(at("school"), LIST), world.school, world.city) == {world.school}
    assert at("school").get(card(world.city)).status_code == 404
    for rest in ("/edit", "/close", "/obligations/vk", "/connect/ok", "/pages/new"):
        assert at("executor").get(card(world.city, rest)).status_code == 403, rest
        assert at("executor").post(card(world.city, rest)).status_code == 403, rest
        assert at("executor").get(card(world.ministry, rest)).status_code == 404, rest
    assert at("executor").get("/desk/register/organizations/new").status_code == 403
    assert at("executor").post(card(world.city, "/reopen")).status_code == 403
    assert at("viewer").get(card(world.city) + "0" * 30).status_code == 404


def test_an_empty_register_says_what_to_do(world: World, at: At) -> None:
    Organization.objects.update(is_active=False)
    assert "Загрузите их таблицей" in read(at("admin"), LIST)
    assert "Организаций не видно" in read(at("viewer"), LIST)


def test_a_page_of_the_list_costs_the_same_however_long_it_is(
    world: World, at: At, django_assert_max_num_queries: Callable[..., object]
) -> None:
    for number in range(60):
        made = body(world, f"Школа {number}", world.city, municipality=world.municipality)
        owe(world, made, "vk")
    client = at("viewer")
    client.get(LIST)
    # session, person, count, rows, pages, obligations
    with django_assert_max_num_queries(7):
        html = client.get(f"{LIST}?page=2").content.decode()
    assert "51–63 из 63" in html


def test_the_card_tells_of_the_organisation_and_everything_below(
    world: World, at: At, django_assert_max_num_queries: Callable[..., object]
) -> None:
    owe(world, world.city, "vk")
    owe(world, world.school, "ok")
    owe(world, world.school, "vk")
    OfficialPage.objects.filter(organization=world.school).update(followers=700)
    client = at("admin")
    client.get(card(world.city))
    with django_assert_max_num_queries(22):
        html = read(client, card(world.city))
    assert "2 / 3" in html
    assert "Подведомственные" in html
    assert shown(html, world.school) == {world.school}
    assert "не хватает 1" in html
    assert "добавлено" in html
    html = read(client, card(world.school))
    assert f'href="{card(world.city)}"' in html
    assert "Подключить страницу" in html
    below = read(client, f"/desk/register/organizations/new?parent={world.school.pk}")
    assert f'<option value="{world.school.pk}" selected>' in below


def new_values(**fields: str) -> dict[str, str]:
    return {
        "name": "Детский сад № 5",
        "short_name": "Детсад № 5",
        "level": "institution",
        "owes": "on",
    } | fields


def test_a_new_organisation_comes_with_the_duties_of_the_law(world: World, at: At) -> None:
    client = at("admin")
    response = client.post(
        "/desk/register/organizations/new",
        new_values(parent=str(world.city.pk), municipality=str(world.municipality.pk), ogrn="1025403200020"),
    )
    made = Organization.objects.get(short_name="Детсад № 5")
    assert response["Location"] == card(made)
    assert made.path == [*world.city.path, made.pk]
    assert made.code == "ogrn-1025403200020"
    assert set(PageObligation.objects.filter(organization=made).values_list("network", "status")) == {
        ("vk", "required"),
        ("ok", "required"),
    }
    assert "занесена в реестр" in read(client, card(made))
    client.post("/desk/register/organizations/new", new_values(name="Котельная", short_name="", owes=""))
    plain = Organization.objects.get(name="Котельная")
    assert plain.short_name == "Котельная"
    assert not PageObligation.objects.filter(organization=plain).exists()


def test_a_refused_form_keeps_what_was_typed_and_says_where(world: World, at: At) -> None:
    client = at("admin")
    values = new_values(
        ogrn="1025403200021", phone="8 (383) 222-33-44", site_url="не сайт", parent=str(world.city.pk)
    )
    response = client.post("/desk/register/organizations/new", values)
    html = response.content.decode()
    assert response.status_code == 422
    assert "8 (383) 222-33-44" in html
    assert "ОГРН" in html
    assert 'aria-invalid="true"' in html
    assert f'<option value="{world.city.pk}" selected>' in html
    assert not Organization.objects.filter(name="Детский сад № 5").exists()
    empty = client.post("/desk/register/organizations/new", {})
    assert empty.status_code == 422
    assert "исправьте отмеченные поля" in empty.content.decode()


def test_a_change_says_why_and_stands_in_the_history(world: World, at: At) -> None:
    client = at("admin")
    html = read(client, card(world.school, "/edit"))
    assert f'<option value="{world.city.pk}" selected>' in html
    values = {
        "name": world.school.name,
        "short_name": "Школа № 2",
        "level": "institution",
        "type": "school",
        "sphere": "education",
        "sphere2": "culture",
        "parent": str(world.city.pk),
        "municipality": str(world.municipality.pk),
        "code": "school",
        "phone": "222-33-44",
    }
    assert client.post(card(world.school, "/edit"), values).status_code == 422
    assert client.post(card(world.school, "/edit"), values | {"reason": "письмо школы"}).status_code == 302
    world.school.refresh_from_db()
    assert (world.school.short_name, world.school.phone) == ("Школа № 2", "222-33-44")
    assert world.school.spheres == ["education", "culture"]
    changed = set(FieldChange.objects.filter(reason="письмо школы").values_list("field", flat=True))
    assert changed == {"short_name", "phone", "spheres"}
    html = read(client, card(world.school))
    assert "письмо школы" in html
    assert "Семён Админов" in html
    loop = values | {"name": "Район", "code": "city", "parent": str(world.school.pk), "reason": "ошибка"}
    refused = client.post(card(world.city, "/edit"), loop)
    assert refused.status_code == 422
    assert "не может подчиняться самой себе" in refused.content.decode()


def test_closing_asks_first_and_can_be_undone_with_the_pages(world: World, at: At) -> None:
    client = at("admin")
    assert world.pages["school"].title in read(client, card(world.school, "/close"))
    assert client.post(card(world.school, "/close"), {"reason": " "}).status_code == 422
    html = client.post(
        card(world.school, "/close"), {"reason": "реорганизация"}, follow=True
    ).content.decode()
    world.school.refresh_from_db()
    assert not world.school.is_active
    assert not OfficialPage.objects.get(pk=world.pages["school"].pk).is_active
    assert f'action="{card(world.school, "/reopen")}"' in html
    assert shown(read(client, f"{LIST}?state=closed"), world.school) == {world.school}
    client.post(card(world.school, "/reopen"))
    world.school.refresh_from_db()
    assert world.school.is_active
    assert OfficialPage.objects.get(pk=world.pages["school"].pk).is_active
    again = client.post(card(world.school, "/reopen"), follow=True).content.decode()
    assert "Это не закрыто" in again
    refused = client.post(card(world.city, "/close"), {"reason": "упразднён"})
    assert "подведомственные" in refused.content.decode()


def test_a_page_closed_before_stays_closed_when_its_organisation_opens_again(world: World, at: At) -> None:
    old = pages.add_page(
        organization=world.school, by=SYSTEM, now=world.now, network="ok", external_id="77", title="Старая",
        url="https://ok.ru/group/77",
    )  # fmt: skip
    pages.close_page(page=old, reason="заброшена", by=SYSTEM, now=world.now)
    client = at("admin")
    client.post(card(world.school, "/close"), {"reason": "реорганизация"})
    client.post(card(world.school, "/reopen"))
    assert OfficialPage.objects.get(pk=world.pages["school"].pk).is_active
    assert not OfficialPage.objects.get(pk=old.pk).is_active


def test_a_duty_is_written_and_an_exemption_names_its_basis(world: World, at: At) -> None:
    client, address = at("admin"), card(world.school, "/obligations/ok")
    assert client.get(card(world.school, "/obligations/icq")).status_code == 404
    assert "Решение учредителя" in read(client, address)
    values = {"status": "exempt", "since": "2026-11-01", "document_ref": "Приказ № 114"}
    refused = client.post(address, values)
    assert refused.status_code == 422
    assert "Приказ № 114" in refused.content.decode()
    assert client.post(address, values | {"exemption_basis": "Капитальный ремонт"}).status_code == 302
    duty = PageObligation.objects.get(organization=world.school, network="ok")
    assert (duty.status, duty.exemption_basis, duty.document_ref) == (
        "exempt",
        "Капитальный ремонт",
        "Приказ № 114",
    )
    assert "Капитальный ремонт" in read(client, card(world.school))
    assert client.post(address, {"status": "required", "since": "вчера"}).status_code == 422


def test_the_long_history_goes_on_from_page_to_page(world: World, at: At) -> None:
    for number in range(55):
        organizations.change_organization(
            organization=world.school, changes={"phone": f"22-33-{number}"}, by=SYSTEM, now=world.now
        )
    html = read(at("viewer"), card(world.school, "/history"))
    assert "22-33-54" in html
    assert "22-33-1<" not in html
    older = html.split('rel="next" href="')[1].split('"')[0]
    assert "22-33-1<" in read(at("viewer"), card(world.school, f"/history{older}"))
    assert read(at("viewer"), card(world.school, "/history?before=x"))
