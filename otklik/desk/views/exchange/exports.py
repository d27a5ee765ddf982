"""Tables of incidents that leave: asked for, written, taken."""

from collections.abc import AsyncIterator, Iterator

from asgiref.sync import sync_to_async
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.handlers.asgi import ASGIRequest
from django.core.paginator import Paginator
from django.db import connections
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
    StreamingHttpResponse,
)
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from otklik.casework.models import IncidentExport
from otklik.casework.operations import exchange_export as verbs
from otklik.casework.operations.exchange_masks import MayNotOpenTable
from otklik.desk.access import Desk, at_desk
from otklik.desk.exchange.forms import ExportForm, Words
from otklik.desk.exchange.said import done
from otklik.desk.exchange.within import export_of, require_exchange
from otklik.desk.facts import message
from otklik.desk.register.said import posted
from otklik.desk.sheets import XLSX
from otklik.people.access import staff
from otklik.registry.operations import local_date

PAGE_SIZE = 20
_State = IncidentExport.State
TONES = {_State.WAITING: "warn", _State.READY: "ok", _State.FAILED: "late", _State.FORGOTTEN: "muted"}


@staff
@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def exports(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The form of a new table, and those that this person asked for, the newest first."""
    require_exchange(desk)
    today = local_date(desk.now)
    form = ExportForm(
        posted(request), desk=desk, initial={"since": today.replace(day=1), "until": today, "source": "live"}
    )
    if request.method == "POST" and form.is_valid():
        return _ask(request, desk, form)
    mine = IncidentExport.objects.filter(account=desk.account).order_by("-pk")
    page = Paginator(mine, PAGE_SIZE).get_page(request.GET.get("page"))
    said = Words(page.object_list)
    context = {
        "desk": desk,
        "form": form,
        "page": page,
        "rows": [(each, said.of(each), TONES[_State(each.state)]) for each in page.object_list],
        "waiting": _waiting(desk),
        "most": verbs.MOST_ROWS,
        "days": verbs.KEPT_FOR.days,
    }
    refused = request.method == "POST"
    return render(request, "desk/exchange/exports.html", context, status=422 if refused else 200)


def _ask(request: HttpRequest, desk: Desk, form: ExportForm) -> HttpResponse:
    source = form.cleaned_data["source"] or IncidentExport.Source.LIVE
    made = done(
        request,
        lambda: verbs.ask_export(
            source=source, filters=form.filters, by=desk.account, now=desk.now, **form.opening
        ),
    )
    if made is not None and made.state == _State.READY:
        messages.success(request, _("Таблица готова: скачайте её в списке ниже."))
    elif made is not None:
        messages.success(
            request, _("Таблица готовится. Страницу можно закрыть: готовый файл будет ждать здесь.")
        )
    return HttpResponseRedirect(reverse("desk:exchange"))


def _waiting(desk: Desk) -> IncidentExport | None:
    return IncidentExport.objects.filter(account=desk.account, state=_State.WAITING).order_by("pk").first()


@staff
@require_safe
@at_desk
def state(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """How far the writing is, for a page that waits; when it is done the page is asked to open itself anew."""
    found = export_of(desk, pk)
    busy = found.state == _State.WAITING
    response = render(request, "desk/exchange/export_state.html", {"waiting": found, "busy": busy})
    if not busy:
        response["HX-Refresh"] = "true"
    return response


@staff
@require_safe
@at_desk
def file(request: HttpRequest, desk: Desk, pk: int) -> HttpResponseBase:
    """The file, a piece at a time; who takes it is in the journal."""
    found = export_of(desk, pk)
    if found.state != _State.READY:
        raise Http404
    try:
        pieces = verbs.take_export(export=found, by=desk.account.actor, now=desk.now)
    except MayNotOpenTable as fact:
        raise PermissionDenied(message(fact)) from fact
    body = _aside(pieces) if isinstance(request, ASGIRequest) else pieces
    response = StreamingHttpResponse(body, content_type=XLSX)
    kind = "incidents-open" if found.is_open else "incidents"
    name = f"{kind}-{local_date(found.created_at).isoformat()}-{found.pk}.xlsx"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Content-Length"] = str(found.size)
    response["Cache-Control"] = "no-store"
    return response


async def _aside(pieces: Iterator[bytes]) -> AsyncIterator[bytes]:
    while (piece := await sync_to_async(_next, thread_sensitive=False)(pieces)) is not None:
        yield piece


def _next(pieces: Iterator[bytes]) -> bytes | None:
    # A thread of the loop's pool sees no end of a request, at which Django would look after its connection.
    try:
        return next(pieces, None)
    finally:
        connections.close_all()
