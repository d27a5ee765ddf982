"""Posts of official pages as figures need them: kept when a wall is read, counted by weeks."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction

from otklik.channels.base import Posted
from otklik.channels.enums import Place
from otklik.news.models import Post
from otklik.registry.models import OfficialPage
from otklik.registry.rules.passport import Week

# A quarter and a little more: what ratings look back to. Older posts of a wall are not kept.
KEPT = timedelta(days=100)
_COUNTED = (
    "views",
    "likes",
    "reposts",
    "is_repost",
    "signs",
    "comments_closed",
    "is_deleted",
    "published_at",
)


@dataclass(frozen=True, slots=True)
class WallRead:
    """The newest posts of one page; `complete` when the wall has no others. `url` holds a place for the number."""

    page: OfficialPage
    posts: Sequence[Posted]
    complete: bool
    url: str = ""


@transaction.atomic
def record_posts(*, walls: Sequence[WallRead], now: datetime) -> int:
    """Keep the least facts of these posts; one that is gone from a wall is marked. Returns how many were written.

    The text is not kept here: the page's own events bring it, with the comments it gathers.
    """
    wanted = {wall.page.pk: [post for post in wall.posts if post.published_at > now - KEPT] for wall in walls}
    known = _known(wanted, {post.external_id for posts in wanted.values() for post in posts}, now)
    fresh = [
        row
        for wall in walls
        for post in wanted[wall.page.pk]
        if (row := _row(wall, post, known.get((wall.page.pk, post.external_id)))) is not None
    ]
    gone = _gone(walls, wanted, known)
    Post.objects.filter(pk__in=gone).update(is_deleted=True)
    # The same order everywhere: two workers that write the same posts never wait for each other in a ring.
    fresh.sort(key=lambda row: (row.page_id, row.external_id))
    Post.objects.bulk_create(
        fresh,
        batch_size=1000,
        update_conflicts=True,
        unique_fields=["page", "place", "external_id"],
        update_fields=list(_COUNTED),
    )
    return len(fresh) + len(gone)


def _known(
    wanted: Mapping[int, Sequence[Posted]], ids: set[str], now: datetime
) -> dict[tuple[int, str], Post]:
    rows = Post.objects.filter(page__in=wanted, place=Place.WALL).defer("text")
    recent = rows.filter(published_at__gt=now - KEPT)
    # Also those that an event told of before their date was known.
    return {(row.page_id, row.external_id): row for row in [*rows.filter(external_id__in=ids), *recent]}


def _row(wall: WallRead, post: Posted, known: Post | None) -> Post | None:
    """The row to write; None when it says the same already."""
    told = {
        "published_at": post.published_at,
        "views": post.views,
        "likes": post.likes,
        "reposts": post.reposts,
        "is_repost": post.is_repost,
        "signs": post.signs,
        "comments_closed": post.comments_closed,
        "is_deleted": False,
    }
    if known is not None and all(getattr(known, name) == value for name, value in told.items()):
        return None
    url = wall.url.format(number=post.external_id)
    return Post(page_id=wall.page.pk, place=Place.WALL, external_id=post.external_id, url=url, **told)


def _gone(
    walls: Sequence[WallRead], wanted: Mapping[int, Sequence[Posted]], known: Mapping[tuple[int, str], Post]
) -> list[int]:
    """Posts that stand no more where the wall was read: younger than the oldest that was shown."""
    since = {
        wall.page.pk: None if wall.complete else min((post.published_at for post in wall.posts), default=None)
        for wall in walls
    }
    shown = {(page, post.external_id) for page, posts in wanted.items() for post in posts}
    unread = {wall.page.pk for wall in walls if not wall.complete and not wall.posts}
    gone = []
    for (page, number), row in known.items():
        old = since[page]
        inside = row.published_at is not None and (old is None or row.published_at >= old)
        if (page, number) not in shown and page not in unread and inside and not row.is_deleted:
            gone.append(row.pk)
    return gone


@dataclass(slots=True)
class _Sum:
    """Posts of one week being counted."""

    posts: int = 0
    own: int = 0
    views: list[int] = field(default_factory=list)


# A post of one's own says something: shorter ones and pure reposts are counted apart (rating.md, anti-gaming).
TELLING_SIGNS = 100


def weeks_of(*, pages: Iterable[int], first: date, last: date, zone: ZoneInfo) -> dict[int, tuple[Week, ...]]:
    """The ISO weeks of each page from the Monday `first` to the Monday `last`, those without posts too.

    Views are None in a week none of whose posts tells of them.
    """
    mondays = [first + timedelta(days=7 * number) for number in range((last - first).days // 7 + 1)]
    found = {page: {monday: _Sum() for monday in mondays} for page in pages}
    since = datetime.combine(first, datetime.min.time(), zone)
    rows = Post.objects.filter(page__in=found, place=Place.WALL, is_deleted=False, published_at__gte=since)
    for page, at, signs, is_repost, views in rows.values_list(
        "page_id", "published_at", "signs", "is_repost", "views"
    ):
        day = at.astimezone(zone).date() if at else first
        week = found[page].get(day - timedelta(days=day.weekday()))
        if week is not None:
            week.posts += 1
            week.own += not is_repost and signs >= TELLING_SIGNS
            week.views += [] if views is None else [views]
    return {
        page: tuple(_week(monday, counted) for monday, counted in weeks.items())
        for page, weeks in found.items()
    }


def _week(monday: date, counted: _Sum) -> Week:
    views = sum(counted.views) if counted.views else (0 if not counted.posts else None)
    mean = round(sum(counted.views) / len(counted.views)) if counted.views else None
    return Week(monday, counted.posts, counted.own, views, mean)
