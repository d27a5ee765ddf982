"""The history that came from other systems: a list with a search, and one line with its 47 values."""

from django.contrib.postgres.search import SearchQuery
from django.core.paginator import Paginator
from django.db.models import F, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from otklik.casework.models import BroughtIncident
from otklik.casework.operations.exchange_export import Filters, exported
from otklik.casework.operations.exchange_lines import told
from otklik.desk.access import Desk, at_desk
from otklik.desk.exchange.within import LARGEST_KEY, require_exchange
from otklik.people.access import staff

PAGE_SIZE = 50
LONGEST = 200


def _within(desk: Desk) -> QuerySet[BroughtIncident]:
    require_exchange(desk)
    return exported("brought", Filters(), desk.reach)


@staff
@require_safe
@at_desk
def history(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Brought incidents, the latest first; by words of the question, by number or by ID."""
    asked = request.GET.get("q", "").replace("\0", "").strip()[:LONGEST]
    found = _within(desk)
    if asked:
        by_words = Q(search=SearchQuery(asked, config="russian", search_type="websearch"))
        found = found.filter(by_words | Q(number=asked) | Q(external_id=asked.lstrip("№ ")))
    rows = (
        found.select_related("topic", "executor", "municipality", "table")
        .defer("search")
        .order_by(F("received_at").desc(nulls_last=True), "-pk")
    )
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "desk": desk, "page": page, "asked": asked, "rows": [(each, told(each)) for each in page.object_list],
    }  # fmt: skip
    return render(request, "desk/exchange/history.html", context)


@staff
@require_safe
@at_desk
def line(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """One brought incident with everything that its line said."""
    found = _within(desk).select_related("table").filter(pk=min(pk, LARGEST_KEY)).first()
    if found is None:
        raise Http404
    context = {"desk": desk, "row": found, "values": [pair for pair in told(found).items() if pair[1]]}
    return render(request, "desk/exchange/line.html", context)
