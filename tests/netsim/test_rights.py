"""Who may call what: the matrix of the official schema, scopes, administrators, versions and limits."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from netsim.api.answer import METHODS, Limiter
from netsim.api.errors import ApiError
from netsim.world.records import Token
from tests.netsim.conftest import Place

MATRIX = Path(__file__).parents[2].parent / "shared" / "data" / "vk-derived" / "token_matrix.json"
LETTERS = {"user": "u", "group": "c", "service": "s"}


def test_the_matrix_is_the_official_one() -> None:
    if not MATRIX.is_file():
        pytest.skip("the official token matrix is not here: ../shared/data/vk-derived is absent")
    official = json.loads(MATRIX.read_text())
    for name, method in METHODS.items():
        if name in official:
            said = {LETTERS[kind] for kind in official[name]}
            assert set(method.kinds) == said, name


@pytest.mark.parametrize(
    ("name", "token", "code"),
    [
        ("wall.get", "community", 27),
        ("wall.getComments", "community", 27),
        ("stats.get", "community", 27),
        ("photos.getWallUploadServer", "community", 27),
        ("video.get", "community", 27),
        ("photos.createComment", "community", 27),
        ("board.createComment", "community", 27),
        ("wall.post", "community", 27),
        ("execute", "service", 28),
        ("messages.send", "service", 28),
        ("wall.createComment", "service", 28),
        ("appWidgets.update", "user", 15),
        ("users.get", "no-such-token", 5),
        ("users.get", "", 5),
        ("Users.get", "user", 3),
        ("users.Get", "user", 3),
        ("wall.teleport", "user", 3),
    ],
)
def test_refusals_by_kind(place: Place, name: str, token: str, code: int) -> None:
    assert place.error(name, token) == code


def test_the_error_repeats_the_request_but_never_the_token(place: Place) -> None:
    body = place.raw("wall.get", owner_id=-1)["error"]
    told = {pair["key"]: pair["value"] for pair in body["request_params"]}
    assert told["method"] == "wall.get"
    assert told["owner_id"] == "-1"
    assert place.tokens["community"] not in json.dumps(body)


def test_a_revoked_token_is_worth_nothing(place: Place) -> None:
    place.sim(f"tokens/{place.tokens['community']}", method="DELETE")
    assert place.error("groups.getTokenPermissions") == 5


def test_a_missing_scope_is_error_7(place: Place) -> None:
    token = place.sim("tokens", {"kind": "community", "group_id": place.gid, "scopes": ["wall"]})["value"]
    assert place.error("messages.send", token, peer_id=place.resident, random_id=1, message="x") == 7
    held = place.api("groups.getTokenPermissions", token)
    assert held == {"mask": 8192, "permissions": [{"name": "wall", "setting": 8192}]}


def test_a_quirk_lets_a_community_token_publish(place: Place) -> None:
    about = {"kind": "community", "group_id": place.gid, "quirks": ["wall.post"]}
    token = place.sim("tokens", about)["value"]
    assert place.api("wall.post", token, owner_id=place.owner, message="Мы")["post_id"] > 0


def test_strangers_are_not_administrators(place: Place) -> None:
    other = place.sim("communities", {"name": "Чужая"})["id"]
    stranger = place.sim("tokens", {"kind": "user", "user_id": place.resident})["value"]
    assert place.error("groups.edit", group_id=other, description="x") == 15
    assert place.error("stats.get", stranger, group_id=place.gid) == 15
    assert place.error("groups.getCallbackServers", group_id=other) == 15
    post = place.post()
    assert place.error("wall.delete", stranger, owner_id=place.owner, post_id=post) == 15
    assert place.error("wall.post", stranger, owner_id=place.owner, message="x", from_group=1) == 214


@pytest.mark.parametrize(("version", "code"), [("", 8), ("4.9", 8), ("5.50", 8), ("5.200", 8), ("six", 8)])
def test_versions_that_do_not_work(place: Place, version: str, code: int) -> None:
    assert place.error("users.get", "service", v=version) == code


@pytest.mark.parametrize("version", ["5.81", "5.92", "5.131", "5.199"])
def test_versions_that_work(place: Place, version: str) -> None:
    assert place.api("users.get", "service", user_ids=place.resident, v=version)


@pytest.mark.parametrize(
    ("name", "token", "params", "code"),
    [
        ("wall.getComments", "service", {"owner_id": "x", "post_id": 1}, 100),
        ("wall.getComments", "service", {"owner_id": -1}, 100),
        ("groups.getById", "service", {"group_ids": "no_such_name"}, 100),
        ("groups.getMembers", "service", {"group_id": 999_999_999}, 125),
        ("users.get", "service", {"user_ids": "no_such_name"}, 113),
        ("groups.addCallbackServer", "community", {"url": "http://x", "title": "far too long title"}, 100),
        ("groups.addCallbackServer", "community", {"url": "ftp://x", "title": "t"}, 100),
        ("messages.send", "community", {"peer_id": 1, "message": "x"}, 100),
        ("messages.send", "community", {"peer_id": 1, "random_id": 1, "message": "x"}, 936),
        ("execute", "community", {"code": "return while(1);"}, 12),
        ("polls.create", "user", {"question": "?", "add_answers": "[]"}, 100),
    ],
)
def test_wrong_parameters(place: Place, name: str, token: str, params: dict[str, object], code: int) -> None:
    assert place.error(name, token, **{"group_id": place.gid, **params}) == code


def test_ten_callback_servers_and_not_one_more(place: Place) -> None:
    for n in range(10):
        place.api("groups.addCallbackServer", group_id=place.gid, url=f"http://127.0.0.1:9/{n}", title="t")
    address = {"url": "http://127.0.0.1:9/x", "title": "t"}
    assert place.error("groups.addCallbackServer", group_id=place.gid, **address) == 2000


@pytest.mark.parametrize(("kind", "limit"), [("user", 3), ("community", 20), ("service", 5)])
def test_requests_a_second(kind: str, limit: int) -> None:
    now = [100.0]
    limiter = Limiter({"user": 3, "community": 20, "service": 5}, clock=lambda: now[0])
    token = Token(value="t", kind=kind)
    for _ in range(limit):
        limiter.check(token)
    with pytest.raises(ApiError) as refused:
        limiter.check(token)
    assert refused.value.code == 6
    limiter.check(Token(value="other", kind=kind))
    now[0] += 1.0
    limiter.check(token)


def test_over_the_limit_the_body_says_6(place: Place) -> None:
    place.sim("settings", {"rps": {"service": 1}}, method="PUT")
    try:
        codes = [
            place.raw("utils.getServerTime", "service").get("error", {}).get("error_code") for _ in range(4)
        ]
    finally:
        place.sim("settings", {"rps": {"service": 0}}, method="PUT")
    assert 6 in codes
