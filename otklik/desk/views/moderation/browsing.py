"""What waits for a decision, what is on its way, what is done, what is contested; one decision with its story."""

from datetime import datetime, time

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from otklik.casework.models import ModerationAction
from otklik.casework.operations import appealing
from otklik.desk.access import Desk, at_desk
from otklik.desk.moderation import shown, within
from otklik.desk.moderation.forms import AppealForm, UndoForm, VerdictForm
from otklik.desk.moderation.said import accepted
from otklik.desk.register.said import posted
from otklik.people.access import staff

PAGE_SIZE = 50


@staff
@require_safe
@at_desk
def waiting(request: HttpRequest, desk: Desk) -> HttpResponse:
    """What triage took out of the queue; whoever only runs pages is led to what there is to do."""
    within.require_sight(desk)
    if not within.decides(desk.reach):
        return HttpResponseRedirect(reverse("desk:moderation_way"))
    page = Paginator(shown.waiting(desk), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"desk": desk, "page": page, "days": shown.LOOKED_BACK.days}
    return render(request, "desk/moderation/waiting.html", context)


@staff
@require_safe
@at_desk
def way(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Decisions that are not carried out yet."""
    return _decisions(request, desk, shown.ON_THE_WAY, "way")


@staff
@require_safe
@at_desk
def done(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Decisions that are carried out, taken back or over."""
    return _decisions(request, desk, shown.OVER, "done")


def _decisions(request: HttpRequest, desk: Desk, states: tuple[str, ...], view: str) -> HttpResponse:
    within.require_sight(desk)
    page = Paginator(shown.actions(desk, states), PAGE_SIZE).get_page(request.GET.get("page"))
    rows = [shown.Decision(each) for each in page.object_list]
    context = {"desk": desk, "page": page, "rows": rows, "view": view}
    return render(request, "desk/moderation/decisions.html", context)


@staff
@require_safe
@at_desk
def appeals(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Appeals that wait."""
    within.require_decision(desk)
    page = Paginator(shown.appeals(), PAGE_SIZE).get_page(request.GET.get("page"))
    rows = [(each, shown.Decision(each.action)) for each in page.object_list]
    return render(request, "desk/moderation/appeals.html", {"desk": desk, "page": page, "rows": rows})


@staff
@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def action(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """One decision; what is sent here is an appeal of the author."""
    found = within.action_of(desk, pk)
    form = AppealForm(posted(request), initial={"received": desk.now.astimezone(desk.calendar.tz).date()})
    if request.method == "POST":
        within.require_decision(desk)

        def record() -> None:
            received = datetime.combine(form.cleaned_data["received"], time(), desk.calendar.tz)
            appealing.record_appeal(
                action=found,
                text=form.cleaned_data["text"],
                received_at=received,
                by=desk.account,
                now=desk.now,
            )

        if accepted(form, record):
            messages.success(request, _("Жалоба записана. Решать её будет не тот, кто принял решение."))
            return HttpResponseRedirect(reverse("desk:moderation_action", args=[pk]))
    return show_action(request, desk, found, appeal=form)


def show_action(
    request: HttpRequest, desk: Desk, found: ModerationAction, *, appeal: AppealForm | None = None,
    undo: UndoForm | None = None, verdict: VerdictForm | None = None,
) -> HttpResponse:  # fmt: skip
    """The page of a decision, with the form that was refused, if one was."""
    today = desk.now.astimezone(desk.calendar.tz).date()
    forms = (appeal, undo, verdict)
    contested = list(found.appeals.select_related("recorded_by", "decided_by").order_by("pk"))
    context = {
        "desk": desk,
        "action": found,
        "decision": shown.Decision(found),
        "powers": shown.Powers.at(desk, found),
        "history": shown.history(found),
        "appeals": contested,
        "open_appeal": next((each for each in contested if not each.verdict), None),
        "is_own": found.decided_by_id == desk.account.pk,
        "appeal_form": appeal or AppealForm(None, initial={"received": today}),
        "undo_form": undo or UndoForm(None),
        "verdict_form": verdict or VerdictForm(None),
    }
    refused = any(form is not None and form.is_bound for form in forms)
    return render(request, "desk/moderation/action.html", context, status=422 if refused else 200)
