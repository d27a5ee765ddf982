"""What a search of the networks brings: pages that look like those of an organisation, and whose turn is next."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Q

from otklik.audit import operations as audit
from otklik.common.actor import Actor
from otklik.common.text import clean
from otklik.registry.enums import LookalikeState
from otklik.registry.models import LookalikePage, LookalikeSearch, OfficialPage, Organization
from otklik.registry.operations.places import region as the_region
from otklik.registry.rules.resemblance import NOTABLE, Official, Resemblance, Seen, resemblance

# A bare description may be long; what is compared and shown of it is not.
LONGEST_DESCRIPTION = 4000
SEARCH_AGAIN_AFTER = timedelta(days=5)


@dataclass(frozen=True, slots=True)
class FoundPage:
    """A page as the network shows it to a stranger; `has_badge` is None where the network does not tell."""

    network: str
    external_id: str
    title: str
    url: str
    screen_name: str = ""
    description: str = ""
    followers: int | None = None
    avatar_hash: str = ""
    has_badge: bool | None = None


def official_of(organization: Organization) -> Official:
    """What a page of this organisation is known by: names, places, addresses, pictures."""
    pages = list(organization.pages.filter(is_active=True).select_related("passport"))
    facts = [page.passport.facts if hasattr(page, "passport") else {} for page in pages]
    place, here = organization.municipality, the_region()
    names = [
        organization.name,
        organization.short_name,
        *_aliases(organization),
        *(page.title for page in pages),
    ]
    places = [organization.settlement, here.name if here else ""]
    if place is not None:
        places += [place.name, place.short_name, place.seat]
    return Official(
        names=tuple(dict.fromkeys(filter(None, names))),
        places=tuple(filter(None, places)),
        screen_names=tuple(page.screen_name for page in pages if page.screen_name),
        descriptions=tuple(str(each["description"]) for each in facts if each.get("description")),
        avatar_hashes=tuple(str(each["avatar_hash"]) for each in facts if each.get("avatar_hash")),
    )


def _aliases(organization: Organization) -> list[str]:
    return [each.strip() for each in organization.aliases.split(",") if each.strip()]


def judged(found: FoundPage, official: Official) -> Resemblance:
    """How much the page looks like a page of the organisation."""
    return resemblance(
        Seen(found.title, found.screen_name, found.description, found.avatar_hash, found.has_badge), official
    )


@transaction.atomic
def record_found(
    *, organization: Organization, pages: Iterable[FoundPage], by: Actor, now: datetime
) -> list[LookalikePage]:
    """Keep those of the found pages that look like the organisation's and are not in the register; returns new ones.

    A page known already gets its figures anew; a decision about it stands unless the page was renamed since.
    """
    official = official_of(organization)
    found = {(page.network, page.external_id): page for page in pages if page.title}
    notable = [
        (found[network, number], result)
        for network in {network for network, _number in found}
        for number in strangers(network, (number for other, number in found if other == network))
        if (result := judged(found[network, number], official)).score >= NOTABLE
    ]
    fresh: list[LookalikePage] = []
    for page, result in notable:
        known = _known(page)
        if known is None:
            fresh.append(_row(page, result, organization, now))
        else:
            _renew(known, page.title, _values(page, result, organization), by, now)
    fresh = LookalikePage.objects.bulk_create(fresh)
    entries = [audit.Entry(row, details={"score": row.score, "resembles": organization.pk}) for row in fresh]
    audit.record_many(by=by, verb="find_lookalike", entries=entries, now=now)
    return fresh


def strangers(network: str, numbers: Iterable[str]) -> list[str]:
    """Those of the numbers under which the register has no official page, in their order."""
    asked = list(dict.fromkeys(numbers))
    ours = set(
        OfficialPage.objects.filter(network=network, external_id__in=asked).values_list(
            "external_id", flat=True
        )
    )
    return [number for number in asked if number not in ours]


def _known(page: FoundPage) -> LookalikePage | None:
    """The row of the page; one a resident told of may be known by its short name only."""
    same = Q(external_id=page.external_id)
    if page.screen_name:
        same |= Q(external_id=page.screen_name.lower())
    rows = LookalikePage.objects.select_for_update(of=("self",)).filter(same, network=page.network)
    return rows.order_by("pk").first()


def _values(page: FoundPage, result: Resemblance, organization: Organization) -> dict[str, Any]:
    return {
        "external_id": page.external_id,
        "screen_name": page.screen_name[:80],
        "title": clean(page.title)[:200],
        "description": clean(page.description)[:LONGEST_DESCRIPTION],
        "url": page.url[:300],
        "followers": page.followers,
        "avatar_hash": page.avatar_hash,
        "resembles": organization,
        "score": result.score,
        "signs": result.told(),
    }


def _row(page: FoundPage, result: Resemblance, organization: Organization, now: datetime) -> LookalikePage:
    values = _values(page, result, organization)
    return LookalikePage(network=page.network, found_at=now, seen_at=now, **values)


def _renew(row: LookalikePage, title: str, values: dict[str, Any], by: Actor, now: datetime) -> None:
    renamed = bool(row.title) and row.title != clean(title)[:200]
    row.seen_at = now
    # A page may look like several bodies: it stands beside the one it looks like most.
    if row.resembles_id in (None, values["resembles"].pk) or values["score"] > row.score:
        for name, value in values.items():
            setattr(row, name, value)
    if renamed and row.state in {LookalikeState.HARMLESS, LookalikeState.GONE}:
        was, row.state = row.state, LookalikeState.NEW
        audit.record(by=by, verb="reopen_lookalike", subject=row, now=now, reason=row.title, was=was)
    row.save()


@transaction.atomic
def next_to_search(*, now: datetime) -> Organization | None:
    """The organisation about which the networks were asked longest ago; taking it moves it to the end.

    None when everybody was asked about within SEARCH_AGAIN_AFTER.
    """
    turn = (
        LookalikeSearch.objects.select_for_update(skip_locked=True, of=("self",))
        .select_related("organization__municipality")
        .filter(organization__is_active=True)
        .exclude(searched_at__gt=now - SEARCH_AGAIN_AFTER)
        .order_by(F("searched_at").asc(nulls_first=True), "organization_id")
        .first()
    )
    if turn is None:
        return None
    turn.searched_at = now
    turn.save(update_fields=["searched_at"])
    return turn.organization


@transaction.atomic
def queue_searches() -> int:
    """Every working organisation stands in the queue of searches; returns how many came to it."""
    missing = Organization.objects.filter(is_active=True, lookalike_search=None).order_by("pk")
    made = LookalikeSearch.objects.bulk_create(
        (LookalikeSearch(organization=each) for each in missing.only("pk")), ignore_conflicts=True
    )
    return len(made)


def searched_since(moment: datetime) -> int:
    """How many organisations were asked about since."""
    return LookalikeSearch.objects.filter(searched_at__gte=moment).count()
