"""Templates and guides at the desk: kept by the centre for all and by a body for itself, seen before they are used."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from otklik.casework import operations as casework
from otklik.casework.models import AnswerTemplate
from otklik.common.actor import SYSTEM
from tests.desk.world import World

At = Callable[..., Client]
LIST = "/desk/answers/"
GUIDES = "/desk/answers/guides/"
TEXT = "{имя}, здравствуйте! Яму на {адрес} засыплем {срок}."


def add(world: World, title: str = "Яма", **given: Any) -> AnswerTemplate:
    values = casework.TemplateValues(**{"title": title, "text": TEXT} | given)
    return casework.add_template(values=values, by=SYSTEM, now=world.now, as_center=True)


def read(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def form(**given: Any) -> dict[str, Any]:
    return {"title": "Яма", "text": TEXT, "version": "1"} | given


def test_the_centre_writes_for_all_with_a_season_and_the_lane(world: World, at: At) -> None:
    client = at("methodist")
    given = form(season_begins="01.11", season_ends="31.3", expires_on="2027-12-31", without_approval="1")
    assert client.post(f"{LIST}new", given).status_code == 302
    row = AnswerTemplate.objects.get()
    assert (row.season_begins, row.season_ends, row.without_approval, row.body) == (1101, 331, True, None)
    html = read(client, LIST)
    assert "01.11–31.03" in html
    assert "без согласования" in html
    assert "по 31.12.2027" in html
    page = read(client, f"{LIST}texts/{row.pk}")
    assert 'value="01.11"' in page
    assert '<mark class="filled">улица Мира, 5</mark>' in page
    changed = client.post(f"{LIST}texts/{row.pk}", form(title="Ямы", reason="точнее"))
    assert changed.status_code == 302
    page = read(client, f"{LIST}texts/{row.pk}")
    assert "<del>Яма</del> → <ins>Ямы</ins>" in page
    assert "точнее" in page


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"text": "{имя} и {кто}"}, "Такой подстановки нет: {кто} (знак 9)."),
        ({"season_begins": "31.02", "season_ends": "01.03"}, "Такого дня нет"),
        ({"season_begins": "01.11"}, "Укажите оба дня сезона"),
        ({"text": " "}, "Напишите название и текст"),
        ({"title": ""}, "Не сохранено"),
    ],
)
def test_what_is_wrong_is_said_with_its_place_and_nothing_is_lost(
    world: World, at: At, wrong: dict[str, str], said: str
) -> None:
    refused = at("methodist").post(f"{LIST}new", form(**wrong))
    assert refused.status_code == 422
    assert said in refused.content.decode()
    assert not AnswerTemplate.objects.exists()


def test_a_body_keeps_its_own_and_never_opens_the_lane(world: World, at: At) -> None:
    client = at("curator")
    assert "without_approval" not in read(client, f"{LIST}new")
    assert client.post(f"{LIST}new", form()).status_code == 422
    assert client.post(f"{LIST}new", form(body=world.ministry.pk)).status_code == 422
    assert client.post(f"{LIST}new", form(body=world.city.pk, without_approval="1")).status_code == 302
    own = AnswerTemplate.objects.get()
    assert (own.body, own.without_approval) == (world.city, False)
    common, foreign = add(world, "Общий"), add(world, "Чужой", body=world.ministry)
    html = read(client, LIST)
    assert "Общий" in html
    assert "Чужой" not in html
    assert "<textarea" not in read(client, f"{LIST}texts/{common.pk}")
    assert client.post(f"{LIST}texts/{common.pk}", form()).status_code == 403
    assert client.post(f"{LIST}texts/{common.pk}/retire").status_code == 403
    for address in (f"{LIST}texts/{foreign.pk}", f"{LIST}texts/{10**20}"):
        assert client.get(address).status_code == 404
    assert at("executor").get(f"{LIST}new").status_code == 403
    assert at("executor").post(f"{LIST}texts/{own.pk}/retire").status_code == 403
    assert at("viewer").get(LIST).status_code == 403


def test_taking_out_is_undone_by_a_press_and_a_stale_page_changes_nothing(world: World, at: At) -> None:
    row, client = add(world), at("methodist")
    page = client.post(f"{LIST}texts/{row.pk}/retire", {"version": "1"}, follow=True).content.decode()
    assert f'action="{LIST}texts/{row.pk}/restore"' in page
    assert "Шаблонов пока нет" in page
    assert "Яма" in read(client, f"{LIST}?state=retired")
    client.post(f"{LIST}texts/{row.pk}/restore", {"version": "2"})
    refused = client.post(f"{LIST}texts/{row.pk}", form(version="1", title="Другое"))
    assert refused.status_code == 422
    assert "уже изменил другой человек" in refused.content.decode()
    row.refresh_from_db()
    assert (row.is_active, row.title, row.version) == (True, "Яма", 3)


def test_a_preview_says_what_becomes_of_it(world: World, at: At) -> None:
    client = at("methodist")
    seen = client.post(f"{LIST}texts/preview", {"text": "{имя}, <b>да</b>"}).content.decode()
    assert '<mark class="filled">Анна</mark>, &lt;b&gt;да&lt;/b&gt;' in seen
    assert "знак 1" in client.post(f"{LIST}texts/preview", {"text": "{кто}"}).content.decode()
    guide = client.post(f"{LIST}texts/preview?kind=guide", {"text": "{кто}"}).content.decode()
    assert "{кто}" in guide
    assert at("executor").post(f"{LIST}texts/preview", {"text": "а"}).status_code == 403


def test_guides_stand_apart_from_templates(world: World, at: At) -> None:
    client = at("methodist")
    assert (
        client.post(f"{GUIDES}new", form(title="Об ямах", text="Назовите день и улицу.")).status_code == 302
    )
    assert "Об ямах" in read(client, GUIDES)
    assert "Об ямах" not in read(client, LIST)
    assert "without_approval" not in read(client, f"{GUIDES}new")


def test_filters_find_and_odd_ones_do_not_break(world: World, at: At) -> None:
    add(world, "Ямы и выбоины")
    add(world, "Снег", text="Снег уберём.")
    client = at("executor")
    assert "Снег" not in read(client, f"{LIST}?q=выбоин").split("<tbody")[1]
    assert "Ничего не найдено" in read(client, f"{LIST}?state=expired")
    assert "Ямы" in read(client, f"{LIST}?q=%00&group={'9' * 30}&state=x&page=z")


def test_the_list_asks_the_same_however_many_there_are(world: World, at: At) -> None:
    client = at("executor")
    add(world)
    client.get(LIST)
    with CaptureQueriesContext(connection) as few:
        client.get(LIST)
    for number in range(8):
        add(world, f"Ещё {number}", body=world.city)
    with CaptureQueriesContext(connection) as many:
        client.get(LIST)
    assert len(many) == len(few) <= 14
