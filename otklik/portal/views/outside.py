"""The page behind a link to somebody outside: one question, and a place to answer it. No login, no script needed."""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods

from otklik.casework.models import MOST_PHOTOS, ExternalLink
from otklik.casework.operations import external
from otklik.common.photos import LARGEST_FILE, UnreadablePhoto
from otklik.people.access import public
from otklik.portal.limits import LINKS
from otklik.portal.outside import place_of
from otklik.portal.views.access import address_of, limited
from otklik.registry.operations import working_calendar

View = Callable[..., HttpResponse]
_WRONG = (external.ReplyIsEmpty, external.TooManyPhotos, external.TooManyReplies, UnreadablePhoto)


def unlisted(view: View) -> View:
    """Kept by nobody, found by no search engine, told to no other site."""

    @wraps(view)
    def wrapped(request: HttpRequest, token: str) -> HttpResponse:
        with timezone.override(working_calendar().tz):
            response = view(request, token=token)
        response["Cache-Control"] = "no-store"
        response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
        response["Referrer-Policy"] = "no-referrer"
        return response

    return wrapped


@public("the signature in the address; it dies with its term, its incident or when it is revoked")
@require_http_methods(["GET", "HEAD", "POST"])
@csrf_protect
@limited(LINKS)
@unlisted
@sensitive_variables("token")
def outside(request: HttpRequest, token: str) -> HttpResponse:
    """What is asked; the answer that comes back is kept for whoever asked."""
    now = timezone.now()
    try:
        link = external.link_of(token, now=now)
        if request.method == "POST":
            return _take(request, link, token)
    except external.LinkIsDead as fact:
        return render(request, "portal/outside_dead.html", {"said": gettext(str(fact.__doc__))}, status=410)
    if request.method == "GET":
        external.note_opening(link=link, address=address_of(request), now=now)
    return _page(request, link)


def _take(request: HttpRequest, link: ExternalLink, token: str) -> HttpResponse:
    text = request.POST.get("text", "").replace("\0", "").replace("\r\n", "\n")
    files = request.FILES.getlist("photos")
    try:
        if getattr(request, "body_was_cut", False) or any((file.size or 0) > LARGEST_FILE for file in files):
            raise UnreadablePhoto
        if len(files) > MOST_PHOTOS:
            raise external.TooManyPhotos
        external.reply_from_outside(
            link=link,
            text=text,
            photos=[file.read() for file in files],
            address=address_of(request),
            now=timezone.now(),
        )
    except _WRONG as fact:
        return _page(request, link, wrong=gettext(str(fact.__doc__)), text=text)
    return HttpResponseRedirect(f"{request.path}?sent=1")


def _page(request: HttpRequest, link: ExternalLink, *, wrong: str = "", text: str = "") -> HttpResponse:
    context = {
        "link": link,
        "place": place_of(link.incident),
        "sent": request.GET.get("sent") == "1" and not wrong,
        "replies": link.replies.order_by("pk").prefetch_related("photos"),
        "most": MOST_PHOTOS,
        "longest": external.LONGEST_REPLY,
        "wrong": wrong,
        "text": text,
    }
    return render(request, "portal/outside.html", context, status=422 if wrong else 200)
