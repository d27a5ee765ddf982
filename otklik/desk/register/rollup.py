"""How an organisation stands with everything below it: what is owed, what is there, badges and audience."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum

from otklik.registry.models import OfficialPage, Organization, PageObligation

MOST_CHILDREN = 50


@dataclass(frozen=True, slots=True)
class Rollup:
    """Counted over an organisation and all below it that are at work."""

    owed: int = 0
    there: int = 0
    pages: int = 0
    badges: int = 0
    audience: int = 0

    @property
    def gap(self) -> int:
        """Duties without a page."""
        return self.owed - self.there


@dataclass(frozen=True, slots=True)
class Child:
    """A direct subordinate, with everything below it."""

    organization: Organization
    below: Rollup


def rollup_of(organization: Organization) -> Rollup:
    """The organisation and everything below it, by two queries."""
    duties = _duties(organization.pk).aggregate(**_COUNTED)
    pages = _pages(organization.pk).aggregate(**_SUMMED)
    return _rollup(duties, pages)


def children_of(organization: Organization) -> tuple[list[Child], int]:
    """Direct subordinates at work, the widest gap first, and how many there are."""
    found = Organization.objects.filter(parent=organization, is_active=True).order_by("short_name", "pk")
    # The element of the path that says which child the row stands below.
    place = f"organization__path__{len(organization.path)}"
    duties = {row[place]: row for row in _duties(organization.pk).values(place).annotate(**_COUNTED)}
    pages = {row[place]: row for row in _pages(organization.pk).values(place).annotate(**_SUMMED)}
    rows = [Child(each, _rollup(duties.get(each.pk, {}), pages.get(each.pk, {}))) for each in found]
    return _widest(rows)[:MOST_CHILDREN], len(rows)


def _widest(rows: Iterable[Child]) -> list[Child]:
    return sorted(rows, key=lambda each: -each.below.gap)


def _duties(pk: int) -> QuerySet[PageObligation]:
    there = OfficialPage.objects.filter(
        organization_id=OuterRef("organization_id"),
        network=OuterRef("network"),
        kind="organisation",
        is_active=True,
    )
    found = PageObligation.objects.filter(status="required", organization__is_active=True)
    return found.filter(organization__path__contains=[pk]).annotate(has_page=Exists(there)).order_by()


def _pages(pk: int) -> QuerySet[OfficialPage]:
    found = OfficialPage.objects.filter(is_active=True, kind="organisation", organization__is_active=True)
    return found.filter(organization__path__contains=[pk]).order_by()


_COUNTED = {"owed": Count("pk"), "there": Count("pk", filter=Q(has_page=True))}
_SUMMED = {
    "living": Count("pk"),
    "badges": Count("pk", filter=Q(badge_status="confirmed")),
    "audience": Sum("followers"),
}


def _rollup(duties: dict[str, int], pages: dict[str, int | None]) -> Rollup:
    return Rollup(
        duties.get("owed", 0),
        duties.get("there", 0),
        pages.get("living") or 0,
        pages.get("badges") or 0,
        pages.get("audience") or 0,
    )
