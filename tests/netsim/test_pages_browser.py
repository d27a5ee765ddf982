"""The pages in a real browser: news comes by itself, nothing typed is lost, and they can be used by everybody."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from netsim.images import drawn
from tests import axe
from tests.netsim.conftest import NUMBERS, Place

pytestmark = pytest.mark.browser
CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"


@pytest.fixture(scope="module")
def browser(socket_enabled_for_browser: None) -> Iterator[Browser]:
    """Debian's Chromium."""
    if not Path(CHROMIUM).exists():
        assert not os.environ.get("OTKLIK_CI"), "chromium is not installed"
        pytest.skip("chromium is not installed")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture(scope="module")
def socket_enabled_for_browser() -> None:
    """A module-wide browser is started outside any test."""


def enter(page: Page, place: Place) -> str:
    """Come in under a new name."""
    name = f"Марина Смотрова {next(NUMBERS)}"
    page.goto(f"{place.url}/")
    page.get_by_label("Другое имя").fill(name)
    page.get_by_role("button", name="Войти").click()
    expect(page.get_by_role("heading", name="Страницы")).to_be_visible()
    return name


def visit(page: Page, place: Place, post: int) -> None:
    """Open a post and wait until its news are listened to."""
    page.goto(f"{place.url}/wall-{place.gid}_{post}")
    page.locator("body[data-stream=open]").wait_for()


def test_an_answer_appears_while_the_next_question_is_typed(browser: Browser, place: Place) -> None:
    post = place.post()
    context = browser.new_context(viewport={"width": 360, "height": 740})
    page = context.new_page()
    enter(page, place)
    visit(page, place, post)
    page.get_by_label("Комментарий", exact=True).fill("Когда включат отопление на Лунной, 16?")
    page.get_by_role("button", name="Отправить").click()
    asked = page.get_by_role("article", name="Комментарий: Марина")
    expect(asked).to_contain_text("Лунной, 16")
    page.locator("body[data-stream=open]").wait_for()

    page.get_by_label("Комментарий", exact=True).fill("И ещё вопрос: когда")
    (mine,) = place.look("comments", group_id=place.gid)["items"]
    answer = {"owner_id": place.owner, "post_id": post, "reply_to_comment": mine["id"]}
    number = place.api("wall.createComment", message="Сегодня до 20:00", **answer)["comment_id"]
    official = page.get_by_role("article", name=f"Ответ: {place.group['name']}")
    expect(official).to_contain_text("Официальный ответ")
    expect(official).to_contain_text("Сегодня до 20:00")
    expect(page.get_by_label("Комментарий", exact=True)).to_have_value("И ещё вопрос: когда")
    expect(page.get_by_role("link", name="Ответы")).to_contain_text("1")

    place.api("wall.deleteComment", "user", owner_id=place.owner, comment_id=number)
    expect(official).to_have_count(0)
    place.api("wall.closeComments", "user", owner_id=place.owner, post_id=post)
    expect(page.get_by_label("Комментарий", exact=True)).to_have_value("И ещё вопрос: когда")
    context.close()


def test_photos_and_replies_by_hand(browser: Browser, place: Place, tmp_path: Path) -> None:
    good, bad = tmp_path / "яма.png", tmp_path / "яма.txt"
    good.write_bytes(drawn("яма", 300, 200))
    bad.write_text("не картинка", encoding="utf-8")
    post = place.post()
    context = browser.new_context()
    page = context.new_page()
    enter(page, place)
    visit(page, place, post)
    page.get_by_label("Комментарий", exact=True).fill("Яма во дворе")
    page.get_by_label("Фото").set_input_files([good, bad])
    expect(page.get_by_text("яма.png, яма.txt")).to_be_visible()
    page.get_by_role("button", name="Отправить").click()
    expect(page.get_by_role("alert")).to_contain_text("Файл «яма.txt» не подошёл")
    expect(page.get_by_label("Комментарий", exact=True)).to_have_value("Яма во дворе")
    page.get_by_label("Фото").set_input_files([good])
    page.get_by_role("button", name="Отправить").click()
    picture = page.get_by_role("img", name="Фото 1 из 1")
    expect(picture).to_be_visible()
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") == 300

    page.get_by_label("Комментарий", exact=True).fill("Начатое ниже")
    page.get_by_text("Ответить").click()
    expect(page.get_by_label("Ответ", exact=True)).to_be_focused()
    page.keyboard.type("Добавлю: у второго подъезда")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("article", name="Ответ: Марина")).to_contain_text("у второго подъезда")
    expect(page.get_by_label("Комментарий", exact=True)).to_have_value("Начатое ниже")
    page.get_by_role("button", name="Удалить").last.click()
    expect(page.get_by_text("Вы удалили этот комментарий")).to_be_visible()
    page.get_by_role("button", name="Восстановить").click()
    expect(page.get_by_role("article", name="Ответ: Марина")).to_contain_text("у второго подъезда")
    context.close()


