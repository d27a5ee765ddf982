"""The stage of the browser stories: a small region made by the product's own verbs, with real processes around it."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from django.db import connection
from django.test import Client, override_settings
from django.utils import timezone

from bench import stage as processes
from demo.network import SimulatedNetwork
from otklik.channels import operations as channels
from otklik.channels.enums import ConnectionState
from otklik.common.actor import SYSTEM
from otklik.people.enums import Role
from otklik.people.models import Account
from otklik.registry.models import Municipality, OfficialPage, Organization
from otklik.triage.operations import load_topics
from tests import cast
from tests.database import database_address

FIRST_GROUP = 8801
# Each story takes a page of its own, so that none sees what another has left.
PAGES = 12
SERVICE_KEY = "service-key-of-the-stage"
_numbers = count(1)


@dataclass
class Stage:
    """What a story works with: two addresses, the network behind them, and pages nobody has written to yet.

    `sessions` are those of people who have logged in before the story begins, by their usernames.
    """

    site: str
    sim: str
    network: SimulatedNetwork
    sessions: dict[str, str]
    free: list[int] = field(default_factory=lambda: [FIRST_GROUP + number for number in range(PAGES)])

    def page(self) -> int:
        """A page that no story has used: the number of its community."""
        return self.free.pop()

    def post(self, group_id: int, text: str = "План благоустройства дворов на весну", **fields: Any) -> int:
        """A new post on the wall of the page."""
        (made,) = self.network.make("posts", [{"group_id": group_id, "text": text, **fields}])
        return int(made["id"])

    def comments(self, group_id: int, **narrow: int) -> list[dict[str, Any]]:
        """What stands on the page now."""
        return list(self.network.all("comments", group_id=group_id, **narrow))

    def later(self, statement: str) -> None:
        """Change what was written down, as if time had passed; kept at once, for the site to see it."""
        with psycopg.connect(database_address(), autocommit=True) as beside:
            beside.execute(statement.encode())


@contextmanager
def region_on_stage(folder: Path) -> Iterator[Stage]:
    """Simulator, web and worker on ports of their own against the test database, and a region connected to them."""
    sim_port, web_port = processes.free_port(), processes.free_port()
    sim, site = f"http://127.0.0.1:{sim_port}", f"http://127.0.0.1:{web_port}"
    env = {
        "DATABASE_URL": database_address(),
        "OTKLIK_VK_API_URL": sim,
        "OTKLIK_VK_SITE_URL": sim,
        "OTKLIK_BASE_URL": site,
        "OTKLIK_LOG_LEVEL": "ERROR",
        "OTKLIK_HOME": str(folder),
    }
    simulator = ("-m", "netsim", "--port", str(sim_port), "--time-scale", "0.01")
    with ExitStack() as stack:
        stack.enter_context(processes.process(*simulator, wait_for=f"{sim}/healthz"))
        stack.enter_context(processes.web(web_port, **env))
        stack.enter_context(processes.worker(**env))
        network = stack.enter_context(SimulatedNetwork(sim))
        with override_settings(VK_API_URL=sim, VK_SITE_URL=sim, BASE_URL=site):
            _region(network)
        sessions = _logged_in()
        connection.close()
        yield Stage(site, sim, network, sessions)


def _region(network: SimulatedNetwork) -> None:
    """A city with its pages, a school beside it, and people at their desks."""
    load_topics()
    cast.region(name="Заречная область", code="90", is_demo=True)
    place = cast.municipality(name="Город Лунинск", short_name="Лунинск", kind="city")
    city = cast.body(
        "Администрация города Лунинска",
        short_name="Администрация Лунинска",
        level="municipal",
        type="administration",
        municipality=place,
    )
    school = cast.school(place, parent=city, short_name="Школа № 7, Лунинск")
    _staff(city, school)
    _connect(network, city, place)


def _staff(city: Organization, school: Organization) -> None:
    cast.dispatcher(username="klimova", full_name="Мария Климова", password=cast.PASSWORD)
    cast.dispatcher(username="popov", full_name="Иван Попов", password=cast.PASSWORD)
    cast.account(Role.METHODIST, username="belova", full_name="Вера Белова", password=cast.PASSWORD)
    cast.account(Role.CENTER_HEAD, username="orlova", full_name="Елена Орлова")
    cast.executor(city, username="sergeev", full_name="Олег Сергеев", password=cast.PASSWORD)
    cast.account(Role.APPROVER, organization=city, username="titova", full_name="Галина Титова")
    cast.account(
        Role.EXECUTOR,
        organization=school,
        username="vlasova",
        full_name="Наталья Власова",
        password=cast.PASSWORD,
    )


def _logged_in() -> dict[str, str]:
    """Logging in by the form costs seconds and is a story of its own; every other one begins at the desk."""
    sessions = {}
    for account in Account.objects.exclude(username=""):
        client = Client()
        client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
        sessions[account.username] = client.cookies[settings.SESSION_COOKIE_NAME].value
    return sessions


def _connect(network: SimulatedNetwork, city: Organization, place: Municipality) -> None:
    groups = [FIRST_GROUP + number for number in range(PAGES)]
    made = [
        {"id": each, "name": f"Лунинск: новости города {each}", "city": place.short_name} for each in groups
    ]
    network.make("communities", made)
    keys = [{"kind": "community", "group_id": each, "value": f"key-{each}"} for each in groups]
    network.make("tokens", [*keys, {"kind": "service", "value": SERVICE_KEY}])
    now = timezone.now()
    channels.set_service_token(value=SERVICE_KEY, by=SYSTEM, now=now)
    pages: list[OfficialPage] = [
        cast.page(
            city, external_id=each, title=f"Лунинск: новости города {each}", url=f"{network.url}/club{each}"
        )
        for each in groups
    ]
    given = [channels.PageKeys(page, f"key-{page.external_id}") for page in pages]
    connected = channels.connect_pages(pages=given, by=SYSTEM, now=now)
    assert {each.state for each in connected} == {ConnectionState.CONNECTED}, connected
