"""What people type about moderation: a decision, a reason, an appeal, a rule."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from otklik.casework.enums import ModerationGround, ModerationMeasure
from otklik.casework.models import ModerationRule
from otklik.casework.operations import moderating
from otklik.casework.rules import moderation as rules
from otklik.desk.forms import day_field
from otklik.desk.register_forms.base import LONGEST_TEXT, RegisterForm

MEASURES = [(each.value, each.label) for each in ModerationMeasure if each != ModerationMeasure.LEAVE]


def _area(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class DecisionForm(RegisterForm):
    """A measure by a rule."""

    rule = forms.ModelChoiceField(
        ModerationRule.objects.none(), label=_("Правило"), empty_label=_("выберите, что нарушено")
    )
    measure = forms.ChoiceField(label=_("Что сделать"), choices=MEASURES, widget=forms.RadioSelect)
    days = forms.IntegerField(
        label=_("На сколько дней заблокировать"),
        help_text=_("Обычно на 1, 3, 7 или 30; не дольше, чем допускает правило."),
        required=False,
        min_value=1,
        max_value=rules.LONGEST_BAN_DAYS,
    )
    text = forms.CharField(
        label=_("Текст предупреждения"),
        required=False,
        max_length=moderating.LONGEST_WARNING,
        widget=_area(3),
        help_text=_("Встанет ответом страницы под комментарием, его увидят все."),
    )
    comment = forms.CharField(
        label=_("Пояснение"),
        required=False,
        max_length=moderating.LONGEST_COMMENT,
        widget=_area(2),
        help_text=_("Что именно нарушено. Понадобится, если автор обжалует."),
    )
    despite_question = forms.BooleanField(
        label=_("Да, удалить: на вопрос ответим другим способом"), required=False
    )

    def __init__(self, given: QueryDict | None, *, asks: bool = False) -> None:
        super().__init__(given)
        field = self.fields["rule"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 — tells mypy
        field.queryset = ModerationRule.objects.filter(is_active=True).order_by("title", "pk")
        field.label_from_instance = rule_words  # type: ignore[method-assign, assignment]
        if not asks:
            del self.fields["despite_question"]


def rule_words(rule: ModerationRule) -> str:
    """A rule with how far one may go for it."""
    return f"{rule.title} — {limit_words(rule)}"


def limit_words(rule: ModerationRule) -> str:
    """How far one may go by the rule."""
    if rule.measure == rules.BAN:
        return str(_("блокировка до %(days)s дн.") % {"days": rule.longest_days})
    return str(ModerationMeasure(rule.measure).label)


class UndoForm(RegisterForm):
    """Why a decision is taken back."""

    reason = forms.CharField(
        label=_("Почему отменяем"), max_length=moderating.LONGEST_COMMENT, widget=_area(2)
    )


class AppealForm(RegisterForm):
    """What the author says against a decision."""

    text = forms.CharField(label=_("Что пишет автор"), max_length=moderating.LONGEST_COMMENT, widget=_area(3))
    received = day_field(_("Когда написал"))


class VerdictForm(RegisterForm):
    """What comes of an appeal."""

    verdict = forms.ChoiceField(
        label=_("Решение по жалобе"),
        choices=[("upheld", _("оставить в силе")), ("granted", _("отменить"))],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(label=_("Почему"), max_length=moderating.LONGEST_COMMENT, widget=_area(2))


class RuleForm(RegisterForm):
    """A rule. The grounds are a closed list."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    code = forms.SlugField(
        label=_("Код"),
        max_length=40,
        help_text=_("Латиница, цифры и дефис; потом не меняется. По нему правило узнают отчёт и журнал."),
    )
    title = forms.CharField(label=_("Название"), max_length=120)
    forbids = forms.CharField(
        label=_("Что запрещено"),
        max_length=LONGEST_TEXT,
        widget=_area(3),
        help_text=_(
            "Словами, которые поймёт автор комментария. Критика, недовольство и неудобные вопросы — не нарушение."
        ),
    )
    ground = forms.ChoiceField(
        label=_("Основание"),
        choices=ModerationGround.choices,
        help_text=_("Список закрыт: критики в нём нет и не будет."),
    )
    measure = forms.ChoiceField(
        label=_("Самая строгая мера"), choices=MEASURES, help_text=_("Мягче — можно, строже — нет.")
    )
    longest_days = forms.IntegerField(
        label=_("Блокировка не дольше, дней"),
        required=False,
        min_value=1,
        max_value=rules.LONGEST_BAN_DAYS,
        help_text=_("Только для блокировки. Бессрочной блокировки нет."),
    )

    def __init__(self, given: QueryDict | None, *, rule: ModerationRule | None = None) -> None:
        names = ("version", "code", "title", "forbids", "ground", "measure", "longest_days")
        super().__init__(given, initial={each: getattr(rule, each) for each in names} if rule else {})
        if rule:
            del self.fields["code"]

    @property
    def values(self) -> dict[str, Any]:
        """The values for the verb."""
        given = {
            name: self.cleaned_data[name]
            for name in ("title", "forbids", "ground", "measure", "longest_days")
        }
        # A term beside another measure is a leftover of the form, not a wish.
        return given if given["measure"] == rules.BAN else given | {"longest_days": None}
