"""How the desk feels under the hands: keys only, two people at one card, a phone."""

from itertools import count

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.people import Crowd
from tests.browser.stage import Stage

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.enable_socket, pytest.mark.django_db]
_residents = count(700_001)


def ask(stage: Stage, group: int, post: int, *texts: str) -> None:
    """Residents write, each a comment."""
    for text in texts:
        order = {"user_id": next(_residents), "first_name": "Зоя", "last_name": "Липова"}
        stage.network.act("comment", group_id=group, post_id=post, text=text, **order)


def dark(street: str) -> str:
    """A message that triage is sure of: it goes to the body by itself."""
    return f"На {street} вторую неделю не горит фонарь, дети идут из школы в темноте"


def vague(street: str) -> str:
    """A message that needs a dispatcher."""
    return f"На {street} опять безобразие, кто за это отвечает?"


def test_a_queue_is_worked_through_by_keys(stage: Stage, crowd: Crowd) -> None:
    group = stage.page()
    ask(stage, group, stage.post(group), vague("Малой, 1"), vague("Малой, 2"), vague("Малой, 3"))
    dispatcher = crowd.staff("klimova")
    dispatcher.look("view=triage&sort=newest")
    expect(dispatcher.row("На Малой")).to_have_count(3)
    page, keys = dispatcher.page, dispatcher.page.keyboard
    first = page.locator("#rows .row").first
    keys.press("j")
    expect(first).to_be_focused()
    expect(first).to_have_attribute("aria-current", "true")
    keys.press("j")
    expect(page.locator("#rows .row").nth(1)).to_have_attribute("aria-current", "true")
    keys.press("k")
    expect(first).to_have_attribute("aria-current", "true")
    words = first.locator(".txt").inner_text()

    keys.press("e")
    panel = page.get_by_test_id("panel-correct")
    expect(panel.get_by_role("combobox", name="Тема")).to_be_focused()
    keys.press("Escape")
    expect(panel).to_have_count(0)
    expect(first).to_be_focused()
    keys.press("e")
    topic = panel.get_by_role("combobox", name="Тема")
    expect(topic).to_be_focused()
    keys.type("освещ")
    expect(panel.get_by_role("option").first).to_contain_text("свещение")
    keys.press("Enter")
    chosen = topic.input_value()
    assert "свещение" in chosen
    panel.get_by_role("button", name="Исправить и направить").press("Enter")
    # The corrected one has left the view, the next is open already.
    expect(dispatcher.row(words)).to_have_count(0)
    expect(page.locator("#rows .row[aria-current]")).to_have_count(1)
    keys.press("Enter")
    expect(dispatcher.row("На Малой")).to_have_count(1)
    keys.press("x")
    expect(page.get_by_test_id("panel-reject")).to_be_visible()
    keys.press("1")
    expect(dispatcher.row("На Малой")).to_have_count(0)
    page.get_by_test_id("toast").get_by_role("button", name="Вернуть").click()
    expect(dispatcher.row("На Малой")).to_have_count(1)

    dispatcher.look("view=all&sort=newest")
    dispatcher.take(words)
    expect(dispatcher.card.locator(".kv")).to_contain_text(chosen)
    keys.press("r")
    expect(page.locator("#text")).to_be_focused()
    keys.press("Escape")
    expect(dispatcher.row(words)).to_be_focused()
    keys.press("/")
    expect(page.locator("#search")).to_be_focused()
    keys.press("Escape")
    keys.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    keys.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    keys.press("g")
    keys.press("t")
    expect(page.locator("#views [aria-current]")).to_contain_text("Разбор")


