"""The small forms that open above the answer: one at a time, each for one act, each with its own address."""

from dataclasses import dataclass, field
from typing import Any

from django.http import Http404

from otklik.casework.enums import RejectReason, Resolution
from otklik.casework.models import Incident
from otklik.casework.rules import spans
from otklik.channels.enums import Place
from otklik.desk import choices, forms, triage_forms
from otklik.desk.access import Desk
from otklik.desk.candidates import candidates
from otklik.desk.opinions import USUAL_QUESTION, draft_question, family_of
from otklik.desk.preview import Seen, as_seen
from otklik.triage.enums import IncidentKind, Priority
from otklik.triage.models import Verdict


@dataclass(frozen=True, slots=True)
class Panel:
    """An open panel: its template, its form (with what was typed), and lists to choose from."""

    name: str
    form: forms.CardForm
    lists: dict[str, Any] = field(default_factory=dict)
    seen: Seen | None = None

    @property
    def template(self) -> str:
        """The template that draws it."""
        return f"desk/panels/{self.name}.html"


FORMS: dict[str, type[forms.CardForm]] = {
    "correct": triage_forms.ConfirmForm,
    "split": triage_forms.PiecesForm,
    "ask": triage_forms.AskForm,
    "reject": forms.RejectForm,
    "route": forms.RouteForm,
    "decline": forms.DeclineForm,
    "assign": forms.AssignForm,
    "attach": forms.AttachForm,
    "close": forms.CloseForm,
    "reopen": forms.ReopenForm,
    "settle": forms.SettleForm,
    "publish": forms.PublishForm,
}


def panel_of(name: str, incident: Incident, desk: Desk, form: forms.CardForm | None = None) -> Panel:
    """The panel by its name; 404 for an unknown one, 403 for one the person may never use."""
    if name not in FORMS:
        raise Http404
    desk.require(incident, name)
    form = form or FORMS[name](incident=incident, desk=desk, initial=_initial(name, incident))
    lists = _LISTS[name](incident, desk) if name in _LISTS else {}
    if "bodies" in lists:
        _keep_chosen(lists, str(form["executor"].value() or ""))
    text = str(form["text"].value() or "") if name == "publish" else ""
    return Panel(name, form, lists, as_seen(incident, text) if name == "publish" else None)


def _keep_chosen(lists: dict[str, Any], chosen: str) -> None:
    """A body found by search is none of the usual ones: it stays chosen when the form comes back."""
    known = {choice.value for choice in [*lists["likely"], *lists["bodies"]]}
    if chosen.isascii() and chosen.isdigit() and len(chosen) <= 18 and chosen not in known:
        lists["likely"] = [*lists["likely"], *choices.bodies_by_id([int(chosen)])]


def _initial(name: str, incident: Incident) -> dict[str, Any]:
    if name == "correct":
        return {
            "topic": incident.topic.code,
            "kind": incident.kind,
            "priority": incident.priority,
            "executor": incident.executor_id or incident.suggested_id,
        }
    if name == "ask":
        return {"text": _question(incident)}
    if name == "assign":
        return {"assignee": incident.assignee_id}
    return {"resolution": incident.resolution or Resolution.SOLVED} if name == "close" else {}


def _question(incident: Incident) -> str:
    verdict = Verdict.objects.filter(message_id=incident.message_id, part=incident.part).first()
    return draft_question(incident, verdict) or USUAL_QUESTION


def _bodies(incident: Incident, desk: Desk) -> dict[str, Any]:
    likely = choices.likely_bodies(incident)
    known = {choice.value for choice in likely}
    may = (
        set(choices.bodies_for(incident, desk).values_list("pk", flat=True))
        if not desk.reach.center
        else None
    )
    rest = [choice for choice in choices.main_bodies() if choice.value not in known]
    if may is not None:
        likely = [choice for choice in likely if int(choice.value) in may]
        rest = [choice for choice in rest if int(choice.value) in may]
    return {"likely": likely, "bodies": rest}


def _verdict(incident: Incident, desk: Desk) -> dict[str, Any]:
    return {
        "groups": choices.topics_by_group(),
        "kinds": IncidentKind.choices,
        "priorities": Priority.choices,
        "municipalities": choices.municipalities(),
        "settlements": choices.settlements_near(incident),
        **_bodies(incident, desk),
    }


def _pieces(incident: Incident, desk: Desk) -> dict[str, Any]:
    """The sentences of the question to choose from, and the other questions of the message by their numbers."""
    text = incident.message.text
    siblings = Incident.objects.visible_to(desk.reach).filter(message_id=incident.message_id)
    others = siblings.exclude(pk=incident.pk).select_related("topic").defer("search")
    family = list(enumerate(family_of(incident, list(others)), 1))
    own = spans.clauses(spans.own(incident.spans, text), text)[: triage_forms.MOST_PIECES]
    return {
        "pieces": [(f"{start}-{end}", text[start:end]) for start, end in own],
        "number": next(number for number, each in family if each.pk == incident.pk),
        "others": [(number, each) for number, each in family if each.pk != incident.pk],
    }


def _alike(incident: Incident, desk: Desk) -> dict[str, Any]:
    return {"alike": candidates(incident, desk)}


_LISTS: dict[str, Any] = {
    "split": _pieces,
    "attach": _alike,
    "correct": _verdict,
    "route": _bodies,
    "reject": lambda _incident, _desk: {"reasons": RejectReason.choices},
    "close": lambda incident, _desk: {"resolutions": choices.outcomes(incident)},
    "publish": lambda incident, _desk: {
        "resolutions": choices.outcomes(incident),
        "direct": incident.message.place == Place.DIRECT,
    },
}
