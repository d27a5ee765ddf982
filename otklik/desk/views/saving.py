"""A person's own views of the queue: kept, renamed, removed, brought back."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from otklik.desk import facts, operations
from otklik.desk.access import Desk, at_desk
from otklik.desk.models import SavedView
from otklik.desk.pages import query_of
from otklik.people.access import staff


def _own(desk: Desk, pk: int) -> SavedView:
    return get_object_or_404(SavedView, pk=pk, account=desk.account)


def _back(request: HttpRequest, desk: Desk, query: str = "") -> HttpResponse:
    return HttpResponseRedirect(f"{reverse('desk:queue')}?{query or query_of(request, desk).string}")


@staff
@require_POST
@at_desk
def save(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Keep the query of the address under a name."""
    query = query_of(request, desk).string
    try:
        operations.save_view(
            account=desk.account, name=request.POST.get("name", ""), query=query, now=desk.now
        )
    except facts.FACTS as fact:
        messages.error(request, facts.message(fact))
    return _back(request, desk, query)


@staff
@require_POST
@at_desk
def rename(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """Call it otherwise."""
    view = _own(desk, pk)
    try:
        operations.rename_view(view=view, name=request.POST.get("name", ""), by=desk.account, now=desk.now)
    except facts.FACTS as fact:
        messages.error(request, facts.message(fact))
    return _back(request, desk, view.query)


@staff
@require_POST
@at_desk
def remove(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """Take it from the list, with a way back."""
    view = _own(desk, pk)
    operations.remove_view(view=view, by=desk.account, now=desk.now)
    undo = reverse("desk:view_bring_back", args=[pk])
    messages.success(request, _("Вид «%(name)s» удалён") % {"name": view.name}, extra_tags=undo)
    return _back(request, desk)


@staff
@require_POST
@at_desk
def bring_back(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """Undo a removal."""
    view = _own(desk, pk)
    try:
        operations.bring_back_view(view=view, by=desk.account, now=desk.now)
    except facts.FACTS as fact:
        messages.error(request, facts.message(fact))
    return _back(request, desk, view.query)
