"""What people type at the desk, turned into values for the verbs. Reach is checked where bodies are chosen."""

from datetime import date, datetime, time
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from otklik.casework.enums import AnswerKind, DeclineReason, RejectReason, Resolution
from otklik.casework.models import Incident
from otklik.casework.operations import Checked
from otklik.desk.access import Desk
from otklik.desk.choices import assignees, bodies_for
from otklik.people.models import Account
from otklik.people.rules import Right
from otklik.registry.models import Organization

LONGEST_REASON = 2000
LARGEST_NUMBER = 2**63 - 1


def end_of(day: date | None, at: datetime) -> datetime | None:
    """The last minute of a promised day by the clock of the region, which is the one in force at the desk."""
    return datetime.combine(day, time(23, 59), timezone.localtime(at).tzinfo) if day else None


def day_field(label: Any, **given: Any) -> forms.DateField:
    """A day that the browser offers a calendar for."""
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget, **given)


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


class OpenPersonalForm(CardForm):
    """Why; which reasons are known, and whether words are needed, is the verb's to say."""

    reason = forms.CharField(max_length=10, required=False)
    words = forms.CharField(max_length=300, required=False, label=_("Другая причина"))


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


# What an answer can be: to the end, on the way with a day, or a plan with its day.
KINDS = [
    (AnswerKind.FINAL.value, _("окончательный")),
    (AnswerKind.INTERIM.value, _("промежуточный, с днём окончательного")),
    (AnswerKind.PLAN.value, _("план, с днём исполнения")),
]


class PublishForm(CardForm):
    """The answer; whether it is empty, too long or promises no day is the verb's to say."""

    text = forms.CharField(required=False, strip=False, label=_("Ответ"), widget=forms.Textarea)
    kind = forms.ChoiceField(choices=KINDS, required=False, label=_("Какой это ответ"))
    promised_for = day_field(_("Обещанный день"), required=False)
    resolution = forms.ChoiceField(
        choices=Resolution.choices, required=False, label=_("Чем кончилось"), widget=forms.RadioSelect
    )
    # What the check advises has been read; what blocks is not to be overruled.
    overruled = forms.BooleanField(required=False, label=_("Публикую как есть"))
    # Of a message with several questions: the answer waits for the others.
    together = forms.BooleanField(required=False, label=_("Одним ответом с другими вопросами сообщения"))

    @property
    def given(self) -> dict[str, Any]:
        # Browsers send newlines as \r\n; the network and the counter of characters know \n.
        text = self.cleaned_data["text"].replace("\r\n", "\n")
        kind = self.cleaned_data["kind"] or AnswerKind.FINAL.value
        day = self.cleaned_data["promised_for"] if kind != AnswerKind.FINAL else None
        return {
            "text": text,
            "kind": kind,
            "promised_for": end_of(day, self.desk.now),
            "resolution": self.cleaned_data["resolution"] or Resolution.EXPLAINED,
            "checked": Checked(overruled=self.cleaned_data["overruled"]),
            "together": self.cleaned_data["together"],
        }


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
