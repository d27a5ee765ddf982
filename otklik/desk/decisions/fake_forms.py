"""What people type of a false statement: what is said and where, what is true, the rebuttal and where it stands."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from otklik.casework.enums import FakeKind, FakeState
from otklik.casework.models import FakeReport, Incident
from otklik.casework.operations import fakes
from otklik.casework.rules import fakes as rules
from otklik.desk import choices
from otklik.desk.register_forms.base import RegisterForm, day_input
from otklik.desk.triage.forms import found_by, offer, topics_offered
from otklik.registry.models import Municipality, Organization
from otklik.triage.models import Topic

_PLAIN = ("version", "statement", "first_seen", "spread", "topic", "municipality", "executor")
_COMBO = {"data-combobox": ""}
LONGEST_LINKS, MOST_LINKS, LONGEST_ADDRESS = 10_000, 50, 500
_known_address = URLValidator(schemes=["http", "https"])


def _area(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class LinksField(forms.CharField):
    """Addresses and numbers of incidents, as many as there are; its value is both, apart."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=LONGEST_LINKS, widget=_area(3), **kwargs)

    def clean(self, value: Any) -> tuple[list[str], list[int]]:
        text = super().clean(value)
        addresses, incidents = _read(text.replace("№", " ").split()[:MOST_LINKS])
        known = set(Incident.objects.filter(pk__in=incidents).values_list("pk", flat=True))
        lost = [str(pk) for pk in incidents if pk not in known]
        if lost:
            raise ValidationError(_("Таких инцидентов нет: %(lost)s.") % {"lost": ", ".join(lost[:10])})
        return addresses, incidents


def _read(words: Sequence[str]) -> tuple[list[str], list[int]]:
    addresses: list[str] = []
    incidents: list[int] = []
    for word in (each.strip(",;") for each in words):
        digits = word.rsplit("-", 1)[-1]
        if "/" not in word and digits.isascii() and digits.isdigit() and len(digits) <= 15:
            incidents.append(int(digits))
        elif word:
            addresses.append(_address(word))
    return addresses, incidents


def _address(word: str) -> str:
    found = word if "://" in word else f"https://{word}"
    try:
        _known_address(found)
    except ValidationError:
        found = ""
    if not found or len(found) > LONGEST_ADDRESS:
        raise ValidationError(
            _("«%(word)s» — не ссылка и не номер инцидента.") % {"word": word[:60]}
        ) from None
    return found


class FakeForm(RegisterForm):
    """A statement as it is written down or told better."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    kind = forms.ChoiceField(
        label=gettext_lazy("Что это"),
        choices=FakeKind.choices,
        widget=forms.RadioSelect,
        initial=FakeKind.FACT,
        help_text=gettext_lazy("Критику и мнение не опровергают: запись закроется без действий."),
    )
    statement = forms.CharField(
        label=gettext_lazy("Что утверждают"),
        max_length=fakes.LONGEST_STATEMENT,
        widget=_area(3),
        help_text=gettext_lazy("Одно утверждение, которое можно проверить. Без фамилий и телефонов жителей."),
    )
    links = LinksField(
        label=gettext_lazy("Где это встретилось"),
        required=False,
        help_text=gettext_lazy("Ссылки на записи и сообщения или номера инцидентов, каждая с новой строки."),
    )
    first_seen = forms.DateField(label=gettext_lazy("Когда заметили"), widget=day_input())
    spread = forms.CharField(
        label=gettext_lazy("Насколько разошлось"),
        max_length=fakes.LONGEST_LINE,
        required=False,
        help_text=gettext_lazy("Своими словами: «три чата, около двух тысяч просмотров»."),
    )
    topic = forms.ModelChoiceField(
        Topic.objects.none(),
        label=gettext_lazy("Тема"),
        required=False,
        widget=forms.Select(attrs=_COMBO),
    )
    municipality = forms.ModelChoiceField(
        Municipality.objects.none(),
        label=gettext_lazy("Муниципалитет"),
        required=False,
        widget=forms.Select(attrs=_COMBO),
    )
    executor = forms.ModelChoiceField(
        Organization.objects.none(),
        label=gettext_lazy("Кого касается"),
        required=False,
        widget=found_by("desk:bodies"),
        help_text=gettext_lazy("Этот орган увидит запись у себя."),
    )

    def __init__(self, *args: Any, report: FakeReport | None = None, **kwargs: Any) -> None:
        if report is not None:
            kwargs["initial"] = {name: getattr(report, name) for name in _PLAIN} | {
                "topic": report.topic_id,
                "municipality": report.municipality_id,
                "executor": report.executor_id,
            }
        super().__init__(*args, **kwargs)
        if report is not None:
            del self.fields["kind"], self.fields["links"]
        offer(self, "topic", Topic.objects.select_related("group"), topics_offered())
        offer(self, "municipality", Municipality.objects.all(), choices.municipalities(), _("весь регион"))
        offer(self, "executor", Organization.objects.filter(is_active=True), choices.main_bodies())

    @property
    def said(self) -> fakes.Stated:
        """What was typed, as the verbs take it."""
        given = self.cleaned_data
        plain = {name: given[name] for name in _PLAIN if name != "version"}
        return fakes.Stated(kind=given.get("kind", FakeKind.FACT), **plain)


class JudgeForm(RegisterForm):
    """What a check came to."""

    verdict = forms.ChoiceField(
        label=gettext_lazy("Вывод"),
        choices=[(each.value, each.label) for each in FakeState if each.value in rules.VERDICTS],
        widget=forms.RadioSelect,
    )
    truth = forms.CharField(
        label=gettext_lazy("Как на самом деле"), max_length=fakes.LONGEST_TEXT, widget=_area(4)
    )
    source = forms.CharField(
        label=gettext_lazy("Откуда это известно"),
        max_length=fakes.LONGEST_LINE,
        required=False,
        help_text=gettext_lazy("Какой орган подтвердил или каким документом: «письмо Минздрава № 12»."),
    )
    link = forms.URLField(
        label=gettext_lazy("Ссылка на источник"), max_length=500, required=False, assume_scheme="https"
    )

    @property
    def finding(self) -> rules.Finding:
        """What was typed, as the verb takes it."""
        return rules.Finding(**self.cleaned_data)


class RebuttalForm(RegisterForm):
    """What is published against it."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    text = forms.CharField(
        label=gettext_lazy("Текст опровержения"),
        max_length=fakes.LONGEST_TEXT,
        widget=_area(5),
        help_text=gettext_lazy(
            "Сначала как на самом деле, потом откуда это известно. Тех, кто повторил, не обвиняйте."
        ),
    )

    def __init__(self, *args: Any, report: FakeReport, **kwargs: Any) -> None:
        kwargs["initial"] = {"version": report.version, "text": report.rebuttal}
        super().__init__(*args, **kwargs)


class PublishedForm(RegisterForm):
    """Where it stands."""

    address = forms.URLField(label=gettext_lazy("Где опубликовано"), max_length=500, assume_scheme="https")
    published_on = forms.DateField(label=gettext_lazy("Когда"), widget=day_input())

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        kwargs["initial"] = {"published_on": today}
        super().__init__(*args, **kwargs)


class LinksForm(RegisterForm):
    """More places where it was met."""

    links = LinksField(
        label=gettext_lazy("Где ещё встретилось"),
        help_text=gettext_lazy("Ссылки или номера инцидентов, каждая с новой строки."),
    )
