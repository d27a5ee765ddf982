"""Who opened personal data, why, and who unusually often."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from otklik.casework.operations import personal_log
from otklik.desk.access import Desk, at_desk
from otklik.desk.security.within import ReadsQuery, require_reads
from otklik.people.access import staff
from otklik.people.rules import Right

PAGE_SIZE = 50


@staff
@require_safe
@at_desk
def reads(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Openings by person, body and days, with the days on which somebody opened unusually many above them."""
    require_reads(desk)
    query = ReadsQuery.of(request.GET, desk)
    found = personal_log.reads(since=query.since, until=query.until, person=query.person, body=query.body)
    found = found.select_related("reader", "body", "incident").only(
        "at", "reason", "words", "reader__full_name", "reader__username", "body__short_name", "body__name",
        "incident__received_at",
    )  # fmt: skip
    context = {
        "desk": desk,
        "query": query,
        "page": Paginator(found, PAGE_SIZE).get_page(request.GET.get("page")),
        "unusual": [
            (each, query.of_day(each.name, each.day))
            for each in personal_log.unusual_days(since=query.since, until=query.until)
        ],
        "tables": []
        if query.body
        else personal_log.open_tables(since=query.since, until=query.until, person=query.person),
        "sees_cards": Right.SEE_INCIDENTS in desk.reach.center,
    }
    return render(request, "desk/security/reads.html", context)
