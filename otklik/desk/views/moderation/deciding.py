"""Deciding about a message, doing it by hand, taking it back, deciding an appeal."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from otklik.casework.models import Incident, ModerationAction
from otklik.casework.operations import appealing, masked, moderating
from otklik.desk.access import Desk, at_desk
from otklik.desk.moderation import shown, within
from otklik.desk.moderation.forms import DecisionForm, UndoForm, VerdictForm
from otklik.desk.moderation.said import accepted, done
from otklik.desk.register.said import posted
from otklik.desk.views.moderation.browsing import show_action
from otklik.inbox.models import SourceMessage
from otklik.people.access import staff


def _action(pk: int) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("desk:moderation_action", args=[pk]))


@staff
@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def message(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """One message: its words first, then what may be done about it."""
    found = within.message_of(desk, pk)
    question = moderating.open_question(found)
    form = DecisionForm(posted(request), asks=question is not None)

    def decide() -> None:
        given: dict[str, Any] = form.cleaned_data
        moderating.decide(message=found, by=desk.account, now=desk.now, **given)

    if request.method == "POST" and accepted(form, decide):
        messages.success(request, _("Решение принято и отправлено в сеть."))
        return HttpResponseRedirect(reverse("desk:moderation_way"))
    return _show(request, desk, found, form, question)


def _show(
    request: HttpRequest, desk: Desk, found: SourceMessage, form: DecisionForm, question: Incident | None
) -> HttpResponse:
    about = ModerationAction.objects.filter(message=found).select_related("rule", "decided_by")
    theirs = ModerationAction.objects.filter(author=found.author_id, page=found.page_id)
    earlier = theirs.exclude(message=found).exclude(measure="leave") if found.author_id else theirs.none()
    context = {
        "desk": desk,
        "message": found,
        "text": masked(found.text),
        "link": moderating.link_of(found),
        "incidents": Incident.objects.filter(message=found).only("received_at", "state").order_by("part"),
        "question": question,
        "form": form,
        "about": [shown.Decision(each) for each in about.order_by("-pk")[: shown.MOST_SHOWN]],
        "earlier": [
            shown.Decision(each)
            for each in earlier.select_related("rule", "decided_by").order_by("-pk")[: shown.MOST_SHOWN]
        ],
    }
    return render(request, "desk/moderation/message.html", context, status=422 if form.errors else 200)


@staff
@require_POST
@at_desk
def leave(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """The message stays where it stands."""
    found = within.message_of(desk, pk)
    if done(request, lambda: moderating.leave_alone(message=found, by=desk.account, now=desk.now)):
        messages.success(request, _("Оставили как есть. Сообщение больше не ждёт решения."))
    return HttpResponseRedirect(reverse("desk:moderation"))


@staff
@require_POST
@at_desk
def confirm(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """An administrator has done it in the network."""
    found = within.action_of(desk, pk)
    if not within.may_finish(desk, found):
        within.require_decision(desk)
    if done(request, lambda: moderating.confirm_by_hand(action=found, by=desk.account, now=desk.now)):
        messages.success(request, _("Записано: сделано вами в сети."))
    return _action(pk)


@staff
@require_POST
@at_desk
def again(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """The network is asked once more."""
    found = within.action_of(desk, pk)
    within.require_decision(desk)
    if done(request, lambda: moderating.try_again(action=found, by=desk.account, now=desk.now)):
        messages.success(request, _("Отправлено в сеть ещё раз."))
    return _action(pk)


@staff
@require_POST
@at_desk
def undo(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """The decision is taken back."""
    found = within.action_of(desk, pk)
    within.require_decision(desk)
    form = UndoForm(posted(request))

    def take_back() -> None:
        moderating.undo(action=found, reason=form.cleaned_data["reason"], by=desk.account, now=desk.now)

    if not accepted(form, take_back):
        return show_action(request, desk, found, undo=form)
    messages.success(request, _("Решение отменяется. Что уже сделано в сети, будет возвращено."))
    return _action(pk)


@staff
@require_POST
@at_desk
def verdict(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """An appeal is decided."""
    appeal = within.appeal_of(desk, pk)
    form = VerdictForm(posted(request))

    def decide() -> None:
        appealing.decide_appeal(
            appeal=appeal, grant=form.cleaned_data["verdict"] == "granted",
            reason=form.cleaned_data["reason"], by=desk.account, now=desk.now,
        )  # fmt: skip

    if not accepted(form, decide):
        return show_action(request, desk, within.action_of(desk, appeal.action_id), verdict=form)
    messages.success(request, _("Решение по жалобе записано. Сообщите его автору."))
    return _action(appeal.action_id)
