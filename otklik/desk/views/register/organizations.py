"""Organisations of the register: the list, the card, changes with their reasons."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from otklik.desk.access import Desk, at_desk
from otklik.people.access import staff


@staff
@require_safe
@at_desk
def organizations(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The organisations within reach, narrowed by the filters of the address."""
    return render(request, "desk/register/organizations.html", {"desk": desk})