def test_the_tab_key_goes_through_the_page_in_order(stage: Stage, crowd: Crowd) -> None:
    group = stage.page()
    ask(stage, group, stage.post(group), dark("Тихой, 4"))
    executor = crowd.staff("sergeev")
    executor.look("view=routed&sort=newest")
    executor.take("Тихой, 4")
    page = executor.page
    page.reload()
    page.locator("body").press("Tab")
    expect(page.get_by_role("link", name="К карточке")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#card")).to_be_focused()
    seen = walked(page, 25)
    print(seen)
    assert seen.index("ctx") < seen.index("acts") < seen.index("editor"), seen


def walked(page: Page, steps: int) -> list[str]:
    """Tab on from here: the parts of the card in which the focus stood, in order."""
    parts = "['ctx', 'acts', 'editor', 'reasons-side']"
    names = f"{parts}.find(name => document.activeElement.closest(`.${{name}}, #${{name}}`))"
    seen = []
    for _ in range(steps):
        page.keyboard.press("Tab")
        seen.append(str(page.evaluate(names) or ""))
    return seen


# Asked for beside the list: what the body asks for waits behind what news have asked for, and then for a draft.
REDRAW = """() => {
    document.querySelector("#editor").dataset.old = "";
    const address = document.querySelector("#story").dataset.news.replace(/\\/news$/, "");
    void htmx.ajax("GET", `${address}?view=all`, { source: "#rows", target: "#card", swap: "innerHTML show:none" });
}"""


def test_what_is_published_while_the_card_is_drawn_again_is_not_lost(stage: Stage, crowd: Crowd) -> None:
    group = stage.page()
    ask(stage, group, stage.post(group), dark("Скорой, 2"))
    executor = crowd.staff("sergeev")
    executor.look("view=routed&sort=newest")
    executor.take("Скорой, 2")
    page, drawn, kept = executor.page, list[Route](), list[Route]()
    page.keyboard.press("a")
    expect(executor.steps).to_contain_text("В работе")
    page.route("**/desk/incidents/*?view=all", lambda route: drawn.append(route))  # noqa: PLW0108 - a builtin is no handler
    page.route("**/draft", lambda route: kept.append(route))  # noqa: PLW0108
    # As news do it: the card is asked for, then somebody types, then it comes, while the draft is on its way.
    page.evaluate(REDRAW)
    page.keyboard.press("r")
    page.keyboard.type("Заменим.")
    page.keyboard.press("Control+Enter")
    while not (drawn and kept):
        page.wait_for_timeout(50)
    drawn[0].continue_()
    expect(page.locator("#editor:not([data-old])")).to_be_visible()
    page.unroute("**/draft")
    kept[0].continue_()
    expect(page.get_by_test_id("preview")).to_contain_text("Заменим.")


def test_the_cursor_stays_in_the_answer_when_the_card_is_drawn_again(stage: Stage, crowd: Crowd) -> None:
    group = stage.page()
    ask(stage, group, stage.post(group), dark("Скорой, 3"))
    executor = crowd.staff("sergeev")
    executor.look("view=routed&sort=newest")
    executor.take("Скорой, 3")
    page, drawn = executor.page, list[Route]()
    page.keyboard.press("a")
    expect(executor.steps).to_contain_text("В работе")
    page.route("**/desk/incidents/*?view=all", lambda route: drawn.append(route))  # noqa: PLW0108
    page.evaluate(REDRAW)
    page.keyboard.press("r")
    while not drawn:
        page.wait_for_timeout(50)
    drawn[0].continue_()
    expect(page.locator("#editor:not([data-old])")).to_be_visible()
    expect(page.locator("#text")).to_be_focused()
    page.keyboard.type("Заменим.")
    expect(page.locator("#text")).to_have_value("Заменим.")


def test_two_people_at_one_card(stage: Stage, crowd: Crowd) -> None:
    group = stage.page()
    ask(stage, group, stage.post(group), dark("Дальней, 8"))
    executor, dispatcher = crowd.staff("sergeev"), crowd.staff("klimova")
    for each in (executor, dispatcher):
        each.look("view=all&sort=newest")
        each.take("Дальней, 8")
    expect(executor.story.get_by_test_id("presence")).to_contain_text("Мария")
    expect(dispatcher.story.get_by_test_id("presence")).to_contain_text("Олег")

    # Both open a form; the second is told, and keeps what was typed.
    dispatcher.page.keyboard.press("t")
    panel = dispatcher.page.get_by_test_id("panel-route")
    panel.get_by_role("combobox", name="Кому").fill("Школа")
    panel.get_by_role("option", name="Школа № 7, Лунинск").click()
    panel.get_by_label("Почему").fill("Фонарь стоит на земле школы")
    executor.page.keyboard.press("a")
    expect(executor.steps).to_contain_text("В работе")
    expect(dispatcher.story.get_by_test_id("card-changed")).to_contain_text("Олег Сергеев")
    panel.get_by_role("button", name="Передать").click()
    expect(dispatcher.story.get_by_test_id("problem")).to_be_visible()
    expect(panel.get_by_label("Почему")).to_have_value("Фонарь стоит на земле школы")
    dispatcher.page.keyboard.press("Escape")
    dispatcher.page.reload()

    # Both write; the second sees the text of the first beside the own one.
    executor.page.locator("#text").fill("Лампу заменят в понедельник.")
    expect(executor.page.locator("#kept")).to_contain_text("сохранено")
    dispatcher.page.locator("#text").fill("Передали в районные сети.")
    late = dispatcher
    expect(late.page.get_by_test_id("conflict")).to_contain_text("Черновик изменил(а) Олег С.")
    expect(late.page.get_by_test_id("conflict")).to_contain_text("Лампу заменят в понедельник.")
    mine = late.page.locator("#text").input_value()
    late.page.get_by_role("button", name="Оставить мой").click()
    expect(late.page.locator("#kept")).to_contain_text("сохранено")
    late.page.reload()
    expect(late.page.locator("#text")).to_have_value(mine)


def test_a_phone_goes_from_the_queue_to_a_card_and_back(stage: Stage, crowd: Crowd) -> None:
    group = stage.page()
    ask(stage, group, stage.post(group), dark("Узкой, 3"))
    phone = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
    executor = crowd.staff("sergeev", **phone)
    executor.look("view=routed&sort=newest")
    page = executor.page
    expect(page.locator("#card")).not_to_be_visible()
    executor.row("Узкой, 3").tap()
    expect(executor.story).to_contain_text("Узкой, 3")
    expect(page.locator("#queue")).not_to_be_visible()
    fits(page)
    page.get_by_role("button", name="Принять в работу").tap()
    expect(executor.steps).to_contain_text("В работе")
    page.locator("#text").fill("Заменим лампу завтра к 12:00.")
    expect(page.locator("#kept")).to_contain_text("сохранено")
    fits(page)
    page.get_by_role("link", name="К очереди").tap()
    expect(page.locator("#queue")).to_be_visible()
    fits(page)
    page.go_back()
    expect(executor.story).to_contain_text("Узкой, 3")
    expect(page.locator("#text")).to_have_value("Заменим лампу завтра к 12:00.")


def fits(page: Page) -> None:
    """Nothing hangs over the edge of the window."""
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, page.url
