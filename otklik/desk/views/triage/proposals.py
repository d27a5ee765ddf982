"""What people's choices propose against the rules: figures, yes or no, and the norm."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from otklik.desk.access import Desk, at_desk
from otklik.desk.register.said import posted
from otklik.desk.triage.forms import NormForm, StopForm
from otklik.desk.triage.said import accepted, done
from otklik.desk.triage.within import may_manage, require_manage, require_view
from otklik.people.access import staff
from otklik.triage.enums import ProposalState
from otklik.triage.models import RoutingProposal
from otklik.triage.operations import routing_learning as verbs
from otklik.triage.operations.routing_cases import BreaksCases, Change

MOST_SHOWN = 200
MOST_DECIDED = 30
_WITH = ("topic", "municipality", "organization", "ruled")


def _proposal(pk: int) -> RoutingProposal:
    found = RoutingProposal.objects.select_related(*_WITH).filter(pk=pk if pk < 2**63 else 0).first()
    if found is None:
        raise Http404
    return found


def _list() -> HttpResponse:
    return HttpResponseRedirect(reverse("desk:triage_proposals"))


@staff
@require_safe
@at_desk
def proposals(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The open proposals, and what was decided lately."""
    require_view(desk)
    return _page(request, desk)


def _page(request: HttpRequest, desk: Desk, form: NormForm | None = None) -> HttpResponse:
    rows = RoutingProposal.objects.select_related(*_WITH)
    decided = rows.filter(state__in=[ProposalState.ACCEPTED, ProposalState.DISMISSED])
    norm = verbs.routing_norm()
    context = {
        "desk": desk,
        "open": rows.filter(state=ProposalState.OPEN).order_by("-incidents", "pk")[:MOST_SHOWN],
        "decided": decided.order_by("-decided_at", "-pk")[:MOST_DECIDED],
        "norm": norm,
        "form": form or NormForm(norm=norm),
        "may_manage": may_manage(desk),
    }
    status = 422 if form and form.errors else 200
    return render(request, "desk/triage/proposals.html", context, status=status)


@staff
@require_POST
@at_desk
def accept(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """Make the rule; lines of the test table that would break are shown first."""
    require_manage(desk)
    proposal = _proposal(pk)
    broken: list[Change] = []

    def verb() -> None:
        try:
            confirmed = bool(request.POST.get("confirmed"))
            verbs.accept_proposal(proposal=proposal, by=desk.account.actor, now=desk.now, confirmed=confirmed)
        except BreaksCases as fact:
            broken.extend(fact.broken)

    if not done(request, verb):
        return _list()
    if broken:
        context = {"desk": desk, "proposal": proposal, "broken": broken}
        return render(request, "desk/triage/proposal_confirm.html", context, status=409)
    messages.success(request, _("Предложение принято: правило уже действует."))
    return _list()


@staff
@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def dismiss(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """Ask why, then say no."""
    require_manage(desk)
    proposal = _proposal(pk)
    form = StopForm(posted(request))

    def verb() -> None:
        verbs.dismiss_proposal(
            proposal=proposal, reason=form.cleaned_data["reason"], by=desk.account.actor, now=desk.now
        )

    if request.method == "POST" and accepted(form, verb):
        messages.success(request, _("Предложение отклонено: правила остались как есть."))
        return _list()
    context = {"desk": desk, "form": form, "proposal": proposal}
    return render(request, "desk/triage/proposal_dismiss.html", context, status=422 if form.errors else 200)


@staff
@require_POST
@at_desk
def norm(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Another norm, from the next night on."""
    require_manage(desk)
    form = NormForm(request.POST, norm=verbs.routing_norm())

    def verb() -> None:
        verbs.set_routing_norm(values=form.cleaned_data, by=desk.account.actor, now=desk.now)

    if accepted(form, verb):
        messages.success(request, _("Норма сохранена. Предложения пересчитаются этой ночью."))
        return _list()
    return _page(request, desk, form)
