"""Forms of an organisation and of its duty to keep pages."""

import secrets
from datetime import date
from typing import Any

from django import forms
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from otklik.desk import choices
from otklik.desk.register import lists
from otklik.desk.register_forms.base import (
    LONGEST_REASON,
    LONGEST_TEXT,
    RegisterForm,
    choose_from,
    day_input,
    widget_of,
)
from otklik.registry.enums import ObligationStatus, OrgLevel
from otklik.registry.models import Municipality, Organization, PageObligation

_COMBO = {"data-combobox": ""}
_BODIES = {"data-combobox": "", "data-source": reverse_lazy("desk:bodies")}


class OrganizationForm(RegisterForm):
    """An organisation; `reason` is asked of a change only."""

    held_by = {"spheres": "sphere"}

    name = forms.CharField(label=_("Полное название"), max_length=300)
    short_name = forms.CharField(
        label=_("Короткое название"),
        max_length=120,
        required=False,
        help_text=_("Как её зовут в списках. Если пусто, возьмём начало полного."),
    )
    level = forms.ChoiceField(label=_("Уровень"), choices=OrgLevel.choices)
    type = forms.ChoiceField(label=_("Тип"), required=False, widget=forms.Select(attrs=_COMBO))
    sphere = forms.ChoiceField(label=_("Главная сфера"), required=False)
    sphere2 = forms.ChoiceField(label=_("Вторая сфера"), required=False)
    sphere3 = forms.ChoiceField(label=_("Третья сфера"), required=False)
    parent = forms.ModelChoiceField(
        Organization.objects.none(),
        label=_("Вышестоящая организация"),
        required=False,
        widget=forms.Select(attrs=_BODIES),
    )
    founder = forms.ModelChoiceField(
        Organization.objects.none(),
        label=_("Учредитель"),
        required=False,
        widget=forms.Select(attrs=_BODIES),
        help_text=_("Обычно вышестоящая организация."),
    )
    municipality = forms.ModelChoiceField(
        Municipality.objects.none(),
        label=_("Муниципалитет"),
        required=False,
        widget=forms.Select(attrs=_COMBO),
    )
    settlement = forms.CharField(label=_("Населённый пункт"), max_length=100, required=False)
    address = forms.CharField(label=_("Адрес"), max_length=300, required=False)
    latitude = forms.FloatField(
        label=_("Широта"), required=False, widget=forms.TextInput(attrs={"inputmode": "decimal"})
    )
    longitude = forms.FloatField(
        label=_("Долгота"), required=False, widget=forms.TextInput(attrs={"inputmode": "decimal"})
    )
    phone = forms.CharField(label=_("Телефон"), max_length=100, required=False)
    email = forms.CharField(
        label=_("Электронная почта"),
        max_length=150,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "email", "autocomplete": "off"}),
    )
    site_url = forms.CharField(
        label=_("Официальный сайт"),
        max_length=300,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "url"}),
    )
    hours = forms.CharField(label=_("Часы работы"), max_length=200, required=False)
    ogrn = forms.CharField(
        label=_("ОГРН"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        help_text=_("13 цифр."),
    )
    code = forms.CharField(
        label=_("Код в реестре"),
        max_length=80,
        required=False,
        help_text=_("Под ним организацию находят файлы импорта. Если пусто, назначим сами."),
    )
    served = forms.IntegerField(label=_("Обслуживает человек"), required=False, min_value=0)
    aliases = forms.CharField(
        label=_("Как ещё называют, через запятую"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    reason = forms.CharField(
        label=_("Почему меняете"),
        max_length=LONGEST_REASON,
        help_text=_("Останется в истории. Например: «письмо учреждения от 12 ноября»."),
    )

    def __init__(self, *args: Any, organization: Organization | None = None, **kwargs: Any) -> None:
        if organization is not None:
            kwargs["initial"] = _values_of(organization) | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
        self.organization = organization
        empty = ("", "—")
        for name, found in (("type", lists.types()), *((each, lists.spheres()) for each in SPHERES)):
            choose_from(self, name, [empty, *((each.value, each.label) for each in found)])
        self._rows("municipality", Municipality.objects.all(), choices.municipalities())
        others = Organization.objects.filter(is_active=True)
        for name in ("parent", "founder"):
            self._rows(name, others, lists.superiors())
        if organization is None:
            del self.fields["reason"]

    def _rows(self, name: str, queryset: Any, offered: list[choices.Choice]) -> None:
        """Offer a short list and whatever is chosen; any row of the queryset may be chosen by search."""
        field = self.fields[name]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 — tells mypy, and the reader
        field.queryset = queryset
        chosen = str(self[name].value() or "")
        options = [("", "—"), *((each.value, each.label) for each in offered)]
        if chosen.isascii() and chosen.isdigit() and all(chosen != value for value, _label in options):
            options += [(chosen, str(row)) for row in queryset.model.objects.filter(pk=chosen)]
        widget_of(field).choices = options

    @property
    def values(self) -> dict[str, Any]:
        """The fields of the model, for the verb; of a change only those the person changed."""
        given = dict(self.cleaned_data)
        given.pop("reason", None)
        chosen = [given.pop(name) for name in SPHERES]
        given["spheres"] = list(dict.fromkeys(code for code in chosen if code))
        if self.organization is None:
            given["code"] = given["code"] or _code_for(given["ogrn"])
        changed = set(self.changed_data) | ({"spheres"} if set(SPHERES) & set(self.changed_data) else set())
        return {name: value for name, value in given.items() if self.organization is None or name in changed}


SPHERES = ("sphere", "sphere2", "sphere3")


def _values_of(organization: Organization) -> dict[str, Any]:
    names = [name for name in OrganizationForm.base_fields if name not in {*SPHERES, "reason"}]
    links = {"parent", "founder", "municipality"}
    plain = {name: getattr(organization, f"{name}_id" if name in links else name) for name in names}
    return plain | dict(zip(SPHERES, organization.spheres, strict=False))


def _code_for(ogrn: str) -> str:
    digits = "".join(ogrn.split())
    return f"ogrn-{digits}" if digits else f"org-{secrets.token_hex(4)}"


class NewOrganizationForm(OrganizationForm):
    """A new organisation; the duties of the law come with it unless the person says otherwise."""

    owes = forms.BooleanField(
        label=_("Завести обязанность вести страницы, если она есть по закону"),
        required=False,
        initial=True,
        help_text=_(
            "Органы и подведомственные им учреждения ведут страницы во ВКонтакте и Одноклассниках (8-ФЗ, 2523-р)."
        ),
    )

    @property
    def values(self) -> dict[str, Any]:
        """The fields of the model, for the verb."""
        return {name: value for name, value in super().values.items() if name != "owes"}


class ObligationForm(RegisterForm):
    """Whether the organisation must keep a page in the network."""

    status = forms.ChoiceField(
        label=_("Обязанность"), choices=ObligationStatus.choices, widget=forms.RadioSelect
    )
    exemption_basis = forms.CharField(
        label=_("Основание не вести страницу"),
        max_length=LONGEST_TEXT,
        required=False,
        widget=forms.TextInput(attrs={"list": "bases", "autocomplete": "off"}),
        help_text=_("Нужно, если организация освобождена: выберите из списка или напишите своё."),
    )
    document_ref = forms.CharField(
        label=_("Документ"),
        max_length=300,
        required=False,
        help_text=_("Название, номер и дата: «Приказ Минобра № 114 от 03.02.2026»."),
    )
    since = forms.DateField(label=_("С какого дня"), widget=day_input())
    reason = forms.CharField(label=_("Почему меняете"), max_length=LONGEST_REASON, required=False)

    def __init__(self, *args: Any, duty: PageObligation | None, today: date, **kwargs: Any) -> None:
        kwargs["initial"] = {"since": today, "status": ObligationStatus.REQUIRED}
        if duty is not None:
            names = ("status", "exemption_basis", "document_ref", "since")
            kwargs["initial"] = {name: getattr(duty, name) for name in names}
        super().__init__(*args, **kwargs)
