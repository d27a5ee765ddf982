"""A page of VK as its passport sees it: what it tells of itself, its wall, and what its own key shows.

Nothing is stored here. Fields that stand in no schema are extras: what is absent is not known, never a "no".
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from otklik.channels import http
from otklik.channels.base import NetworkFailure, Posted
from otklik.channels.pictures import UnreadablePicture, average_hash
from otklik.channels.vk.api import Api
from otklik.channels.vk.parse import LAST_SECOND
from otklik.common.text import clean
from otklik.registry.rules.passport import Facts

# groups.getById takes five hundred ids a call; wall.get gives at most a hundred posts.
IDS_A_CALL, POSTS = 500, 100
FIELDS = (
    "description,activity,site,phone,contacts,addresses,links,cover,has_photo,members_count,verified,wall,"
    "can_message,is_government_organization,trust_mark"
)
# `wall` of a community: open and limited ones take comments, a switched off and a closed one do not.
WALLS_WITH_COMMENTS = frozenset({1, 2})
# `trust_mark` as the network's own clients know it: 3 is a confirmed state organisation.
GOVERNMENT_MARK = 3
# Comments are closed when they are closed under all of so many newest posts.
NEWEST = 5
LARGEST_AVATAR, AVATAR_SECONDS = 2 * 1024 * 1024, 5.0
GONE = "Страницы с этим номером в сети нет"
_AWAY = {"deleted": "Страница удалена", "banned": "Страница заблокирована сетью"}
_CLOSED = {1: "Страница закрыта: её видят только участники", 2: "Страница закрыта: вход по приглашению"}


@dataclass(frozen=True, slots=True)
class Wall:
    """The newest posts of a page; `complete` when there are no others, `comments_open` None when nobody can tell."""

    posts: tuple[Posted, ...]
    complete: bool
    comments_open: bool | None = None


@dataclass(frozen=True, slots=True)
class Own:
    """What the page's own key shows: whether it lives, its rights, how many administrators there are."""

    alive: bool | None = None
    rights: tuple[str, ...] | None = None
    administrators: int | None = None


def read_pages(api: Api, numbers: Sequence[str]) -> dict[str, Facts]:
    """What communities tell of themselves, IDS_A_CALL of them a call; one that is missing is away.

    Raises NetworkFailure.
    """
    wanted = [number for number in numbers if number.isascii() and number.isdigit()]
    found: dict[str, Facts] = {}
    for start in range(0, len(wanted), IDS_A_CALL):
        for item in _groups(api, wanted[start : start + IDS_A_CALL]):
            found[str(item.get("id"))] = _facts(item)
    return {number: found.get(number, Facts(away=GONE)) for number in numbers}


def _groups(api: Api, numbers: Sequence[str]) -> Iterable[Mapping[str, Any]]:
    try:
        answer = api.call("groups.getById", group_ids=list(numbers), fields=FIELDS)
    except NetworkFailure as failure:
        # So the network answers when it knows none of them.
        if failure.code == 100:
            return []
        raise
    return _items(answer, "groups")


def _facts(item: Mapping[str, Any]) -> Facts:
    if item.get("deactivated"):
        return Facts(title=_text(item, "name"), away=_AWAY.get(str(item["deactivated"]), _AWAY["banned"]))
    contacts, main = _items(item, "contacts"), _main_address(item)
    # A page without an address shows an empty block; without the block nothing is known of it.
    has_block, told_contacts = "addresses" in item, "contacts" in item or "addresses" in item
    return Facts(
        title=_text(item, "name"),
        description=_text(item, "description"),
        category=_text(item, "activity"),
        site=_text(item, "site"),
        phone=_first([_text(item, "phone"), *_each(contacts, "phone"), _text(main, "phone")], told_contacts),
        email=_first(_each(contacts, "email"), "contacts" in item),
        address=(_text(main, "address") or "") if has_block else None,
        has_map_point=_has_point(main) if has_block else None,
        hours=_hours(main) if has_block else None,
        has_avatar=_flag(item.get("has_photo")),
        avatar_url=_text(item, "photo_200") if item.get("has_photo") else None,
        has_cover=_flag(item["cover"].get("enabled")) if isinstance(item.get("cover"), dict) else None,
        links=tuple(filter(None, _each(_items(item, "links"), "url"))) if "links" in item else None,
        followers=_count(item.get("members_count")),
        is_verified=_flag(item.get("verified")),
        has_badge=_badge(item),
        comments_open=False if item.get("wall", 1) not in WALLS_WITH_COMMENTS else None,
        messages_open=_flag(item.get("can_message")),
        away=_CLOSED.get(item["is_closed"]) if isinstance(item.get("is_closed"), int) else None,
    )


def _badge(item: Mapping[str, Any]) -> bool | None:
    mark = item.get("is_government_organization")
    if mark is not None:
        return bool(mark)
    trust = item.get("trust_mark")
    return None if not isinstance(trust, int) else trust == GOVERNMENT_MARK


