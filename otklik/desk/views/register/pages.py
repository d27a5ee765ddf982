"""Official pages: the card, a new one, a change with its reason, the badge, closing and opening again."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from otklik.desk.access import Desk, at_desk
from otklik.desk.register import page_card
from otklik.desk.register.rows import badge_of
from otklik.desk.register.said import accepted, done, posted
from otklik.desk.register.within import may_manage, page_within
from otklik.desk.register_forms.base import ReasonForm
from otklik.desk.register_forms.pages import BadgeForm, PageForm
from otklik.desk.views.register.organization import SHORT_HISTORY, long_history, managed
from otklik.people.access import staff
from otklik.registry.enums import BadgeStatus
from otklik.registry.models import OfficialPage, Passport
from otklik.registry.operations import history, pages
from otklik.registry.operations.places import local_date
from otklik.registry.rules.pages import BADGE_MOVES


def managed_page(desk: Desk, pk: int) -> OfficialPage:
    """The page, for a person who may change it; 403 for one who only sees it."""
    found = page_within(desk, pk)
    if not may_manage(desk, found.organization_id):
        raise PermissionDenied
    return found


def card_of(page: OfficialPage) -> HttpResponse:
    """Back to the card."""
    return HttpResponseRedirect(reverse("desk:register_page", args=[page.pk]))


@staff
@require_safe
@at_desk
def page(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """The card of a page."""
    found = page_within(desk, pk)
    context = {
        "desk": desk,
        "page": found,
        "organization": found.organization,
        "facts": page_card.facts_of(found),
        "connection": page_card.connection_of(found),
        "badge": badge_of([found]),
        "badge_moves": bool(BADGE_MOVES.get(found.badge_status)),
        "passport": Passport.objects.filter(page=found).first(),
        "history": history.history_of(organization_id=found.organization_id, limit=SHORT_HISTORY, of=found),
        "may_manage": may_manage(desk, found.organization_id),
    }
    return render(request, "desk/register/page.html", context)


@staff
@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def new(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """A page that the organisation keeps already."""
    body = managed(desk, pk)
    form = PageForm(posted(request), initial={"opened_on": local_date(desk.now), "title": body.name[:200]})
    made: list[OfficialPage] = []

    def verb() -> None:
        made.append(pages.add_page(organization=body, by=desk.account.actor, now=desk.now, **form.values))

    if request.method == "POST" and accepted(form, verb):
        messages.success(request, _("Страница «%(name)s» занесена в реестр.") % {"name": made[0]})
        return card_of(made[0])
    context = {"desk": desk, "form": form, "organization": body, "page": None}
    return render(request, "desk/register/page_form.html", context, status=422 if form.errors else 200)


@staff
@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def edit(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """Other values, with the reason."""
    found = managed_page(desk, pk)
    form = PageForm(posted(request), page=found)

    def verb() -> None:
        pages.change_page(
            page=found,
            changes=form.values,
            by=desk.account.actor,
            now=desk.now,
            reason=form.cleaned_data["reason"],
        )

    if request.method == "POST" and accepted(form, verb):
        messages.success(
            request,
            _("Изменения сохранены.") if form.values else _("Изменений не было: всё осталось как есть."),
        )
        return card_of(found)
    context = {"desk": desk, "form": form, "organization": found.organization, "page": found}
    return render(request, "desk/register/page_form.html", context, status=422 if form.errors else 200)


@staff
@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def badge(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """The badge was asked for, confirmed with evidence and a day, or lost."""
    found = managed_page(desk, pk)
    form = BadgeForm(posted(request), page=found)

    def verb() -> None:
        given = form.cleaned_data
        pages.set_badge(page=found, by=desk.account.actor, now=desk.now, **given)

    if request.method == "POST" and accepted(form, verb):
        messages.success(
            request, _("Метка: %(state)s.") % {"state": BadgeStatus(form.cleaned_data["status"]).label}
        )
        return card_of(found)
    context = {
        "desk": desk,
        "form": form,
        "organization": found.organization,
        "page": found,
        "badge": badge_of([found]),
    }
    return render(request, "desk/register/badge_form.html", context, status=422 if form.errors else 200)


@staff
@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def close(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """Ask why, then the page is no longer official."""
    found = managed_page(desk, pk)
    form = ReasonForm(posted(request))

    def verb() -> None:
        pages.close_page(page=found, reason=form.cleaned_data["reason"], by=desk.account.actor, now=desk.now)

    if request.method == "POST" and accepted(form, verb):
        undo = reverse("desk:register_page_reopen", args=[found.pk])
        messages.success(request, _("Страница «%(name)s» больше не официальная.") % {"name": found}, undo)
        return card_of(found)
    context = {"desk": desk, "form": form, "organization": found.organization, "page": found}
    return render(request, "desk/register/page_close.html", context, status=422 if form.errors else 200)


@staff
@require_POST
@at_desk
def reopen(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """Official again, as if it had never been closed."""
    found = managed_page(desk, pk)
    reason = request.POST.get("reason", "").strip() or _("Закрытие отменено")
    if done(
        request, lambda: pages.reopen_page(page=found, reason=reason, by=desk.account.actor, now=desk.now)
    ):
        messages.success(request, _("Страница «%(name)s» снова официальная.") % {"name": found})
    return card_of(found)


@staff
@require_safe
@at_desk
def story(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """Every field of the page that changed: who, when, why."""
    found = page_within(desk, pk)
    shown = long_history(request, found.organization_id, of=found)
    context = {"desk": desk, "organization": found.organization, "page": found, **shown}
    return render(request, "desk/register/history.html", context)
