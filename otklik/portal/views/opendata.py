"""Open data with its description, and what search engines ask for."""

from collections.abc import Iterator
from typing import Any
from xml.sax.saxutils import escape

from django.conf import settings
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from otklik.people.access import public
from otklik.portal import catalogue
from otklik.portal.datasets import DATASETS, Dataset, as_csv, as_json
from otklik.portal.limits import DOWNLOADS
from otklik.portal.streams import streamed
from otklik.portal.views.access import catalogue as catalogue_page
from otklik.portal.views.access import limited
from otklik.registry.operations import region

FILE_SECONDS = 600
# The most that one file of a sitemap may hold (sitemaps.org).
IN_A_MAP = 50_000
# Organisations in one of several files: there is room left for the pages of the site itself.
IN_A_PART = 40_000
AT_ONCE = 2000
LICENCE = "https://creativecommons.org/licenses/by/4.0/"
STATIC_PAGES = ("home", "places", "collections", "popular", "official", "opendata")


def _dataset(name: str) -> Dataset:
    if name not in DATASETS:
        raise Http404
    return DATASETS[name]


@public("it describes data that are open")
@catalogue_page
def about(request: HttpRequest) -> HttpResponse:
    """What data there are, how they may be used, and what stands in each column."""
    context = {"datasets": DATASETS.values(), "figures": catalogue.figures(), "licence": LICENCE}
    return render(request, "portal/opendata.html", context)


@public("the register is open data; files are given so often to one address and no oftener")
@limited(DOWNLOADS)
@catalogue_page
def table(request: HttpRequest, name: str) -> HttpResponseBase:
    """The dataset as CSV."""
    return _file(
        streamed(request, as_csv(_dataset(name)), "text/csv; charset=utf-8; header=present"), f"{name}.csv"
    )


@public("the register is open data; files are given so often to one address and no oftener")
@limited(DOWNLOADS)
@catalogue_page
def document(request: HttpRequest, name: str) -> HttpResponseBase:
    """The dataset as JSON, with where it comes from."""
    dataset, here = _dataset(name), region()
    head = {
        "title": str(dataset.title),
        "publisher": here.name if here else "",
        "demonstration": bool(here and here.is_demo),
        "license": LICENCE,
        "schema": settings.BASE_URL + reverse("portal:schema", args=[name]),
        "made_at": timezone.now().isoformat(timespec="seconds"),
    }
    return _file(streamed(request, as_json(dataset, head), "application/json"), f"{name}.json")


@public("it describes data that are open")
@catalogue_page
def schema(request: HttpRequest, name: str) -> HttpResponse:
    """What stands in each column, as JSON Table Schema."""
    return JsonResponse(_dataset(name).schema(), json_dumps_params={"ensure_ascii": False, "indent": 1})


def _file(response: HttpResponseBase, name: str) -> HttpResponseBase:
    response["Cache-Control"] = f"public, max-age={FILE_SECONDS}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    # Programs of others may read open data from their own pages.
    response["Access-Control-Allow-Origin"] = "*"
    return response


@public("it lists addresses of public pages")
@limited(DOWNLOADS)
@catalogue_page
def sitemap(request: HttpRequest) -> HttpResponseBase:
    """Addresses of the catalogue, or of the files that hold them when there are too many for one."""
    total = _listed().count()
    if total + _others() <= IN_A_MAP:
        return _xml(request, _urls(_listed(), first=True))
    parts = range(1, -(-total // IN_A_PART) + 1)
    addresses = [settings.BASE_URL + reverse("portal:sitemap_part", args=[number]) for number in parts]
    return _xml(request, iter([_index(addresses)]))


@public("it lists addresses of public pages")
@limited(DOWNLOADS)
@catalogue_page
def sitemap_part(request: HttpRequest, number: int) -> HttpResponseBase:
    """One of the files of a large sitemap."""
    if number < 1:
        raise Http404
    start = (number - 1) * IN_A_PART
    bounds = list(
        _listed().order_by("pk").values_list("pk", flat=True)[start : start + IN_A_PART : IN_A_PART - 1]
    )
    if not bounds:
        raise Http404
    upper = {"pk__lte": bounds[1]} if len(bounds) > 1 else {}
    return _xml(request, _urls(_listed().filter(pk__gte=bounds[0], **upper), first=number == 1))


def _listed() -> QuerySet[Any]:
    return catalogue.present(catalogue.organizations())


def _others() -> int:
    return len(STATIC_PAGES) + len(catalogue.places()) + catalogue.collections().count()


def _urls(found: QuerySet[Any], *, first: bool) -> Iterator[str]:
    yield '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
    if first:
        yield "".join(_url(each) for each in _of_the_site())
    last = 0
    while keys := list(found.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:AT_ONCE]):
        yield "".join(_url(reverse("portal:organization", args=[key])) for key in keys)
        last = keys[-1]
    yield "</urlset>\n"


def _of_the_site() -> Iterator[str]:
    yield from (reverse(f"portal:{name}") for name in STATIC_PAGES)
    yield from (reverse("portal:place", args=[row.oktmo]) for row, _count in catalogue.places())
    yield from (reverse("portal:collection", args=[row.slug]) for row in catalogue.collections())


def _url(path: str) -> str:
    return f"<url><loc>{escape(settings.BASE_URL + path)}</loc></url>\n"


def _index(addresses: list[str]) -> str:
    rows = "".join(f"<sitemap><loc>{escape(each)}</loc></sitemap>\n" for each in addresses)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{rows}</sitemapindex>\n'
    )


def _xml(request: HttpRequest, pieces: Iterator[str]) -> HttpResponseBase:
    response = streamed(request, pieces, "application/xml; charset=utf-8")
    response["Cache-Control"] = f"public, max-age={FILE_SECONDS}"
    return response


@public("search engines ask it before they look at anything")
@catalogue_page
def robots(request: HttpRequest) -> HttpResponse:
    """Search engines see the catalogue, never the desk. Invented bodies of a demonstration are nobody's find."""
    here = region()
    if here is None or here.is_demo:
        lines = ["User-agent: *", "Disallow: /"]
    else:
        shut = ("/desk/", "/accounts/", "/hooks/", "/search", "/official", "/language/", "/o/")
        lines = ["User-agent: *", *(f"Disallow: {each}" for each in shut)]
        lines += [f"Sitemap: {settings.BASE_URL}{reverse('portal:sitemap')}"]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
