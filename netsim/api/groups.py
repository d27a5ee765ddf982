"""groups.*: what communities are and who follows them."""

from __future__ import annotations

from typing import Any

from netsim.api.call import Call, method
from netsim.api.errors import ApiError, invalid
from netsim.shapes import people
from netsim.world.access import SCOPES
from netsim.world.entities import Community, Json

# groups.getById takes five hundred communities a call.
IDS_LIMIT = 500
EDIT_FIELDS = {
    "title": "name",
    "description": "description",
    "website": "site",
    "phone": "phone",
    "screen_name": "screen_name",
}


def show(call: Call, group: Community, fields: list[str]) -> Json:
    """A community as the caller sees it."""
    member = bool(call.token.user_id) and call.world.is_member(group.id, call.token.user_id)
    return people.community(call.world, group, fields, admin=call.is_admin(group.id), member=member)


def _find(call: Call, name: str) -> Community | None:
    if name.removeprefix("-").isdecimal():
        return call.world.community(abs(int(name)))
    found = call.world.resolve(name)
    return call.world.community(found[1]) if found and found[0] != "user" else None


@method("groups.getById", "ucs")
def get_by_id(call: Call) -> Json:
    """Communities by ids or short names; unknown ones are left out."""
    names = call.words("group_ids") or call.words("group_id")
    if not names and call.token.group_id:
        names = [str(call.token.group_id)]
    if not names:
        raise ApiError(100, "group_ids is undefined")
    if len(names) > IDS_LIMIT:
        raise invalid("group_ids", f"should contain no more than {IDS_LIMIT} items")
    found = [group for name in names if (group := _find(call, name))]
    if not found:
        raise ApiError(100, "group_ids is invalid")
    return {"groups": [show(call, group, call.words("fields")) for group in found], "profiles": []}


@method("groups.getMembers", "ucs")
def get_members(call: Call) -> Json:
    """Subscribers who joined in this world; `count` also holds those of before."""
    name = call.text("group_id") or str(call.token.group_id or "")
    group = _find(call, name) if name else None
    if group is None:
        raise ApiError(125)
    offset, count = call.page(default=1000, most=1000)
    ids = sorted(m.user_id for m in call.world.members.get(group.id, {}).values())
    if call.text("filter") == "managers":
        if not call.is_admin(group.id):
            raise ApiError(15, "you should be group admin")
        return {
            "count": len(group.admins),
            "items": [{"id": i, "role": "administrator"} for i in group.admins],
        }
    items: list[Any] = ids[offset : offset + count]
    if call.words("fields"):
        items = [
            people.user(call.world, call.world.users[i], call.words("fields"))
            for i in items
            if i in call.world.users
        ]
    return {"count": people.members_count(call.world, group), "items": items}


@method("groups.isMember", "ucs")
def is_member(call: Call) -> Any:
    """Whether people follow a community."""
    group = call.group()
    many = call.numbers("user_ids", most=500)
    if many:
        return [{"user_id": i, "member": int(call.world.is_member(group.id, i))} for i in many]
    member = int(call.world.is_member(group.id, call.number("user_id", call.token.user_id)))
    return {"member": member, "request": 0} if call.flag("extended") else member


@method("groups.edit", "uc", "manage")
def edit(call: Call) -> int:
    """Change the description, the site and other words of the page."""
    group = call.group(own=True)
    changes: Json = {field: call.text(name) for name, field in EDIT_FIELDS.items() if name in call.params}
    for name in ("wall", "messages"):
        if name in call.params:
            changes["can_message" if name == "messages" else name] = call.number(name)
    if "name" in changes and not changes["name"].strip():
        raise invalid("title", "is empty")
    taken = call.world.resolve(changes["screen_name"]) if changes.get("screen_name") else None
    if taken and taken[1] != group.id:
        raise ApiError(1260)
    call.world.edit_community(group.id, call.by, changes)
    return 1


@method("groups.getSettings", "u")
def get_settings(call: Call) -> Json:
    """The page's settings."""
    group = call.group(own=True)
    zeros = [
        "audio",
        "articles",
        "city_id",
        "docs",
        "obscene_filter",
        "obscene_stopwords",
        "toxic_filter",
        "disable_replies_from_groups",
        "photos",
        "video",
        "wiki",
        "topics",
        "messages",
        "market",
    ]
    return dict.fromkeys(zeros, 0) | {
        "city_name": group.city,
        "description": group.description,
        "obscene_words": [],
        "title": group.name,
        "wall": group.wall,
        "messages": group.can_message,
        "website": group.site,
        "phone": group.phone,
        "email": "",
        "public_category": 0,
        "subject": 0,
        "subject_list": [],
        "address": group.screen_name,
        "contacts": 1,
        "links": 1,
    }


@method("groups.getTokenPermissions", "c")
def get_token_permissions(call: Call) -> Json:
    """The scopes of a community's token."""
    held = [{"name": name, "setting": bit} for name, bit in SCOPES.items() if name in call.token.scopes]
    return {"mask": sum(SCOPES.get(name, 0) for name in set(call.token.scopes)), "permissions": held}


@method("groups.addLink", "u")
def add_link(call: Call) -> Json:
    """Add to the links block."""
    group = call.group(own=True)
    return people.link(call.world, call.world.add_link(group.id, call.need("link"), call.text("text")))


def _link(call: Call, group: Community) -> Json:
    number = call.need_number("link_id", least=0)
    found = next((item for item in group.links if item["id"] == number), None)
    if found is None:
        raise invalid("link_id", "is invalid")
    return found


@method("groups.editLink", "u")
def edit_link(call: Call) -> int:
    """Change the words of a link."""
    group = call.group(own=True)
    item = _link(call, group)
    item["name"] = item["desc"] = call.text("text")
    call.world.save(group)
    return 1


@method("groups.deleteLink", "u")
def delete_link(call: Call) -> int:
    """Take a link away."""
    group = call.group(own=True)
    group.links.remove(_link(call, group))
    call.world.save(group)
    return 1


@method("groups.reorderLink", "u")
def reorder_link(call: Call) -> int:
    """Move a link behind another one."""
    group = call.group(own=True)
    item = _link(call, group)
    group.links.remove(item)
    after = call.number("after")
    places = [i for i, other in enumerate(group.links) if other["id"] == after]
    group.links.insert(places[0] + 1 if places else 0, item)
    call.world.save(group)
    return 1


@method("groups.ban", "u")
def ban(call: Call) -> int:
    """Put a person on the blacklist."""
    group = call.group(own=True)
    person = call.need_number("owner_id")
    end, reason = call.number("end_date", least=0), call.number("reason", least=0, most=4)
    call.world.ban(group.id, person, call.by, end=end, reason=reason, comment=call.text("comment"))
    return 1


@method("groups.unban", "u")
def unban(call: Call) -> int:
    """Take a person off the blacklist."""
    group = call.group(own=True)
    if not call.world.unban(group.id, call.need_number("owner_id"), call.by):
        raise ApiError(104)
    return 1


@method("groups.getBanned", "uc", "manage")
def get_banned(call: Call) -> Json:
    """The blacklist."""
    group = call.group(own=True)
    offset, count = call.page(default=20, most=200)
    listed = [(int(i), info) for i, info in group.banned.items() if call.world.is_banned(group.id, int(i))]
    items = [
        {"type": "profile", "profile": people.user(call.world, call.world.users[i]), "ban_info": info}
        for i, info in listed[offset : offset + count]
        if i in call.world.users
    ]
    return {"count": len(listed), "items": items}
