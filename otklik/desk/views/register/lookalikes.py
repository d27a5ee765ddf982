"""Pages that look official: the queue by likeness, one of them beside the official page, and what people decide."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from otklik.desk import choices
from otklik.desk.access import Desk, at_desk
from otklik.desk.register import alike
from otklik.desk.register.alike_card import card
from otklik.desk.register.said import done
from otklik.people.access import staff
from otklik.people.rules import Right
from otklik.registry.enums import LookalikeState, Network
from otklik.registry.models import LookalikePage
from otklik.registry.operations import lookalikes as verbs
from otklik.registry.operations.lookalike_words import complaint_address, report_text
from otklik.registry.rules.lookalikes import decisions

PAGE_SIZE = 50


@staff
@require_safe
@at_desk
def lookalikes(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The queue, or what was decided before."""
    query = alike.AlikeQuery.of(request.GET)
    found = alike.narrowed(query, desk)
    page = Paginator(alike.in_order(found, query.state), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "desk": desk,
        "query": query,
        "page": page,
        "rows": alike.rows(list(page.object_list)),
        "tabs": alike.tabs(found, query),
        "networks": Network.choices,
        "municipalities": choices.municipalities(),
    }
    return render(request, "desk/register/lookalikes.html", context)


@staff
@require_safe
@at_desk
def lookalike(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """One page beside the official one."""
    found = _within(desk, pk)
    context = {
        "desk": desk,
        "lookalike": found,
        "card": card(found),
        "report": report_text(found),
        "complain": complaint_address(found.network),
        "may_decide": _may_decide(desk, found),
        "may_take_in": _may_decide(desk, found) and LookalikeState.OFFICIAL in decisions(found.state),
    }
    return render(request, "desk/register/lookalike.html", context)


@staff
@require_POST
@at_desk
def decide(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """Say what the page is; the next of the queue opens."""
    state = request.POST.get("state", "")
    if state not in LookalikeState.values:
        raise Http404
    return _decided(
        request,
        desk,
        pk,
        lambda found: verbs.decide(
            lookalike=found,
            state=state,
            note=request.POST.get("note", ""),
            evidence=request.POST.get("evidence", "").splitlines(),
            seen=request.POST.get("seen", ""),
            by=desk.account.actor,
            now=desk.now,
        ),
    )


@staff
@require_POST
@at_desk
def reopen(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """Take the decision back."""
    found = _decidable(desk, pk)
    if done(request, lambda: verbs.reopen(lookalike=found, by=desk.account.actor, now=desk.now)):
        messages.success(request, _("Решение отменено: страница снова в очереди."))
    return HttpResponseRedirect(reverse("desk:register_lookalike", args=[found.pk]))


@staff
@require_POST
@at_desk
def take_in(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """The page is the organisation's own: put it into the register and go on with it there."""
    found = _decidable(desk, pk)
    made = []
    seen = request.POST.get("seen", "")

    def verb() -> None:
        made.append(
            verbs.take_in(
                lookalike=found, organization=found.resembles, seen=seen, by=desk.account.actor, now=desk.now
            )
        )

    if not done(request, verb):
        return HttpResponseRedirect(reverse("desk:register_lookalike", args=[found.pk]))
    messages.success(request, _("Страница занесена в реестр: проверьте и дополните сведения о ней."))
    return HttpResponseRedirect(reverse("desk:register_page", args=[made[0].pk]))


def _decided(
    request: HttpRequest, desk: Desk, pk: int, verb: Callable[[LookalikePage], LookalikePage]
) -> HttpResponse:
    found = _decidable(desk, pk)
    if not done(request, lambda: verb(found)):
        return HttpResponseRedirect(reverse("desk:register_lookalike", args=[found.pk]))
    found.refresh_from_db()
    undo = reverse("desk:register_lookalike_reopen", args=[found.pk])
    said = _("«%(title)s»: %(state)s.") % {"title": found.title, "state": found.get_state_display()}
    messages.success(request, said, extra_tags=undo if LookalikeState.NEW in decisions(found.state) else "")
    waiting = alike.in_order(alike.alike_within(desk), LookalikeState.NEW).exclude(pk=found.pk).first()
    # What is called a fake needs a complaint next: the person stays beside its text.
    stays = found.state in {LookalikeState.FAKE, LookalikeState.NEW} or waiting is None
    return HttpResponseRedirect(
        reverse("desk:register_lookalike", args=[found.pk if stays or waiting is None else waiting.pk])
    )


def _within(desk: Desk, pk: int) -> LookalikePage:
    found = (
        alike.alike_within(desk).select_related("resembles__municipality").filter(pk=min(pk, 2**62)).first()
    )
    if found is None:
        raise Http404
    return found


def _may_decide(desk: Desk, found: LookalikePage) -> bool:
    return desk.reach.may(Right.MANAGE_REGISTRY, organization=found.resembles_id)


def _decidable(desk: Desk, pk: int) -> LookalikePage:
    found = _within(desk, pk)
    if not _may_decide(desk, found):
        raise PermissionDenied
    return found
