"""Posts and comments as JSON, in answers of methods and in events."""

from __future__ import annotations

from netsim.shapes import media
from netsim.world.entities import Comment, Json, Post
from netsim.world.state import State

# Name of the object's owner and of the object itself in events and answers, by what the comment hangs on.
EVENT_OWNER = {
    "wall": ("post_owner_id", "post_id"),
    "photo": ("photo_owner_id", "photo_id"),
    "video": ("video_owner_id", "video_id"),
    "topic": ("topic_owner_id", "topic_id"),
}


def likes(liked: list[int], viewer: int = 0) -> Json:
    """The `likes` block."""
    mine = int(viewer in liked)
    return {
        "can_like": int(not mine),
        "count": len(liked),
        "user_likes": mine,
        "can_publish": 1,
        "repost_disabled": False,
    }


def live_count(state: State, post: Post) -> int:
    """Comments under a post that are not deleted, replies included."""
    return sum(1 for c in state.threads.get(("wall", post.owner_id, post.id), {}).values() if not c.deleted)


def copies(state: State, post: Post) -> list[Post]:
    """Reposts of a post."""
    return [copy for copy in state.copies.get(post.key, []) if not copy.deleted]


def post(state: State, entry: Post, *, admin: bool = False, viewer: int = 0) -> Json:
    """A wall entry as wall.get shows it."""
    group = state.communities.get(-entry.owner_id)
    opened = entry.comments_open and (group is None or group.takes_comments)
    shown = _base(state, entry) | {
        "comments": {"can_post": int(opened), "count": live_count(state, entry), "groups_can_post": opened},
        "likes": likes(entry.likes, viewer),
        "reposts": {"count": len(copies(state, entry)), "user_reposted": 0},
        "views": {"count": entry.views},
        "post_source": {"type": "api"},
        "type": "post",
        "header": {"date": {"text": ""}},
        "check_sign": False,
        "reaction_set_id": "reactions",
    }
    if admin:
        shown |= {
            "can_edit": 1,
            "can_delete": 1,
            "can_pin": 1,
            "created_by": entry.created_by or entry.from_id,
        }
        if opened:
            shown["comments"]["can_close"] = 1
        else:
            shown["comments"]["can_open"] = 1
    if entry.pinned:
        shown["is_pinned"] = 1
    return shown


def _base(state: State, entry: Post) -> Json:
    shown: Json = {
        "inner_type": "wall_wallpost",
        "id": entry.id,
        "from_id": entry.from_id,
        "owner_id": entry.owner_id,
        "date": entry.date,
        "marked_as_ads": entry.marked_as_ads,
        "post_type": entry.post_type,
        "text": entry.text,
        "attachments": media.attachments(state, entry.attachments),
        "is_favorite": False,
        "donut": {"is_donut": False},
        "hash": f"{abs(hash((entry.owner_id, entry.id))):012x}"[:12],
    }
    if entry.edited:
        shown["edited"] = entry.edited
    if entry.signer_id:
        shown["signer_id"] = entry.signer_id
    source = _source(state, entry)
    if source:
        shown["copy_history"] = [_base(state, source)]
    return shown


def _source(state: State, entry: Post) -> Post | None:
    if not entry.copy_of:
        return None
    owner, number = entry.copy_of.split("_")
    return state.walls.get(int(owner), {}).get(int(number))


def post_event(state: State, entry: Post) -> Json:
    """A wall entry as wall_post_new tells it."""
    author = entry.created_by or entry.from_id
    return _base(state, entry) | {
        "can_edit": 1,
        "created_by": author,
        "can_delete": 1,
        "comments": {"count": 0},
    }


def comment(state: State, said: Comment, *, need_likes: bool = False, viewer: int = 0) -> Json:
    """A comment as the methods show it; a deleted one keeps only its place."""
    if said.deleted:
        shown: Json = {"id": said.id, "deleted": True, "owner_id": said.owner_id, "can_edit": 0}
        if said.on == "wall":
            shown |= {"post_id": said.object_id, "parents_stack": [said.parent] if said.parent else []}
        return shown
    shown = {"id": said.id, "from_id": said.from_id, "date": said.date, "text": said.text}
    if said.on == "wall":
        shown |= {"post_id": said.object_id, "owner_id": said.owner_id}
    if said.on in {"wall", "video"}:
        shown["parents_stack"] = [said.parent] if said.parent else []
    shown |= _reply(said)
    if said.attachments:
        shown["attachments"] = media.attachments(state, said.attachments)
    if need_likes:
        shown["likes"] = likes(said.likes, viewer)
    return shown


def _reply(said: Comment) -> Json:
    if not said.reply_to_comment:
        return {}
    return {"reply_to_user": said.reply_to_user, "reply_to_comment": said.reply_to_comment}


def comment_event(state: State, said: Comment) -> Json:
    """A comment as `*_new`, `*_edit` and `*_restore` tell it."""
    owner, number = EVENT_OWNER[said.on]
    shown: Json = {"id": said.id, "from_id": said.from_id, "date": said.date, "text": said.text}
    if said.on == "wall":
        shown |= {"post_id": said.object_id, "owner_id": said.owner_id}
        shown["parents_stack"] = [said.parent] if said.parent else []
    shown |= _reply(said)
    if said.attachments:
        shown["attachments"] = media.attachments(state, said.attachments)
    return shown | {owner: said.owner_id, number: said.object_id}


def comment_deleted(said: Comment) -> Json:
    """A deletion as `*_delete` tells it: who and where, no text."""
    if said.on == "topic":
        return {"topic_owner_id": said.owner_id, "topic_id": said.object_id, "id": said.id}
    number = EVENT_OWNER[said.on][1]
    shown = {"owner_id": said.owner_id, "id": said.id, "deleter_id": said.deleter_id, number: said.object_id}
    if said.on == "photo":
        shown["user_id"] = said.from_id
    return shown
