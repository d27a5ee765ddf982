"""What people do with a mass problem beside its answer: begin, join, take out, confirm the fix, close, reopen."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from otklik.casework.models import Incident, MassProblem, MassRound
from otklik.casework.operations import mass_answering, mass_ending, mass_fan_out, mass_leaving, mass_opening
from otklik.desk.access import Desk, at_desk
from otklik.desk.counts import forget
from otklik.desk.mass import within
from otklik.desk.mass.beginning import Beginning, beginning_of
from otklik.desk.mass.forms import BeginForm
from otklik.desk.mass.said import FACTS, done, words
from otklik.people.access import staff
from otklik.registry.models import Organization


@staff
@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def new(request: HttpRequest, desk: Desk) -> HttpResponse:
    """A problem out of a burst or of questions like one that a person looks at."""
    within.require_run(desk)
    given = request.POST if request.method == "POST" else request.GET
    start = beginning_of(given, desk)
    bodies, found = start.bodies, [each.pk for each in start.found]
    known: dict[str, Any] = {"areas": start.areas, "bodies": bodies, "found": found}
    if request.method == "POST":
        form = BeginForm(request.POST, **known)
        if form.is_valid() and (made := _begun(form, start, desk)):
            forget(desk)
            people = made.members.count()
            said = ngettext(
                "Проблема заведена: в ней %(n)s вопрос.", "Проблема заведена: в ней %(n)s вопросов.", people
            )
            messages.success(request, said % {"n": people})
            return HttpResponseRedirect(reverse("desk:mass_problem", args=[made.pk]))
    else:
        form = BeginForm(
            initial={
                "area": start.area,
                "executor": bodies[0][0] if bodies else "",
                "members": found,
                "rest": True,
            },
            **known,
        )
    chosen = {str(each) for each in form["members"].value() or []}
    context = {"desk": desk, "form": form, "start": start, "chosen": chosen, "known": start.known}
    return render(request, "desk/mass/new.html", context, status=422 if form.errors else 200)


def _begun(form: BeginForm, start: Beginning, desk: Desk) -> MassProblem | None:
    given = form.cleaned_data
    members = list(given["members"])
    if given["rest"]:
        shown = {each.pk for each in start.found}
        members += [pk for pk in start.all_found if pk not in shown]
    try:
        return mass_opening.open_problem(
            cause=given["cause"], scope=start.scopes[given["area"]],
            executor=Organization.objects.get(pk=given["executor"]), incidents=members, since=start.since,
            by=desk.account, now=desk.now, surge=start.surge,
        )  # fmt: skip
    except FACTS as fact:
        form.refuse(fact, words(fact))
        return None


Step = Callable[[MassProblem, Desk, str], object]


def _fix(problem: MassProblem, desk: Desk, _reason: str) -> object:
    return mass_ending.confirm_fix(problem=problem, by=desk.account, now=desk.now)


def _join_found(problem: MassProblem, desk: Desk, _reason: str) -> object:
    found = list(mass_opening.may_join(problem).values_list("pk", flat=True)[: mass_opening.MOST_MEMBERS])
    return mass_opening.join_problem(problem=problem, incidents=found, by=desk.account.actor, now=desk.now)


def _retry(problem: MassProblem, desk: Desk, _reason: str) -> object:
    said = _last(problem)
    return mass_fan_out.retry_refused(said=said, by=desk.account.actor, now=desk.now)


def _last(problem: MassProblem) -> MassRound:
    said = problem.rounds.exclude(state="draft").order_by("-number").first()
    if said is None:
        raise mass_answering.NoAnswerToSend
    return said


def _plain(verb: Callable[..., Any]) -> Step:
    return lambda problem, desk, _reason: verb(problem=problem, by=desk.account.actor, now=desk.now)


def _reasoned(verb: Callable[..., Any]) -> Step:
    return lambda problem, desk, reason: verb(
        problem=problem, reason=reason, by=desk.account.actor, now=desk.now
    )


STEPS: dict[str, Step] = {
    "pause": _plain(mass_answering.pause_round),
    "resume": _plain(mass_answering.resume_round),
    "stop": _reasoned(mass_answering.stop_round),
    "retry": _retry,
    "fixed": _fix,
    "not_fixed": _reasoned(mass_ending.not_fixed),
    "close": _plain(mass_ending.close_problem),
    "reopen": _reasoned(mass_ending.reopen_problem),
    "join": _join_found,
}
OF_BODY = frozenset({"fixed"})


@staff
@require_POST
@at_desk
def step(request: HttpRequest, desk: Desk, pk: int, verb: str) -> HttpResponse:
    """One press."""
    problem = within.problem_of(desk, pk)
    if verb not in STEPS:
        raise Http404
    if verb in OF_BODY:
        within.require_work(desk, problem)
    else:
        within.require_run(desk)
    if done(request, lambda: STEPS[verb](problem, desk, request.POST.get("reason", ""))):
        messages.success(request, _done_words()[verb])
    return HttpResponseRedirect(reverse("desk:mass_problem", args=[problem.pk]))


def _done_words() -> dict[str, str]:
    return {
        "pause": _("Рассылка на паузе: новые ответы не уходят."),
        "resume": _("Рассылка идёт дальше."),
        "stop": _("Рассылка остановлена. Кто ещё не получил ответ, ждёт следующего."),
        "retry": _("Недоставленные ответы отправляются ещё раз."),
        "fixed": _("Исправление подтверждено. Теперь сообщите об этом участникам."),
        "not_fixed": _("Проблема снова в работе."),
        "close": _("Проблема закрыта, вопросы участников закрыты вместе с ней."),
        "reopen": _("Проблема открыта снова со всеми участниками."),
        "join": _("Похожие вопросы добавлены."),
    }


@staff
@require_POST
@at_desk
def member(request: HttpRequest, desk: Desk, pk: int, incident: int, verb: str) -> HttpResponse:
    """One person of the problem: out, in, not of it, told again."""
    problem = within.problem_of(desk, pk)
    within.require_run(desk)
    one = (
        Incident.objects.defer("search")
        .filter(pk=min(incident, 2**62), mass_members__problem=problem)
        .first()
    )
    if one is None or verb not in MEMBER:
        raise Http404
    if done(request, lambda: MEMBER[verb](problem, one, desk, request.POST.get("why", ""))):
        forget(desk)
        messages.success(request, _member_words()[verb] % {"number": one.number})
    return HttpResponseRedirect(reverse("desk:mass_problem", args=[problem.pk]))


def _member_words() -> dict[str, str]:
    return {
        "out": _("№ %(number)s вынут и вернулся в разбор со своим сроком."),
        "join": _("№ %(number)s добавлен."),
        "decline": _("№ %(number)s больше не предлагается."),
        "retry": _("№ %(number)s: ответ отправляется ещё раз."),
    }


def _out(problem: MassProblem, one: Incident, desk: Desk, why: str) -> object:
    why = why.strip() or mass_leaving.BY_HAND
    return mass_leaving.take_out(problem=problem, incident=one, why=why, by=desk.account.actor, now=desk.now)


def _join(problem: MassProblem, one: Incident, desk: Desk, _why: str) -> object:
    return mass_opening.join_problem(problem=problem, incidents=[one.pk], by=desk.account.actor, now=desk.now)


def _decline(problem: MassProblem, one: Incident, desk: Desk, _why: str) -> object:
    return mass_opening.decline_proposed(problem=problem, incident=one, by=desk.account.actor, now=desk.now)


def _tell_again(problem: MassProblem, one: Incident, desk: Desk, _why: str) -> object:
    return mass_fan_out.retry_refused(said=_last(problem), by=desk.account.actor, now=desk.now, only=one.pk)


MEMBER: dict[str, Callable[[MassProblem, Incident, Desk, str], object]] = {
    "out": _out,
    "join": _join,
    "decline": _decline,
    "retry": _tell_again,
}
