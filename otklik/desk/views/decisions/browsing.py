"""The list of systemic decisions, the same list to take away, and one of them."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from otklik.casework.enums import ActKind, SystemicState
from otklik.casework.models import SystemicDecision
from otklik.casework.operations import systemic_basis
from otklik.casework.operations.systemic_effect import kept_figures
from otklik.desk import choices
from otklik.desk.access import Desk, at_desk
from otklik.desk.decisions import listing, shown, within
from otklik.desk.decisions.forms import EffectForm, FinishForm, MatchForm, NumbersForm
from otklik.desk.register_forms.base import ReasonForm
from otklik.desk.sheets import csv_file, xlsx
from otklik.people.access import staff
from otklik.registry.operations import local_date

PAGE_SIZE = 50
BASIS_SIZE = 10


@staff
@require_safe
@at_desk
def decisions(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Those that are asked for."""
    within.require_sight(desk)
    query = listing.DecisionsQuery.of(request.GET)
    page = Paginator(listing.found_by(query, desk), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "desk": desk,
        "query": query,
        "page": page,
        "rows": [listing.Row.at(desk, each) for each in page.object_list],
        "states": SystemicState.choices,
        "kinds": ActKind.choices,
        "topics": choices.topics_by_group(),
        "municipalities": choices.municipalities(),
        "may_keep": within.keeps_decisions(desk.reach),
    }
    return render(request, "desk/decisions/decisions.html", context)


@staff
@require_safe
@at_desk
def file(request: HttpRequest, desk: Desk) -> HttpResponseBase:
    """The list to take away: a workbook, or a plain table."""
    within.require_sight(desk)
    found = listing.found_by(listing.DecisionsQuery.of(request.GET), desk)
    name = f"systemic-{local_date(desk.now).isoformat()}"
    if request.GET.get("format") == "csv":
        headers = [header for header, _width in listing.headers()]
        cells = (["" if value is None else str(value) for value in row] for row in listing.rows(found, desk))
        response: HttpResponseBase = csv_file(f"{name}.csv", headers, cells)
    else:
        response = xlsx(f"{name}.xlsx", [listing.sheet(found, desk)])
    response["Cache-Control"] = "no-store"
    return response


@staff
@require_safe
@at_desk
def decision(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """One decision."""
    return show(request, desk, within.decision_of(desk, pk))


def show(request: HttpRequest, desk: Desk, found: SystemicDecision, **forms: Any) -> HttpResponse:
    """The page of one decision; a form that was refused stands in it as it was filled."""
    page = Paginator(shown.basis(desk, found), BASIS_SIZE).get_page(request.GET.get("page"))
    figures = kept_figures(found, now=desk.now)
    may = shown.powers(desk, found)
    context = {
        "desk": desk,
        "section": "decisions",
        "row": listing.Row.at(desk, found),
        "decision": found,
        "may": may,
        "page": page,
        "all": found.basis.count(),
        "figures": shown.Figures(figures) if figures else None,
        "history": shown.history(found),
        "finish_form": FinishForm(decision=found, today=local_date(desk.now)),
        "effect_form": EffectForm(),
        "reason_form": ReasonForm(),
        "numbers_form": NumbersForm(),
    }
    context |= _matched(request, found) if "change" in may else {}
    refused = any(form.errors for form in forms.values())
    return render(request, "desk/decisions/decision.html", context | forms, status=422 if refused else 200)


def _matched(request: HttpRequest, found: SystemicDecision) -> dict[str, Any]:
    """What «all that match» would bring, once it was asked for."""
    asked = "match" in request.GET
    form = MatchForm(request.GET if asked else None, decision=found)
    if not asked or not form.is_valid():
        return {"match_form": form}
    number = systemic_basis.matching(found, form.wanted).count()
    most = systemic_basis.MOST_AT_ONCE
    return {"match_form": form, "matched": number, "comes": min(number, most), "asked": True}
