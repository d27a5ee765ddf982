"""What the whole suite shares. The database comes from the plugin `launch.testing`, before settings are read."""

from collections.abc import Iterator
from typing import Any

import pytest


@pytest.fixture(autouse=True)
def _forgetful_processes() -> Iterator[None]:
    """What a process keeps in memory between requests must not pass from one test to the next."""
    yield
    from django.core.cache import cache

    from otklik.common import wakeup
    from otklik.flow import intake, pages_with_news

    cache.clear()
    intake._known.clear()
    wakeup._rung.clear()
    pages_with_news._turn.after = 0


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
