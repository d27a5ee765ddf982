"""Deeds of residents, and of administrators who act in the network's own interface, past any program."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from netsim.control.given import BadOrderError, Given
from netsim.control.make import attachments, pictures
from netsim.world import CommentsClosedError, Draft, Letter, NoSuchObjectError
from netsim.world.entities import Comment, Json
from netsim.world.records import Message

Deed = Callable[[Given], Json]
# What group_change_settings tells of, and what changes without a word.
TOLD_SETTINGS = ("name", "screen_name", "description", "site", "status", "activity", "phone", "wall")
QUIET_SETTINGS = (
    "verified", "is_government", "links_forbidden", "can_message", "admins", "contacts", "addresses", "city",
    "members_count", "is_closed", "deactivated",
)  # fmt: skip


def _say(given: Given, from_id: int, by: int = 0) -> Json:
    draft = Draft(
        from_id=from_id,
        text=given.text("text", ""),
        attachments=attachments(given, from_id),
        reply_to=given.number("reply_to", 0),
        created_by=by,
        guid=given.text("guid", ""),
    )
    try:
        return asdict(given.world.say(given.object_key(), draft))
    except CommentsClosedError:
        raise BadOrderError("comments are closed") from None
    except NoSuchObjectError as error:
        raise BadOrderError(f"no such object: {error}") from None


def _comment(given: Given) -> Comment:
    said = given.world.comment(given.text("on", "wall"), given.owner(), given.number("comment_id"))
    if said is None:
        raise BadOrderError(f"no comment {given.body.get('comment_id')}")
    return said


def comment(given: Given) -> Json:
    """Say something under a post, photo, video or discussion: {user_id, group_id, post_id…, text, reply_to?,
    photos?}"""
    person = given.person()
    if given.world.is_banned(-given.owner(), person.id):
        raise BadOrderError("the person is banned")
    return _say(given, person.id)


def edit_comment(given: Given) -> Json:
    """{group_id, comment_id, on?, text}"""
    said = _comment(given)
    given.world.edit_comment(said, text=given.text("text"))
    return asdict(said)


def delete_comment(given: Given) -> Json:
    """{group_id, comment_id, on?, by?}; without `by` the author deletes."""
    said = _comment(given)
    given.world.delete_comment(said, by=given.number("by", max(said.from_id, 0)))
    return asdict(said)


def restore_comment(given: Given) -> Json:
    """{group_id, comment_id, on?}"""
    said = _comment(given)
    given.world.restore_comment(said)
    return asdict(said)


def _letter(given: Given, owner: int) -> Letter:
    return Letter(
        text=given.text("text", ""),
        attachments=attachments(given, owner),
        reply_to=given.number("reply_to", 0),
        payload=given.text("payload", ""),
    )


def message(given: Given) -> Json:
    """Write to a community: {user_id, group_id, text, photos?}"""
    person, group = given.person(), given.group()
    if given.world.is_banned(group.id, person.id) or not group.can_message:
        raise BadOrderError("the community takes no messages from this person")
    return asdict(given.world.write(group.id, person.id, _letter(given, person.id)))


def _message(given: Given) -> Message:
    sent = given.world.messages.get((given.group().id, given.number("message_id")))
    if sent is None:
        raise BadOrderError(f"no message {given.body.get('message_id')}")
    return sent


def edit_message(given: Given) -> Json:
    """{group_id, message_id, text}"""
    sent = _message(given)
    given.world.edit_message(sent, text=given.text("text"))
    return asdict(sent)


def delete_message(given: Given) -> Json:
    """{group_id, message_id}; the network tells nobody."""
    sent = _message(given)
    given.world.delete_message(sent)
    return asdict(sent)


def _plain(name: str) -> Deed:
    def deed(given: Given) -> Json:
        getattr(given.world, name)(given.group().id, given.person().id)
        return {"ok": True}

    deed.__doc__ = "{user_id, group_id}"
    return deed


def like(given: Given) -> Json:
    """Like a post or, with `comment_id`, a comment: {user_id, group_id, post_id | comment_id, remove?}"""
    thing: Any = (
        _comment(given)
        if "comment_id" in given.body
        else given.world.post(given.owner(), given.number("post_id"))
    )
    if thing is None:
        raise BadOrderError("no such post")
    return {"likes": given.world.like(thing, given.person().id, remove=given.flag("remove"))}


def vote(given: Given) -> Json:
    """{user_id, group_id, poll_id, answer_ids}"""
    asked = given.world.polls.get((given.owner(), given.number("poll_id")))
    if asked is None:
        raise BadOrderError("no such poll")
    return {"voted": given.world.vote(asked, given.person().id, given.many("answer_ids"))}


def repost(given: Given) -> Json:
    """Carry a post to one's own wall: {user_id, group_id, post_id, text?}"""
    source = given.world.post(given.owner(), given.number("post_id"))
    if source is None:
        raise BadOrderError("no such post")
    person = given.person()
    return asdict(
        given.world.create_post(person.id, from_id=person.id, text=given.text("text", ""), copy_of=source.key)
    )


