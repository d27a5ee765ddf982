"""The sweep of passports against a simulated network whose clock runs fast: limits, turns, restarts, broken pages."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone
from procrastinate.contrib.django import app

from netsim.server import Running, running
from netsim.settings import Settings
from otklik.channels import operations as channels
from otklik.channels.models import Token
from otklik.common import jobs
from otklik.common.actor import SYSTEM
from otklik.flow import clock, passports
from otklik.news.models import Post
from otklik.registry.models import OfficialPage, PageCheck, PageTask, PageWeek, Passport
from otklik.registry.operations import passports as registry
from tests import cast

# Threads ask for the pages' own keys, so what a test made must be there for them.
pytestmark = pytest.mark.django_db(transaction=True)
SPEED, FIRST = 30, 260_000_001
OPENED = date(2025, 1, 1)
ADDRESS = {"address": "ул. Мира, 1", "phone": "+7 383 000-00-00", "latitude": 54.7, "longitude": 83.1}


@pytest.fixture(scope="module")
def network() -> Iterator[Running]:
    with running(Settings(speed=SPEED)) as network:
        yield network


@dataclass
class Region:
    """Some pages of ours in the simulated network, and its own errors since the test began."""

    network: Running
    pages: list[OfficialPage]
    errors: dict[int, int]
    now: datetime = field(default_factory=timezone.now)

    def sweep(self, **more: Any) -> int:
        return passports.sweep(now=self.now, **more)

    def sweep_all(self) -> int:
        done = 0
        while found := self.sweep():
            done += found
        return done

    def later(self, **passed: float) -> None:
        self.now += timedelta(**passed)

    def change(self, page: OfficialPage, **values: Any) -> None:
        def deed(world: Any) -> None:
            for name, value in values.items():
                setattr(world.communities[int(page.external_id)], name, value)

        self.network.call(deed)

    def refused(self, code: int = 6) -> int:
        return self.network.hub.errors.get(code, 0) - self.errors.get(code, 0)

    def calls(self, method: str) -> int:
        return self.network.hub.calls.get(method, 0)

    def state(self, page: OfficialPage, code: str) -> str:
        return PageCheck.objects.get(page=page, code=code).state


def _community(world: Any, page: OfficialPage) -> None:
    number = int(page.external_id)
    world.create_community(
        id=number, name=page.title, admins=[1, 2], is_government=True, members_count=500, addresses=[ADDRESS]
    )
    for day in range(1, 10):
        world.create_post(-number, from_id=-number, text="Новости", date=world.now() - day * 86_400, views=90)


@pytest.fixture
def build(network: Running, settings: Any) -> Callable[[int], Region]:
    """Makes a region of so many pages, half of them connected, with a service key of five calls a second."""
    settings.VK_API_URL = settings.VK_SITE_URL = network.url
    cast.region()

    def make(count: int) -> Region:
        body = cast.body()
        pages = [
            cast.page(body, external_id=str(FIRST + number), title=f"Министерство {number}", opened_on=OPENED)
            for number in range(count)
        ]

        def found(world: Any) -> tuple[str, list[str]]:
            world.communities.clear()
            world.walls.clear()
            for page in pages:
                _community(world, page)
            keys = [
                world.issue_token(kind="community", group_id=int(page.external_id)).value
                for page in pages[::2]
            ]
            return world.issue_token(kind="service").value, keys

        service, keys = network.call(found)
        # The rate is data: five a second of a network whose seconds are so much shorter.
        channels.set_service_token(value=service, by=SYSTEM, now=timezone.now(), rate=5 * SPEED)
        for page, key in zip(pages[::2], keys, strict=True):
            connection = cast.connection(page)
            Token.objects.create(
                connection=connection, network="vk", kind="community", value=key, rate=20 * SPEED
            )
        return Region(network, pages, dict(network.hub.errors))

    yield make
    network.hub.faults.clear()


def test_every_page_is_looked_at_once_within_the_limits(build: Callable[[int], Region]) -> None:
    region = build(60)
    walls, groups = region.calls("wall.get"), region.calls("groups.getById")
    assert region.sweep_all() == 60
    assert region.refused() == 0
    assert region.calls("wall.get") - walls == 60
    assert region.calls("groups.getById") - groups == 1
    assert Passport.objects.filter(problem="").exclude(checked_at=None).count() == 60
    connected, other = region.pages[0], region.pages[1]
    assert region.state(connected, "token") == "fine"
    assert region.state(connected, "administrators") == "fine"
    assert region.state(other, "token") == "unknown"
    assert region.state(other, "rhythm") == "fine"
    assert Post.objects.filter(page=other).count() == 9
    assert PageWeek.objects.filter(page=other).exclude(score=None).count() == 1
    other.refresh_from_db()
    assert (other.followers, other.badge_status) == (500, "confirmed")
    assert region.sweep() == 0
    region.later(hours=21)
    assert region.sweep_all() == 60


def test_a_stop_in_the_middle_gives_back_what_was_not_looked_at(build: Callable[[int], Region]) -> None:
    region = build(50)
    # Asked before each part of a turn and before each page.
    asked = iter([False] * 26 + [True] * 50)
    assert region.sweep(stop=lambda: next(asked)) == 25
    walls = region.calls("wall.get")
    assert region.sweep_all() == 25
    assert region.calls("wall.get") - walls == 25
    assert not Passport.objects.filter(checked_at=None).exists()


def test_what_a_killed_process_had_taken_is_taken_up_after_its_lease(build: Callable[[int], Region]) -> None:
    region = build(30)
    registry.take_pages(now=region.now, limit=20)
    assert region.sweep_all() == 10
    region.later(minutes=4)
    assert region.sweep_all() == 20
    assert region.refused() == 0


def test_a_broken_key_is_a_gap_of_its_page_only(build: Callable[[int], Region]) -> None:
    region = build(20)
    broken = region.pages[0]
    key = Token.objects.get(connection__page=broken)
    region.network.call(lambda world: world.revoke_token(key.value))
    assert region.sweep_all() == 20
    assert region.state(broken, "token") == "gap"
    assert PageTask.objects.filter(code="token").get().page == broken
    assert region.state(region.pages[2], "token") == "fine"
    # The key is known to be dead: it is not tried again, and the page's wall is still read.
    refused = region.refused(5)
    region.later(hours=21)
    assert region.sweep_all() == 20
    assert region.refused(5) == refused
    assert region.state(broken, "token") == "gap"


def test_a_page_whose_wall_fails_is_noted_and_the_others_go_on(build: Callable[[int], Region]) -> None:
    region = build(10)
    failing, shut = region.pages[3], region.pages[4]
    region.change(shut, is_closed=1)

    def fail(world: Any) -> None:
        # The service key names no community, so the wall itself is made to break.
        region.network.hub.faults.add(what="http", status=502, method="wall.get", count=1)

    region.network.call(fail)
    assert region.sweep_all() == 9
    noted = Passport.objects.exclude(problem="")
    assert noted.count() == 1
    assert noted.get().checked_at is None
    assert failing
    assert region.state(shut, "page") == "gap"
    region.later(minutes=30)
    assert region.sweep() == 0
    region.later(minutes=31)
    assert region.sweep() == 1
    assert not Passport.objects.exclude(problem="").exists()


def test_without_a_network_nothing_is_blamed_on_pages(build: Callable[[int], Region], settings: Any) -> None:
    region = build(5)
    settings.VK_API_URL = "http://127.0.0.1:9"
    assert region.sweep() == 0
    assert not Passport.objects.exclude(problem="").exists()
    settings.VK_API_URL = region.network.url
    assert region.sweep() == 5


def test_a_dead_service_key_stops_the_sweep_and_loses_nothing(build: Callable[[int], Region]) -> None:
    region = build(5)
    key = Token.objects.get(connection=None)
    region.network.call(lambda world: world.revoke_token(key.value))
    assert region.sweep() == 0
    assert region.sweep() == 0
    region.network.call(lambda world: world.issue_token(kind="service", value=key.value))
    Token.objects.filter(pk=key.pk).update(state="ok")
    assert region.sweep() == 5


def test_a_broken_badge_becomes_a_task_and_the_task_closes_when_it_is_back(
    build: Callable[[int], Region],
) -> None:
    region = build(3)
    page = region.pages[0]
    region.sweep_all()
    assert region.state(page, "badge") == "fine"
    region.change(page, is_government=False, wall=3)
    registry.check_soon(page=page, by=SYSTEM, now=region.now)
    assert region.sweep() == 1
    opened = PageTask.objects.get(page=page, code="badge")
    assert opened.state == "open"
    assert PageTask.objects.get(page=page, code="comments").state == "open"
    page.refresh_from_db()
    assert page.badge_status == "lost"
    region.change(page, is_government=True, wall=1)
    region.later(days=1)
    registry.check_soon(page=page, by=SYSTEM, now=region.now)
    region.sweep_all()
    opened.refresh_from_db()
    assert opened.state == "done"
    assert not PageTask.objects.filter(page=page, code="comments", state="open").exists()
    page.refresh_from_db()
    assert page.badge_status == "confirmed"


def test_answers_and_waiting_questions_come_from_the_road(build: Callable[[int], Region]) -> None:
    region = build(2)
    page = region.pages[0]
    asked = cast.message(under=page.connection)
    incident = cast.incident("in_progress", message=asked)
    type(incident).objects.filter(pk=incident.pk).update(received_at=region.now - timedelta(days=9))
    region.sweep_all()
    assert region.state(page, "answers") == "gap"
    cast.message("Ответ", under=page.connection, is_own=True)
    cast.settle(cast.publish(incident), "delivered")
    region.later(hours=21)
    region.sweep_all()
    assert region.state(page, "answers") == "fine"
    assert Passport.objects.get(page=page).last_answer_at == cast.NOW


def test_pictures_are_hashed_a_few_at_a_time_and_once(build: Callable[[int], Region]) -> None:
    region = build(12)

    def draw(world: Any) -> None:
        from netsim.images import drawn

        for page in region.pages:
            world.communities[int(page.external_id)].photo = world.keep_file(drawn(page.title), "png")

    region.network.call(draw)

    def hashed() -> int:
        return sum(bool(row.facts.get("avatar_hash")) for row in Passport.objects.all())

    counts = []
    for _day in range(3):
        region.sweep_all()
        region.later(hours=21)
        counts.append(hashed())
    assert counts == [passports.PICTURES_A_WRITE, 12, 12]


def test_the_job_renews_until_nothing_is_left(build: Callable[[int], Region]) -> None:
    build(4)

    class Context:
        def should_abort(self) -> bool:
            return False

    assert app.tasks[jobs.PASSPORTS].lock == "passports"
    clock.renew_passports(Context())
    assert Passport.objects.exclude(checked_at=None).count() == 4
