"""A form that shows the refusal of a verb beside its field, and the parts that forms of the register share."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from otklik.registry.rules.values import BadValue

LONGEST_REASON = 500
LONGEST_TEXT = 2000


class RegisterForm(forms.Form):
    """A form that shows what a verb refused beside the field it is about."""

    # A field of the verb → the field of the form that holds it, where the names differ.
    held_by: dict[str, str] = {}

    def refuse(self, fact: Exception, words: str) -> None:
        """Put the fact of a verb where the person will look."""
        if isinstance(fact, BadValue):
            name = self.held_by.get(fact.field, fact.field)
            words = gettext(fact.message) % fact.params if fact.params else gettext(fact.message)
            self.add_error(name if name in self.fields else None, words)
        else:
            self.add_error(None, words)


class ReasonForm(RegisterForm):
    """Only why."""

    reason = forms.CharField(
        label=_("Почему"), max_length=LONGEST_REASON, widget=forms.Textarea(attrs={"rows": 2})
    )


def choose_from(form: forms.Form, name: str, found: list[tuple[Any, Any]]) -> None:
    """Offer these in a field of the form."""
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)  # noqa: S101 — tells mypy, and the reader
    field.choices = found


def widget_of(field: forms.Field) -> forms.Select:
    """The field's list, typed."""
    assert isinstance(field.widget, forms.Select)  # noqa: S101 — tells mypy, and the reader
    return field.widget


def day_input() -> forms.DateInput:
    """A day as browsers ask for it."""
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
