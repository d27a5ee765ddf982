"""The pages of the triage can be read by everybody: wide and narrow, light and dark, nothing beyond the edge."""

import pytest
from playwright.sync_api import expect

from tests.browser.people import Crowd
from tests.browser.stage import Stage
from tests.browser.test_reading import judge

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.enable_socket, pytest.mark.django_db]

PAGES = ("", "cases/", "proposals/", "surges/", "topics/", "topics/versions/", "models/", "examples/")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_pages_of_the_triage_can_be_read(stage: Stage, crowd: Crowd, scheme: str, width: int) -> None:
    look = {"viewport": {"width": width, "height": 800}, "color_scheme": scheme}
    page = crowd.staff("orlova", **look).page
    for each in PAGES:
        page.goto(f"{stage.site}/desk/triage/{each}")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, each
        judge(page)