def _main_address(item: Mapping[str, Any]) -> Mapping[str, Any]:
    block = item.get("addresses")
    main = block.get("main_address") if isinstance(block, dict) and block.get("is_enabled") else None
    return main if isinstance(main, dict) else {}


def _has_point(main: Mapping[str, Any]) -> bool:
    return all(isinstance(main.get(name), int | float) for name in ("latitude", "longitude"))


def _hours(main: Mapping[str, Any]) -> str:
    status = main.get("work_info_status")
    if status == "always_opened":
        return "круглосуточно"
    return "расписание по дням недели" if status == "timetable" and main.get("timetable") else ""


def _first(values: Iterable[str | None], told: bool) -> str | None:
    found = next((value for value in values if value), None)
    return found or ("" if told else None)


def read_wall(api: Api, number: str) -> Wall:
    """The newest posts of a page with one call. Raises NetworkFailure."""
    answer = api.call("wall.get", owner_id=-int(number), count=POSTS)
    items = [item for item in _items(answer, "items") if isinstance(item.get("id"), int)]
    total = _count(answer.get("count"))
    posts = tuple(filter(None, (_posted(item) for item in items)))
    return Wall(
        posts, complete=total is not None and total <= len(items), comments_open=_takes_comments(items)
    )


def _posted(item: Mapping[str, Any]) -> Posted | None:
    seconds, comments = item.get("date"), item.get("comments")
    if not isinstance(seconds, int) or not 0 <= seconds <= LAST_SECOND:
        return None
    comments = comments if isinstance(comments, dict) else {}
    return Posted(
        external_id=str(item["id"]),
        published_at=datetime.fromtimestamp(seconds, UTC),
        signs=len((_text(item, "text") or "").strip()),
        is_repost=bool(item.get("copy_history")),
        views=_of(item, "views"),
        likes=_of(item, "likes"),
        reposts=_of(item, "reposts"),
        comments=_count(comments.get("count")),
        comments_closed=_takes(comments) is False,
    )


def _takes_comments(items: Sequence[Mapping[str, Any]]) -> bool | None:
    told = [_takes(item.get("comments")) for item in items[:NEWEST]]
    known = [each for each in told if each is not None]
    return any(known) if known else None


def _takes(comments: Any) -> bool | None:
    # `can_post` speaks of whoever asks, and behind a service key there is nobody: `groups_can_post` speaks of all.
    if not isinstance(comments, dict):
        return None
    told = [bool(comments[name]) for name in ("can_post", "groups_can_post") if name in comments]
    return any(told) if told else None


def read_own(api: Api, number: str) -> Own:
    """What the page's own key shows, with two calls. Raises NetworkFailure unless it is the key that died."""
    try:
        held = api.call("groups.getTokenPermissions")
    except NetworkFailure as failure:
        if failure.reason in {"key_dead", "human_needed"}:
            return Own(alive=False)
        raise
    rights = tuple(sorted(str(each.get("name", "")) for each in _items(held, "permissions")))
    try:
        managers = api.call("groups.getMembers", group_id=number, filter="managers")
    except NetworkFailure as failure:
        # A key without the right to manage does not see who else does.
        if failure.permanent:
            return Own(alive=True, rights=rights)
        raise
    return Own(alive=True, rights=rights, administrators=_count(managers.get("count")))


def avatar_hash(url: str) -> str | None:
    """The average hash of a picture; None when it cannot be had, which is no reason to stop."""
    if not url.startswith(("https://", "http://")):
        return None
    try:
        status, body = http.call(url, read_seconds=AVATAR_SECONDS, most_bytes=LARGEST_AVATAR)
        return average_hash(body) if status == 200 else None
    except (NetworkFailure, UnreadablePicture):
        return None


def with_wall(facts: Facts, wall: Wall) -> Facts:
    """The facts with what the wall shows."""
    newest = max((post.published_at for post in wall.posts), default=None)
    opened = wall.comments_open if facts.comments_open is None else facts.comments_open
    return replace(facts, comments_open=opened, last_post_at=newest)


def with_own(facts: Facts, own: Own) -> Facts:
    """The facts with what the page's own key shows."""
    return replace(facts, token_alive=own.alive, token_rights=own.rights, administrators=own.administrators)


def _items(answer: Any, name: str) -> list[Mapping[str, Any]]:
    items = answer.get(name) if isinstance(answer, Mapping) else None
    return [each for each in items if isinstance(each, Mapping)] if isinstance(items, list) else []


def _each(items: Iterable[Mapping[str, Any]], name: str) -> list[str | None]:
    return [_text(item, name) for item in items]


def _text(item: Mapping[str, Any], name: str) -> str | None:
    value = item.get(name)
    return clean(value) if isinstance(value, str) else None


def _flag(value: Any) -> bool | None:
    return bool(value) if isinstance(value, int) else None


def _count(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**31 else None


def _of(item: Mapping[str, Any], name: str) -> int | None:
    block = item.get(name)
    return _count(block.get("count")) if isinstance(block, Mapping) else None
