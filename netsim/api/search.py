"""groups.search: communities by the words of their names."""

from __future__ import annotations

import re

from netsim.api.call import Call, method
from netsim.api.errors import invalid
from netsim.api.groups import show
from netsim.shapes import people
from netsim.world.entities import Json

TYPES = {"group", "page", "event"}


@method("groups.search", "u")
def search(call: Call) -> Json:
    """Communities in whose names every word of the query begins some word; of the first thousand, as VK gives."""
    words = _words(call.need("q"))
    kind, order = call.text("type"), call.number("sort", least=0, most=6)
    if kind and kind not in TYPES:
        raise invalid("type")
    offset, count = call.page(default=20, most=1000)
    found = [
        group
        for group in call.world.communities.values()
        if not group.deactivated and kind in {"", group.type} and _answers(group.name, words)
    ]
    # By default a name that is the query itself stands before longer ones; every other order is by followers.
    found.sort(
        key=lambda g: (order == 0 and _words(g.name) != words, -people.members_count(call.world, g), g.id)
    )
    return {
        "count": len(found),
        "items": [show(call, group, []) for group in found[:1000][offset : offset + count]],
    }


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", text.casefold().replace("ё", "е"))


def _answers(name: str, words: list[str]) -> bool:
    own = _words(name)
    return bool(words) and all(any(each.startswith(word) for each in own) for word in words)
