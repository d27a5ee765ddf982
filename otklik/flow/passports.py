"""Passports of pages: every page looked at once a day, in fair turns, within the limits of its network.

Where a turn stands is in rows only (`Passport.taken_at`), so a restart goes on where the last process ended. The
region's service key is also the comment sweep's: whoever calls waits for one slot at a time, so neither starves.
"""

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

from django.db import connection as database
from django.db.models import Max, Min

from otklik.casework.models import Incident
from otklik.channels import operations as channels
from otklik.channels.base import NetworkFailure, Scope, Target
from otklik.channels.enums import Place, TokenKind, TokenState
from otklik.channels.models import Connection, Token
from otklik.channels.vk import passport as vk
from otklik.channels.vk.api import Api
from otklik.channels.vk.errors import explain
from otklik.channels.vk.places import link_to_place
from otklik.flow.failures import level_of
from otklik.inbox.models import SourceMessage
from otklik.news import operations as news
from otklik.news.operations import WallRead
from otklik.registry import operations as registry
from otklik.registry.enums import Network
from otklik.registry.models import OfficialPage
from otklik.registry.operations import passports
from otklik.registry.rules.passport import Facts

log = logging.getLogger(__name__)

# One call tells of all the pages of a turn, then each wall is a call of its own: at five a second a turn is 20 s.
PAGES_A_TURN = 100
# So many pages are written together: what a process that dies had read and not written is read again.
PAGES_A_WRITE = 50
# Keys of pages have limits of their own, so they are asked beside the walls and not after them.
KEYS_AT_ONCE = 4
# Pictures hardly ever change; the first look at seven thousand of them takes a few days.
PICTURES_A_WRITE = 10
WEEKS = 5
# Failures of the key or of the way to the network: the next page would fare no better.
STOPPING = frozenset({"no_connection", "too_fast", "bad_address", "quota"})


def sweep(*, now: datetime, stop: Callable[[], bool] = lambda: False) -> int:
    """Look at the pages that waited longest; returns how many got their passports renewed.

    `stop` is asked between two walls: what was not looked at goes back to the beginning of the line.
    """
    api = channels.service_key(Network.VK, now=now)
    pages = passports.take_pages(now=now, limit=PAGES_A_TURN) if api else []
    if api is None or not pages:
        return 0
    turn = _Turn(api, now, stop)
    try:
        turn.look_at(pages)
    except NetworkFailure as failure:
        log.log(level_of(failure), "passports were not renewed: %s", failure)
    finally:
        passports.give_back(pages=[page for page in pages if page.pk not in turn.settled])
    return turn.renewed


@dataclass(frozen=True, slots=True)
class _Seen:
    """One page as far as it was read."""

    page: OfficialPage
    facts: Facts
    wall: vk.Wall | None = None


class _Turn:
    """One turn over some pages: `settled` are those that need not be taken again."""

    def __init__(self, api: Api, now: datetime, stop: Callable[[], bool]) -> None:
        self.api, self.now, self.stop = api, now, stop
        self.settled: set[int] = set()
        self.renewed = 0

    def look_at(self, pages: Sequence[OfficialPage]) -> None:
        """Read and write the pages. Raises NetworkFailure when going on is of no use."""
        told = vk.read_pages(self.api, [page.external_id for page in pages])
        with ThreadPoolExecutor(KEYS_AT_ONCE) as pool, ThreadPoolExecutor(1) as writer:
            writes: list[Future[None]] = []
            try:
                for start in range(0, len(pages), PAGES_A_WRITE):
                    if self.stop():
                        break
                    some = pages[start : start + PAGES_A_WRITE]
                    beside = _beside(pool, some, told, self.now)
                    seen: list[_Seen] = []
                    try:
                        self._read_walls(some, told, seen)
                    finally:
                        # While these are written the next walls are read: the network's slots are not waited for.
                        writes.append(writer.submit(self._write, seen, *beside))
            finally:
                for each in writes:
                    each.result()

    def _read_walls(self, pages: Sequence[OfficialPage], told: dict[str, Facts], seen: list[_Seen]) -> None:
        for page in pages:
            if self.stop():
                return
            if (read := self._read(page, told[page.external_id])) is not None:
                seen.append(read)

    def _read(self, page: OfficialPage, facts: Facts) -> _Seen | None:
        """The page with its wall; a failure that is this page's own is noted and the others go on."""
        if facts.away:
            return _Seen(page, facts)
        try:
            wall = vk.read_wall(self.api, page.external_id)
        except NetworkFailure as failure:
            if failure.scope in {Scope.KEY, Scope.PAUSE, Scope.METHOD} or failure.reason in STOPPING:
                raise
            if failure.permanent:
                # The wall is closed to us for good; what the page tells of itself still counts.
                return _Seen(page, facts)
            passports.note_failure(page=page, problem=explain(failure.reason), now=self.now)
            self.settled.add(page.pk)
            return None
        return _Seen(page, vk.with_wall(facts, wall), wall)

    def _write(
        self,
        seen: Sequence[_Seen],
        own: Iterable[tuple[int, vk.Own]],
        pictures: Iterable[tuple[int, str | None]],
    ) -> None:
        try:
            if seen:
                _record(seen, dict(own), dict(pictures), self.now)
                self.settled |= {each.page.pk for each in seen}
                self.renewed += len(seen)
        finally:
            database.close()


