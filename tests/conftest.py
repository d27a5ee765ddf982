"""What the whole suite shares. The database comes from the plugin `launch.testing`, before settings are read."""

import os
from collections.abc import Generator, Iterator
from typing import Any

import pytest
from hypothesis import settings

from tests import migrated

# A machine that is busy with something else must not fail a property: what is timed is timed in bench/.
settings.register_profile("otklik", deadline=None)
settings.load_profile("otklik")

# In CI everything these need is installed, so a test that finds it missing has found a fault.
NEVER_SKIPPED = ("browser", "django_db", "clients")


def pytest_configure(config: pytest.Config) -> None:
    """Hashing a password takes half a second on purpose, which is Django's to prove and not ours."""
    if config.getoption("numprocesses", None) and not hasattr(config, "workerinput"):
        migrated.begin()
    from django.contrib.auth.hashers import PBKDF2PasswordHasher

    PBKDF2PasswordHasher.iterations = 1_000


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """The long campaigns run in full only in `make prove`; the suite has a seeded tenth of each."""
    # What is long begins first: nobody waits at the end for one worker that has met it last.
    items.sort(key=lambda item: not item.get_closest_marker("slow"))
    if os.environ.get("OTKLIK_PROVE"):
        return
    long = [item for item in items if item.get_closest_marker("prove")]
    config.hook.pytest_deselected(items=long)
    items[:] = [item for item in items if item not in long]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """In CI a skipped browser or database test is a failure, unless only the shared data is not there."""
    report = yield
    needed = any(item.get_closest_marker(name) for name in NEVER_SKIPPED)
    if report.skipped and needed and os.environ.get("OTKLIK_CI") and "../shared" not in str(report.longrepr):
        report.outcome = "failed"
        report.longrepr = f"skipped in CI: {report.longrepr}"
    return report


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """The database of each worker begins as a copy of the one that this run has migrated."""
    from django.db import connection

    connection.settings_dict["TEST"]["TEMPLATE"] = migrated.template()


@pytest.fixture(autouse=True)
def _forgetful_processes() -> Iterator[None]:
    """What a process keeps in memory between requests must not pass from one test to the next."""
    yield
    from django.core.cache import cache
    from django.utils import translation

    from otklik.common import wakeup
    from otklik.flow import intake, turns

    cache.clear()
    translation.deactivate()
    intake._known.clear()
    wakeup._rung.clear()
    turns.EVENTS.forget()
    turns.MESSAGES.forget()


@pytest.fixture(autouse=True)
def _empty_queue(request: pytest.FixtureRequest) -> Iterator[None]:
    """The tables of the queue are unmanaged, so Django does not empty them after a test that commits."""
    mark = request.node.get_closest_marker("django_db")
    if not (mark and mark.kwargs.get("transaction")):
        yield
        return
    blocker: Any = request.getfixturevalue("django_db_blocker")
    yield
    from django.db import connection

    with blocker.unblock(), connection.cursor() as cursor:
        cursor.execute("truncate procrastinate_jobs, procrastinate_workers cascade")
