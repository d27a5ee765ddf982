"""Who minds the triage works by the keyboard; its pages can be read by everybody, wide and narrow, light and dark."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.people import Crowd
from tests.browser.stage import Stage
from tests.browser.test_reading import judge

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.enable_socket, pytest.mark.django_db]

POTHOLE, REPAIR = "Ямы и выбоины на проезжей части", "Ремонт дороги"
# Retired by its story, so no other story may count on it: they share one server, in any order.
SIGNS = "Дорожные знаки и разметка"
SCHOOL = "Школа № 7, Лунинск"
PAGES = ("", "cases/", "proposals/", "surges/", "topics/", "topics/versions/", "models/", "examples/")


def choose(page: Page, label: str, words: str) -> None:
    """Type into a list that is searched in, and take the first that fits."""
    field = page.get_by_role("combobox", name=label, exact=True)
    field.focus()
    page.keyboard.type(words)
    expect(page.get_by_role("option").filter(has_text=words).first).to_be_visible()
    page.keyboard.press("Enter")
    expect(field).to_have_attribute("aria-expanded", "false")


def pressed(page: Page, name: str) -> None:
    """Press a button or follow a link as the keyboard does."""
    page.locator("a, button").filter(has_text=name).first.focus()
    page.keyboard.press("Enter")


def test_a_rule_is_made_and_tried_by_the_keyboard(stage: Stage, crowd: Crowd) -> None:
    page = crowd.staff("orlova").page
    page.goto(f"{stage.site}/desk/triage/")
    page.keyboard.press("n")
    expect(page.get_by_role("heading", level=1)).to_have_text("Новое правило")
    choose(page, "Тема", POTHOLE)
    page.get_by_label("Куда направить").select_option("fixed")
    choose(page, "Орган", SCHOOL)
    # What the rule would do is said before it is made.
    expect(page.locator("#preview .sentence")).to_contain_text(SCHOOL)
    pressed(page, "Добавить правило")
    rule = page.get_by_role("row").filter(has_text=SCHOOL)
    expect(rule).to_contain_text(POTHOLE)

    page.goto(f"{stage.site}/desk/triage/cases/")
    for topic, body in ((POTHOLE, SCHOOL), (REPAIR, "Администрация Лунинска")):
        page.keyboard.press("n")
        expect(page.get_by_role("heading", level=1)).to_have_text("Новая строка")
        choose(page, "Тема", topic)
        choose(page, "Должно прийти в", body)
        pressed(page, "Добавить строку")
        expect(page.get_by_role("heading", level=1)).to_contain_text("Проверочная таблица")
    expect(page.get_by_role("row").filter(has_text="верно")).to_contain_text("потому что")
    expect(page.get_by_role("row").filter(has_text="не туда")).to_contain_text("Администрация Лунинска")


def test_a_topic_is_retired_only_with_a_reason_and_names_what_replaces_it(stage: Stage, crowd: Crowd) -> None:
    page = crowd.staff("orlova").page
    page.goto(f"{stage.site}/desk/triage/topics/")
    page.keyboard.press("/")
    page.keyboard.type(SIGNS)
    page.keyboard.press("Enter")
    pressed(page, SIGNS)
    expect(page.get_by_role("heading", level=1)).to_contain_text(SIGNS)
    pressed(page, "Снять тему")
    expect(page.get_by_role("heading", level=1)).to_have_text("Снять тему?")
    pressed(page, "Снять тему")
    expect(page.locator(".error").first).to_be_visible()
    choose(page, "Что выбирать вместо неё", POTHOLE)
    page.locator("[name=note]").focus()
    page.keyboard.type("объединили")
    pressed(page, "Снять тему")
    expect(page.get_by_role("heading", level=1)).not_to_have_text("Снять тему?")
    page.goto(f"{stage.site}/desk/triage/topics/?state=retired")
    expect(page.locator("main")).to_contain_text(f"вместо неё «{POTHOLE}")


@pytest.mark.parametrize("width", [360, 1280])
def test_pages_of_the_triage_can_be_read(stage: Stage, crowd: Crowd, width: int) -> None:
    page = crowd.staff("orlova", viewport={"width": width, "height": 800}).page
    for each in PAGES:
        page.goto(f"{stage.site}/desk/triage/{each}")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, each
        judge(page)
