"""A systemic decision proposed, changed, brought to its end."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from otklik.casework.models import SystemicDecision
from otklik.casework.operations import systemic
from otklik.desk.access import Desk, at_desk
from otklik.desk.decisions import within
from otklik.desk.decisions.beginning import Beginning
from otklik.desk.decisions.forms import DecisionForm, EffectForm, FinishForm
from otklik.desk.decisions.said import accepted, done
from otklik.desk.register.said import posted
from otklik.desk.register_forms.base import ReasonForm
from otklik.desk.views.decisions.browsing import show
from otklik.people.access import staff
from otklik.registry.operations import local_date


def there(pk: int) -> HttpResponseRedirect:
    """To the page of a decision."""
    return HttpResponseRedirect(reverse("desk:systemic_decision", args=[pk]))


@staff
@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def new(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Another decision; begun on a card or a mass problem it rests on that from the first moment."""
    within.require_keeping(desk)
    start = Beginning.of(request.GET, desk)
    form = DecisionForm(posted(request), initial=start.initial)
    made: list[SystemicDecision] = []
    if request.method == "POST" and accepted(form, lambda: made.append(start.propose(form.said, desk))):
        messages.success(request, _("Решение предложено. Соберите инциденты, на которых оно стоит."))
        return there(made[0].pk)
    context = {"desk": desk, "section": "decisions", "form": form, "start": start}
    return render(request, "desk/decisions/edit.html", context, status=422 if form.errors else 200)


@staff
@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def edit(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """Other words, another body or act."""
    found = within.kept_decision_of(desk, pk)
    form = DecisionForm(posted(request), decision=found)

    def change() -> None:
        systemic.change_decision(
            decision=found, said=form.said, by=desk.account, now=desk.now,
            version=form.cleaned_data["version"],
        )  # fmt: skip

    if request.method == "POST" and accepted(form, change):
        messages.success(request, _("Решение сохранено."))
        return there(pk)
    context = {"desk": desk, "section": "decisions", "form": form, "decision": found}
    return render(request, "desk/decisions/edit.html", context, status=422 if form.errors else 200)


@staff
@require_POST
@at_desk
def finish(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """It is done."""
    found = within.kept_decision_of(desk, pk)
    form = FinishForm(request.POST, decision=found, today=local_date(desk.now))

    def verb() -> None:
        systemic.finish_decision(
            decision=found, act=form.act, done_on=form.cleaned_data["done_on"], by=desk.account, now=desk.now
        )

    if not accepted(form, verb):
        return show(request, desk, found, finish_form=form)
    messages.success(request, _("Исполнено. Когда пройдут дни сравнения, проверьте, стало ли жалоб меньше."))
    return there(pk)


@staff
@require_POST
@at_desk
def check(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """The figures are kept with a person's word."""
    found = within.kept_decision_of(desk, pk)
    form = EffectForm(request.POST)

    def verb() -> None:
        systemic.check_effect(decision=found, by=desk.account, now=desk.now, **form.cleaned_data)

    if not accepted(form, verb):
        return show(request, desk, found, effect_form=form)
    messages.success(request, _("Результат записан вместе с цифрами."))
    return there(pk)


Reasoned = Callable[..., SystemicDecision]
REASONED: dict[str, Reasoned] = {"decline": systemic.decline_decision, "resume": systemic.resume_decision}
PLAIN: dict[str, Reasoned] = {
    "agree": systemic.agree_decision,
    "begin": systemic.begin_decision,
    "restore": systemic.restore_decision,
}


@staff
@require_POST
@at_desk
def step(request: HttpRequest, desk: Desk, pk: int, verb: str) -> HttpResponse:
    """One press, with a reason where one is owed."""
    found = within.kept_decision_of(desk, pk)
    given: dict[str, Any] = {"decision": found, "by": desk.account, "now": desk.now}
    if verb in REASONED:
        form = ReasonForm(request.POST)
        if not accepted(form, lambda: REASONED[verb](reason=form.cleaned_data["reason"], **given)):
            return show(request, desk, found, reason_form=form)
    elif verb not in PLAIN:
        raise Http404
    elif not done(request, lambda: PLAIN[verb](**given)):
        return there(pk)
    messages.success(request, _said()[verb])
    return there(pk)


def _said() -> dict[str, str]:
    return {
        "agree": _("Согласование записано."),
        "begin": _("Решение в работе."),
        "restore": _("Решение снова предложено."),
        "decline": _("Решение отклонено, причина записана."),
        "resume": _("Решение снова в работе. Прежние цифры остались в истории."),
    }
