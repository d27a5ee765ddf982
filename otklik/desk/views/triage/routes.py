"""Routes: the list, a rule with what it would catch while it is typed, taking it away and bringing it back."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from otklik.desk import choices
from otklik.desk.access import Desk, at_desk
from otklik.desk.register.said import posted
from otklik.desk.triage import preview as previews
from otklik.desk.triage.forms import RuleForm, StopForm
from otklik.desk.triage.history import history_of
from otklik.desk.triage.query import STATES, RouteQuery, rules_of
from otklik.desk.triage.said import accepted, done, words
from otklik.desk.triage.search import found_pages, found_settlements
from otklik.desk.triage.within import may_manage, require_manage, require_view
from otklik.people.access import staff
from otklik.registry.rules.values import BadValue
from otklik.triage.models import RoutingRule, TopicGroup
from otklik.triage.operations import routing
from otklik.triage.operations.routing_cases import impact_of

PAGE_SIZE = 50


def rule_of(pk: int) -> RoutingRule:
    """The rule, or 404."""
    found = (
        RoutingRule.objects.select_related(
            "topic", "group", "municipality", "settlement__municipality", "page", "organization"
        )
        .filter(pk=pk if pk < 2**63 else 0)
        .first()
    )
    if found is None:
        raise Http404
    return found


def _list() -> HttpResponse:
    return HttpResponseRedirect(reverse("desk:triage_routes"))


@staff
@require_safe
@at_desk
def routes(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The rules by which questions find their bodies, in the order in which they are tried."""
    require_view(desk)
    query = RouteQuery.of(request.GET)
    page = Paginator(rules_of(query), PAGE_SIZE).get_page(request.GET.get("page"))
    groups = TopicGroup.objects.order_by("position").values_list("pk", "name")
    context = {
        "desk": desk,
        "query": query,
        "page": page,
        "groups": [(str(pk), name) for pk, name in groups],
        "municipalities": choices.municipalities(),
        "states": STATES.items(),
        "may_manage": may_manage(desk),
    }
    return render(request, "desk/triage/routes.html", context)


@staff
@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def new(request: HttpRequest, desk: Desk) -> HttpResponse:
    """A new rule."""
    require_manage(desk)
    form = RuleForm(
        posted(request), initial={name: request.GET.get(name, "") for name in ("topic", "municipality")}
    )

    def add() -> None:
        made.append(
            routing.add_rule(
                values=form.values,
                by=desk.account.actor,
                now=desk.now,
                confirmed=form.cleaned_data["confirmed"],
            )
        )

    made: list[RoutingRule] = []
    if request.method == "POST" and accepted(form, add):
        messages.success(
            request, _("Правило № %(number)s добавлено и уже действует.") % {"number": made[0].pk}
        )
        return _list()
    return _form(request, desk, form, None)


@staff
@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def edit(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """The rule with its history; whoever may changes it."""
    require_view(desk)
    rule = rule_of(pk)
    if request.method == "POST" or (may_manage(desk) and rule.is_active):
        require_manage(desk)
        form = RuleForm(posted(request), rule=rule)
    else:
        return _form(request, desk, None, rule)

    def change() -> None:
        routing.change_rule(
            rule=rule,
            values=form.values,
            by=desk.account.actor,
            now=desk.now,
            reason=form.cleaned_data["reason"],
            confirmed=form.cleaned_data["confirmed"],
        )

    if request.method == "POST" and accepted(form, change):
        messages.success(request, _("Правило № %(number)s сохранено.") % {"number": rule.pk})
        return _list()
    return _form(request, desk, form, rule)


def _form(request: HttpRequest, desk: Desk, form: RuleForm | None, rule: RoutingRule | None) -> HttpResponse:
    context: dict[str, Any] = {
        "desk": desk,
        "form": form,
        "rule": rule,
        "may_manage": may_manage(desk),
        "history": history_of(rule) if rule else [],
        "shown": previews.of_rule(rule, desk.now) if rule and not (form and form.is_bound) else None,
    }
    if form and form.is_bound and form.is_valid():
        context["shown"] = _tried(form, desk)
    status = 422 if form and form.errors else 200
    return render(request, "desk/triage/route_form.html", context, status=status)


def _tried(form: RuleForm, desk: Desk) -> previews.Preview | None:
    try:
        return previews.of_rule(routing.draft_of(form.rule, form.values), desk.now)
    except (BadValue, routing.SameRule):
        return None


@staff
@require_POST
@at_desk
def preview(request: HttpRequest, desk: Desk) -> HttpResponse:
    """What the rule would do as it is typed so far."""
    require_manage(desk)
    number = request.GET.get("rule", "")
    rule = rule_of(int(number)) if number.isascii() and number.isdigit() and len(number) <= 18 else None
    form = RuleForm(request.POST, rule=rule)
    said, shown = "", None
    if form.is_valid():
        try:
            shown = previews.of_rule(routing.draft_of(rule, form.values), desk.now)
        except (BadValue, routing.SameRule) as fact:
            said = words(fact)
    return render(request, "desk/triage/route_preview.html", {"desk": desk, "shown": shown, "refused": said})


@staff
@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def retire(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """Ask why, show what the test table says, then take the rule out."""
    require_manage(desk)
    rule = rule_of(pk)
    form = StopForm(posted(request))

    def verb() -> None:
        routing.retire_rule(
            rule=rule,
            reason=form.cleaned_data["reason"],
            by=desk.account.actor,
            now=desk.now,
            confirmed=form.cleaned_data["confirmed"],
        )

    if request.method == "POST" and accepted(form, verb):
        undo = reverse("desk:triage_route_restore", args=[rule.pk])
        messages.success(request, _("Правило № %(number)s снято.") % {"number": rule.pk}, undo)
        return _list()
    rule.is_active = False
    context = {"desk": desk, "form": form, "rule": rule, "impact": impact_of([rule])}
    return render(request, "desk/triage/route_retire.html", context, status=422 if form.errors else 200)


@staff
@require_POST
@at_desk
def restore(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """The rule decides again."""
    require_manage(desk)
    rule = rule_of(pk)

    def verb() -> None:
        confirmed = bool(request.POST.get("confirmed"))
        routing.restore_rule(rule=rule, by=desk.account.actor, now=desk.now, confirmed=confirmed)

    if done(request, verb):
        messages.success(request, _("Правило № %(number)s снова действует.") % {"number": rule.pk})
    return HttpResponseRedirect(reverse("desk:triage_route", args=[rule.pk]))


@staff
@require_safe
@at_desk
def settlements(request: HttpRequest, desk: Desk) -> JsonResponse:
    """Settlements by the words of their names."""
    require_manage(desk)
    return JsonResponse({"options": found_settlements(request.GET.get("q", ""))})


@staff
@require_safe
@at_desk
def pages(request: HttpRequest, desk: Desk) -> JsonResponse:
    """Official pages by the words of their titles."""
    require_manage(desk)
    return JsonResponse({"options": found_pages(request.GET.get("q", ""))})
