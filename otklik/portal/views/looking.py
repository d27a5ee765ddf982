"""Home, search, one organisation, what is read most, and the language of the page."""

from django.conf import settings
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_safe

from otklik.people.access import public
from otklik.portal import catalogue, linked
from otklik.portal.finding import A_PAGE, Row, Wish, find
from otklik.portal.limits import SEARCHES
from otklik.portal.paging import Pager
from otklik.portal.sharing import Subject
from otklik.portal.views.access import catalogue as catalogue_page
from otklik.portal.views.access import limited
from otklik.registry.enums import LookalikeState
from otklik.registry.models import Organization

SHOWN_BELOW = 30
YEAR = 366 * 24 * 3600


@public("the register of official pages is for everybody")
@catalogue_page
def home(request: HttpRequest) -> HttpResponse:
    """The search box, and the ways into the catalogue."""
    context = {
        "figures": catalogue.figures(),
        "spheres": catalogue.sphere_counts(),
        "places": catalogue.places(),
        "collections": catalogue.collections(),
        "popular": catalogue.popular()[:5],
    }
    return render(request, "portal/home.html", context)


@public("it reads what the catalogue shows to everybody, so often from one address and no oftener")
@limited(SEARCHES)
@catalogue_page
def search(request: HttpRequest) -> HttpResponse:
    """Results for words and filters; without words, everything that passes the filters."""
    wish = Wish.of(request.GET)
    found = find(wish)
    context = {
        "wish": wish,
        "found": found,
        # The catalogue itself is for search engines, endless lists of queries are not.
        "unlisted": True,
        "names": catalogue.names(),
        "places": catalogue.places(),
        "pager": Pager(wish.page, found.total, A_PAGE, wish.string()),
    }
    return render(request, "portal/search.html", context)


@public("it shows an organisation of the public register")
@catalogue_page
def organization(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything official of one organisation."""
    found = _organization(pk)
    own, personal = catalogue.split(found.shown_pages)  # type: ignore[attr-defined]
    context = {
        "organization": found,
        "pages": own,
        "personal": personal,
        "below": catalogue.most_read(_below(found), 0, SHOWN_BELOW),
        "below_total": _below(found).count(),
        "names": catalogue.names(),
        "subject": Subject.of_organization(found),
        "data": linked.organization(found, own),
        "fakes": found.lookalikes.filter(state__in=[LookalikeState.FAKE, LookalikeState.REPORTED]).count(),
    }
    return render(request, "portal/organization.html", context)


@public("it shows organisations of the public register")
@catalogue_page
def bodies(request: HttpRequest, pk: int) -> HttpResponse:
    """The organisations under one."""
    found, wish = _organization(pk), Wish.of(request.GET)
    first = (wish.page - 1) * A_PAGE
    context = {
        "organization": found,
        "rows": [Row(each) for each in catalogue.most_read(_below(found), first, A_PAGE)],
        "pager": Pager(wish.page, _below(found).count(), A_PAGE, ""),
        "names": catalogue.names(),
    }
    return render(request, "portal/bodies.html", context)


def _organization(pk: int) -> Organization:
    found = catalogue.with_pages(catalogue.organizations().select_related("parent"))
    return get_object_or_404(found, pk=pk)


def _below(found: Organization) -> QuerySet[Organization]:
    return catalogue.organizations().filter(parent=found)


@public("it counts what the catalogue shows to everybody")
@catalogue_page
def popular(request: HttpRequest) -> HttpResponse:
    """Pages with the largest audience, of all or of one network and sphere."""
    wish = Wish.of(request.GET)
    network = request.GET.get("network", "")
    network = network if network in catalogue.NETWORKS else ""
    found = catalogue.popular(network, wish.sphere, wish.place)
    context = {
        "wish": wish,
        "network": network,
        "networks": catalogue.NETWORKS,
        "pages": found[:50],
        "names": catalogue.names(),
        "places": catalogue.places(),
    }
    return render(request, "portal/popular.html", context)


@public("it sets a cookie with two letters")
@require_safe
def language(request: HttpRequest, code: str) -> HttpResponse:
    """Show the pages in this language from now on, and go back to where the person was."""
    if code not in dict(settings.LANGUAGES):
        raise Http404
    back = request.GET.get("next", "/")
    safe = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure())
    response = HttpResponseRedirect(back if safe else "/")
    response.set_cookie(settings.LANGUAGE_COOKIE_NAME, code, max_age=YEAR, httponly=True, samesite="Lax")
    return response
