"""What people type about routes: rules, lines of the test table, a table brought, a norm, reasons."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import Model, QuerySet
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from otklik.desk import choices
from otklik.desk.choices import Choice
from otklik.desk.register import lists
from otklik.desk.register_forms.base import LONGEST_REASON, RegisterForm, choose_from, widget_of
from otklik.registry.enums import OrgLevel
from otklik.registry.models import Municipality, OfficialPage, Organization, Settlement
from otklik.triage.enums import ExecutorLevel, RouteTarget
from otklik.triage.models import RoutingCase, RoutingNorm, RoutingRule, Topic, TopicGroup
from otklik.triage.operations.routing import FIELDS
from otklik.triage.operations.routing_cases import CASE_FIELDS

_COMBO = {"data-combobox": ""}
_ANY = [("", _("любая"))]
_BODY_FIELDS = {
    "organization": RouteTarget.FIXED,
    "organization_type": RouteTarget.TYPE,
    "body_sphere": RouteTarget.SPHERE,
}


def found_by(source: str) -> forms.Select:
    """A list whose rows are looked for by the words that a person types."""
    return forms.Select(attrs=_COMBO | {"data-source": reverse_lazy(source)})


def topics_offered() -> list[Any]:
    """Active topics under their groups."""
    return [
        (name, [(str(topic.pk), topic.name) for topic in topics])
        for name, topics in choices.topics_by_group()
    ]


def offer(
    form: forms.Form, name: str, queryset: QuerySet[Any], offered: list[Any], nothing: object = "—"
) -> None:
    """Offer a short list and whatever is chosen; any row of the queryset may be chosen by search."""
    field = form.fields[name]
    assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 — tells mypy, and the reader
    field.queryset = queryset
    options = [("", nothing), *(each[:2] if isinstance(each, Choice) else each for each in offered)]
    chosen = str(form[name].value() or "")
    flat = {str(value) for value, label in options if not isinstance(label, list)}
    flat |= {str(value) for _name, inner in options if isinstance(inner, list) for value, _label in inner}
    if chosen.isascii() and chosen.isdigit() and len(chosen) <= 18 and chosen not in flat:
        options += [(chosen, said_of(row)) for row in queryset.model.objects.filter(pk=chosen)]
    widget_of(field).choices = options


def said_of(row: Model) -> str:
    """A row as it stands in a list to choose from."""
    return f"{row.name}, {row.municipality.short_name}" if isinstance(row, Settlement) else str(row)


class PlacedForm(RegisterForm):
    """What a rule and a line of the test table have in common: topic, place, page."""

    topic = forms.ModelChoiceField(
        Topic.objects.none(), label=_("Тема"), required=False, widget=forms.Select(attrs=_COMBO)
    )
    municipality = forms.ModelChoiceField(
        Municipality.objects.none(),
        label=_("Муниципалитет"),
        required=False,
        widget=forms.Select(attrs=_COMBO),
    )
    settlement = forms.ModelChoiceField(
        Settlement.objects.none(),
        label=_("Населённый пункт"),
        required=False,
        widget=found_by("desk:triage_route_settlements"),
        help_text=_("Начните печатать название. Вместо муниципалитета, не вместе с ним."),
    )
    page = forms.ModelChoiceField(
        OfficialPage.objects.none(),
        label=_("Страница"),
        required=False,
        widget=found_by("desk:triage_route_pages"),
        help_text=_("На какой странице спросили. Начните печатать название."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "topic", Topic.objects.select_related("group"), topics_offered(), _("любая"))
        offer(self, "municipality", Municipality.objects.all(), choices.municipalities(), _("любой"))
        offer(self, "settlement", Settlement.objects.select_related("municipality"), [], _("любой"))
        offer(self, "page", OfficialPage.objects.select_related("organization"), [], _("любая"))


class RuleForm(PlacedForm):
    """A rule of routing. `confirmed` is asked when lines of the test table would break."""

    broken: Any = ()

    group = forms.ModelChoiceField(
        TopicGroup.objects.none(),
        label=_("Группа тем"),
        required=False,
        help_text=_("Вместо темы, если правило о целой группе."),
    )
    level = forms.ChoiceField(
        label=_("Кто решает по теме"), required=False, choices=[*_ANY, *ExecutorLevel.choices]
    )
    sphere = forms.ChoiceField(label=_("Сфера организации страницы"), required=False)
    page_level = forms.ChoiceField(
        label=_("Уровень организации страницы"), required=False, choices=[("", _("любой")), *OrgLevel.choices]
    )
    target = forms.ChoiceField(label=_("Куда направить"), choices=RouteTarget.choices)
    organization = forms.ModelChoiceField(
        Organization.objects.none(), label=_("Орган"), required=False, widget=found_by("desk:bodies")
    )
    organization_type = forms.ChoiceField(
        label=_("Тип организации"),
        required=False,
        widget=forms.Select(attrs=_COMBO),
        help_text=_("Сработает там, где такая организация в муниципалитете одна."),
    )
    body_sphere = forms.ChoiceField(
        label=_("Сфера органа"), required=False, help_text=_("Если пусто, сфера организации страницы.")
    )
    precedence = forms.IntegerField(
        label=_("Очерёдность"),
        required=False,
        min_value=0,
        max_value=1000,
        help_text=_("Между правилами с одинаковыми условиями: чем больше, тем раньше. Обычно 0."),
    )
    note = forms.CharField(label=_("Заметка"), max_length=300, required=False)
    reason = forms.CharField(label=_("Почему меняете"), max_length=LONGEST_REASON, required=False)
    confirmed = forms.BooleanField(label=_("Я посмотрел, что изменится, и согласен"), required=False)

    def __init__(self, *args: Any, rule: RoutingRule | None = None, **kwargs: Any) -> None:
        if rule is not None:
            kwargs["initial"] = _values(rule, FIELDS) | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
        self.rule = rule
        offer(self, "group", TopicGroup.objects.all(), _groups(), _("любая"))
        offer(self, "organization", Organization.objects.filter(is_active=True), choices.main_bodies())
        for name, found in (("sphere", lists.spheres()), ("body_sphere", lists.spheres())):
            choose_from(self, name, [("", "—" if name == "body_sphere" else _("любая")), *_pairs(found)])
        choose_from(self, "organization_type", [("", "—"), *_pairs(lists.types())])
        if rule is None:
            del self.fields["reason"]

    def clean(self) -> dict[str, Any]:
        """What belongs to another way of naming the body is forgotten: its field is not even in sight."""
        given = super().clean() or self.cleaned_data
        for name, target in _BODY_FIELDS.items():
            if given.get("target") != target:
                given[name] = None if name == "organization" else ""
        return given

    @property
    def values(self) -> dict[str, Any]:
        """The fields of the rule, for the verb."""
        return {name: self.cleaned_data[name] for name in FIELDS} | {
            "precedence": self.cleaned_data["precedence"] or 0
        }


class CaseForm(PlacedForm):
    """A line of the test table."""

    expected = forms.ModelChoiceField(
        Organization.objects.none(),
        label=_("Должно прийти в"),
        required=False,
        widget=found_by("desk:bodies"),
        help_text=_("Если пусто, решать должен диспетчер."),
    )
    note = forms.CharField(label=_("Заметка"), max_length=300, required=False)

    def __init__(self, *args: Any, case: RoutingCase | None = None, **kwargs: Any) -> None:
        if case is not None:
            kwargs["initial"] = _values(case, CASE_FIELDS)
        super().__init__(*args, **kwargs)
        self.fields["topic"].required = True
        offer(self, "topic", Topic.objects.select_related("group"), topics_offered(), _("выберите"))
        offer(self, "expected", Organization.objects.all(), choices.main_bodies(), _("решает диспетчер"))

    @property
    def values(self) -> dict[str, Any]:
        """The fields of the case, for the verb."""
        return {name: self.cleaned_data[name] for name in CASE_FIELDS}


class StopForm(RegisterForm):
    """Why a rule is retired or a proposal dismissed, and the consent when lines of the test table would break."""

    broken: Any = ()
    reason = forms.CharField(
        label=_("Почему"), max_length=LONGEST_REASON, widget=forms.Textarea(attrs={"rows": 2})
    )
    confirmed = forms.BooleanField(label=_("Я посмотрел, что изменится, и согласен"), required=False)


class NormForm(RegisterForm):
    """From when history proposes a rule."""

    least_incidents = forms.IntegerField(label=_("Инцидентов не меньше"), min_value=2, max_value=1000)
    least_percent = forms.IntegerField(label=_("В один орган, % не меньше"), min_value=51, max_value=100)
    days = forms.IntegerField(label=_("За сколько последних дней"), min_value=7, max_value=1100)

    def __init__(self, *args: Any, norm: RoutingNorm, **kwargs: Any) -> None:
        kwargs["initial"] = {
            name: getattr(norm, name) for name in ("least_incidents", "least_percent", "days")
        }
        super().__init__(*args, **kwargs)


class TableForm(RegisterForm):
    """A table of rules or cases: a file, or its text again when a person confirms."""

    broken: Any = ()
    file = forms.FileField(label=_("Файл CSV"), required=False)
    text = forms.CharField(required=False, widget=forms.HiddenInput, strip=False)
    confirmed = forms.BooleanField(label=_("Я посмотрел, что изменится, и согласен"), required=False)


def _values(row: Model, names: Iterable[str]) -> dict[str, Any]:
    """The fields of a row as a form begins with them: keys for what it points at."""
    return {name: row.serializable_value(name) for name in names}


def _groups() -> list[tuple[str, str]]:
    return [(str(pk), name) for pk, name in TopicGroup.objects.order_by("position").values_list("pk", "name")]


def _pairs(found: list[Choice]) -> list[tuple[str, str]]:
    return [(each.value, each.label) for each in found]
