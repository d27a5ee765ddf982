"""Photos of an answer: beside the draft, added and taken away there, seen by whoever sees the incident."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from otklik.casework.models import MOST_ANSWER_PHOTOS, AnswerPhoto
from otklik.casework.operations.photos import remove_photo
from otklik.casework.rules import IllegalMove
from otklik.common.photos import LARGEST_FILE
from otklik.desk import facts
from otklik.desk.access import Desk, at_desk
from otklik.desk.pages import query_of
from otklik.desk.photos import WRONG, add, shots_of
from otklik.desk.rules import DRAFTING
from otklik.people.access import staff


@staff
@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def photos(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """Photos beside the draft, and the form for more."""
    incident = desk.incident(pk)
    desk.require(incident, "draft")
    problem, status = "", 200
    if request.method == "POST":
        try:
            add(request, incident, desk)
        except (*WRONG, IllegalMove) as fact:
            problem, status = facts.message(fact), 409 if isinstance(fact, IllegalMove) else 422
        else:
            messages.success(request, _("Фотографии приложены к черновику ответа."))
            return HttpResponseRedirect(reverse("desk:photos", args=[pk]))
    shots = shots_of(incident)
    context = {
        "desk": desk,
        "incident": incident,
        "query": query_of(request, desk),
        "problem": problem,
        "shots": shots,
        "left": _left(MOST_ANSWER_PHOTOS - len(shots)),
        "largest": LARGEST_FILE // 1_000_000,
        "may_add": incident.state in DRAFTING and len(shots) < MOST_ANSWER_PHOTOS,
    }
    return render(request, "desk/photos/page.html", context, status=status)


def _left(number: int) -> str:
    return ngettext("ещё %(n)s фотография", "ещё %(n)s фотографий", number) % {"n": number}


@staff
@require_POST
@at_desk
def remove(request: HttpRequest, desk: Desk, pk: int, digest: str) -> HttpResponse:
    """One photo is taken away from the draft."""
    incident = desk.incident(pk)
    desk.require(incident, "draft")
    try:
        remove_photo(incident=incident, digest=digest, by=desk.account, now=desk.now)
    except WRONG as fact:
        messages.error(request, facts.message(fact))
    else:
        messages.success(request, _("Фотография убрана."))
    return HttpResponseRedirect(reverse("desk:photos", args=[pk]))


@staff
@require_safe
@at_desk
def photo(request: HttpRequest, desk: Desk, pk: int, answer: int, number: int) -> HttpResponse:
    """One photo of an answer: seen by whoever sees the incident."""
    incident = desk.incident(pk)
    found = AnswerPhoto.objects.filter(answer__incident=incident, answer=answer, number=number).first()
    if found is None:
        raise Http404
    response = HttpResponse(bytes(found.body), content_type="image/jpeg")
    # Of a draft it may be another one tomorrow under the same number.
    response["Cache-Control"] = "private, no-cache"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    return response
