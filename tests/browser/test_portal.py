"""The portal in a browser: readable by everybody, in light and dark, wide and narrow, without scripts, by keyboard."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from playwright.sync_api import BrowserContext, Page, expect

from otklik.registry.models import LookalikePage
from tests import axe
from tests.browser.people import Crowd
from tests.browser.stage import Stage
from tests.portal.world import Catalogue, furnish

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.enable_socket, pytest.mark.django_db]


@pytest.fixture(scope="module")
def world(stage: Stage, django_db_blocker: Any) -> Iterator[Catalogue]:
    """The catalogue of the portal's tests beside what is on the stage."""
    with django_db_blocker.unblock():
        made = furnish()
        connection.close()
    return made


def addresses(world: Catalogue) -> list[str]:
    """Every kind of page that a resident may come to."""
    body, place = f"/org/{world.ministry.pk}", world.city.oktmo
    return [
        "/", "/search", "/search?q=школа", "/search?q=абракадабра&sphere=education", body, f"{body}/bodies",
        f"{body}/links", f"{body}/poster", f"/org/{world.silent.pk}", "/popular", "/places/", f"/places/{place}",
        f"/places/{place}/links", "/collections/", f"/collections/school-parent?place={place}", "/opendata/",
        "/official", "/official?q=vk.com/minobr_so", "/official?q=vk.com/minobr_s0", "/official?q=vk.com/nobody_here",
        "/official?q=школа 14", "/official?q=https://minobr.example", "/official?q=vk.com/nobody_here&sent=1",
    ]  # fmt: skip


@pytest.mark.parametrize("width", [360, 1280])
def test_every_page_is_accessible(stage: Stage, crowd: Crowd, world: Catalogue, width: int) -> None:
    window = crowd.window(viewport={"width": width, "height": 800})
    page, complaints = window.new_page(), []
    page.on(
        "console", lambda said: complaints.append(said.text) if said.type in {"error", "warning"} else None
    )
    for address in addresses(world):
        response = page.goto(stage.site + address)
        assert response is not None
        assert response.status == 200, address
        assert axe.faults(page) == [], address
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{address} is too wide"
        assert small_targets(page) == [], address
        expect(page.get_by_role("link", name="112").first).to_be_in_viewport()
    # Among them what the content policy would refuse: linked data are no script.
    assert complaints == []


def small_targets(page: Page) -> list[str]:
    """Links and buttons that stand by themselves and are lower than 48 px; links inside a sentence may be."""
    script = """() => [...document.querySelectorAll("a, button, summary, input:not([type=hidden]), select, textarea")]
        .filter(it => it.checkVisibility() && !it.closest("svg") && !it.classList.contains("skip")
            && getComputedStyle(it).display !== "inline" && it.getBoundingClientRect().height < 47.5)
        .map(it => it.outerHTML.slice(0, 120))"""
    return list(page.evaluate(script))


def without_scripts(crowd: Crowd) -> BrowserContext:
    return crowd.window(java_script_enabled=False, viewport={"width": 360, "height": 740})


def test_a_resident_finds_a_page_without_scripts(stage: Stage, crowd: Crowd, world: Catalogue) -> None:
    page = without_scripts(crowd).new_page()
    page.goto(stage.site)
    page.get_by_label("Что найти").fill("школа 14")
    page.get_by_role("button", name="Найти").click()
    page.get_by_text("Уточнить").click()
    page.get_by_label("Муниципалитет").select_option(world.city.oktmo)
    page.get_by_role("button", name="Найти").click()
    page.get_by_role("link", name="Школа № 14, Лунинск").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Школа № 14, Лунинск")
    expect(page.get_by_role("link", name="Спросить здесь")).to_have_attribute(
        "href", f"{stage.sim}/im?sel=-502"
    )
    page.get_by_role("link", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")


def test_a_resident_checks_a_page_and_tells_of_a_fake(stage: Stage, crowd: Crowd, world: Catalogue) -> None:
    page = without_scripts(crowd).new_page()
    page.goto(stage.site)
    page.get_by_role("main").get_by_role("link", name="Это официальная страница?").click()
    page.get_by_label("Вставьте ссылку").fill("https://vk.com/minobr_oplata")
    page.get_by_role("button", name="Проверить").click()
    expect(page.get_by_role("heading", name="Этой страницы нет в реестре")).to_be_visible()
    page.get_by_text("Похоже на подделку?").click()
    page.get_by_label("Что показалось подозрительным").fill("Просят перевести деньги за место в саду")
    page.get_by_role("button", name="Отправить на проверку").click()
    expect(page.get_by_text("Спасибо. Страницу посмотрит сотрудник центра")).to_be_visible()
    told = LookalikePage.objects.get(screen_name="minobr_oplata")
    assert told.evidence == ["Просят перевести деньги за место в саду"]
    page.get_by_label("Вставьте ссылку").fill("vk.com/minobr_so")
    page.get_by_role("button", name="Проверить").click()
    expect(page.get_by_role("heading", name="Да, это официальная страница")).to_be_visible()


def test_the_keyboard_is_enough(stage: Stage, crowd: Crowd, world: Catalogue) -> None:
    page = crowd.window().new_page()
    page.goto(f"{stage.site}/places/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="К содержанию")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Перейти к списку")).to_be_focused()
    page.keyboard.press("Tab")
    first = page.locator(".map a").first
    expect(first).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Всё официальное")


def test_a_poster_fits_a_sheet(stage: Stage, crowd: Crowd, world: Catalogue) -> None:
    page = crowd.window().new_page()
    page.goto(f"{stage.site}/org/{world.ministry.pk}/poster")
    printed = page.pdf(prefer_css_page_size=True)
    assert (
        printed.count(b"/Type /Page\n") + printed.count(b"/Type /Page ") + printed.count(b"/Type /Page/") == 1
    )
    page.emulate_media(media="print")
    expect(page.get_by_role("navigation")).not_to_be_visible()
    expect(page.get_by_role("img")).to_be_visible()
