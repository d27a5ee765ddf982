"""Objections of bodies to returns, as the desk shows them: on the card, on a form, in the list of the centre."""

from dataclasses import dataclass
from datetime import datetime

from django import forms
from django.core.exceptions import PermissionDenied
from django.db.models import F, QuerySet
from django.http import Http404
from django.utils.translation import gettext_lazy as _

from otklik.casework.models import Incident, Move, ReturnAppeal
from otklik.casework.operations import NeedsReason, StaleCard, return_appeals
from otklik.casework.rules.post_control import CONTESTED
from otklik.desk.access import Desk
from otklik.desk.card import Card
from otklik.desk.register_forms.base import RegisterForm
from otklik.people.rules import Right

LARGEST_KEY = 2**63 - 1
FACTS: tuple[type[Exception], ...] = (
    NeedsReason,
    StaleCard,
    return_appeals.NothingToContest,
    return_appeals.ContestedAlready,
    return_appeals.TooLateToContest,
    return_appeals.ContestIsDecided,
    return_appeals.OwnReturn,
)


def is_of(desk: Desk, body: int | None) -> bool:
    """Whether the person is an official of the body: the centre is of none."""
    return body is not None and Right.WORK in desk.reach.organizations.get(body, frozenset())


def decides(desk: Desk) -> bool:
    """Whether the person judges answers for the centre, and so objections to such judgements."""
    return Right.CLOSE in desk.reach.center


@dataclass(frozen=True, slots=True)
class Contest:
    """What the card says: an objection with what came of it, or until when the person may still object."""

    appeal: ReturnAppeal | None
    until: datetime | None
    decides: bool


def on_card(card: Card, desk: Desk) -> Contest | None:
    """Of the latest return of the card; no query where nothing came back, one where something did."""
    move = return_appeals.contested_move(card.moves)
    if move is None:
        return None
    appeal = ReturnAppeal.objects.filter(move=move).first()
    if appeal is not None:
        return Contest(appeal, None, decides(desk))
    until = return_appeals.contest_until(move)
    return Contest(None, until, False) if is_of(desk, move.executor_id) and desk.now <= until else None


def returned(incident: Incident, desk: Desk) -> Move:
    """The return that the person would contest. Refuses (403) whoever is no official of its body; 404 without one."""
    latest = incident.moves.filter(verb__in=CONTESTED).order_by("-pk")[:1]
    move = return_appeals.contested_move(latest)
    if not is_of(desk, move.executor_id if move else incident.executor_id):
        raise PermissionDenied
    if move is None:
        raise Http404
    return move


def listed() -> QuerySet[ReturnAppeal]:
    """Every objection: those that wait by their term, then the decided ones, the latest first."""
    found = ReturnAppeal.objects.select_related("incident", "move", "body", "contested_by", "decided_by")
    found = found.defer("incident__search", "incident__question")
    return found.order_by(F("decided_at").desc(nulls_first=True), "due_at", "pk")


def waiting() -> int:
    """How many wait for a decision."""
    return ReturnAppeal.objects.filter(verdict="").count()


def appeal_by(pk: int) -> ReturnAppeal:
    """The objection with what it is about; 404 without one."""
    found = ReturnAppeal.objects.filter(pk=min(pk, LARGEST_KEY)).select_related(
        "incident__topic", "move", "answer", "body", "contested_by", "decided_by"
    )
    appeal = found.first()
    if appeal is None:
        raise Http404
    return appeal


class ContestForm(RegisterForm):
    """Why the answer was right."""

    reason = forms.CharField(
        label=_("Почему возврат неверен"),
        max_length=return_appeals.LONGEST_WORDS,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Что в ответе правильно и чем это подтверждается. Без фамилий и телефонов жителей."),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)


class DecisionForm(RegisterForm):
    """What comes of an objection."""

    verdict = forms.ChoiceField(
        label=_("Решение по возражению"),
        choices=[
            ("upheld", _("возврат остаётся в силе")),
            ("granted", _("орган прав: возврат не учитывать")),
        ],
        widget=forms.RadioSelect,
    )
    why = forms.CharField(
        label=_("Почему"),
        max_length=return_appeals.LONGEST_WORDS,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Орган прочитает это на карточке."),
    )
