"""What people type to have a sample drawn, and the ten points of a drawn answer."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from otklik.casework.operations.sampling import LARGEST_SEED, Draw
from otklik.casework.rules.post_control import LARGEST_SAMPLE
from otklik.desk.register_forms.base import RegisterForm, day_input


class SampleForm(RegisterForm):
    """The days, how many, and the number that chance goes by."""

    first_day = forms.DateField(label=_("С какого дня"), widget=day_input())
    last_day = forms.DateField(
        label=_("По какой день"),
        widget=day_input(),
        help_text=_("Считаются дни публикации окончательного ответа. Последний день должен закончиться."),
    )
    share = forms.IntegerField(
        label=_("Доля ответов, %"), min_value=1, max_value=100, required=False, help_text=_("Или число ниже.")
    )
    size = forms.IntegerField(
        label=_("Сколько ответов"), min_value=1, max_value=LARGEST_SAMPLE, required=False
    )
    seed = forms.IntegerField(
        label=_("Число для жребия"),
        min_value=0,
        max_value=LARGEST_SEED,
        help_text=_("По нему выборку повторит любой проверяющий. Можно оставить то, что предложено."),
    )

    @property
    def draw(self) -> Draw:
        """What is ordered."""
        given: dict[str, Any] = self.cleaned_data
        return Draw(**given)
