"""A body objects to a return of its answer; the centre lists objections and decides them."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from otklik.casework.operations import return_appeals
from otklik.desk import contests
from otklik.desk.access import Desk, at_desk
from otklik.desk.answers.sample_pages import require_see
from otklik.desk.facts import message
from otklik.desk.register.said import posted
from otklik.desk.register_forms.base import RegisterForm
from otklik.people.access import staff

PAGE_SIZE = 50


def _accepted(form: RegisterForm, verb: Callable[[], object]) -> bool:
    if not form.is_valid():
        return False
    try:
        verb()
    except contests.FACTS as fact:
        form.refuse(fact, message(fact))
        return False
    return True


@staff
@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def contest(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """Say why a return is wrong: for officials of the body whose answer came back."""
    incident = desk.incident(pk)
    move = contests.returned(incident, desk)
    form = contests.ContestForm(posted(request), initial={"version": incident.version})

    def say() -> None:
        given = form.cleaned_data
        return_appeals.contest_return(
            incident=incident, reason=given["reason"], version=given["version"], by=desk.account, now=desk.now
        )

    if request.method == "POST" and _accepted(form, say):
        messages.success(request, _("Возражение отправлено в центр. Решит не тот, кто вернул ответ."))
        return HttpResponseRedirect(reverse("desk:incident", args=[pk]))
    context = {
        "desk": desk,
        "incident": incident,
        "move": move,
        "form": form,
        "until": return_appeals.contest_until(move),
    }
    return render(request, "desk/contests/contest.html", context, status=422 if form.errors else 200)


@staff
@require_safe
@at_desk
def objections(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Every objection, those that wait first."""
    require_see(desk)
    page = Paginator(contests.listed(), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"desk": desk, "page": page, "waiting": contests.waiting()}
    return render(request, "desk/contests/list.html", context)


@staff
@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def objection(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """One objection beside the question, the answer and the reason of its return; what is sent is the decision."""
    require_see(desk)
    appeal, form = contests.appeal_by(pk), contests.DecisionForm(posted(request))
    if request.method == "POST":
        if not contests.decides(desk):
            raise PermissionDenied

        def decide() -> None:
            given = form.cleaned_data
            return_appeals.decide_return_appeal(
                appeal=appeal,
                grant=given["verdict"] == "granted",
                why=given["why"],
                by=desk.account,
                now=desk.now,
            )

        if _accepted(form, decide):
            messages.success(request, _("Решение записано, орган видит его на карточке."))
            return HttpResponseRedirect(reverse("desk:answer_contests"))
    context = {
        "desk": desk,
        "appeal": appeal,
        "form": form,
        "decides": contests.decides(desk),
        "own": return_appeals.had_a_hand(appeal, desk.account),
    }
    return render(request, "desk/contests/one.html", context, status=422 if form.errors else 200)