def press(given: Given) -> Json:
    """Press a callback button: {user_id, group_id, payload, cmid?}"""
    pressed = given.world.press(
        given.group().id, given.person().id, given.body.get("payload"), given.number("cmid", 0)
    )
    return {"event_id": pressed}


# -- the administrator, by hand ------------------------------------------------------------------------------
def admin_reply(given: Given) -> Json:
    """The community answers by hand: {group_id, post_id…, text, reply_to?, by?}"""
    group = given.group()
    return _say(given, -group.id, given.number("by", group.admins[0] if group.admins else 0))


def admin_message(given: Given) -> Json:
    """The community writes to a person by hand: {group_id, user_id, text, by?}"""
    group = given.group()
    sent = given.world.send(group.id, given.person().id, _letter(given, -group.id), by=given.number("by", 0))
    return asdict(sent)


def admin_post(given: Given) -> Json:
    """Close or open comments, pin, delete or edit a post: {group_id, post_id, comments_open?, pinned?,
    deleted?, text?}"""
    entry = given.world.post(given.owner(), given.number("post_id"))
    if entry is None:
        raise BadOrderError("no such post")
    given.world.set_post(entry, **given.about("comments_open", "pinned", "deleted"))
    if "text" in given.body:
        given.world.edit_post(entry, text=given.text("text"))
    return asdict(entry)


def admin_video(given: Given) -> Json:
    """Change a broadcast: {group_id, video_id, live_status?, spectators?, comments_open?, title?}"""
    clip = given.world.videos.get((given.owner(), given.number("video_id")))
    if clip is None:
        raise BadOrderError("no such video")
    given.world.set_video(
        clip, **given.about("live_status", "spectators", "comments_open", "title", "duration")
    )
    return asdict(clip)


def admin_settings(given: Given) -> Json:
    """Change the page: {group_id, name?, wall?, is_government?, cover?…}; docs/netsim.md has them all"""
    group = given.group()
    given.world.edit_community(group.id, given.number("by", 0), given.about(*TOLD_SETTINGS))
    for name, value in given.about(*QUIET_SETTINGS).items():
        setattr(group, name, value)
    if "links" in given.body:
        group.links.clear()
        for item in given.many("links"):
            given.world.add_link(group.id, item["url"], item.get("text", ""))
    pictures(given, group)
    given.world.changed("community", group.id, group)
    return asdict(group)


def admin_ban(given: Given) -> Json:
    """{group_id, user_id, by?, comment?}; with `remove`, take the ban off."""
    group, person, by = given.group(), given.person(), given.number("by", 0)
    if given.flag("remove"):
        return {"ok": given.world.unban(group.id, person.id, by)}
    given.world.ban(group.id, person.id, by, end=given.number("end", 0), comment=given.text("comment", ""))
    return {"ok": True}


VERBS: dict[str, Deed] = {
    "comment": comment,
    "edit_comment": edit_comment,
    "delete_comment": delete_comment,
    "restore_comment": restore_comment,
    "message": message,
    "edit_message": edit_message,
    "delete_message": delete_message,
    "allow": _plain("allow"),
    "deny": _plain("deny"),
    "read": _plain("read_by_user"),
    "join": _plain("join"),
    "leave": _plain("leave"),
    "like": like,
    "vote": vote,
    "repost": repost,
    "press": press,
    "admin_reply": admin_reply,
    "admin_message": admin_message,
    "admin_post": admin_post,
    "admin_video": admin_video,
    "admin_settings": admin_settings,
    "admin_ban": admin_ban,
}
