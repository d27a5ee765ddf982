"""groups.*Callback* and groups.*LongPoll*: how a community's events reach a program."""

from __future__ import annotations

from netsim.api.call import Call, method
from netsim.api.errors import ApiError, invalid
from netsim.world.access import TooManyServersError
from netsim.world.entities import Json
from netsim.world.events import EVENT_NAMES
from netsim.world.records import CallbackServer

TITLE_LIMIT = 14
SECRET_LIMIT = 50
OLDEST_VERSION = 81
# A server in `wait` is being asked already.
UNCONFIRMED = {"unconfigured", "failed"}


def _version(call: Call) -> str:
    version = call.text("api_version")
    major, _, minor = version.partition(".")
    if version and not (major == "5" and minor.isdecimal() and int(minor) >= OLDEST_VERSION):
        raise invalid("api_version", "is invalid")
    return version


def _address(call: Call) -> tuple[str, str, str]:
    url, title, secret = call.need("url"), call.need("title"), call.text("secret_key")
    if not url.startswith(("http://", "https://")):
        raise invalid("url", "is invalid")
    if len(title) > TITLE_LIMIT:
        raise invalid("title", f"should be less or equal to {TITLE_LIMIT} characters")
    if len(secret) > SECRET_LIMIT:
        raise invalid("secret_key", f"should be less or equal to {SECRET_LIMIT} characters")
    return url, title, secret


def _server(call: Call, group_id: int) -> CallbackServer:
    server = call.world.servers[group_id].get(call.number("server_id", least=0))
    if server is None:
        raise invalid("server_id", "is invalid")
    return server


@method("groups.getCallbackConfirmationCode", "uc", "manage")
def confirmation_code(call: Call) -> Json:
    """The string a callback server must answer to `confirmation`."""
    return {"code": call.group(own=True).confirmation_code}


@method("groups.getCallbackServers", "uc", "manage")
def servers(call: Call) -> Json:
    """Callback servers and their state."""
    group = call.group(own=True)
    wanted = call.numbers("server_ids", most=100)
    items = [
        {
            "id": s.id, "title": s.title, "creator_id": s.creator_id, "url": s.url, "secret_key":
            s.secret_key,
            "status": s.status,
        }
        for s in call.world.servers[group.id].values()
        if not wanted or s.id in wanted
    ]  # fmt: skip
    return {"count": len(items), "items": items}


@method("groups.addCallbackServer", "uc", "manage")
def add_server(call: Call) -> Json:
    """Add a callback server; the confirmation goes out at once."""
    group = call.group(own=True)
    url, title, secret = _address(call)
    try:
        server = call.world.add_server(group.id, url=url, title=title, secret_key=secret, creator_id=call.by)
    except TooManyServersError:
        raise ApiError(2000) from None
    call.notice("confirm", server)
    return {"server_id": server.id}


@method("groups.editCallbackServer", "uc", "manage")
def edit_server(call: Call) -> int:
    """Change a callback server; a new address must confirm again."""
    group = call.group(own=True)
    server = _server(call, group.id)
    url, title, secret = _address(call)
    moved = url != server.url or server.status in UNCONFIRMED
    call.world.set_server(server, url=url, title=title, secret_key=secret)
    if moved:
        call.notice("confirm", server)
    return 1


@method("groups.deleteCallbackServer", "uc", "manage")
def delete_server(call: Call) -> int:
    """Forget a callback server."""
    group = call.group(own=True)
    call.world.remove_server(_server(call, group.id))
    return 1


@method("groups.getCallbackSettings", "uc", "manage")
def callback_settings(call: Call) -> Json:
    """Which events a callback server receives."""
    group = call.group(own=True)
    server = _server(call, group.id)
    return {"api_version": server.api_version, "events": server.events}


@method("groups.setCallbackSettings", "uc", "manage")
def set_callback_settings(call: Call) -> int:
    """Choose the events of a callback server; absent names stay as they were."""
    group = call.group(own=True)
    server = _server(call, group.id)
    version = _version(call) or server.api_version
    chosen = {name: int(call.flag(name)) for name in EVENT_NAMES if name in call.params}
    call.world.set_server(server, api_version=version, events=server.events | chosen)
    if server.status in UNCONFIRMED:
        call.notice("confirm", server)
    return 1


@method("groups.getLongPollServer", "uc", "manage")
def longpoll_server(call: Call) -> Json:
    """Where to ask for events, with which key, from which number on."""
    group = call.group(own=True)
    if not group.longpoll["is_enabled"]:
        raise ApiError(100, "longpoll for this group is not enabled")
    ts = call.world.latest(f"ts:{group.id}")
    return {"key": group.longpoll["key"], "server": f"{call.world.base_url}/lp/{group.id}", "ts": str(ts)}


@method("groups.getLongPollSettings", "uc", "manage")
def longpoll_settings(call: Call) -> Json:
    """Whether Long Poll is on, and for what."""
    settings = call.group(own=True).longpoll
    return {name: settings[name] for name in ("api_version", "events", "is_enabled")}


@method("groups.setLongPollSettings", "uc", "manage")
def set_longpoll_settings(call: Call) -> int:
    """Turn Long Poll on or off and choose its events."""
    group = call.group(own=True)
    version = _version(call)
    if "enabled" in call.params:
        group.longpoll["is_enabled"] = call.flag("enabled")
    if version:
        group.longpoll["api_version"] = version
    group.longpoll["events"] |= {name: int(call.flag(name)) for name in EVENT_NAMES if name in call.params}
    call.world.save(group)
    return 1
