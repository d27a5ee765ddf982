"""A restart finds everything again; control addresses are for this machine; hostile words do no harm."""

from __future__ import annotations

import asyncio
import sqlite3
from dataclasses import asdict, is_dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from netsim.app import create_app
from netsim.server import running
from netsim.settings import Settings
from netsim.world import Change, Draft, World, open_world
from tests.netsim.conftest import PNG, UNLIMITED, Place, Receiver, listen, settle, until
from tests.netsim.test_schema import live_through_everything

SHELVES = [
    "users",
    "communities",
    "walls",
    "threads",
    "photos",
    "videos",
    "topics",
    "docs",
    "polls",
    "dialogs",
    "messages",
    "members",
    "tokens",
    "servers",
    "uploads",
    "stat_days",
]


def plain(thing: Any) -> Any:
    """A shelf as bare values."""
    if is_dataclass(thing) and not isinstance(thing, type):
        return asdict(thing)
    if isinstance(thing, dict):
        return {str(key): plain(value) for key, value in thing.items() if value != {}}
    return thing


def settings(folder: Path, **more: Any) -> Settings:
    """A simulator that keeps its world in a folder."""
    return Settings(data=folder, rps=dict(UNLIMITED), time_scale=0.001, **more)


def test_a_restart_finds_everything_again(tmp_path: Path) -> None:
    folder = tmp_path / "мир с пробелом"
    with running(settings(folder)) as simulator:
        place = settle(simulator.url)
        live_through_everything(place)
        before = {shelf: plain(dict(getattr(simulator.hub.world, shelf))) for shelf in SHELVES}
        place.http.close()
    with running(settings(folder)) as simulator:
        after = {shelf: plain(dict(getattr(simulator.hub.world, shelf))) for shelf in SHELVES}
        assert after == before
        client = httpx.Client(base_url=simulator.url, trust_env=False, verify=False)
        again = Place(simulator.url, client, place.group, place.gid, place.owner, place.admin, place.resident)
        again.tokens = place.tokens
        said = {comment["id"] for comment in again.look("comments", group_id=place.gid, on="wall")["items"]}
        posts = {post["id"] for post in again.look("posts", group_id=place.gid)["items"]}
        fresh = again.act("comment", post_id=min(posts), text="После перезапуска")["id"]
        assert fresh > max(said | posts)
        photo = again.api("photos.get", "user", owner_id=place.owner)["items"][0]
        assert client.get(photo["sizes"][0]["url"]).status_code == 200
        client.close()


def test_what_was_not_delivered_is_delivered_after_a_restart(tmp_path: Path, receiver: Receiver) -> None:
    with running(settings(tmp_path)) as simulator:
        place = settle(simulator.url)
        listen(place, receiver, "wall_reply_new")
        place.sim("settings", {"time_scale": 1.0}, method="PUT")
        receiver.answers = [(500, "", {})]
        place.act("comment", post_id=place.post(), text="Переживёт")
        until(lambda: place.look("deliveries")["retrying"] == 1)
        place.http.close()
    assert receiver.got == []
    with sqlite3.connect(tmp_path / "world.sqlite3") as db:
        db.execute("""UPDATE record SET body = json_set(body, '$.due', 0) WHERE kind = 'delivery'""")
    db.close()
    with running(settings(tmp_path)):
        until(lambda: receiver.got)
    assert receiver.got[0]["object"]["text"] == "Переживёт"


def test_a_world_without_a_folder_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    world = open_world(None)
    world.create_community(name="Администрация")
    world.journal.close()
    assert list(tmp_path.iterdir()) == []


def test_the_same_object_may_be_loaded_twice(place: Place) -> None:
    again = place.sim("communities", {"id": place.gid, "name": "Другое имя"})
    assert again["name"] == place.group["name"]
    token = {"kind": "community", "group_id": place.gid, "value": f"demo-token-{place.gid}"}
    assert place.sim("tokens", token) == place.sim("tokens", token)


def test_bulk_orders_report_each_failure(place: Place) -> None:
    post = place.post()
    base = {"do": "comment", "group_id": place.gid, "user_id": place.resident, "text": "x"}
    orders = [{**base, "post_id": post}, {**base, "post_id": 999}, {**base, "do": "fly"}, base]
    items = place.sim("act", orders)["items"]
    assert items[0]["text"] == "x"
    assert ["error" in item for item in items] == [False, True, True, True]


@pytest.mark.parametrize(("host", "status"), [("127.0.0.1", 200), ("::1", 200), ("10.0.0.5", 403)])
def test_control_is_for_this_machine(host: str, status: int) -> None:
    async def ask(**more: Any) -> int:
        transport = httpx.ASGITransport(create_app(Settings(**more)), client=(host, 1))
        async with httpx.AsyncClient(transport=transport, base_url="http://sim", verify=False) as client:
            return (await client.get("/sim/state")).status_code

    assert asyncio.run(ask()) == status
    assert asyncio.run(ask(open_control=True)) == 200


HOSTILE = [
    "<script>alert(1)</script>",
    "нуль \x00 байт",
    "\ud800 одинокий суррогат",
    "'; DROP TABLE record; --",
    "\u202eсправа налево",
    "a" * 16_000,
]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_words_travel_unharmed(place: Place, receiver: Receiver, text: str) -> None:
    listen(place, receiver, "wall_reply_new")
    post = place.post()
    body = f'{{"group_id": {place.gid}, "user_id": 5, "post_id": {post}, "text": {_ascii(text)}}}'
    made = place.http.post("/sim/act/comment", content=body).json()
    assert made["text"] == text
    until(lambda: receiver.got)
    assert receiver.got[0]["object"]["text"] == text
    seen = place.api("wall.getComments", "service", owner_id=place.owner, post_id=post)
    assert seen["items"][0]["text"] == text


def _ascii(text: str) -> str:
    import json

    return json.dumps(text)


def test_a_body_too_large_is_refused(place: Place) -> None:
    body = b"message=" + b"a" * (11 * 1024 * 1024)
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    assert place.http.post("/method/wall.createComment", content=body, headers=headers).status_code == 413


@pytest.mark.parametrize("body", [b"{", b"[1]", b'"x"', b'{"group_id": "x"}', b'{"group_id": true}'])
def test_broken_orders_are_answered_properly(place: Place, body: bytes) -> None:
    answer = place.http.post("/sim/act/comment", content=body)
    assert answer.status_code == 400
    assert answer.json()["error"]


def test_pages_hear_of_every_change() -> None:
    async def story() -> list[Change]:
        world = World()
        group = world.create_community(name="Администрация")
        with world.listening() as queue:
            entry = world.create_post(-group.id, from_id=-group.id, text="Вода")
            said = world.say(("wall", -group.id, entry.id), Draft(from_id=5, text="?"))
            world.delete_comment(said, by=5)
        return [queue.get_nowait() for _ in range(queue.qsize())]

    changes = asyncio.run(story())
    assert [change.what for change in changes] == ["post", "comment", "comment"]
    assert len({change.group_id for change in changes}) == 1


def test_pictures_of_a_memory_world_are_served(place: Place) -> None:
    photo = place.sim("photos", {"group_id": place.gid, "photo": PNG})
    assert place.http.get(f"/img/{photo['file']}").headers["content-type"] == "image/png"
