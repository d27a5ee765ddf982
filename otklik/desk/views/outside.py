"""Asking somebody outside: the links of an incident, a new one, its end, the photos that came back."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from otklik.casework.models import ExternalLink, ExternalPhoto, ExternalReply
from otklik.casework.operations import external
from otklik.casework.operations.photos import add_photos
from otklik.casework.rules import IllegalMove
from otklik.desk import facts
from otklik.desk.access import Desk, at_desk
from otklik.desk.outside import LinkForm, begun, links_of
from otklik.desk.pages import Extra, query_of, show
from otklik.desk.panels import said_before
from otklik.desk.photos import WRONG
from otklik.people.access import staff

_WRONG = (external.LinkNeedsWords, external.LinkTermTooLong, external.LinkOfEnded)


@staff
@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def outside(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """Links of the incident with what came back by them, and the form of a new one."""
    incident = desk.incident(pk)
    desk.require(incident, "draft")
    form = LinkForm(request.POST if request.method == "POST" else None, initial=begun(incident, desk))
    problem = ""
    if request.method == "POST" and form.is_valid():
        try:
            external.make_link(incident=incident, by=desk.account, now=desk.now, **form.given(desk.now))
        except _WRONG as fact:
            problem = facts.message(fact)
        else:
            messages.success(request, _("Ссылка готова. Скопируйте её и отправьте исполнителю."))
            return HttpResponseRedirect(reverse("desk:outside", args=[pk]))
    context = {
        "desk": desk,
        "incident": incident,
        "query": query_of(request, desk),
        "form": form,
        "problem": problem,
        "links": links_of(incident, desk.now),
    }
    status = 422 if problem or form.errors else 200
    return render(request, "desk/outside/page.html", context, status=status)


@staff
@require_POST
@at_desk
def revoke(request: HttpRequest, desk: Desk, pk: int, number: int) -> HttpResponse:
    """The link dies at once."""
    incident = desk.incident(pk)
    desk.require(incident, "draft")
    link = ExternalLink.objects.filter(incident=incident, pk=number).first()
    if link is None:
        raise Http404
    external.revoke_link(link=link, by=desk.account, now=desk.now)
    messages.success(request, _("Ссылка отозвана: по ней больше ничего не видно."))
    return HttpResponseRedirect(reverse("desk:outside", args=[pk]))


@staff
@require_POST
@at_desk
def use(request: HttpRequest, desk: Desk, pk: int, number: int) -> HttpResponse:
    """The card with the answer from outside put after what is in the draft; a person makes an answer of it."""
    incident = desk.incident(pk)
    desk.require(incident, "draft")
    reply = ExternalReply.objects.filter(link__incident=incident, pk=number).first()
    if reply is None:
        raise Http404
    before = str(said_before(incident).get("text") or "").strip()
    text = f"{before}\n\n{reply.text}" if before else reply.text
    return show(request, desk, query_of(request, desk), pk, Extra(typed=text))


@staff
@require_POST
@at_desk
def attach(request: HttpRequest, desk: Desk, pk: int, number: int) -> HttpResponse:
    """Photos that came back stand beside the draft as what shows that the work is done."""
    incident = desk.incident(pk)
    desk.require(incident, "draft")
    reply = ExternalReply.objects.filter(link__incident=incident, pk=number).first()
    if reply is None:
        raise Http404
    bodies = [bytes(body) for body in reply.photos.order_by("number").values_list("body", flat=True)]
    try:
        add_photos(incident=incident, photos=bodies, by=desk.account, now=desk.now)
    except (*WRONG, IllegalMove) as fact:
        messages.error(request, facts.message(fact))
        return HttpResponseRedirect(reverse("desk:outside", args=[pk]))
    messages.success(request, _("Фотографии приложены к черновику ответа."))
    return HttpResponseRedirect(reverse("desk:photos", args=[pk]))


@staff
@require_safe
@at_desk
def photo(request: HttpRequest, desk: Desk, pk: int, number: int) -> HttpResponse:
    """One photo that came back: seen by whoever sees the incident."""
    incident = desk.incident(pk)
    found = ExternalPhoto.objects.filter(reply__link__incident=incident, pk=number).first()
    if found is None:
        raise Http404
    response = HttpResponse(bytes(found.body), content_type="image/jpeg")
    response["Cache-Control"] = "private, max-age=3600"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
