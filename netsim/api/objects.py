"""photos.*Comment*, video.*Comment*, board.*: the same comments under other things."""

from __future__ import annotations

from functools import partial

from netsim.api import comments
from netsim.api.call import Call, method
from netsim.shapes import media
from netsim.shapes import walls as shapes
from netsim.world.entities import Json


def _get_comments(call: Call, on: str, name: str) -> Json:
    answer = comments.listing(call, comments.object_key(call, on, name))
    if on != "video":
        for extra in ("current_level_count", "can_post", "show_reply_button", "groups_can_post"):
            answer.pop(extra)
        answer["count"] = len(call.world.comments(comments.object_key(call, on, name)))
    return answer


def _create_comment(call: Call, on: str, name: str) -> int:
    return comments.say(call, comments.object_key(call, on, name)).id


for _section, _on, _name in (("photos", "photo", "photo_id"), ("video", "video", "video_id")):
    method(f"{_section}.getComments", "u")(partial(_get_comments, on=_on, name=_name))
    method(f"{_section}.createComment", "u")(partial(_create_comment, on=_on, name=_name))
    method(f"{_section}.editComment", "u")(partial(comments.edit, on=_on))
    method(f"{_section}.deleteComment", "u")(partial(comments.delete, on=_on))
    method(f"{_section}.restoreComment", "u")(partial(comments.restore, on=_on))

method("board.createComment", "u")(partial(_create_comment, on="topic", name="topic_id"))
method("board.editComment", "u")(partial(comments.edit, on="topic"))
method("board.deleteComment", "uc")(partial(comments.delete, on="topic"))
method("board.restoreComment", "uc")(partial(comments.restore, on="topic"))


@method("board.getTopics", "us")
def get_topics(call: Call) -> Json:
    """Discussions of a community, the freshest first."""
    group = call.group()
    offset, count = call.page(default=40, most=100)
    wanted = call.numbers("topic_ids", most=100)
    found = [t for t in call.world.topics_of(-group.id) if not wanted or t.id in wanted]
    items = [media.topic(call.world, t) for t in found[offset : offset + count]]
    answer = {
        "count": len(found),
        "items": items,
        "default_order": 2,
        "can_add_topics": int(call.is_admin(group.id)),
    }
    return call.extended(answer, [t.created_by for t in found[offset : offset + count]])


@method("board.getComments", "us")
def get_comments(call: Call) -> Json:
    """What was said in a discussion, in plain order: a discussion has no threads."""
    key = comments.object_key(call, "topic", "topic_id")
    said = call.world.comments(key)
    if call.text("sort") == "desc":
        said = said[::-1]
    start = call.number("start_comment_id", least=0)
    said_from = [c for c in said if not start or c.id >= start]
    offset, count = call.page(default=20, most=100)
    window = said_from[offset : offset + count]
    likes = call.flag("need_likes")
    items = [shapes.comment(call.world, c, need_likes=likes, viewer=call.token.user_id) for c in window]
    return call.extended({"count": len(said), "items": items}, [c.from_id for c in window])
