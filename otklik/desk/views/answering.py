"""The draft: kept while it is typed, seen before it goes out, never overwritten by somebody else's."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from otklik.casework import operations as casework
from otklik.casework.enums import AnswerStatus
from otklik.casework.models import Answer, Incident
from otklik.common.when import when
from otklik.desk import facts
from otklik.desk.access import Desk, at_desk
from otklik.desk.enums import Doing
from otklik.desk.forms import DraftForm, PublishForm
from otklik.desk.operations import appear, leave
from otklik.desk.pages import Extra, query_of, show
from otklik.desk.panels import panel_of, said_before
from otklik.people.access import staff


@staff
@require_POST
@at_desk
def draft(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """Keep the text so far. A script gets JSON; a plain form gets the card, with its text kept in any case."""
    incident = desk.incident(pk)
    desk.require(incident, "draft")
    form = DraftForm(request.POST, incident=incident, desk=desk)
    if not form.is_valid():
        return JsonResponse({"problem": _("Проверьте выделенное.")}, status=422)
    try:
        kept = casework.save_draft(incident=incident, by=desk.account, now=desk.now, **form.given)
    except facts.FACTS as fact:
        return _not_kept(request, desk, incident, fact, form.given["text"])
    if _wants_json(request):
        return JsonResponse(
            {"version": kept.version, "saved": _("сохранено %(time)s") % {"time": when(desk.now, desk.now)}}
        )
    return HttpResponseRedirect(f"{reverse('desk:incident', args=[pk])}?{query_of(request, desk).string}")


def _wants_json(request: HttpRequest) -> bool:
    return request.headers.get("Accept", "").startswith("application/json")


def _not_kept(
    request: HttpRequest, desk: Desk, incident: Incident, fact: Exception, typed: str
) -> HttpResponse:
    """Somebody else's draft is there, or the card has moved on: show it beside what was typed."""
    theirs = (
        Answer.objects.filter(incident=incident, status=AnswerStatus.DRAFT).select_related("author").first()
    )
    problem = facts.message(fact)
    if theirs and isinstance(fact, casework.NotYourDraft):
        words = {"name": theirs.author.get_short_name(), "time": when(theirs.updated_at, desk.now)}
        problem = (
            _("Черновик изменил(а) %(name)s в %(time)s. Ваш текст сохранён здесь, сверьте его с новым.")
            % words
        )
    if _wants_json(request):
        other = {"text": theirs.text, "version": theirs.version} if theirs else {"text": "", "version": 0}
        return JsonResponse({"problem": problem, "theirs": other}, status=facts.status(fact))
    extra = Extra(
        problem=problem, typed=typed, theirs=theirs.text if theirs else "", status=facts.status(fact)
    )
    return show(request, desk, query_of(request, desk), incident.pk, extra)


@staff
@require_POST
@at_desk
def preview(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """The answer as the network will show it, with the button that sends it. Nothing is changed."""
    incident = desk.incident(pk)
    desk.require(incident, "submit")
    text = request.POST.get("text", "")
    initial = {**said_before(incident), "text": text, "version": incident.version}
    panel = panel_of("publish", incident, desk, PublishForm(incident=incident, desk=desk, initial=initial))
    return show(request, desk, query_of(request, desk), pk, Extra(panel=panel, typed=text))


@staff
@require_POST
@at_desk
def discard(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """Throw the draft away, if it is still the one the person saw."""
    incident = desk.incident(pk)
    desk.require(incident, "draft")
    seen = request.POST.get("draft_version", "")
    version = int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 10 else 0
    try:
        casework.discard_draft(incident=incident, by=desk.account, now=desk.now, draft_version=version)
    except facts.FACTS as fact:
        return _not_kept(request, desk, incident, fact, request.POST.get("text", ""))
    return show(request, desk, query_of(request, desk), pk)


@staff
@require_POST
@at_desk
def presence(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """«I am here»: the others at the card come back. `doing=left` says goodbye; `left` names the card before this."""
    incident = desk.place(pk)
    doing, before = request.POST.get("doing", Doing.READING), request.POST.get("left", "")
    if before.isascii() and before.isdigit() and len(before) <= 18:
        leave(pk=int(before), account=desk.account)
    if doing == "left":
        leave(pk=pk, account=desk.account)
        return HttpResponse(status=204)
    known = doing if doing in Doing.values else Doing.READING
    others = appear(incident=incident, account=desk.account, doing=known, now=desk.now)
    return render(request, "desk/presence.html", {"others": others})
