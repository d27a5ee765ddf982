"""Events of VK into `Incoming`; pure. Whatever a stranger sends, the answer is a list or BadEvent."""

import hashlib
import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from otklik.channels.base import Incoming, What
from otklik.channels.vk.files import files_of
from otklik.channels.vk.shapes import BadEvent, number, optional_number, record, text_of

__all__ = ["BadEvent", "comment_to_incoming", "event_key", "parse"]

# A chat of several people also has a peer_id, from here on: not a private dialog, so not ours to answer.
FIRST_CHAT = 2_000_000_000
LAST_SECOND = 4_102_444_800  # the year 2100: a date beyond it is a mistake or a joke

_SUFFIX = {"new": What.NEW, "edit": What.EDITED, "delete": What.DELETED, "restore": What.RESTORED}
# Event family → our place, the field that names the object, the fields that may name its owner.
_COMMENTS = {
    "wall_reply": ("wall", "post_id", ("post_owner_id", "owner_id")),
    "photo_comment": ("photo", "photo_id", ("photo_owner_id", "owner_id")),
    "video_comment": ("video", "video_id", ("video_owner_id", "owner_id")),
    "board_post": ("topic", "topic_id", ("topic_owner_id",)),
}


def parse(payload: Mapping[str, Any]) -> list[Incoming]:
    """What the event tells. Unknown types give one `OTHER`; an event about nobody's message too.

    Raises BadEvent when the payload is not what VK sends: missing parts, wrong types, absurd numbers.
    """
    kind = text_of(record(payload, "payload").get("type"), "type")
    if not kind or len(kind) > 60:
        raise BadEvent("type")
    group_id = number(payload.get("group_id"), "group_id", least=1)
    family, _, suffix = kind.rpartition("_")
    if family in _COMMENTS and suffix in _SUFFIX:
        return [
            _comment_event(kind, family, _SUFFIX[suffix], group_id, record(payload.get("object"), "object"))
        ]
    reader = _READERS.get(kind)
    if reader is None:
        return [Incoming(What.OTHER, kind=kind, author_id=_somebody(payload.get("object")))]
    return [reader(kind, group_id, record(payload.get("object"), "object"))]


def event_key(payload: Mapping[str, Any], body: bytes = b"") -> str:
    """The event's own id, by which a repeat is known; without a sane one, a digest of the body.

    Raises BadEvent when there is no body and the payload cannot be written as JSON.
    """
    event_id = payload.get("event_id")
    if (
        isinstance(event_id, str)
        and 0 < len(event_id) <= 80
        and event_id.isascii()
        and event_id.isprintable()
    ):
        return event_id
    if not body:
        try:
            body = json.dumps(payload, sort_keys=True).encode()
        except (TypeError, ValueError, RecursionError) as error:
            raise BadEvent("payload") from error
    return f"sha256:{hashlib.sha256(body).hexdigest()}"


def comment_to_incoming(item: Mapping[str, Any], *, group_id: int, place: str, object_id: int) -> Incoming:
    """An item of wall.getComments and its sisters as the same `Incoming` that its event would give.

    Raises BadEvent as `parse` does.
    """
    if item.get("deleted"):
        external_id = str(number(item.get("id"), "id", least=1))
        return Incoming(What.DELETED, place, str(object_id), external_id, kind="listed")
    return _comment(item, kind="listed", what=What.NEW, place=place, object_id=object_id, group_id=group_id)


def _comment_event(kind: str, family: str, what: What, group_id: int, item: Mapping[str, Any]) -> Incoming:
    place, field, owners = _COMMENTS[family]
    owner = next((item[name] for name in owners if item.get(name) is not None), None)
    object_id = number(item.get(field), field, least=1)
    # A comment of the page on somebody else's wall is not a message to the page.
    if owner is not None and number(owner, "owner") != -group_id:
        return Incoming(What.OTHER, kind=kind)
    if what is What.DELETED:
        return Incoming(what, place, str(object_id), str(number(item.get("id"), "id", least=1)), kind=kind)
    return _comment(item, kind=kind, what=what, place=place, object_id=object_id, group_id=group_id)


def _comment(
    item: Mapping[str, Any], *, kind: str, what: What, place: str, object_id: int, group_id: int
) -> Incoming:
    own_id = str(number(item.get("id"), "id", least=1))
    author = number(item.get("from_id"), "from_id")
    reply_to = optional_number(item.get("reply_to_comment"), "reply_to_comment")
    parents = item.get("parents_stack") or []
    if not isinstance(parents, list):
        raise BadEvent("parents_stack")
    root = number(parents[0], "parents_stack", least=1) if parents else reply_to
    return Incoming(
        what=what,
        place=place,
        object_id=str(object_id),
        external_id=own_id,
        root_id=str(root) if root else own_id,
        reply_to=str(reply_to) if reply_to else "",
        author_id=str(author),
        is_own=author in (-group_id, group_id),
        text=text_of(item.get("text"), "text"),
        sent_at=_moment(item.get("date")),
        files=files_of(item),
        kind=kind,
    )


def _message(kind: str, group_id: int, item: Mapping[str, Any]) -> Incoming:
    # Versions before 5.103 had the message itself in `object`.
    message = record(item["message"], "message") if "message" in item else item
    peer = number(message.get("peer_id"), "peer_id")
    author = number(message.get("from_id"), "from_id")
    if peer >= FIRST_CHAT or peer <= 0:
        return Incoming(What.OTHER, kind=kind, author_id=str(author))
    answered = message.get("reply_message")
    reply_to = record(answered, "reply_message").get("conversation_message_id") if answered else None
    return Incoming(
        what=What.EDITED if kind == "message_edit" else What.NEW,
        place="direct",
        object_id=str(peer),
        external_id=str(number(message.get("conversation_message_id"), "conversation_message_id", least=1)),
        root_id=str(peer),
        reply_to=str(optional_number(reply_to, "reply_message") or ""),
        author_id=str(author),
        is_own=author in (-group_id, group_id) or message.get("out") == 1,
        text=text_of(message.get("text"), "text"),
        sent_at=_moment(message.get("date")),
        files=files_of(message),
        kind=kind,
    )


def _post(kind: str, group_id: int, item: Mapping[str, Any]) -> Incoming:
    own_id = str(number(item.get("id"), "id", least=1))
    author = number(item.get("from_id"), "from_id")
    return Incoming(
        what=What.POST,
        place="wall",
        object_id=own_id,
        external_id=own_id,
        root_id=own_id,
        author_id=str(author),
        is_own=author in (-group_id, group_id),
        text=text_of(item.get("text"), "text"),
        sent_at=_moment(item.get("date")),
        files=files_of(item),
        kind=kind,
    )


_READERS: dict[str, Callable[[str, int, Mapping[str, Any]], Incoming]] = {
    "message_new": _message,
    "message_reply": _message,
    "message_edit": _message,
    "wall_post_new": _post,
}


def _moment(value: Any) -> datetime | None:
    if value is None:
        return None
    seconds = number(value, "date", least=0)
    if seconds > LAST_SECOND:
        raise BadEvent("date")
    return datetime.fromtimestamp(seconds, UTC)


def _somebody(thing: Any) -> str:
    # Whom an event that is no message is about, as `message_deny`: useful to show, no reason to refuse it.
    found = thing.get("user_id", thing.get("from_id")) if isinstance(thing, Mapping) else None
    return str(found) if isinstance(found, int) and not isinstance(found, bool) and abs(found) < 2**53 else ""
