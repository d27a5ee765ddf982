"""Pictures for the README out of the running product: `python -m bench.screenshots` (`make screenshots`).

The whole system is started as `otklik up` starts it, in a home of its own; residents write, staff work at the desk
by its keys, and what they see is kept in docs/img.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, expect, sync_playwright

from bench.palette import packed
from bench.stage import free_port
from demo.data.pages import pages
from demo.data.staff import PASSWORD
from demo.messages.generator import resident_messages
from demo.messages.photos import photo
from demo.network import SimulatedNetwork
from demo.orders import base64_of, order_of

PICTURES = Path(__file__).parents[1] / "docs" / "img"
CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
WIDE, PHONE = {"width": 1280, "height": 800}, {"width": 360, "height": 740}
SEED = 2026
ZONE = "Asia/Novosibirsk"
# What the last line of the welcome begins with.
IS_UP = "Остановить всё"
YARD = (
    "Здравствуйте! На Учительской, 17 огромная яма у въезда во двор, вчера пробил колесо. "
    "И когда включат фонари? Третью неделю темно, дети идут из школы с фонариками."
)
LAMPS = (
    "Добрый вечер! На Объединения, 23 третью неделю не горят фонари, ребёнок возвращается из школы в темноте. "
    "Когда починят?"
)
LOADED = """
    Promise.all([...document.images].map((each) => {
        each.loading = "eager";
        return each.decode().catch(() => 0);
    }))
