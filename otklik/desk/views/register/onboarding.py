"""The board of onboarding and one case: its start, its page, its moves, its checklist."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from otklik.desk import choices
from otklik.desk.access import Desk, at_desk
from otklik.desk.register import board
from otklik.desk.register import case as shown
from otklik.desk.register.said import accepted, done, posted
from otklik.desk.register.within import case_within, may_manage, may_tick
from otklik.desk.register_forms.onboarding import CaseForm, KeyForm, LinkForm, StartForm, TickForm
from otklik.desk.views.register.organization import managed
from otklik.people.access import staff
from otklik.people.rules import Right
from otklik.registry.enums import Network, OnboardingStage
from otklik.registry.models import OnboardingCase, OnboardingStep
from otklik.registry.operations import onboarding as verbs
from otklik.registry.operations import pages
from otklik.registry.operations.places import local_date

PAGE_SIZE = 50


@staff
@require_safe
@at_desk
def onboarding(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The board, or one stage of it as a whole list."""
    query, today = board.BoardQuery.of(request.GET), local_date(desk.now)
    found = board.cases(query, desk, today)
    context: dict[str, Any] = {
        "desk": desk,
        "query": query,
        "networks": Network.choices,
        "municipalities": choices.municipalities(),
    }
    if query.stage:
        page = Paginator(board.in_order(found, query.stage), PAGE_SIZE).get_page(request.GET.get("page"))
        context |= {
            "page": page,
            "tickets": board.tickets(list(page.object_list), today),
            "stage_label": OnboardingStage(query.stage).label,
        }
        return render(request, "desk/register/onboarding_stage.html", context)
    columns = board.columns(found, today)
    cancelled = board.counts(found).get(OnboardingStage.CANCELLED, 0)
    context |= {
        "columns": columns,
        "any": any(column.count for column in columns),
        "cancelled": cancelled,
        "may_manage": may_manage(desk),
    }
    return render(request, "desk/register/onboarding.html", context)


@staff
@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def start(request: HttpRequest, desk: Desk, pk: int, network: str) -> HttpResponse:
    """An organisation asked for a page in a network, or was asked to make one."""
    body = managed(desk, pk)
    if network not in Network.values:
        raise Http404
    form = StartForm(posted(request))
    made: list[OnboardingCase] = []

    def verb() -> None:
        by = desk.account.actor
        given = form.cleaned_data
        made.append(verbs.start_onboarding(organization=body, network=network, by=by, now=desk.now, **given))

    if request.method == "POST" and accepted(form, verb):
        messages.success(request, _("Подключение начато: дальше по списку ниже."))
        return case_page(made[0])
    context = {"desk": desk, "form": form, "organization": body, "network": Network(network).label}
    return render(request, "desk/register/onboarding_start.html", context, status=422 if form.errors else 200)


def case_page(case: OnboardingCase) -> HttpResponse:
    """Back to the case."""
    return HttpResponseRedirect(reverse("desk:register_case", args=[case.pk]))


def show(
    request: HttpRequest, desk: Desk, case: OnboardingCase, forms: dict[str, Any] | None = None
) -> HttpResponse:
    """The case, with what was typed and refused."""
    steps = list(OnboardingStep.objects.filter(case=case).order_by("pk"))
    rights = {
        "may_manage": may_manage(desk, case.organization_id),
        "may_tick": may_tick(desk, case) and shown.is_open(case),
        "may_connect": desk.reach.may(
            Right.MANAGE_CHANNELS, organization=case.organization_id, page=case.page_id
        ),
    }
    context = {
        "desk": desk,
        "case": case,
        "organization": case.organization,
        "stages": shown.stages_of(case, steps),
        "steps": list(reversed(steps)),
        "checklists": shown.checklists_of(case),
        "is_open": shown.is_open(case),
        "takes_key": shown.takes_key(case),
        "is_late": case.due_on is not None and case.due_on < local_date(desk.now),
        "candidates": shown.candidates_of(case) if shown.is_open(case) else [],
        "link_form": LinkForm(case=case),
        "key_form": KeyForm(),
        **rights,
        **(forms or {}),
    }
    return render(request, "desk/register/case.html", context, status=422 if forms else 200)


def managed_case(desk: Desk, pk: int) -> OnboardingCase:
    """The case, for a person who may change it; 403 for one who only sees it."""
    found = case_within(desk, pk)
    if not may_manage(desk, found.organization_id):
        raise PermissionDenied
    return found


@staff
@require_safe
@at_desk
def case(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """The page of a case."""
    return show(request, desk, case_within(desk, pk))


@staff
@require_POST
@at_desk
def advance(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """To the next stage."""
    return _moved(request, desk, pk, verbs.advance, _("Этап пройден, теперь: %(stage)s."))


@staff
@require_POST
@at_desk
def back(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """To the stage before, with the reason."""
    return _moved(request, desk, pk, verbs.step_back, _("Вернули на этап: %(stage)s."))


@staff
@require_POST
@at_desk
def cancel(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """The way ends here, with the reason."""
    said = _("Подключение прекращено. Его можно начать заново с карточки организации.")
    return _moved(request, desk, pk, verbs.cancel_onboarding, said)


def _moved(
    request: HttpRequest, desk: Desk, pk: int, verb: Callable[..., OnboardingCase], said: str
) -> HttpResponse:
    found = managed_case(desk, pk)
    form = CaseForm(request.POST)
    if form.is_valid():
        # The case as the person saw it: the verb refuses when somebody has moved it since.
        found.version = form.cleaned_data["version"]
        given, by = {"note": form.cleaned_data["note"]}, desk.account.actor
        if done(request, lambda: verb(case=found, by=by, now=desk.now, **given)):
            stage = OnboardingCase.objects.get(pk=pk).get_stage_display()
            messages.success(request, said % {"stage": stage} if "%(" in said else said)
    return case_page(found)


@staff
@require_POST
@at_desk
def tick(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """An item is done; or, with `undo` in the address, is not."""
    found = case_within(desk, pk)
    if not may_tick(desk, found):
        raise PermissionDenied
    form, by = TickForm(request.POST), desk.account.actor
    if not form.is_valid():
        return case_page(found)
    given = form.cleaned_data
    if "undo" in request.GET:
        if done(request, lambda: verbs.untick(case=found, code=given["code"], by=by, now=desk.now)):
            messages.success(request, _("Отметка снята."))
    elif done(request, lambda: verbs.tick(case=found, by=by, now=desk.now, **given)):
        messages.success(request, _("Отмечено."))
    return case_page(found)


@staff
@require_POST
@at_desk
def page(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """The page that the organisation made: one of the register, or a new one by its link."""
    found = managed_case(desk, pk)
    by, now = desk.account.actor, desk.now
    known = request.POST.get("page", "")
    if known:
        number = int(known) if known.isascii() and known.isdigit() and len(known) <= 18 else 0
        chosen = next((each for each in shown.candidates_of(found) if each.pk == number), None)
        if chosen is None:
            raise Http404
        if done(request, lambda: verbs.attach_page(case=found, page=chosen, by=by, now=now)):
            messages.success(request, _("Страница записана."))
        return case_page(found)
    form = LinkForm(request.POST, case=found)

    def verb() -> None:
        with transaction.atomic():
            body, values = found.organization, form.cleaned_data
            made = pages.add_page(organization=body, network=found.network, by=by, now=now, **values)
            verbs.attach_page(case=found, page=made, by=by, now=now)

    if accepted(form, verb):
        messages.success(request, _("Страница занесена в реестр и записана в подключение."))
        return case_page(found)
    return show(request, desk, found, {"link_form": form})
