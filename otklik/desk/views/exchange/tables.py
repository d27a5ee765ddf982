"""Tables of incidents that come: the list, one with what its lines would do, and what may be done with it."""

import csv
from typing import Any, BinaryIO, cast

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from otklik.casework.models import IncidentTable
from otklik.casework.operations import exchange_import as verbs
from otklik.common.sheets import guarded
from otklik.desk.access import Desk, at_desk
from otklik.desk.exchange.said import done, words, wrong_lines
from otklik.desk.exchange.within import require_bring, table_of
from otklik.desk.facts import message
from otklik.people.access import staff

PAGE_SIZE = 20
MOST_SHOWN = 200
COUNTS = (
    ("new", gettext_lazy("новых"), "ok"),
    ("changed", gettext_lazy("изменят прежние"), "info"),
    ("same", gettext_lazy("уже есть такие"), "muted"),
    ("own", gettext_lazy("инциденты Отклика"), "muted"),
    ("wrong", gettext_lazy("с ошибками"), "late"),
)
STEPS = {"apply": verbs.apply_table, "undo": verbs.undo_table, "check": verbs.check_table}
_State = IncidentTable.State
TONES = {
    _State.APPLIED: "ok", _State.CHECKED: "info", _State.REFUSED: "late", _State.FAILED: "late", _State.UNDONE: "muted",
}  # fmt: skip


@staff
@require_safe
@at_desk
def tables(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Tables that were brought, the newest first, and the form for another."""
    require_bring(desk)
    rows = IncidentTable.objects.defer("wrong", "notes").order_by("-pk")
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "desk": desk,
        "page": page,
        "rows": [(each, TONES.get(_State(each.state), "warn")) for each in page.object_list],
        "largest": verbs.LARGEST_FILE // 1_000_000,
    }
    return render(request, "desk/exchange/tables.html", context)


@staff
@require_POST
@at_desk
def receive(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Take a file and ask for its check."""
    require_bring(desk)
    back = HttpResponseRedirect(reverse("desk:exchange_tables"))
    if getattr(request, "body_was_cut", False):
        messages.error(request, message(verbs.FileTooLarge()))
        return back
    file = request.FILES.get("file")
    if file is None:
        messages.error(request, _("Выберите файл."))
        return back
    made = done(
        request,
        lambda: verbs.receive_table(
            file=cast("BinaryIO", file), name=file.name or "", by=desk.account.actor, now=desk.now
        ),
    )
    return _page_of(made) if made is not None else back


def _page_of(table: IncidentTable) -> HttpResponse:
    return HttpResponseRedirect(reverse("desk:exchange_table", args=[table.pk]))


@staff
@require_safe
@at_desk
def table(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """One table: what its lines would do or have done, and those that cannot be taken."""
    found = table_of(desk, pk)
    context: dict[str, Any] = {
        "desk": desk,
        "table": found,
        "tone": TONES.get(_State(found.state), "warn"),
        "busy": found.state in verbs.BUSY,
        "problem": words(found.problem),
        "notes": [words(note) for note in found.notes],
        "counts": [(label, found.counts.get(code, 0), tone) for code, label, tone in COUNTS],
        "to_do": found.counts.get("new", 0) + found.counts.get("changed", 0),
        "wrong": list(wrong_lines(found.wrong[:MOST_SHOWN])),
        "more": max(0, len(found.wrong) - MOST_SHOWN),
    }
    return render(request, "desk/exchange/table.html", context)


@staff
@require_safe
@at_desk
def state(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """How far the step is, for a page that waits."""
    found = table_of(desk, pk)
    busy = found.state in verbs.BUSY
    response = render(request, "desk/exchange/table_state.html", {"table": found, "busy": busy})
    if not busy:
        response["HX-Refresh"] = "true"
    return response


@staff
@require_POST
@at_desk
def step(request: HttpRequest, desk: Desk, pk: int, what: str) -> HttpResponse:
    """Ask for a step: to take the lines, to take them back, to check anew."""
    found = table_of(desk, pk)
    verb = STEPS.get(what)
    if verb is None:
        raise Http404
    done(request, lambda: verb(table=found, by=desk.account.actor, now=desk.now))
    return _page_of(found)


@staff
@require_safe
@at_desk
def wrong_csv(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """The lines that cannot be taken, as a file to mend the table by."""
    found = table_of(desk, pk)
    headers = {"Content-Disposition": f'attachment; filename="wrong-lines-{found.pk}.csv"'}
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8", headers=headers)
    writer = csv.writer(response, delimiter=";", lineterminator="\r\n")
    writer.writerow([_("строка"), _("столбец"), _("что стояло"), _("что не так")])
    for line, header, value, reason in wrong_lines(found.wrong):
        writer.writerow([line, guarded(header), guarded(value), reason])
    return response
