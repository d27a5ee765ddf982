"""What must not be erased for a while: the list of holds, a new one, lifting one."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from otklik.casework.models import LegalHold
from otklik.casework.operations import holds as verbs
from otklik.desk.access import Desk, at_desk
from otklik.desk.facts import message
from otklik.desk.register.said import posted
from otklik.desk.security.erasure_forms import FACTS, HoldForm, accepted
from otklik.desk.security.within import require_erase
from otklik.people.access import staff
from otklik.registry.operations import local_date

PAGE_SIZE = 50
LARGEST_KEY = 2**63 - 1


@staff
@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def holds(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Every hold, those that stand first, and the form for another."""
    require_erase(desk)
    form = HoldForm(posted(request))
    if request.method == "POST" and accepted(
        form, lambda: verbs.place_hold(by=desk.account, now=desk.now, **form.given)
    ):
        messages.success(request, _("Запрет записан: до его конца никто ничего не сотрёт."))
        return HttpResponseRedirect(reverse("desk:security_holds"))
    found = LegalHold.objects.select_related("incident", "placed_by", "lifted_by")
    found = found.order_by(F("lifted_at").desc(nulls_first=True), "-pk")
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    today = local_date(desk.now)
    rows = [(each, each.lifted_at is None and (each.until is None or each.until >= today)) for each in page]
    context = {"desk": desk, "form": form, "page": page, "rows": rows}
    return render(request, "desk/security/holds.html", context, status=422 if form.errors else 200)


@staff
@require_POST
@at_desk
def lift(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """End a hold."""
    require_erase(desk)
    found = LegalHold.objects.filter(pk=min(pk, LARGEST_KEY)).first()
    if found is None:
        raise Http404
    try:
        verbs.lift_hold(hold=found, by=desk.account, now=desk.now)
        messages.success(request, _("Запрет снят."))
    except FACTS as fact:
        messages.error(request, message(fact))
    return HttpResponseRedirect(reverse("desk:security_holds"))
