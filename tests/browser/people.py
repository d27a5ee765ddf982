"""People at their browsers: a resident in the simulated network, staff at the desk."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from tests import cast
from tests.browser.stage import Stage


@dataclass
class Resident:
    """A person in the simulated network."""

    stage: Stage
    page: Page
    name: str

    @classmethod
    def come(cls, stage: Stage, context: BrowserContext, name: str) -> "Resident":
        """Enter the network under a name."""
        page = context.new_page()
        page.goto(f"{stage.sim}/who")
        page.get_by_label("Другое имя").fill(name)
        page.get_by_role("button", name="Войти").click()
        page.wait_for_url(lambda address: "/who" not in address)
        return cls(stage, page, name)

    def open(self, place: str) -> None:
        """Open a place of the network and wait until its news are listened to."""
        self.page.goto(f"{self.stage.sim}/{place}")
        self.page.locator("body[data-stream=open]").wait_for()

    def comment(self, text: str, photo: Path | None = None) -> Locator:
        """Write under what is open; the comment as it stands there."""
        self.page.get_by_label("Комментарий", exact=True).fill(text)
        if photo:
            self.page.get_by_label("Фото").set_input_files([photo])
        self.page.get_by_role("button", name="Отправить").click()
        said = self.page.get_by_role("article", name=f"Комментарий: {self.name}").filter(has_text=text)
        expect(said).to_be_visible()
        self.page.locator("body[data-stream=open]").wait_for()
        return said


@dataclass
class Worker:
    """One of the staff at the desk."""

    stage: Stage
    page: Page

    @classmethod
    def come(cls, stage: Stage, context: BrowserContext, username: str) -> "Worker":
        """Open the desk as somebody who has logged in before."""
        context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": stage.sessions[username], "url": stage.site}]
        )
        page = context.new_page()
        page.goto(f"{stage.site}/desk/")
        expect(page.locator("#queue")).to_be_visible()
        return cls(stage, page)

    @classmethod
    def log_in(cls, stage: Stage, context: BrowserContext, username: str) -> "Worker":
        """Come through the form of the login."""
        page = context.new_page()
        page.goto(f"{stage.site}/desk/")
        page.get_by_label("Имя для входа или почта").fill(username)
        page.get_by_label("Пароль").fill(cast.PASSWORD)
        page.get_by_role("button", name="Войти", exact=True).click()
        expect(page.locator("#queue")).to_be_visible()
        return cls(stage, page)

    def look(self, query: str) -> None:
        """Open the queue with this query and wait until it listens."""
        with self.page.expect_request(lambda request: "/desk/stream?" in request.url):
            self.page.goto(f"{self.stage.site}/desk/?{query}")

    def row(self, text: str) -> Locator:
        """The row of the queue with these words."""
        return self.page.locator("#rows .row", has_text=text)

    def take(self, text: str) -> None:
        """Open the card behind a row."""
        self.row(text).click()
        expect(self.story).to_contain_text(text)
        expect(self.row(text)).to_have_attribute("aria-current", "true")

    def publish(self, question: str, text: str) -> None:
        """From the queue of the body to an answer on its way, by the keys."""
        self.look("view=routed&sort=newest")
        self.take(question)
        self.page.keyboard.press("a")
        expect(self.steps).to_contain_text("В работе")
        self.page.keyboard.press("r")
        self.page.keyboard.type(text)
        self.page.keyboard.press("Control+Enter")
        expect(self.page.get_by_test_id("preview")).to_contain_text(text)
        self.page.get_by_test_id("publish").click()
        expect(self.page.get_by_test_id("preview")).to_have_count(0)

    def reload_until(self, text: str) -> None:
        """Look at the card again and again, as a person who waits does."""
        for _ in range(20):
            if text in self.story.inner_text():
                return
            self.page.wait_for_timeout(1000)
            self.page.reload()
        expect(self.story).to_contain_text(text)

    @property
    def story(self) -> Locator:
        return self.page.locator("#story")

    @property
    def card(self) -> Locator:
        return self.page.locator("#card")

    @property
    def steps(self) -> Locator:
        return self.page.locator(".steps [aria-current=step], .steps .ended")


@dataclass
class Crowd:
    """Opens a browser window for each person and closes all of them at the end of the story."""

    browser: Browser
    stage: Stage
    contexts: list[BrowserContext] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)

    def window(self, **options: Any) -> BrowserContext:
        """A window with cookies of its own."""
        context = self.browser.new_context(
            **{"viewport": {"width": 1280, "height": 800}, "locale": "ru"} | options
        )
        context.on("weberror", lambda problem: self.failures.append(str(problem.error)))
        self.contexts.append(context)
        return context

    def leave(self) -> None:
        """Close every window."""
        for context in self.contexts:
            context.close()

    def resident(self, name: str, **options: Any) -> Resident:
        return Resident.come(self.stage, self.window(**options), name)

    def staff(self, username: str, **options: Any) -> Worker:
        return Worker.come(self.stage, self.window(**options), username)
