"""The reconciliation sweep: walls and comments read with a key, to find what no event told.

Nothing is stored here. A sweep of a page reads its recent posts with one call, then the comments of the posts
whose number of comments changed since, and of one unchanged post in turn, as edits leave the number alone.
What differs from what is known becomes events of the same shape as the network's own, ready to be stored.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from otklik.channels.base import Incoming, What
from otklik.channels.vk.api import VERSION, Api
from otklik.channels.vk.parse import BadEvent, comment_to_incoming

POSTS = 20
PAGE = 100
MOST_LIKES = 2_000_000_000  # what a column of the database holds
THREAD_PREVIEW = 10  # so many replies of a thread come with its first comment; the rest need a call


@dataclass(frozen=True, slots=True)
class Known:
    """What is stored of one comment: its text and whether it counts as deleted."""

    text: str
    deleted: bool = False


@dataclass(frozen=True, slots=True)
class Listing:
    """The comments under one post as the network shows them now; `complete` when none of them is missing."""

    group_id: int
    post_id: int
    items: tuple[Mapping[str, Any], ...]
    complete: bool


@dataclass(frozen=True, slots=True)
class Swept:
    """What one sweep of a page read: recent posts, comments, names by id, and the next cursor."""

    posts: tuple[Mapping[str, Any], ...]
    listings: tuple[Listing, ...]
    cursor: dict[str, Any]
    names: dict[str, str] = field(default_factory=dict)
    calls: int = 0


class _Budget:
    """Counts the calls of one sweep, so that a post with ten thousand comments cannot eat the turn of all."""

    def __init__(self, api: Api, most: int) -> None:
        self.api, self.most, self.calls = api, most, 0
        self.total = -1
        self.names: dict[str, str] = {}

    @property
    def spent(self) -> bool:
        return self.calls >= self.most

    def call(self, method: str, **params: Any) -> Mapping[str, Any]:
        self.calls += 1
        answer: Mapping[str, Any] = self.api.call(method, extended=1, **params)
        self.names |= names_in(answer)
        return answer


def sweep_page(api: Api, group_id: int, cursor: Mapping[str, Any], *, budget: int = 10) -> Swept:
    """Read one page with at most `budget` calls (two or more). Give the pages turns by `Connection.swept_at`.

    Raises NetworkFailure.
    """
    purse = _Budget(api, budget)
    answer = purse.call("wall.get", owner_id=-group_id, count=POSTS)
    posts = tuple(each for each in answer.get("items", []) if isinstance(each, Mapping) and "id" in each)
    counts = {str(post["id"]): _count(post) for post in posts}
    seen: Mapping[str, int] = cursor.get("counts", {})
    listings = []
    kept = {key: seen[key] for key in counts if key in seen}
    for post_id in _worth_reading(counts, seen, int(cursor.get("turn", 0))):
        if purse.spent:
            break
        listings.append(_listing(purse, group_id, int(post_id)))
        # An unfinished post keeps its old number, and so is read again next time.
        if not purse.spent:
            kept[post_id] = counts[post_id]
    fresh = {"counts": kept, "turn": (int(cursor.get("turn", 0)) + 1) % max(len(counts), 1)}
    return Swept(posts, tuple(listings), fresh, purse.names, purse.calls)


def _worth_reading(counts: Mapping[str, int], seen: Mapping[str, int], turn: int) -> list[str]:
    changed = [post_id for post_id, count in counts.items() if count != seen.get(post_id, 0)]
    same = [post_id for post_id, count in counts.items() if count and post_id not in changed]
    return changed + ([same[turn % len(same)]] if same else [])


def _listing(purse: _Budget, group_id: int, post_id: int) -> Listing:
    items: list[Mapping[str, Any]] = []
    purse.total = -1
    for first in _level(purse, group_id, post_id, None):
        items.append(first)
        thread = first.get("thread")
        shown = thread.get("items", []) if isinstance(thread, Mapping) else []
        if isinstance(thread, Mapping) and thread.get("count", 0) > len(shown):
            shown = list(_level(purse, group_id, post_id, first["id"]))
        items += [each for each in shown if isinstance(each, Mapping)]
    # Pages shift when something is written or deleted between two calls; the number tells if it happened.
    standing = {item["id"] for item in items if not item.get("deleted")}
    return Listing(group_id, post_id, tuple(items), len(standing) == purse.total)


def _level(purse: _Budget, group_id: int, post_id: int, branch: int | None) -> Iterator[Mapping[str, Any]]:
    """Comments of one level, the newest first: a budget that ends leaves out the oldest."""
    offset = 0
    while not purse.spent:
        answer = purse.call(
            "wall.getComments",
            owner_id=-group_id,
            post_id=post_id,
            comment_id=branch,
            sort="desc",
            count=PAGE,
            offset=offset,
            preview_length=0,
            need_likes=1,
            thread_items_count=None if branch else THREAD_PREVIEW,
        )
        if branch is None and not offset:
            purse.total = answer.get("count", -1)
        items = [each for each in answer.get("items", []) if isinstance(each, Mapping) and "id" in each]
        yield from items
        offset += PAGE
        if len(items) < PAGE:
            return


def _count(post: Mapping[str, Any]) -> int:
    comments = post.get("comments")
    count = comments.get("count") if isinstance(comments, Mapping) else 0
    return count if isinstance(count, int) else 0


def differences(listing: Listing, known: Mapping[str, Known], *, stamp: str) -> list[dict[str, Any]]:
    """Events that would tell what the listing shows and `known` (by id, of this post only) does not; pure.

    Load `known` before the sweep: what came by itself meanwhile must not look deleted. `stamp` names the
    sweep, and with the content makes the key of each event: a repeat is known, a text edited back is not one.
    """
    found: list[dict[str, Any]] = []
    standing = set()
    for item in listing.items:
        try:
            incoming = comment_to_incoming(
                item, group_id=listing.group_id, place="wall", object_id=listing.post_id
            )
        except BadEvent:
            continue
        if incoming.what is not What.DELETED:
            standing.add(incoming.external_id)
            kind = _kind(incoming, known.get(incoming.external_id))
            if kind:
                found.append(_event(listing, kind, item, stamp))
    gone = [key for key, each in known.items() if not each.deleted and key not in standing]
    if listing.complete:
        found += [
            _event(listing, "wall_reply_delete", {"id": int(key)}, stamp) for key in gone if key.isdigit()
        ]
    return found


def likes_of(listing: Listing) -> dict[tuple[str, str], int]:
    """How many people like each comment of the page itself, by post and comment."""
    return {
        (str(listing.post_id), str(item["id"])): _liked(item)
        for item in listing.items
        if item.get("from_id") == -listing.group_id and not item.get("deleted")
    }


def _liked(item: Mapping[str, Any]) -> int:
    likes = item.get("likes")
    count = likes.get("count") if isinstance(likes, Mapping) else 0
    return min(max(count, 0), MOST_LIKES) if isinstance(count, int) else 0


def _kind(incoming: Incoming, known: Known | None) -> str:
    if known is None:
        return "wall_reply_new"
    if known.deleted:
        return "wall_reply_restore"
    return "" if known.text == incoming.text else "wall_reply_edit"


def _event(listing: Listing, kind: str, item: Mapping[str, Any], stamp: str) -> dict[str, Any]:
    owner = -listing.group_id
    place = {"owner_id": owner, "post_owner_id": owner, "post_id": listing.post_id}
    kept = {
        name: value for name, value in item.items() if name not in {"thread", "likes", "can_edit"}
    } | place
    digest = hashlib.sha256(f"{stamp}:{kind}:{json.dumps(kept, sort_keys=True)}".encode()).hexdigest()
    envelope = {"group_id": listing.group_id, "type": kind, "v": VERSION}
    return {**envelope, "event_id": f"sweep-{digest[:40]}", "object": kept}


def post_event(group_id: int, post: Mapping[str, Any]) -> dict[str, Any]:
    """A post of wall.get as the event that would have told of it."""
    event_id = f"sweep-post-{post.get('id')}"
    return {
        "group_id": group_id,
        "type": "wall_post_new",
        "v": VERSION,
        "event_id": event_id,
        "object": dict(post),
    }


def names_in(answer: Mapping[str, Any]) -> dict[str, str]:
    """Names by author id out of an extended answer; communities under negative numbers."""
    people = {str(each["id"]): _name(each) for each in _list(answer, "profiles") if "id" in each}
    groups = {f"-{each['id']}": str(each.get("name", "")) for each in _list(answer, "groups") if "id" in each}
    return {key: name for key, name in {**people, **groups}.items() if name}


def names(api: Api, ids: Sequence[str]) -> dict[str, str]:
    """Names of people by id, a thousand a call; the unknown are left out. Raises NetworkFailure."""
    found: dict[str, str] = {}
    people = [each for each in dict.fromkeys(ids) if each.isdigit()]
    for start in range(0, len(people), 1000):
        answer = api.call("users.get", user_ids=people[start : start + 1000])
        found |= names_in({"profiles": answer})
    return found


def _name(person: Mapping[str, Any]) -> str:
    return f"{person.get('first_name', '')} {person.get('last_name', '')}".strip()


def _list(answer: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    value = answer.get(name)
    return [each for each in value if isinstance(each, Mapping)] if isinstance(value, list) else []
