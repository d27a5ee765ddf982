"""Connecting a community: what its key may do, and the registering of our address for its events.

The sequence is that of VK's own SDK (groups.getById → getTokenPermissions → getCallbackServers →
getCallbackConfirmationCode → addCallbackServer → setCallbackSettings), cut in two: the network asks our
address for confirmation while it is being added, so the code and the secret have to be stored before.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from otklik.channels.base import NetworkFailure
from otklik.channels.vk.api import VERSION, Api

TITLE = "Otklik"  # VK allows 14 characters
SECRET_LENGTH = 40  # VK allows 50

_FAMILIES = ("wall_reply", "photo_comment", "video_comment", "board_post")
EVENTS = (
    "message_new",
    "message_reply",
    "message_edit",
    "message_allow",
    "message_deny",
    *(f"{family}_{suffix}" for family in _FAMILIES for suffix in ("new", "edit", "delete", "restore")),
    "wall_post_new",
    "user_block",
    "user_unblock",
    "group_change_settings",
    "group_officers_edit",
)


@dataclass(frozen=True, slots=True)
class Right:
    """One thing that can be done on the page: a code, the kind of key that does it, our reason if not."""

    code: str
    key_kind: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Prepared:
    """What the key showed about its community before anything was changed there."""

    title: str
    screen_name: str
    code: str
    permissions: tuple[str, ...]
    rights: tuple[Right, ...]
    servers: tuple[Mapping[str, Any], ...]


def prepare(api: Api, group_id: int, *, user_key: bool, service_key: bool) -> Prepared:
    """Ask the network about the community and the key; changes nothing there.

    Raises NetworkFailure, `foreign_key` when the key belongs to another community.
    """
    answer = api.call("groups.getById", group_id=group_id)
    groups = answer.get("groups", []) if isinstance(answer, Mapping) else answer
    group = next((each for each in groups or [] if each.get("id") == group_id), None)
    if group is None:
        raise NetworkFailure("foreign_key", str(group_id), permanent=True)
    held = api.call("groups.getTokenPermissions")
    # Names, not bits: some bits of the mask are not documented.
    names = tuple(sorted(str(each.get("name")) for each in held.get("permissions", [])))
    rights = rights_of(frozenset(names), user_key=user_key, service_key=service_key)
    servers: tuple[Mapping[str, Any], ...] = ()
    code = ""
    if "manage" in names:
        listed = api.call("groups.getCallbackServers", group_id=group_id)
        servers = tuple(each for each in listed.get("items", []) if isinstance(each, Mapping))
        code = str(api.call("groups.getCallbackConfirmationCode", group_id=group_id)["code"])
    return Prepared(
        str(group.get("name", "")), str(group.get("screen_name", "")), code, names, rights, servers
    )


def rights_of(permissions: frozenset[str], *, user_key: bool, service_key: bool) -> tuple[Right, ...]:
    """Which kind of key does what, by the official schema; pure."""
    community = "community"
    by_user = "" if user_key else "no_key"
    return (
        Right("receive", community, "" if "manage" in permissions else "no_right"),
        Right("reply_wall", community, "" if "wall" in permissions else "no_right"),
        Right("reply_direct", community, "" if "messages" in permissions else "no_right"),
        Right("reply_photo", "user", by_user),
        Right("reply_video", "user", by_user),
        Right("reply_topic", "user", by_user),
        Right(
            "read_wall",
            "service" if service_key else "user",
            "" if service_key or user_key else "no_reading_key",
        ),
        Right("publish", "user", by_user),
    )


def register(
    api: Api, group_id: int, *, url: str, secret: str, servers: tuple[Mapping[str, Any], ...]
) -> str:
    """Make our address receive the events of the community; returns the number of the server there.

    An own server of before is changed, not added again. Raises NetworkFailure, `callback_servers_limit` when
    ten others are there.
    """
    # By its address only: another installation of Otklik may serve the same community under the same title.
    own = [each for each in servers if each.get("url") == url]
    if own:
        server_id = own[0]["id"]
        api.call(
            "groups.editCallbackServer",
            group_id=group_id,
            server_id=server_id,
            url=url,
            title=TITLE,
            secret_key=secret,
        )
        for extra in own[1:]:
            api.call("groups.deleteCallbackServer", group_id=group_id, server_id=extra["id"])
    else:
        added = api.call(
            "groups.addCallbackServer", group_id=group_id, url=url, title=TITLE, secret_key=secret
        )
        server_id = added["server_id"]
    wanted = dict.fromkeys(EVENTS, 1)
    api.call(
        "groups.setCallbackSettings", group_id=group_id, server_id=server_id, api_version=VERSION, **wanted
    )
    # One report says that events do not go to callbacks while Long Poll is on.
    api.call("groups.setLongPollSettings", group_id=group_id, enabled=0)
    return str(server_id)


def switch_to_long_poll(api: Api, group_id: int) -> None:
    """Let the events of the community be asked for instead. Raises NetworkFailure."""
    wanted = dict.fromkeys(EVENTS, 1)
    api.call("groups.setLongPollSettings", group_id=group_id, enabled=1, api_version=VERSION, **wanted)


def confirmation_code(api: Api, group_id: int) -> str:
    """The string that our address must answer; it can change, so it is asked for when needed."""
    return str(api.call("groups.getCallbackConfirmationCode", group_id=group_id)["code"])
