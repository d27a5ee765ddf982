"""Repeats: the list, and a person's word that something is one or is none."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from otklik.casework.models import Incident
from otklik.casework.operations.repeats import NoEarlierQuestion, NotARepeat, deny_repeat, mark_repeat
from otklik.desk import repeats as shown
from otklik.desk.access import Desk, at_desk
from otklik.desk.facts import message
from otklik.people.access import staff
from otklik.people.rules import Right

PAGE_SIZE = 50


def _card(pk: int) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("desk:incident", args=[pk]))


def _require(desk: Desk, pk: int) -> Incident:
    incident = desk.incident(pk)
    if Right.TRIAGE not in desk.rights_over(incident):
        raise PermissionDenied
    return incident


@staff
@require_safe
@at_desk
def repeats(request: HttpRequest, desk: Desk) -> HttpResponse:
    """What residents asked again, the latest first, and whose answers they asked again about."""
    if not desk.reach.may_somewhere(Right.SEE_INCIDENTS):
        raise PermissionDenied
    page = Paginator(shown.listed(desk), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"desk": desk, "page": page, "bodies": shown.by_body(desk), "days": shown.COUNTED_DAYS}
    return render(request, "desk/repeats/list.html", context)


@staff
@require_POST
@at_desk
def deny(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """It is about something else; can be taken back."""
    incident = _require(desk, pk)
    earlier = incident.repeat_of_id
    try:
        deny_repeat(incident=incident, by=desk.account.actor, now=desk.now)
    except NotARepeat as fact:
        messages.error(request, message(fact))
    else:
        undo = f"{reverse('desk:repeat', args=[pk])}?earlier={earlier}"
        messages.success(request, _("Отметка повтора снята."), extra_tags=undo)
    return _card(pk)


@staff
@require_POST
@at_desk
def mark(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """It repeats an earlier question of the author after all."""
    incident, number = _require(desk, pk), request.POST.get("earlier", "")
    try:
        if not (number.isascii() and number.isdigit() and len(number) <= 18):
            raise NoEarlierQuestion
        mark_repeat(
            incident=incident, earlier=desk.incident(int(number)), by=desk.account.actor, now=desk.now
        )
    except NoEarlierQuestion as fact:
        messages.error(request, message(fact))
    else:
        messages.success(request, _("Отмечено повтором."))
    return _card(pk)
