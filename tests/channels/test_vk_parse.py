"""Events of VK into Incoming: one recorded payload a kind, and whatever a stranger may send."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from otklik.channels.base import Incoming, What
from otklik.channels.vk.parse import BadEvent, comment_to_incoming, event_key, parse

PAYLOADS = Path(__file__).parent / "payloads"
EXAMPLES = Path("../shared/data/vk-examples/events/all.json")


def read(name: str) -> dict[str, Any]:
    payload: dict[str, Any] = json.loads((PAYLOADS / f"{name}.json").read_text())
    return payload


def only(name: str) -> Incoming:
    (incoming,) = parse(read(name))
    return incoming


def test_comment_with_a_photo() -> None:
    told = only("wall_reply_new_photo")
    assert (told.what, told.place, told.object_id, told.external_id) == (What.NEW, "wall", "498", "512")
    assert (told.root_id, told.reply_to, told.author_id, told.is_own) == ("512", "", "300100500", False)
    assert told.sent_at == datetime.fromtimestamp(1795172000, UTC)
    (photo,) = told.files
    assert (photo.kind, photo.external_id) == ("photo", "300100500_457239105_c0ffee12")
    assert (photo.url, photo.width, photo.height) == ("https://sun9-1.userapi.com/z.jpg", 1080, 810)
    assert [size["width"] for size in photo.sizes] == [75, 604, 1080]


def test_reply_deep_in_a_thread_knows_its_first_comment() -> None:
    told = only("wall_reply_new_thread")
    assert (told.root_id, told.reply_to) == ("512", "514")
    assert told.text == "[id300100500|Ольга], у нас так же\nвторой год"


def test_own_comment_is_known_under_the_positive_number_too() -> None:
    assert only("wall_reply_new_own").is_own


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("wall_reply_edit", What.EDITED),
        ("wall_reply_restore", What.RESTORED),
        ("wall_reply_delete", What.DELETED),
    ],
)
def test_what_happens_to_a_comment(name: str, what: What) -> None:
    told = only(name)
    assert (told.what, told.place, told.object_id, told.external_id) == (what, "wall", "498", "512")
    assert (told.text == "") == (what is What.DELETED)


@pytest.mark.parametrize(
    ("name", "place", "ids"),
    [
        ("photo_comment_new", "photo", ("457239017", "18", "18", "")),
        ("video_comment_new", "video", ("456239018", "6", "4", "4")),
        ("board_post_new", "topic", ("48446232", "31", "31", "")),
    ],
)
def test_other_places(name: str, place: str, ids: tuple[str, str, str, str]) -> None:
    told = only(name)
    assert (told.what, told.place) == (What.NEW, place)
    assert (told.object_id, told.external_id, told.root_id, told.reply_to) == ids


def test_message_with_everything_beside_it() -> None:
    told = only("message_new_everything")
    assert (told.place, told.object_id, told.external_id, told.root_id) == (
        "direct",
        "300100505",
        "61",
        "300100505",
    )
    assert told.reply_to == "60"
    kinds = [
        "video",
        "doc",
        "audio_message",
        "sticker",
        "graffiti",
        "audio",
        "link",
        "wall",
        "forwarded",
        "geo",
    ]
    assert [file.kind for file in told.files] == kinds
    by_kind = {file.kind: file for file in told.files}
    assert by_kind["doc"].size == 120345
    assert by_kind["doc"].title == "акт.pdf"
    assert by_kind["audio_message"].title == "когда дадут воду"
    assert by_kind["audio_message"].url.endswith(".ogg")
    assert by_kind["sticker"].width == 128
    assert by_kind["audio"].title == "Хор — Песня"
    assert by_kind["link"].sizes[0]["url"] == "https://sun9-3.userapi.com/l.jpg"
    assert by_kind["wall"].title == "График отключений"
    assert by_kind["forwarded"].title == "У нас второй день нет воды"
    assert (by_kind["geo"].external_id, by_kind["geo"].title) == ("54.98,82.89", "Новосибирск")


def test_the_page_writes_by_itself() -> None:
    told = only("message_reply")
    assert (told.what, told.is_own, told.external_id) == (What.NEW, True, "62")


def test_post_of_the_page() -> None:
    told = only("wall_post_new")
    assert (told.what, told.object_id, told.is_own, told.text) == (
        What.POST,
        "498",
        True,
        "Ремонт улицы Школьной",
    )


@pytest.mark.parametrize("name", ["wall_reply_new_foreign", "message_new_chat", "like_add", "user_block"])
def test_what_is_no_message_to_the_page(name: str) -> None:
    assert only(name).what is What.OTHER


def test_a_block_says_whom() -> None:
    assert only("user_block").author_id == "300100507"


def test_old_form_of_a_message() -> None:
    payload = read("message_new_everything")
    payload["object"] = payload["object"]["message"]
    assert parse(payload) == [only("message_new_everything")]


def test_official_examples() -> None:
    if not EXAMPLES.exists():
        pytest.skip("the shared examples are not here")
    found = {}
    for name, payload in json.loads(EXAMPLES.read_text()).items():
        (told,) = parse(payload)
        found[name] = told
        assert told.kind == payload["type"]
    kinds = [told.what for told in found.values()]
    assert len(kinds) == 33
    counted = {what: kinds.count(what) for what in What if what is not What.OTHER}
    assert list(counted.values()) == [7, 2, 4, 1, 1]
    for told in found.values():
        if told.what is What.NEW:
            assert told.author_id.lstrip("-") in {"100200300", "123456789"}
            assert told.text
            assert told.sent_at
            assert told.object_id


def test_event_key_is_the_event_id_or_a_digest() -> None:
    assert event_key(read("like_add")) == "9" * 40
    assert event_key({"type": "x"}) == event_key({"type": "x"})
    assert event_key({"event_id": "\0"}, b"abc").startswith("sha256:")
    assert len(event_key({"event_id": "x" * 500})) <= 100
    assert event_key({"event_id": 5}, b"a") != event_key({"event_id": 5}, b"b")


def test_listed_comments_give_what_their_events_gave() -> None:
    payload = read("wall_reply_new_thread")
    listed = comment_to_incoming(payload["object"], group_id=payload["group_id"], place="wall", object_id=498)
    (told,) = parse(payload)
    assert (listed.external_id, listed.root_id, listed.text) == (told.external_id, told.root_id, told.text)
    gone = comment_to_incoming({"id": 5, "deleted": True}, group_id=1, place="wall", object_id=498)
    assert (gone.what, gone.external_id) == (What.DELETED, "5")


@pytest.mark.parametrize(
    "change",
    [
        {"type": None},
        {"type": "x" * 61},
        {"type": ["wall_reply_new"]},
        {"group_id": "240600001"},
        {"group_id": True},
        {"group_id": 10**30},
        {"object": None},
        {"object": []},
        {"object": {}},
    ],
)
def test_a_bad_envelope_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(BadEvent):
        parse({**read("wall_reply_new_photo"), **change})


@pytest.mark.parametrize(
    "change",
    [
        {"id": -5},
        {"id": 1.5},
        {"from_id": None},
        {"date": 10**12},
        {"date": "вчера"},
        {"text": 7},
        {"parents_stack": 9},
        {"parents_stack": ["9"]},
        {"post_id": {}},
        {"reply_to_comment": "9"},
    ],
)
def test_a_bad_comment_is_refused(change: dict[str, Any]) -> None:
    payload = read("wall_reply_new_photo")
    payload["object"] |= change
    with pytest.raises(BadEvent):
        parse(payload)


def test_texts_leave_fit_for_the_database() -> None:
    payload = read("wall_reply_new_photo")
    payload["object"]["text"] = "a\0b\ud800c"
    payload["object"]["attachments"] = [
        {"type": "doc\0", "doc\0": {"title": "\udc00<script>"}},
        5,
        {"type": 5},
        None,
    ]
    (told,) = parse(payload)
    assert told.text == "ab\ufffdc"
    assert [(file.kind, file.title) for file in told.files] == [("doc", "\ufffd<script>")]


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.just("photo") | st.just(10**40),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=5),
    max_leaves=20,
)
NAMES = sorted(path.stem for path in PAYLOADS.glob("*.json"))


def spoil(thing: Any, path: list[int], value: Any) -> Any:
    """The payload with one value, somewhere inside, replaced by something else."""
    if not path or not isinstance(thing, dict | list) or not thing:
        return value
    if isinstance(thing, list):
        at = path[0] % len(thing)
        return [spoil(each, path[1:], value) if i == at else each for i, each in enumerate(thing)]
    key = list(thing)[path[0] % len(thing)]
    return {name: spoil(each, path[1:], value) if name == key else each for name, each in thing.items()}


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    name=st.sampled_from(NAMES), path=st.lists(st.integers(0, 30), min_size=1, max_size=8), value=json_values
)
def test_whatever_is_spoiled_the_answer_is_a_list_or_bad_event(
    name: str, path: list[int], value: Any
) -> None:
    payload = spoil(read(name), path, value)
    try:
        told = parse(payload)
    except BadEvent:
        return
    for each in told:
        words = [each.text, each.author_id, each.external_id, *(file.title + file.url for file in each.files)]
        assert all("\0" not in word and word.encode() is not None for word in words)
        assert all(
            len(name) <= 40 for name in (each.object_id, each.external_id, each.root_id, each.author_id)
        )
        assert all(len(file.kind) <= 20 and len(file.external_id) <= 80 for file in each.files)
