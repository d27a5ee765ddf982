"""Bursts: the list, one of them with its incidents, the notice over the queue, and what people decide."""

from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from otklik.casework.models import MassProblem
from otklik.desk.access import Desk, at_desk
from otklik.desk.facts import message
from otklik.desk.triage import surges as shown
from otklik.people.access import staff
from otklik.triage.models import SurgeAlert
from otklik.triage.operations import surges as verbs

PAGE_SIZE = 50


@staff
@require_safe
@at_desk
def surges(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Those that go on, or those that are over."""
    _require_sight(desk)
    state = request.GET.get("state", "")
    state = state if state in shown.STATES else "live"
    page = Paginator(shown.in_state(state), PAGE_SIZE).get_page(request.GET.get("page"))
    rows = [shown.Surge(each) for each in page.object_list]
    measure = {"least": settings.SURGE_LEAST, "times": settings.SURGE_TIMES}
    context = {"desk": desk, "page": page, "rows": rows, "state": state, **measure}
    return render(request, "desk/triage/surges.html", context)


@staff
@require_safe
@at_desk
def surge(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """One burst with the incidents behind it."""
    alert = _alert(desk, pk)
    context = {
        "desk": desk,
        "surge": shown.Surge(alert),
        "incidents": shown.incidents_of(alert, desk),
        "may_decide": shown.may_decide(desk),
        "problem": MassProblem.objects.live().filter(surge=alert).first(),
    }
    return render(request, "desk/triage/surge.html", context)


@staff
@require_safe
@at_desk
def notice(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The notice alone, for a queue that has heard of a change."""
    return render(request, "desk/triage/surge_notice.html", {"desk": desk})


@staff
@require_POST
@at_desk
def acknowledge(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """The person deals with it: it leaves the notice of every desk."""
    alert = _decidable(desk, pk)
    done = _done(request, lambda: verbs.acknowledge(alert=alert, by=desk.account, now=desk.now))
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, "desk/triage/surge_notice.html", {"desk": desk})
    if done:
        messages.success(request, _("Вы приняли всплеск: уведомление убрано со всех столов."))
    return HttpResponseRedirect(reverse("desk:triage_surge", args=[alert.pk]))


@staff
@require_POST
@at_desk
def close(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """It is over, or was none."""
    alert = _decidable(desk, pk)
    if _done(request, lambda: verbs.close(alert=alert, by=desk.account, now=desk.now)):
        messages.success(
            request, _("Всплеск завершён. Новым он станет, только если снова напишут столько же.")
        )
    return HttpResponseRedirect(reverse("desk:triage_surge", args=[alert.pk]))


def _require_sight(desk: Desk) -> None:
    if not shown.sees_surges(desk.reach):
        raise PermissionDenied


def _alert(desk: Desk, pk: int) -> SurgeAlert:
    _require_sight(desk)
    found = shown.shown().filter(pk=min(pk, 2**62)).first()
    if found is None:
        raise Http404
    return found


def _decidable(desk: Desk, pk: int) -> SurgeAlert:
    alert = _alert(desk, pk)
    if not shown.may_decide(desk):
        raise PermissionDenied
    return alert


def _done(request: HttpRequest, verb: Callable[[], object]) -> bool:
    try:
        verb()
    except verbs.SurgeIsOver as fact:
        messages.error(request, message(fact))
        return False
    return True
