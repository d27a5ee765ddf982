"""One sheet of links, QR codes, posters, and feeds of what pages publish."""

import xml.etree.ElementTree as ET
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from icalendar import Calendar
from pytest_django import DjangoAssertNumQueries

from otklik.news.models import Post
from otklik.portal import sharing
from otklik.portal.feeds import MOST_POSTS
from otklik.registry.models import OfficialPage
from tests import cast
from tests.portal.test_looking import said
from tests.portal.world import Catalogue, crowd


@pytest.fixture(autouse=True)
def _today(time_machine: Any) -> None:
    time_machine.move_to(cast.NOW, tick=False)


def post(page: OfficialPage, number: int = 1, **fields: Any) -> Post:
    """A post of the page, an hour old for each number."""
    defaults = {
        "text": f"Запись в первый класс, часть {number}. Подробности у [club502|Школы № 14]",
        "published_at": cast.NOW - timedelta(hours=number),
        "url": f"https://vk.com/wall-{page.external_id}_{number}",
    }
    return Post.objects.create(page=page, place="wall", external_id=str(number), **defaults | fields)


def addresses(world: Catalogue, what: str) -> list[str]:
    return [
        f"/org/{world.ministry.pk}/{what}", f"/places/{world.city.oktmo}/{what}", f"/collections/teacher/{what}",
        f"/collections/culture/{what}?place={world.village.oktmo}",
    ]  # fmt: skip


def test_everything_can_be_shared(client: Client, world: Catalogue) -> None:
    for what in ("links", "poster", "qr.svg", "feed.rss", "calendar.ics"):
        for address in addresses(world, what):
            assert client.get(address).status_code == 200, address
    for wrong in (
        "/org/999/links",
        "/org/abc/links",
        "/places/0/qr.svg",
        "/collections/none/feed.rss",
        "/desk/1/links",
    ):
        assert client.get(wrong).status_code in {404, 302}, wrong


def test_a_sheet_of_links_holds_the_pages_and_its_own_code(client: Client, world: Catalogue) -> None:
    text = said(client, f"/org/{world.ministry.pk}/links")
    for words in (
        "https://vk.com/minobr_so", "https://t.me/minobr_so", "Ирина Соколова", "метка «Госорганизация»",
        f'src="/org/{world.ministry.pk}/qr.svg"', f"{settings.BASE_URL}/org/{world.ministry.pk}",
    ):  # fmt: skip
        assert words in text, words


def test_a_long_sheet_is_cut_and_says_so(client: Client, world: Catalogue) -> None:
    crowd(world.city, 3)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("otklik.portal.views.sharing.MOST_LINKS", 2)
        text = said(client, f"/places/{world.city.oktmo}/links")
    assert sharing.MOST_LINKS == 100
    assert "Показаны самые читаемые" in text
    assert text.count("https://vk.com/club") == 2


def test_a_code_is_a_picture_of_the_address(client: Client, world: Catalogue) -> None:
    response = client.get(f"/collections/culture/qr.svg?place={world.village.oktmo}")
    assert response.headers["Content-Type"] == "image/svg+xml"
    assert response.headers["Cache-Control"] == "public, max-age=86400"
    root = ET.fromstring(response.content)
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert "viewBox" in root.attrib


def test_rss_tells_the_latest_posts(client: Client, world: Catalogue) -> None:
    post(world.official, 2)
    post(world.telegram, 1, url="", text="Лагерь: путёвки с понедельника & дальше <b>")
    post(world.official, 3, is_deleted=True)
    post(world.official, 4, text="")
    post(world.official, 5, published_at=cast.NOW - timedelta(days=90))
    post(world.official, 6, published_at=None)
    post(world.of_library, 7)
    response = client.get(f"/org/{world.ministry.pk}/feed.rss")
    assert response.headers["Content-Type"].startswith("application/rss+xml")
    items = ET.fromstring(response.content).findall("./channel/item")
    assert [each.findtext("title") for each in items] == [
        "Лагерь: путёвки с понедельника & дальше <b>",
        "Запись в первый класс, часть 2. Подробности у Школы № 14",
    ]
    assert [each.findtext("link") for each in items] == [
        "https://t.me/minobr_so",
        "https://vk.com/wall-501_2",
    ]
    of_region = client.get(f"/collections/culture/feed.rss?place={world.village.oktmo}")
    assert "часть 7" in of_region.content.decode()


def test_a_calendar_holds_the_posts_as_events(client: Client, world: Catalogue) -> None:
    made = post(world.official, 1)
    response = client.get(f"/org/{world.ministry.pk}/calendar.ics")
    assert response.headers["Content-Type"].startswith("text/calendar")
    calendar = Calendar.from_ical(response.content)
    (event,) = calendar.walk("VEVENT")
    assert event["SUMMARY"] == "Запись в первый класс, часть 1. Подробности у Школы № 14"
    assert event["DTSTART"].dt == made.published_at
    assert event["URL"] == "https://vk.com/wall-501_1"
    assert event["UID"] == "vk:501:wall:1"


def test_feeds_are_whole_without_a_single_post(client: Client, world: Catalogue) -> None:
    for address in addresses(world, "feed.rss"):
        channel = ET.fromstring(client.get(address).content).find("channel")
        assert channel is not None
        assert channel.findtext("title")
        assert channel.findall("item") == []
    for address in addresses(world, "calendar.ics"):
        assert list(Calendar.from_ical(client.get(address).content).walk("VEVENT")) == []


def test_a_feed_is_short_and_asks_little(
    client: Client, world: Catalogue, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(1, MOST_POSTS + 20):
        post(world.of_school, number)
    with django_assert_max_num_queries(4):
        text = client.get(f"/places/{world.city.oktmo}/feed.rss").content
    assert len(ET.fromstring(text).findall("./channel/item")) == MOST_POSTS
