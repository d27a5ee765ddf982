"""Municipalities with their map, and collections by profession and interest."""

from typing import Any

from django.core.cache import cache
from django.db.models import F, QuerySet, Window
from django.db.models.functions import RowNumber
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from otklik.people.access import public
from otklik.portal import catalogue, mapping
from otklik.portal.finding import A_PAGE, Row, Wish
from otklik.portal.paging import Pager
from otklik.portal.sharing import Subject
from otklik.portal.views.access import catalogue as catalogue_page
from otklik.registry.models import Collection, Municipality, Organization

MAP_SECONDS = 600
# The most read organisations of a sphere that a municipality's page shows before «все».
IN_A_SPHERE = 5
OF_THE_REGION = 10


@public("it shows where the public register has pages")
@catalogue_page
def places(request: HttpRequest) -> HttpResponse:
    """The map of municipalities, and the same as a list."""
    drawn = _map()
    context = {"map": drawn[0], "schematic": drawn[1], "places": catalogue.places()}
    return render(request, "portal/places.html", context)


def _map() -> tuple[mapping.Map | None, bool]:
    """The drawn map, and whether any outline on it is schematic; a change is felt within MAP_SECONDS."""
    found: tuple[mapping.Map | None, bool] | None = cache.get("portal:map")
    if found is None:
        rows = list(Municipality.objects.exclude(shape=None))
        drawn = mapping.draw((row.oktmo, row.short_name, row.shape or {}) for row in rows)
        found = drawn, any(row.shape_is_schematic for row in rows)
        cache.set("portal:map", found, MAP_SECONDS)
    return found


@public("it shows organisations of the public register")
@catalogue_page
def place(request: HttpRequest, key: str) -> HttpResponse:
    """Everything official of one municipality by sphere: the most read of each, and the way to all of them."""
    found = get_object_or_404(Municipality.objects.defer("shape"), oktmo=key)
    here = catalogue.organizations().filter(municipality=found)
    groups = _by_sphere(here)
    counts = {code: (name, count) for code, name, count in catalogue.sphere_counts(found)}
    context = {
        "place": found,
        "groups": [(code, *counts.get(code, ("", 0)), rows) for code, rows in groups.items()],
        "absent": here.count() - catalogue.present(here).count(),
        "subject": Subject.of_place(found),
        "names": catalogue.names(),
    }
    return render(request, "portal/place.html", context)


def _by_sphere(here: QuerySet[Organization]) -> dict[str, list[Row]]:
    """The most read of every main sphere; those without one come last, under an empty code."""
    ranked = catalogue.by_audience(catalogue.present(here)).annotate(
        main_sphere=F("spheres__0"),
        rank=Window(
            RowNumber(), partition_by=F("spheres__0"), order_by=(F("audience").desc(), F("short_name").asc())
        ),
    )
    wanted = dict(ranked.filter(rank__lte=IN_A_SPHERE).values_list("pk", "main_sphere"))
    rows = catalogue.with_pages(Organization.objects.filter(pk__in=wanted)).in_bulk()
    groups: dict[str, list[Row]] = {code: [] for code in [*catalogue.names().spheres, ""]}
    for pk, sphere in wanted.items():
        groups.setdefault(sphere or "", []).append(Row(rows[pk]))
    return {code: rows for code, rows in groups.items() if rows}


@public("it lists collections of the public register")
@catalogue_page
def collections(request: HttpRequest) -> HttpResponse:
    """All collections."""
    return render(request, "portal/collections.html", {"collections": catalogue.collections()})


@public("it shows organisations of the public register")
@catalogue_page
def collection(request: HttpRequest, key: str) -> HttpResponse:
    """One collection: beside the reader when a municipality is chosen, and what serves the whole region."""
    found = get_object_or_404(Collection, slug=key, is_shown=True)
    wish = Wish.of(request.GET)
    bodies = catalogue.present(catalogue.of_collection(found))
    here = bodies.filter(municipality=wish.place) if wish.place else bodies.exclude(municipality=None)
    context: dict[str, Any] = {
        "collection": found,
        "wish": wish,
        "pinned": catalogue.popular().filter(pk__in=found.pinned.values("pk"))[:OF_THE_REGION],
        "here": _rows(here, wish.page),
        "everywhere": _rows(bodies.filter(municipality=None), 1)[:OF_THE_REGION],
        "places": catalogue.places(),
        "subject": Subject.of_collection(found, wish.place),
        "names": catalogue.names(),
        "pager": Pager(wish.page, here.count(), A_PAGE, wish.string()),
    }
    return render(request, "portal/collection.html", context)


def _rows(found: QuerySet[Organization], page: int) -> list[Row]:
    first = (page - 1) * A_PAGE
    return [Row(each) for each in catalogue.most_read(found, first, A_PAGE)]
