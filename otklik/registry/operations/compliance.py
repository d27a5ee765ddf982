"""Every gap with the norm it breaks and since when: a page that is not there, a line of a passport that is not fine.

Nothing is stored for it: duties without a page and the passports' own rows are read together, the longest standing
first, page by page through a cursor.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, Q, QuerySet

from otklik.registry.enums import CheckCode, CheckState
from otklik.registry.models import CheckNorm, OfficialPage, Organization, PageCheck, PageObligation
from otklik.registry.operations.coverage import gap_list
from otklik.registry.operations.worktimes import working_calendar

MISSING = CheckCode.PAGE.value


class BadCursor(ValueError):
    """Такого места в отчёте нет: откройте его с начала."""


@dataclass(frozen=True, slots=True)
class ComplianceFilter:
    """What of the report is wanted; empty values want everything. `within` are ids of organisations one may see,
    with everything below them; None for all."""

    network: str = ""
    municipality: int | None = None
    sphere: str = ""
    type: str = ""
    code: str = ""
    search: str = ""
    since_before: date | None = None
    within: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True)
class Gap:
    """One broken norm. `page` is None when the page itself is what is missing."""

    # The local midnight of the day for a duty, which knows only days.
    began: datetime
    since: date
    organization: Organization
    network: str
    page: OfficialPage | None
    norm: CheckNorm
    found: str

    def days(self, today: date) -> int:
        """How many days it has stood."""
        return (today - self.since).days


@dataclass(frozen=True, slots=True)
class NormCount:
    """How many gaps a norm has."""

    norm: CheckNorm
    gaps: int


@dataclass(frozen=True, slots=True)
class ComplianceReport:
    """One page of the report: its lines, where to go on from ("" at the end), and the counts of the whole."""

    lines: list[Gap]
    next_cursor: str
    counts: list[NormCount] = field(default_factory=list)

    @property
    def total(self) -> int:
        """All gaps that the filter lets through."""
        return sum(each.gaps for each in self.counts)


def compliance_report(
    *, filters: ComplianceFilter, cursor: str = "", limit: int = 50, with_counts: bool = True
) -> ComplianceReport:
    """Gaps by their age, `limit` of them after the cursor, and how many there are by norm.

    A norm that the region switched off breaks nothing. Raises BadCursor.
    """
    norms = {norm.code: norm for norm in CheckNorm.objects.filter(is_active=True)}
    after = _read(cursor) if cursor else None
    lines = [
        *_missing_lines(filters, norms, after, limit + 1),
        *_check_lines(filters, norms, after, limit + 1),
    ]
    lines.sort(key=_place)
    more = len(lines) > limit
    lines = lines[:limit]
    return ComplianceReport(
        lines=lines,
        next_cursor=_write(_place(lines[-1])) if more else "",
        counts=counts_by_norm(filters=filters) if with_counts else [],
    )


def counts_by_norm(*, filters: ComplianceFilter) -> list[NormCount]:
    """How many gaps each active norm has under the filter, in the order of the norms; none are left out."""
    counted: Counter[str] = Counter()
    if filters.code in {"", MISSING}:
        counted[MISSING] += _missing(filters).count()
    for row in _checks(filters).values("code").annotate(number=Count("pk")).order_by():
        counted[row["code"]] += row["number"]
    norms = CheckNorm.objects.filter(is_active=True).order_by("position", "code")
    return [NormCount(norm, counted[norm.code]) for norm in norms if counted[norm.code]]


# Since when, whose, which norm, which page (0 for none), in which network: no two gaps stand at one place.
Place = tuple[datetime, int, str, int, str]


def _place(gap: Gap) -> Place:
    return gap.began, gap.organization.pk, gap.norm.code, gap.page.pk if gap.page else 0, gap.network


def _missing_lines(
    filters: ComplianceFilter, norms: Mapping[str, CheckNorm], after: Place | None, limit: int
) -> Iterable[Gap]:
    if MISSING not in norms or filters.code not in {"", MISSING}:
        return []
    rows = _missing(filters)
    if after is not None:
        rows = _missing_after(rows, after)
    rows = rows.order_by("since", "organization_id", "network")
    return [
        Gap(_midnight(row.since), row.since, row.organization, row.network, None, norms[MISSING], "")
        for row in rows[:limit]
    ]


def _missing_after(rows: QuerySet[PageObligation], place: Place) -> QuerySet[PageObligation]:
    began, organization, code, page, network = place
    day = began.astimezone(_zone()).date()
    if began != _midnight(day):
        return rows.filter(since__gt=day)
    later = Q(since__gt=day) | Q(since=day, organization_id__gt=organization)
    # Within one organisation of one day: by the norm, then what has no page comes before what has one.
    if (code, page) < (MISSING, 0):
        later |= Q(since=day, organization_id=organization)
    elif (code, page) == (MISSING, 0):
        later |= Q(since=day, organization_id=organization, network__gt=network)
    return rows.filter(later)


def _check_lines(
    filters: ComplianceFilter, norms: Mapping[str, CheckNorm], after: Place | None, limit: int
) -> Iterable[Gap]:
    # Ordered by the instant, not by its local day: turning fifty thousand of them into days takes a third of a second.
    order = ("since", "page__organization_id", "code", "page_id", "page__network")
    rows = _after(_checks(filters).filter(code__in=norms), order, after).order_by(*order)
    rows = rows.select_related("page__organization__municipality")
    zone = _zone()
    return [
        Gap(
            began=row.since,
            since=row.since.astimezone(zone).date(),
            organization=row.page.organization,
            network=row.page.network,
            page=row.page,
            norm=norms[row.code],
            found=row.found,
        )
        for row in rows[:limit]
    ]


def _missing(filters: ComplianceFilter) -> QuerySet[PageObligation]:
    rows = gap_list(
        network=filters.network,
        municipality=filters.municipality,
        sphere=filters.sphere,
        type=filters.type,
        search=filters.search,
    )
    if filters.since_before is not None:
        rows = rows.filter(since__lt=filters.since_before)
    return rows if filters.within is None else rows.filter(organization__path__overlap=list(filters.within))


def _checks(filters: ComplianceFilter) -> QuerySet[PageCheck]:
    wanted: dict[str, Any] = {
        "page__network": filters.network,
        "page__organization__municipality": filters.municipality,
        "page__organization__spheres__contains": [filters.sphere] if filters.sphere else None,
        "page__organization__type": filters.type,
        "code": filters.code,
        "since__lt": _midnight(filters.since_before) if filters.since_before else None,
        "page__organization__path__overlap": None if filters.within is None else list(filters.within),
    }
    rows = PageCheck.objects.filter(
        state=CheckState.GAP, page__is_active=True, page__closed_on=None, page__organization__is_active=True
    ).filter(**{name: value for name, value in wanted.items() if value not in (None, "")})
    text = filters.search.strip()
    if text:
        named = Q(page__title__icontains=text)
        for name in (
            "name__icontains",
            "short_name__icontains",
            "aliases__icontains",
            "code__iexact",
            "ogrn",
        ):
            named |= Q(**{f"page__organization__{name}": text})
        rows = rows.filter(named)
    return rows


def _after(rows: QuerySet[PageCheck], order: tuple[str, ...], place: Place | None) -> QuerySet[PageCheck]:
    """The rows that stand after the place in the order."""
    if place is None:
        return rows
    later = Q(**{f"{order[0]}__gt": place[0]})
    for index in range(1, len(order)):
        same = Q(**dict(zip(order[:index], place[:index], strict=True)))
        later |= same & Q(**{f"{order[index]}__gt": place[index]})
    return rows.filter(Q(**{f"{order[0]}__gte": place[0]}) & later)


def _write(place: Place) -> str:
    began, organization, code, page, network = place
    return f"{began.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%f}~{organization}~{code}~{page}~{network}"


def _read(cursor: str) -> Place:
    try:
        began, organization, code, page, network = cursor.split("~")
        return datetime.fromisoformat(began).replace(tzinfo=UTC), int(organization), code, int(page), network
    except ValueError as error:
        raise BadCursor from error


def _zone() -> ZoneInfo:
    return working_calendar().tz


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=_zone())
