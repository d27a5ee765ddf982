"""Forms of the moves that follow an answer, of time and of other orders of things: a few words, a day, a code."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from otklik.casework.enums import ReworkCode, TransferTarget
from otklik.casework.models import Incident
from otklik.casework.operations.answering import LONGEST_ANSWER
from otklik.desk.choices import bodies_for
from otklik.desk.forms import LONGEST_REASON, CardForm, choose_from, day_field, end_of
from otklik.registry.models import Organization

# The codes that a person gives; the others are of plans, and their verbs say them.
ANSWER_CODES = [
    (code.value, code.label)
    for code in ReworkCode
    if code not in {ReworkCode.PLAN_NOT_DONE, ReworkCode.THIRD_POSTPONEMENT}
]


def words_field(label: Any, **given: Any) -> forms.CharField:
    """A few lines; whether they may be empty is the verb's to say, so that what was typed elsewhere stays."""
    rows = given.pop("rows", 3)
    return forms.CharField(label=label, widget=forms.Textarea(attrs={"rows": rows}), required=False, **given)


class ReasonForm(CardForm):
    """Why: whoever reads the history reads it too."""

    reason = words_field(_("Почему"), max_length=LONGEST_REASON)


class SendBackForm(CardForm):
    reason = words_field(_("Что исправить"), max_length=LONGEST_REASON)


class ReworkForm(CardForm):
    code = forms.ChoiceField(choices=ANSWER_CODES, label=_("Чем ответ не подходит"))
    comment = words_field(_("Что исправить"), max_length=LONGEST_REASON)


class NotDoneForm(CardForm):
    comment = words_field(_("Что не сделано"), max_length=LONGEST_REASON)


class DisputeForm(CardForm):
    reason = words_field(_("С чем автор не согласен"), max_length=LONGEST_REASON)


class PostponeForm(CardForm):
    promised_for = day_field(_("Новый день"), required=False)
    text = words_field(
        _("Что написать жителю"),
        max_length=LONGEST_ANSWER,
        rows=5,
        help_text=_("Новый срок и причину увидят под вашим ответом, когда их согласует второй человек."),
    )

    @property
    def given(self) -> dict[str, Any]:
        day = end_of(self.cleaned_data["promised_for"], self.desk.now)
        return {"text": self.cleaned_data["text"].replace("\r\n", "\n"), "promised_for": day}


class ExtendForm(CardForm):
    until = day_field(
        _("До какого дня"),
        help_text=_("Продлить можно один раз и не дальше 30 дней от промежуточного ответа."),
    )
    reason = words_field(_("Почему"), max_length=LONGEST_REASON)

    @property
    def given(self) -> dict[str, Any]:
        until = end_of(self.cleaned_data["until"], self.desk.now)
        return {"until": until, "reason": self.cleaned_data["reason"]}


class TransferForm(CardForm):
    target = forms.ChoiceField(choices=TransferTarget.choices, label=_("Куда"))
    text = words_field(
        _("Извещение жителю"),
        max_length=LONGEST_ANSWER,
        rows=5,
        help_text=_("Напишите, куда передан вопрос и когда ждать ответа. Извещение уйдёт сразу."),
    )
    reason = words_field(_("Почему не отвечаем сами"), max_length=LONGEST_REASON)

    @property
    def given(self) -> dict[str, Any]:
        found = super().given
        return found | {"text": found["text"].replace("\r\n", "\n")}


class TellAgainForm(CardForm):
    text = words_field(_("Извещение жителю"), max_length=LONGEST_ANSWER, rows=5)

    @property
    def given(self) -> dict[str, Any]:
        return {"text": self.cleaned_data["text"].replace("\r\n", "\n")}


class TakeResultForm(CardForm):
    result = words_field(_("Что решили"), max_length=LONGEST_REASON, rows=4)


class TakeOnForm(CardForm):
    executor = forms.ModelChoiceField(Organization.objects.none(), label=_("За какой орган"))

    def prepare(self) -> None:
        choose_from(self, "executor", bodies_for(self.incident, self.desk))


def first_given(incident: Incident) -> dict[str, Any]:
    """What a promise that is moved begins with: the day that was promised."""
    return {
        "promised_for": timezone.localtime(incident.final_due_at).date() if incident.final_due_at else None
    }
