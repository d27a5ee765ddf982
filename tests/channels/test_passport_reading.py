"""What VK tells of a page becomes facts; what it does not tell stays unknown."""

import base64
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from netsim.images import drawn
from otklik.channels import operations as channels
from otklik.channels.base import NetworkFailure
from otklik.channels.limits import Pace
from otklik.channels.models import Token
from otklik.channels.vk import passport as vk
from otklik.channels.vk.api import Api
from otklik.registry.rules.passport import Facts
from tests.channels.town import ADMIN, Town

ADDRESS = {
    "address": "ул. Мира, 1", "phone": "+7 383 000-00-00", "latitude": 54.75, "longitude": 83.1,
    "work_info_status": "timetable", "timetable": {"mon": {"open_time": 540, "close_time": 1080}},
}  # fmt: skip


def api(town: Town, kind: str = "service") -> Api:
    return Api(town.sim.url, town.keys[kind], kind=kind)


def settings_of(town: Town, **values: Any) -> None:
    def change(world: Any) -> None:
        for name, value in values.items():
            setattr(world.communities[town.group_id], name, value)

    town.sim.call(change)


def facts(town: Town) -> Facts:
    return vk.read_pages(api(town), [str(town.group_id)])[str(town.group_id)]


def test_a_bare_page_shows_what_it_lacks_and_not_what_nobody_tells(town: Town) -> None:
    seen = facts(town)
    assert (seen.title, seen.description, seen.category) == ("Администрация", "", "")
    assert (seen.has_avatar, seen.has_cover, seen.has_map_point) == (False, False, False)
    assert (seen.address, seen.phone, seen.email, seen.hours, seen.links) == ("", "", "", "", ())
    assert (seen.has_badge, seen.comments_open, seen.away) == (None, None, None)
    assert (seen.token_alive, seen.administrators, seen.last_post_at, seen.weeks) == (None, None, None, ())


def test_a_whole_page_shows_everything(town: Town) -> None:
    settings_of(
        town, description="Официальная страница", activity="Администрация", site="https://adm.example",
        contacts=[{"desc": "Приёмная", "email": "a@adm.example"}], addresses=[ADDRESS], is_government=True,
        photo="a.png", cover="c.png", members_count=15_234, verified=1,
        links=[{"id": 1, "name": "Сайт", "desc": "", "url": "https://adm.example"}],
    )  # fmt: skip
    seen = facts(town)
    assert (seen.phone, seen.email, seen.address) == ("+7 383 000-00-00", "a@adm.example", "ул. Мира, 1")
    assert (seen.has_map_point, seen.hours) == (True, "расписание по дням недели")
    assert (seen.has_avatar, seen.has_cover, seen.has_badge, seen.is_verified) == (True, True, True, True)
    assert (seen.followers, seen.links) == (15_234, ("https://adm.example",))
    assert seen.avatar_url is not None
    assert seen.avatar_url.startswith(f"{town.sim.url}/img/a.png")


@pytest.mark.parametrize(("told", "known"), [(True, True), (False, False), (None, None)])
def test_a_mark_that_is_not_told_is_not_known(town: Town, told: bool | None, known: bool | None) -> None:
    settings_of(town, is_government=told)
    assert facts(town).has_badge is known


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"deactivated": "banned"}, "заблокирована"),
        ({"deactivated": "deleted"}, "удалена"),
        ({"is_closed": 1}, "закрыта"),
    ],
)
def test_a_page_that_nobody_can_read_is_away(town: Town, change: dict[str, Any], words: str) -> None:
    settings_of(town, **change)
    away = facts(town).away
    assert away is not None
    assert words in away


def test_pages_that_are_not_there_are_away(town: Town) -> None:
    there = str(town.group_id)
    found = vk.read_pages(api(town), ["249999998", there, "не число"])
    assert [found[key].away for key in ("249999998", there, "не число")] == [vk.GONE, None, vk.GONE]
    assert vk.read_pages(api(town), ["249999998"])["249999998"].away == vk.GONE


def test_five_hundred_pages_are_one_call(town: Town) -> None:
    calls = town.sim.hub.calls.get("groups.getById", 0)
    vk.read_pages(api(town), [str(town.group_id), *(str(249_000_000 + number) for number in range(499))])
    assert town.sim.hub.calls["groups.getById"] == calls + 1


def test_a_wall_is_read_with_one_call(town: Town) -> None:
    def publish(world: Any) -> None:
        source = world.create_post(
            -town.group_id, from_id=-town.group_id, text="Отключение воды " * 10, views=120
        )
        world.create_post(-town.group_id, from_id=-town.group_id, copy_of=source.key)

    town.sim.call(publish)
    town.say("Почему?")
    wall = vk.read_wall(api(town), str(town.group_id))
    assert wall.complete
    assert wall.comments_open is True
    posts = {post.external_id: post for post in wall.posts}
    first = posts[str(town.post_id)]
    assert (first.comments, first.comments_closed, first.is_repost) == (1, False, False)
    assert sorted((post.signs, post.is_repost) for post in wall.posts) == [
        (0, True),
        (21, False),
        (159, False),
    ]
    assert {post.views for post in wall.posts} == {0, 120}
    with_wall = vk.with_wall(Facts(), wall)
    assert with_wall.last_post_at == max(post.published_at for post in wall.posts)
    assert with_wall.comments_open is True


