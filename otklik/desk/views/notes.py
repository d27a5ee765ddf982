"""Notes of colleagues: read, edited, taken back; calls by name: listed, counted, read."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from otklik.casework import operations as casework
from otklik.casework.models import Incident, IncidentNote
from otklik.desk import facts
from otklik.desk.access import Desk, at_desk
from otklik.desk.notes import all_notes, callable_colleagues, listed, mentions_of, notes_of, unread
from otklik.desk.pages import query_of
from otklik.people.access import staff

PAGE_SIZE = 50


@staff
@require_safe
@at_desk
def notes(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """All notes of the incident with what they said before; for a script, those beside the card."""
    incident = desk.incident(pk)
    is_open = bool(casework.opened_by(incident=incident, reader=desk.account, now=desk.now))
    context = {
        "desk": desk,
        "incident": incident,
        "query": query_of(request, desk),
        "may_note": "note" in desk.powers(incident),
    }
    if request.headers.get("HX-Request") == "true":
        context["notes"] = notes_of(incident, desk, is_open=is_open)
        return render(request, "desk/notes/section.html", context)
    context["notes"] = all_notes(incident, desk, is_open=is_open)
    return render(request, "desk/notes/page.html", context)


@staff
@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def edit(request: HttpRequest, desk: Desk, pk: int, number: int) -> HttpResponse:
    """Other words for one's own fresh note."""
    incident = desk.incident(pk)
    desk.require(incident, "note")
    note, problem, status = _own(incident, desk, number), "", 200
    text = request.POST.get("text", note.text)
    if request.method == "POST":
        try:
            casework.edit_note(note=note, text=text, by=desk.account, now=desk.now)
        except facts.FACTS as fact:
            problem, status = facts.message(fact), facts.status(fact)
        else:
            messages.success(request, _("Заметка изменена, прежний текст сохранён."))
            return HttpResponseRedirect(reverse("desk:notes", args=[pk]))
    context = {"desk": desk, "incident": incident, "note": note, "text": text, "problem": problem}
    return render(request, "desk/notes/edit.html", context, status=status)


@staff
@require_POST
@at_desk
def withdraw(request: HttpRequest, desk: Desk, pk: int, number: int) -> HttpResponse:
    """One's own note is taken back."""
    incident = desk.incident(pk)
    desk.require(incident, "note")
    try:
        casework.withdraw_note(note=_own(incident, desk, number), by=desk.account, now=desk.now)
    except facts.FACTS as fact:
        messages.error(request, facts.message(fact))
    else:
        messages.success(request, _("Заметка отозвана: её слов больше не видно."))
    return HttpResponseRedirect(reverse("desk:notes", args=[pk]))


@staff
@require_POST
@at_desk
def read(request: HttpRequest, desk: Desk, pk: int) -> JsonResponse:
    """The card with its notes is before the person's eyes; how many calls are left to read."""
    casework.read_mentions(incident=desk.incident(pk), by=desk.account, now=desk.now)
    return JsonResponse({"unread": unread(desk)})


@staff
@require_safe
@at_desk
def colleagues(request: HttpRequest, desk: Desk, pk: int) -> JsonResponse:
    """Who may be called by name at this incident, by the beginning of what is typed after @."""
    incident = desk.incident(pk)
    desk.require(incident, "note")
    words = request.GET.get("q", "").replace("\0", "")[:100]
    found = callable_colleagues(incident, words)
    return JsonResponse({"options": [choice._asdict() for choice in found]})


@staff
@require_safe
@at_desk
def mentions(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Where the person was called by name."""
    page = Paginator(listed(desk), PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "desk/notes/mentions.html", {"desk": desk, "page": page})


@staff
@require_safe
@at_desk
def mentions_count(_request: HttpRequest, desk: Desk) -> JsonResponse:
    """How many calls the person has not read: asked for by an open desk, never a part of a page."""
    return JsonResponse({"unread": unread(desk)})


@staff
@require_POST
@at_desk
def mention_open(_request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """Go to the incident; what called the person there is read."""
    found = mentions_of(desk).filter(pk=pk).select_related("note").first()
    if found is None:
        raise Http404
    incident = desk.incident(found.note.incident_id)
    casework.read_mentions(incident=incident, by=desk.account, now=desk.now)
    return HttpResponseRedirect(reverse("desk:incident", args=[incident.pk]))


def _own(incident: Incident, desk: Desk, number: int) -> IncidentNote:
    found = IncidentNote.objects.filter(incident=incident, author=desk.account, pk=number)
    note = found.select_related("incident").defer("incident__search").first()
    if note is None:
        raise Http404
    return note