"""
ANSWER = (
    "здравствуйте! Кабель повреждён при земляных работах. Бригада горсвета заменит его до 25 ноября, "
    "пока поставили два переносных светильника."
)
ROADS = next(page for page in pages() if page.body.code == "city-roads")


@dataclass
class Place:
    """The addresses of the running system."""

    site: str
    sim: str


@contextmanager
def system(home: Path) -> Iterator[Place]:
    """`otklik up` on free ports; ready when it has said so."""
    web, sim = free_port(), free_port()
    env = {
        name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "OTKLIK_BASE_URL"}
    }
    env |= {
        "PORT": str(web),
        "SIM_PORT": str(sim),
        "OTKLIK_HOME": str(home),
        "OTKLIK_DEMO_PER_MINUTE": "0",
        "TZ": ZONE,
    }
    child = subprocess.Popen(
        [sys.executable, "-m", "launch", "up"], env=env, stdout=subprocess.PIPE, text=True
    )
    try:
        assert child.stdout is not None
        if not any(IS_UP in line for line in child.stdout):
            raise RuntimeError(f"otklik up ended with {child.wait()}")
        yield Place(f"http://127.0.0.1:{web}", f"http://127.0.0.1:{sim}")
    finally:
        child.terminate()
        child.wait(30)


def window(browser: Browser, size: dict[str, int], scheme: str = "light") -> Page:
    """A fresh browser window."""
    options: dict[str, Any] = {
        "viewport": size,
        "color_scheme": scheme,
        "locale": "ru-RU",
        "timezone_id": ZONE,
    }
    if size is PHONE:
        options |= {"is_mobile": True, "has_touch": True, "device_scale_factor": 2}
    return browser.new_context(**options).new_page()


def enter(page: Page, place: Place, username: str, view: str) -> None:
    """Log in and open a view of the queue."""
    page.goto(f"{place.site}/desk/")
    page.get_by_label("Имя для входа или почта").fill(username)
    page.get_by_label("Пароль").fill(PASSWORD)
    page.get_by_role("button", name="Войти", exact=True).click()
    expect(page.locator("#queue")).to_be_visible()
    page.goto(f"{place.site}/desk/?{view}")


def take(page: Page, words: str) -> None:
    """Open the card of these words; its author has a name and its photo is there."""
    page.locator("#rows .row", has_text=words).click()
    expect(page.locator("#story")).to_contain_text(words)
    for _ in range(30):
        if "Житель №" not in page.locator("#story").inner_text():
            break
        page.wait_for_timeout(1000)
        page.reload()
    page.wait_for_timeout(700)


def keep(page: Page, name: str) -> None:
    """The picture of the window."""
    picture = page.screenshot(animations="disabled")
    (PICTURES / f"{name}.png").write_bytes(packed(picture))
    print(f"docs/img/{name}.png {(PICTURES / f'{name}.png').stat().st_size // 1024} KB")


def write_around(network: SimulatedNetwork) -> None:
    """A few requests for the queue, after what the region brought with it has been read."""
    while network._ask("GET", "/sim/deliveries")["pending"]:
        time.sleep(0.5)
    time.sleep(5)
    requests = (each for each in resident_messages(SEED, today=datetime.now(UTC).date()) if each.topics)
    for message in islice(requests, 8):
        posts = [each["id"] for each in network.all("posts", group_id=message.page.group_id)]
        deed, order = order_of(message, posts, stamp="pictures")
        network.act(deed, **order)
        time.sleep(0.2)


def write(network: SimulatedNetwork) -> int:
    """Two residents under the newest post of the department of roads; the number of that post."""
    write_around(network)
    post = max(each["id"] for each in network.all("posts", group_id=ROADS.group_id) if each["comments_open"])
    people: tuple[tuple[int, str, str, str, str], ...] = (
        (954_100_001, "Павел", "Ермолаев", LAMPS, "lamp"),
        (954_100_002, "Ольга", "Синицына", YARD, "pothole"),
    )
    for number, first, last, text, scene in people:
        network.act(
            "comment", user_id=number, first_name=first, last_name=last, sex=1 if first == "Ольга" else 2,
            group_id=ROADS.group_id, post_id=post, text=text, photos=[base64_of(photo(scene))],
        )  # fmt: skip
    return int(post)


def draw_answer(browser: Browser, place: Place) -> None:
    """The executor takes the lamps, answers, and the card shows where the answer stands."""
    page = window(browser, WIDE, "dark")
    enter(page, place, "executor-dtibk", "view=routed&sort=newest")
    take(page, "На Объединения, 23")
    page.keyboard.press("a")
    expect(page.locator(".steps [aria-current=step]")).to_contain_text("В работе")
    page.locator("#text").fill(f"Павел, {ANSWER}")
    page.keyboard.press("Control+Enter")
    page.get_by_test_id("publish").click()
    expect(page.get_by_test_id("delivery")).to_contain_text("Стоит в сети", timeout=20_000)
    page.wait_for_timeout(1500)
    page.locator("#story").evaluate("it => it.scrollTo(0, 0)")
    keep(page, "desk-dark")


def draw_triage(browser: Browser, place: Place) -> None:
    """The dispatcher before a message that needs a person, wide and on a phone."""
    page = window(browser, WIDE)
    enter(page, place, "dispatcher", "view=all&sort=newest")
    take(page, "На Учительской, 17")
    keep(page, "desk")
    phone = window(browser, PHONE)
    enter(phone, place, "dispatcher", "view=all&sort=newest")
    phone.wait_for_timeout(700)
    keep(phone, "desk-phone-queue")
    take(phone, "На Учительской, 17")
    keep(phone, "desk-phone-card")


def draw_register(browser: Browser, place: Place) -> None:
    """The register as its keeper sees it, and the catalogue of residents."""
    page = window(browser, WIDE)
    enter(page, place, "methodist", "view=triage")
    page.goto(f"{place.site}/desk/register/")
    page.wait_for_timeout(500)
    keep(page, "register")
    resident = window(browser, PHONE)
    resident.goto(f"{place.site}/search?q=больница 51")
    resident.wait_for_timeout(500)
    keep(resident, "catalogue-phone")


def draw_network(browser: Browser, place: Place, post: int) -> None:
    """What the residents see."""
    for size, name in ((WIDE, "simulator-wall"), (PHONE, "simulator-phone")):
        page = window(browser, size)
        page.goto(f"{place.sim}/who")
        page.get_by_label("Другое имя").fill("Павел Ермолаев")
        page.get_by_role("button", name="Войти").click()
        page.goto(f"{place.sim}/wall-{ROADS.group_id}_{post}")
        page.locator("body[data-stream=open]").wait_for()
        # What is loaded late would push the answer out of the picture.
        page.evaluate(LOADED)
        answer = page.get_by_role("article", name=f"Ответ: {ROADS.title}").filter(has_text="Павел")
        expect(answer).to_be_visible()
        aside = 90 if size is WIDE else 60
        answer.evaluate(
            f"it => scrollTo(0, it.getBoundingClientRect().bottom + scrollY - innerHeight + {aside})"
        )
        page.wait_for_timeout(300)
        keep(page, name)


def main() -> None:
    """Draw all of them."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    home = Path(tempfile.mkdtemp(prefix="otklik-pictures-", dir="/tmp"))
    home.chmod(0o755)
    try:
        with ExitStack() as stack:
            place = stack.enter_context(system(home))
            network = stack.enter_context(SimulatedNetwork(place.sim))
            playwright = stack.enter_context(sync_playwright())
            browser = playwright.chromium.launch(
                executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
            )
            expect.set_options(timeout=20_000)
            post = write(network)
            draw_answer(browser, place)
            draw_triage(browser, place)
            draw_network(browser, place, post)
            draw_register(browser, place)
            browser.close()
    finally:
        shutil.rmtree(home, ignore_errors=True)


if __name__ == "__main__":
    main()
