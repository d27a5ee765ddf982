"""One organisation: its card, a new one, a change with its reason, closing and opening again, its history."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from otklik.desk.access import Desk, at_desk
from otklik.desk.register import card, rollup
from otklik.desk.register.closing import closed_with
from otklik.desk.register.said import accepted, done, posted
from otklik.desk.register.within import may_manage, organization_within
from otklik.desk.register_forms.base import ReasonForm
from otklik.desk.register_forms.organizations import NewOrganizationForm, OrganizationForm
from otklik.people.access import staff
from otklik.registry.models import OfficialPage, OnboardingCase, Organization
from otklik.registry.operations import history, obligations, organizations, pages
from otklik.registry.operations.places import local_date
from otklik.registry.rules.obligations import NETWORKS_BY_LAW, default_obligation

SHORT_HISTORY = 12
LONG_HISTORY = 50


def managed(desk: Desk, pk: int) -> Organization:
    """The organisation, for a person who may change it; 403 for one who only sees it."""
    found = organization_within(desk, pk)
    if not may_manage(desk, found.pk):
        raise PermissionDenied
    return found


def card_of(organization: Organization) -> HttpResponse:
    """Back to the card."""
    return HttpResponseRedirect(reverse("desk:register_organization", args=[organization.pk]))


def long_history(
    request: HttpRequest, organization_id: int, of: OfficialPage | None = None
) -> dict[str, object]:
    """A page of the history for its template, beginning after the line that the address names."""
    before = request.GET.get("before", "")
    since = int(before) if before.isascii() and before.isdigit() and len(before) <= 18 else None
    lines = history.history_of(organization_id=organization_id, limit=LONG_HISTORY + 1, before=since, of=of)
    return {
        "history": lines[:LONG_HISTORY],
        "older": lines[LONG_HISTORY - 1].id if len(lines) > LONG_HISTORY else None,
        "continued": since is not None,
    }


@staff
@require_safe
@at_desk
def organization(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """The card of an organisation."""
    found = organization_within(desk, pk)
    lines = card.pages_of(found)
    children, children_count = rollup.children_of(found)
    context = {
        "desk": desk,
        "organization": found,
        "facts": card.facts_of(found),
        "chain": card.chain_of(found, desk),
        "presence": card.presence_of(found, lines),
        "lines": lines,
        "cases": OnboardingCase.objects.filter(organization=found).order_by("-started_at", "-pk"),
        "whole": rollup.rollup_of(found),
        "children": children,
        "children_count": children_count,
        "history": history.history_of(organization_id=found.pk, limit=SHORT_HISTORY),
        "may_manage": may_manage(desk, found.pk),
    }
    return render(request, "desk/register/organization.html", context)


@staff
@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def new(request: HttpRequest, desk: Desk) -> HttpResponse:
    """A new organisation, with the duties the law gives it."""
    if not may_manage(desk):
        raise PermissionDenied
    above = request.GET.get("parent", "")
    form = NewOrganizationForm(
        posted(request), initial={"parent": above if above.isascii() and above.isdigit() else ""}
    )
    made: list[Organization] = []
    if request.method == "POST" and accepted(form, lambda: made.append(_added(form, desk))):
        messages.success(request, _("Организация «%(name)s» занесена в реестр.") % {"name": made[0]})
        return card_of(made[0])
    context = {"desk": desk, "form": form, "organization": None}
    return render(
        request, "desk/register/organization_form.html", context, status=422 if form.errors else 200
    )


def _added(form: NewOrganizationForm, desk: Desk) -> Organization:
    with transaction.atomic():
        made = organizations.add_organization(by=desk.account.actor, now=desk.now, **form.values)
        if form.cleaned_data["owes"]:
            duties = [
                obligations.Duty(made, network, "required", local_date(desk.now))
                for network in sorted(NETWORKS_BY_LAW)
                if default_obligation(made.level, made.type, network)
            ]
            obligations.set_obligations(rows=duties, by=desk.account.actor, now=desk.now)
        return made


@staff
@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def edit(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """Other values, with the reason."""
    found = managed(desk, pk)
    form = OrganizationForm(posted(request), organization=found)

    def change() -> None:
        organizations.change_organization(
            organization=found,
            changes=form.values,
            by=desk.account.actor,
            now=desk.now,
            reason=form.cleaned_data["reason"],
        )

    if request.method == "POST" and accepted(form, change):
        messages.success(
            request,
            _("Изменения сохранены.") if form.values else _("Изменений не было: всё осталось как есть."),
        )
        return card_of(found)
    context = {"desk": desk, "form": form, "organization": found}
    return render(
        request, "desk/register/organization_form.html", context, status=422 if form.errors else 200
    )


@staff
@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def close(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """Ask why, say what closes with it, then close."""
    found = managed(desk, pk)
    form = ReasonForm(posted(request))

    def verb() -> None:
        organizations.close_organization(
            organization=found, reason=form.cleaned_data["reason"], by=desk.account.actor, now=desk.now
        )

    if request.method == "POST" and accepted(form, verb):
        undo = reverse("desk:register_organization_reopen", args=[found.pk])
        messages.success(
            request, _("Организация «%(name)s» закрыта вместе со страницами.") % {"name": found}, undo
        )
        return card_of(found)
    context = {
        "desk": desk,
        "form": form,
        "organization": found,
        "lines": [each for each in card.pages_of(found) if each.page.is_active],
    }
    return render(
        request, "desk/register/organization_close.html", context, status=422 if form.errors else 200
    )


@staff
@require_POST
@at_desk
def reopen(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """At work again, with the pages that were closed in the same stroke."""
    found = managed(desk, pk)
    reason = request.POST.get("reason", "").strip() or _("Закрытие отменено")

    def verb() -> None:
        with transaction.atomic():
            lost = closed_with(found)
            by, now = desk.account.actor, desk.now
            organizations.reopen_organization(organization=found, reason=reason, by=by, now=now)
            for page in lost:
                pages.reopen_page(page=page, reason=reason, by=by, now=now)

    if done(request, verb):
        messages.success(
            request,
            _(
                "Организация «%(name)s» снова действует, её страницы открыты. Подключения начните заново, если нужно."
            )
            % {"name": found},
        )
    return card_of(found)


@staff
@require_safe
@at_desk
def story(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """Every field that changed: who, when, why."""
    found = organization_within(desk, pk)
    context = {"desk": desk, "organization": found, **long_history(request, found.pk)}
    return render(request, "desk/register/history.html", context)
