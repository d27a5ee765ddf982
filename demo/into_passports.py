"""What the register would know after half a year of looking at the pages: weeks, passports, tasks and their ends."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from random import Random

from demo.data.presence import Presence, category_of, contacts_of, presences
from demo.into_communities import administrators
from otklik.common.bulk import insert_many
from otklik.registry.enums import Network
from otklik.registry.models import OfficialPage, PageWeek, Passport
from otklik.registry.operations.passport_record import record_many
from otklik.registry.rules.lights import WeekSeen, light
from otklik.registry.rules.passport import Facts, Week

WEEKS = 26
NORMS = {"flagship": 7, "active": 3, "card": 1}
# Pages were looked at last so many days ago: their tasks are of different age, some of them late.
LOOKED_AGO = (34, 20, 9, 2)
# And once more in the last days, so that the lists tell of the week that has just ended.
LOOKED_AGAIN_AGO = 1
MENDED_AGO = 48
BATCH = 500


def add_weeks(*, now: datetime) -> int:
    """The past weeks of the pages in VK: audience, posts and light; returns how many rows."""
    if PageWeek.objects.exists():
        return 0
    rows = {row.external_id: row.pk for row in OfficialPage.objects.filter(network=Network.VK)}
    monday = now.date() - timedelta(days=now.weekday())
    weeks = [
        week
        for each in presences(now.date())
        if each.network == Network.VK
        for week in _weeks(each, rows[each.number], monday)
    ]
    insert_many(weeks)
    return len(weeks)


def _weeks(each: Presence, page: int, monday: date) -> Iterator[PageWeek]:
    random = Random(f"weeks {each.number}")
    growth = random.uniform(-0.001, 0.012)
    norm = NORMS[each.tier]
    for ago in range(WEEKS, 0, -1):
        day = monday - timedelta(weeks=ago)
        if day < each.opened_on:
            continue
        followers = max(20, int(each.members * (1 - growth) ** ago))
        posts = (
            max(0, each.posts_a_week + random.choice((-2, -1, 0, 0, 1))) if ago * 7 > each.silent_days else 0
        )
        reach = int(followers * random.uniform(0.1, 0.9)) if posts else 0
        seen = light(
            WeekSeen(
                connected=each.component, badge=each.badge == "confirmed", avatar=each.has_avatar,
                description=bool(each.description), cover=each.has_cover, widgets=each.widgets,
                contacts=each.has_contacts and each.has_hours, posts=posts, norm=norm, followers=followers,
                reach=reach, mean_reach=reach // posts if posts else 0,
            )
        )  # fmt: skip
        yield PageWeek(
            page_id=page, monday=day, followers=followers, posts=posts, reach=reach,
            mean_reach=reach // posts if posts else 0, parts=seen.parts, score=seen.score, zone=seen.zone,
        )  # fmt: skip


def add_passports(*, now: datetime) -> int:
    """Passports of pages in VK, as looks of the last weeks left them; the sweep goes on from here. Returns how many."""
    if Passport.objects.exists():
        return 0
    rows = {row.external_id: row for row in OfficialPage.objects.filter(network=Network.VK)}
    found = [each for each in presences(now.date()) if each.network == Network.VK]
    # Some pages were worse before: what their administrators mended since is the history of their tasks.
    at = now - timedelta(days=MENDED_AGO)
    worse = [each for each in found[::12] if each.opened_on <= at.date() and not each.is_model]
    record_many(
        rows=[
            (rows[each.number], facts_of(replace(each, has_cover=False, has_hours=False, description=""), at))
            for each in worse
        ],
        now=at,
    )
    looks = [(days, found[turn :: len(LOOKED_AGO)]) for turn, days in enumerate(LOOKED_AGO)]
    for days, pages in [*looks, (LOOKED_AGAIN_AGO, found)]:
        at = now - timedelta(days=days)
        seen = [each for each in pages if each.opened_on <= at.date()]
        for start in range(0, len(seen), BATCH):
            batch = seen[start : start + BATCH]
            record_many(rows=[(rows[each.number], facts_of(each, at)) for each in batch], now=at)
    Passport.objects.update(taken_at=None)
    return Passport.objects.count()


def facts_of(each: Presence, now: datetime) -> Facts:
    """What a look at the page at that moment brings; the same as the simulated network shows of it."""
    contacts = contacts_of(each.body)
    monday = now.date() - timedelta(days=now.weekday())
    weeks = tuple(
        Week(
            monday - timedelta(weeks=ago),
            posts=each.posts_a_week if ago * 7 >= each.silent_days else 0,
            own=each.posts_a_week if ago * 7 >= each.silent_days else 0,
        )
        for ago in (1, 0)
    )
    return Facts(
        title=each.title,
        description=each.description,
        category=category_of(each.body) if each.has_category else "",
        site=contacts.site if each.has_contacts else "",
        phone=contacts.phone if each.has_contacts else "",
        email=contacts.email if each.has_contacts else "",
        address=contacts.address if each.has_contacts else "",
        has_map_point=each.has_contacts,
        hours=contacts.hours if each.has_hours else "",
        has_avatar=each.has_avatar,
        has_cover=each.has_cover,
        followers=each.members,
        has_badge=each.badge == "confirmed",
        comments_open=each.comments_open,
        last_post_at=now - timedelta(days=each.silent_days, hours=5),
        weeks=weeks,
        token_alive=True if each.connected else None,
        administrators=len(administrators(each)) if each.connected else None,
    )
