"""A dispatcher sorts what residents wrote: by one key, by at most three, cutting and joining, asking back."""

import re

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from otklik.registry.models import Municipality, Settlement
from tests.browser.people import Crowd, Resident, Worker
from tests.browser.stage import Stage

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.enable_socket, pytest.mark.django_db]

YARD = "У подъезда на Рябиновой, 3 огромная яма, люди падают."
GARDEN = "И когда запишут ребёнка в детский сад, ждём третий год?"
# No topic fits: it waits for a person.
VAGUE = "Безобразие на Кедровой, 1, кто за это отвечает?"


class Keys:
    """The keyboard of a dispatcher, with every key counted."""

    def __init__(self, page: Page) -> None:
        self.page, self.pressed = page, 0

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
            self.pressed += 1


def wrote(stage: Stage, crowd: Crowd, name: str, text: str) -> Resident:
    """A resident comes to a page of the network and writes under its newest post."""
    group = stage.page()
    resident = crowd.resident(name)
    resident.open(f"wall-{group}_{stage.post(group)}")
    resident.comment(text)
    return resident


def dispatcher_at(crowd: Crowd, text: str) -> Worker:
    """A dispatcher with the card of this question open."""
    worker = crowd.staff("klimova")
    worker.look("view=all&sort=newest")
    worker.take(text)
    return worker


class Holding:
    """Requests for a panel are held until the story lets them go."""

    def __init__(self, page: Page, panel: str) -> None:
        self.page, self.held = page, list[Route]()
        page.route(f"**/panel/{panel}?*", self._hold)

    def _hold(self, route: Route) -> None:
        self.held.append(route)

    def take(self) -> Route:
        """The request, as soon as it is there."""
        for _ in range(300):
            if self.held:
                break
            self.page.wait_for_timeout(50)
        return self.held.pop()


def question(worker: Worker, text: str) -> Locator:
    """The link to another question of the same message."""
    return worker.card.get_by_test_id("other-question").filter(has_text=text)


def mark(page: Page, words: str) -> None:
    """Select these words of the message with the mouse."""
    box = page.evaluate(
        """words => {
            const text = document.querySelector("#marked");
            const walker = document.createTreeWalker(text, NodeFilter.SHOW_TEXT);
            const at = text.textContent.indexOf(words);
            const spot = (wanted, end) => {
                let passed = 0;
                walker.currentNode = text;
                for (let node = walker.nextNode(); node; node = walker.nextNode()) {
                    if (passed + node.data.length > wanted - (end ? 1 : 0)) return [node, wanted - passed];
                    passed += node.data.length;
                }
            };
            const range = document.createRange();
            range.setStart(...spot(at, false));
            range.setEnd(...spot(at + words.length, true));
            const boxes = [...range.getClientRects()];
            const [first, last] = [boxes[0], boxes.at(-1)];
            return [first.left, first.top + first.height / 2, last.right, last.top + last.height / 2];
        }""",
        words,
    )
    page.mouse.move(box[0] + 1, box[1])
    page.mouse.down()
    page.mouse.move((box[0] + box[2]) / 2, box[3], steps=4)
    page.mouse.move(box[2], box[3], steps=4)
    page.mouse.up()


def test_one_key_agrees_and_two_correct(stage: Stage, crowd: Crowd) -> None:
    wrote(stage, crowd, "Анна Рябинина", f"{YARD} {GARDEN}")
    wrote(stage, crowd, "Антон Кедров", VAGUE)
    worker = dispatcher_at(crowd, YARD)
    expect(question(worker, "").get_by_role("link")).to_have_count(1)
    keys = Keys(worker.page)
    other = worker.card.get_by_test_id("topics").locator("[data-key='1']")
    code, was = other.locator("input").get_attribute("value"), topic_of(worker)
    keys.press("1")
    expect(other.locator("input")).to_be_checked()
    keys.press("Enter")
    assert keys.pressed <= 3
    expect(worker.page.get_by_test_id("toast")).to_contain_text("направлено в орган")
    worker.look("view=all&sort=newest")
    worker.take(YARD)
    assert topic_of(worker) != was
    expect(worker.card.locator(".verdict [name=topic][checked]")).to_have_value(str(code))
    expect(worker.steps).to_contain_text("В органе")
    question(worker, "").get_by_role("link").click()
    expect(worker.page.locator("#card-title")).to_contain_text("огда запишут ребёнка")

    worker.look("view=triage&sort=newest")
    worker.take(VAGUE)
    keys = Keys(worker.page)
    keys.press("Enter")
    assert keys.pressed == 1
    expect(worker.row(VAGUE)).to_have_count(0)
    worker.look("view=routed&sort=newest")
    worker.take(VAGUE)
    expect(worker.steps).to_contain_text("В органе")


