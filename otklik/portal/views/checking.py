"""«Это официальная страница?»: by link or by name, and a place to tell of a page that only looks official."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from otklik.people.access import public
from otklik.portal import catalogue
from otklik.portal.checking import answer, plain
from otklik.portal.finding import LONGEST_QUERY
from otklik.portal.limits import REPORTS, SEARCHES
from otklik.portal.views.access import catalogue as catalogue_page
from otklik.portal.views.access import limited
from otklik.registry.operations.lookalikes import AlreadyOfficial, NotAPage, report_lookalike

LONGEST_NOTE, LONGEST_URL = 500, 300


@public("it answers from the public register, so often from one address and no oftener")
@limited(SEARCHES)
@catalogue_page
def official(request: HttpRequest) -> HttpResponse:
    """The question, and the answer when something was asked."""
    asked = " ".join(request.GET.get("q", "").replace("\0", " ").split())[:LONGEST_QUERY]
    context = {
        "asked": asked,
        "answer": answer(asked) if asked else None,
        "names": catalogue.names(),
        "unlisted": bool(asked),
        "sent": request.GET.get("sent") == "1",
    }
    return render(request, "portal/official.html", context)


@public(
    "a suspicion without a name: a token of the form, a few an hour from one address, read by a person first"
)
@require_POST
@limited(REPORTS)
def report(request: HttpRequest) -> HttpResponse:
    """A resident says that a page only looks official."""
    asked = request.POST.get("url", "").replace("\0", " ").strip()[:LONGEST_URL]
    note = request.POST.get("note", "").replace("\0", " ").strip()[:LONGEST_NOTE]
    sent = {"sent": "1"}
    try:
        report_lookalike(url=plain(asked), note=note, now=timezone.now())
    except AlreadyOfficial:
        sent = {}
    except NotAPage as fact:
        context = {"asked": asked, "wrong": gettext(str(fact.__doc__)), "note": note}
        return render(request, "portal/official.html", context, status=422)
    return HttpResponseRedirect(f"{reverse('portal:official')}?{urlencode({'q': asked} | sent)}")
