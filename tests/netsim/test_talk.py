"""Comments and private messages: idempotence, permissions, closed doors, deleted things."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netsim.world import CommentsClosedError, Draft, NoSuchObjectError, World
from netsim.world.entities import ObjectKey
from tests.netsim.conftest import PNG, Place


def test_guid_makes_a_comment_once(place: Place) -> None:
    post = place.post()
    said = {"owner_id": place.owner, "post_id": post, "message": "Ответ", "guid": "outbox-17"}
    first = place.api("wall.createComment", **said)
    assert place.api("wall.createComment", **said) == first
    assert place.api("wall.createComment", **{**said, "guid": "outbox-18"}) != first
    assert place.look("comments", group_id=place.gid, own=1)["count"] == 2


def test_random_id_makes_a_message_once_and_zero_does_not(place: Place) -> None:
    place.act("message", text="Вопрос")
    said = {"peer_id": place.resident, "message": "Ответ"}
    first = place.api("messages.send", random_id=77, **said)
    assert place.api("messages.send", random_id=77, **said) == first
    assert place.api("messages.send", random_id=0, **said) != place.api("messages.send", random_id=0, **said)
    assert place.look("messages", group_id=place.gid, out=1)["count"] == 3


def test_a_person_must_open_the_door_first(place: Place) -> None:
    said = {"peer_id": place.resident, "message": "Здравствуйте", "random_id": 1}
    assert place.error("messages.send", **said) == 901
    place.act("allow")
    assert place.api("messages.send", **said) > 0
    place.act("deny")
    assert place.error("messages.send", **{**said, "random_id": 2}) == 901
    allowed = place.api("messages.isMessagesFromGroupAllowed", group_id=place.gid, user_id=place.resident)
    assert allowed == {"is_allowed": 0}
    place.act("message", text="Передумал")
    assert place.api("messages.send", **{**said, "random_id": 3}) > 0


def test_many_peers_fail_one_by_one(place: Place) -> None:
    place.act("message", text="Вопрос")
    peers = f"{place.resident},{place.admin}"
    first, second = place.api("messages.send", peer_ids=peers, message="Всем", random_id=5)
    assert first["message_id"] > 0
    assert second["message_id"] == 0
    assert second["error"]["code"] == 901


def test_a_long_message_is_914_and_a_bad_keyboard_911(place: Place) -> None:
    place.act("message", text="Вопрос")
    said = {"peer_id": place.resident, "random_id": 1}
    assert place.error("messages.send", message="я" * 4097, **said) == 914
    button = {"action": {"type": "text", "label": "Да"}}
    wide = json.dumps({"inline": True, "buttons": [[button]] * 7})
    assert place.error("messages.send", message="?", keyboard=wide, **said) == 911
    assert place.error("messages.send", message="?", keyboard='{"x": 1}', **said) == 911
    fits = json.dumps({"inline": True, "buttons": [[button]]})
    assert place.api("messages.send", message="?", keyboard=fits, **said) > 0


def test_closed_comments_are_213_and_open_again(place: Place) -> None:
    post = place.post()
    at = {"owner_id": place.owner, "post_id": post}
    assert place.api("wall.closeComments", **at) == 1
    assert place.error("wall.createComment", message="Ответ", **at) == 213
    refused = place.http.post(
        "/sim/act/comment", json={"group_id": place.gid, "user_id": 5, "post_id": post, "text": "?"}
    )
    assert refused.status_code == 400
    assert place.api("wall.openComments", **at) == 1
    assert place.api("wall.createComment", message="Ответ", **at)["comment_id"] > 0


def test_a_reply_to_a_deleted_comment_is_refused(place: Place) -> None:
    post = place.post()
    said = place.act("comment", post_id=post, text="Вопрос")["id"]
    place.act("delete_comment", comment_id=said)
    at = {"owner_id": place.owner, "post_id": post, "message": "Ответ"}
    assert place.error("wall.createComment", reply_to_comment=said, **at) == 100
    place.act("restore_comment", comment_id=said)
    assert place.api("wall.createComment", reply_to_comment=said, **at)["parents_stack"] == [said]


def test_forbidden_links_are_222(place: Place) -> None:
    post = place.post()
    at = {"owner_id": place.owner, "post_id": post}
    place.act("admin_settings", links_forbidden=True)
    assert place.error("wall.createComment", message="см. https://example.com/x", **at) == 222
    assert place.api("wall.createComment", message="см. https://vk.com/club1", **at)["comment_id"] > 0


def test_a_deleted_comment_keeps_its_place_while_replies_hang_on_it(place: Place) -> None:
    post = place.post()
    lonely = place.act("comment", post_id=post, text="Один")["id"]
    said = place.act("comment", post_id=post, text="Вопрос")["id"]
    answer = place.act("admin_reply", post_id=post, text="Ответ", reply_to=said)["id"]
    place.act("delete_comment", comment_id=said, by=place.admin)
    place.act("delete_comment", comment_id=lonely)
    seen = place.api("wall.getComments", "service", owner_id=place.owner, post_id=post, thread_items_count=10)
    assert [item["id"] for item in seen["items"]] == [said]
    assert seen["items"][0]["deleted"] is True
    assert "text" not in seen["items"][0]
    assert [reply["id"] for reply in seen["items"][0]["thread"]["items"]] == [answer]
    assert seen["count"] == 1


def test_comments_are_paged_and_threads_asked_apart(place: Place) -> None:
    post = place.post()
    ids = [place.act("comment", post_id=post, text=str(n))["id"] for n in range(5)]
    replies = [place.act("comment", post_id=post, text="r", reply_to=ids[1])["id"] for _ in range(3)]
    at = {"owner_id": place.owner, "post_id": post}
    page = place.api("wall.getComments", "service", count=2, offset=1, **at)
    assert [item["id"] for item in page["items"]] == ids[1:3]
    assert (page["count"], page["current_level_count"]) == (8, 5)
    assert page["items"][0]["thread"]["count"] == 3
    newest = place.api("wall.getComments", "service", sort="desc", count=1, **at)
    assert newest["items"][0]["id"] == ids[-1]
    branch = place.api("wall.getComments", "service", comment_id=ids[1], **at)
    assert [item["id"] for item in branch["items"]] == replies


def test_a_banned_person_cannot_comment_or_be_written_to(place: Place) -> None:
    post = place.post()
    place.act("message", text="Вопрос")
    place.api("groups.ban", "user", group_id=place.gid, owner_id=place.resident)
    assert place.error("messages.send", peer_id=place.resident, message="x", random_id=1) == 900
    token = place.sim("tokens", {"kind": "user", "user_id": place.resident})["value"]
    assert place.error("wall.createComment", token, owner_id=place.owner, post_id=post, message="x") == 15


def test_history_shows_both_sides_newest_first(place: Place) -> None:
    place.act("message", text="Вопрос", photos=[PNG])
    place.api("messages.send", peer_id=place.resident, message="Ответ", random_id=1)
    seen = place.api("messages.getHistory", peer_id=place.resident)
    assert [(m["text"], m["out"], m["from_id"]) for m in seen["items"]] == [
        ("Ответ", 1, place.owner),
        ("Вопрос", 0, place.resident),
    ]
    sizes = seen["items"][1]["attachments"][0]["photo"]["sizes"]
    assert place.http.get(sizes[-1]["url"]).headers["content-type"] == "image/png"


def test_postponed_posts_appear_when_their_time_comes() -> None:
    world = World()
    now = [1_800_000_000.0]
    world.clock = lambda: now[0]
    group = world.create_community(name="Администрация")
    entry = world.create_post(-group.id, from_id=-group.id, text="Завтра", publish_date=1_800_000_060)
    assert world.posts(group.id) == []
    assert world.publish_due() == []
    with pytest.raises(NoSuchObjectError):
        world.say(("wall", -group.id, entry.id), Draft(from_id=5, text="рано"))
    now[0] += 61
    assert world.publish_due() == [entry]
    assert world.posts(group.id) == [entry]


@settings(max_examples=60, deadline=None)
@given(
    steps=st.lists(
        st.tuples(
            st.sampled_from(["say", "reply", "edit", "delete", "restore", "close", "open"]), st.integers(0, 9)
        )
    )
)
def test_whatever_people_do_the_thread_stays_whole(steps: list[tuple[str, int]]) -> None:
    world = World()
    group = world.create_community(name="Администрация")
    entry = world.create_post(-group.id, from_id=-group.id)
    key: ObjectKey = ("wall", -group.id, entry.id)
    for what, n in steps:
        every = world.comments(key, deleted=True)
        chosen = every[n % len(every)] if every else None
        if what in {"say", "reply"}:
            target = chosen.id if chosen and what == "reply" and not chosen.deleted else 0
            try:
                world.say(key, Draft(from_id=n + 1, text="x", reply_to=target))
            except CommentsClosedError:
                assert not entry.comments_open
        elif what in {"close", "open"}:
            world.set_post(entry, comments_open=what == "open")
        elif chosen and what == "edit":
            world.edit_comment(chosen, text="y")
        elif chosen and what == "delete":
            world.delete_comment(chosen, by=1)
        elif chosen:
            world.restore_comment(chosen)
    every = world.comments(key, deleted=True)
    ids = [said.id for said in every]
    assert ids == sorted(set(ids))
    assert entry.id not in ids
    for said in every:
        if said.parent:
            above = world.comment("wall", -group.id, said.parent)
            assert above is not None
            assert above.parent == 0
    events = world.emitted
    assert events["wall_reply_new"] == len(every)
    assert events["wall_reply_delete"] - events["wall_reply_restore"] == sum(said.deleted for said in every)
