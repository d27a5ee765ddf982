"""Plan and fact: who must keep a page, who has one, and how that went over time. Everything is counted by PostgreSQL.

The plan of a day is the duties in force on it (`since`), the fact their fulfilment: a page of the organisation itself,
opened and not yet closed on that day; an official's personal page fulfils nobody's duty. A duty is one organisation in
one network, as it stands now: an exemption counts from its `since`, what the duty was before is history only, and an
organisation that was closed leaves the plan of past days too.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Exists, F, FilteredRelation, Max, Min, OuterRef, Q, QuerySet, Sum
from django.utils.translation import gettext as _

from otklik.registry.enums import BadgeStatus, BadgeType, Network, ObligationStatus, OrgLevel, PageKind
from otklik.registry.models import (
    Municipality,
    OfficialPage,
    OrganizationType,
    PageObligation,
    PageWeek,
    Sphere,
)

# Ids of organisations one may see, with everything below them; None for the whole region.
Within = tuple[int, ...] | None
# How a duty is put into a line, for each way to count.
GROUPS: Mapping[str, str] = {
    "network": "network",
    "municipality": "organization__municipality_id",
    "sphere": "organization__spheres__0",
    "type": "organization__type",
    "level": "organization__level",
}

# A week is shown when so large a part of the pages was looked at in it.
MOST_PAGES = 0.8


@dataclass(frozen=True, slots=True)
class CoverageLine:
    """One line of plan and fact, in duties: how many are required, exempt, fulfilled, and fulfilled how well.

    `connected` are pages in the federal component «Госпаблики»; `followers` are those of the counted pages now,
    also when the day is past. `key` is a code or an id, "" for duties that have none.
    """

    key: str
    label: str
    required: int
    exempt: int
    created: int
    badged: int
    connected: int
    followers: int

    @property
    def missing(self) -> int:
        """How many required pages are not there."""
        return self.required - self.created

    @property
    def share(self) -> float | None:
        """The fulfilled part of the plan, 0–1; None when nothing is required."""
        return self.created / self.required if self.required else None


@dataclass(frozen=True, slots=True)
class CoveragePoint:
    """Plan and fact at the end of one day, in duties."""

    on: date
    required: int
    created: int
    badged: int


@dataclass(frozen=True, slots=True)
class AudiencePoint:
    """One ISO week: followers of all pages that were looked at, and how many those were."""

    monday: date
    followers: int
    pages: int


@dataclass(frozen=True, slots=True)
class Totals:
    """The register in a few figures on one day. `pages` counts all networks and kinds, `followers` is theirs."""

    line: CoverageLine
    organizations: int
    pages: int
    personal: int
    followers: int


def coverage(*, on: date, by: str, network: str = "", within: Within = None) -> list[CoverageLine]:
    """Plan and fact on a day by network, municipality, main sphere, type or level; one query and one for labels.

    Raises KeyError for another way to count.
    """
    rows = _facts(on, network, within).values(key=F(GROUPS[by])).annotate(**_measures(on)).order_by()
    labels = _labels(by)
    lines = [_line("" if row["key"] is None else str(row["key"]), labels, row) for row in rows]
    return sorted(lines, key=lambda line: (not line.key, line.label.lower().replace("ё", "е"), line.key))


def totals(*, on: date, network: str = "", within: Within = None) -> Totals:
    """All of it on a day, in three queries."""
    row = _facts(on, network, within).aggregate(**_measures(on))
    pages = OfficialPage.objects.filter(_open_on(on), organization__is_active=True)
    if network:
        pages = pages.filter(network=network)
    if within is not None:
        pages = pages.filter(organization__path__overlap=list(within))
    told = pages.aggregate(
        pages=Count("pk"), personal=Count("pk", filter=Q(kind=PageKind.PERSONAL)), followers=Sum("followers")
    )
    obliged = _duties(on, network, within).aggregate(organizations=Count("organization", distinct=True))
    return Totals(
        line=_line("", {"": _("Весь регион")}, row),
        organizations=obliged["organizations"],
        pages=told["pages"],
        personal=told["personal"],
        followers=told["followers"] or 0,
    )


def coverage_over_time(
    *, until: date, months: int = 12, network: str = "", within: Within = None
) -> list[CoveragePoint]:
    """Plan and fact at the ends of the months before `until`, and on that day itself: months + 1 points."""
    days = [*_month_ends(until, months), until]
    wanted = ("required", "created", "badged")
    points = []
    for day in days:
        measures = {name: each for name, each in _measures(day).items() if name in wanted}
        row = _facts(day, network, within).aggregate(**measures)
        points.append(CoveragePoint(day, *(row[name] or 0 for name in wanted)))
    return points


def gap_list(
    *,
    network: str = "",
    municipality: int | None = None,
    sphere: str = "",
    type: str = "",
    search: str = "",
    on: date | None = None,
    within: Within = None,
) -> QuerySet[PageObligation]:
    """The duties nobody fulfils, by name: ready to be counted and paged, organisation and municipality at hand.

    `municipality` is an id; `sphere` may be any of the organisation's; `search` looks into names, code and ОГРН.
    Without `on` a page counts when it is open, whatever the day.
    """
    open_ones = OfficialPage.objects.filter(
        _open_on(on) if on else Q(is_active=True, closed_on=None),
        organization=OuterRef("organization"),
        network=OuterRef("network"),
        kind=PageKind.ORGANISATION,
    )
    rows = _duties(on, network, within).filter(~Exists(open_ones), status=ObligationStatus.REQUIRED)
    if municipality is not None:
        rows = rows.filter(organization__municipality=municipality)
    if sphere:
        rows = rows.filter(organization__spheres__contains=[sphere])
    if type:
        rows = rows.filter(organization__type=type)
    if search.strip():
        rows = rows.filter(_like(search.strip()))
    rows = rows.select_related("organization", "organization__municipality")
    return rows.order_by("organization__short_name", "organization_id", "network")


def audience_over_time(*, weeks: int, network: str = "", within: Within = None) -> list[AudiencePoint]:
    """Followers of all pages in each of the last weeks that were looked at, the earliest first.

    The newest weeks count only once most pages were looked at in them: half the pages would look like half the people.
    """
    rows = PageWeek.objects.exclude(followers=None)
    last = rows.aggregate(last=Max("monday"))["last"]
    if last is None:
        return []
    rows = rows.filter(monday__gt=last - timedelta(weeks=weeks))
    if network:
        rows = rows.filter(page__network=network)
    if within is not None:
        rows = rows.filter(page__organization__path__overlap=list(within))
    found = rows.values("monday").annotate(total=Sum("followers"), pages=Count("pk")).order_by("monday")
    points = [AudiencePoint(row["monday"], row["total"], row["pages"]) for row in found]
    usual = max((each.pages for each in points), default=0)
    while points and points[-1].pages < usual * MOST_PAGES:
        points.pop()
    return points


def first_day() -> date | None:
    """The earliest day a duty is known from: before it there is nothing to show."""
    found: date | None = PageObligation.objects.aggregate(first=Min("since"))["first"]
    return found


def _duties(on: date | None, network: str, within: Within = None) -> QuerySet[PageObligation]:
    rows = PageObligation.objects.filter(organization__is_active=True)
    if within is not None:
        rows = rows.filter(organization__path__overlap=list(within))
    if on is not None:
        rows = rows.filter(since__lte=on)
    return rows.filter(network=network) if network else rows


def _facts(on: date, network: str, within: Within = None) -> QuerySet[Any]:
    """Duties beside the pages that fulfil them: an organisation with two pages in a network has two rows."""
    fulfils = _open_on(on, "organization__pages__") & Q(
        organization__pages__network=F("network"), organization__pages__kind=PageKind.ORGANISATION
    )
    return _duties(on, network, within).annotate(
        fact=FilteredRelation("organization__pages", condition=fulfils)
    )


def _open_on(on: date, at: str = "") -> Q:
    # A page without a first day was entered before days were kept; one that is off without a last day is closed.
    opened = Q(**{f"{at}opened_on": None}) | Q(**{f"{at}opened_on__lte": on})
    closed = Q(**{f"{at}closed_on": None, f"{at}is_active": True}) | Q(**{f"{at}closed_on__gt": on})
    return opened & closed


def _measures(on: date) -> dict[str, Any]:
    required = Q(status=ObligationStatus.REQUIRED)
    created = required & Q(fact__isnull=False)
    lost_later = Q(fact__badge_status=BadgeStatus.LOST, fact__badge_lost_at__gt=on)
    badged = created & (Q(fact__badge_status=BadgeStatus.CONFIRMED) | lost_later)
    badged &= Q(fact__badge_confirmed_at__lte=on) & ~Q(fact__badge_type=BadgeType.BLUE_TICK)
    return {
        "required": Count("pk", filter=required, distinct=True),
        "exempt": Count("pk", filter=Q(status=ObligationStatus.EXEMPT), distinct=True),
        "created": Count("pk", filter=created, distinct=True),
        "badged": Count("pk", filter=badged, distinct=True),
        "connected": Count("pk", filter=created & Q(fact__component_connected=True), distinct=True),
        "followers": Sum("fact__followers", filter=created),
    }


def _line(key: str, labels: Mapping[str, str], row: Mapping[str, Any]) -> CoverageLine:
    figures = {
        name: row[name] or 0 for name in ("required", "exempt", "created", "badged", "connected", "followers")
    }
    return CoverageLine(key=key, label=labels.get(key, key) or _("не указано"), **figures)


def _labels(by: str) -> dict[str, str]:
    if by == "network":
        return {code: str(label) for code, label in Network.choices}
    if by == "level":
        return {code: str(label) for code, label in OrgLevel.choices}
    if by == "municipality":
        return {str(pk): name for pk, name in Municipality.objects.values_list("pk", "name")}
    if by == "sphere":
        return dict(Sphere.objects.values_list("code", "name"))
    return dict(OrganizationType.objects.values_list("code", "plural"))


def _like(text: str) -> Q:
    found = Q(organization__code__iexact=text) | Q(organization__ogrn=text)
    for name in ("name", "short_name", "aliases"):
        found |= Q(**{f"organization__{name}__icontains": text})
    return found


def _month_ends(until: date, months: int) -> list[date]:
    days, first = [], until.replace(day=1)
    for _month in range(months):
        days.append(first - timedelta(days=1))
        first = days[-1].replace(day=1)
    return days[::-1]
