"""The small forms that open above the answer: one at a time, each for one act, each with its own address."""

from dataclasses import dataclass, field
from typing import Any

from django.http import Http404

from otklik.casework.enums import RejectReason, Resolution
from otklik.casework.models import Incident
from otklik.channels.enums import Place
from otklik.desk import choices, forms
from otklik.desk.access import Desk
from otklik.desk.preview import Seen, as_seen
from otklik.triage.enums import IncidentKind, Priority


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
    "correct": forms.ConfirmForm,
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
    if name == "assign":
        return {"assignee": incident.assignee_id}
    return {"resolution": incident.resolution or Resolution.SOLVED} if name == "close" else {}


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
        **_bodies(incident, desk),
    }


_LISTS: dict[str, Any] = {
    "correct": _verdict,
    "route": _bodies,
    "reject": lambda _incident, _desk: {"reasons": RejectReason.choices},
    "close": lambda _incident, _desk: {"resolutions": Resolution.choices},
    "publish": lambda incident, _desk: {
        "resolutions": Resolution.choices,
        "direct": incident.message.place == Place.DIRECT,
    },
}
