"""The desk can be read by everybody: no serious fault that a program finds, in light and in dark, wide and narrow."""

import pytest
from playwright.sync_api import Page, expect

from tests import axe
from tests.browser.people import Crowd
from tests.browser.stage import Stage

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.enable_socket, pytest.mark.django_db]


@pytest.mark.parametrize("width", [360, 1280])
def test_the_desk_is_accessible(stage: Stage, crowd: Crowd, width: int) -> None:
    group = stage.page()
    text = f"На Светлой, {width} лужа и яма, темно. И когда запишут в детский сад?"
    stage.network.act(
        "comment", group_id=group, post_id=stage.post(group), user_id=9000 + width, first_name="Инна",
        last_name="Соснова", text=text, photos=[{"drawn": "лужа"}],
    )  # fmt: skip
    look = {"viewport": {"width": width, "height": 800}}
    stranger = crowd.window(**look).new_page()
    stranger.goto(f"{stage.site}/desk/")
    judge(stranger)
    dispatcher = crowd.staff("klimova", **look)
    dispatcher.look("view=all&sort=newest")
    expect(dispatcher.row("На Светлой").first).to_be_visible()
    judge(dispatcher.page)
    dispatcher.row("На Светлой").first.click()
    expect(dispatcher.story).to_contain_text("На Светлой")
    judge(dispatcher.page)
    for key, panel in (("e", "correct"), ("x", "reject"), ("m", "attach"), ("s", "split")):
        dispatcher.page.keyboard.press(key)
        expect(dispatcher.page.get_by_test_id(f"panel-{panel}")).to_be_visible()
        judge(dispatcher.page)
        dispatcher.page.keyboard.press("Escape")
    if width > 360:  # a phone has no keys to explain
        dispatcher.page.keyboard.press("?")
        expect(dispatcher.page.get_by_role("dialog")).to_be_visible()
        judge(dispatcher.page)
    dispatcher.page.goto(f"{stage.site}/accounts/2fa/")
    judge(dispatcher.page)


def judge(page: Page) -> None:
    """No fault that axe calls serious or critical, in light and in dark."""
    assert axe.faults(page, grave_only=True) == [], page.url
