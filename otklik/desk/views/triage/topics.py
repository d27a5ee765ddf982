"""The list of topics."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from otklik.desk.access import Desk, at_desk
from otklik.desk.triage.within import require_view
from otklik.people.access import staff


@staff
@require_safe
@at_desk
def topics(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The closed list by groups."""
    require_view(desk)
    return render(request, "desk/triage/topics.html", {"desk": desk})
