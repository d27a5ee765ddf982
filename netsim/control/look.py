"""Looking into the world: what campaigns count and tests compare."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

from netsim.web.hub import Hub
from netsim.world.entities import Comment, Json

PAGE = 1000


def _window(items: list[Any], query: Mapping[str, str]) -> Json:
    """{count, items}: `offset` and `limit` (1000) cut."""
    offset, limit = int(query.get("offset", "0")), int(query.get("limit", str(PAGE)))
    return {"count": len(items), "items": [asdict(item) for item in items[offset : offset + limit]]}


def _numbers(query: Mapping[str, str], *names: str) -> dict[str, int]:
    return {name: int(query[name]) for name in names if query.get(name)}


def communities(hub: Hub, query: Mapping[str, str]) -> Json:
    """All communities; `q` narrows by name, `id` picks one."""
    found = list(hub.world.communities.values())
    if query.get("q"):
        found = [g for g in found if query["q"].casefold() in g.name.casefold()]
    if query.get("id"):
        found = [g for g in found if g.id == int(query["id"])]
    return _window(found, query)


def users(hub: Hub, query: Mapping[str, str]) -> Json:
    """All people; `id` picks one."""
    found = list(hub.world.users.values())
    return _window([u for u in found if not query.get("id") or u.id == int(query["id"])], query)


def posts(hub: Hub, query: Mapping[str, str]) -> Json:
    """Posts of `group_id` (or of all), the newest last."""
    wanted = _numbers(query, "group_id")
    walls = [hub.world.walls[-wanted["group_id"]]] if wanted else list(hub.world.walls.values())
    return _window([p for wall in walls for p in wall.values() if not p.deleted], query)


def comments(hub: Hub, query: Mapping[str, str]) -> Json:
    """Comments: `group_id`, `on`, `object_id`, `from_id`, `own=1` (only by the community itself),
    `deleted=1` (also)."""
    wanted = _numbers(query, "group_id", "object_id", "from_id", "reply_to")

    def fits(said: Comment) -> bool:
        pairs = (
            ("group_id", -said.owner_id),
            ("object_id", said.object_id),
            ("from_id", said.from_id),
            ("reply_to", said.reply_to_comment),
        )
        alike = all(wanted.get(name, value) == value for name, value in pairs)
        right_kind = not query.get("on") or said.on == query["on"]
        own = not query.get("own") or said.from_id == said.owner_id
        return alike and right_kind and own and (not said.deleted or bool(query.get("deleted")))

    return _window([said for said in hub.world.comment_at.values() if fits(said)], query)


def messages(hub: Hub, query: Mapping[str, str]) -> Json:
    """Private messages: `group_id`, `peer_id`, `out=1` (by the community) or `out=0`."""
    wanted = _numbers(query, "group_id", "peer_id", "out")
    found = [
        m
        for m in hub.world.messages.values()
        if all(getattr(m, name) == value for name, value in wanted.items())
        and (not m.deleted or query.get("deleted"))
    ]
    return _window(found, query)


def tokens(hub: Hub, query: Mapping[str, str]) -> Json:
    """The tokens of this simulated network: they open nothing else."""
    return _window(list(hub.world.tokens.values()), query)


def servers(hub: Hub, query: Mapping[str, str]) -> Json:
    """Callback servers; `group_id` narrows."""
    wanted = _numbers(query, "group_id")
    found = [
        s
        for gid, group in hub.world.servers.items()
        for s in group.values()
        if wanted.get("group_id", gid) == gid
    ]
    return _window(found, query)


def deliveries(hub: Hub, query: Mapping[str, str]) -> Json:
    """How callbacks fare: what happened so far, and what is on its way (waiting repeats included)."""
    waiting = list(hub.world.deliveries.values())
    listed = _window(waiting, query) if query.get("list") else {"count": len(waiting)}
    return {
        "pending": len(waiting),
        "retrying": sum(1 for d in waiting if d.attempt),
        **hub.dispatcher.counts,
        **listed,
    }


def strikes(hub: Hub, query: Mapping[str, str]) -> Json:
    """What the rules of faults have struck, the oldest first; `rule` and `group_id` narrow."""
    wanted = _numbers(query, "group_id")
    found = [
        each
        for each in hub.faults.struck
        if query.get("rule", each.rule) == each.rule
        and wanted.get("group_id", each.group_id) == each.group_id
    ]
    return _window(found, query)


def state(hub: Hub, query: Mapping[str, str]) -> Json:
    """Counts of everything."""
    world = hub.world
    standing = [c for c in world.comment_at.values() if not c.deleted]
    return {
        "communities": len(world.communities),
        "users": len(world.users),
        "posts": sum(len(wall) for wall in world.walls.values()),
        "comments": len(standing),
        "comments_by": {
            "residents": sum(1 for c in standing if c.from_id != c.owner_id),
            "communities": sum(1 for c in standing if c.from_id == c.owner_id),
            **Counter(c.on for c in standing),
        },
        "messages": {
            "in": sum(not m.out for m in world.messages.values()),
            "out": sum(m.out for m in world.messages.values()),
        },
        "events": dict(world.emitted),
        "callbacks": {"pending": hub.dispatcher.pending, **hub.dispatcher.counts},
        "calls": dict(hub.calls),
        "errors": dict(hub.errors),
        "now": hub.world.now(),
    }


LOOK: dict[str, Callable[[Hub, Mapping[str, str]], Json]] = {
    "communities": communities,
    "users": users,
    "posts": posts,
    "comments": comments,
    "messages": messages,
    "tokens": tokens,
    "servers": servers,
    "deliveries": deliveries,
    "strikes": strikes,
    "state": state,
}
