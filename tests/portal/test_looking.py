"""Home, search, an organisation, what is read most: what is shown, what is not, and at what cost."""

import re

import pytest
import time_machine
from django.core.cache import cache
from django.http import QueryDict
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from otklik.portal import catalogue, limits
from otklik.portal.finding import Wish, find
from otklik.registry.models import Organization, Region
from tests import cast
from tests.portal.world import Catalogue, crowd


def said(client: Client, address: str) -> str:
    """The text of a page that opens."""
    response = client.get(address)
    assert response.status_code == 200, address
    return str(response.content.decode())


def test_home_counts_what_is_official_and_leads_everywhere(client: Client, world: Catalogue) -> None:
    figures = catalogue.figures()
    assert (figures.organizations, figures.pages, figures.badged) == (3, 5, 1)
    assert figures.audience == 21_400 + 3_000 + 900 + 310 + 120
    assert figures.badge_share == 20
    text = said(client, "/")
    for address in (
        "/search?sphere=education", f"/places/{world.village.oktmo}", "/collections/teacher", "/popular", "/official",
        f"/org/{world.ministry.pk}", 'href="tel:112"', "25\u00a0730",
    ):  # fmt: skip
        assert address in text


def test_an_empty_region_says_so(client: Client, db: None) -> None:
    assert "В реестре пока нет ни одной страницы" in said(client, "/")
    assert "Муниципалитеты ещё не внесены" in said(client, "/places/")
    assert "Ничего не нашлось" in said(client, "/search?q=школа")


def test_search_finds_by_words_and_filters(client: Client, world: Catalogue) -> None:
    text = said(client, "/search?q=школа 14")
    assert "Школа № 14, Лунинск" in text
    assert "Библиотека" not in text.split("<main", 1)[1].split("Нашл", 1)[1]
    narrowed = find(Wish.of(QueryDict(f"sphere=education&place={world.city.oktmo}")))
    assert [row.organization for row in narrowed.rows] == [world.school]
    assert find(Wish.of(QueryDict("type=library"))).rows[0].organization == world.library
    assert find(Wish.of(QueryDict("q=школа&type=library"))).total == 0


def test_a_corrected_query_is_said_in_words(client: Client, world: Catalogue) -> None:
    text = said(client, "/search?q=биьлиотека")
    assert "Библиотека, Северский район" in text
    assert "Искали: «" in text


def test_nothing_found_says_what_to_try(client: Client, world: Catalogue) -> None:
    text = said(client, f"/search?q=абракадабра&place={world.city.oktmo}")
    assert "Ничего не нашлось" in text
    assert "Искать без фильтров" in text
    assert "Напишите короче" in text


@pytest.mark.parametrize(
    "string",
    ["page=0", "page=-1", "page=99999999999", "page=²", "place=nowhere", "sphere=x&type=y", "q=%00", "q=" + "щ" * 5000,
     "network=myspace"],
)  # fmt: skip
def test_addresses_that_make_no_sense_are_read_as_far_as_they_do(
    client: Client, world: Catalogue, string: str
) -> None:
    for address in (
        "/search",
        "/popular",
        "/official",
        "/collections/culture",
        f"/org/{world.ministry.pk}/bodies",
    ):
        assert client.get(f"{address}?{string}").status_code == 200, address


def test_an_organisation_says_why_it_is_official(client: Client, world: Catalogue) -> None:
    text = said(client, f"/org/{world.ministry.pk}")
    for words in (
        "Министерство образования Сибирской области", "через Госуслуги: метка «Госорганизация» с 12 марта 2025",
        "https://vk.com/im?sel=-501", "https://t.me/minobr_so", "Ирина Соколова", "министр", "office@minobr.example",
        "+7 (383) 200-00-00", "https://minobr.example", "Почему эти страницы официальные", "№ 8-ФЗ",
        "Школа № 14, Лунинск", "Известна страница, которая выдаёт себя за эту организацию",
    ):  # fmt: skip
        assert words in text, words
    assert 'rel="noopener"' in text


def test_what_is_closed_is_not_shown(client: Client, world: Catalogue) -> None:
    world.telegram.closed_on = cast.NOW.date()
    world.telegram.save()
    Organization.objects.filter(pk=world.school.pk).update(is_active=False)
    text = said(client, f"/org/{world.ministry.pk}")
    assert "https://t.me/minobr_so" not in text
    assert "Школа № 14" not in text
    assert client.get(f"/org/{world.school.pk}").status_code == 404


def test_an_organisation_without_a_page_warns_of_pages_in_its_name(client: Client, world: Catalogue) -> None:
    assert "пока нет. Страницы от её имени, если они есть, не официальные" in said(
        client, f"/org/{world.silent.pk}"
    )


def test_the_most_read_come_first(client: Client, world: Catalogue) -> None:
    assert list(catalogue.popular())[:2] == [world.official, world.telegram]
    assert list(catalogue.popular(network="telegram")) == [world.telegram]
    assert list(catalogue.popular(sphere="culture")) == [world.of_library]
    assert list(catalogue.popular(place=world.city)) == [world.of_school]
    assert "21\u00a0400" in said(client, "/popular?network=vk&sphere=education")


