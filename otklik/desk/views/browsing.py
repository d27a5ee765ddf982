"""Looking: the queue, a card beside it, rows that changed, panels, lists to search in."""

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from otklik.casework.models import Move
from otklik.desk import choices
from otklik.desk.access import Desk, at_desk
from otklik.desk.operations import others_at
from otklik.desk.ordering import Cursor
from otklik.desk.pages import Extra, query_of, show, views_context
from otklik.desk.panels import panel_of
from otklik.desk.queue import for_rows, incidents, page_of
from otklik.desk.rows import rows as rows_of
from otklik.people.access import staff
from otklik.registry.models import Organization

MOST_ROWS = 200


@staff
@require_safe
@at_desk
def queue(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The queue without an open card."""
    return show(request, desk, query_of(request, desk), None)


@staff
@require_safe
@at_desk
def incident(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """The queue with a card beside it; `panel` in the address opens one of its forms."""
    name = request.GET.get("panel", "")
    extra = Extra(panel=panel_of(name, desk.incident(pk), desk)) if name else Extra()
    return show(request, desk, query_of(request, desk), pk, extra)


@staff
@require_safe
@at_desk
def panel(request: HttpRequest, desk: Desk, pk: int, name: str) -> HttpResponse:
    """One panel alone, for a card that is already open."""
    found = desk.incident(pk)
    context = {
        "panel": panel_of(name, found, desk),
        "incident": found,
        "query": query_of(request, desk),
        "desk": desk,
    }
    return render(request, "desk/panels/open.html", context)


@staff
@require_safe
@at_desk
def more(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The next rows of the list, for its end."""
    query = query_of(request, desk)
    found, after = page_of(query, desk, Cursor.of(request.GET.get("after", "")))
    context = {"rows": rows_of(found, desk, query.column), "after": after, "query": query}
    return render(request, "desk/queue.html#rows", context)


@staff
@require_safe
@at_desk
def rows(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Rows that changed, as they stand now in this view, and the counts. A row that is not here has left the view."""
    query = query_of(request, desk)
    parts = request.GET.get("ids", "").split(",")
    wanted = [int(part) for part in parts if part.isascii() and part.isdigit() and len(part) <= 18][
        :MOST_ROWS
    ]
    found = list(for_rows(incidents(query, desk)).filter(pk__in=wanted)) if wanted else []
    context = {"rows": rows_of(found, desk, query.column), "query": query, **views_context(query, desk)}
    return render(request, "desk/changes.html", context)


@staff
@require_safe
@at_desk
def news(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """What happened to the card since the version the person sees; 204 when nothing did."""
    found = desk.incident(pk)
    seen = request.GET.get("version", "")
    missed = found.version - int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 10 else 1
    if missed <= 0:
        return HttpResponse(status=204)
    moves = Move.objects.filter(incident=found).select_related("executor").order_by("-pk")[: min(missed, 5)]
    return render(request, "desk/news.html", {"incident": found, "moves": reversed(moves), "desk": desk})


@staff
@require_safe
@at_desk
def here(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """Who else is at the card."""
    found = desk.place(pk)
    others = others_at(incident=found, account=desk.account, now=desk.now)
    return render(request, "desk/presence.html", {"others": others})


@staff
@require_safe
@at_desk
def settlements(request: HttpRequest, desk: Desk) -> JsonResponse:
    """Settlements of the region by their names."""
    words = " ".join(request.GET.get("q", "").replace("\0", "").split())[:100]
    return JsonResponse({"options": [choice._asdict() for choice in choices.search_settlements(words)]})


@staff
@require_safe
@at_desk
def bodies(request: HttpRequest, desk: Desk) -> JsonResponse:
    """Bodies by the words of their names; with `incident`, only those it may be handed to."""
    words, number = request.GET.get("q", "").replace("\0", "")[:100], request.GET.get("incident", "")
    found: QuerySet[Organization] = Organization.objects.filter(is_active=True)
    if number.isascii() and number.isdigit() and len(number) <= 18:
        found = choices.bodies_for(desk.incident(int(number)), desk)
    options = [choice._asdict() for choice in choices.search_bodies(found, words)]
    return JsonResponse({"options": options})
