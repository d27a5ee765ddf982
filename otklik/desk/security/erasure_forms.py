"""What people type about erasure and holds, and what the verbs refuse, beside the form."""

from collections.abc import Callable
from datetime import datetime, time
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from otklik.casework.enums import ErasureChannel
from otklik.casework.models import Incident
from otklik.casework.operations import erasing, erasure, holds, retention_rules
from otklik.casework.rules import retention
from otklik.channels.operations import AnswerOnItsWay
from otklik.desk.access import Desk
from otklik.desk.facts import message
from otklik.desk.register_forms.base import RegisterForm, day_input
from otklik.inbox.models import Author

_LONGEST_KEY = 15
FACTS: tuple[type[Exception], ...] = (
    erasing.StillInWork,
    erasure.AlreadyErased,
    erasure.NeedsProof,
    erasure.NeedsRefusal,
    erasure.RequestIsOpen,
    erasure.SecondPersonErases,
    erasure.WrongMomentOfRequest,
    holds.AlreadyLifted,
    holds.MayNotErase,
    holds.NeedsGround,
    holds.UnderHold,
    holds.WrongDay,
    retention.EventsGoFirst,
    retention.NeedsItsGround,
    retention.WordsGoBefore,
    retention.WrongTerm,
    retention_rules.RetentionChanged,
    AnswerOnItsWay,
)


def accepted(form: RegisterForm, verb: Callable[[], object]) -> bool:
    """Whether the form is right and the verb was done; what it refused stands in the form."""
    if not form.is_valid():
        return False
    try:
        verb()
    except FACTS as fact:
        form.refuse(fact, message(fact))
        return False
    return True


def incident_by(words: str) -> Incident | None:
    """The incident of a number as people write it: «№ 26-11-00017» or its last digits."""
    digits = words.replace("№", "").strip().rsplit("-", 1)[-1]
    if not (digits.isascii() and digits.isdigit() and len(digits) <= _LONGEST_KEY):
        return None
    return Incident.objects.select_related("message__author").filter(pk=int(digits)).first()


def author_by(words: str) -> Author | None:
    """The author of an incident's number, or of the address of a page in the network."""
    words = words.strip()
    if "/" not in words:
        incident = incident_by(words)
        return incident.message.author if incident else None
    number = words.rstrip("/").rsplit("/", 1)[-1].removeprefix("id")
    known = Author.objects.filter(erased_at=None)
    return known.filter(external_id=number[:40]).first() or known.filter(url=words.rstrip("/")).first()


class RequestForm(RegisterForm):
    """Who asks, how it came and when."""

    who = forms.CharField(
        label=gettext_lazy("Номер инцидента или адрес страницы автора"),
        max_length=300,
        help_text=gettext_lazy("Например, 26-11-00017 или https://vk.com/id1. Фамилию писать не нужно."),
    )
    channel = forms.ChoiceField(label=gettext_lazy("Как пришло"), choices=ErasureChannel.choices)
    day = forms.DateField(label=gettext_lazy("Получено"), widget=day_input())

    def clean_who(self) -> Author:
        found = author_by(self.cleaned_data["who"].replace("\0", ""))
        if found is None:
            raise forms.ValidationError(_("Такого автора нет: проверьте номер или адрес."))
        return found

    def given(self, desk: Desk) -> dict[str, Any]:
        """The values for the verb; of today the moment is now."""
        data = self.cleaned_data
        began = datetime.combine(data["day"], time(), desk.calendar.tz)
        today = data["day"] == desk.now.astimezone(desk.calendar.tz).date()
        return {
            "author": data["who"],
            "channel": data["channel"],
            "received_at": desk.now if today else began,
        }


class ProofForm(RegisterForm):
    """How it was made sure who asks."""

    proof = forms.CharField(
        label=gettext_lazy("Как убедились, что требует сам автор"),
        max_length=300,
        help_text=gettext_lazy("Например: показал паспорт и свою страницу в сети. Без номеров документов."),
    )


class RefusalForm(RegisterForm):
    """Why it is refused."""

    reason = forms.CharField(
        label=gettext_lazy("Почему отказано"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )


class HoldForm(RegisterForm):
    """What must not be erased, by whose word, until when."""

    number = forms.CharField(label=gettext_lazy("Номер инцидента"), max_length=40)
    whole = forms.BooleanField(
        label=gettext_lazy("и всё остальное этого автора"), required=False, initial=True
    )
    reason = forms.CharField(
        label=gettext_lazy("Основание"),
        max_length=300,
        help_text=gettext_lazy("Какой суд, проверка или спор. Без фамилий."),
    )
    until = forms.DateField(
        label=gettext_lazy("По какой день"),
        required=False,
        widget=day_input(),
        help_text=gettext_lazy("Пусто: пока не снимут."),
    )

    def clean_number(self) -> Incident:
        found = incident_by(self.cleaned_data["number"])
        if found is None:
            raise forms.ValidationError(_("Такого инцидента нет: проверьте номер."))
        return found

    @property
    def given(self) -> dict[str, Any]:
        """The values for the verb."""
        data = self.cleaned_data
        incident: Incident = data["number"]
        author = incident.message.author if data["whole"] else None
        return {"on": author or incident, "reason": data["reason"], "until": data["until"]}
