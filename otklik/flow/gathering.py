"""Work that asks networks instead of waiting for them: the sweep, Long Poll, names of authors.

What is found goes the same road as what was sent: a raw event of the page, unique by its key.
"""

import json
import logging
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.db import connection as database
from django.db import transaction
from django.db.models import F

from otklik.casework import operations as casework
from otklik.channels import operations as channels
from otklik.channels.base import NetworkFailure
from otklik.channels.enums import ConnectionState, Intake, Place
from otklik.channels.models import Connection
from otklik.channels.vk import longpoll
from otklik.channels.vk import sweep as vk_sweep
from otklik.channels.vk.parse import event_key
from otklik.common.jobs import READ_EVENTS
from otklik.common.wakeup import wake_up
from otklik.flow.failures import level_of
from otklik.inbox import operations as inbox
from otklik.inbox.enums import Via
from otklik.inbox.models import Author, SourceMessage
from otklik.registry.enums import Network

log = logging.getLogger(__name__)

# A service key of a small application makes 5 calls a second and the sweep is not its only user (passports are
# another, and take what is left): 3 a second.
CALLS_A_TURN = 30
CALLS_A_PAGE = 10
POLLED_AT_ONCE = 8
POLL_WAIT_SECONDS = 2
NAMES_A_TURN = 1000


def sweep(*, now: datetime) -> int:
    """Compare pages with the network, those that waited longest first; returns how many were compared."""
    api = channels.service_key(Network.VK, now=now)
    if api is None:
        return 0
    done, calls = 0, 0
    while calls < CALLS_A_TURN:
        connection = _next_to_sweep(now)
        if connection is None:
            break
        known = _known_comments(connection)
        try:
            swept = vk_sweep.sweep_page(
                api, int(connection.external_id), connection.sweep_cursor, budget=CALLS_A_PAGE
            )
        except NetworkFailure as failure:
            log.log(level_of(failure), "the sweep of page %s failed: %s", connection.external_id, failure)
            if failure.permanent:
                continue
            break
        calls, done = calls + swept.calls, done + 1
        _keep_sweep(connection, swept, known, now)
    return done


@transaction.atomic
def _next_to_sweep(now: datetime) -> Connection | None:
    """Take the page that waited longest; taking it moves it to the end, so a page that fails cannot hold the others."""
    found = (
        Connection.objects.select_for_update(skip_locked=True, no_key=True, of=("self",))
        # Also pages whose own key died: the region's service key still reads them.
        .filter(network=Network.VK, state__in=[ConnectionState.CONNECTED, ConnectionState.BROKEN])
        .exclude(swept_at__gte=now - timedelta(seconds=60))
        .order_by(F("swept_at").asc(nulls_first=True))
        .first()
    )
    if found is not None:
        found.swept_at = now
        found.save(update_fields=["swept_at"])
    return found


def _known_comments(connection: Connection) -> dict[str, dict[str, vk_sweep.Known]]:
    """What is stored of the page's comments under posts, by post and comment; read before the network is."""
    known: dict[str, dict[str, vk_sweep.Known]] = {}
    rows = SourceMessage.objects.filter(connection=connection, place=Place.WALL).order_by("-id")
    for post, comment, text, deleted_at in rows.values_list("object_id", "external_id", "text", "deleted_at")[
        :20_000
    ]:
        known.setdefault(post, {})[comment] = vk_sweep.Known(text, deleted_at is not None)
    return known


def _keep_sweep(
    connection: Connection,
    swept: vk_sweep.Swept,
    known: Mapping[str, Mapping[str, vk_sweep.Known]],
    now: datetime,
) -> None:
    group_id, stamp = int(connection.external_id), now.isoformat(timespec="minutes")
    events = [vk_sweep.post_event(group_id, post) for post in swept.posts]
    for listing in swept.listings:
        events += vk_sweep.differences(listing, known.get(str(listing.post_id), {}), stamp=stamp)
        if likes := vk_sweep.likes_of(listing):
            casework.note_likes(connection=connection, likes=likes)
    _store(connection, events, Via.SWEEP, now)
    _keep_names(connection.network, swept.names)
    Connection.objects.filter(pk=connection.pk).update(sweep_cursor=swept.cursor)


def _store(connection: Connection, events: Iterable[Mapping[str, Any]], via: str, now: datetime) -> None:
    rows = [
        inbox.Arrived(connection.pk, event_key(event), str(event.get("type", ""))[:60], _as_bytes(event))
        for event in events
    ]
    if rows and inbox.accept_events(events=rows, now=now, via=via):
        wake_up(READ_EVENTS)


def _as_bytes(event: Mapping[str, Any]) -> bytes:
    # ASCII escapes keep lone surrogates, which UTF-8 has no bytes for.
    return json.dumps(event).encode("ascii")


def long_poll(*, now: datetime) -> int:
    """Ask once for the events of every page that has no callback; returns how many pages answered."""
    pages = list(
        Connection.objects.filter(
            network=Network.VK, intake=Intake.LONG_POLL, state=ConnectionState.CONNECTED
        )
    )
    if not pages:
        return 0
    with ThreadPoolExecutor(POLLED_AT_ONCE) as pool:
        return sum(pool.map(partial(_poll_one, now=now), pages))


def _poll_one(connection: Connection, now: datetime) -> bool:
    try:
        api = channels.community_key(connection, now=now)
        if api is None:
            return False
        polled = longpoll.poll(api, int(connection.external_id), connection.long_poll, wait=POLL_WAIT_SECONDS)
        _store(connection, polled.updates, Via.LONG_POLL, now)
        # The place to go on from is kept after the events: a crash between the two repeats them, which is harmless.
        changes: dict[str, Any] = {"long_poll": polled.state}
        if polled.gap:
            changes["swept_at"] = None
        Connection.objects.filter(pk=connection.pk).update(**changes)
    except NetworkFailure as failure:
        log.log(level_of(failure), "Long Poll of page %s failed: %s", connection.external_id, failure)
        return False
    finally:
        database.close()
    return True


def author_names(*, now: datetime) -> int:
    """Ask how authors without a name are called; each is asked about once. Returns how many names came."""
    nameless = Author.objects.filter(network=Network.VK, name="", name_asked_at=None)
    ids = list(nameless.order_by("id").values_list("external_id", flat=True)[:NAMES_A_TURN])
    api = channels.service_key(Network.VK, now=now) if ids else None
    if api is None:
        return 0
    try:
        found = vk_sweep.names(api, ids)
    except NetworkFailure as failure:
        log.log(level_of(failure), "names of authors are not to be had: %s", failure)
        return 0
    Author.objects.filter(network=Network.VK, external_id__in=ids).update(name_asked_at=now)
    _keep_names(Network.VK, found)
    return len(found)


def _keep_names(network: str, names: Mapping[str, str]) -> None:
    """Name authors that have no name yet; the sweep may know a name before its event is read."""
    Author.objects.bulk_create(
        (Author(network=network, external_id=number) for number in sorted(names)), ignore_conflicts=True
    )
    nameless = list(Author.objects.filter(network=network, external_id__in=list(names), name=""))
    for author in nameless:
        author.name = names[author.external_id][:200]
    with transaction.atomic():
        Author.objects.bulk_update(nameless, ["name"])
        casework.tell_of_authors(author_ids=[author.pk for author in nameless])
