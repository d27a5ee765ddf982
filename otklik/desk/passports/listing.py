"""The list of pages: what is asked for, which pages answer, and what a row of them says."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime
from typing import Any, Self

from django.core.cache import cache
from django.core.paginator import Page, Paginator
from django.db.models import Count, F, FilteredRelation, Min, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from otklik.desk.access import Desk
from otklik.desk.passports.words import CACHE_SECONDS
from otklik.people.rules import Right
from otklik.registry.enums import CheckState, TaskState, Zone
from otklik.registry.models import OfficialPage, PageCheck, PageTask, PageWeek

PAGE_SIZE = 50
NO_LIGHT = "none"
SORTS = ("trouble", "ready", "silence", "deadline", "followers", "title")


@dataclass(frozen=True, slots=True)
class PageQuery:
    """The filters of the list as they stand in its address; what cannot be understood is left out."""

    q: str = ""
    zone: str = ""
    gap: str = ""
    tasks: str = ""
    municipality: str = ""
    sphere: str = ""
    network: str = ""
    tier: str = ""
    mine: str = ""
    sort: str = ""

    @classmethod
    def of(cls, asked: Mapping[str, Any]) -> Self:
        """The query in an address."""
        found = {
            each.name: str(asked.get(each.name, "")).replace("\0", "").strip()[:100] for each in fields(cls)
        }
        place = found["municipality"]
        if not (place.isascii() and place.isdigit() and len(place) <= 12):
            found["municipality"] = ""
        return cls(**found)

    @property
    def narrowed(self) -> bool:
        """Whether any filter is on."""
        return any(value for name, value in asdict(self).items() if name != "sort")


@dataclass(frozen=True, slots=True)
class Totals:
    """How the pages of a list stand together."""

    pages: int
    green: int
    yellow: int
    red: int
    unlit: int
    overdue: int
    open: int

    def in_zone(self, zone: str) -> int:
        """How many of them are in the zone; all when none is named."""
        lights = {Zone.GREEN: self.green, Zone.YELLOW: self.yellow, Zone.RED: self.red, NO_LIGHT: self.unlit}
        return {str(code): number for code, number in lights.items()}.get(zone, self.pages if not zone else 0)


def last_monday() -> date | None:
    """The Monday of the last week whose lights are in: not a week of which only the first pages have been seen.

    Kept for a minute: it changes once a week.
    """
    found: date | None = cache.get("desk:last_monday")
    if found is None:
        lit_weeks = PageWeek.objects.exclude(zone="").values("monday").annotate(pages=Count("pk"))
        rows = list(lit_weeks.order_by("-monday").values_list("monday", "pages")[:2])
        fresh = len(rows) == 2 and rows[0][1] * 2 < rows[1][1]
        found = rows[fresh][0] if rows else None
        cache.set("desk:last_monday", found, CACHE_SECONDS)
    return found


def within_reach(desk: Desk, right: Right = Right.SEE_REGISTRY) -> QuerySet[OfficialPage]:
    """Pages over which the person has the right; closed ones are history and not listed."""
    everywhere, organizations, pages = desk.reach.where(right)
    found = OfficialPage.objects.filter(is_active=True)
    if everywhere:
        return found
    return found.filter(Q(organization_id__in=organizations) | Q(pk__in=pages))


def own_pages(desk: Desk) -> QuerySet[OfficialPage]:
    """Pages that are the person's own work: by a page or a body, not by a role in the centre."""
    _everywhere, organizations, pages = desk.reach.where(Right.RUN_PAGE)
    return OfficialPage.objects.filter(is_active=True).filter(
        Q(organization_id__in=organizations) | Q(pk__in=pages)
    )


def selected(query: PageQuery, desk: Desk, monday: date | None) -> QuerySet[OfficialPage]:
    """Pages that answer all filters but the light, each with the light of the week as `zone` and `light`."""
    found = within_reach(desk)
    if query.mine:
        found = own_pages(desk) & found
    plain = {"network": query.network, "tier": query.tier, "organization__municipality": query.municipality}
    found = found.filter(**{name: value for name, value in plain.items() if value})
    if query.sphere:
        found = found.filter(organization__spheres__contains=[query.sphere])
    for word in query.q.split()[:6]:
        found = found.filter(
            Q(title__icontains=word)
            | Q(organization__name__icontains=word)
            | Q(organization__short_name__icontains=word)
        )
    found = _by_work(found, query, desk.now)
    week = FilteredRelation("weeks", condition=Q(weeks__monday=monday))
    return found.annotate(week=week).annotate(zone=Coalesce("week__zone", Value("")), light=F("week__score"))


