"""The test table of routes: every line tried by the rules as they are now."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from otklik.desk.access import Desk, at_desk
from otklik.desk.register.said import posted
from otklik.desk.triage.forms import CaseForm
from otklik.desk.triage.said import accepted
from otklik.desk.triage.within import may_manage, require_manage, require_view
from otklik.desk.triage.words import because_words
from otklik.people.access import staff
from otklik.triage.models import RoutingCase
from otklik.triage.operations import routing_cases as verbs

# A table of people, not of machines: all of it is tried and shown.
MOST_SHOWN = 500


def _table() -> HttpResponse:
    return HttpResponseRedirect(reverse("desk:triage_cases"))


def _case(pk: int) -> RoutingCase:
    found = verbs.all_cases().filter(pk=pk if pk < 2**63 else 0).first()
    if found is None:
        raise Http404
    return found


@staff
@require_safe
@at_desk
def cases(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The table with what came of each line."""
    require_view(desk)
    outcomes = verbs.check_cases(list(verbs.all_cases()))
    wrong = [each for each in outcomes if not each.ok]
    only_wrong = request.GET.get("only") == "wrong"
    shown = (wrong if only_wrong else outcomes)[:MOST_SHOWN]
    context = {
        "desk": desk,
        "lines": [(each, because_words(each.route.because)) for each in shown],
        "total": len(outcomes),
        "wrong": len(wrong),
        "right": len(outcomes) - len(wrong),
        "only_wrong": only_wrong,
        "cut": len(wrong if only_wrong else outcomes) - len(shown),
        "may_manage": may_manage(desk),
    }
    return render(request, "desk/triage/cases.html", context)


@staff
@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def new(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Another line."""
    require_manage(desk)
    form = CaseForm(posted(request))

    def add() -> None:
        verbs.add_case(values=form.values, by=desk.account.actor, now=desk.now)

    if request.method == "POST" and accepted(form, add):
        messages.success(request, _("Строка добавлена."))
        return _table()
    context = {"desk": desk, "form": form, "case": None}
    return render(request, "desk/triage/case_form.html", context, status=422 if form.errors else 200)


@staff
@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def edit(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """Another question, or another expectation."""
    require_manage(desk)
    case = _case(pk)
    form = CaseForm(posted(request), case=case)

    def change() -> None:
        verbs.change_case(case=case, values=form.values, by=desk.account.actor, now=desk.now)

    if request.method == "POST" and accepted(form, change):
        messages.success(request, _("Строка сохранена."))
        return _table()
    context = {"desk": desk, "form": form, "case": case}
    return render(request, "desk/triage/case_form.html", context, status=422 if form.errors else 200)


@staff
@require_POST
@at_desk
def remove(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """Take the line out: the form of the line has asked."""
    require_manage(desk)
    verbs.remove_case(case=_case(pk), by=desk.account.actor, now=desk.now)
    messages.success(request, _("Строка убрана из таблицы."))
    return _table()
