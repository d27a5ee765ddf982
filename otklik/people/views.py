"""A person's own settings."""

from typing import cast

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseRedirect
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from otklik.people import operations
from otklik.people.access import public, staff
from otklik.people.models import Account


@staff
@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """Switch the interface to another language and return to the page the person was on."""
    language = request.POST.get("language", "")
    if language not in dict(settings.LANGUAGES):
        return HttpResponseBadRequest()
    account = cast("Account", request.user)
    operations.choose_language(account=account, language=language, by=account.actor, now=timezone.now())
    back = request.POST.get("next", "/")
    safe = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure())
    return HttpResponseRedirect(back if safe else "/")


@public("there is nothing behind it")
def shut(_request: HttpRequest, **_parts: str) -> HttpResponse:
    """A page of allauth that this product does not offer."""
    raise Http404
