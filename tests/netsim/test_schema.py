"""Every method answers, and every event speaks, as the official schema says, in strict mode."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from netsim.api.answer import METHODS
from netsim.images import drawn
from tests.netsim.conftest import PNG, Place, Receiver, listen, until
from tests.netsim.schema import complaints, oracle

# `execute` answers with whatever the script returns; the schema demands an object of it.
CHECKED_APART = {"execute"}


class Recorder:
    """Calls methods, checks each answer, and remembers which were called."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.called: set[str] = set()
        self.wrong: dict[str, Any] = {}

    def __call__(self, name: str, token: str = "user", /, **params: Any) -> Any:
        body = self.place.raw(name, token, **params)
        assert "response" in body, (name, body)
        self.called.add(name)
        complaint = oracle().check_response(name, body)
        if complaint:
            self.wrong[name] = complaint
        return body["response"]


def upload(place: Place, url: str, field: str = "photo", name: str = "p.png", body: bytes = b"") -> Any:
    """The second step of an upload."""
    content = body or drawn("upload", 600, 400)
    return place.http.post(url, files={field: (name, content)}).json()


def groups(call: Recorder) -> None:
    p = call.place
    g = {"group_id": p.gid}
    fields = "verified,members_count,activity,description,site,links,contacts,cover,counters,status,wall"
    for token in ("user", "community", "service"):
        call("groups.getById", token, group_ids=p.gid, fields=fields)
    p.act("join")
    call("groups.getMembers", "service", **g)
    call("groups.getMembers", "service", fields="sex,city", **g)
    call("groups.isMember", "service", user_id=p.resident, **g)
    call("groups.isMember", "service", user_ids=f"{p.resident},{p.admin}", **g)
    call("groups.isMember", "service", user_id=p.resident, extended=1, **g)
    call("groups.search", q="Администрация")
    call("groups.edit", "community", description="Новое описание", website="https://new.example", **g)
    call("groups.getSettings", **g)
    call("groups.getTokenPermissions", "community")
    link = call("groups.addLink", link="https://pos.gosuslugi.ru/", text="Сообщить о проблеме", **g)["id"]
    call("groups.editLink", link_id=link, text="Сообщить", **g)
    call("groups.reorderLink", link_id=link, **g)
    call("groups.deleteLink", link_id=link, **g)
    call("groups.ban", owner_id=p.resident, comment="спам", **g)
    call("groups.getBanned", "community", **g)
    call("groups.unban", owner_id=p.resident, **g)


def intake(call: Recorder) -> None:
    g = {"group_id": call.place.gid}
    call("groups.getCallbackConfirmationCode", "community", **g)
    address = {"url": "http://127.0.0.1:9/x", "title": "cur", "secret_key": "s"}
    server = call("groups.addCallbackServer", "community", **address, **g)["server_id"]
    call("groups.getCallbackServers", "community", **g)
    call("groups.editCallbackServer", "community", server_id=server, **{**address, "title": "other"}, **g)
    call("groups.setCallbackSettings", "community", server_id=server, api_version="5.199", message_new=1, **g)
    call("groups.getCallbackSettings", "community", server_id=server, **g)
    call("groups.deleteCallbackServer", "community", server_id=server, **g)
    call("groups.setLongPollSettings", "community", enabled=1, message_new=1, **g)
    call("groups.getLongPollSettings", "community", **g)
    call("groups.getLongPollServer", "community", **g)