def test_comments_closed_by_the_page_or_under_every_post(town: Town) -> None:
    def shut(world: Any) -> None:
        world.set_post(world.post(-town.group_id, town.post_id), comments_open=False)

    town.sim.call(shut)
    wall = vk.read_wall(api(town), str(town.group_id))
    assert (wall.comments_open, wall.posts[0].comments_closed) == (False, True)
    settings_of(town, wall=3)
    assert facts(town).comments_open is False
    opened = replace(wall, comments_open=True)
    assert vk.with_wall(facts(town), opened).comments_open is False


def test_a_wall_of_a_closed_page_fails(town: Town) -> None:
    settings_of(town, is_closed=1)
    with pytest.raises(NetworkFailure) as refused:
        vk.read_wall(api(town), str(town.group_id))
    assert refused.value.permanent


def test_the_pages_own_key_shows_its_rights_and_administrators(town: Town) -> None:
    settings_of(town, admins=[ADMIN, ADMIN + 1])
    own = vk.read_own(api(town, "community"), str(town.group_id))
    assert own == vk.Own(True, ("docs", "manage", "messages", "photos", "wall"), 2)
    town.fault(what="error", method="groups.getMembers", code=15)
    assert vk.read_own(api(town, "community"), str(town.group_id)).administrators is None


def test_a_dead_key_is_a_fact_and_a_silent_network_is_none(town: Town) -> None:
    town.fault(what="http", status=502, count=1)
    with pytest.raises(NetworkFailure):
        vk.read_own(api(town, "community"), str(town.group_id))
    town.sim.call(lambda world: world.revoke_token(town.keys["community"]))
    own = vk.read_own(api(town, "community"), str(town.group_id))
    assert own == vk.Own(alive=False)
    assert vk.with_own(Facts(), own).token_alive is False


def test_a_picture_is_hashed_or_left_alone(town: Town) -> None:
    def keep(world: Any) -> tuple[str, str]:
        good = world.keep_file(drawn("avatar", 100, 100), "png")
        return good, world.keep_file(base64.b64encode(b"no picture"), "png")

    good, bad = town.sim.call(keep)
    found = vk.avatar_hash(f"{town.sim.url}/img/{good}")
    assert found is not None
    assert len(found) == 16
    for url in (
        f"{town.sim.url}/img/{bad}",
        f"{town.sim.url}/img/none.png",
        "ftp://a/b",
        "http://127.0.0.1:9/a.png",
    ):
        assert vk.avatar_hash(url) is None


@pytest.mark.parametrize(
    "item",
    [
        {"id": 1},
        {
            "id": 1,
            "name": 5,
            "contacts": "no",
            "addresses": [],
            "cover": 1,
            "links": {},
            "members_count": "many",
        },
        {"id": 1, "addresses": {"is_enabled": True, "main_address": None}, "contacts": [None, {"phone": 7}]},
    ],
)
def test_nonsense_is_not_known(item: dict[str, Any]) -> None:
    class Odd(Api):
        def call(self, method: str, **params: Any) -> Any:
            return (
                {"groups": [item]}
                if method == "groups.getById"
                else {"items": [item, {"date": "x"}], "count": "x"}
            )

    odd = Odd("http://127.0.0.1:9", "t")
    seen = vk.read_pages(odd, ["1"])["1"]
    assert (seen.title, seen.has_badge, seen.followers, seen.away) == (None, None, None, None)
    wall = vk.read_wall(odd, "1")
    assert (wall.posts, wall.complete, wall.comments_open) == ((), False, None)


class _Time:
    """A clock that moves when somebody sleeps."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


@pytest.mark.parametrize(
    "lag", [[0.0], [0.001], [0.3, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0], [0.0, 0.19, 0.0, 0.0, 0.0]]
)
def test_however_late_a_call_arrives_five_never_fall_into_a_second(lag: list[float]) -> None:
    """Calls leave by slots every 0.21 s; some are held up on their way, after their slot was given."""
    time = _Time()
    pace, slot, arrivals = Pace(5, clock=time, sleep=time.sleep), 0.0, []
    for number in range(200):
        pace.asked()
        slot = max(slot, time.now) + 0.21
        time.now = max(time.now, slot - 0.21)
        pace.wait()
        time.now += lag[number % len(lag)]
        arrivals.append(time.now)
        time.now += 0.004
    assert all(later - first >= 1.0 - 1e-9 for first, later in zip(arrivals, arrivals[5:], strict=False))
    assert len(arrivals) / arrivals[-1] > 4.0


def test_a_slow_key_needs_no_pace() -> None:
    time = _Time()
    pace = Pace(1, clock=time, sleep=time.sleep)
    for _call in range(9):
        pace.asked()
        pace.wait()
    assert time.now == 0.0


@pytest.mark.django_db
def test_calls_of_the_service_key_keep_their_pace(
    town: Town, service: None, build: Callable[[], Town]
) -> None:
    """Real calls as fast as one caller can make them: the network refuses none."""
    Token.objects.update(rate=5)
    town.sim.hub.limiter.rps["service"] = 5
    before = town.sim.hub.errors.get(6, 0)
    key = channels.service_key("vk", now=town.clock())
    assert key is not None
    for _call in range(12):
        key.call("utils.getServerTime")
    assert town.sim.hub.errors.get(6, 0) == before
