"""What is done to a card: each view checks the right, calls one verb, and shows the card as it then is."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from otklik.casework.models import Incident
from otklik.desk import facts
from otklik.desk.access import Desk, at_desk
from otklik.desk.counts import forget
from otklik.desk.forms import CardForm, PublishForm
from otklik.desk.pages import Extra, query_of, show
from otklik.desk.panels import FORMS, panel_of
from otklik.desk.triage_forms import MoveForm, OtherForm
from otklik.desk.views.deeds import NAMES, Act, acts
from otklik.people.access import staff

# Acts whose form is a part of another panel, and where what was wrong with them is shown.
HIDDEN_FORMS: dict[str, type[CardForm]] = {"join": OtherForm, "move_span": MoveForm, "submit": PublishForm}
_SHOWN_IN = {"confirm": "correct", "join": "split", "move_span": "split", "submit": "publish"}


def perform(request: HttpRequest, desk: Desk, pk: int, act: Act) -> HttpResponse:
    """Check, call the verb, answer. A fact it raises is shown on the card with everything that was typed."""
    incident = desk.incident(pk)
    desk.require(incident, act.power)
    form = _form(act.power, incident, desk, request)
    if not form.is_valid():
        return refuse(request, desk, act, form, problem=_("Проверьте выделенное."), status=422)
    try:
        result = act.verb(incident=incident, desk=desk, version=form.cleaned_data["version"], **form.given)
    except facts.FACTS as fact:
        return refuse(request, desk, act, form, problem=facts.message(fact), status=facts.status(fact))
    forget(desk)
    messages.success(request, act.done % {"number": incident.number}, extra_tags=_undo(act, form, result))
    return answer(request, desk, incident)


def _undo(act: Act, form: CardForm, result: Any) -> str:
    if callable(act.undo):
        return act.undo(form, result)
    return reverse(act.undo, args=[form.incident.pk]) if act.undo else ""


def _form(power: str, incident: Incident, desk: Desk, request: HttpRequest) -> CardForm:
    name = "correct" if power == "confirm" else power
    form = HIDDEN_FORMS.get(name) or FORMS.get(name, CardForm)
    return form(request.POST, incident=incident, desk=desk)


def refuse(
    request: HttpRequest, desk: Desk, act: Act, form: CardForm, *, problem: str, status: int
) -> HttpResponse:
    """The card again with what is wrong; the panel stays open with its fields as they were typed."""
    name, pk = _SHOWN_IN.get(act.power, act.power), form.incident.pk
    # The next try counts from the card that is shown now.
    incident = desk.incident(pk)
    form.data = {**form.data.dict(), "version": str(incident.version)}  # type: ignore[attr-defined]
    panel = panel_of(name, incident, desk, form if name != "split" else None) if name in FORMS else None
    typed = request.POST.get("text") if name == "publish" else None
    extra = Extra(problem=problem, panel=panel, typed=typed, status=status)
    return show(request, desk, query_of(request, desk), pk, extra)


def answer(request: HttpRequest, desk: Desk, incident: Incident) -> HttpResponse:
    """The card after an act: the same one, or the next of the queue when the page asked for it."""
    query, following = query_of(request, desk), request.POST.get("next", "")
    pk = (
        int(following)
        if following.isascii() and following.isdigit() and len(following) <= 18
        else incident.pk
    )
    if not Incident.objects.visible_to(desk.reach).filter(pk=pk).exists():
        pk = 0
    address = reverse("desk:incident", args=[pk]) if pk else reverse("desk:queue")
    address = f"{address}?{query.string}"
    if not request.htmx:  # type: ignore[attr-defined]
        return HttpResponseRedirect(address)
    response = show(request, desk, query, pk or None)
    response["HX-Push-Url"] = address
    response["HX-Trigger"] = f'{{"desk:moved": {{"id": {incident.pk}}}}}'
    return response


def _view(name: str) -> Callable[..., Any]:
    @staff
    @require_POST
    @at_desk
    def view(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
        return perform(request, desk, pk, acts()[name])

    view.__name__ = view.__qualname__ = name
    return view


VIEWS = {name: _view(name) for name in NAMES}