def wall(call: Recorder) -> None:
    p = call.place
    o = {"owner_id": p.owner}
    poll = call("polls.create", question="Сквер?", add_answers='["Да", "Нет"]', **o)
    call("polls.edit", poll_id=poll["id"], question="Какой сквер?", **o)
    call("polls.addVote", poll_id=poll["id"], answer_ids=poll["answers"][0]["id"], **o)
    call("polls.getById", poll_id=poll["id"], **o)
    call("polls.getVoters", poll_id=poll["id"], answer_ids=poll["answers"][0]["id"], **o)
    call("polls.getVoters", poll_id=poll["id"], answer_ids=poll["answers"][0]["id"], fields="sex", **o)
    ref = f"poll{p.owner}_{poll['id']}"
    post = call("wall.post", message="Пост", attachments=ref, from_group=1, **o)["post_id"]
    at = {"post_id": post, **o}
    later = call("wall.post", message="Потом", publish_date=4_000_000_000, from_group=1, **o)["post_id"]
    call("wall.get", filter="postponed", **o)
    call("wall.edit", message="Пост изменён", attachments=ref, **at)
    call("wall.pin", **at)
    call("wall.unpin", **at)
    said = p.act("comment", post_id=post, text="Почему нет отопления?", photos=[PNG])["id"]
    answer = call("wall.createComment", "community", message="Здравствуйте!", reply_to_comment=said, **at)
    call("likes.add", type="post", item_id=post, **o)
    call("likes.getList", "service", type="post", item_id=post, **o)
    call("likes.delete", type="post", item_id=post, **o)
    p.act("repost", post_id=post)
    for extended in (0, 1):
        both = {"extended": extended, **o}
        call("wall.get", "service", **both)
        call("wall.getById", "service", posts=f"{p.owner}_{post}", extended=extended)
        call("wall.search", "service", query="пост", **both)
        call("wall.getComments", "service", post_id=post, need_likes=1, thread_items_count=10, **both)
        call("wall.getComment", comment_id=said, **both)
    call("wall.getReposts", "service", **at)
    call("wall.editComment", comment_id=answer["comment_id"], message="Добрый день!", **o)
    call("wall.reportComment", comment_id=said, reason=0, **o)
    call("wall.deleteComment", comment_id=said, **o)
    call("wall.restoreComment", comment_id=said, **o)
    call("wall.closeComments", "community", **at)
    call("wall.openComments", "community", **at)
    call("stats.getPostReach", post_ids=post, owner_id=p.owner)
    call("stats.get", group_id=p.gid)
    call("wall.delete", post_id=later, **o)


def objects(call: Recorder) -> None:
    p = call.place
    o = {"owner_id": p.owner}
    photo = p.sim("photos", {"group_id": p.gid, "photo": PNG})["id"]
    video = p.sim("videos", {"group_id": p.gid, "title": "Отчёт главы"})["id"]
    topic = p.sim("topics", {"group_id": p.gid, "title": "Предложения"})["id"]
    call("photos.get", "service", **o)
    call("photos.getById", "service", photos=f"{p.owner}_{photo}")
    for section, name, number in (("photos", "photo_id", photo), ("video", "video_id", video)):
        said = p.act("comment", text="Когда уберут снег?", **{name: number})["id"]
        own = call(f"{section}.createComment", message="Сегодня", from_group=p.gid, **{name: number}, **o)
        call(f"{section}.editComment", comment_id=own, message="Завтра", **o)
        call(f"{section}.deleteComment", comment_id=said, **o)
        call(f"{section}.restoreComment", comment_id=said, **o)
        for extended in (0, 1):
            call(f"{section}.getComments", need_likes=1, extended=extended, **{name: number}, **o)
    g = {"group_id": p.gid, "topic_id": topic}
    said = p.act("comment", text="Предлагаю сквер", topic_id=topic)["id"]
    own = call("board.createComment", message="Спасибо", from_group=1, **g)
    call("board.editComment", comment_id=own, message="Спасибо!", **g)
    call("board.deleteComment", "community", comment_id=said, **g)
    call("board.restoreComment", "community", comment_id=said, **g)
    for extended in (0, 1):
        call("board.getTopics", "service", group_id=p.gid, extended=extended)
        call("board.getComments", "service", need_likes=1, extended=extended, **g)
    live = call("video.startStreaming", group_id=p.gid, name="Эфир", wallpost=1)
    call("video.get", **o)
    call("video.stopStreaming", group_id=p.gid, video_id=live["video_id"])
    p.sim(
        "videos",
        {"group_id": p.gid, "title": "Анонс", "live_status": "upcoming", "live_start_time": 1_900_000_000},
    )
    call("video.get", extended=1, **o)
    call("video.save", group_id=p.gid, name="Ролик")


