"""What a dispatcher says of a verdict: agrees, corrects, says where; cuts and joins questions; asks the author."""

import re
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from otklik.casework.models import Incident
from otklik.casework.operations import Place
from otklik.desk.forms import CardForm, choose_from
from otklik.registry.models import Municipality, Organization, Settlement
from otklik.triage.enums import IncidentKind, Priority
from otklik.triage.models import Topic, Verdict
from otklik.triage.operations import Asked, routes_for

MOST_PIECES = 400
_PIECE = re.compile(r"([0-9]{1,7})-([0-9]{1,7})")
_PLACE = ("municipality", "settlement", "street_name", "house", "object_name")


class ConfirmForm(CardForm):
    """The verdict as a person sees it; `auto` leaves the body of another topic or place to the rules of routing.

    The place is the person's only when the form has its fields (`placed`) or one of several that fit was chosen.
    """

    topic = forms.ModelChoiceField(Topic.objects.none(), to_field_name="code", label=_("Тема"))
    kind = forms.ChoiceField(choices=IncidentKind.choices, label=_("Вид"))
    priority = forms.ChoiceField(choices=Priority.choices, label=_("Важность"))
    executor = forms.ModelChoiceField(Organization.objects.none(), required=False, label=_("Орган"))
    auto = forms.BooleanField(required=False)
    place_option = forms.IntegerField(required=False, min_value=0, max_value=50)
    placed = forms.BooleanField(required=False)
    municipality = forms.ModelChoiceField(
        Municipality.objects.none(), required=False, label=_("Муниципалитет")
    )
    settlement = forms.ModelChoiceField(
        Settlement.objects.none(), required=False, label=_("Населённый пункт")
    )
    street_name = forms.CharField(required=False, max_length=150, label=_("Улица"))
    house = forms.CharField(required=False, max_length=30, label=_("Дом"))
    object_name = forms.CharField(required=False, max_length=200, label=_("Объект"))

    def prepare(self) -> None:
        choose_from(self, "topic", Topic.objects.active())
        choose_from(self, "executor", Organization.objects.filter(is_active=True))
        choose_from(self, "municipality", Municipality.objects.all())
        choose_from(self, "settlement", Settlement.objects.select_related("municipality"))
        incident = self.incident
        # What the form began with tells a place that a person wrote from one that was only sent along.
        place: dict[str, Any] = {
            "municipality": incident.municipality_id,
            "settlement": incident.settlement_id,
            "street_name": str(incident.street or incident.street_name),
            "house": incident.house,
            "object_name": incident.object_name,
        }
        self.initial = {**self.initial, **place}

    @property
    def given(self) -> dict[str, Any]:
        said = self.cleaned_data
        given: dict[str, Any] = {name: said[name] for name in ("topic", "kind", "priority", "executor")}
        given["place"] = self._place()
        if said["auto"] and said["topic"].pk != self.incident.topic_id:
            given["executor"] = self._body(said["topic"], given["place"])
        elif said["auto"] and given["place"] is not None:
            given["executor"] = self._body(said["topic"], given["place"]) or given["executor"]
        return given

    def _place(self) -> Place | None:
        said = self.cleaned_data
        if said["placed"] and any(name in self.changed_data for name in _PLACE):
            return Place(**{name: said[name] for name in _PLACE})
        if said["place_option"] is not None:
            return self._option(said["place_option"])
        return None

    def _option(self, number: int) -> Place | None:
        """One of the places that fit, as the verdict keeps them: [words, municipality, settlement, street]."""
        incident = self.incident
        verdict = Verdict.objects.filter(message_id=incident.message_id, part=incident.part).first()
        options = verdict.place_options if verdict else []
        if number >= len(options) or len(options[number]) < 3:
            return None
        _words, municipality, settlement = options[number][:3]
        return Place(
            municipality=Municipality.objects.filter(pk=municipality).first(),
            settlement=Settlement.objects.select_related("municipality").filter(pk=settlement).first(),
            street_name=incident.street_name,
            house=incident.house,
            object_name=incident.object_name,
        )

    def _body(self, topic: Topic, place: Place | None) -> Organization | None:
        incident = self.incident
        settlement, municipality = incident.settlement_id, incident.municipality_id
        if place is not None and place.settlement:
            settlement, municipality = place.settlement.pk, place.settlement.municipality_id
        elif place is not None and place.municipality:
            settlement, municipality = None, place.municipality.pk
        (route,) = routes_for([Asked(topic, incident.page, municipality, settlement)])
        return Organization.objects.filter(pk=route.body, is_active=True).first() if route.body else None


class PiecesForm(CardForm):
    """Pieces of the message that a person chose, each as «start-end» in its characters."""

    @property
    def given(self) -> dict[str, Any]:
        return {"spans": self.spans}

    @property
    def spans(self) -> list[tuple[int, int]]:
        """The pieces; what is not written as one is passed over, and a verb refuses a choice of nothing."""
        chosen = self.data.getlist("piece") if isinstance(self.data, QueryDict) else []
        found = [match for each in chosen[:MOST_PIECES] if (match := _PIECE.fullmatch(str(each)))]
        return [(int(match[1]), int(match[2])) for match in found]


class OtherForm(CardForm):
    """Another question of the same message."""

    other = forms.ModelChoiceField(Incident.objects.none())

    def prepare(self) -> None:
        within = Incident.objects.visible_to(self.desk.reach).filter(message_id=self.incident.message_id)
        choose_from(self, "other", within.exclude(pk=self.incident.pk).defer("search"))

    @property
    def given(self) -> dict[str, Any]:
        return {"other": self.cleaned_data["other"]}


class MoveForm(OtherForm, PiecesForm):
    """Pieces for another question of the same message."""

    @property
    def given(self) -> dict[str, Any]:
        return {"other": self.cleaned_data["other"], "spans": self.spans}


class AskForm(CardForm):
    """A question to the author; whether it is empty or too long is the verb's to say."""

    text = forms.CharField(required=False, strip=False, label=_("Вопрос автору"), widget=forms.Textarea)

    @property
    def given(self) -> dict[str, Any]:
        return {"text": self.cleaned_data["text"].replace("\r\n", "\n")}
