"""A term of keeping as it is typed: how many days, why, and whether it holds."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from otklik.casework.models import RetentionRule
from otklik.casework.rules import retention as rules
from otklik.desk.register_forms.base import RegisterForm


class RetentionForm(RegisterForm):
    """The three things of a rule; `version` tells whether somebody was faster."""

    days = forms.IntegerField(label=gettext_lazy("Сколько дней хранить"))
    ground = forms.CharField(
        label=gettext_lazy("Почему столько"),
        max_length=rules.LONGEST_GROUND,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Закон, приказ или решение региона. Без фамилий."),
    )
    is_active = forms.BooleanField(label=gettext_lazy("Стирать по этому сроку каждую ночь"), required=False)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, rule: RetentionRule, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rule = rule
        least, most = rules.BOUNDS[rule.kind]
        days = self.fields["days"]
        days.help_text = _("От %(least)s до %(most)s.") % {"least": least, "most": most}
        days.widget.attrs |= {"min": least, "max": most, "inputmode": "numeric"}

    def clean_days(self) -> int:
        days: int = self.cleaned_data["days"]
        least, most = rules.BOUNDS[self.rule.kind]
        if not least <= days <= most:
            raise forms.ValidationError(
                _("Так нельзя: от %(least)s до %(most)s дней.") % {"least": least, "most": most}
            )
        return days

    @property
    def takes_more(self) -> bool:
        """Whether rows would go that stay as the rule is now; only of a form that is right."""
        data = self.cleaned_data
        return rules.takes_more(
            days=data["days"],
            is_active=data["is_active"],
            before_days=self.rule.days,
            was_active=self.rule.is_active,
        )