def messages(call: Recorder) -> None:
    p = call.place
    peer = {"peer_id": p.resident}
    first = p.act("message", text="Когда отремонтируют двор?", photos=[PNG])
    sent = call("messages.send", "community", message="Завтра", random_id=1, reply_to=first["id"], **peer)
    call("messages.send", "community", message="Всем", random_id=2, peer_ids=f"{p.resident},{p.admin}")
    call("messages.edit", "community", message="Послезавтра", message_id=sent, **peer)
    for extended in (0, 1):
        more = {"extended": extended}
        call("messages.getHistory", "community", **more, **peer)
        call("messages.getConversations", "community", **more)
        call("messages.getConversationsById", "community", peer_ids=p.resident, **more)
        call("messages.getById", "community", message_ids=sent, **more)
        call("messages.getByConversationMessageId", "community", conversation_message_ids=1, **more, **peer)
    call("messages.markAsRead", "community", **peer)
    call("messages.markAsAnsweredConversation", "community", **peer)
    call("messages.isMessagesFromGroupAllowed", "community", group_id=p.gid, user_id=p.resident)
    call("messages.setActivity", "community", type="typing", **peer)
    event = p.act("press", payload={"cmd": "status"})["event_id"]
    call("messages.sendMessageEventAnswer", "community", event_id=event, user_id=p.resident, **peer)
    call("messages.delete", "community", message_ids=sent, delete_for_all=1)


def uploads(call: Recorder) -> None:
    p = call.place
    for name, save, token, more in (
        ("photos.getMessagesUploadServer", "photos.saveMessagesPhoto", "community", {}),
        ("photos.getWallUploadServer", "photos.saveWallPhoto", "user", {"group_id": p.gid}),
        (
            "photos.getOwnerCoverPhotoUploadServer",
            "photos.saveOwnerCoverPhoto",
            "community",
            {"group_id": p.gid},
        ),
    ):
        url = call(name, token, **more)["upload_url"]
        sent = upload(p, url)
        call(save, token, photo=sent["photo"], server=sent["server"], hash=sent["hash"], **more)
    for name in ("docs.getMessagesUploadServer", "docs.getWallUploadServer"):
        url = call(name, "community")["upload_url"]
        sent = upload(p, url, "file", "Ответ.pdf", b"%PDF-1.4")
        doc = call("docs.save", "community", file=sent["file"], title="Ответ.pdf")["doc"]
        call("docs.getById", "community", docs=f"{doc['owner_id']}_{doc['id']}")
    token = p.sim("tokens", {"kind": "community", "group_id": p.gid, "scopes": ["app_widget"]})["value"]
    url = call("appWidgets.getGroupImageUploadServer", token, image_type="160x160")["upload_url"]
    sent = upload(p, url, "file")
    call("appWidgets.saveGroupImage", token, hash=sent["hash"], image=sent["image"])
    call("appWidgets.update", token, type="text", code='return {"title":"Ответы жителям","text":"42"};')


def people(call: Recorder) -> None:
    p = call.place
    call(
        "users.get",
        "service",
        user_ids=f"{p.resident},{p.admin}",
        fields="sex,city,photo_50,screen_name,online",
    )
    call("utils.resolveScreenName", "service", screen_name=p.group["screen_name"])
    call("utils.getServerTime", "service")


def test_every_method_answers_as_the_schema_says(place: Place) -> None:
    call = Recorder(place)
    for part in (groups, intake, wall, objects, messages, uploads, people):
        part(call)
    assert call.wrong == {}
    assert set(METHODS) - call.called - CHECKED_APART == set()


def test_execute_answers_as_the_schema_says(place: Place) -> None:
    code = f'return {{"who": API.users.get({{"user_ids": {place.resident}}})}};'
    body = place.raw("execute", code=code)
    assert oracle().check_response("execute", body) == {}
    assert body["response"]["who"][0]["id"] == place.resident


def test_real_networks_undeclared_fields_are_sent_too(place: Place) -> None:
    place.post()
    item = place.api("wall.get", "service", owner_id=place.owner)["items"][0]
    assert {"header", "check_sign", "reaction_set_id"} <= item.keys()
    assert item["inner_type"] == "wall_wallpost"


