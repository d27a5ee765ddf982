"""What authors think of answers: the list, and a person's word on how their words are to be read."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from otklik.casework.operations.satisfied import NothingSaid, correct_satisfaction
from otklik.casework.rules import IllegalMove
from otklik.desk import ratings as shown
from otklik.desk.access import Desk, at_desk
from otklik.desk.facts import message
from otklik.people.access import staff
from otklik.people.rules import Right

PAGE_SIZE = 50


@staff
@require_safe
@at_desk
def ratings(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Thanks and objections under final answers, the latest first."""
    if not desk.reach.may_somewhere(Right.SEE_INCIDENTS):
        raise PermissionDenied
    page = Paginator(shown.listed(desk), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"desk": desk, "page": page, "bodies": shown.by_body(desk), "days": shown.COUNTED_DAYS}
    return render(request, "desk/ratings/list.html", context)


@staff
@require_POST
@at_desk
def correct(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """The author's words are to be read otherwise; pressed again with another verdict, that one holds."""
    incident = desk.incident(pk)
    if Right.CLOSE not in desk.rights_over(incident):
        raise PermissionDenied
    verdict = request.POST.get("verdict", "")
    try:
        correct_satisfaction(incident=incident, verdict=verdict, by=desk.account, now=desk.now)
    except (NothingSaid, IllegalMove) as fact:
        messages.error(request, message(fact))
    else:
        messages.success(request, _("Записано, как понимать слова автора."))
    return HttpResponseRedirect(reverse("desk:incident", args=[pk]))
