"""The pages a person can open."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.responses import RedirectResponse, Response

from netsim.pages import people
from netsim.pages.answers import feed as my_feed
from netsim.pages.faces import attached
from netsim.pages.render import page
from netsim.pages.talk import Talk, path_of, talk
from netsim.pages.visitor import SEEN, Problem, Visit, local_path
from netsim.shapes.people import members_count
from netsim.shapes.walls import copies
from netsim.world.entities import Community, ObjectKey, Photo, Post, Topic, Video

COMMUNITIES = 30
POSTS = 10
TILES = 60
TABS = ("wall", "photo", "video", "topic")
# What a post on a wall shows of its comments.
PREVIEW, PREVIEW_THREAD = 2, 3


def number(visit: Visit, name: str) -> int:
    """A number of the address, 0 when it is absent or no number."""
    raw = visit.request.query_params.get(name, "").removeprefix("-")
    return int(raw) if raw.isascii() and raw.isdecimal() and len(raw) <= 12 else 0


async def home(visit: Visit) -> Response:
    """Communities by words of their name or address, the largest first."""
    query = visit.request.query_params.get("q", "").strip()[:100]
    words, world = query.casefold().split(), visit.world
    found = [
        (members_count(world, group), group)
        for group in world.communities.values()
        if all(word in f"{group.name} {group.screen_name} {group.city}".casefold() for word in words)
    ]
    found.sort(key=lambda pair: (-pair[0], pair[1].id))
    last = max((len(found) - 1) // COMMUNITIES, 0)
    at = min(max(number(visit, "page") - 1, 0), last)
    return page(
        visit,
        "home.html",
        here=visit.request.url.path,
        query=query,
        total=len(found),
        shown=found[at * COMMUNITIES : (at + 1) * COMMUNITIES],
        at=at + 1,
        last=last + 1,
        residents=people.ready(world),
        back="/",
    )


async def who(visit: Visit) -> Response:
    """Choose who I am."""
    back = local_path(visit.request.query_params.get("back", "/"))
    recent = people.recent(visit.world)
    return page(visit, "who.html", here="/who", residents=people.ready(visit.world), recent=recent, back=back)


async def short_name(visit: Visit) -> Response:
    """A community by its short address; people have no pages here."""
    found = visit.world.resolve(visit.request.path_params["name"])
    group = visit.world.community(found[1]) if found and found[0] != "user" else None
    if group is None:
        raise Problem("unknown", status=404)
    return club_page(visit, group)


def club_page(visit: Visit, group: Community, status: int = 200) -> Response:
    """A community: what it is, its wall or one of its shelves."""
    tab = visit.request.query_params.get("tab", "wall")
    tab = tab if tab in TABS else "wall"
    world, owner = visit.world, -group.id
    shelves: dict[str, Sequence[Photo | Video | Topic]] = {
        "photo": world.photos_of(owner),
        "video": world.videos_of(owner),
        "topic": world.topics_of(owner),
    }
    posts = world.posts(group.id)
    at = max(number(visit, "page") - 1, 0)
    window = posts[at * POSTS : (at + 1) * POSTS] if tab == "wall" else []
    here = f"/club{group.id}?tab={tab}&page={at + 1}"
    return page(
        visit,
        "club.html",
        here=here,
        live=f"club:{group.id}",
        status=status,
        group=group,
        members=members_count(world, group),
        tab=tab,
        counts={"wall": len(posts), **{name: len(shelf) for name, shelf in shelves.items()}},
        posts=[(entry, _preview(visit, entry)) for entry in window],
        shelf=shelves.get(tab, [])[:TILES],
        comments_of=lambda thing: len(world.comments((tab, owner, thing.id))),
        attached=lambda refs: attached(world, refs, visit.my_id),
        at=at + 1,
        last=max((len(posts) - 1) // POSTS, 0) + 1,
    )


def _preview(visit: Visit, entry: Post) -> Talk:
    return talk(visit, ("wall", entry.owner_id, entry.id), size=PREVIEW, thread=PREVIEW_THREAD)


async def wall(visit: Visit) -> Response:
    """A post with everything said under it."""
    return _object(visit, "wall")


async def photo(visit: Visit) -> Response:
    """A photo and its comments."""
    return _object(visit, "photo")


async def video(visit: Visit) -> Response:
    """A video and its comments."""
    return _object(visit, "video")


async def topic(visit: Visit) -> Response:
    """A discussion."""
    return _object(visit, "topic")


def _object(visit: Visit, on: str) -> Response:
    path = visit.request.path_params
    return object_page(visit, (on, -path["owner"], path["number"]))


def object_page(visit: Visit, key: ObjectKey, status: int = 200) -> Response:
    """An object's own page; `reply` (in discussions `post`) points at a comment, `from` where to begin."""
    query = visit.request.query_params
    pointed = number(visit, "reply") or number(visit, "post")
    start = number(visit, "from") if "from" in query else None
    opened = talk(visit, key, start=start, pointed=pointed)
    return page(
        visit,
        "object.html",
        here=path_of(key)
        + (f"?{visit.request.url.query}" if visit.request.method == "GET" and query else ""),
        live=f"thing:{key[0]}:{-key[1]}:{key[2]}",
        status=status,
        talk=opened,
        pointed=_pointed(visit, opened, pointed),
        copies=len(copies(visit.world, opened.thing)) if isinstance(opened.thing, Post) else 0,
        attached=lambda refs: attached(visit.world, refs, visit.my_id),
    )


def _pointed(visit: Visit, opened: Talk, comment_id: int) -> str:
    """How the comment pointed at fares: "" (none asked), found, deleted, missing."""
    if not comment_id:
        return ""
    record = visit.world.comment(opened.key[0], opened.key[1], comment_id)
    if record is None or record.object_key != opened.key:
        return "missing"
    return "deleted" if record.deleted else "found"


async def feed(visit: Visit) -> Response:
    """My comments and the answers to them; opening the page marks them as seen."""
    me = visit.person()
    mine = my_feed(visit)
    latest = max([answer.record.date for entry in mine for answer in entry.answers] or [0])
    visit.cookies[SEEN] = f"{me.id}-{max(latest, visit.seen)}"
    fresh = [entry for entry in mine if any(answer.fresh for answer in entry.answers)]
    return page(visit, "feed.html", here="/feed", live="me", mine=mine, fresh=len(fresh), answers_count=0)


async def old_address(visit: Visit) -> Response:
    """`/public1` and `/event1` lead to `/club1`."""
    return RedirectResponse(f"/club{visit.request.path_params['group']}", 301)


async def club(visit: Visit) -> Response:
    """A community by its number."""
    group = visit.world.community(visit.request.path_params["group"])
    if group is None:
        raise Problem("unknown", status=404)
    return club_page(visit, group)
