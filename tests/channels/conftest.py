"""A real simulator behind real HTTP."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from netsim.server import Running, running
from netsim.settings import Settings
from otklik.channels import operations
from otklik.common.actor import SYSTEM
from tests.channels.town import ADMIN, RESIDENT, Town, numbers


@pytest.fixture(scope="session")
def sim() -> Iterator[Running]:
    """One simulated network for the whole run; callbacks that nobody answers are not repeated for long."""
    with running(Settings(time_scale=0.001, callback_timeout=1.0)) as network:
        yield network


@pytest.fixture
def build(sim: Running, settings: Any) -> Callable[[], Town]:
    """Makes communities in the simulated network."""
    settings.VK_API_URL = settings.VK_SITE_URL = sim.url
    # Nobody listens there: what comes in by callbacks is the business of other tests.
    settings.BASE_URL = "http://127.0.0.1:9"

    def make() -> Town:
        group_id = next(numbers)

        def found(world: Any) -> tuple[int, dict[str, str]]:
            world.create_community(id=group_id, name="Администрация", admins=[ADMIN])
            for number, name in ((RESIDENT, "Ольга"), (ADMIN, "Пётр")):
                world.user(number) or world.create_user(id=number, first_name=name, last_name="Котова")
            post = world.create_post(-group_id, from_id=-group_id, text="Ремонт улицы Школьной")
            keys = {
                "community": world.issue_token(kind="community", group_id=group_id, user_id=ADMIN).value,
                "user": world.issue_token(kind="user", user_id=ADMIN).value,
                "service": world.issue_token(kind="service").value,
            }
            return post.id, keys

        post_id, keys = sim.call(found)
        return Town(sim, group_id, post_id, keys)

    return make


@pytest.fixture
def town(build: Callable[[], Town], sim: Running) -> Iterator[Town]:
    """A community in the simulated network, and peace in it afterwards."""
    yield build()
    sim.hub.faults.clear()


@pytest.fixture
def service(db: None, town: Town) -> None:
    """The region's service key."""
    operations.set_service_token(value=town.keys["service"], by=SYSTEM, now=town.clock())
