"""A dispatcher runs a mass problem from its burst to its closing; every resident reads a reply of their own."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.people import Crowd, Resident
from tests.browser.stage import Stage

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.enable_socket,
    pytest.mark.django_db,
    # Two answers go out at a pace, and before them a burst is waited for.
    pytest.mark.timeout(600),
]
PEOPLE = ("Анна Яблокова", "Пётр Лугов", "Вера Сомова", "Олег Реутов", "Нина Ясная")
# Bursts are looked for three times a minute.
A_BURST_MS = 90_000


def _written(stage: Stage, crowd: Crowd) -> list[Resident]:
    group = stage.page()
    post = stage.post(group)
    found = []
    for number, name in enumerate(PEOPLE, 1):
        resident = crowd.resident(name)
        resident.open(f"wall-{group}_{post}")
        resident.comment(f"Нет света на улице Полевой, дом {number}, когда дадут?")
        found.append(resident)
    return found


def _burst(page: Page, stage: Stage) -> None:
    """Wait until the burst stands in the list, and open it by a key."""
    page.goto(f"{stage.site}/desk/triage/surges/")
    for _ in range(A_BURST_MS // 1500):
        if page.locator("table.list tbody tr").count():
            break
        page.wait_for_timeout(1500)
        page.reload()
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Завести массовую проблему")).to_be_visible()


def _said(page: Page, text: str, **chosen: str) -> None:
    """Write to all, look, send: E, the words, V, S."""
    page.keyboard.press("e")
    page.keyboard.insert_text(text)
    for label, value in chosen.items():
        field = page.locator(f"[name={label}]")
        field.fill(value) if label == "promised" else field.select_option(value)
    page.get_by_role("heading", name="Ответ всем").click()
    page.keyboard.press("v")
    expect(page.get_by_role("heading", name="Проверка ответа перед рассылкой")).to_be_visible()
    expect(page.get_by_text("человек получат ответ")).to_be_visible()
    if page.get_by_label("Замечания прочитаны").count():
        page.get_by_label("Замечания прочитаны").check()
    page.keyboard.press("s")
    expect(page.get_by_test_id("said")).to_contain_text("Рассылка началась")


def _all_told(page: Page) -> None:
    """The page looks by itself how far it is."""
    stood = page.locator("#mass-progress .stat").filter(has_text="ответов стоит").locator("b")
    expect(stood).to_have_text(str(len(PEOPLE)), timeout=90_000)


def test_from_the_burst_to_the_closing(stage: Stage, crowd: Crowd) -> None:
    residents = _written(stage, crowd)
    page = crowd.staff("klimova").page
    _burst(page, stage)
    page.keyboard.press("m")
    expect(page.get_by_role("heading", name="Новая массовая проблема")).to_be_visible()
    expect(page.locator("[name=members]:checked")).to_have_count(len(PEOPLE))
    page.get_by_label("Причина").fill("Обрыв линии на Полевой")
    page.get_by_label("Причина").press("Enter")
    expect(page.get_by_test_id("said")).to_contain_text("Проблема заведена")

    _said(
        page,
        "{имя}, здравствуйте! По адресу {место} свет дадут {срок}.",
        kind="interim",
        promised="2099-05-12",
    )
    _all_told(page)
    for number, resident in enumerate(residents, 1):
        name = PEOPLE[number - 1].split()[0]
        answer = resident.page.get_by_role("article", name=re.compile("^Ответ: Лунинск")).filter(
            has_text=name
        )
        expect(answer).to_contain_text(f"Полевая, {number} свет дадут 12 мая 2099 года")

    page.locator("h1").click()
    page.keyboard.press("f")
    expect(page.get_by_test_id("said")).to_contain_text("Исправление подтверждено")
    _said(
        page,
        "{имя}, линию починили, свет по адресу {место} есть. Фото: https://luninsk.example/line",
        kind="final",
        resolution="solved",
    )
    _all_told(page)
    page.locator("h1").click()
    page.keyboard.press("c")
    expect(page.get_by_test_id("said")).to_contain_text("двое суток без новых сообщений")
    stage.later("update casework_massproblem set fixed_at = fixed_at - interval '3 days'")
    stage.later("update casework_massproblem set heard_at = heard_at - interval '3 days'")
    page.reload()
    page.keyboard.press("c")
    expect(page.get_by_test_id("said")).to_contain_text("Проблема закрыта")
    expect(page.locator("h1 .pill")).to_have_text("Закрыто")
