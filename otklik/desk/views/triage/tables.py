"""Rules and the test table as CSV: taken out, and brought back with the wrong lines named."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from otklik.desk.access import Desk, at_desk
from otklik.desk.register.said import posted
from otklik.desk.triage.forms import TableForm
from otklik.desk.triage.said import accepted, words
from otklik.desk.triage.within import require_manage, require_view
from otklik.people.access import staff
from otklik.triage.operations import routing_tables as tables
from otklik.triage.operations.routing_export import CASE_COLUMNS, RULE_COLUMNS, cases_table, rules_table

_BACK = {"rules": "desk:triage_routes", "cases": "desk:triage_cases"}
MOST_WRONG = 100


def _known(what: str) -> str:
    if what not in _BACK:
        raise Http404
    return what


@staff
@require_safe
@at_desk
def take(request: HttpRequest, desk: Desk, what: str) -> HttpResponse:
    """The table as a file."""
    require_view(desk)
    text = rules_table() if _known(what) == "rules" else cases_table()
    name = {"rules": "marshruty.csv", "cases": "proverka-marshrutov.csv"}[what]
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(text, content_type="text/csv; charset=utf-8", headers=headers)


@staff
@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def bring(request: HttpRequest, desk: Desk, what: str) -> HttpResponse:
    """Take a table: all its lines or none."""
    require_manage(desk)
    form = TableForm(posted(request), request.FILES or None)
    wrong: list[tuple[int, str]] = []
    brought: list[tables.Brought] = []
    text = _text(request) if request.method == "POST" else ""

    def verb() -> None:
        try:
            brought.append(_bring(_known(what), text, form, desk))
        except tables.WrongTable as fact:
            wrong.extend((each.line, words(each.fact)) for each in fact.wrong)

    if request.method == "POST" and accepted(form, verb) and brought:
        _say(request, brought[0])
        return HttpResponseRedirect(reverse(_BACK[what]))
    columns = RULE_COLUMNS if _known(what) == "rules" else CASE_COLUMNS
    context: dict[str, Any] = {
        "desk": desk,
        "form": form,
        "what": what,
        "back": reverse(_BACK[what]),
        "columns": ", ".join(columns.values()),
        "wrong": wrong[:MOST_WRONG],
        "more_wrong": max(0, len(wrong) - MOST_WRONG),
        "text": text if form.broken else "",
    }
    refused = bool(wrong or form.errors)
    return render(request, "desk/triage/table.html", context, status=422 if refused else 200)


def _bring(what: str, text: str, form: TableForm, desk: Desk) -> tables.Brought:
    by, now = desk.account.actor, desk.now
    if what == "cases":
        return tables.import_cases(text=text, by=by, now=now)
    return tables.import_rules(text=text, by=by, now=now, confirmed=form.cleaned_data["confirmed"])


def _text(request: HttpRequest) -> str:
    """The table as text: what Excel writes by itself is in the encoding of Windows."""
    file = request.FILES.get("file")
    if file is None:
        return str(request.POST.get("text", ""))
    if not file.size or file.size > 2 * tables.LARGEST_TABLE:
        return ""
    content = bytes(file.read())
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return content.decode("cp1251", "replace")


def _say(request: HttpRequest, brought: tables.Brought) -> None:
    messages.success(
        request,
        _("Таблица загружена: добавлено %(added)s, изменено %(changed)s, без изменений %(same)s.")
        % {"added": brought.added, "changed": brought.changed, "same": brought.same},
    )
