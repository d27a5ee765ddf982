"""What official pages publish, as RSS for readers and as a calendar for those who live by one."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import QuerySet
from django.utils.feedgenerator import Rss201rev2Feed
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from otklik.common.text import clean, excerpt, strip_mentions
from otklik.news.models import Post
from otklik.portal.sharing import Subject

MOST_POSTS = 50
# Older posts are no news; the bound also lets the index of posts answer for hundreds of pages.
BACK = timedelta(days=60)
TITLE, TEXT = 90, 2000
# A post takes no time; in a calendar it needs a little to be seen.
EVENT = timedelta(minutes=15)


def posts(subject: Subject, now: datetime) -> QuerySet[Post]:
    """The latest posts of its pages, the newest first."""
    return (
        Post.objects.filter(
            page__in=subject.pages.values("pk"),
            is_deleted=False,
            published_at__gt=now - BACK,
            published_at__lte=now,
        )
        .exclude(text="")
        .select_related("page__organization")
        .order_by("-published_at", "-pk")[:MOST_POSTS]
    )


def rss(subject: Subject, found: Sequence[Post]) -> str:
    """RSS 2.0 with the page as the author of each entry."""
    feed = Rss201rev2Feed(
        title=subject.title,
        link=subject.url(),
        description=_("Что публикуют официальные страницы: %(title)s") % {"title": subject.title},
        language=get_language() or settings.LANGUAGE_CODE,
        feed_url=subject.url("feed"),
    )
    for post in found:
        text = strip_mentions(clean(post.text))
        feed.add_item(
            title=excerpt(text, TITLE),
            link=link_of(post),
            description=excerpt(text, TEXT),
            author_name=str(post.page.organization),
            unique_id=_identity(post),
            unique_id_is_permalink=False,
            pubdate=post.published_at,
        )
    written: str = feed.writeString("utf-8")
    return written


def calendar(subject: Subject, found: Iterable[Post], now: datetime) -> bytes:
    """The same posts as events at the moment of publication."""
    made = Calendar()
    made.add("prodid", "-//Otklik//Official pages//RU")
    made.add("version", "2.0")
    made.add("x-wr-calname", subject.title)
    for post in found:
        text = strip_mentions(clean(post.text))
        event = Event()
        event.add("uid", _identity(post))
        event.add("dtstamp", now)
        event.add("dtstart", post.published_at)
        event.add("dtend", (post.published_at or now) + EVENT)
        event.add("summary", excerpt(text, TITLE))
        event.add("description", f"{excerpt(text, TEXT)}\n\n{post.page.organization}")
        event.add("url", link_of(post))
        event.add("transp", "TRANSPARENT")
        made.add_component(event)
    written: bytes = made.to_ical()
    return written


def link_of(post: Post) -> str:
    """The post in its network, or its page where the post's address is not known."""
    return post.url or post.page.url


def _identity(post: Post) -> str:
    return f"{post.page.network}:{post.page.external_id}:{post.place}:{post.external_id}"