def live_through_everything(place: Place) -> None:
    """Make a community go through all that it can tell about."""
    post = place.post("Вода")
    photo = place.sim("photos", {"group_id": place.gid, "photo": PNG})["id"]
    video = place.sim("videos", {"group_id": place.gid, "title": "Эфир"})["id"]
    topic = place.sim("topics", {"group_id": place.gid, "title": "Разное"})["id"]
    for on, name, number in (
        ("wall", "post_id", post),
        ("photo", "photo_id", photo),
        ("video", "video_id", video),
        ("topic", "topic_id", topic),
    ):
        said = place.act("comment", text="Вопрос", photos=[PNG], **{name: number})["id"]
        place.act("admin_reply", text="Ответ", reply_to=said, **{name: number})
        place.act("edit_comment", on=on, comment_id=said, text="Вопрос!")
        place.act("delete_comment", on=on, comment_id=said)
        place.act("restore_comment", on=on, comment_id=said)
        place.act("like", on=on, comment_id=said)
    place.act("like", post_id=post)
    place.act("like", post_id=post, remove=True)
    place.act("repost", post_id=post)
    place.act("allow")
    place.act("message", text="Здравствуйте", photos=[PNG])
    sent = place.act("admin_message", text="Слушаем")["id"]
    place.act("edit_message", message_id=sent, text="Слушаем вас")
    place.act("read")
    place.act("press", payload={"cmd": "status", "ticket": "17"})
    place.act("deny")
    place.act("join")
    place.act("leave")
    poll = place.sim("polls", {"group_id": place.gid, "question": "Сквер?", "answers": ["Да", "Нет"]})
    place.act("vote", poll_id=poll["id"], answer_ids=[poll["answers"][0]["id"]])
    place.act("admin_ban", by=place.admin, comment="спам")
    place.act("admin_ban", by=place.admin, remove=True)
    place.act("admin_settings", by=place.admin, name="Администрация города", site="https://city.example")


EVENTS_SEEN = {
    *(f"{stem}_{how}" for stem in ("wall_reply", "photo_comment", "video_comment", "board_post")
      for how in ("new", "edit", "delete", "restore")),
    "wall_post_new", "wall_repost", "photo_new", "like_add", "like_remove", "message_new", "message_reply",
    "message_edit", "message_allow", "message_deny", "message_read", "message_event", "group_join",
    "group_leave",
    "poll_vote_new", "user_block", "user_unblock", "group_change_settings",
}  # fmt: skip


def test_every_event_speaks_as_the_schema_says(place: Place, receiver: Receiver) -> None:
    listen(place, receiver)
    live_through_everything(place)
    until(lambda: {e["type"] for e in receiver.got} >= EVENTS_SEEN)
    assert {e["type"]: c for e in receiver.got if (c := complaints(e, place.owner))} == {}
    for event in receiver.got:
        assert list(event) == ["group_id", "type", "event_id", "v", "object", "secret"]
        assert len(event["event_id"]) == 40


def test_wall_reply_names_its_place_both_ways(place: Place, receiver: Receiver) -> None:
    listen(place, receiver, "wall_reply_new")
    post = place.post()
    first = place.act("comment", post_id=post, text="Вопрос")["id"]
    second = place.act("comment", post_id=post, text="И ещё", reply_to=first)["id"]
    place.act("admin_reply", post_id=post, text="Ответ", reply_to=second)
    until(lambda: len(receiver.got) == 3)
    told = sorted((e["object"] for e in receiver.got), key=lambda o: o["id"])
    assert [o["post_owner_id"] for o in told] == [o["owner_id"] for o in told] == [place.owner] * 3
    assert [o["parents_stack"] for o in told] == [[], [first], [first]]
    assert told[2]["from_id"] == place.owner
    assert told[2]["reply_to_comment"] == second


@pytest.mark.parametrize("how", ["get", "form", "multipart", "bearer"])
def test_every_way_to_pass_parameters(place: Place, how: str) -> None:
    url, params = f"{place.url}/method/users.get", {"user_ids": str(place.resident), "v": "5.199"}
    secret = place.tokens["service"]
    if how == "get":
        answer = httpx.get(url, params={**params, "access_token": secret})
    elif how == "form":
        answer = httpx.post(url, data={**params, "access_token": secret})
    elif how == "multipart":
        answer = httpx.post(url, files={k: (None, v) for k, v in {**params, "access_token": secret}.items()})
    else:
        answer = httpx.post(url, data=params, headers={"Authorization": f"Bearer {secret}"})
    assert answer.json()["response"][0]["id"] == place.resident


def test_json_bodies_are_not_read(place: Place) -> None:
    body = json.dumps({"user_ids": place.resident, "v": "5.199", "access_token": place.tokens["service"]})
    answer = place.http.post("/method/users.get", content=body, headers={"Content-Type": "application/json"})
    assert answer.json()["error"]["error_code"] == 8