def test_a_person_chooses_the_language(client: Client, world: Catalogue) -> None:
    assert 'lang="ru"' in said(client, "/popular")
    response = client.get("/language/en?next=/popular?network=vk")
    assert response.headers["Location"] == "/popular?network=vk"
    assert 'lang="en"' in said(client, "/popular")
    assert client.get("/language/xx").status_code == 404
    assert client.get("/language/ru?next=https://evil.example/").headers["Location"] == "/"


def test_pages_may_be_kept_and_asked_for_again(client: Client, world: Catalogue) -> None:
    response = client.get(f"/org/{world.ministry.pk}")
    assert response.headers["Cache-Control"] == "public, max-age=60"
    assert {"Cookie", "Accept-Language"} <= {each.strip() for each in response.headers["Vary"].split(",")}
    again = client.get(f"/org/{world.ministry.pk}", headers={"If-None-Match": response.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    staff = Client()
    staff.force_login(cast.dispatcher(), backend="django.contrib.auth.backends.ModelBackend")
    own = staff.get(f"/org/{world.ministry.pk}")
    assert own.headers["Cache-Control"] == "private, no-cache"
    assert "Рабочее место" in own.content.decode()
    assert client.post("/search").status_code == 405


def test_search_engines_may_come_to_a_real_region_only(client: Client, world: Catalogue) -> None:
    assert "noindex" not in said(client, f"/org/{world.ministry.pk}")
    assert "noindex" in said(client, "/search?q=школа")
    Region.objects.update(is_demo=True)
    cache.clear()
    assert '<meta name="robots" content="noindex">' in said(client, f"/org/{world.ministry.pk}")
    assert "Демонстрация" in said(client, "/")


@pytest.mark.parametrize(
    ("address", "most"),
    [
        ("/", 11), ("/search?q=гимназия", 10), ("/search?sphere=education", 9), ("/popular", 5), ("/places/", 4),
        ("/places/{city}", 10), ("/collections/school-parent?place={city}", 13), ("/org/{pk}", 9),
        ("/org/{pk}/bodies", 10), ("/org/{pk}/links", 4),
    ],
)  # fmt: skip
def test_a_list_asks_the_database_so_often_however_long_it_is(
    client: Client,
    world: Catalogue,
    django_assert_max_num_queries: DjangoAssertNumQueries,
    address: str,
    most: int,
) -> None:
    crowd(world.city, 15)
    Organization.objects.filter(name__startswith="Гимназия").update(parent=world.ministry)
    with django_assert_max_num_queries(most):
        text = said(client, address.format(city=world.city.oktmo, pk=world.ministry.pk))
    assert "Гимназия № 3" in text or "Минобр" in text or "Лунинск" in text


def test_no_link_or_label_leads_nowhere(client: Client, world: Catalogue) -> None:
    """Numbers of elements are unique on a page, and labels, headings of sections and jumps find theirs."""
    for address in (
        "/", "/search?q=школа", f"/org/{world.ministry.pk}", "/places/", f"/places/{world.city.oktmo}", "/popular",
        "/collections/culture", "/official?q=vk.com/nobody_here", f"/org/{world.ministry.pk}/links", "/opendata/",
    ):  # fmt: skip
        text = said(client, address)
        ids = re.findall(r'\sid="([^"]+)"', text)
        assert len(ids) == len(set(ids)), address
        wanted = re.findall(r'(?:<label for|aria-labelledby|href)="#?([\w-]+)"', text)
        assert {each for each in wanted if not each.startswith(("http", "tel"))} <= set(ids), address
        assert len(re.findall("<h1", text)) == 1, address


def test_one_address_cannot_search_without_end(client: Client, world: Catalogue) -> None:
    with time_machine.travel(cast.NOW, tick=False):
        answers = [client.get("/search?q=школа").status_code for _ in range(limits.SEARCHES.most)]
        refused = client.get("/search?q=школа")
        assert client.get("/search", headers={"x": "y"}, REMOTE_ADDR="198.51.100.7").status_code == 200
    assert set(answers) == {200}
    assert refused.status_code == 429
    assert refused.headers["Retry-After"] == "60"
    assert "Слишком много запросов подряд" in refused.content.decode()
    with time_machine.travel(cast.after(minutes=1), tick=False):
        assert client.get("/search?q=школа").status_code == 200


def test_a_limit_counts_households_and_forgets_under_a_flood() -> None:
    limit = limits.Limit(most=1, seconds=60)
    assert limit.passes("2001:db8:1:2::1", cast.NOW)
    assert not limit.passes("2001:db8:1:2:ffff::9", cast.NOW)
    assert limit.passes("2001:db8:1:3::1", cast.NOW)
    assert limit.passes("::ffff:192.0.2.1", cast.NOW)
    assert not limit.passes("::ffff:192.0.2.1", cast.NOW)
    for number in range(limits.MOST_CALLERS):
        limit.passes(f"caller {number}", cast.NOW)
    assert len(limit._calls) <= limits.MOST_CALLERS
