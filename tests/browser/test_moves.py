"""What follows an answer, as people walk it: a second person agrees on a phone, a resident says it is not solved."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.people import Crowd
from tests.browser.stage import Stage

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.enable_socket, pytest.mark.django_db]
PHONE = {"viewport": {"width": 360, "height": 740}, "is_mobile": True, "has_touch": True}
DRAFT = "Борис, здравствуйте! Фонарь у дома 9 починим."
TEXT = "Борис, здравствуйте! Фонарь у дома 9 заменит «Горсвет» до 30 ноября."


def fits(page: Page) -> None:
    """Nothing of the page stands beyond the edge of the screen."""
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def asked(stage: Stage, crowd: Crowd, resident: str, text: str) -> tuple[int, Page]:
    """A resident's comment, so plain that it goes to the body by itself: its community, the resident's window."""
    writer, group = crowd.resident(resident), stage.page()
    writer.open(f"wall-{group}_{stage.post(group)}")
    writer.comment(text)
    return group, writer.page


def test_an_answer_is_written_and_approved_on_phones(stage: Stage, crowd: Crowd) -> None:
    question = "Не горит фонарь у дома 9 на Звёздной, темно"
    group, street = asked(stage, crowd, "Борис Ильин", question)

    executor = crowd.staff("sergeev", **PHONE)
    executor.look("view=routed")
    executor.row(question).tap()
    executor.page.get_by_role("button", name="Принять в работу").tap()
    expect(executor.steps).to_contain_text("В работе")
    executor.page.locator("#text").fill(DRAFT)
    executor.page.get_by_role("button", name="Опубликовать…").tap()
    expect(executor.page.get_by_test_id("preview")).to_contain_text("Фонарь у дома 9 починим")
    fits(executor.page)
    executor.page.get_by_test_id("submit").tap()
    expect(executor.steps).to_contain_text("Согласуют")
    # Whoever wrote it is not asked to agree.
    expect(executor.page.get_by_role("button", name="Согласовать", exact=False)).to_have_count(0)

    approver = crowd.staff("titova", **PHONE)
    approver.look("view=approval")
    approver.row(question).tap()
    approver.page.get_by_role("button", name="Согласовать").tap()
    expect(approver.page.get_by_test_id("preview")).to_contain_text("Фонарь у дома 9 починим")
    fits(approver.page)
    approver.page.get_by_test_id("panel-approve").get_by_text("Вернуть с замечанием").tap()
    approver.page.get_by_label("Что исправить").fill("Назовите, кто сделает и до какого дня")
    approver.page.get_by_role("button", name="Вернуть", exact=True).tap()
    expect(approver.steps).to_contain_text("В работе")
    assert stage.comments(group, own=1) == []

    executor.page.reload()
    expect(executor.page.get_by_test_id("returned")).to_contain_text("Назовите, кто сделает и до какого дня")
    expect(executor.page.locator("#text")).to_have_value(DRAFT)
    executor.page.locator("#text").fill(TEXT)
    executor.page.get_by_role("button", name="Опубликовать…").tap()
    expect(executor.page.get_by_test_id("preview")).to_contain_text("Горсвет")
    executor.page.get_by_test_id("submit").tap()
    expect(executor.steps).to_contain_text("Согласуют")

    approver.page.reload()
    approver.page.get_by_role("button", name="Согласовать").tap()
    expect(approver.page.get_by_test_id("preview")).to_contain_text("Горсвет")
    approver.page.get_by_test_id("approve").tap()
    answer = street.get_by_role("article", name=re.compile("^Ответ: Лунинск"))
    expect(answer).to_contain_text("заменит «Горсвет» до 30 ноября")
    expect(approver.steps).to_contain_text("Ответ")


def test_a_resident_says_it_is_not_solved_and_it_comes_back(stage: Stage, crowd: Crowd) -> None:
    question = "На Кедровой, 4 не вывозят мусор, баки полные"
    _group, street = asked(stage, crowd, "Дарья Ивова", question)
    executor = crowd.staff("sergeev")
    executor.publish(question, "Дарья, мусор вывезли сегодня в 14:00, по Кедровой теперь ездят каждый день.")
    answer = street.get_by_role("article", name=re.compile("^Ответ: Лунинск"))
    expect(answer).to_contain_text("вывезли сегодня")
    expect(executor.steps).to_contain_text("Ответ")

    # The centre sees it among the answers to be checked, by the keys.
    dispatcher = crowd.staff("popov")
    dispatcher.look("view=check")
    dispatcher.take(question)
    dispatcher.page.keyboard.press("c")
    dispatcher.page.get_by_test_id("panel-close").get_by_role("button", name="Решено").click()
    expect(dispatcher.row(question)).to_have_count(0)

    under = street.locator(".said__acts").first
    under.get_by_text("Ответить", exact=True).click()
    under.get_by_label("Ответ", exact=True).fill("Неправда, ничего не вывезли, баки полные!")
    street.keyboard.press("Control+Enter")

    executor.look("view=returned")
    executor.take(question)
    expect(executor.steps).to_contain_text("Возобновлено")
    expect(executor.page.get_by_test_id("returned")).to_contain_text("ничего не вывезли")
    expect(executor.story).to_contain_text("Высокая")
    executor.page.keyboard.press("a")
    expect(executor.steps).to_contain_text("В работе")
    text = "Дарья, простите: машина не доехала. Приедет завтра до 12:00, проверим сами."
    executor.page.keyboard.press("r")
    executor.page.keyboard.type(text)
    executor.page.keyboard.press("Control+Enter")
    expect(executor.page.get_by_test_id("preview")).to_contain_text("Приедет завтра")
    executor.page.get_by_test_id("publish").click()
    expect(street.get_by_role("article", name=re.compile("^Ответ: Лунинск")).last).to_contain_text(
        "Приедет завтра"
    )
