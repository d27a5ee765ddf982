"""What every public page has in common: who may keep a copy of it, for how long, and in whose time zone it speaks."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import conditional_page, require_safe

from otklik.portal.limits import Limit
from otklik.registry.operations import working_calendar

View = Callable[..., HttpResponseBase]
PAGE_SECONDS = 60


def catalogue(view: View) -> View:
    """A page of the catalogue: for reading only, the same for everybody, kept by browsers and proxies for a minute.

    A copy is asked for again with its ETag. Who has a session sees a link to the desk, so such a page is nobody else's.
    """

    @wraps(view)
    def wrapped(request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        with timezone.override(working_calendar().tz):
            response = view(request, **kwargs)
        if not response.has_header("Cache-Control"):
            shared = settings.SESSION_COOKIE_NAME not in request.COOKIES and response.status_code == 200
            response["Cache-Control"] = f"public, max-age={PAGE_SECONDS}" if shared else "private, no-cache"
        patch_vary_headers(response, ["Cookie", "Accept-Language"])
        return response

    guarded: View = require_safe(conditional_page(wrapped))
    return guarded


def limited(limit: Limit) -> Callable[[View], View]:
    """Refuse (429, with words) an address that asks more often than the limit allows."""

    def wrap(view: View) -> View:
        @wraps(view)
        def wrapped(request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
            if not limit.passes(address_of(request), timezone.now()):
                return too_often(request, limit)
            return view(request, **kwargs)

        return wrapped

    return wrap


def too_often(request: HttpRequest, limit: Limit) -> HttpResponse:
    """The page that says when to come again."""
    response = render(request, "portal/too_often.html", {"minutes": -(-limit.seconds // 60)}, status=429)
    response["Retry-After"] = str(limit.seconds)
    return response


def address_of(request: HttpRequest) -> str:
    return str(request.META.get("REMOTE_ADDR") or "")
