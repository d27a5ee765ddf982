"""Tables that people bring: the list, one with its lines, and what may be done with it."""

from collections.abc import Callable
from typing import Any, BinaryIO, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from otklik.desk import facts
from otklik.desk.access import Desk, at_desk
from otklik.desk.register.within import may_manage
from otklik.people.access import staff
from otklik.registry.enums import ImportKind, ImportState, RowAction
from otklik.registry.models import Import, ImportRow
from otklik.registry.operations import import_words, imports

PAGE_SIZE = 50
FACTS = (
    imports.FileTooLarge,
    imports.EmptyFile,
    imports.WrongMoment,
    imports.NotAColumn,
    imports.NothingToTake,
)
# What a person must look at comes first.
ORDER = (RowAction.ERROR, RowAction.CONFLICT, RowAction.ADD, RowAction.CHANGE, RowAction.LEAVE)
TONES = {
    RowAction.ERROR: "late",
    RowAction.CONFLICT: "warn",
    RowAction.ADD: "ok",
    RowAction.CHANGE: "info",
    RowAction.LEAVE: "muted",
}


def _keeper(desk: Desk) -> None:
    """A table touches the whole register, so only whoever keeps all of it may bring one."""
    if not may_manage(desk):
        raise PermissionDenied


def _import(desk: Desk, pk: int) -> Import:
    _keeper(desk)
    return get_object_or_404(Import, pk=pk if pk < 2**63 else 0)


def _page_of(brought: Import) -> HttpResponse:
    return HttpResponseRedirect(reverse("desk:register_import", args=[brought.pk]))


@staff
@require_safe
@at_desk
def brought(request: HttpRequest, desk: Desk) -> HttpResponse:
    """All imports, the newest first, and the form for another."""
    _keeper(desk)
    page = Paginator(Import.objects.order_by("-pk"), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "desk": desk,
        "page": page,
        "kinds": ImportKind.choices,
        "largest": imports.LARGEST_FILE // 1_000_000,
    }
    return render(request, "desk/register/imports.html", context)


@staff
@require_POST
@at_desk
def receive(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Take a file; a larger one than is taken was cut on its way, and the page says how large it may be."""
    _keeper(desk)
    if getattr(request, "body_was_cut", False):
        messages.error(request, facts.message(imports.FileTooLarge()))
        return HttpResponseRedirect(reverse("desk:register_imports"))
    file, kind = request.FILES.get("file"), request.POST.get("kind", "")
    if file is None or kind not in ImportKind.values:
        messages.error(request, _("Выберите файл и что в нём."))
        return HttpResponseRedirect(reverse("desk:register_imports"))
    try:
        made = imports.receive_file(
            file=cast("BinaryIO", file),
            name=file.name or "",
            kind=kind,
            by=desk.account.actor,
            now=desk.now,
        )
    except FACTS as fact:
        messages.error(request, facts.message(fact))
        return HttpResponseRedirect(reverse("desk:register_imports"))
    return _page_of(made)


@staff
@require_safe
@at_desk
def one(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """One import: what it would do or has done, line by line."""
    found = _import(desk, pk)
    return render(request, "desk/register/import.html", _context(request, desk, found))


@staff
@require_safe
@at_desk
def state(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """How far the work is, for a page that waits; when it is done the page is asked to open itself anew."""
    found = _import(desk, pk)
    response = render(
        request, "desk/register/import_state.html", {"brought": found, "busy": found.state in imports.BUSY}
    )
    if found.state not in imports.BUSY:
        response["HX-Refresh"] = "true"
    return response


def _context(request: HttpRequest, desk: Desk, found: Import) -> dict[str, Any]:
    action = request.GET.get("action", "")
    action = action if action in RowAction.values else ""
    rows = ImportRow.objects.filter(brought=found)
    if found.state == ImportState.CHECKING:
        rows = rows.none()
    if request.GET.get("kept"):
        rows = rows.filter(changes__contains=[{"kept": True}])
    elif action:
        rows = rows.filter(action=action)
    page = Paginator(rows.order_by("line"), PAGE_SIZE).get_page(request.GET.get("page"))
    counts = [
        (each.value, each.label, found.counts.get(each.value, 0), TONES[each])
        for each in ORDER
        if found.counts
    ]
    to_do = found.counts.get(RowAction.ADD, 0) + found.counts.get(RowAction.CHANGE, 0)
    return {
        "desk": desk,
        "brought": found,
        "busy": found.state in imports.BUSY,
        "problem": import_words.said(found.problem),
        "notes": [import_words.said(note) for note in found.notes],
        "counts": counts,
        "kept": found.counts.get("kept", 0),
        "to_do": to_do,
        "action": action,
        "page": page,
        "rows": import_words.shown(page.object_list, found),
        "tones": TONES,
        "columns": import_words.columns_of(found) if found.headers else [],
        "may_map": found.state in {ImportState.WAITING, ImportState.CHECKED},
    }


@staff
@require_POST
@at_desk
def mapping(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """Say which header stands for which field, and check anew."""
    found = _import(desk, pk)
    chosen = {
        column.code: request.POST.get(column.code, "") for column, _header in import_words.columns_of(found)
    }

    return _do(
        request,
        found,
        lambda: imports.set_mapping(brought=found, mapping=chosen, by=desk.account.actor, now=desk.now),
    )


@staff
@require_POST
@at_desk
def apply(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """Write what the check found."""
    found = _import(desk, pk)
    return _do(request, found, lambda: imports.apply(brought=found, by=desk.account.actor, now=desk.now))


@staff
@require_POST
@at_desk
def undo(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """Take the whole import back."""
    found = _import(desk, pk)
    return _do(request, found, lambda: imports.undo(brought=found, by=desk.account.actor, now=desk.now))


@staff
@require_POST
@at_desk
def again(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """Hold the same file against the register as it is now."""
    found = _import(desk, pk)
    return _do(
        request, found, lambda: imports.check_again(brought=found, by=desk.account.actor, now=desk.now)
    )


@staff
@require_POST
@at_desk
def take(request: HttpRequest, desk: Desk, pk: int, row: int) -> HttpResponse:
    """Take the side of the file in a contradiction."""
    found = _import(desk, pk)
    line = get_object_or_404(ImportRow, pk=row, brought=found)
    return _do(request, found, lambda: imports.take_row(row=line, by=desk.account.actor, now=desk.now))


@staff
@require_POST
@at_desk
def restore(request: HttpRequest, desk: Desk, pk: int, row: int) -> HttpResponse:
    """Take a line back although it was changed since."""
    found = _import(desk, pk)
    line = get_object_or_404(ImportRow, pk=row, brought=found)
    return _do(request, found, lambda: imports.restore_kept(row=line, by=desk.account.actor, now=desk.now))


def _do(request: HttpRequest, found: Import, verb: Callable[[], Any]) -> HttpResponse:
    try:
        done = verb()
    except FACTS as fact:
        messages.error(request, facts.message(fact))
        return _page_of(found)
    return _page_of(done if isinstance(done, Import) else found)
