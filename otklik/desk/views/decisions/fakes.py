"""Reports of fakes: the list, the same list to take away, one of them, a new one."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from otklik.casework.enums import FakeKind, FakeState
from otklik.casework.models import FakeReport
from otklik.casework.operations import fake_links
from otklik.casework.operations import fakes as verbs
from otklik.desk import choices
from otklik.desk.access import Desk, at_desk
from otklik.desk.decisions import fake_listing, fake_shown, within
from otklik.desk.decisions.fake_forms import FakeForm, JudgeForm, LinksForm, PublishedForm, RebuttalForm
from otklik.desk.decisions.fake_said import accepted
from otklik.desk.register.said import posted
from otklik.desk.register_forms.base import ReasonForm
from otklik.desk.sheets import csv_file, xlsx
from otklik.people.access import staff
from otklik.registry.operations import local_date

PAGE_SIZE = 50


@staff
@require_safe
@at_desk
def fakes(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Those that are asked for."""
    within.require_sight(desk)
    query = fake_listing.FakesQuery.of(request.GET)
    page = Paginator(fake_listing.found_by(query, desk), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "desk": desk,
        "query": query,
        "page": page,
        "rows": [fake_listing.Row(each) for each in page.object_list],
        "states": FakeState.choices,
        "municipalities": choices.municipalities(),
        "may_keep": within.keeps_decisions(desk.reach),
    }
    return render(request, "desk/decisions/fakes.html", context)


@staff
@require_safe
@at_desk
def file(request: HttpRequest, desk: Desk) -> HttpResponseBase:
    """The list to take away: a workbook, or a plain table."""
    within.require_sight(desk)
    found = fake_listing.found_by(fake_listing.FakesQuery.of(request.GET), desk)
    name = f"fakes-{local_date(desk.now).isoformat()}"
    if request.GET.get("format") == "csv":
        headers = [header for header, _width in fake_listing.headers()]
        cells = (["" if value is None else str(value) for value in row] for row in fake_listing.rows(found))
        response: HttpResponseBase = csv_file(f"{name}.csv", headers, cells)
    else:
        response = xlsx(f"{name}.xlsx", [fake_listing.sheet(found)])
    response["Cache-Control"] = "no-store"
    return response


@staff
@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def new(request: HttpRequest, desk: Desk) -> HttpResponse:
    """A statement is written down, with where it was met."""
    within.require_keeping(desk)
    initial = {"first_seen": local_date(desk.now), "links": _number(request.GET.get("incident", ""))}
    form = FakeForm(posted(request), initial=initial)
    made: list[FakeReport] = []

    def report() -> None:
        with transaction.atomic():
            made.append(verbs.report_fake(said=form.said, by=desk.account, now=desk.now))
            addresses, incidents = form.cleaned_data["links"]
            if addresses or incidents:
                fake_links.add_fake_links(
                    report=made[0], addresses=addresses, incidents=incidents, by=desk.account, now=desk.now
                )

    if request.method == "POST" and accepted(form, report):
        if made[0].kind == FakeKind.OPINION:
            messages.success(request, _("Записано и закрыто без действий: мнение опровергать не нужно."))
        else:
            messages.success(request, _("Записано. Проверить должен другой человек."))
        return there(made[0].pk)
    context = {"desk": desk, "section": "decisions", "form": form}
    return render(request, "desk/decisions/fake_edit.html", context, status=422 if form.errors else 200)


def _number(text: str) -> str:
    return text if text.isascii() and text.isdigit() and len(text) <= 15 else ""


def there(pk: int) -> HttpResponseRedirect:
    """To the page of a report."""
    return HttpResponseRedirect(reverse("desk:fake_report", args=[pk]))


@staff
@require_safe
@at_desk
def fake(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """One report."""
    return show(request, desk, within.fake_of(desk, pk))


def show(request: HttpRequest, desk: Desk, found: FakeReport, **forms: Any) -> HttpResponse:
    """The page of one report; a form that was refused stands in it as it was filled."""
    context = {
        "desk": desk,
        "section": "decisions",
        "row": fake_listing.Row(found),
        "report": found,
        "may": fake_shown.powers(desk, found),
        "links": fake_shown.links(desk, found),
        "publications": list(found.publications.order_by("published_on", "pk")),
        "history": fake_shown.history(found),
        "judge_form": JudgeForm(),
        "rebuttal_form": RebuttalForm(report=found),
        "published_form": PublishedForm(today=local_date(desk.now)),
        "links_form": LinksForm(),
        "reason_form": ReasonForm(),
    } | forms
    refused = any(form.errors for form in forms.values())
    return render(request, "desk/decisions/fake.html", context, status=422 if refused else 200)
