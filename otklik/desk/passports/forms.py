"""What people fill in about a passport: evidence, another term, why a task is taken off."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

LONGEST = 2000


class AttestForm(forms.Form):
    """A person's word for what no network shows."""

    evidence = forms.CharField(
        label=gettext_lazy("Чем это можно подтвердить"),
        help_text=gettext_lazy("Ссылка на страницу сайта, номер приказа или ссылка на снимок экрана."),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class WithdrawForm(forms.Form):
    """Why an attestation holds no longer."""

    reason = forms.CharField(label=gettext_lazy("Почему подтверждение неверно"), max_length=LONGEST)


class PostponeForm(forms.Form):
    """Another term of a task, with its reason."""

    until = forms.DateField(
        label=gettext_lazy("Новый срок"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    reason = forms.CharField(label=gettext_lazy("Почему"), max_length=LONGEST)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["until"].widget.attrs["min"] = today.isoformat()

    def clean_until(self) -> date:
        """A term lies ahead."""
        until: date = self.cleaned_data["until"]
        if until <= self.today:
            raise ValidationError(_("Новый срок должен быть позже сегодняшнего дня."))
        return until


class CancelForm(forms.Form):
    """Why a task is taken off without being done."""

    reason = forms.CharField(
        label=gettext_lazy("Почему задача не нужна"),
        help_text=gettext_lazy("Например: учреждение закрыто на ремонт, страница ведётся в другой сети."),
        max_length=LONGEST,
    )
