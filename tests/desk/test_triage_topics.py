"""The list of topics at the desk: groups, hints, changes with versions, taking a topic out with what replaces it."""

from collections.abc import Callable

from django.test import Client

from otklik.common.actor import SYSTEM
from otklik.triage.models import Topic, TopicGroup, TopicsVersion
from otklik.triage.operations import topic_edits
from tests.desk.world import World

At = Callable[..., Client]
LIST = "/desk/triage/topics/"


def topic(code: str = "ROADS.pothole") -> Topic:
    return Topic.objects.get(code=code)


def read(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def values(**changes: object) -> dict[str, object]:
    found = topic()
    names = ("name", "priority", "target_days", "level", "hint", "synonyms", "cur26", "pos")
    return {name: getattr(found, name) for name in names} | changes


def test_the_list_stands_by_groups_with_hints(world: World, at: At) -> None:
    world.incident("Яма", topic="ROADS.pothole")
    html = read(at("dispatcher"), LIST)
    assert html.count('class="section topic-group"') == 20
    assert "Не путать с: «Ремонт дороги»" in html
    assert "Автодороги" in html
    assert "Версия 1" in html
    assert f'href="{LIST}{topic().pk}"' not in html
    assert f'href="{LIST}{topic().pk}"' in read(at("admin"), LIST)
    html = read(at("dispatcher"), f"{LIST}?q=колдобина")
    assert "Ямы и выбоины" in html
    assert html.count('class="section topic-group"') == 1
    assert "Таких тем нет" in read(at("dispatcher"), f"{LIST}?q=ничего%00такого&state=x")
    assert "Таких тем нет" in read(at("dispatcher"), f"{LIST}?state=retired")


def test_who_may_look_and_who_may_change(world: World, at: At) -> None:
    group = topic().group
    looked = [LIST, f"{LIST}versions/", f"{LIST}versions/1", f"{LIST}versions/1.csv"]
    changed = [
        f"{LIST}{topic().pk}", f"{LIST}{topic().pk}/retire", f"{LIST}groups/new", f"{LIST}groups/{group.pk}",
        f"{LIST}groups/{group.pk}/new",
    ]  # fmt: skip
    for username, seen, kept in (("executor", 403, 403), ("dispatcher", 200, 403), ("admin", 200, 200)):
        client = at(username)
        assert {client.get(address).status_code for address in looked} == {seen}, username
        assert {client.get(address).status_code for address in changed} == {kept}, username
        if kept == 403:
            acts = [*changed, f"{LIST}{topic().pk}/restore"]
            assert {client.post(address).status_code for address in acts} == {403}, username
    for missing in (
        "9" * 30,
        "0",
        f"groups/{'9' * 30}",
        "groups/0/new",
        f"versions/{'9' * 30}",
        "versions/0.csv",
    ):
        assert at("admin").get(LIST + missing).status_code == 404
    assert TopicsVersion.objects.count() == 1


def test_a_change_is_a_version_that_says_who_what_and_why(world: World, at: At) -> None:
    client = at("admin")
    response = client.post(f"{LIST}{topic().pk}", values(name="Ямы", target_days=5, note="приказ № 5"))
    assert response["Location"] == f"{LIST}#ROADS"
    assert topic().name == "Ямы"
    html = read(client, f"{LIST}versions/")
    assert "приказ № 5" in html
    assert "<del>10</del> → <ins>5</ins>" in html
    assert "Семён Админов" in html
    html = read(client, f"{LIST}versions/2")
    assert "<ins>Ямы</ins>" in html
    assert "действует" in html
    table = client.get(f"{LIST}versions/1.csv").content.decode()
    assert table.startswith("\ufeffcode;name;")
    assert "Ямы и выбоины на проезжей части" in table
    refused = client.post(f"{LIST}{topic().pk}", values(name="Ремонт дороги: просьба, сроки, качество"))
    assert refused.status_code == 422
    assert "уже есть" in refused.content.decode()


def test_a_topic_is_retired_with_what_replaces_it_and_comes_back(world: World, at: At) -> None:
    client, address = at("admin"), f"{LIST}{topic().pk}/retire"
    for number in range(2):
        world.incident(f"Яма {number}", topic="ROADS.pothole")
    html = read(client, address)
    assert "2 незакрытых инцидента" in html
    assert f'value="{topic().pk}"' not in html
    assert client.post(address, {"note": ""}).status_code == 422
    replaced = {"note": "объединили", "replaced_by": topic("ROADS.repair").pk}
    html = client.post(address, replaced, follow=True).content.decode()
    assert f'action="{LIST}{topic().pk}/restore"' in html
    assert not topic().is_active
    assert "вместо неё «Ремонт дороги" in read(client, f"{LIST}?state=retired")
    assert "уже снята" in client.post(address, replaced).content.decode()
    assert "Вернуть тему" in read(client, f"{LIST}{topic().pk}")
    client.post(f"{LIST}{topic().pk}/restore")
    assert topic().is_active
    assert "Эта тема действует" in client.post(f"{LIST}{topic().pk}/restore", follow=True).content.decode()
    last = topic("GOV.other")
    assert f"{LIST}{last.pk}/retire" not in read(client, f"{LIST}{last.pk}")
    refused = client.post(f"{LIST}{last.pk}/retire", {"note": "так"}).content.decode()
    assert "Эту тему снять нельзя" in refused


def test_groups_and_topics_are_added(world: World, at: At) -> None:
    client = at("admin")
    client.post(f"{LIST}groups/new", {"name": "Море", "code": "SEA"})
    group = TopicGroup.objects.get(code="SEA")
    html = read(client, LIST)
    assert "Действующих тем в этой группе нет." in html
    new = values(name="Причалы", code="pier", note="пришло лето")
    assert client.post(f"{LIST}groups/{group.pk}/new", new | {"code": "Пирс"}).status_code == 422
    assert client.post(f"{LIST}groups/{group.pk}/new", new).status_code == 302
    assert topic("SEA.pier").group == group
    client.post(f"{LIST}groups/{group.pk}", {"name": "Море и пляжи", "note": "шире"})
    html = read(client, f"{LIST}versions/")
    assert html.count("<ins>Море и пляжи</ins>") == 1
    assert client.post(f"{LIST}groups/{group.pk}", {"name": "Дороги"}).status_code == 422


def test_pages_cost_the_same_however_long_the_list_is(
    world: World, at: At, django_assert_max_num_queries: Callable[..., object]
) -> None:
    for number in range(25):
        topic_edits.change_topic(topic=topic(), changes={"name": f"Ямы {number}"}, by=SYSTEM, now=world.now)
    client = at("dispatcher")
    for address, most in ((LIST, 7), (f"{LIST}versions/", 6), (f"{LIST}versions/3", 6)):
        client.get(address)
        with django_assert_max_num_queries(most):
            assert client.get(address).status_code == 200
    assert "1–20 из 26" in read(client, f"{LIST}versions/")
    assert "Ямы 0" in read(client, f"{LIST}versions/?page=2")