def topic_of(worker: Worker) -> str:
    """The topic that the incident has now."""
    return worker.card.locator(".kv dd").first.inner_text()


def test_a_message_is_cut_by_the_mouse_and_joined_again(stage: Stage, crowd: Crowd) -> None:
    text = "На Пихтовой, 5 снова проблема. Кто за это отвечает, примите меры."
    wrote(stage, crowd, "Борис Пихтов", text)
    worker = dispatcher_at(crowd, "На Пихтовой, 5")
    mark(worker.page, "Кто за это отвечает, примите меры.")
    worker.page.get_by_test_id("cut").click()
    expect(question(worker, "").get_by_role("link")).to_have_count(1)
    expect(worker.page.locator("#card-title")).not_to_contain_text("отвечает")
    expect(worker.page.locator("#marked .other")).to_contain_text("Кто за это отвечает")
    question(worker, "").get_by_role("link").click()
    expect(worker.page.locator("#card-title")).to_contain_text("Кто за это отвечает, примите меры")
    expect(worker.steps).to_contain_text("Разбор")

    # Joined again by two keys, and taken apart by the toast.
    keys = Keys(worker.page)
    keys.press("s")
    expect(worker.page.get_by_test_id("panel-split")).to_contain_text("Соединить с вопросом 1")
    keys.press("Shift+Digit1")
    expect(worker.page.locator("#card-title")).to_contain_text("На Пихтовой, 5")
    expect(question(worker, "")).to_have_count(0)
    worker.page.get_by_test_id("toast").get_by_role("button", name="Вернуть").click()
    expect(question(worker, "")).to_have_count(1)


def test_a_message_is_cut_by_keys_and_a_piece_moves(stage: Stage, crowd: Crowd) -> None:
    text = "На Липовой, 9 снова проблема. Кто за это отвечает? Примите меры сегодня."
    wrote(stage, crowd, "Вера Липова", text)
    worker = dispatcher_at(crowd, "На Липовой, 9")
    keys, panel = Keys(worker.page), worker.page.get_by_test_id("panel-split")
    keys.press("s")
    expect(panel.get_by_role("checkbox").first).to_be_focused()
    keys.press("ArrowDown", "Shift+ArrowDown", "Enter")
    expect(question(worker, "")).to_have_count(1)
    expect(worker.page.locator("#card-title")).to_have_text("На Липовой, 9 снова проблема.")
    question(worker, "").get_by_role("link").click()
    expect(worker.page.locator("#card-title")).to_have_text("Кто за это отвечает? Примите меры сегодня.")

    keys.press("s")
    expect(panel.get_by_role("checkbox").first).to_be_focused()
    keys.press("ArrowDown", "1")
    expect(worker.page.locator("#card-title")).to_have_text("Кто за это отвечает?")
    question(worker, "").get_by_role("link").click()
    expect(worker.page.locator("#card-title")).to_have_text(
        "На Липовой, 9 снова проблема. Примите меры сегодня."
    )


def test_keys_pressed_before_their_panel_has_come_are_not_lost(stage: Stage, crowd: Crowd) -> None:
    text = "На Вязовой, 4 снова проблема. Кто за это отвечает? Примите меры сегодня."
    wrote(stage, crowd, "Зоя Вязова", text)
    worker = dispatcher_at(crowd, "На Вязовой, 4")
    keys, held = Keys(worker.page), Holding(worker.page, "split")
    keys.press("s", "ArrowDown", "Shift+ArrowDown", "Enter")
    coming = held.take()
    expect(worker.steps).to_contain_text("Разбор")
    coming.continue_()
    expect(worker.page.locator("#card-title")).to_have_text("На Вязовой, 4 снова проблема.")
    expect(worker.page.locator("#marked .other")).to_have_text("Кто за это отвечает? Примите меры сегодня.")

    # A panel that does not come takes the keys meant for it along: none of them acts on the card.
    question(worker, "").get_by_role("link").click()
    expect(worker.page.locator("#card-title")).to_have_text("Кто за это отвечает? Примите меры сегодня.")
    keys.press("s", "1", "Enter")
    held.take().abort()
    expect(worker.page.get_by_role("status").filter(has_text="Не получилось")).to_be_visible()
    expect(worker.page.locator("#card-title")).to_have_text("Кто за это отвечает? Примите меры сегодня.")
    expect(worker.steps).to_contain_text("Разбор")

    # What is written ahead stands in the field of the panel.
    held = Holding(worker.page, "correct")
    keys.press("e", "v", "o", "d")
    held.take().continue_()
    expect(worker.page.get_by_role("combobox", name="Тема", exact=True)).to_have_value("vod")


