"""Compliance: every broken norm, whose it is and since when, and how many there are of each."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Self
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from otklik.common.sheets import Sheet, Value
from otklik.desk import choices, shown
from otklik.desk.access import Desk, at_desk
from otklik.desk.choices import Choice
from otklik.desk.coverage import texts_of
from otklik.desk.filters import Picker
from otklik.desk.passports import words
from otklik.desk.register import lists
from otklik.desk.sheets import xlsx
from otklik.desk.views.register.coverage import within
from otklik.people.access import staff
from otklik.registry.enums import Network
from otklik.registry.operations.compliance import (
    BadCursor,
    ComplianceFilter,
    ComplianceReport,
    Gap,
    compliance_report,
)
from otklik.registry.operations.coverage import Within

LINES_SHOWN = 50
LINES_AT_ONCE = 2000


@dataclass(frozen=True, slots=True)
class ComplianceQuery:
    """Which gaps are asked for, as the address holds it; anything odd is no filter."""

    code: str = ""
    network: str = ""
    municipality: str = ""
    sphere: str = ""
    type: str = ""
    q: str = ""

    @classmethod
    def of(cls, asked: Mapping[str, str]) -> Self:
        """The query of an address."""
        return cls(**texts_of(asked, NAMES))

    @property
    def narrowed(self) -> bool:
        """Whether any filter is on."""
        return bool(self.string())

    def string(self, **changed: str) -> str:
        """The address of the same with something changed."""
        values = {name: getattr(self, name) for name in NAMES} | changed
        return urlencode({name: value for name, value in values.items() if value})

    def filters(self, scope: Within) -> ComplianceFilter:
        """The same for the register."""
        return ComplianceFilter(
            network=self.network,
            municipality=int(self.municipality) if self.municipality else None,
            sphere=self.sphere,
            type=self.type,
            code=self.code,
            search=self.q,
            within=scope,
        )


NAMES = ("code", "network", "municipality", "sphere", "type", "q")


@staff
@require_safe
@at_desk
def compliance(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Broken norms within reach, those that have stood longest first."""
    query, today = ComplianceQuery.of(request.GET), timezone.localdate(desk.now)
    report = _report(query.filters(within(desk)), request.GET.get("after", ""))
    context = {
        "desk": desk,
        "section": "coverage",
        "query": query,
        "query_string": query.string(),
        "report": report,
        "lines": [(gap, shown.network(gap.network), words.days(gap.days(today))) for gap in report.lines],
        "counts": [(each, query.string(code=each.norm.code)) for each in report.counts],
        "most": max((each.gaps for each in report.counts), default=0),
        "pickers": _pickers(query),
        "continued": "after" in request.GET,
    }
    return render(request, "desk/register/compliance.html", context)


def _report(filters: ComplianceFilter, cursor: str) -> ComplianceReport:
    """The report from that place on; from its beginning when the address names no place of it."""
    try:
        return compliance_report(filters=filters, cursor=cursor, limit=LINES_SHOWN)
    except BadCursor:
        return compliance_report(filters=filters, limit=LINES_SHOWN)


@staff
@require_safe
@at_desk
def compliance_xlsx(request: HttpRequest, desk: Desk) -> HttpResponseBase:
    """The whole report under the filters as a file, with the counts by norm on a sheet of their own."""
    query, today = ComplianceQuery.of(request.GET), timezone.localdate(desk.now)
    filters = query.filters(within(desk))
    columns = [
        (_("Организация"), 56), (_("Муниципалитет"), 26), (_("Сеть"), 14), (_("Страница"), 36), (_("Адрес"), 34),
        (_("Что нарушено"), 40), (_("Что найдено"), 36), (_("Норма"), 60), (_("С какого дня"), 13), (_("Дней"), 8),
    ]  # fmt: skip
    networks = {code: str(label) for code, label in Network.choices}
    lines = ([*_cells(gap, networks), gap.since, gap.days(today)] for gap in _all(filters))
    counts = compliance_report(filters=filters, limit=1).counts
    by_norm = Sheet(
        _("По нормам"),
        [(_("Что нарушено"), 44), (_("Норма"), 90), (_("Нарушений"), 12)],
        [[each.norm.title, each.norm.act, each.gaps] for each in counts],
    )
    return xlsx("compliance.xlsx", [by_norm, Sheet(_("Нарушения"), columns, lines)])


def _all(filters: ComplianceFilter) -> Iterator[Gap]:
    cursor, more = "", True
    while more:
        report = compliance_report(filters=filters, cursor=cursor, limit=LINES_AT_ONCE, with_counts=False)
        yield from report.lines
        cursor, more = report.next_cursor, bool(report.next_cursor)


def _cells(gap: Gap, networks: Mapping[str, str]) -> Sequence[Value]:
    body = gap.organization
    return [
        body.name,
        body.municipality.short_name if body.municipality else "",
        networks.get(gap.network, gap.network),
        gap.page.title if gap.page else _("страницы нет"),
        gap.page.url if gap.page else "",
        gap.norm.title,
        gap.found,
        gap.norm.act,
    ]


def _pickers(query: ComplianceQuery) -> list[Picker]:
    norms = [Choice(code, norm.title) for code, norm in words.norms().items() if norm.is_active]
    return [
        Picker("code", _("Что нарушено"), query.code, norms),
        Picker("network", _("Сеть"), query.network, [Choice(*map(str, each)) for each in Network.choices]),
        Picker("municipality", _("Муниципалитет"), query.municipality, choices.municipalities()),
        Picker("sphere", _("Сфера"), query.sphere, lists.spheres()),
        Picker("type", _("Тип"), query.type, lists.types()),
    ]
