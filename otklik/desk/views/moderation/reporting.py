"""The report of a month of moderation, to read and to take away."""

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from otklik.casework.operations.moderation_report import summed
from otklik.desk.access import Desk, at_desk
from otklik.desk.moderation import report as told
from otklik.desk.moderation import within
from otklik.desk.sheets import csv_file, xlsx
from otklik.people.access import staff

MOST_PAGES = 50


@staff
@require_safe
@at_desk
def report(request: HttpRequest, desk: Desk) -> HttpResponse:
    """A month in numbers."""
    within.require_decision(desk)
    month = told.Month.of(request.GET, desk)
    lines = month.lines()
    by_page = summed(lines, ("page", "body"))
    context = {
        "desk": desk,
        "month": month,
        "total": summed(lines, ()),
        "by_rule": [(told.named(each), each) for each in summed(lines, ("rule", "ground"))],
        "by_measure": [(told.named(each), each) for each in summed(lines, ("measure",))],
        "by_page": by_page[:MOST_PAGES],
        "pages_left": max(len(by_page) - MOST_PAGES, 0),
    }
    return render(request, "desk/moderation/report.html", context)


@staff
@require_safe
@at_desk
def report_file(request: HttpRequest, desk: Desk) -> HttpResponseBase:
    """The same to take away: a workbook, or a plain table."""
    within.require_decision(desk)
    month = told.Month.of(request.GET, desk)
    name = f"moderation-{month.first:%Y-%m}"
    if request.GET.get("format") == "csv":
        cells = [[str(value) for value in row] for row in told.rows(month.lines())]
        response: HttpResponseBase = csv_file(f"{name}.csv", told.headers(), cells)
    else:
        response = xlsx(f"{name}.xlsx", told.sheets(month.lines()))
    response["Cache-Control"] = "no-store"
    return response
