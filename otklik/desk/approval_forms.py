"""What people type about approval: a rule's conditions and whose word it wants, and who stands in for whom."""

from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from otklik.casework.models import APPROVERS, ApprovalRule
from otklik.desk import choices
from otklik.desk.approvals import Keeper
from otklik.desk.forms import day_field
from otklik.desk.register_forms.base import RegisterForm, widget_of
from otklik.people.enums import Role
from otklik.people.models import Account
from otklik.people.rules import RIGHTS, Right
from otklik.registry.models import Organization
from otklik.triage.enums import IncidentKind, Priority
from otklik.triage.models import Topic, TopicGroup

_ANY: list[tuple[str, Any]] = [("", _("любая"))]
_COMBO = {"data-combobox": ""}
AUTHORS = [(role.value, role.label) for role in Role if Right.WORK in RIGHTS.get(role, ())]
WORDS = [("", _("согласование не нужно")), *((role.value, role.label) for role in APPROVERS)]


class ApprovalForm(RegisterForm):
    """One rule. Nothing chosen means every answer."""

    organization = forms.ModelChoiceField(
        Organization.objects.none(),
        required=False,
        label=_("Орган"),
        help_text=_(
            "Вместе с подведомственными. Правило без органа действует во всём регионе и сильнее остальных."
        ),
    )
    topic = forms.CharField(required=False, label=_("Тема или группа тем"), widget=forms.Select(attrs=_COMBO))
    priority = forms.ChoiceField(choices=[*_ANY, *Priority.choices], required=False, label=_("Важность"))
    kind = forms.ChoiceField(
        choices=[("", _("любой")), *IncidentKind.choices], required=False, label=_("Вид")
    )
    author_role = forms.ChoiceField(
        choices=[*_ANY, *AUTHORS], required=False, label=_("Роль того, кто написал")
    )
    approver_role = forms.ChoiceField(choices=WORDS, required=False, label=_("Согласует роль"))
    approver = forms.ModelChoiceField(
        Account.objects.none(), required=False, label=_("или человек"), empty_label=_("никто отдельно")
    )
    note = forms.CharField(
        max_length=300,
        required=False,
        label=_("Заметка"),
        widget=forms.TextInput,
        help_text=_("Зачем это правило."),
    )

    def __init__(self, given: QueryDict | None, *, keeper: Keeper, rule: ApprovalRule | None = None) -> None:
        super().__init__(given, initial=_initial(rule))
        self.keeper = keeper
        bodies, people = self.fields["organization"], self.fields["approver"]
        assert isinstance(bodies, forms.ModelChoiceField)  # noqa: S101 — tells mypy
        assert isinstance(people, forms.ModelChoiceField)  # noqa: S101 — tells mypy
        bodies.queryset, people.queryset = keeper.bodies().order_by("short_name", "pk"), keeper.approvers()
        bodies.required = not keeper.everywhere
        bodies.empty_label = _("весь регион") if keeper.everywhere else _("выберите")
        bodies.widget.attrs.update(_COMBO)
        widget_of(self.fields["topic"]).choices = _topics()

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if given.get("approver") and given.get("approver_role"):
            self.add_error("approver", _("Выберите что-нибудь одно: роль или человека."))
        if not self.keeper.everywhere and not (given.get("approver") or given.get("approver_role")):
            self.add_error(
                "approver_role", _("Освободить от него может только центр: выберите, кто согласует.")
            )
        return given

    def clean_topic(self) -> str:
        code: str = self.cleaned_data["topic"]
        if code and not _found(code):
            raise forms.ValidationError(_("Такой темы нет: выберите из списка."))
        return code

    @property
    def values(self) -> dict[str, Any]:
        """The values for the verb."""
        found = _found(self.cleaned_data["topic"])
        return self.cleaned_data | {
            "topic": found if isinstance(found, Topic) else None,
            "group": found if isinstance(found, TopicGroup) else None,
        }


def _topics() -> list[Any]:
    """Groups, then the topics of each: the dot tells a topic from a group."""
    groups = TopicGroup.objects.order_by("position").values_list("code", "name")
    topics = [(name, [(each.code, each.name) for each in found]) for name, found in choices.topics_by_group()]
    return [*_ANY, (_("Группы тем"), list(groups)), *topics]


def _found(code: str) -> Topic | TopicGroup | None:
    if "." in code:
        return Topic.objects.filter(code=code).first()
    return TopicGroup.objects.filter(code=code).first()


def _initial(rule: ApprovalRule | None) -> dict[str, Any]:
    if rule is None:
        return {}
    subject = rule.topic or rule.group
    return {
        "organization": rule.organization_id,
        "topic": subject.code if subject else "",
        "priority": rule.priority,
        "kind": rule.kind,
        "author_role": rule.author_role,
        "approver_role": rule.approver_role,
        "approver": rule.approver_id,
        "note": rule.note,
    }


class SubstituteForm(RegisterForm):
    """Who is away, who stands in, and from which day to which."""

    person = forms.ModelChoiceField(Account.objects.none(), label=_("Кого нет"), empty_label=_("выберите"))
    deputy = forms.ModelChoiceField(
        Account.objects.none(), label=_("Кто согласует за него"), empty_label=_("выберите")
    )
    since = day_field(_("С какого дня"))
    until = day_field(_("По какой день"))

    def __init__(self, given: QueryDict | None, *, keeper: Keeper, now: datetime) -> None:
        super().__init__(given, initial={"since": timezone.localtime(now).date()})
        for name, found in (("person", keeper.approvers()), ("deputy", keeper.deputies())):
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 — tells mypy
            field.queryset = found

    @property
    def values(self) -> dict[str, Any]:
        """Whole days by the clock of the region: the last one to its end."""
        zone = timezone.get_current_timezone()
        first, last = (self.cleaned_data[name] for name in ("since", "until"))
        return {
            "person": self.cleaned_data["person"],
            "deputy": self.cleaned_data["deputy"],
            "since": datetime.combine(first, time(), zone),
            "until": datetime.combine(last + timedelta(days=1), time(), zone),
        }
