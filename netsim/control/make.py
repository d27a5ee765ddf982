"""Making things: communities, people, posts, photos, videos, discussions, polls, tokens."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from netsim import images
from netsim.control.given import BadOrderError, Given
from netsim.shapes import media
from netsim.world.entities import Community, Json
from netsim.world.media import NotAPictureError

COMMUNITY_WORDS = (
    "screen_name", "type", "description", "activity", "status", "site", "phone", "city", "verified",
    "is_government",
    "is_closed", "members_count", "links_forbidden", "can_message", "wall", "admins", "contacts",
    "confirmation_code", "addresses", "deactivated",
)  # fmt: skip
USER_WORDS = ("first_name", "last_name", "sex", "screen_name", "city", "is_closed", "deactivated")


def community(given: Given) -> Json:
    """{id?, name, screen_name?, description?, verified?, members_count?, admins?, links?: [{url, text}]…}"""
    group = given.world.create_community(
        name=given.text("name"), id=given.number("id", 0), **given.about(*COMMUNITY_WORDS)
    )
    for item in given.many("links"):
        if all(known["url"] != item["url"] for known in group.links):
            given.world.add_link(group.id, item["url"], item.get("text", ""))
    pictures(given, group)
    return asdict(group)


def pictures(given: Given, group: Community) -> None:
    """Its `photo` (the avatar) and `cover`: base64, {"drawn": "any words"}, or "" for none; `photo` may be absent."""
    for name in ("photo", "cover"):
        if name not in given.body:
            continue
        sent = given.body[name]
        body = picture_bytes(given, sent) if sent else b""
        found = images.measure(body) if body else None
        if body and found is None:
            raise NotAPictureError
        setattr(group, name, given.world.keep_file(body, found[0]) if found else "")
    given.world.save(group)


def user(given: Given) -> Json:
    """{id?, first_name, last_name, sex?, city?…}"""
    return asdict(given.world.create_user(id=given.number("id", 0), **given.about(*USER_WORDS)))


def attachments(given: Given, owner_id: int) -> list[str]:
    """References under `attachments`, and new photos under `photos` (base64, or {"drawn": "any words"})."""
    refs = [str(ref) for ref in given.many("attachments")]
    for ref in refs:
        if media.attachment(given.world, ref) is None:
            raise BadOrderError(f"no such attachment: {ref}")
    for sent in given.many("photos"):
        picture = given.world.create_photo(
            owner_id, picture_bytes(given, sent), album_id=-7, user_id=max(owner_id, 0)
        )
        refs.append(f"photo{owner_id}_{picture.id}")
    return refs


def picture_bytes(given: Given, sent: Any) -> bytes:
    """A picture in base64, or a drawn one."""
    if isinstance(sent, dict):
        return images.drawn(
            str(sent.get("drawn", "")), int(sent.get("width", 320)), int(sent.get("height", 240))
        )
    return Given(given.world, {"photo": sent}).bytes("photo")


def post(given: Given) -> Json:
    """{group_id | owner_id, text, from_id?, date?, publish_date?, attachments?, photos?, comments_open?,
    copy_of?}"""
    owner = given.owner()
    words = given.about("date", "comments_open", "pinned", "views", "created_by", "signer_id", "copy_of")
    entry = given.world.create_post(
        owner,
        from_id=given.number("from_id", owner),
        text=given.text("text", ""),
        publish_date=given.number("publish_date", 0),
        attachments=attachments(given, owner),
        **words,
    )
    return asdict(entry)


def photo(given: Given) -> Json:
    """{group_id | owner_id, photo: base64 | {"drawn": words}, text?, album_id?}"""
    body = picture_bytes(given, given.body.get("photo") or {"drawn": given.text("text", "photo")})
    words = {"album_id": 1, **given.about("text", "album_id", "user_id")}
    return asdict(given.world.create_photo(given.owner(), body, **words))


def video(given: Given) -> Json:
    """{group_id | owner_id, title, description?, duration?, live_status?, live_start_time?, spectators?}"""
    words = (
        "description",
        "duration",
        "live_status",
        "live_start_time",
        "spectators",
        "views",
        "comments_open",
    )
    return asdict(given.world.create_video(given.owner(), title=given.text("title"), **given.about(*words)))


def topic(given: Given) -> Json:
    """{group_id, title, created_by?}"""
    owner = given.owner()
    return asdict(
        given.world.create_topic(
            owner, title=given.text("title"), created_by=given.number("created_by", owner)
        )
    )


def poll(given: Given) -> Json:
    """{group_id | owner_id, question, answers, anonymous?, multiple?, end_date?}"""
    made = given.world.create_poll(
        given.owner(),
        question=given.text("question"),
        answers=[str(answer) for answer in given.many("answers")],
        author_id=given.number("author_id", 0),
        **given.about("anonymous", "multiple", "end_date"),
    )
    return asdict(made)


def token(given: Given) -> Json:
    """{kind: user | community | service, group_id?, user_id?, scopes?, quirks?, value?}"""
    kind = given.text("kind")
    if kind not in {"user", "community", "service"}:
        raise BadOrderError("kind must be user, community or service")
    group_id = given.group().id if kind == "community" else 0
    user_id = given.person().id if kind == "user" else 0
    words = given.about("scopes", "quirks", "value")
    return asdict(given.world.issue_token(kind=kind, group_id=group_id, user_id=user_id, **words))


MAKE: dict[str, Callable[[Given], Json]] = {
    "communities": community,
    "users": user,
    "posts": post,
    "photos": photo,
    "videos": video,
    "topics": topic,
    "polls": poll,
    "tokens": token,
}
