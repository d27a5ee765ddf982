"""What people type of templates and guides."""

import re
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from otklik.casework.enums import TemplateKind
from otklik.casework.models import AnswerTemplate
from otklik.casework.operations import TemplateValues
from otklik.desk.access import Desk
from otklik.desk.answers.within import bodies_kept, may_rule
from otklik.desk.register_forms.base import LONGEST_REASON, RegisterForm, day_input
from otklik.desk.triage.forms import found_by, offer, topics_offered
from otklik.registry.models import Organization
from otklik.triage.models import Topic, TopicGroup

_DAY = re.compile(r"(\d{1,2})[./](\d{1,2})\.?")
_PLAIN = ("title", "text", "topic", "group", "body", "expires_on", "without_approval")


class SeasonDay(forms.CharField):
    """A day of every year as «01.11»; its value is month × 100 + day."""

    def __init__(self, **kwargs: Any) -> None:
        attrs = {"placeholder": "01.11", "inputmode": "numeric", "autocomplete": "off"}
        super().__init__(required=False, max_length=6, widget=forms.TextInput(attrs=attrs), **kwargs)

    def clean(self, value: Any) -> int | None:
        text = super().clean(value)
        if not text:
            return None
        found = _DAY.fullmatch(text)
        day, month = (int(found[1]), int(found[2])) if found else (0, 0)
        try:
            date(2024, month, day)
        except ValueError:
            raise forms.ValidationError(
                _("Такого дня нет: напишите число и месяц, например 01.11.")
            ) from None
        return month * 100 + day


def season_day(value: int | None) -> str:
    """The value of such a field as it is typed."""
    return f"{value % 100:02d}.{value // 100:02d}" if value else ""


class TemplateForm(RegisterForm):
    """A template or a guide; a body writes only what is its own, and never opens the lane without approval."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    title = forms.CharField(label=_("Название"), max_length=120)
    text = forms.CharField(
        label=_("Текст"), strip=False, widget=forms.Textarea(attrs={"rows": 9, "spellcheck": "true"})
    )
    topic = forms.ModelChoiceField(
        Topic.objects.none(),
        label=_("Тема"),
        required=False,
        widget=forms.Select(attrs={"data-combobox": ""}),
    )
    group = forms.ModelChoiceField(
        TopicGroup.objects.none(),
        label=_("Группа тем"),
        required=False,
        help_text=_("Вместо темы, если текст годится для целой группы."),
    )
    body = forms.ModelChoiceField(
        Organization.objects.none(), label=_("Орган"), required=False, widget=found_by("desk:bodies")
    )
    season_begins = SeasonDay(label=_("Сезон с"))
    season_ends = SeasonDay(label=_("по"))
    expires_on = forms.DateField(label=_("Годен по"), required=False, widget=day_input())
    without_approval = forms.BooleanField(
        label=_("Отправлять без согласования"),
        required=False,
        help_text=_("Если ответ слово в слово этот шаблон, второй человек не нужен."),
    )
    reason = forms.CharField(
        label=_("Почему меняете"),
        max_length=LONGEST_REASON,
        required=False,
        help_text=_("Останется в истории."),
    )

    def __init__(
        self, *args: Any, desk: Desk, kind: str, template: AnswerTemplate | None = None, **kwargs: Any
    ) -> None:
        self.desk, self.kind = desk, kind
        if template is not None:
            kwargs["initial"] = {name: getattr(template, name) for name in _PLAIN} | {
                "version": template.version,
                "topic": template.topic_id,
                "group": template.group_id,
                "body": template.body_id,
                "season_begins": season_day(template.season_begins),
                "season_ends": season_day(template.season_ends),
            }
        super().__init__(*args, **kwargs)
        offer(self, "topic", Topic.objects.select_related("group"), topics_offered(), _("любая"))
        groups = TopicGroup.objects.order_by("position")
        offer(self, "group", groups, [(str(each.pk), each.name) for each in groups], _("любая"))
        self._offer_bodies()
        if template is None:
            del self.fields["reason"]
        if kind == TemplateKind.GUIDE or not may_rule(desk):
            del self.fields["without_approval"]

    def _offer_bodies(self) -> None:
        if may_rule(self.desk):
            offer(self, "body", Organization.objects.filter(is_active=True), [], _("все органы"))
            return
        own = bodies_kept(self.desk)
        field = self.fields["body"]
        field.required = True
        field.widget = forms.Select()
        offered = [(str(each.pk), str(each)) for each in own[:200]]
        if len(offered) == 1:
            self.initial.setdefault("body", offered[0][0])
        offer(self, "body", own, offered, "—")

    @property
    def values(self) -> TemplateValues:
        """The values for the verb."""
        given = self.cleaned_data
        return TemplateValues(
            kind=self.kind,
            **{name: given[name] for name in _PLAIN if name != "without_approval"},
            season_begins=given["season_begins"],
            season_ends=given["season_ends"],
            without_approval=given.get("without_approval", False),
        )
