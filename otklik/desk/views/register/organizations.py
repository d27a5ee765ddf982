"""The list of organisations."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from otklik.desk import choices
from otklik.desk.access import Desk, at_desk
from otklik.desk.choices import Choice
from otklik.desk.register import lists
from otklik.desk.register.query import SORTS, STATES, OrganizationQuery, found_by
from otklik.desk.register.rows import for_rows, rows
from otklik.desk.register.within import may_manage, organizations_within
from otklik.people.access import staff
from otklik.registry.enums import BadgeStatus, Network, OrgLevel

PAGE_SIZE = 50


@staff
@require_safe
@at_desk
def organizations(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The organisations within reach, narrowed by the filters of the address."""
    query = OrganizationQuery.of(request.GET)
    found = found_by(query, desk)
    page = Paginator(for_rows(found.rows), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "desk": desk,
        "query": query,
        "page": page,
        "rows": rows(page.object_list),
        "networks": [str(each.label) for each in Network],
        "pickers": _pickers(query),
        "picked": set(query.asked) - {"q", "under"},
        "above": organizations_within(desk).filter(pk=query.under).first() if query.under else None,
        "mended": found.mended,
        "sorts": _sorts(query),
        "may_manage": may_manage(desk),
    }
    return render(request, "desk/register/organizations.html", context)


def _pickers(query: OrganizationQuery) -> list[tuple[str, str, str, list[Choice]]]:
    """(name, label, chosen value, choices) of each filter."""
    return [
        (name, label, getattr(query, name), found)
        for name, label, found in (
            ("municipality", _("Муниципалитет"), choices.municipalities()),
            ("sphere", _("Сфера"), lists.spheres()),
            ("type", _("Тип"), lists.types()),
            ("level", _("Уровень"), _labels(OrgLevel)),
            ("network", _("Сеть"), _labels(Network)),
            ("state", _("Обязанность"), [Choice(code, str(label)) for code, label in STATES.items()]),
            ("badge", _("Метка"), _labels(BadgeStatus)),
        )
    ]


def _sorts(query: OrganizationQuery) -> list[Choice]:
    """The orders to choose from: what fits the words best comes first unless another is chosen."""
    offered = [Choice(code, str(label)) for code, label in SORTS.items()]
    return [Choice("", _("сначала подходящие")), *offered] if query.q else offered


def _labels(codes: Any) -> list[Choice]:
    return [Choice(value, str(label)) for value, label in codes.choices]
