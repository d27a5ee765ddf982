"""The small region of the desk's tests, and its people at their browsers."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from tests.desk.world import World, build


@pytest.fixture
def world(db: None) -> World:
    return build(timezone.now())


@pytest.fixture
def at(world: World) -> Callable[..., Client]:
    """`at("dispatcher")` is a logged-in browser of that person; `htmx=True` asks as the script does."""

    def browser(username: str, *, htmx: bool = False) -> Client:
        headers = {"HX-Request": "true", "HX-Target": "card"} if htmx else {}
        client = Client(headers=headers)
        client.force_login(world.people[username], backend="django.contrib.auth.backends.ModelBackend")
        return client

    return browser
