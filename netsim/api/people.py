"""users.*, utils.*, likes.*: who is who."""

from __future__ import annotations

from typing import Any

from netsim.api.call import Call, method
from netsim.api.errors import ApiError, invalid
from netsim.shapes import people
from netsim.world.entities import Json


@method("users.get", "ucs")
def get(call: Call) -> list[Json]:
    """People by ids or short names; unknown ones are left out, no valid one at all is error 113."""
    names = call.words("user_ids") or call.words("user_id")
    if not names:
        names = [str(call.token.user_id)] if call.token.user_id else []
    if len(names) > 1000:
        raise invalid("user_ids", "should contain no more than 1000 items")
    found = []
    for name in names:
        resolved = call.world.resolve(name)
        number = int(name) if name.isdecimal() else resolved[1] if resolved and resolved[0] == "user" else 0
        person = call.world.user(number)
        if person:
            found.append(people.user(call.world, person, call.words("fields")))
        elif not name.removeprefix("-").isdecimal() or int(name) < 1:
            raise ApiError(113)
    return found


@method("utils.resolveScreenName", "ucs")
def resolve_screen_name(call: Call) -> Any:
    """What a short address means; an empty list when nothing, as the network answers."""
    found = call.world.resolve(call.need("screen_name"))
    return {"object_id": found[1], "type": found[0]} if found else []


@method("utils.getServerTime", "ucs")
def get_server_time(call: Call) -> int:
    """The network's clock."""
    return call.world.now()


def _likable(call: Call) -> Any:
    kind, owner, number = call.need("type"), call.owner(), call.need_number("item_id", least=0)
    world = call.world
    comment_kinds = {
        "comment": "wall",
        "photo_comment": "photo",
        "video_comment": "video",
        "topic_comment": "topic",
    }
    if kind in comment_kinds:
        found: Any = world.comment(comment_kinds[kind], owner, number)
    elif kind == "post":
        found = world.post(owner, number)
    else:
        found = world.comment_shelf(kind).get((owner, number)) if kind in {"photo", "video"} else None
    if found is None:
        raise invalid("item_id", "is invalid")
    return found


@method("likes.add", "u")
def add_like(call: Call) -> Json:
    """Like a thing."""
    return {"likes": call.world.like(_likable(call), call.by)}


@method("likes.delete", "u")
def delete_like(call: Call) -> Json:
    """Take a like back."""
    return {"likes": call.world.like(_likable(call), call.by, remove=True)}


@method("likes.getList", "us")
def likes_list(call: Call) -> Json:
    """Who liked a thing."""
    liked = _likable(call).likes
    offset, count = call.page(default=100, most=1000)
    return {"count": len(liked), "items": liked[offset : offset + count]}
