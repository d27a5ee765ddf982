"""What people type at the desk, turned into values for the verbs. Reach is checked where bodies are chosen."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from otklik.casework.enums import DeclineReason, RejectReason, Resolution
from otklik.casework.models import Incident
from otklik.desk.access import Desk
from otklik.desk.choices import assignees, bodies_for
from otklik.people.models import Account
from otklik.people.rules import Right
from otklik.registry.models import Organization

LONGEST_REASON = 2000
LARGEST_NUMBER = 2**63 - 1


class CardForm(forms.Form):
    """Something done to one card: it carries the version that the person saw."""

    version = forms.IntegerField(required=False, min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)

    def __init__(self, *args: Any, incident: Incident, desk: Desk, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.incident, self.desk = incident, desk
        self.initial.setdefault("version", incident.version)
        self.prepare()

    def prepare(self) -> None:
        """Set choices that depend on the incident or the person."""

    @property
    def given(self) -> dict[str, Any]:
        """The values for the verb, without the version."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


class RejectForm(CardForm):
    reason = forms.ChoiceField(choices=RejectReason.choices, label=_("Причина"))


class RouteForm(CardForm):
    executor = forms.ModelChoiceField(Organization.objects.none(), label=_("Кому передать"))
    reason = forms.CharField(
        max_length=LONGEST_REASON, required=False, label=_("Почему"), widget=forms.Textarea(attrs={"rows": 3})
    )

    def prepare(self) -> None:
        choose_from(self, "executor", bodies_for(self.incident, self.desk))


class DeclineForm(CardForm):
    code = forms.ChoiceField(choices=DeclineReason.choices, label=_("Причина"))
    comment = forms.CharField(
        max_length=LONGEST_REASON,
        required=False,
        label=_("Чья это работа, если знаете"),
        widget=forms.TextInput,
    )

    @property
    def given(self) -> dict[str, Any]:
        label, comment = (
            str(DeclineReason(self.cleaned_data["code"]).label),
            self.cleaned_data["comment"].strip(),
        )
        return {"reason": f"{label}: {comment}" if comment else self.cleaned_data["code"]}


class AssignForm(CardForm):
    assignee = forms.ModelChoiceField(
        Account.objects.none(), required=False, label=_("Ответственный"), empty_label=_("Никто")
    )

    def prepare(self) -> None:
        found = assignees(self.incident)
        # Whoever only works may take an incident, not give it to others.
        if not self.desk.reach.may(
            Right.ASSIGN, organization=self.incident.executor_id, page=self.incident.page_id
        ):
            found = Account.objects.filter(pk=self.desk.account.pk)
        choose_from(self, "assignee", found)


class AttachForm(CardForm):
    number = forms.CharField(max_length=40, label=_("Номер инцидента"))

    def clean_number(self) -> Incident:
        digits = self.cleaned_data["number"].replace("№", "").strip().rsplit("-", 1)[-1]
        pk = int(digits) if digits.isascii() and digits.isdigit() else 0
        within = Incident.objects.visible_to(self.desk.reach).defer("search")
        parent = within.filter(pk=pk).first() if 0 < pk <= LARGEST_NUMBER else None
        if parent is None:
            raise forms.ValidationError(_("Нет инцидента с таким номером."))
        if parent.pk == self.incident.pk:
            raise forms.ValidationError(_("Это номер самого инцидента: укажите другой."))
        return parent

    @property
    def given(self) -> dict[str, Any]:
        return {"parent": self.cleaned_data["number"]}


class CloseForm(CardForm):
    resolution = forms.ChoiceField(choices=Resolution.choices, label=_("Чем кончилось"))


class ReopenForm(CardForm):
    reason = forms.CharField(
        max_length=LONGEST_REASON, required=False, label=_("Почему"), widget=forms.Textarea(attrs={"rows": 3})
    )


class SettleForm(CardForm):
    """What a person found in the network about an answer whose fate was not known."""

    outcome = forms.ChoiceField(
        choices=[
            ("found", _("Ответ стоит")),
            ("again", _("Отправить ещё раз")),
            ("give_up", _("Не отправлять")),
        ]
    )
    permalink = forms.URLField(
        required=False, max_length=300, label=_("Ссылка на ответ"), assume_scheme="https"
    )

    @property
    def given(self) -> dict[str, Any]:
        outcome = self.cleaned_data["outcome"]
        return {
            "found": outcome == "found",
            "again": outcome == "again",
            "permalink": self.cleaned_data["permalink"],
        }


class PublishForm(CardForm):
    """The answer; whether it is empty or too long is the verb's to say."""

    text = forms.CharField(required=False, strip=False, label=_("Ответ"), widget=forms.Textarea)
    resolution = forms.ChoiceField(
        choices=Resolution.choices, required=False, label=_("Чем кончилось"), widget=forms.RadioSelect
    )

    @property
    def given(self) -> dict[str, Any]:
        # Browsers send newlines as \r\n; the network and the counter of characters know \n.
        text = self.cleaned_data["text"].replace("\r\n", "\n")
        return {"text": text, "resolution": self.cleaned_data["resolution"] or Resolution.EXPLAINED}


class DraftForm(CardForm):
    text = forms.CharField(required=False, strip=False, widget=forms.Textarea)
    draft_version = forms.IntegerField(
        required=False, min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput
    )

    @property
    def given(self) -> dict[str, Any]:
        text = self.cleaned_data["text"].replace("\r\n", "\n")
        return {"text": text, "draft_version": self.cleaned_data["draft_version"] or 0}


def choose_from(form: forms.Form, name: str, found: Any) -> None:
    """Offer these rows in the field of that name."""
    field = form.fields[name]
    assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 — tells mypy, and the reader
    field.queryset = found
