"""The search for pages that look official: a few organisations a turn, those that waited longest first."""

import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from django.conf import settings

from otklik.channels import operations as channels
from otklik.channels.base import NetworkFailure
from otklik.channels.vk import search as vk
from otklik.channels.vk.api import Api
from otklik.common.actor import SYSTEM
from otklik.flow.failures import level_of
from otklik.registry.enums import Network
from otklik.registry.models import LookalikePage, Organization
from otklik.registry.operations import lookalikes as registry
from otklik.registry.operations.lookalikes import FoundPage
from otklik.registry.rules.resemblance import NOTABLE, Official, queries

log = logging.getLogger(__name__)

# Nobody knows how often a network lets one person search, so we ask little: 3 200 organisations in about eight days.
ORGANISATIONS_A_DAY = 400
ORGANISATIONS_A_TURN = 3
RESULTS_A_QUERY = 30
# Pictures are fetched only of pages that a copied picture could make notable.
PICTURE_FROM = NOTABLE - 25
PICTURES_A_SEARCH = 20


def search(*, now: datetime) -> int:
    """Ask the network about the next organisations; returns how many were asked about.

    Whose turn it was is kept before the network is asked: a restart goes on with the next one, and an organisation
    whose search fails waits for its turn like the others.
    """
    api = channels.user_key(Network.VK, now=now)
    if api is None:
        return 0
    registry.queue_searches()
    left = ORGANISATIONS_A_DAY - registry.searched_since(now - timedelta(days=1))
    done = 0
    for _turn in range(min(left, ORGANISATIONS_A_TURN)):
        organization = registry.next_to_search(now=now)
        if organization is None:
            break
        try:
            search_for(api, organization, now=now)
        except NetworkFailure as failure:
            log.log(
                level_of(failure),
                "look-alikes of organisation %s were not searched for: %s",
                organization.pk,
                failure,
            )
            if not failure.permanent:
                break
        else:
            done += 1
    return done


def search_for(api: Api, organization: Organization, *, now: datetime) -> list[LookalikePage]:
    """Ask the network about one organisation and keep what looks like its page; returns new ones.

    Raises NetworkFailure.
    """
    official = registry.official_of(organization)
    numbers = [number for words in queries(official) for number in vk.find(api, words, count=RESULTS_A_QUERY)]
    found = vk.look(api, registry.strangers(Network.VK, numbers))
    pages = [_page(each) for each in found]
    if official.avatar_hashes:
        pages = _with_pictures(found, pages, official)
    return registry.record_found(organization=organization, pages=pages, by=SYSTEM, now=now)


def _page(found: vk.Community) -> FoundPage:
    name = found.screen_name or f"club{found.number}"
    return FoundPage(
        network=Network.VK,
        external_id=found.number,
        title=found.title,
        url=f"{settings.VK_SITE_URL}/{name}",
        screen_name=found.screen_name,
        description=found.description,
        followers=found.followers,
        has_badge=found.has_badge,
    )


def _with_pictures(
    found: Sequence[vk.Community], pages: Sequence[FoundPage], official: Official
) -> list[FoundPage]:
    """The pages with hashes of their pictures, where a copied picture would make a difference."""
    told, asked = [], 0
    for community, page in zip(found, pages, strict=True):
        if asked < PICTURES_A_SEARCH and registry.judged(page, official).score >= PICTURE_FROM:
            asked += 1
            told.append(replace(page, avatar_hash=vk.avatar_hash(community)))
        else:
            told.append(page)
    return told
