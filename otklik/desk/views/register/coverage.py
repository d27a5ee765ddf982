"""Coverage: plan and fact on any day, the gap by name, the page for the press, and the files of all three."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from otklik.common.sheets import Sheet, Value
from otklik.desk import choices
from otklik.desk import coverage as shown
from otklik.desk.access import Desk, at_desk
from otklik.desk.choices import Choice
from otklik.desk.coverage import DIMENSIONS, CoverageQuery, GapQuery
from otklik.desk.filters import Picker
from otklik.desk.register import lists
from otklik.desk.sheets import xlsx
from otklik.people.access import staff
from otklik.people.rules import Right
from otklik.registry.enums import Network
from otklik.registry.models import PageObligation
from otklik.registry.operations import coverage as counting
from otklik.registry.operations import region
from otklik.registry.operations.coverage import Within

AUDIENCE_WEEKS = 52
GAPS_SHOWN = 50


@staff
@require_safe
@at_desk
def coverage(request: HttpRequest, desk: Desk) -> HttpResponse:
    """How many pages must be and how many are, by network, territory, sphere or type, on a day."""
    today = timezone.localdate(desk.now)
    query = CoverageQuery.of(request.GET, today)
    context = {
        "desk": desk,
        "query": query,
        "query_string": query.string(today),
        "gaps_string": query.gaps_of_all(today),
        "today": today,
        "dimensions": [
            (code, label, query.string(today, by=code)) for code, (label, _column) in DIMENSIONS.items()
        ],
        "networks": Network.choices,
        **_counted(query, within(desk), today),
    }
    return render(request, "desk/register/coverage.html", context)


@staff
@require_safe
@at_desk
def press(request: HttpRequest, desk: Desk) -> HttpResponse:
    """One sheet of paper for the press: three figures, a chart and a table."""
    today = timezone.localdate(desk.now)
    query = CoverageQuery.of(request.GET, today)
    counted = _counted(query, within(desk), today)
    context = {
        "desk": desk,
        "section": "coverage",
        "query": query,
        "query_string": query.string(today),
        "here": region(),
        "network": dict(Network.choices).get(query.network, ""),
        **counted,
        "columns": shown.for_press(counted["lines"]),
    }
    return render(request, "desk/register/press.html", context)


def _counted(query: CoverageQuery, scope: Within, today: date) -> dict[str, Any]:
    totals = counting.totals(on=query.on, network=query.network, within=scope)
    points = shown.course_of(query, scope)
    audience = counting.audience_over_time(weeks=AUDIENCE_WEEKS, network=query.network, within=scope)
    return {
        "lines": shown.lines_of(query, scope, today),
        "dimension": DIMENSIONS[query.by][1],
        "totals": totals,
        "total": shown.line_of(totals.line),
        "points": points,
        "course": shown.course_chart(points),
        "audience_points": audience,
        "audience": shown.audience_chart(audience),
    }


@staff
@require_safe
@at_desk
def coverage_xlsx(request: HttpRequest, desk: Desk) -> HttpResponseBase:
    """The same figures as a file, for the press too: plan and fact, its course, the audience."""
    today = timezone.localdate(desk.now)
    query, scope = CoverageQuery.of(request.GET, today), within(desk)
    counted = _counted(query, scope, today)
    figures = [counted["totals"].line, *(each.line for each in counted["lines"])]
    on = _("На %(day)s") % {"day": date_format(query.on, "j E Y")}
    sheets = [
        Sheet(
            _("План и факт"),
            [
                (str(DIMENSIONS[query.by][1]), 44), (_("План"), 10), (_("Есть"), 10), (_("Доля, %"), 10),
                (_("Не хватает"), 12), (_("С меткой"), 10), (_("Подключено"), 12), (_("Освобождены"), 13),
                (_("Подписчиков"), 14),
            ],
            [
                [
                    line.label, line.required, line.created, shown.percent(line.created, line.required),
                    line.missing, line.badged, line.connected, line.exempt, line.followers,
                ]
                for line in figures
            ],
            above=[on],
        ),
        Sheet(
            _("По месяцам"),
            [(_("День"), 12), (_("План"), 10), (_("Есть"), 10), (_("С меткой"), 10)],
            [[point.on, point.required, point.created, point.badged] for point in counted["points"]],
        ),
        Sheet(
            _("Подписчики"),
            [(_("Неделя с"), 12), (_("Подписчиков"), 14), (_("Страниц посчитано"), 18)],
            [[point.monday, point.followers, point.pages] for point in counted["audience_points"]],
        ),
    ]  # fmt: skip
    return xlsx(f"coverage-{query.on.isoformat()}.xlsx", sheets)


@staff
@require_safe
@at_desk
def gaps(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Organisations that must keep a page and have none, by name."""
    query = GapQuery.of(request.GET, timezone.localdate(desk.now))
    found = query.rows(within(desk))
    page = Paginator(found, GAPS_SHOWN).get_page(request.GET.get("page", "1"))
    context = {
        "desk": desk,
        "section": "coverage",
        "query": query,
        "page": page,
        "pickers": _pickers(query),
        "query_string": query.string(),
    }
    return render(request, "desk/register/gaps.html", context)


@staff
@require_safe
@at_desk
def gaps_xlsx(request: HttpRequest, desk: Desk) -> HttpResponseBase:
    """The gap by name as a file."""
    query = GapQuery.of(request.GET, timezone.localdate(desk.now))
    columns = [
        (_("Организация"), 60), (_("Сеть"), 14), (_("Муниципалитет"), 28), (_("Тип"), 22), (_("Учредитель"), 44),
        (_("ОГРН"), 16), (_("Должна вести с"), 15), (_("Телефон"), 20), (_("Почта"), 28),
    ]  # fmt: skip
    rows = _gap_rows(query.rows(within(desk)))
    return xlsx("gaps.xlsx", [Sheet(_("Чьих страниц нет"), columns, rows)])


def _gap_rows(found: QuerySet[PageObligation]) -> Iterator[Sequence[Value]]:
    for row in found.select_related("organization__parent").iterator(chunk_size=2000):
        body = row.organization
        yield [
            body.name,
            row.get_network_display(),
            body.municipality.short_name if body.municipality else "",
            lists.type_name(body.type),
            body.parent.name if body.parent else "",
            body.ogrn,
            row.since,
            body.phone,
            body.email,
        ]


def _pickers(query: GapQuery) -> list[Picker]:
    return [
        Picker("network", _("Сеть"), query.network, [Choice(*map(str, each)) for each in Network.choices]),
        Picker("municipality", _("Муниципалитет"), query.municipality, choices.municipalities()),
        Picker("sphere", _("Основная сфера"), query.sphere, lists.spheres()),
        Picker("type", _("Тип"), query.type, lists.types()),
    ]


def within(desk: Desk) -> Within:
    """How far the person sees figures: the centre the region, a body its subtree; who runs one page has no tables."""
    found = shown.within_of(desk.account, everywhere=Right.SEE_REGISTRY in desk.reach.center)
    if found == ():
        raise PermissionDenied
    return found