def _by_work(found: QuerySet[OfficialPage], query: PageQuery, now: datetime) -> QuerySet[OfficialPage]:
    if query.gap:
        gaps = PageCheck.objects.filter(code=query.gap, state=CheckState.GAP)
        found = found.filter(pk__in=gaps.values("page_id"))
    if query.tasks in {"open", "overdue"}:
        late = {"due_at__lt": now} if query.tasks == "overdue" else {}
        found = found.filter(pk__in=PageTask.objects.filter(state=TaskState.OPEN, **late).values("page_id"))
    if query.tasks == "unread":
        found = found.exclude(passport__problem="").exclude(passport=None)
    return found


def lit(found: QuerySet[OfficialPage], zone: str) -> QuerySet[OfficialPage]:
    """Of these, pages in the zone; NO_LIGHT are those that have none yet."""
    wanted = {"zone": "" if zone == NO_LIGHT else zone}
    return found.filter(**wanted) if zone else found


def totals(found: QuerySet[OfficialPage], now: datetime) -> Totals:
    """Two queries for all of them."""
    counted = found.aggregate(
        pages=Count("pk"), **{zone: Count("pk", filter=Q(zone=zone)) for zone in Zone.values}
    )
    tasks = PageTask.objects.filter(state=TaskState.OPEN, page__in=found.values("pk")).aggregate(
        open=Count("pk"), overdue=Count("pk", filter=Q(due_at__lt=now))
    )
    lights = {zone: counted[zone] for zone in Zone.values}
    return Totals(**counted, **tasks, unlit=counted["pages"] - sum(lights.values()))


def ordered(found: QuerySet[OfficialPage], sort: str) -> QuerySet[OfficialPage]:
    """In the order asked for; the worst first when nothing is."""
    if sort == "deadline":
        due = PageTask.objects.filter(page=OuterRef("pk"), state=TaskState.OPEN).order_by()
        nearest = due.values("page").annotate(due=Min("due_at")).values("due")
        return found.annotate(due=Subquery(nearest)).order_by(F("due").asc(nulls_last=True), "pk")
    orders: dict[str, tuple[Any, ...]] = {
        "ready": (F("passport__score").asc(nulls_last=True),),
        "silence": (F("passport__last_post_at").asc(nulls_last=True),),
        "followers": (F("followers").desc(nulls_last=True),),
        "title": ("title",),
    }
    worst = (F("light").asc(nulls_last=True), F("passport__gaps").desc(nulls_last=True))
    return found.order_by(*orders.get(sort, worst), "pk")


def page_of(
    found: QuerySet[OfficialPage], query: PageQuery, all_of: Totals, number: str
) -> tuple[Page[int], list[OfficialPage]]:
    """One page of the list: first which ones stand on it, then all that their rows need.

    Sorting seven thousand keys is a fifth of the work of sorting the rows they belong to.
    """
    keys = ordered(lit(found, query.zone), query.sort).values_list("pk", flat=True)
    paginator = Paginator(keys, PAGE_SIZE)
    # The totals above the list know how many there are: it is not counted twice.
    paginator.__dict__["count"] = all_of.in_zone(query.zone)
    page = paginator.get_page(number)
    wanted = list(page)
    rows = found.filter(pk__in=wanted).select_related("organization__municipality", "passport")
    by_key = {row.pk: row for row in rows}
    return page, [by_key[pk] for pk in wanted if pk in by_key]


def work_on(pages: list[OfficialPage], now: datetime) -> dict[int, tuple[int, int]]:
    """(open, overdue) tasks of these pages, with one query."""
    rows = (
        PageTask.objects.filter(page__in=[page.pk for page in pages], state=TaskState.OPEN)
        .values("page_id")
        .annotate(open=Count("pk"), overdue=Count("pk", filter=Q(due_at__lt=now)))
    )
    return {row["page_id"]: (row["open"], row["overdue"]) for row in rows}
