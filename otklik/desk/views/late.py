"""«Сроки»: the forecast of the day by body, and warnings of answers that run late."""

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from otklik.desk import late as shown
from otklik.desk.access import Desk, at_desk
from otklik.people.access import staff
from otklik.people.rules import Right

PAGE_SIZE = 50


@staff
@require_safe
@at_desk
def late(request: HttpRequest, desk: Desk) -> HttpResponse:
    """What will be late today and whom it was said to; `whose=all` shows the warnings of the others too."""
    if not desk.reach.may_somewhere(Right.SEE_INCIDENTS):
        raise PermissionDenied
    own = request.GET.get("whose") != "all"
    lines = shown.lines(desk)
    context = {
        "desk": desk,
        "own": own,
        "lines": lines,
        "total": shown.total(lines),
        "page": Paginator(shown.warned(desk, own=own), PAGE_SIZE).get_page(request.GET.get("page")),
    }
    return render(request, "desk/late/page.html", context)
