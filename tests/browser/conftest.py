"""Debian's chromium before real processes: the simulator, the site and a worker on the test database."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, connections
from playwright.sync_api import Browser, expect, sync_playwright

from tests.browser.people import Crowd
from tests.browser.stage import Stage, region_on_stage

CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
# Milliseconds: generous, for the machine may be busy; what is there is seen at once.
expect.set_options(timeout=15_000)
SWITCHES = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
]


@pytest.fixture(scope="module")
def stage(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: Any) -> Iterator[Stage]:
    """The region for the stories of one module. What they leave is swept away after them."""
    if not Path(CHROMIUM).exists():
        pytest.skip("chromium is not installed")
    with django_db_blocker.unblock():
        try:
            with region_on_stage(tmp_path_factory.mktemp("otklik")) as region:
                yield region
        finally:
            _sweep()


def _sweep() -> None:
    call_command("flush", verbosity=0, interactive=False)
    with connection.cursor() as cursor:
        cursor.execute("truncate procrastinate_jobs, procrastinate_workers cascade")
    connection.close()


@pytest.fixture(scope="module")
def browser(stage: Stage) -> Iterator[Browser]:
    # Playwright keeps a loop in this thread, and Django sees it when it opens and closes a test's transaction.
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
        yield started
        started.close()
        # Under a loop Django keeps another connection than without one.
        connections.close_all()


@pytest.fixture
def crowd(browser: Browser, stage: Stage) -> Iterator[Crowd]:
    """`crowd.resident(name)` and `crowd.staff(username)`, each in a browser window of their own.

    A script that fails in any of the windows fails the story.
    """
    people = Crowd(browser, stage)
    yield people
    people.leave()
    assert people.failures == []
