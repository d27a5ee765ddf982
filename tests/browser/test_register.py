"""A page from the register's first word about it to its connection, and what happens when its badge is taken away."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.people import Crowd
from tests.browser.stage import Stage

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.enable_socket, pytest.mark.django_db]
GROUP = 8950
KEY = f"key-{GROUP}"
LIBRARY = "Городская библиотека имени Чехова города Лунинска"
BY_HAND = ("Официальное название", "Описание деятельности", "Адрес с точкой", "Аватар и обложка", "Ссылки: со страницы",
           "Комментарии открыты")  # fmt: skip
SAFETY = ("Не меньше двух администраторов", "Двухфакторная защита", "Виджеты")


def test_a_page_is_registered_connected_and_watched(stage: Stage, crowd: Crowd) -> None:
    _community(stage)
    desk = crowd.staff("belova").page
    _register(desk, stage)
    _onboard(desk, stage)

    desk.get_by_role("link", name=re.compile("^Лунинск: библиотека")).first.click()
    desk.get_by_role("link", name="Паспорт", exact=True).first.click()
    stage.network.act("admin_settings", group_id=GROUP, is_government=False)
    _look_until(desk, lambda: expect(_line(desk)).to_contain_text("нарушение", timeout=2_000))
    expect(_line(desk).get_by_role("link", name=re.compile("^Задача до"))).to_be_visible()
    _line(desk).get_by_role("link", name=re.compile("^Задача до")).click()
    task = desk.url
    expect(desk.locator("main")).to_contain_text("открыта")
    desk.go_back()

    stage.network.act("admin_settings", group_id=GROUP, is_government=True)
    _look_until(desk, lambda: expect(_line(desk)).to_contain_text("в порядке", timeout=2_000))
    desk.goto(task)
    expect(desk.locator("main")).to_contain_text("исправлено")


def _community(stage: Stage) -> None:
    """What the librarian made in the network before anybody at the centre heard of it."""
    about = {
        "id": GROUP,
        "name": "Лунинск: библиотека имени Чехова",
        "city": "Лунинск",
    }
    stage.network.make("communities", [about])
    stage.network.make("tokens", [{"kind": "community", "group_id": GROUP, "value": KEY}])


def _register(desk: Page, stage: Stage) -> None:
    """A new organisation, with the duties the law gives it."""
    desk.goto(f"{stage.site}/desk/register/")
    desk.get_by_role("link", name="Новая организация").first.click()
    desk.get_by_label("Полное название").fill(LIBRARY)
    desk.get_by_label("Короткое название").fill("Библиотека Чехова, Лунинск")
    desk.locator("select[name=level]").select_option("institution")
    desk.get_by_role("button", name="Занести в реестр").click()
    expect(desk.get_by_role("heading", level=1)).to_contain_text("Библиотека Чехова")


def _onboard(desk: Page, stage: Stage) -> None:
    """The five stages, each left only when its list is done."""
    row = desk.locator("section[aria-labelledby=h-presence] tr", has_text="ВКонтакте")
    row.get_by_role("link", name="Подключить страницу").click()
    desk.get_by_label("Ответственный в организации").fill("Ольга Серова, заведующая")
    desk.get_by_role("button", name="Начать подключение").click()
    _step(desk)
    expect(desk.get_by_text("Ещё не всё сделано")).to_be_visible()

    desk.get_by_label("Ссылка на страницу").fill(f"{stage.sim}/club{GROUP}")
    desk.get_by_label("Название страницы").fill("Лунинск: библиотека имени Чехова")
    desk.get_by_role("button", name="Внести страницу").click()
    _tick(desk, "Назначен ответственный")
    _step(desk)
    _stand(desk, "Создана")
    for title in BY_HAND:
        _tick(desk, title)
    _step(desk)
    _stand(desk, "Оформлена")
    for title in SAFETY:
        _tick(desk, title)
    case = desk.url
    _confirm_badge(desk, stage)
    desk.goto(case)
    _step(desk)
    _stand(desk, "Подтверждена")

    desk.get_by_label("Ключ доступа сообщества").fill(KEY)
    desk.get_by_role("button", name="Проверить и подключить").click()
    _stand(desk, "Подключена")


def _step(desk: Page) -> None:
    desk.get_by_role("button", name="Этап пройден").click()


def _stand(desk: Page, stage: str) -> None:
    """The case stands at the stage; what the network had to tell first may still be on its way."""
    expect(desk.locator("ol.steps [aria-current=step]")).to_contain_text(stage)


def _tick(desk: Page, title: str) -> None:
    """Tick an item by hand, unless the page's own data have ticked it already."""
    item = desk.locator(".checklist li", has_text=title)
    if "done" in (item.get_attribute("class") or ""):
        return
    item.get_by_placeholder(re.compile("Чем подтверждено")).fill("снимок экрана от 21 ноября")
    item.get_by_role("button", name=re.compile("^Сделано")).click()
    expect(desk.locator(".checklist li.done", has_text=title)).to_be_visible()


def _confirm_badge(desk: Page, stage: Stage) -> None:
    """Requested by hand; that the network shows it is seen by the system."""
    desk.get_by_role("link", name=re.compile("^Лунинск: библиотека")).first.click()
    desk.wait_for_url("**/register/pages/*")
    desk.get_by_role("link", name=re.compile("Отметить перемену")).first.click()
    desk.wait_for_url("**/badge")
    desk.get_by_label("запрошена через Госуслуги").check()
    desk.get_by_role("button", name="Записать").click()
    stage.network.act("admin_settings", group_id=GROUP, is_government=True)
    desk.get_by_role("link", name="Паспорт", exact=True).first.click()
    _look_until(desk, lambda: expect(_line(desk)).to_contain_text("в порядке", timeout=2_000))


def _line(desk: Page) -> Locator:
    """The passport's line of the badge."""
    return desk.locator("#check-badge")


def _look_until(desk: Page, seen: Callable[[], None]) -> None:
    """Ask for a look and wait for it, as a person does: press, reload, read."""
    for left in reversed(range(15)):
        desk.get_by_role("button", name="Проверить сейчас").click()
        desk.wait_for_timeout(1_000)
        desk.reload()
        try:
            seen()
        except AssertionError:
            if not left:
                raise
        else:
            return
