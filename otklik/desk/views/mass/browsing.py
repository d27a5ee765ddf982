"""The list of mass problems, one of them with its people, and how far its answer has come."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from otklik.casework.enums import MemberState, RoundState
from otklik.casework.models import MassRound
from otklik.casework.operations import mass_opening
from otklik.casework.rules import mass_text
from otklik.desk.access import Desk, at_desk
from otklik.desk.mass import shown, within
from otklik.desk.mass.forms import AnswerForm
from otklik.desk.mass.said import STEPS
from otklik.people.access import staff

PAGE_SIZE = 50
MOST_PROPOSED = 30


@staff
@require_safe
@at_desk
def problems(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Those that go on, or those that are closed."""
    if not within.sees_any(desk):
        raise PermissionDenied
    state = "closed" if request.GET.get("state") == "closed" else "live"
    page = Paginator(shown.listed(desk, state), PAGE_SIZE).get_page(request.GET.get("page"))
    rows = [shown.Problem(each, desk.now) for each in page.object_list]
    context = {"desk": desk, "page": page, "rows": rows, "state": state, "may_run": within.runs(desk)}
    return render(request, "desk/mass/problems.html", context)


@staff
@require_safe
@at_desk
def problem(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """One problem."""
    found = within.problem_of(desk, pk)
    by = request.GET.get("by", "")
    by = by if by in shown.GROUPS else shown.GROUPS[0]
    group = request.GET.get("group")
    page = Paginator(shown.members(found, by, group), PAGE_SIZE).get_page(request.GET.get("page"))
    draft = found.rounds.filter(state=RoundState.DRAFT).first()
    proposed = found.members.filter(state=MemberState.PROPOSED).select_related("incident__page")
    left = found.members.filter(state=MemberState.OUT).select_related("incident")
    context = {
        "desk": desk,
        "shown": shown.Problem(found, desk.now),
        "problem": found,
        "running": shown.running_of(found, desk),
        "form": AnswerForm(initial=initial_of(draft)),
        "draft": draft,
        "variables": mass_text.VARIABLES,
        "groups": shown.groups_of(found, by),
        "by": by,
        "group": group,
        "page": page,
        "members": [shown.Member(each) for each in page.object_list],
        "proposed": list(proposed.defer("incident__search").order_by("-pk")[:MOST_PROPOSED]),
        "could_join": mass_opening.may_join(found).count() if within.runs(desk) and found.is_live else 0,
        "left": [(each, shown.left_words(each)) for each in left.order_by("-left_at")[:MOST_PROPOSED]],
        "steps": [
            (each, STEPS.get(each.verb, each.verb)) for each in found.steps.order_by("-pk")[:MOST_PROPOSED]
        ],
        "may_run": within.runs(desk),
        "may_work": within.works_on(desk, found),
    }
    return render(request, "desk/mass/problem.html", context)


def initial_of(draft: MassRound | None) -> dict[str, Any]:
    """What the form of the answer begins with."""
    if draft is None:
        return {"version": 0, "kind": "interim", "text": ""}
    return {
        "version": draft.version,
        "kind": draft.kind,
        "text": draft.text,
        "resolution": draft.resolution,
        "promised": draft.promised_for,
    }


@staff
@require_safe
@at_desk
def progress(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """The progress alone, for a page that looks again."""
    found = within.problem_of(desk, pk)
    running = shown.running_of(found, desk)
    if running is None:
        raise Http404
    context = {"desk": desk, "problem": found, "running": running}
    return render(request, "desk/mass/progress.html", context)
