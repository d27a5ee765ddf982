"""Communities of VK found by words: only a person's key may search, any key may look closer."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from otklik.channels import http
from otklik.channels.base import NetworkFailure
from otklik.channels.pictures import UnreadablePicture, average_hash
from otklik.channels.vk.api import Api
from otklik.common.text import clean

# groups.getById takes five hundred ids a call.
IDS_A_CALL = 500
FIELDS = "description,members_count,verified,is_government_organization,has_photo"
LARGEST_AVATAR = 2 * 1024 * 1024
AVATAR_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Community:
    """A community as a stranger sees it. `has_badge` is None when the network told of neither badge nor tick."""

    number: str
    title: str
    screen_name: str = ""
    description: str = ""
    followers: int | None = None
    has_badge: bool | None = None
    avatar_url: str = ""


def find(api: Api, words: str, *, count: int) -> list[str]:
    """Numbers of communities whose names answer the words, the best first. Raises NetworkFailure."""
    answer = api.call("groups.search", q=words[:100], count=count, sort=0)
    return [number for each in _items(answer, "items") if (number := _number(each))]


def look(api: Api, numbers: Sequence[str]) -> list[Community]:
    """What the communities show of themselves; those that are closed, blocked or gone are left out.

    One call for IDS_A_CALL of them. Raises NetworkFailure.
    """
    found: list[Community] = []
    for start in range(0, len(numbers), IDS_A_CALL):
        batch = numbers[start : start + IDS_A_CALL]
        answer = api.call("groups.getById", group_ids=list(batch), fields=FIELDS)
        found += filter(None, map(_community, _items(answer, "groups")))
    return found


def avatar_hash(community: Community) -> str:
    """The average hash of its picture; empty when it has none or it cannot be had: that is no reason to stop."""
    if not community.avatar_url.startswith(("https://", "http://")):
        return ""
    try:
        status, body = http.call(community.avatar_url, read_seconds=AVATAR_SECONDS, most_bytes=LARGEST_AVATAR)
        return average_hash(body) if status == 200 else ""
    except (NetworkFailure, UnreadablePicture):
        return ""


def _community(item: Any) -> Community | None:
    number = _number(item)
    if not number or item.get("deactivated"):
        return None
    return Community(
        number=number,
        title=_text(item, "name")[:200],
        screen_name=_text(item, "screen_name")[:80],
        description=_text(item, "description"),
        followers=_count(item.get("members_count")),
        has_badge=_badge(item),
        avatar_url=_text(item, "photo_200") if item.get("has_photo", 1) else "",
    )


def _badge(item: dict[str, Any]) -> bool | None:
    # The badge «Госорганизация» stands in no schema; some answers carry it under this name.
    signs = [item[name] for name in ("verified", "is_government_organization") if name in item]
    return any(map(bool, signs)) if signs else None


def _items(answer: Any, name: str) -> Iterable[Any]:
    items = answer.get(name) if isinstance(answer, dict) else None
    return items if isinstance(items, list) else []


def _number(item: Any) -> str:
    number = item.get("id") if isinstance(item, dict) else None
    return str(number) if isinstance(number, int) and number > 0 else ""


def _count(value: Any) -> int | None:
    return value if isinstance(value, int) and 0 <= value < 2**31 else None


def _text(item: dict[str, Any], name: str) -> str:
    value = item.get(name)
    return clean(value) if isinstance(value, str) else ""
