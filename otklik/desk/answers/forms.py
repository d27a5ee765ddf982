"""What people type about the rules of the check."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from otklik.casework.enums import RuleMode
from otklik.casework.rules.answer_check import OWN_CODES
from otklik.desk.register_forms.base import LONGEST_REASON, RegisterForm

_LONGEST_LIST = 30_000


def _lines(label: object, help_text: object) -> forms.CharField:
    return forms.CharField(
        label=label,  # type: ignore[arg-type]
        help_text=help_text,  # type: ignore[arg-type]
        required=False,
        max_length=_LONGEST_LIST,
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "true"}),
    )


class CheckRuleForm(RegisterForm):
    """What the check does with one code; lists of words only where its rule has them."""

    mode = forms.ChoiceField(
        label=_("Что делает правило"), choices=RuleMode.choices, widget=forms.RadioSelect
    )
    words = _lines(
        _("Находить ещё и эти слова"),
        _("По одному на строке, до восьми слов в каждой. Звёздочка заменяет окончание: «запланирован*»."),
    )
    allowed = _lines(
        _("Эти слова не замечать"),
        _("Например, сокращение, которое в вашем регионе знает каждый."),
    )
    reason = forms.CharField(
        label=_("Почему меняете"),
        max_length=LONGEST_REASON,
        required=False,
        help_text=_("Останется в истории правила."),
    )

    def __init__(self, *args: Any, code: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if code not in OWN_CODES:
            del self.fields["words"], self.fields["allowed"]

    @property
    def values(self) -> dict[str, Any]:
        """The values for the verb."""
        given = self.cleaned_data
        lists: dict[str, Any] = {
            name: given[name].splitlines() for name in ("words", "allowed") if name in given
        }
        return {"mode": given["mode"], "reason": given["reason"], **lists}
