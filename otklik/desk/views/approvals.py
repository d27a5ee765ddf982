"""The rules of approval and the substitutes: a page for whoever keeps them."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from otklik.casework import operations as casework
from otklik.casework.models import ApprovalRule
from otklik.desk.access import Desk, at_desk
from otklik.desk.approval_forms import ApprovalForm, SubstituteForm
from otklik.desk.approvals import Keeper, conditions
from otklik.desk.facts import message
from otklik.desk.register.said import posted
from otklik.desk.register_forms.base import RegisterForm
from otklik.people.access import staff

FACTS = (casework.SameApprovalRule, casework.WrongDays, casework.OwnDeputy)
# A page of people's making: all of it is shown, the latest of what is over.
MOST_SHOWN, OVER_SHOWN = 300, 10


def _list() -> HttpResponse:
    return HttpResponseRedirect(reverse("desk:approvals"))


def _accepted(form: RegisterForm, verb: Callable[[], object]) -> bool:
    if not form.is_valid():
        return False
    try:
        verb()
    except FACTS as fact:
        form.refuse(fact, message(fact))
    return not form.errors


@staff
@require_safe
@at_desk
def rules(request: HttpRequest, desk: Desk) -> HttpResponse:
    """What holds, strongest first, and who stands in for whom."""
    keeper = Keeper.at(desk)
    found = list(keeper.rules().order_by("-is_active", "organization__short_name", "pk")[:MOST_SHOWN])
    away = list(keeper.substitutes().filter(until__gt=desk.now).order_by("since", "pk")[:MOST_SHOWN])
    over = keeper.substitutes().filter(until__lte=desk.now).order_by("-until", "-pk")[:OVER_SHOWN]
    context = {
        "desk": desk,
        "centre": [_line(each, keeper) for each in found if each.organization_id is None],
        "bodies": [_line(each, keeper) for each in found if each.organization_id is not None],
        "away": [(each, each.since <= desk.now) for each in away],
        "over": over,
        "everywhere": keeper.everywhere,
    }
    return render(request, "desk/approvals/rules.html", context)


def _line(rule: ApprovalRule, keeper: Keeper) -> tuple[ApprovalRule, list[str], bool]:
    return rule, conditions(rule), keeper.may_change(rule)


@staff
@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def new(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Another rule."""
    form = ApprovalForm(posted(request), keeper=Keeper.at(desk))

    def add() -> None:
        casework.save_approval_rule(values=form.values, by=desk.account.actor, now=desk.now)

    if request.method == "POST" and _accepted(form, add):
        messages.success(request, _("Правило добавлено и уже действует."))
        return _list()
    return _form(request, desk, form, None)


@staff
@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def edit(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """Other conditions, or another's word."""
    keeper = Keeper.at(desk)
    rule = keeper.rule(pk)
    form = ApprovalForm(posted(request), keeper=keeper, rule=rule)

    def change() -> None:
        casework.save_approval_rule(values=form.values, by=desk.account.actor, now=desk.now, rule=rule)

    if request.method == "POST" and _accepted(form, change):
        messages.success(request, _("Правило № %(number)s сохранено.") % {"number": rule.pk})
        return _list()
    return _form(request, desk, form, rule)


def _form(request: HttpRequest, desk: Desk, form: ApprovalForm, rule: ApprovalRule | None) -> HttpResponse:
    context = {"desk": desk, "form": form, "rule": rule}
    return render(request, "desk/approvals/rule.html", context, status=422 if form.errors else 200)


@staff
@require_POST
@at_desk
def retire(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """The rule holds no more."""
    rule = Keeper.at(desk).rule(pk)
    casework.retire_approval_rule(rule=rule, by=desk.account.actor, now=desk.now)
    messages.success(
        request,
        _("Правило № %(number)s снято.") % {"number": rule.pk},
        extra_tags=reverse("desk:approval_restore", args=[rule.pk]),
    )
    return _list()


@staff
@require_POST
@at_desk
def restore(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """It holds again, unless another has taken its place."""
    rule = Keeper.at(desk).rule(pk)
    try:
        casework.restore_approval_rule(rule=rule, by=desk.account.actor, now=desk.now)
    except casework.SameApprovalRule as fact:
        messages.error(request, message(fact))
    else:
        messages.success(request, _("Правило № %(number)s снова действует.") % {"number": rule.pk})
    return _list()


@staff
@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def away(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Somebody is away: who agrees meanwhile."""
    form = SubstituteForm(posted(request), keeper=Keeper.at(desk), now=desk.now)

    def add() -> None:
        casework.add_substitute(**form.values, by=desk.account.actor, now=desk.now)

    if request.method == "POST" and _accepted(form, add):
        messages.success(request, _("Замещение записано."))
        return _list()
    context = {"desk": desk, "form": form}
    return render(request, "desk/approvals/away.html", context, status=422 if form.errors else 200)


@staff
@require_POST
@at_desk
def back(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """The person is back."""
    substitute = Keeper.at(desk).substitute(pk)
    casework.end_substitute(substitute=substitute, by=desk.account.actor, now=desk.now)
    messages.success(request, _("Замещение окончено."))
    return _list()
