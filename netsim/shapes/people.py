"""Users and communities as JSON."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from netsim.world.entities import Community, Json, User
from netsim.world.state import State

SITE = "https://vk.com"


def avatar(state: State, stored: str, name: str, size: int) -> str:
    """Address of a picture: the stored one, or a drawn one made of the name."""
    return f"{state.base_url}/img/{stored or f'avatar-{name}.png'}?size={size}"


def user_fields(state: State, user: User) -> dict[str, Callable[[], object]]:
    """Optional fields of users.get by name."""
    return {
        "sex": lambda: user.sex,
        "screen_name": lambda: user.screen_name or f"id{user.id}",
        "domain": lambda: user.screen_name or f"id{user.id}",
        "photo_50": lambda: avatar(state, user.photo, f"u{user.id}", 50),
        "photo_100": lambda: avatar(state, user.photo, f"u{user.id}", 100),
        "photo_200": lambda: avatar(state, user.photo, f"u{user.id}", 200),
        "has_photo": lambda: int(bool(user.photo)),
        "online": lambda: 0,
        "city": lambda: {"id": 1 + sum(map(ord, user.city)) % 100_000, "title": user.city},
        "verified": lambda: 0,
    }


def user(state: State, person: User, fields: Iterable[str] = ()) -> Json:
    """A user with the asked fields; fields we do not keep are left out, as VK does with closed profiles."""
    shown: Json = {
        "id": person.id,
        "first_name": person.first_name,
        "last_name": person.last_name,
        "can_access_closed": not person.is_closed,
        "is_closed": person.is_closed,
    }
    if person.deactivated:
        shown["deactivated"] = person.deactivated
        return shown
    known = user_fields(state, person)
    for name in fields:
        if name in known and not (name == "city" and not person.city):
            shown[name] = known[name]()
    return shown


PROFILE_FIELDS = ("sex", "screen_name", "photo_50", "photo_100", "online")


def profile(state: State, person: User) -> Json:
    """A user as it stands in `profiles` of an extended answer."""
    return {
        **user(state, person, PROFILE_FIELDS),
        "online_info": {"visible": True, "is_online": False, "is_mobile": False},
    }


def link(state: State, item: Json) -> Json:
    """One link of the links block."""
    picture = avatar(state, "", f"l{item['id']}", 50)
    return {**item, "edit_title": 1, "photo_50": picture, "photo_100": picture}


def community_fields(state: State, group: Community) -> dict[str, Callable[[], object]]:
    """Optional fields of groups.getById by name; a value of None means the network does not tell."""
    owner = -group.id

    def counters() -> Json:
        return {
            "photos": sum(1 for at in state.photos if at[0] == owner),
            "videos": sum(1 for at in state.videos if at[0] == owner),
            "topics": sum(1 for at in state.topics if at[0] == owner),
        }

    return {
        "addresses": lambda: _addresses(group),
        "verified": lambda: group.verified,
        "trending": lambda: 0,
        "members_count": lambda: members_count(state, group),
        "activity": lambda: group.activity,
        "status": lambda: group.status,
        "description": lambda: group.description,
        "site": lambda: group.site,
        "phone": lambda: group.phone or None,
        "wall": lambda: group.wall,
        "can_message": lambda: group.can_message,
        "can_post": lambda: 0,
        "links": lambda: [link(state, item) for item in group.links],
        "contacts": lambda: group.contacts,
        "cover": lambda: _cover(state, group),
        "counters": counters,
        "has_photo": lambda: int(bool(group.photo)),
        "city": lambda: _city(group.city) if group.city else None,
        "is_government_organization": lambda: group.is_government,
        "trust_mark": lambda: None if group.is_government is None else (3 if group.is_government else 0),
    }


def _cover(state: State, group: Community) -> Json:
    if not group.cover:
        return {"enabled": 0}
    url = f"{state.base_url}/img/{group.cover}"
    return {"enabled": 1, "images": [{"url": url, "width": 1590, "height": 530}]}


def _city(title: str) -> Json:
    return {"id": 1 + sum(map(ord, title)) % 100_000, "title": title}


def _addresses(group: Community) -> Json:
    main = group.addresses[0] if group.addresses else {}
    shown: Json = {"is_enabled": bool(main), "count": len(group.addresses)}
    return {**shown, "main_address_id": 1, "main_address": {"id": 1, **main}} if main else shown


def members_count(state: State, group: Community) -> int:
    """Subscribers: the given number and those who joined and left since."""
    joined = sum(-1 if member.left else 1 for member in state.members.get(group.id, {}).values())
    return max(group.members_count + joined, 0)


def community(
    state: State, group: Community, fields: Iterable[str] = (), *, admin: bool = False, member: bool = False
) -> Json:
    """A community with the asked fields."""
    name = f"g{group.id}"
    shown: Json = {
        "id": group.id,
        "name": group.name,
        "screen_name": group.screen_name or f"club{group.id}",
        "is_closed": group.is_closed,
        "type": group.type,
        **({"deactivated": group.deactivated} if group.deactivated else {}),
        "is_admin": int(admin),
        **({"admin_level": 3} if admin else {}),
        "is_member": int(member),
        "is_advertiser": int(admin),
        "photo_50": avatar(state, group.photo, name, 50),
        "photo_100": avatar(state, group.photo, name, 100),
        "photo_200": avatar(state, group.photo, name, 200),
        "photo_base": avatar(state, group.photo, name, 400),
    }
    known = community_fields(state, group)
    for field in () if group.deactivated else fields:
        if field in known and (value := known[field]()) is not None:
            shown[field] = value
    return shown


def extended(state: State, ids: Iterable[int]) -> Json:
    """`profiles` and `groups` for a set of authors."""
    wanted = sorted(set(ids))
    return {
        "profiles": [profile(state, state.users[i]) for i in wanted if i in state.users],
        "groups": [
            community(state, state.communities[-i], ("verified",)) for i in wanted if -i in state.communities
        ],
    }
