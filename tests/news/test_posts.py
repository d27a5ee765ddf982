"""Posts are kept as figures need them, and counted by the weeks of the region."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from otklik.channels.base import Posted
from otklik.news import operations as news
from otklik.news.models import Post
from otklik.news.operations import WallRead
from otklik.registry.models import OfficialPage
from otklik.registry.rules.passport import Week
from tests import cast

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 11, 16)


def post(number: int, *, days: float = 0, **fields: object) -> Posted:
    about = {"signs": 150, "views": 100, "likes": 5, "reposts": 1} | fields
    return Posted(str(number), cast.NOW - timedelta(days=days), **about)  # type: ignore[arg-type]


def read(page: OfficialPage, *posts: Posted, complete: bool = True) -> int:
    url = "https://vk.com/wall-1_{number}"
    return news.record_posts(walls=[WallRead(page, posts, complete, url)], now=cast.NOW)


def test_the_least_facts_of_a_post_are_kept() -> None:
    page = cast.page()
    assert read(page, post(1), post(2, days=3, views=None, is_repost=True, comments_closed=True)) == 2
    first, second = Post.objects.order_by("external_id")
    assert (first.place, first.views, first.likes, first.reposts, first.signs) == ("wall", 100, 5, 1, 150)
    assert (first.text, first.url) == ("", "https://vk.com/wall-1_1")
    assert (second.views, second.is_repost, second.comments_closed) == (None, True, True)
    assert read(page, post(1), post(2, days=3, views=None, is_repost=True, comments_closed=True)) == 0
    assert read(page, replace(post(1), views=180), post(2, days=3)) == 2
    assert Post.objects.get(external_id="1").views == 180


def test_the_text_that_an_event_brought_stays() -> None:
    page = cast.page()
    Post.objects.create(page=page, place="wall", external_id="1", text="Ремонт улицы", comments_seen=4)
    read(page, post(1))
    kept = Post.objects.get()
    assert (kept.text, kept.comments_seen, kept.published_at) == ("Ремонт улицы", 4, cast.NOW)


def test_a_post_that_is_gone_is_marked_and_one_that_was_not_shown_is_not() -> None:
    page, other = cast.page(), cast.page()
    read(page, post(1), post(2, days=1), post(3, days=2))
    read(other, post(2, days=1))
    # Only the newest were shown: nothing is known of what is older than the oldest of them.
    read(page, post(1), complete=False)
    assert not Post.objects.filter(is_deleted=True).exists()
    read(page, post(1), post(3, days=2), complete=False)
    assert list(Post.objects.filter(is_deleted=True).values_list("page", "external_id")) == [(page.pk, "2")]
    read(page, post(1), post(2, days=1), post(3, days=2))
    assert not Post.objects.filter(is_deleted=True).exists()
    read(page)
    assert Post.objects.filter(page=page, is_deleted=True).count() == 3
    read(other, complete=False)
    assert not Post.objects.get(page=other).is_deleted


def test_what_is_older_than_a_quarter_is_not_kept() -> None:
    assert read(cast.page(), post(1, days=99), post(2, days=101)) == 1


def test_weeks_begin_at_midnight_of_the_region() -> None:
    page, silent = cast.page(), cast.page()
    sunday_evening = datetime(2026, 11, 15, 16, 59, tzinfo=UTC)
    walls = [
        Posted("1", sunday_evening, signs=150, views=100),
        Posted("2", sunday_evening + timedelta(minutes=1), signs=150, views=200),
        Posted("3", sunday_evening + timedelta(hours=5), signs=99, views=301),
        Posted("4", sunday_evening + timedelta(hours=6), signs=150, is_repost=True),
    ]
    read(page, *walls)
    weeks = news.weeks_of(
        pages=[page.pk, silent.pk], first=MONDAY - timedelta(days=14), last=MONDAY, zone=cast.ZONE
    )
    assert weeks[page.pk] == (
        Week(MONDAY - timedelta(days=14), 0, 0, 0, None),
        Week(MONDAY - timedelta(days=7), 1, 1, 100, 100),
        Week(MONDAY, 3, 1, 501, 250),
    )
    assert [week.posts for week in weeks[silent.pk]] == [0, 0, 0]


def test_views_that_nobody_tells_are_not_none_at_all() -> None:
    page = cast.page()
    read(page, post(1, views=None))
    week = news.weeks_of(pages=[page.pk], first=MONDAY, last=MONDAY, zone=cast.ZONE)[page.pk][0]
    assert (week.posts, week.views, week.mean_views) == (1, None, None)
