"""wall.*: posts."""

from __future__ import annotations

import re
from typing import Any

from netsim.api.call import Call, method
from netsim.api.errors import ApiError, invalid
from netsim.shapes import media, people
from netsim.shapes import walls as shapes
from netsim.world.entities import Json, Post

TEXT_LIMIT = 16_384
ATTACHMENTS_LIMIT = 10


def refs(call: Call, name: str = "attachments") -> list[str]:
    """Attachments by reference, checked to exist; keys behind the second underscore are dropped."""
    found = []
    for ref in call.words(name):
        short = ref if ref.startswith("http") else "_".join(ref.split("_")[:2])
        if media.attachment(call.world, short) is None:
            raise invalid(name, "is invalid")
        found.append(short)
    if len(found) > ATTACHMENTS_LIMIT:
        raise invalid(name, f"should contain no more than {ATTACHMENTS_LIMIT} items")
    return found


def wall_owner(call: Call) -> int:
    """Whose wall: `owner_id`, `domain`, or the caller's own."""
    if call.text("domain"):
        found = call.world.resolve(call.text("domain"))
        if found is None:
            raise invalid("domain", "is invalid")
        return found[1] if found[0] == "user" else -found[1]
    owner = call.owner()
    if owner < 0:
        group = call.world.community(-owner)
        if group is None:
            raise ApiError(100, "owner_id is invalid")
        if group.deactivated:
            raise ApiError(15, "group is blocked")
        if group.is_closed and not call.is_admin(group.id):
            raise ApiError(15, "this wall available only for community members")
    elif owner not in call.world.users:
        raise ApiError(18)
    return owner


def known_post(call: Call, *, own: bool = False) -> Post:
    """The post that `owner_id` and `post_id` name."""
    owner, number = call.owner(), call.need_number("post_id", least=0)
    entry = call.world.post(owner, number)
    if entry is None:
        raise ApiError(100, "post_id is invalid" if own else "post not found")
    if own:
        owned(call, owner)
    return entry


def owned(call: Call, owner: int) -> None:
    """The caller must be the owner, or an administrator of the owning community (else 15)."""
    if owner < 0:
        call.known(-owner, own=True)
    elif owner != call.token.user_id:
        raise ApiError(15)


def _answer(call: Call, entries: list[Post], count: int | None) -> Json:
    items = [
        shapes.post(
            call.world, e, admin=e.owner_id < 0 and call.is_admin(-e.owner_id), viewer=call.token.user_id
        )
        for e in entries
    ]
    head: Json = {} if count is None else {"count": count}
    return call.extended({**head, "items": items}, [i for e in entries for i in (e.from_id, e.owner_id)])


@method("wall.get", "us")
def get(call: Call) -> Json:
    """Posts of a wall, newest first."""
    owner = wall_owner(call)
    offset, count = call.page(default=20, most=100)
    kind = call.text("filter") or "all"
    if kind not in {"all", "owner", "others", "postponed", "suggests", "donut"}:
        raise invalid("filter", "is invalid")
    if kind in {"postponed", "suggests"}:
        owned(call, owner)
    entries = call.world.wall_of(owner, postponed=kind == "postponed")
    if kind in {"owner", "others"}:
        entries = [e for e in entries if (e.from_id == owner) == (kind == "owner")]
    elif kind in {"suggests", "donut"}:
        entries = []
    return _answer(call, entries[offset : offset + count], len(entries))


@method("wall.getById", "us")
def get_by_id(call: Call) -> Json:
    """Posts by `owner_post`; those that are gone are left out."""
    call.need("posts")
    found = []
    for word in call.words("posts")[:100]:
        match = re.fullmatch(r"(-?\d+)_(\d+)(_\w+)?", word)
        entry = call.world.post(int(match[1]), int(match[2])) if match else None
        if entry and (entry.post_type != "postpone" or call.is_admin(-entry.owner_id)):
            found.append(entry)
    return _answer(call, found, None)


@method("wall.search", "us")
def search(call: Call) -> Json:
    """Posts of a wall that hold the words."""
    owner = wall_owner(call)
    offset, count = call.page(default=20, most=100)
    words = call.text("query").casefold().split()
    entries = [e for e in call.world.wall_of(owner) if all(word in e.text.casefold() for word in words)]
    return _answer(call, entries[offset : offset + count], len(entries))


