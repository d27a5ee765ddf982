"""The answer to all: written, looked at as each person reads it, confirmed with how many and how long."""

from datetime import datetime
from typing import NamedTuple

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from otklik.casework.enums import RoundState
from otklik.casework.models import MassProblem, MassRound
from otklik.casework.operations import Checked, mass_answering, mass_readers
from otklik.casework.operations.answer_words import DEFECTS
from otklik.casework.rules import answer_check, mass_text
from otklik.desk.access import Desk, at_desk
from otklik.desk.mass import shown, within
from otklik.desk.mass.forms import AnswerForm
from otklik.desk.mass.looks import Look, looks_of
from otklik.desk.mass.said import FACTS, done, words
from otklik.people.access import staff


class Finding(NamedTuple):
    """What is wrong with the answer, in words."""

    name: Promise
    advice: Promise
    words: str
    blocks: bool


@staff
@require_POST
@at_desk
def write(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """Keep what was typed; with `check` go on to how people would read it."""
    problem = within.problem_of(desk, pk)
    within.require_work(desk, problem)
    form = AnswerForm(request.POST)
    back = HttpResponseRedirect(reverse("desk:mass_problem", args=[pk]))
    if not form.is_valid():
        messages.error(request, " ".join(str(each) for errors in form.errors.values() for each in errors))
        return back
    version = form.cleaned_data["version"] or 0
    kept = done(
        request,
        lambda: mass_answering.write_answer(
            problem=problem, said=form.said, by=desk.account, now=desk.now, draft_version=version
        ),
    )
    if kept and "check" in request.POST:
        return HttpResponseRedirect(reverse("desk:mass_check", args=[pk]))
    if kept:
        messages.success(request, _("Черновик сохранён."))
    return back


@staff
@require_safe
@at_desk
def check(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """How people would read it, what is wrong with it, to how many it goes and how long that takes."""
    problem = within.problem_of(desk, pk)
    within.require_work(desk, problem)
    draft = problem.rounds.filter(state=RoundState.DRAFT).first()
    if draft is None:
        messages.error(request, words(mass_answering.NoAnswerToSend()))
        return HttpResponseRedirect(reverse("desk:mass_problem", args=[pk]))
    context = {"desk": desk, "problem": problem, "draft": draft, "may_run": within.runs(desk)}
    return render(
        request, "desk/mass/check.html", context | _looked(problem, draft, desk, request.GET.get("as", ""))
    )


def _looked(problem: MassProblem, draft: MassRound, desk: Desk, chosen: str) -> dict[str, object]:
    wrong = ""
    try:
        mass_answering.check_answer(draft, desk.now)
    except FACTS as fact:
        wrong = words(fact)
    looks: list[Look] = []
    found: list[Finding] = []
    reach = None
    try:
        reach = mass_readers.reach_of(problem, draft.text, draft.promised_for, now=desk.now)
        looks = looks_of(problem, draft, chosen, now=desk.now)
        found = _findings(problem, draft, desk.now)
    except mass_text.UnknownVariable as fact:
        wrong = words(fact)
    return {
        "wrong": wrong,
        "reach": reach,
        "takes": shown.minutes(reach.takes.total_seconds() / 60) if reach else "",
        "lacking": _lacking(reach) if reach else [],
        "looks": looks,
        "findings": found,
        "blocks": any(each.blocks for each in found),
    }


def _lacking(reach: mass_readers.Reach) -> list[str]:
    """Which variables are not known of how many."""
    said = _("{%(name)s} неизвестно у %(n)s из %(all)s")
    return [said % {"name": name, "n": n, "all": reach.people} for name, n in sorted(reach.lacking.items())]


def _findings(problem: MassProblem, draft: MassRound, now: datetime) -> list[Finding]:
    """What the check of answers says of the text as the first person reads it."""
    return [
        Finding(*DEFECTS[each.code], each.words, each.level == answer_check.BLOCK)
        for each in mass_readers.findings_of(problem, draft, now)
    ]


@staff
@require_POST
@at_desk
def start(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """Send it on its way."""
    problem = within.problem_of(desk, pk)
    within.require_run(desk)
    number = request.POST.get("version", "")
    version = int(number) if number.isascii() and number.isdigit() and len(number) < 9 else None
    if done(
        request,
        lambda: mass_answering.start_round(
            problem=problem,
            by=desk.account,
            now=desk.now,
            draft_version=version,
            checked=Checked(overruled="anyway" in request.POST),
        ),
    ):
        messages.success(request, _("Рассылка началась. За ней можно следить здесь, страницу можно закрыть."))
    return HttpResponseRedirect(reverse("desk:mass_problem", args=[pk]))
