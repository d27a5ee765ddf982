"""Passports of pages: the list with its lights, and one passport with everything that was found."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import TextChoices
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from otklik.desk import choices
from otklik.desk.access import Desk, at_desk
from otklik.desk.choices import Choice
from otklik.desk.filters import Picker
from otklik.desk.passports import lines, listing, weeks, words
from otklik.desk.passports.listing import PageQuery
from otklik.desk.passports.rows import rows
from otklik.desk.register.lists import spheres
from otklik.people.access import staff
from otklik.people.rules import Right
from otklik.registry.enums import CheckCode, Network, PageTier, TaskState, Zone
from otklik.registry.models import OfficialPage


@staff
@require_safe
@at_desk
def passports(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Pages within reach with their weekly light, narrowed by the filters of the address."""
    query = PageQuery.of(request.GET)
    monday = listing.last_monday()
    found = listing.selected(query, desk, monday)
    together = listing.totals(found, desk.now)
    page, shown_pages = listing.page_of(found, query, together, request.GET.get("page", "1"))
    context = {
        "desk": desk,
        "query": query,
        "page": page,
        "rows": rows(shown_pages, listing.work_on(shown_pages, desk.now), desk.now),
        "totals": together,
        "monday": monday,
        "pickers": _pickers(query),
        "sorts": _sorts(query),
    }
    return render(request, "desk/register/passports.html", context)


def _pickers(query: PageQuery) -> list[Picker]:
    norms = words.norms()
    return [
        Picker("zone", _("Светофор"), query.zone, _zones()),
        Picker("gap", _("Нарушение"), query.gap, _gaps(set(norms) or set(CheckCode.values))),
        Picker("tasks", _("Задачи"), query.tasks, _works()),
        Picker("municipality", _("Муниципалитет"), query.municipality, choices.municipalities()),
        Picker("sphere", _("Сфера"), query.sphere, spheres()),
        Picker("network", _("Сеть"), query.network, _labels(Network)),
        Picker("tier", _("Тип ведения"), query.tier, _labels(PageTier)),
    ]


def _zones() -> list[Choice]:
    return [Choice(code, words.zone(code)) for code in Zone.values] + [
        Choice(listing.NO_LIGHT, words.zone(""))
    ]


def _gaps(codes: set[str]) -> list[Choice]:
    return [Choice(code, str(label)) for code, label in CheckCode.choices if code in codes]


def _works() -> list[Choice]:
    return [
        Choice("overdue", _("есть просроченные")),
        Choice("open", _("есть открытые")),
        Choice("unread", _("сеть не ответила")),
    ]


def _labels(codes: type[TextChoices]) -> list[Choice]:
    return [Choice(str(value), str(label)) for value, label in codes.choices]


def _sorts(query: PageQuery) -> list[tuple[str, str, bool]]:
    labels: dict[str, Any] = {
        "": _("сначала худшие"),
        "deadline": _("по сроку задач"),
        "silence": _("по молчанию"),
        "ready": _("по готовности"),
        "followers": _("по подписчикам"),
        "title": _("по названию"),
    }
    return [(code, str(label), query.sort == code) for code, label in labels.items()]


@staff
@require_safe
@at_desk
def one(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """One page: every requirement, the work on it, its weeks, and what the last check brought."""
    page = page_within(desk, pk)
    tasks, passport = lines.tasks_of(page, desk.now), getattr(page, "passport", None)
    rights = {"organization": page.organization_id, "page": page.pk}
    context = {
        "desk": desk,
        "page": page,
        "passport": passport,
        "waits": passport is not None and passport.taken_at is None,
        "groups": lines.groups(page, tasks, desk.now),
        "tasks": tasks,
        "open_tasks": [task for task in tasks if task.state == TaskState.OPEN],
        "weeks": weeks.weeks_of(page),
        # The other networks are not looked at: there a person's word is all there is.
        "is_looked_at": page.network == Network.VK,
        "may_run": desk.reach.may(Right.RUN_PAGE, **rights),
        "may_manage": desk.reach.may(Right.MANAGE_REGISTRY, **rights),
    }
    return render(request, "desk/register/passport.html", context)


def page_within(desk: Desk, pk: int, right: Right = Right.SEE_REGISTRY) -> OfficialPage:
    """The page, 404 when it is out of reach, 403 when the person sees it but may not do this with it."""
    found = (
        OfficialPage.objects.select_related("organization__municipality", "passport").filter(pk=pk).first()
    )
    scope = {"organization": found.organization_id, "page": found.pk} if found else {}
    if found is None or not desk.reach.may(Right.SEE_REGISTRY, **scope):
        raise Http404
    if not desk.reach.may(right, **scope):
        raise PermissionDenied
    return found
