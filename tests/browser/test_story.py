"""The road as people walk it: a resident asks in the network, the answer stands under the question."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from netsim.images import drawn
from tests.browser.people import Crowd, Worker
from tests.browser.stage import Stage

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.enable_socket, pytest.mark.django_db]
YARD = "Здравствуйте! Во дворе на улице Лунной, 16 большая яма и темно, когда сделают?"


@pytest.fixture
def pothole(tmp_path: Path) -> Path:
    path = tmp_path / "яма.png"
    path.write_bytes(drawn("яма во дворе", 320, 240))
    return path


def test_a_comment_travels_to_its_answer(stage: Stage, crowd: Crowd, pothole: Path) -> None:
    group = stage.page()
    post = stage.post(group, "Весной начнём ремонт дворов")
    dispatcher = Worker.log_in(stage, crowd.window(), "popov")
    dispatcher.look("view=triage&sort=newest")
    resident = crowd.resident("Анна Яблокова")
    resident.open(f"wall-{group}_{post}")
    resident.comment(YARD, pothole)

    # It comes by itself into the queue that is open.
    expect(dispatcher.row("Во дворе на улице Лунной, 16")).to_be_visible()
    dispatcher.take("Во дворе на улице Лунной, 16")
    story, card = dispatcher.story, dispatcher.card
    expect(story).to_contain_text("Весной начнём ремонт дворов")
    picture = story.locator(".shots img")
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") == 320
    expect(story.locator("mark").first).to_have_text("дворе")
    expect(card.get_by_test_id("opinion")).to_contain_text("яма")
    dispatcher.page.keyboard.press("Enter")
    expect(dispatcher.row("Во дворе на улице Лунной, 16")).to_have_count(0)

    executor = crowd.staff("sergeev")
    executor.look("view=routed")
    executor.take("Во дворе на улице Лунной, 16")
    executor.page.keyboard.press("a")
    expect(executor.steps).to_contain_text("В работе")
    text = "Анна, яму засыплют до 25 ноября, фонарь уже заказан."
    executor.page.keyboard.press("r")
    executor.page.keyboard.type(text)
    expect(executor.page.locator("#kept")).to_contain_text("сохранено")
    executor.page.reload()
    expect(executor.page.locator("#text")).to_have_value(text)
    executor.page.locator("#text").press("Control+Enter")
    expect(executor.page.get_by_test_id("preview")).to_contain_text(text)
    executor.page.get_by_test_id("publish").click()

    answer = resident.page.get_by_role("article", name=re.compile("^Ответ: Лунинск"))
    expect(answer).to_contain_text("яму засыплют до 25 ноября")
    expect(answer).to_contain_text("Официальный ответ")
    expect(executor.steps).to_contain_text("Ответ")
    link = executor.story.get_by_role("link", name="открыть ответ")
    resident.page.goto(str(link.get_attribute("href")))
    expect(resident.page.locator(".said--pointed")).to_contain_text("яму засыплют до 25 ноября")
    (own,) = stage.comments(group, own=1)
    (asked,) = [each for each in stage.comments(group) if each["text"] == YARD]
    assert own["reply_to_comment"] == asked["id"]

    dispatcher.page.goto(executor.page.url)
    dispatcher.page.keyboard.press("c")
    dispatcher.page.get_by_test_id("panel-close").get_by_role("button", name="Решено").click()
    # Leaving the page at once would take the request back.
    expect(dispatcher.page.get_by_test_id("toast")).to_be_visible()
    dispatcher.page.goto(executor.page.url)
    expect(dispatcher.steps).to_contain_text("Закрыто")
    # An event carries no name: the network is asked for it a little later.
    dispatcher.reload_until("Анна Я.")
    dispatcher.page.keyboard.press("h")
    dispatcher.page.get_by_test_id("panel-open_personal").wait_for()
    dispatcher.page.keyboard.press("1")
    expect(dispatcher.story).to_contain_text("Анна Яблокова")


def test_a_private_message_travels_to_its_answer(stage: Stage, crowd: Crowd) -> None:
    group = stage.page()
    dispatcher = crowd.staff("klimova")
    dispatcher.look("view=triage&sort=newest")
    resident = crowd.resident("Борис Дятлов")
    resident.open(f"im?sel=-{group}")
    resident.page.get_by_label("Сообщение", exact=True).fill("Здравствуйте, как записаться на приём к главе?")
    resident.page.get_by_role("button", name="Отправить").click()
    resident.page.locator("body[data-stream=open]").wait_for()

    dispatcher.take("как записаться на приём к главе")
    expect(dispatcher.story.locator(".sub")).to_contain_text("личное сообщение")
    dispatcher.page.keyboard.press("Enter")
    executor = crowd.staff("sergeev")
    text = "Борис, приём по вторникам с 14:00, запись по телефону 112-00."
    executor.publish("как записаться на приём к главе", text)

    expect(resident.page.locator(".line").last).to_contain_text("приём по вторникам с 14:00")
    expect(executor.story.get_by_test_id("delivery")).to_contain_text("Стоит в сети")
    sent = list(stage.network.all("messages", group_id=group, out=1))
    assert [each["text"] for each in sent] == [text]


def test_an_edit_and_a_deletion_show_on_the_card(stage: Stage, crowd: Crowd) -> None:
    group = stage.page()
    resident = crowd.resident("Вера Осинина")
    resident.open(f"wall-{group}_{stage.post(group)}")
    comment = resident.comment("У подъезда на Озёрной, 5 снова проблема, примите меры")
    dispatcher = crowd.staff("klimova")
    dispatcher.look("view=all&sort=newest")
    dispatcher.take("Озёрной, 5")

    comment.page.get_by_text("Изменить").click()
    comment.page.get_by_label("Текст комментария").fill(
        "У подъезда на Озёрной, 15 снова проблема, примите меры"
    )
    comment.page.get_by_role("button", name="Сохранить").click()
    message = dispatcher.story.get_by_test_id("message")
    expect(message.locator(".text").first).to_contain_text("Озёрной, 15")
    message.get_by_text("показать прежний текст").click()
    expect(message.locator(".after .text")).to_contain_text("Озёрной, 5 снова")
    expect(dispatcher.row("Озёрной, 15")).to_be_visible()

    comment.page.get_by_role("button", name="Удалить").click()
    expect(dispatcher.story).to_contain_text("Автор удалил сообщение в сети")
    expect(message).to_contain_text("Удалено в сети")


def test_where_the_key_may_not_write_a_person_publishes(stage: Stage, crowd: Crowd) -> None:
    group = stage.page()
    (photo,) = stage.network.make("photos", [{"group_id": group, "text": "Субботник"}])
    resident = crowd.resident("Глеб Кленов")
    resident.open(f"photo-{group}_{photo['id']}")
    resident.comment("На Кленовой, 7 вторую неделю не горит фонарь, дети идут из школы в темноте")
    executor = crowd.staff("sergeev")
    text = "Глеб, фонарь заменят до 24 ноября."
    executor.publish("На Кленовой, 7", text)
    delivery = executor.story.get_by_test_id("delivery")
    expect(delivery).to_contain_text("Опубликуйте этот текст от имени страницы")
    expect(executor.story.locator("#notes")).to_contain_text("Ждёт администратора страницы")

    place = delivery.get_by_role("link", name="Где ответить")
    administrator = crowd.resident("Дарья Вязова")
    administrator.page.locator(".menu summary").click()
    administrator.page.get_by_role("button", name="Стать администратором страниц").click()
    administrator.page.goto(str(place.get_attribute("href")))
    administrator.page.locator("body[data-stream=open]").wait_for()
    administrator.page.get_by_text("Ответить", exact=True).click()
    administrator.page.get_by_label("Ответ", exact=True).fill(text)
    administrator.page.keyboard.press("Control+Enter")
    expect(administrator.page.get_by_text(text).first).to_be_visible()
    expect(delivery).to_contain_text("Стоит в сети")
    expect(executor.steps).to_contain_text("Ответ")
    assert [each["text"] for each in stage.comments(group, own=1)] == [text]


def test_closed_comments_bring_the_text_back(stage: Stage, crowd: Crowd) -> None:
    group = stage.page()
    post = stage.post(group)
    resident = crowd.resident("Егор Берёзов")
    resident.open(f"wall-{group}_{post}")
    resident.comment("На Берёзовой, 9 вторую неделю не горит фонарь, дети идут из школы в темноте")
    stage.network.act("admin_post", group_id=group, post_id=post, comments_open=False)
    executor = crowd.staff("sergeev")
    text = "Егор, фонарь заменят до 24 ноября."
    executor.publish("На Берёзовой, 9", text)
    expect(executor.story.locator("#notes")).to_contain_text("Ответ не доставлен")
    expect(executor.story).to_contain_text("Комментарии закрыты")
    expect(executor.steps).to_contain_text("В работе")
    expect(executor.page.locator("#text")).to_have_value(text)
    assert stage.comments(group, own=1) == []