@method("wall.getReposts", "us")
def get_reposts(call: Call) -> Json:
    """Who carried a post further."""
    entry = known_post(call)
    offset, count = call.page(default=20, most=1000)
    entries = shapes.copies(call.world, entry)[offset : offset + count]
    items = [shapes.post(call.world, e) for e in entries]
    authors = [i for e in entries for i in (e.from_id, e.owner_id)] + [entry.owner_id]
    return {"items": items, **people.extended(call.world, authors)}


@method("wall.post", "u", "wall")
def publish(call: Call) -> Json:
    """Publish now or at `publish_date`; the same `guid` on the same wall returns the former post."""
    owner = call.owner()
    if owner > 0 and owner != call.token.user_id:
        raise ApiError(214)
    if owner < 0 and not call.is_admin(-owner):
        raise ApiError(214, "you can't post here")
    guid = call.text("guid")
    former = call.world.guids.get(f"post:{owner}:{guid}") if guid else None
    if isinstance(former, Post):
        return {"post_id": former.id}
    if call.number("post_id"):
        return _publish_waiting(call, owner)
    text, attached = call.text("message"), refs(call)
    if not text and not attached:
        raise invalid("message")
    if len(text) > TEXT_LIMIT:
        raise ApiError(100, "message is too long")
    when = call.number("publish_date", least=0)
    if when and when <= call.world.now():
        raise ApiError(214, "publish_date is in the past")
    by_group = owner < 0 and (call.flag("from_group") or call.token.kind == "community")
    entry = call.world.create_post(
        owner,
        from_id=owner if by_group else call.by,
        text=text,
        publish_date=when,
        created_by=call.by,
        signer_id=call.by if by_group and call.flag("signed") else 0,
        attachments=attached,
        comments_open=not call.flag("close_comments"),
        guid=guid,
        marked_as_ads=int(call.flag("mark_as_ads")),
    )
    return {"post_id": entry.id}


def _publish_waiting(call: Call, owner: int) -> Json:
    entry = call.world.post(owner, call.number("post_id"))
    if entry is None or entry.post_type != "postpone":
        raise invalid("post_id", "is invalid")
    entry.date = call.number("publish_date") or call.world.now()
    call.world.save(entry)
    call.world.publish_due()
    return {"post_id": entry.id}


@method("wall.edit", "u", "wall")
def edit(call: Call) -> Json:
    """Change a post; fields that are absent are emptied, as in the network."""
    entry = known_post(call, own=True)
    text, attached = call.text("message"), refs(call)
    if not text and not attached:
        raise invalid("message")
    changes: dict[str, Any] = {"text": text, "attachments": attached}
    if call.number("publish_date") and entry.post_type == "postpone":
        changes["date"] = call.number("publish_date")
    if "close_comments" in call.params:
        changes["comments_open"] = not call.flag("close_comments")
    call.world.edit_post(entry, **changes)
    return {"post_id": entry.id}


@method("wall.delete", "u", "wall")
def delete(call: Call) -> int:
    """Take a post away."""
    call.world.set_post(known_post(call, own=True), deleted=True)
    return 1


@method("wall.pin", "u", "wall")
def pin(call: Call) -> int:
    """Put a post on top of the wall."""
    call.world.set_post(known_post(call, own=True), pinned=True)
    return 1


@method("wall.unpin", "u", "wall")
def unpin(call: Call) -> int:
    """Take a post off the top."""
    call.world.set_post(known_post(call, own=True), pinned=False)
    return 1


def _turn_comments(call: Call, *, opened: bool) -> int:
    entry = known_post(call, own=True)
    if entry.comments_open == opened:
        return 0
    call.world.set_post(entry, comments_open=opened)
    return 1


@method("wall.openComments", "uc", "wall")
def open_comments(call: Call) -> int:
    """Let people comment on a post."""
    return _turn_comments(call, opened=True)


@method("wall.closeComments", "uc", "wall")
def close_comments(call: Call) -> int:
    """Close the comments of a post."""
    return _turn_comments(call, opened=False)
