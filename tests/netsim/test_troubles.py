"""Faults of incoming calls: each kind, its filters, its count, and that the same seed throws the same die."""

from __future__ import annotations

import json
import time

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from netsim.faults import PLACES, BadRuleError, Faults, Rule, Target
from tests.netsim.conftest import Place


def trouble(place: Place, **rule: object) -> None:
    """One rule for this community's tokens."""
    place.sim("faults", {"seed": 3, "rules": [{"group_id": place.gid, **rule}]}, method="PUT")


def call(place: Place, name: str = "groups.getTokenPermissions", **params: object) -> httpx.Response:
    """A raw call of a method with the community token."""
    sent = {"v": "5.199", "access_token": place.tokens["community"], **params}
    return place.http.post(f"/method/{name}", data=sent)


@pytest.mark.parametrize("status", [500, 502, 503])
def test_http_errors(place: Place, status: int) -> None:
    trouble(place, what="http", status=status, count=1)
    assert call(place).status_code == status
    assert call(place).status_code == 200


def test_broken_json(place: Place) -> None:
    trouble(place, what="broken_json", count=1)
    with pytest.raises(json.JSONDecodeError):
        call(place).json()
    assert call(place).json()["response"]


def test_a_timeout_holds_the_caller(place: Place) -> None:
    trouble(place, what="timeout", delay=0.3, count=1)
    with pytest.raises(httpx.ReadTimeout):
        place.http.post("/method/users.get", data={
            "v": "5.199", "access_token": place.tokens["community"],
        }, timeout=0.05)  # fmt: skip


@pytest.mark.parametrize("code", [5, 6, 9, 10, 14, 15, 29])
def test_api_errors(place: Place, code: int) -> None:
    trouble(place, what="error", code=code, count=1)
    answer = call(place)
    assert answer.status_code == 200
    error = answer.json()["error"]
    assert error["error_code"] == code
    if code == 14:
        assert {"captcha_sid", "captcha_img", "redirect_uri", "remixstlid"} <= error.keys()


@pytest.mark.parametrize("status", [0, 502])
def test_a_lost_response_was_performed_all_the_same(place: Place, status: int) -> None:
    said = {"owner_id": place.owner, "post_id": place.post(), "message": "Ответ", "guid": "g1"}
    trouble(place, what="lost_response", status=status, method="wall.createComment", count=1)
    if status:
        assert call(place, "wall.createComment", **said).status_code == status
    else:
        with pytest.raises(httpx.RemoteProtocolError):
            call(place, "wall.createComment", **said)
    found = place.look("comments", group_id=place.gid, own=1)
    assert found["count"] == 1
    again = place.api("wall.createComment", **said)
    assert again["comment_id"] == found["items"][0]["id"]


@pytest.mark.parametrize("status", [0, 504])
def test_a_late_deed_is_done_after_its_caller_was_given_up_on(place: Place, status: int) -> None:
    said = {"owner_id": place.owner, "post_id": place.post(), "message": "Ответ", "guid": "late1"}
    trouble(place, what="late", status=status, delay=0.4, method="wall.createComment", count=1)
    if status:
        assert call(place, "wall.createComment", **said).status_code == status
    else:
        with pytest.raises(httpx.RemoteProtocolError):
            call(place, "wall.createComment", **said)
    assert place.look("comments", group_id=place.gid, own=1)["count"] == 0
    # The repeat comes first, and the late deed finds that it has been done.
    again = place.api("wall.createComment", **said)
    time.sleep(0.6)
    found = place.look("comments", group_id=place.gid, own=1)
    assert [each["id"] for each in found["items"]] == [again["comment_id"]]


def test_a_late_deed_may_be_refused_and_nobody_hears_of_it(place: Place) -> None:
    trouble(place, what="late", delay=0.1, status=504, method="wall.createComment", count=1)
    said = {"owner_id": place.owner, "post_id": 999_999_999, "message": "Ответ"}
    assert call(place, "wall.createComment", **said).status_code == 504
    time.sleep(0.3)
    assert place.look("comments", group_id=place.gid, own=1)["count"] == 0
    assert call(place).status_code == 200


def test_strikes_are_told_by_the_name_of_their_rule(place: Place) -> None:
    post = place.post()
    trouble(place, name="no network", what="http", method="wall.createComment", count=1)
    said = {"owner_id": place.owner, "post_id": post, "message": "Ответ", "guid": f"told{place.gid}"}
    call(place, "wall.createComment", **said)
    (strike,) = place.look("strikes", group_id=place.gid, rule="no network")["items"]
    assert (strike["method"], strike["key"]) == ("wall.createComment", said["guid"])


def test_a_rule_about_one_owner_spares_the_calls_about_others(place: Place) -> None:
    post = place.post()
    # A service key belongs to no community, so only the parameter tells.
    rule = {"what": "error", "code": 15, "method": "wall.getComments"}
    place.sim("faults", {"rules": [{**rule, "owner_id": place.owner}]}, method="PUT")
    assert place.error("wall.getComments", "service", owner_id=place.owner, post_id=post) == 15
    place.sim("faults", {"rules": [{**rule, "owner_id": place.owner - 1}]}, method="PUT")
    assert place.api("wall.getComments", "service", owner_id=place.owner, post_id=post)["count"] == 0


def test_rules_strike_where_they_are_told(place: Place) -> None:
    trouble(place, what="error", code=10, method="wall.*", token_kind="community")
    post = place.post()
    assert place.error("wall.createComment", owner_id=place.owner, post_id=post, message="x") == 10
    assert place.api("groups.getTokenPermissions")
    assert place.api("wall.get", "user", owner_id=place.owner)
    rules = place.http.get("/sim/faults").json()["rules"]
    assert rules[0]["hits"] == 1


def test_a_rule_that_makes_no_sense_is_refused(place: Place) -> None:
    for rule in (
        {"what": "earthquake"},
        {"where": "callbacks", "what": "http"},
        {"colour": "red"},
        {"probability": 2},
    ):
        answer = place.http.post("/sim/faults", json=rule)
        assert answer.status_code == 400
        assert answer.json()["error"]


@given(seed=st.integers(), chance=st.floats(0, 1))
def test_the_same_seed_throws_the_same_die(seed: int, chance: float) -> None:
    def run() -> list[bool]:
        faults = Faults()
        faults.replace([{"what": "http", "probability": chance}], seed)
        return [faults.strike("methods", Target(method="users.get")) is not None for _ in range(30)]

    assert run() == run()


@given(count=st.integers(0, 5), calls=st.integers(0, 10))
def test_a_count_is_never_exceeded(count: int, calls: int) -> None:
    faults = Faults(rules=[Rule(what="error", count=count)])
    struck = sum(faults.strike("methods", Target()) is not None for _ in range(calls))
    assert struck == min(count, calls)


@pytest.mark.parametrize(
    ("where", "what"), [(place, what) for place, kinds in PLACES.items() for what in sorted(kinds)]
)
def test_every_kind_of_trouble_can_be_named(where: str, what: str) -> None:
    faults = Faults()
    faults.add(where=where, what=what)
    assert faults.told()["rules"][0]["what"] == what
    with pytest.raises(BadRuleError):
        faults.add(where="nowhere", what=what)