def test_a_private_answer_arrives_by_itself(browser: Browser, place: Place) -> None:
    context = browser.new_context()
    page = context.new_page()
    enter(page, place)
    page.goto(f"{place.url}/club{place.gid}")
    page.get_by_role("link", name="Написать сообщение").click()
    page.get_by_label("Сообщение", exact=True).fill("Как записаться на приём?")
    page.get_by_role("button", name="Отправить").click()
    page.locator("body[data-stream=open]").wait_for()
    page.get_by_label("Сообщение", exact=True).fill("Или мне")
    peer = place.look("messages", group_id=place.gid)["items"][0]["peer_id"]
    place.api("messages.send", peer_id=peer, message="По телефону 112-00", random_id=1)
    expect(page.get_by_text("По телефону 112-00").last).to_be_visible()
    expect(page.get_by_label("Сообщение", exact=True)).to_have_value("Или мне")
    context.close()


def test_everything_works_without_scripts(browser: Browser, place: Place, tmp_path: Path) -> None:
    picture = tmp_path / "двор.png"
    picture.write_bytes(drawn("двор", 60, 60))
    post = place.post()
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{place.url}/")
    page.get_by_role("button", name="Галина Сметанкина").click()
    page.goto(f"{place.url}/wall-{place.gid}_{post}")
    page.get_by_label("Комментарий", exact=True).fill("Без скриптов")
    page.get_by_label("Фото").set_input_files([picture])
    page.get_by_role("button", name="Отправить").click()
    page.get_by_text("Изменить").click()
    page.get_by_label("Текст комментария").fill("Без скриптов, исправлено")
    page.get_by_role("button", name="Сохранить").click()
    expect(page.get_by_text("Без скриптов, исправлено").first).to_be_visible()
    (only,) = place.look("comments", group_id=place.gid)["items"]
    assert (only["text"], len(only["attachments"])) == ("Без скриптов, исправлено", 1)
    context.close()


@pytest.mark.parametrize("width", [360, 1280])
def test_pages_are_accessible_and_fit(browser: Browser, place: Place, width: int) -> None:
    post = place.post("Длинноесловобезпробелов" * 20)
    context = browser.new_context(viewport={"width": width, "height": 800})
    page = context.new_page()
    enter(page, place)
    page.goto(f"{place.url}/wall-{place.gid}_{post}")
    page.get_by_label("Комментарий", exact=True).fill("Оченьдлинноеслово" * 30)
    page.get_by_role("button", name="Отправить").click()
    (mine,) = place.look("comments", group_id=place.gid)["items"]
    answer = {"owner_id": place.owner, "post_id": post, "reply_to_comment": mine["id"]}
    place.api("wall.createComment", message="Ответ", **answer)
    page.on("pageerror", lambda error: pytest.fail(str(error)))
    resident = (
        "/",
        "/who",
        "/feed",
        f"/club{place.gid}",
        f"/wall-{place.gid}_{post}",
        f"/im?sel=-{place.gid}",
    )
    for path in resident:
        judge(page, f"{place.url}{path}")
    page.locator(".menu summary").click()
    page.get_by_role("button", name="Стать администратором страниц").click()
    for path in (f"/club{place.gid}", f"/wall-{place.gid}_{post}"):
        judge(page, f"{place.url}{path}")
    context.close()


def judge(page: Page, url: str) -> None:
    """The page fits into the window and breaks no rule of accessibility that a program can check."""
    page.goto(url)
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, url
    assert axe.faults(page) == [], url