def _record(
    seen: Sequence[_Seen], own: Mapping[int, vk.Own], pictures: Mapping[int, str | None], now: datetime
) -> None:
    walls = [
        WallRead(each.page, each.wall.posts, each.wall.complete, _post_url(each.page))
        for each in seen
        if each.wall is not None
    ]
    news.record_posts(walls=walls, now=now)
    facts = {
        each.page.pk: replace(
            vk.with_own(each.facts, own.get(each.page.pk, vk.Own())), avatar_hash=pictures.get(each.page.pk)
        )
        for each in seen
    }
    facts |= _with_weeks({wall.page.pk: facts[wall.page.pk] for wall in walls}, now)
    facts = _with_answers(facts)
    passports.record_many(rows=[(each.page, facts[each.page.pk]) for each in seen], now=now)


def _beside(
    pool: ThreadPoolExecutor, pages: Sequence[OfficialPage], told: dict[str, Facts], now: datetime
) -> tuple[Iterable[tuple[int, vk.Own]], Iterable[tuple[int, str | None]]]:
    """What is asked beside the walls: the pages' own keys and the pictures that changed."""
    connections = Connection.objects.filter(page__in=pages)
    own = pool.map(partial(_own_key, now=now), connections)
    return own, pool.map(_picture, _wanted_pictures(pages, told))


def _post_url(page: OfficialPage) -> str:
    return link_to_place(page.external_id, Target(place=Place.WALL, object_id="{number}"))


def _own_key(connection: Connection, now: datetime) -> tuple[int, vk.Own]:
    """What the page's own key shows; nothing when the network is silent."""
    try:
        api = channels.community_key(connection, now=now)
        if api is None:
            return connection.page_id, vk.Own(alive=_stopped(connection))
        return connection.page_id, vk.read_own(api, connection.external_id)
    except NetworkFailure as failure:
        log.log(
            level_of(failure), "the key of page %s was not looked at: %s", connection.external_id, failure
        )
        return connection.page_id, vk.Own()
    finally:
        database.close()


def _stopped(connection: Connection) -> bool | None:
    """False for a key that waits for a person; None when there is none, or it only rests for a while."""
    held = Token.objects.filter(connection=connection, kind=TokenKind.COMMUNITY)
    stopped = held.filter(state__in=[TokenState.NEEDS_RENEWAL, TokenState.PAUSED], paused_until=None)
    return False if stopped.exists() else None


def _wanted_pictures(pages: Sequence[OfficialPage], told: dict[str, Facts]) -> list[tuple[int, str]]:
    """The pictures that are new or changed, a few at a time."""
    wanted = []
    for page in pages:
        url, before = told[page.external_id].avatar_url, page.passport.facts
        if url and (url != before.get("avatar_url") or not before.get("avatar_hash")):
            wanted.append((page.pk, url))
    return wanted[:PICTURES_A_WRITE]


def _picture(wanted: tuple[int, str]) -> tuple[int, str | None]:
    return wanted[0], vk.avatar_hash(wanted[1])


def _with_weeks(facts: dict[int, Facts], now: datetime) -> dict[int, Facts]:
    """Pages whose walls were read, with their weeks: the running one and those before it."""
    zone = registry.working_calendar().tz
    today = now.astimezone(zone).date()
    monday = today - timedelta(days=today.weekday())
    first = monday - timedelta(weeks=WEEKS - 1)
    weeks = news.weeks_of(pages=facts, first=first, last=monday, zone=zone)
    return {pk: replace(told, weeks=weeks[pk]) for pk, told in facts.items()}


def _with_answers(facts: dict[int, Facts]) -> dict[int, Facts]:
    """When a page answered last, and since when its oldest question waits: its messages and incidents know."""
    own = SourceMessage.objects.filter(page__in=facts, is_own=True, deleted_at=None)
    answered = dict(own.values_list("page").annotate(Max("sent_at")))
    open_ones = Incident.objects.open().filter(page__in=facts, first_answer_at=None)
    waiting = dict(open_ones.values_list("page").annotate(Min("received_at")))
    return {
        pk: replace(told, last_answer_at=answered.get(pk), waiting_since=waiting.get(pk))
        for pk, told in facts.items()
    }
