"""Which organisations and pages residents see, and the figures about them. Nothing of the desk is in here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.cache import cache
from django.db import connection
from django.db.models import Count, F, Max, Prefetch, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from otklik.registry.enums import BadgeStatus, Network, OrgLevel, PageKind
from otklik.registry.models import (
    Collection,
    Municipality,
    OfficialPage,
    Organization,
    OrganizationType,
    Sphere,
)

# Figures and names of the whole region may be so old, in seconds.
FRESH_SECONDS = 120
AUTHORITIES = [OrgLevel.REGIONAL, OrgLevel.MUNICIPAL]
NETWORKS = [Network.VK, Network.MAX, Network.OK, Network.TELEGRAM]


def pages() -> QuerySet[OfficialPage]:
    """Pages that are official today."""
    return OfficialPage.objects.filter(is_active=True, closed_on=None, organization__is_active=True)


def organizations() -> QuerySet[Organization]:
    """Organisations at work, with or without a page."""
    return Organization.objects.filter(is_active=True)


def with_pages(found: QuerySet[Organization]) -> QuerySet[Organization]:
    """The same with their place and `shown_pages`: two statements, however many organisations."""
    shown = pages().order_by(F("followers").desc(nulls_last=True), "pk")
    return found.select_related("municipality").prefetch_related(
        Prefetch("pages", queryset=shown, to_attr="shown_pages")
    )


def by_audience(found: QuerySet[Organization]) -> QuerySet[Organization]:
    """Those that residents read most come first, those without a page last."""
    shown = Q(pages__is_active=True, pages__closed_on=None)
    # One join for all of them: a question for each organisation takes ten times as long on ten thousand.
    return found.annotate(audience=Coalesce(Max("pages__followers", filter=shown), -1)).order_by(
        "-audience", "short_name", "pk"
    )


def most_read(found: QuerySet[Organization], first: int, size: int) -> list[Organization]:
    """A piece of the list by audience, with pages: keys are put in order first, whole rows are read for the piece."""
    wanted = list(by_audience(found).values_list("pk", flat=True)[first : first + size])
    rows = with_pages(Organization.objects.filter(pk__in=wanted)).in_bulk()
    return [rows[pk] for pk in wanted if pk in rows]


def present(found: QuerySet[Organization]) -> QuerySet[Organization]:
    """Those of them that have an official page."""
    return found.filter(pk__in=pages().values("organization"))


def popular(network: str = "", sphere: str = "", place: Municipality | None = None) -> QuerySet[OfficialPage]:
    """Pages with the largest audience first; those that did not tell theirs are left out."""
    found = pages().filter(followers__gt=0)
    if network:
        found = found.filter(network=network)
    if sphere:
        found = found.filter(organization__spheres__contains=[sphere])
    if place:
        found = found.filter(organization__municipality=place)
    return found.select_related("organization__municipality").order_by(
        F("followers").desc(nulls_last=True), "pk"
    )


def of_collection(collection: Collection) -> QuerySet[Organization]:
    """Institutions of its types, authorities of its spheres, and owners of the pages put in by hand.

    Without types, everybody in the spheres: a teacher wants the ministry, not every school of the region.
    """
    wanted = Q(pk__in=collection.pinned.values("organization"))
    if collection.types:
        wanted |= Q(type__in=collection.types)
    if collection.spheres:
        in_sphere = Q(spheres__overlap=collection.spheres)
        wanted |= in_sphere & Q(level__in=AUTHORITIES) if collection.types else in_sphere
    return organizations().filter(wanted)


def collections() -> QuerySet[Collection]:
    return Collection.objects.filter(is_shown=True).order_by("position", "title")


@dataclass(frozen=True, slots=True)
class Names:
    """Codes of the register in words, in the order in which lists show them."""

    spheres: Mapping[str, str]
    types: Mapping[str, str]
    plurals: Mapping[str, str]


def names() -> Names:
    """Names of spheres and types; a change is felt within FRESH_SECONDS."""
    found: Names | None = cache.get("portal:names")
    if found is None:
        spheres = Sphere.objects.order_by("position", "name").values_list("code", "name")
        types = list(
            OrganizationType.objects.order_by("position", "name").values_list("code", "name", "plural")
        )
        found = Names(
            dict(spheres),
            {code: name for code, name, _plural in types},
            {code: plural for code, _name, plural in types},
        )
        cache.set("portal:names", found, FRESH_SECONDS)
    return found


@dataclass(frozen=True, slots=True)
class Figures:
    """The region in numbers; `audience` counts subscriptions, one person may have several."""

    organizations: int
    pages: int
    audience: int
    badged: int

    @property
    def badge_share(self) -> int:
        """Per cent of organisations' pages with a confirmed badge, rounded down: never more than there are."""
        return self.badged * 100 // self.pages if self.pages else 0


def figures() -> Figures:
    """Counts of the whole register; a change is felt within FRESH_SECONDS."""
    found: Figures | None = cache.get("portal:figures")
    if found is None:
        counted: dict[str, Any] = pages().aggregate(
            bodies=Count("organization", distinct=True),
            pages=Count("pk"),
            audience=Sum("followers"),
            badged=Count("pk", filter=Q(badge_status=BadgeStatus.CONFIRMED)),
        )
        found = Figures(counted["bodies"], counted["pages"], counted["audience"] or 0, counted["badged"])
        cache.set("portal:figures", found, FRESH_SECONDS)
    return found


def sphere_counts(place: Municipality | None = None) -> list[tuple[str, str, int]]:
    """(code, name, organisations with a page) of every sphere that has any, in the order of the register."""
    key = f"portal:spheres:{place.pk if place else 0}"
    counted: dict[str, int] | None = cache.get(key)
    if counted is None:
        counted = _count_spheres(place)
        cache.set(key, counted, FRESH_SECONDS)
    return [(code, name, counted[code]) for code, name in names().spheres.items() if counted.get(code)]


def _count_spheres(place: Municipality | None) -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute(
            """select sphere, count(*) from registry_organization o, unnest(o.spheres) sphere
               where o.is_active and (%(place)s::bigint is null or o.municipality_id = %(place)s)
                 and exists (select from registry_officialpage p
                             where p.organization_id = o.id and p.is_active and p.closed_on is null)
               group by sphere""",
            {"place": place.pk if place else None},
        )
        return dict(cursor.fetchall())


def places() -> list[tuple[Municipality, int]]:
    """Every municipality with the number of official pages in it, in the order of the alphabet."""
    found: list[tuple[Municipality, int]] | None = cache.get("portal:places")
    if found is None:
        counts = dict(
            pages()
            .exclude(organization__municipality=None)
            .values_list("organization__municipality")
            .annotate(n=Count("pk"))
            .order_by()
        )
        rows = Municipality.objects.defer("shape")
        found = [
            (row, counts.get(row.pk, 0)) for row in sorted(rows, key=lambda row: in_order(row.short_name))
        ]
        cache.set("portal:places", found, FRESH_SECONDS)
    return found


def in_order(name: str) -> str:
    """Key of the Russian alphabet, where ё stands beside е."""
    return name.lower().replace("ё", "е\uffff")


def split(found: Sequence[OfficialPage]) -> tuple[list[OfficialPage], list[OfficialPage]]:
    """(pages of the organisation, personal pages of its officials)."""
    own = [page for page in found if page.kind == PageKind.ORGANISATION]
    return own, [page for page in found if page.kind == PageKind.PERSONAL]