def test_the_place_is_asked_by_one_key_and_the_reply_brings_it(stage: Stage, crowd: Crowd) -> None:
    district = Municipality.objects.get(short_name="Лунинск")
    town, _made = Settlement.objects.get_or_create(municipality=district, name="Лунинск", kind="город")
    town.streets.get_or_create(name="Осиновая")
    text = "Огромная яма у подъезда, примите меры, кто отвечает?"
    resident = wrote(stage, crowd, "Глеб Осинин", text)
    worker = dispatcher_at(crowd, "Огромная яма у подъезда")
    draft = worker.card.get_by_test_id("to-ask")
    expect(draft).to_contain_text("Уточните, пожалуйста")
    card = worker.page.url
    keys = Keys(worker.page)
    keys.press("q")
    expect(worker.page.get_by_test_id("toast")).to_contain_text("вопрос уходит автору")
    assert keys.pressed == 1

    asked = resident.page.get_by_role("article", name=re.compile("^Ответ: Лунинск"))
    expect(asked).to_contain_text("Уточните, пожалуйста", timeout=45_000)
    worker.page.goto(card)
    expect(worker.steps).to_contain_text("Ждём автора")
    expect(worker.story).to_contain_text("уточняющий вопрос")

    under = resident.page.locator(".said__acts").first
    under.get_by_text("Ответить", exact=True).click()
    under.get_by_label("Ответ", exact=True).fill("Лунинск, улица Осиновая, дом 7")
    resident.page.keyboard.press("Control+Enter")
    expect(worker.steps).not_to_contain_text("Ждём автора", timeout=45_000)
    expect(worker.story).to_contain_text("Лунинск, улица Осиновая, дом 7")
    expect(worker.card.locator(".kv")).to_contain_text(re.compile("Осиновая.*7"))
    expect(worker.card.locator(".log")).to_contain_text("Автор ответил")


def test_a_question_that_has_not_left_is_called_back(stage: Stage, crowd: Crowd) -> None:
    text = "Огромная яма во дворе, примите меры, кто отвечает?"
    resident = wrote(stage, crowd, "Дина Ольхова", text)
    worker = dispatcher_at(crowd, "Огромная яма во дворе")
    card = worker.page.url
    worker.page.keyboard.press("q")
    # Whoever leaves the page in the middle of a request may have called nothing back.
    with worker.page.expect_response(re.compile(r"/take_back\?")):
        worker.page.get_by_test_id("toast").get_by_role("button", name="Вернуть").click()
    worker.page.goto(card)
    expect(worker.steps).not_to_contain_text("Ждём автора")
    expect(worker.card.locator(".log")).to_contain_text("отозвано до отправки")
    expect(resident.page.get_by_role("article", name=re.compile("^Ответ:"))).to_have_count(0)


def test_a_phone_cuts_and_asks_too(stage: Stage, crowd: Crowd) -> None:
    text = "На Сосновой, 2 снова проблема. Кто за это отвечает, примите меры."
    wrote(stage, crowd, "Егор Соснов", text)
    phone = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
    worker = crowd.staff("klimova", **phone)
    worker.look("view=all&sort=newest")
    worker.row("На Сосновой, 2").tap()
    page = worker.page
    page.get_by_role("button", name="Разделить").tap()
    panel = page.get_by_test_id("panel-split")
    panel.get_by_text("Кто за это отвечает").tap()
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    panel.get_by_role("button", name="Отдельный вопрос").tap()
    expect(page.locator("#card-title")).to_have_text("На Сосновой, 2 снова проблема.")
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
