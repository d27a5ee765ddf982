"""wall.*Comment*: reading, answering, editing, deleting; and what photo, video and board comments share."""

from __future__ import annotations

import re
from typing import Any

from netsim.api.call import Call, method
from netsim.api.errors import ApiError, invalid
from netsim.api.wall import owned, refs
from netsim.shapes import people
from netsim.shapes import walls as shapes
from netsim.world import CommentsClosedError, Draft, NoSuchObjectError
from netsim.world.entities import Comment, Json, ObjectKey

TEXT_LIMIT = 16_384
THREAD_LIMIT = 10
THREADED = {"wall", "video"}
FOREIGN_LINK = re.compile(
    r"https?://(?!(?:[\w.-]+\.)?(?:vk\.com|vk\.ru|gosuslugi\.ru|gov\.ru)\b)\S+", re.IGNORECASE
)
# The code a closed object answers with, by what is commented on.
CLOSED_CODES = {"wall": 213, "photo": 212, "video": 801, "topic": 15}


def say(call: Call, key: ObjectKey) -> Comment:
    """Write a comment as the community or as the person, with every refusal of the network."""
    draft = _draft(call, key)
    if draft.from_id > 0 and key[1] < 0 and call.world.is_banned(-key[1], draft.from_id):
        raise ApiError(15, "user is in the blacklist")
    group = call.world.community(-key[1])
    if group and group.links_forbidden and FOREIGN_LINK.search(draft.text):
        raise ApiError(222)
    try:
        return call.world.say(key, draft)
    except CommentsClosedError:
        raise ApiError(CLOSED_CODES[key[0]]) from None
    except NoSuchObjectError as error:
        if str(error).startswith("comment"):
            raise invalid("reply_to_comment", "is invalid") from None
        raise ApiError(15 if key[0] == "wall" else 100, "post or photo was deleted or not found") from None


def _draft(call: Call, key: ObjectKey) -> Draft:
    text, attached = call.text("message"), refs(call)
    if not text.strip() and not attached and not call.number("sticker_id"):
        raise invalid("message")
    if len(text) > TEXT_LIMIT:
        raise ApiError(100, "message is too long")
    asked = call.number("from_group", least=0)
    as_group = call.token.kind == "community" or asked
    group_id = call.token.group_id or (-key[1] if asked == 1 else asked)
    if as_group and not call.is_admin(group_id):
        raise ApiError(15, "you should be group admin")
    return Draft(
        from_id=-group_id if as_group else call.token.user_id,
        text=text,
        attachments=attached,
        reply_to=call.number("reply_to_comment", least=0),
        created_by=call.by,
        guid=call.text("guid"),
    )


def known_comment(call: Call, on: str, *, deleted: bool = False, own: bool = True) -> Comment:
    """The comment that `owner_id` and `comment_id` name; with `own`, one the caller may change."""
    owner = -call.group().id if on == "topic" else call.owner()
    said = call.world.comment(on, owner, call.need_number("comment_id", least=0))
    if said is None or (said.deleted and not deleted):
        raise ApiError(100, "comment_id is invalid") if on != "wall" else ApiError(211)
    if own and said.from_id != call.token.user_id:
        owned(call, said.owner_id)
    return said


def edit(call: Call, on: str) -> int:
    """Change a comment of one's own."""
    said = known_comment(call, on)
    if said.from_id not in {call.token.user_id, said.owner_id}:
        raise ApiError(15, "only own comments can be edited")
    attached = refs(call) if "attachments" in call.params else None
    if not call.text("message") and not attached:
        raise invalid("message")
    call.world.edit_comment(said, text=call.text("message"), attachments=attached)
    return 1


def delete(call: Call, on: str) -> int:
    """Take a comment away."""
    call.world.delete_comment(known_comment(call, on), by=call.by)
    return 1


def restore(call: Call, on: str) -> int:
    """Bring a comment back."""
    call.world.restore_comment(known_comment(call, on, deleted=True))
    return 1


def _window(call: Call, found: list[Comment]) -> list[Comment]:
    """Sorted and cut as asked. The network's own `smart` order is not known; here it is the plain one."""
    found = found[::-1] if call.text("sort") == "desc" else found
    start = call.number("start_comment_id", least=0)
    at = next((i for i, said in enumerate(found) if said.id == start), 0) if start else 0
    low = max(at + call.number("offset"), 0)
    return found[low : low + min(call.number("count", 10, least=0), 100)]


