"""A row of the list of pages: every decision is made here, the template only places it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.cache import cache
from django.urls import reverse

from otklik.desk import shown
from otklik.desk.passports import words
from otklik.registry.models import OfficialPage, TierNorm


@dataclass(frozen=True, slots=True)
class PageRow:
    """What a line of the list says of a page."""

    url: str
    title: str
    body: str
    place: str
    network: str
    tier: str
    light: int | None
    zone: str
    tone: str
    ready: int | None
    gaps: int | None
    silence: str
    silence_is_long: bool
    answered: str
    followers: int | None
    open: int
    overdue: int
    problem: str


def rows(found: Sequence[OfficialPage], work: dict[int, tuple[int, int]], now: datetime) -> list[PageRow]:
    """Pages as rows; `work` is (open, overdue) tasks by page."""
    base = reverse("desk:register_passport", args=[0]).removesuffix("0")
    silences = silence_norms()
    return [_row(page, work.get(page.pk, (0, 0)), now, base, silences) for page in found]


def _row(
    page: OfficialPage, work: tuple[int, int], now: datetime, base: str, silences: dict[str, int]
) -> PageRow:
    passport = getattr(page, "passport", None)
    body = page.organization
    posted = passport.last_post_at if passport else None
    zone = getattr(page, "zone", "")
    return PageRow(
        url=f"{base}{page.pk}",
        title=page.title,
        body=str(body) if str(body) != page.title else "",
        place=body.municipality.short_name if body.municipality else "",
        network=shown.network(page.network),
        tier=page.get_tier_display(),
        light=getattr(page, "light", None),
        zone=words.zone(zone),
        tone=words.ZONE_TONES.get(zone, "muted"),
        ready=passport.score if passport else None,
        gaps=passport.gaps if passport and passport.checked_at else None,
        silence=words.ago(posted, now),
        silence_is_long=posted is not None and words.days_since(posted, now) > silences.get(page.tier, 10**6),
        answered=words.ago(passport.last_answer_at if passport else None, now),
        followers=page.followers,
        open=work[0],
        overdue=work[1],
        problem=passport.problem if passport else "",
    )


def silence_norms() -> dict[str, int]:
    """How many days without a post a page of each tier may have, as the region has set it."""
    found: dict[str, int] | None = cache.get("desk:silence_norms")
    if found is None:
        found = dict(TierNorm.objects.values_list("tier", "silence_days"))
        cache.set("desk:silence_norms", found, words.CACHE_SECONDS)
    return found
