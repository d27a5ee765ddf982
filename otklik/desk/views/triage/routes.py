"""The list of routes."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from otklik.desk.access import Desk, at_desk
from otklik.desk.triage.within import require_view
from otklik.people.access import staff


@staff
@require_safe
@at_desk
def routes(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The rules by which questions find their bodies."""
    require_view(desk)
    return render(request, "desk/triage/routes.html", {"desk": desk})
