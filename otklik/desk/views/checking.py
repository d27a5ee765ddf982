"""The check of an answer while it is written. Nothing is changed and nothing is kept."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from otklik.desk.access import Desk, at_desk
from otklik.desk.quality import said_of
from otklik.people.access import staff


@staff
@require_POST
@at_desk
def check(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """What the check says of the text as typed so far; `at=publish` is the step before it goes out."""
    incident = desk.incident(pk)
    desk.require(incident, "draft")
    context = {"said": said_of(incident, desk, request.POST), "overruled": "overruled" in request.POST}
    name = "publishing" if request.GET.get("at") == "publish" else "writing"
    return render(request, f"desk/check/{name}.html", context)
