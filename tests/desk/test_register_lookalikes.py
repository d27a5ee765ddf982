"""Look-alikes at the desk: the queue by likeness, the comparison, decisions with grounds, how far people see."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from otklik.common.actor import SYSTEM
from otklik.registry.models import LookalikePage, OfficialPage, Organization, Passport
from otklik.registry.operations import lookalikes
from otklik.registry.operations.lookalikes import FoundPage
from tests.desk.world import World

At = Callable[..., Client]
LIST = "/desk/register/lookalikes/"


def found(world: World, body: Organization, title: str, number: str, **more: Any) -> LookalikePage:
    page = FoundPage(
        network="vk",
        external_id=number,
        title=title,
        url=f"https://vk.com/club{number}",
        has_badge=False,
        **more,
    )
    (row,) = lookalikes.record_found(organization=body, pages=[page], by=SYSTEM, now=world.now)
    return row


@pytest.fixture
def fake(world: World) -> LookalikePage:
    """A page that stands in for the ministry: two letters of its name are Latin."""
    name = world.ministry.short_name.replace("М", "M", 1).replace("н", "H", 1)
    return found(world, world.ministry, name, "777001", followers=1840, description="Пишите код из СМС")


def card(row: LookalikePage, rest: str = "") -> str:
    return f"{LIST}{row.pk}{rest}"


def read(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def decided(client: Client, row: LookalikePage, state: str, **more: str) -> str:
    response = client.post(card(row, "/decide"), {"state": state, "seen": row.state} | more, follow=True)
    assert response.status_code == 200
    row.refresh_from_db()
    return response.content.decode()


def test_the_queue_is_ordered_by_likeness_and_marks_the_letters(
    world: World, at: At, fake: LookalikePage
) -> None:
    weaker = found(world, world.school, f"{world.school.short_name}", "777002")
    html = read(at("methodist"), LIST)
    assert html.index(card(fake)) < html.index(card(weaker))
    assert '<mark class="trick" title="латинская буква вместо «м»">M</mark>' in html
    assert "Буквы подменены похожими знаками" in html
    assert "1\xa0840" in html


def test_filters_narrow_and_tabs_count(world: World, at: At, fake: LookalikePage) -> None:
    other = found(world, world.school, world.school.short_name, "777002")
    lookalikes.decide(lookalike=other, state="harmless", by=SYSTEM, now=world.now)
    client = at("methodist")
    assert card(other) not in read(client, LIST)
    assert card(other) in read(client, f"{LIST}?state=harmless")
    both = read(client, f"{LIST}?state=all")
    assert card(other) in both
    assert card(fake) in both
    assert card(fake) in read(client, f"{LIST}?q={fake.external_id}")
    assert "Ничего не найдено" in read(client, f"{LIST}?q=такой-нет")
    assert "Ничего не найдено" in read(client, f"{LIST}?network=ok")
    assert card(fake) in read(client, f"{LIST}?municipality={world.municipality.pk}")
    assert "Ничего не найдено" in read(client, f"{LIST}?state=all&municipality={world.municipality.pk + 1}")
    assert card(fake) in read(client, f"{LIST}?state=вздор&network=вздор&municipality=вздор")
    assert "Здесь пусто" in read(client, f"{LIST}?state=gone")


def test_the_card_shows_both_pages_the_signs_and_a_complaint(
    world: World, at: At, fake: LookalikePage
) -> None:
    official = world.pages["ministry"]
    OfficialPage.objects.filter(pk=official.pk).update(screen_name="real_page", followers=9)
    Passport.objects.create(page=official, facts={"description": "Настоящее описание"})
    html = read(at("methodist"), card(fake))
    for part in (
        "Настоящее описание", "real_page", "Пишите код из СМС", "Просим проверить страницу", "8-ФЗ", "+30",
        "Найдена поиском", 'data-copy="report"', 'data-key="f"', fake.url, "vk.com/support",
    ):  # fmt: skip
        assert part in html, part


def test_a_decision_with_grounds_is_kept_and_can_be_taken_back(
    world: World, at: At, fake: LookalikePage
) -> None:
    client = at("methodist")
    html = decided(client, fake, "fake", note="просит коды", evidence="https://example.org/1.png\n\n")
    assert fake.state == "fake"
    assert fake.evidence == ["https://example.org/1.png"]
    assert "выдаёт себя за официальную" in html
    assert "просит коды" in html
    assert 'value="reported"' in html
    decided(client, fake, "reported")
    assert fake.state == "reported"
    response = client.post(card(fake, "/reopen"), follow=True)
    fake.refresh_from_db()
    assert fake.state == "new"
    assert "Решение отменено" in response.content.decode()


def test_after_a_decision_the_next_of_the_queue_opens(world: World, at: At, fake: LookalikePage) -> None:
    other = found(world, world.school, world.school.short_name, "777002")
    response = at("methodist").post(card(fake, "/decide"), {"state": "harmless", "note": "дневник врача"})
    assert response["Location"] == card(other)


def test_what_the_verbs_refuse_is_said(world: World, at: At, fake: LookalikePage) -> None:
    client = at("methodist")
    lookalikes.decide(lookalike=fake, state="harmless", by=SYSTEM, now=world.now)
    html = decided(client, fake, "gone", seen="harmless")
    assert fake.state == "harmless"
    assert "Такое решение сейчас принять нельзя" in html
    html = decided(client, fake, "new", seen="new")
    assert "решение принял другой сотрудник" in html
    assert client.post(card(fake, "/decide"), {"state": "вздор"}).status_code == 404


def test_a_page_of_the_body_itself_is_taken_into_the_register(
    world: World, at: At, fake: LookalikePage
) -> None:
    client = at("methodist")
    assert "занести в реестр" in read(client, card(fake))
    response = client.post(card(fake, "/take"), {"seen": "new"})
    page = OfficialPage.objects.get(external_id="777001")
    assert page.organization == world.ministry
    assert response["Location"] == f"/desk/register/pages/{page.pk}"
    again = client.post(card(fake, "/take"), {"seen": "new"}, follow=True)
    assert "решение принял другой сотрудник" in again.content.decode()


def test_how_far_people_see_and_what_they_may_do(world: World, at: At, fake: LookalikePage) -> None:
    seen = read(at("viewer"), card(fake))
    assert "Решение принимает специалист центра" in seen
    assert at("viewer").post(card(fake, "/decide"), {"state": "harmless"}).status_code == 403
    assert at("viewer").post(card(fake, "/take")).status_code == 403
    assert at("viewer").post(card(fake, "/reopen")).status_code == 403
    assert at("curator").get(card(fake)).status_code == 404
    assert card(fake) not in read(at("curator"), LIST)
    assert card(found(world, world.city, world.city.short_name, "777003")) in read(at("curator"), LIST)
    assert Client().get(LIST).status_code == 302
    assert at("methodist").get(f"{LIST}{2**63}").status_code == 404


def test_a_page_told_of_by_a_resident_waits_for_the_centre(world: World, at: At) -> None:
    row = lookalikes.report_lookalike(url="t.me/ministry_help", note="просит деньги", now=world.now)
    html = read(at("methodist"), card(row))
    assert "просит деньги" in html
    assert "сообщил житель" in html
    assert "занести в реестр" not in html
    assert at("curator").get(card(row)).status_code == 404


def test_the_list_asks_the_database_as_often_for_many_as_for_one(
    world: World, at: At, fake: LookalikePage
) -> None:
    client = at("methodist")
    read(client, LIST)
    with CaptureQueriesContext(connection) as one:
        read(client, LIST)
    for number in range(30):
        found(world, world.school, world.school.short_name, f"88{number}")
    with CaptureQueriesContext(connection) as many:
        read(client, LIST)
    assert len(many) == len(one) <= 14
