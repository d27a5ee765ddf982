"""Events right in one place and mad in another: the words of a resident are never lost for what stands beside."""

import copy
import json
import random
from typing import Any

import pytest

from otklik.casework.models import Incident
from otklik.channels.models import Connection
from otklik.flow import road
from otklik.inbox import operations as inbox
from otklik.inbox.models import RawEvent, SourceMessage
from tests import cast

pytestmark = pytest.mark.django_db

MAD: list[Any] = [
    None,
    "",
    "x" * 70_000,
    "\0",
    "\ud800",
    "a\u0301" * 3000,
    0,
    -1,
    2**31,
    2**53,
    2**63,
    2**70,
    -(2**63),
    1.5,
]
MAD += [
    1e300,
    True,
    [],
    {},
    [[]],
    ["x"],
    {"x": 1},
    "1",
    "²",
    [None] * 50,
    {"\0": "\0"},
    {"\ud800": ["\ud800"]},
]
PHOTO = {
    "type": "photo",
    "photo": {
        "id": 457239017,
        "owner_id": 100200300,
        "access_key": "aa",
        "text": "двор",
        "sizes": [{"type": "x", "url": "https://sun1.userapi.com/a.jpg", "width": 604, "height": 453}],
    },
}
OTHERS = [
    {
        "type": "doc",
        "doc": {
            "id": 1,
            "owner_id": 2,
            "title": "акт.pdf",
            "size": 100,
            "url": "https://vk.com/doc",
            "ext": "pdf",
        },
    },
    {
        "type": "audio_message",
        "audio_message": {"id": 1, "owner_id": 2, "duration": 3, "link_mp3": "https://a/b.mp3"},
    },
    {"type": "wall", "wall": {"id": 1, "to_id": -2, "text": "чужая запись", "attachments": [PHOTO]}},
]
ENVELOPE = {"group_id", "type", "secret", "event_id", "v", "object"}


def _event(page: Connection) -> dict[str, Any]:
    event = cast.vk_comment(page.external_id, attachments=[copy.deepcopy(PHOTO), *copy.deepcopy(OTHERS)])
    event["object"]["geo"] = {
        "coordinates": {"latitude": 55.0, "longitude": 82.9},
        "place": {"title": "Двор"},
    }
    return event


def _paths(thing: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    pairs = thing.items() if isinstance(thing, dict) else enumerate(thing) if isinstance(thing, list) else []
    return [(*at, key) for key, _ in pairs] + [
        path for key, each in pairs for path in _paths(each, (*at, key))
    ]


def _spoil(event: dict[str, Any], path: tuple[Any, ...], value: Any) -> None:
    thing: Any = event
    for key in path[:-1]:
        thing = thing[key]
    thing[path[-1]] = value


def _accept(page: Connection, event: dict[str, Any], number: int) -> None:
    arrived = inbox.Arrived(page.pk, f"mad-{number}", "wall_reply_new", json.dumps(event).encode())
    inbox.accept_event(event=arrived, now=cast.NOW)


def test_only_what_names_no_message_is_set_aside() -> None:
    """Every field of a comment is spoiled in every way; the rest of it is as it was."""
    page = cast.connection()
    number = 0
    for path in _paths(_event(page)):
        if path[0] in ENVELOPE and len(path) == 1:
            continue
        for value in MAD:
            event = _event(page)
            _spoil(event, path, value)
            _accept(page, event, number := number + 1)
    while road.read_events(now=cast.NOW):
        pass
    assert not RawEvent.objects.filter(state="new").exists()
    failed = RawEvent.objects.filter(state="failed")
    assert [(row.error, bytes(row.body)) for row in failed if not row.error.startswith("BadEvent")] == []
    beside = [row.error for row in failed if b"attachments" in row.error.encode() or "geo" in row.error]
    assert beside == []


def test_whatever_was_read_is_judged() -> None:
    page = cast.connection()
    for number, value in enumerate(MAD):
        event = _event(page)
        event["object"]["text"] = value
        _accept(page, event, number)
    while road.read_events(now=cast.NOW):
        pass
    while road.judge_messages(now=cast.NOW):
        pass
    assert SourceMessage.objects.exists()
    assert not SourceMessage.objects.untriaged().exists()
    assert Incident.objects.count() == SourceMessage.objects.count()


def test_a_shuffled_life_of_a_comment_leaves_one_message() -> None:
    """New, edited, deleted and restored, twice each, in any order, with a reading between any two."""
    page, dice = cast.connection(), random.Random(54)
    for turn in range(30):
        base = cast.vk_comment(page.external_id, text=f"текст {turn}")["object"]
        news = []
        for kind in ("new", "edit", "delete", "restore") * 2:
            event = cast.vk_comment(page.external_id, f"wall_reply_{kind}")
            event["object"] = {**base, "text": f"текст {turn} {kind}"}
            news.append(event)
        dice.shuffle(news)
        for number, event in enumerate(news):
            _accept(page, event, turn * 100 + number)
            if dice.random() < 0.5:
                road.read_events(now=cast.after(minutes=turn))
            if dice.random() < 0.3:
                road.judge_messages(now=cast.after(minutes=turn))
    while road.read_events(now=cast.NOW) + road.judge_messages(now=cast.NOW):
        pass
    assert SourceMessage.objects.count() == 30
    assert Incident.objects.count() == 30
    assert not RawEvent.objects.exclude(state="read").exists()
