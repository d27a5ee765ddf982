"""Which incidents a person wants as a table, and the filters of one in words."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from otklik.casework.enums import ReadingReason, State
from otklik.casework.models import BroughtIncident, IncidentExport
from otklik.casework.operations import NeedsReadingReason
from otklik.casework.operations.exchange_export import Filters
from otklik.casework.operations.exchange_masks import may_open_table
from otklik.desk import choices
from otklik.desk.access import Desk
from otklik.desk.facts import message
from otklik.desk.register import lists
from otklik.desk.register_forms.base import choose_from, day_input
from otklik.people.rules import Right
from otklik.registry.models import Municipality, Organization

MOST_BODIES = 300


class ExportForm(forms.Form):
    """The filters of a table; what is left empty is not asked."""

    since = forms.DateField(required=False, label=gettext_lazy("Поступили с"), widget=day_input())
    until = forms.DateField(required=False, label=gettext_lazy("Поступили по"), widget=day_input())
    organization = forms.ChoiceField(required=False, label=gettext_lazy("Орган, вместе с подведомственными"))
    municipality = forms.ChoiceField(required=False, label=gettext_lazy("Муниципалитет"))
    state = forms.ChoiceField(required=False, label=gettext_lazy("Состояние"))
    source = forms.ChoiceField(
        required=False, choices=IncidentExport.Source.choices, label=gettext_lazy("Что выгрузить")
    )

    reason = forms.ChoiceField(required=False, label=gettext_lazy("Персональные данные"))
    words = forms.CharField(required=False, max_length=300, label=gettext_lazy("Другая причина, словами"))

    def __init__(self, *args: Any, desk: Desk, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        every = [("", _("все"))]
        choose_from(self, "organization", every + _bodies(desk))
        choose_from(
            self, "municipality", every + [(each.value, each.label) for each in choices.municipalities()]
        )
        choose_from(self, "state", every + [(code, str(label)) for code, label in State.choices])
        self._offer_to_open(desk)
        if not BroughtIncident.objects.exists():
            self.fields["source"].widget = forms.HiddenInput()

    def _offer_to_open(self, desk: Desk) -> None:
        """Who may not open anything is not asked: such a table is always masked."""
        if not may_open_table(desk.reach):
            del self.fields["reason"], self.fields["words"]
            return
        reasons = [(code, _("открыть: %(why)s") % {"why": label}) for code, label in ReadingReason.choices]
        choose_from(self, "reason", [("", _("скрыть")), *reasons])

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        since, until = said.get("since"), said.get("until")
        if since and until and until < since:
            self.add_error("until", _("Конец периода раньше его начала."))
        if said.get("reason") == ReadingReason.OTHER and not said.get("words"):
            self.add_error("words", message(NeedsReadingReason()))
        return said

    @property
    def opening(self) -> dict[str, str]:
        """Why personal data should be open, for the verb; nothing asks for a masked table."""
        said = self.cleaned_data
        words = said.get("words", "") if said.get("reason") == ReadingReason.OTHER else ""
        return {"reason": said.get("reason", ""), "words": words}

    @property
    def filters(self) -> Filters:
        """What was asked, for the verb."""
        said = self.cleaned_data
        return Filters(
            since=said["since"],
            until=said["until"],
            organization=int(said["organization"] or 0) or None,
            municipality=int(said["municipality"] or 0) or None,
            state=said["state"],
        )


def _bodies(desk: Desk) -> list[tuple[str, str]]:
    everywhere, organizations, _pages = desk.reach.where(Right.EXCHANGE)
    if everywhere:
        return [(each.value, each.label) for each in lists.superiors()]
    found = Organization.objects.filter(pk__in=organizations).order_by("level", "short_name")[:MOST_BODIES]
    return [(str(each.pk), each.short_name) for each in found]


class Words:
    """Filters of many tables in words; names are read once for all."""

    def __init__(self, exports: Iterable[IncidentExport]) -> None:
        told = [export.filters for export in exports]
        bodies = {each["organization"] for each in told if "organization" in each}
        places = {each["municipality"] for each in told if "municipality" in each}
        self.bodies = (
            dict(Organization.objects.filter(pk__in=bodies).values_list("pk", "short_name")) if bodies else {}
        )
        self.places = (
            dict(Municipality.objects.filter(pk__in=places).values_list("pk", "short_name")) if places else {}
        )

    def of(self, export: IncidentExport) -> str:
        """«с 1 января 2026 по 31 марта 2026, закрыто, Бердск»; «за всё время» when nothing was asked."""
        told, parts = export.filters, []
        for name, words in (("since", _("с %(day)s")), ("until", _("по %(day)s"))):
            if name in told:
                parts.append(words % {"day": date_format(date.fromisoformat(told[name]), "j E Y")})
        period = " ".join(parts)
        rest = [
            _small(str(State(told["state"]).label)) if told.get("state") in State.values else "",
            self.bodies.get(told.get("organization"), ""),
            self.places.get(told.get("municipality"), ""),
        ]
        return ", ".join(part for part in (period, *rest) if part) or _("за всё время")


def _small(label: str) -> str:
    """A label inside a sentence; abbreviations in it stay as they are."""
    return label[:1].lower() + label[1:]