def listing(call: Call, key: ObjectKey) -> Json:
    """Comments under an object: first level with threads, or one thread when `comment_id` is given."""
    everything = call.world.comments(key, deleted=True)
    branch = call.number("comment_id", least=0)
    # Under photos and in discussions replies stand in one row with what they answer.
    flat = key[0] not in THREADED
    level = [c for c in everything if (flat or c.parent == branch) and _shown(call, c)]
    window = _window(call, level)
    opened = call.world.is_open(key)
    items = [_with_thread(call, said, opened=opened) for said in window]
    authors = [
        key[1],
        *(c.from_id for c in window),
        *(c.from_id for w in window for c in call.world.thread(w)),
    ]
    standing = sum(1 for c in everything if not c.deleted and (not branch or c.parent == branch))
    answer = {
        "count": standing,
        "items": items,
        "current_level_count": len(level),
        "can_post": opened,
        "show_reply_button": opened,
        "groups_can_post": opened,
        "order": "chronological",
    }
    if call.flag("extended"):
        answer |= people.extended(call.world, authors)
        if key[0] == "wall" and (entry := call.world.post(key[1], key[2])):
            answer["post_author_id"] = entry.from_id
    return answer


def _shown(call: Call, said: Comment) -> bool:
    """A deleted comment keeps its place only while somebody's reply hangs on it."""
    return not said.deleted or (said.on in THREADED and bool(call.world.thread(said)))


def _with_thread(call: Call, said: Comment, *, opened: bool) -> Json:
    likes, viewer = call.flag("need_likes"), call.token.user_id
    shown = shapes.comment(call.world, said, need_likes=likes, viewer=viewer)
    if said.on not in THREADED or said.parent:
        return shown
    replies = call.world.thread(said)
    limit = call.number("thread_items_count", least=0, most=THREAD_LIMIT)
    shown["thread"] = {
        "count": len(replies),
        "items": [shapes.comment(call.world, c, need_likes=likes, viewer=viewer) for c in replies[:limit]],
        "can_post": opened,
        "show_reply_button": opened,
        "groups_can_post": opened,
    }
    return shown


@method("wall.getComments", "us")
def get_comments(call: Call) -> Json:
    """Comments under a post."""
    key = ("wall", call.owner(), call.need_number("post_id", least=0))
    if not call.world.exists(key):
        raise ApiError(212)
    return listing(call, key)


@method("wall.getComment", "u")
def get_comment(call: Call) -> Json:
    """One comment, deleted or not."""
    said = known_comment(call, "wall", deleted=True, own=False)
    opened = call.world.is_open(said.object_key)
    shown = shapes.comment(call.world, said, need_likes=True, viewer=call.token.user_id)
    answer = {"items": [shown], "can_post": opened, "show_reply_button": opened, "groups_can_post": opened}
    return call.extended(answer, [said.from_id, said.owner_id])


@method("wall.createComment", "uc", "wall")
def create_comment(call: Call) -> Json:
    """Comment on a post, or answer a comment in its thread."""
    said = say(call, ("wall", call.owner(), call.need_number("post_id", least=0)))
    return {"comment_id": said.id, "parents_stack": [said.parent] if said.parent else []}


@method("wall.editComment", "u")
def edit_comment(call: Call) -> int:
    """Change a comment."""
    return edit(call, "wall")


@method("wall.deleteComment", "u")
def delete_comment(call: Call) -> int:
    """Take a comment away."""
    return delete(call, "wall")


@method("wall.restoreComment", "u")
def restore_comment(call: Call) -> int:
    """Bring a comment back."""
    return restore(call, "wall")


@method("wall.reportComment", "u")
def report_comment(call: Call) -> int:
    """Complain about a comment; nothing happens to it here."""
    known_comment(call, "wall", own=False)
    call.number("reason", least=0, most=8)
    return 1


def object_key(call: Call, on: str, name: str) -> ObjectKey:
    """What the parameters name: a photo, a video or a discussion that exists (else 100)."""
    owner: Any = -call.group().id if on == "topic" else call.owner()
    key = (on, owner, call.need_number(name, least=0))
    if not call.world.exists(key):
        raise invalid(name, "is invalid")
    return key
