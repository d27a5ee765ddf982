"""What is done to a card: each view checks the right, calls one verb, and shows the card as it then is."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from otklik.casework import operations as casework
from otklik.casework.enums import AnswerStatus
from otklik.casework.models import Answer, Incident
from otklik.channels import operations as channels
from otklik.desk import facts
from otklik.desk.access import Desk, at_desk
from otklik.desk.counts import forget
from otklik.desk.forms import CardForm
from otklik.desk.pages import Extra, query_of, show
from otklik.desk.panels import FORMS, panel_of
from otklik.desk.triage_forms import MoveForm, OtherForm
from otklik.people.access import staff
from otklik.people.rules import Right

Verb = Callable[..., Any]
# Acts whose form is a part of another panel, and where what was wrong with them is shown.
HIDDEN_FORMS: dict[str, type[CardForm]] = {"join": OtherForm, "move_span": MoveForm}
_SHOWN_IN = {"confirm": "correct", "join": "split", "move_span": "split"}


@dataclass(frozen=True, slots=True)
class Act:
    """One act: the power it needs, its verb, what to say when it is done, and what undoes it.

    `undo` is the name of an address of the incident, or makes the whole address of what was done and typed.
    """

    power: str
    verb: Verb
    done: str
    undo: str | Callable[[CardForm, Any], str] = ""


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


def _undo_split(form: CardForm, made: Incident) -> str:
    return f"{reverse('desk:join', args=[form.incident.pk])}?other={made.pk}"


def _undo_join(form: CardForm, _incident: Incident) -> str:
    return reverse("desk:detach", args=[form.given["other"].pk])


def _undo_move(form: CardForm, _incident: Incident) -> str:
    given = form.given
    back = [("other", form.incident.pk), *(("piece", f"{start}-{end}") for start, end in given["spans"])]
    return f"{reverse('desk:move_span', args=[given['other'].pk])}?{urlencode(back)}"


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


def _by_account(verb: Verb) -> Verb:
    """A verb of casework that wants the account."""

    def call(*, desk: Desk, **given: Any) -> Any:
        return verb(by=desk.account, now=desk.now, **given)

    return call


def _by_actor(verb: Verb) -> Verb:
    """A verb of casework that wants only the name for the trace."""

    def call(*, desk: Desk, **given: Any) -> Any:
        return verb(by=desk.account.actor, now=desk.now, **given)

    return call


def _route(*, incident: Incident, desk: Desk, **given: Any) -> Incident:
    """Who sorts for the centre hands over by its decision; a body that hands over has declined."""
    as_center = Right.TRIAGE in desk.rights_over(incident)
    return casework.route(
        incident=incident, by=desk.account.actor, now=desk.now, as_center=as_center, **given
    )


def _settle(*, incident: Incident, desk: Desk, version: int | None, **given: Any) -> None:
    """A person says how the delivery ended; its receipt then moves the incident."""
    on_the_way = [AnswerStatus.PUBLISHING, AnswerStatus.UNCERTAIN]
    answer = (
        Answer.objects.filter(incident=incident, status__in=on_the_way).select_related("delivery").first()
    )
    if answer is None or answer.delivery is None:
        raise channels.TooLate
    channels.settle(delivery=answer.delivery, by=desk.account.actor, now=desk.now, **given)


def acts() -> dict[str, Act]:
    """Every act by the last part of its address; made on each call, because its words follow the language."""
    undo_reject, undo_attach = "desk:restore", "desk:detach"
    return {
        "confirm": Act("confirm", _by_account(casework.confirm), _("№ %(number)s направлено в орган")),
        "correct": Act(
            "correct", _by_account(casework.confirm), _("№ %(number)s исправлено и направлено в орган")
        ),
        "split": Act("split", _by_actor(casework.split), _("№ %(number)s: вопрос отделён"), _undo_split),
        "join": Act("join", _by_actor(casework.join), _("№ %(number)s: вопросы соединены"), _undo_join),
        "move_span": Act(
            "move_span", _by_actor(casework.move_span), _("№ %(number)s: кусок перенесён"), _undo_move
        ),
        "ask": Act(
            "ask", _by_account(casework.ask), _("№ %(number)s: вопрос уходит автору"), "desk:take_back"
        ),
        "go_on": Act("go_on", _by_actor(casework.go_on), _("№ %(number)s: продолжаем без ответа автора")),
        "reject": Act("reject", _by_actor(casework.reject), _("№ %(number)s отклонено"), undo_reject),
        "restore": Act("restore", _by_actor(casework.restore), _("№ %(number)s возвращено в разбор")),
        "attach": Act("attach", _by_actor(casework.attach), _("№ %(number)s присоединено"), undo_attach),
        "detach": Act("detach", _by_actor(casework.detach), _("№ %(number)s отсоединено")),
        "accept": Act("accept", _by_account(casework.accept), _("№ %(number)s принято в работу")),
        "decline": Act("decline", _by_actor(casework.decline), _("№ %(number)s возвращено в центр")),
        "take_up": Act("take_up", _by_account(casework.take_up), _("№ %(number)s снова в работе")),
        "route": Act("route", _route, _("№ %(number)s передано")),
        "assign": Act("assign", _by_actor(casework.assign), _("№ %(number)s: ответственный назначен")),
        "publish": Act("publish", _by_account(casework.publish), _("№ %(number)s: ответ отправлен в сеть")),
        "take_back": Act("take_back", _by_account(casework.take_back), _("№ %(number)s: ответ отозван")),
        "settle": Act("settle", _settle, _("№ %(number)s: записано")),
        "close": Act("close", _by_actor(casework.close), _("№ %(number)s закрыто")),
        "reopen": Act("reopen", _by_actor(casework.reopen), _("№ %(number)s возобновлено")),
    }


def _view(name: str) -> Callable[..., Any]:
    @staff
    @require_POST
    @at_desk
    def view(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
        return perform(request, desk, pk, acts()[name])

    view.__name__ = view.__qualname__ = name
    return view


NAMES = (
    "confirm",
    "correct",
    "split",
    "join",
    "move_span",
    "ask",
    "go_on",
    "reject",
    "restore",
    "attach",
    "detach",
    "accept",
    "take_up",
    "decline",
    "route",
    "assign",
    "publish",
    "take_back",
    "settle",
    "close",
    "reopen",
)
VIEWS = {name: _view(name) for name in NAMES}
