"""Forms of the way to a page: its start, the link of the page, moves with a note, the key of the community."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from otklik.desk.register_forms.base import LONGEST_REASON, LONGEST_TEXT, RegisterForm
from otklik.desk.register_forms.pages import link_values
from otklik.registry.models import OnboardingCase


class StartForm(RegisterForm):
    """Who asked, and whom to talk to."""

    contact = forms.CharField(
        label=_("Ответственный в организации"),
        max_length=200,
        required=False,
        help_text=_("Имя, должность, телефон. Можно записать позже."),
    )
    note = forms.CharField(
        label=_("Заметка"),
        max_length=LONGEST_TEXT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class CaseForm(RegisterForm):
    """A move of a case as the person saw it."""

    version = forms.IntegerField(min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)
    note = forms.CharField(label=_("Заметка"), max_length=LONGEST_REASON, required=False)


class TickForm(RegisterForm):
    """An item of the checklist that is done."""

    code = forms.CharField(max_length=40)
    evidence = forms.CharField(label=_("Чем подтверждено"), max_length=LONGEST_TEXT, required=False)


class LinkForm(RegisterForm):
    """The page that the organisation made, by its link."""

    held_by = {"screen_name": "url", "network": "url"}

    url = forms.CharField(
        label=_("Ссылка на страницу"),
        max_length=500,
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off"}),
        help_text=_("Скопируйте из адресной строки."),
    )
    title = forms.CharField(label=_("Название страницы"), max_length=200)
    external_id = forms.CharField(
        label=_("Номер в сети"),
        max_length=40,
        required=False,
        help_text=_("Если в ссылке есть номер (club123), возьмём его оттуда."),
    )

    def __init__(self, *args: Any, case: OnboardingCase, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.case = case
        self.initial.setdefault("title", case.organization.name[:200])

    def clean(self) -> dict[str, Any]:
        """Take the number and the short name out of the link."""
        given = super().clean() or self.cleaned_data
        return given | link_values(self, given, self.case.network)


class KeyForm(RegisterForm):
    """The key of the community. It is never shown again."""

    key = forms.CharField(
        label=_("Ключ доступа сообщества"),
        max_length=500,
        widget=forms.PasswordInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    long_poll = forms.BooleanField(
        label=_("Спрашивать события самим (сервер не виден из интернета)"), required=False
    )

    def clean_key(self) -> str:
        """A key is one word of visible signs."""
        key = str(self.cleaned_data["key"]).strip()
        if not key.isascii() or not key.isprintable() or " " in key:
            raise forms.ValidationError(_("В ключе лишние знаки: скопируйте его целиком и без пробелов."))
        return key
