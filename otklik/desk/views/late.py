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
    """What will be late today by body; `show` is `mine` or `all` for warnings, to this person or to anybody."""
    if not desk.reach.may_somewhere(Right.SEE_INCIDENTS):
        raise PermissionDenied
    show = request.GET.get("show", "")
    lines, mine = shown.lines(desk), shown.warned(desk, own=True)
    listed = {"mine": mine, "all": shown.warned(desk, own=False)}.get(show, lines)
    context = {
        "desk": desk,
        "show": show if show in {"mine", "all"} else "forecast",
        "total": shown.total(lines),
        "mine": mine.count(),
        "page": Paginator(listed, PAGE_SIZE).get_page(request.GET.get("page")),
    }
    return render(request, "desk/late/page.html", context)
