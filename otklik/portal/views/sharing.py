"""One sheet of links, a QR code, a poster to print, and feeds of what official pages publish."""

from io import BytesIO

import segno
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from otklik.people.access import public
from otklik.portal import catalogue, feeds
from otklik.portal.finding import Wish
from otklik.portal.limits import DOWNLOADS
from otklik.portal.sharing import MOST_LINKS, ORGANIZATION, PLACE, Subject
from otklik.portal.views.access import catalogue as catalogue_page
from otklik.portal.views.access import limited
from otklik.registry.models import Collection, Municipality

QR_SECONDS = 86_400
FEED_SECONDS = 300


def subject_of(request: HttpRequest, kind: str, key: str) -> Subject:
    """What the address names; 404 when there is no such thing."""
    if kind == ORGANIZATION:
        if not (key.isascii() and key.isdigit() and len(key) <= 18):
            raise Http404
        return Subject.of_organization(get_object_or_404(catalogue.organizations(), pk=int(key)))
    if kind == PLACE:
        return Subject.of_place(get_object_or_404(Municipality.objects.defer("shape"), oktmo=key))
    found = get_object_or_404(Collection, slug=key, is_shown=True)
    return Subject.of_collection(found, Wish.of(request.GET).place)


@public("it shows pages of the public register")
@catalogue_page
def links(request: HttpRequest, kind: str, key: str) -> HttpResponse:
    """Nothing but names, badges and links, with a QR code: to be sent, saved or printed."""
    subject = subject_of(request, kind, key)
    found = list(subject.linked()[: MOST_LINKS + 1])
    context = {"subject": subject, "pages": found[:MOST_LINKS], "cut": len(found) > MOST_LINKS}
    return render(request, "portal/links.html", context)


@public("it draws the address of a public page")
@catalogue_page
def qr(request: HttpRequest, kind: str, key: str) -> HttpResponse:
    """The address of the page as a QR code; quarter of it may be worn off a poster (level Q)."""
    code = segno.make(subject_of(request, kind, key).url(), error="q", micro=False)
    out = BytesIO()
    code.save(out, kind="svg", xmldecl=False, svgns=True, omitsize=True, border=4, light="#fff")
    response = HttpResponse(out.getvalue(), content_type="image/svg+xml")
    response["Cache-Control"] = f"public, max-age={QR_SECONDS}"
    return response


@public("it shows pages of the public register")
@catalogue_page
def poster(request: HttpRequest, kind: str, key: str) -> HttpResponse:
    """A sheet of A4 for a wall: whose pages they are, a large QR code, the address in letters."""
    subject = subject_of(request, kind, key)
    return render(request, "portal/poster.html", {"subject": subject, "pages": subject.linked()[:4]})


@public("it repeats public posts of official pages, so often from one address and no oftener")
@limited(DOWNLOADS)
@catalogue_page
def feed(request: HttpRequest, kind: str, key: str) -> HttpResponse:
    """RSS of the latest posts."""
    subject = subject_of(request, kind, key)
    text = feeds.rss(subject, list(feeds.posts(subject, timezone.now())))
    return _kept(HttpResponse(text, content_type="application/rss+xml; charset=utf-8"))


@public("it repeats public posts of official pages, so often from one address and no oftener")
@limited(DOWNLOADS)
@catalogue_page
def calendar(request: HttpRequest, kind: str, key: str) -> HttpResponse:
    """The latest posts as events of a calendar."""
    subject, now = subject_of(request, kind, key), timezone.now()
    made = feeds.calendar(subject, feeds.posts(subject, now), now)
    return _kept(HttpResponse(made, content_type="text/calendar; charset=utf-8"))


def _kept(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = f"public, max-age={FEED_SECONDS}"
    return response
