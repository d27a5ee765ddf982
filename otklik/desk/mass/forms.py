"""The forms of a mass problem: its beginning, its answer."""

from datetime import datetime, time
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from otklik.casework.enums import AnswerKind, Resolution
from otklik.casework.operations.mass_answering import KINDS, OUTCOMES, MassWords
from otklik.desk.register_forms.base import RegisterForm, choose_from, day_input

WORKING_DAY_ENDS = time(18, 0)


class BeginForm(RegisterForm):
    """Cause, place, body, members."""

    cause = forms.CharField(
        label=_("Причина"),
        max_length=200,
        help_text=_("Словами для жителей: «Авария на подстанции», «Отмена рейсов маршрута 189»."),
        widget=forms.TextInput(attrs={"autofocus": True}),
    )
    area = forms.ChoiceField(label=_("Где"))
    executor = forms.ChoiceField(label=_("Ответственный орган"))
    members = forms.TypedMultipleChoiceField(label=_("Вопросы"), coerce=int, required=False)
    rest = forms.BooleanField(required=False)

    def __init__(
        self,
        *args: Any,
        areas: list[tuple[str, str]],
        bodies: list[tuple[str, str]],
        found: list[int],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        choose_from(self, "area", list(areas))
        choose_from(self, "executor", list(bodies))
        choose_from(self, "members", [(pk, str(pk)) for pk in found])


class AnswerForm(RegisterForm):
    """What everybody is told."""

    kind = forms.ChoiceField(label=_("Что это"), choices=[(each, AnswerKind(each).label) for each in KINDS])
    text = forms.CharField(
        label=_("Ответ"), required=False, widget=forms.Textarea(attrs={"rows": 7, "maxlength": 3600})
    )
    promised = forms.DateField(label=_("Обещанный день"), required=False, widget=day_input())
    resolution = forms.ChoiceField(
        label=_("Итог"),
        required=False,
        choices=[("", "—"), *((each, Resolution(each).label) for each in OUTCOMES)],
    )
    version = forms.IntegerField(widget=forms.HiddenInput, initial=0)

    @property
    def said(self) -> MassWords:
        """What was typed, as the verb takes it: a day ends with the working day."""
        given = self.cleaned_data
        day = given["promised"]
        promised = (
            timezone.make_aware(datetime.combine(day, WORKING_DAY_ENDS), timezone.get_current_timezone())
            if day
            else None
        )
        return MassWords(given["text"], given["kind"], given["resolution"], promised)
