"""The small forms that open above the answer: one at a time, each for one act, each with its own address."""

from dataclasses import dataclass, field
from typing import Any

from django.http import Http404
from django.urls import reverse
from django.utils import timezone

from otklik.casework import operations as casework
from otklik.casework.enums import AnswerKind, AnswerStatus, ReadingReason, RejectReason, Resolution
from otklik.casework.models import Answer, Incident
from otklik.casework.rules import spans
from otklik.channels.enums import Place
from otklik.desk import choices, forms, move_forms, plain_panels, triage_forms
from otklik.desk.access import Desk
from otklik.desk.candidates import candidates
from otklik.desk.notes import NoteForm
from otklik.desk.opinions import USUAL_QUESTION, draft_question, family_of
from otklik.desk.preview import Seen, as_seen
from otklik.desk.review_forms import ReviewForm, review_lists
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
        name = plain_panels.TEMPLATE if self.name in plain_panels.PLAIN else self.name
        return f"desk/panels/{name}.html"

    @property
    def words(self) -> plain_panels.Words | None:
        """What a plain panel says."""
        return plain_panels.PLAIN.get(self.name)

    @property
    def address(self) -> str:
        """Where its form goes."""
        return reverse(f"desk:{self.name}", args=[self.form.incident.pk])


FORMS: dict[str, type[forms.CardForm]] = {
    "correct": triage_forms.ConfirmForm,
    "split": triage_forms.PiecesForm,
    "ask": triage_forms.AskForm,
    "reject": forms.RejectForm,
    "route": forms.RouteForm,
    "decline": forms.DeclineForm,
    "assign": forms.AssignForm,
    "attach": forms.AttachForm,
    "review": ReviewForm,
    "close": forms.CloseForm,
    "reopen": forms.ReopenForm,
    "settle": forms.SettleForm,
    "publish": forms.PublishForm,
    "approve": forms.CardForm,
    "send_back": move_forms.SendBackForm,
    "return_for_rework": move_forms.ReworkForm,
    "dispute": move_forms.DisputeForm,
    "not_done": move_forms.NotDoneForm,
    "postpone": move_forms.PostponeForm,
    "pause": move_forms.ReasonForm,
    "extend": move_forms.ExtendForm,
    "allow_interim": move_forms.ReasonForm,
    "take_on": move_forms.TakeOnForm,
    "transfer": move_forms.TransferForm,
    "tell_again": move_forms.TellAgainForm,
    "take_result": move_forms.TakeResultForm,
    "open_personal": forms.OpenPersonalForm,
    "note": NoteForm,
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
    if name == "publish":
        lists["ways"] = _ways(incident, desk, str(form["text"].value() or ""))
    return Panel(name, form, lists, _seen(name, incident, form, lists))


def _seen(name: str, incident: Incident, form: forms.CardForm, lists: dict[str, Any]) -> Seen | None:
    """The text as the network will show it, where one is about to go out."""
    if name == "publish":
        return as_seen(incident, str(form["text"].value() or ""))
    answer: Answer | None = lists.get("answer")
    return as_seen(incident, answer.text) if answer else None


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
    if name == "take_on":
        return {"executor": incident.suggested_id or incident.page.organization_id}
    if name == "postpone":
        return move_forms.first_given(incident)
    if name == "publish":
        return said_before(incident)
    return {"resolution": incident.resolution or Resolution.SOLVED} if name == "close" else {}


def said_before(incident: Incident) -> dict[str, Any]:
    """What the draft was before it came back: its kind, its day, its outcome."""
    draft = Answer.objects.filter(incident=incident, status=AnswerStatus.DRAFT).first()
    if draft is None:
        return {"kind": AnswerKind.FINAL, "together": True}
    day = timezone.localtime(draft.promised_for).date() if draft.promised_for else None
    return {
        "kind": draft.kind,
        "promised_for": day,
        "resolution": draft.resolution,
        "text": draft.text,
        "together": True,
    }


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
        "pieces": [(f"{start}-{end}", casework.masked_line(text[start:end])) for start, end in own],
        "number": next(number for number, each in family if each.pk == incident.pk),
        "others": [(number, each) for number, each in family if each.pk != incident.pk],
    }


def _ways(incident: Incident, desk: Desk, text: str) -> frozenset[str]:
    """How the text may leave the hands of whoever wrote it: at once, or past a second person."""
    ways = desk.powers(incident) & {"publish", "submit"}
    policy = casework.policy_for(incident, desk.account, text.strip(), desk.now)
    return ways - {"publish"} if policy.needed(AnswerKind.FINAL, incident.plans) else ways


def _under_approval(incident: Incident) -> Answer | None:
    found = Answer.objects.filter(incident=incident, status=AnswerStatus.APPROVAL)
    return found.select_related("author").first()


def _alike(incident: Incident, desk: Desk) -> dict[str, Any]:
    return {"alike": candidates(incident, desk)}


_LISTS: dict[str, Any] = {
    "split": _pieces,
    "attach": _alike,
    "correct": _verdict,
    "route": _bodies,
    "reject": lambda _incident, _desk: {"reasons": RejectReason.choices},
    "open_personal": lambda _incident, _desk: {
        "reasons": [each for each in ReadingReason.choices if each[0] != ReadingReason.OTHER]
    },
    "close": lambda incident, _desk: {"resolutions": choices.outcomes(incident)},
    "publish": lambda incident, desk: {
        "draft": Answer.objects.filter(incident=incident, status=AnswerStatus.DRAFT).first(),
        "resolutions": choices.outcomes(incident),
        "kinds": forms.KINDS,
        "today": timezone.localtime(desk.now).date(),
        "direct": incident.message.place == Place.DIRECT,
        "waits_until": casework.waits_until(incident, desk.now),
    },
    "approve": lambda incident, _desk: {
        "answer": _under_approval(incident),
        "direct": incident.message.place == Place.DIRECT,
    },
    "take_on": _bodies,
    "review": lambda incident, _desk: review_lists(incident),
}
