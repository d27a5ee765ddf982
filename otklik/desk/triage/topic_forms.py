"""What people type about the list of topics."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from otklik.desk.register_forms.base import RegisterForm
from otklik.desk.triage.forms import offer, topics_offered
from otklik.triage.enums import ExecutorLevel, Priority
from otklik.triage.models import Topic, TopicGroup
from otklik.triage.operations.topic_edits import LONGEST_NOTE, MOST_DAYS

FIELDS = ("name", "priority", "target_days", "level", "hint", "synonyms", "cur26", "pos")


def _note(label: object, *, required: bool = False, help_text: object = "") -> forms.CharField:
    return forms.CharField(label=label, max_length=LONGEST_NOTE, required=required, help_text=help_text)  # type: ignore[arg-type]


class TopicForm(RegisterForm):
    """A topic; `code` is asked of a new one only."""

    name = forms.CharField(label=_("Название"), max_length=150)
    code = forms.CharField(
        label=_("Код"),
        max_length=30,
        help_text=_("Латинскими буквами, например pothole. Потом не меняется."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    priority = forms.ChoiceField(label=_("Важность"), choices=Priority.choices, initial=Priority.NORMAL)
    target_days = forms.IntegerField(
        label=_("Срок решения, дней"), min_value=0, max_value=MOST_DAYS, initial=10
    )
    level = forms.ChoiceField(label=_("Кто решает"), choices=ExecutorLevel.choices)
    hint = forms.CharField(
        label=_("Не путать с"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_(
            "Например: «Ремонт дороги»: там просят отремонтировать участок целиком, здесь отдельная яма."
        ),
    )
    synonyms = forms.CharField(
        label=_("Как ещё говорят, через запятую"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    cur26 = forms.CharField(label=_("Группа в списке ЦУР"), max_length=150, required=False)
    pos = forms.CharField(label=_("Категория в ПОС"), max_length=150, required=False)
    note = _note(_("Почему меняете"), help_text=_("Останется в версиях списка."))

    def __init__(self, *args: Any, topic: Topic | None = None, **kwargs: Any) -> None:
        if topic is not None:
            kwargs["initial"] = {name: getattr(topic, name) for name in FIELDS}
        super().__init__(*args, **kwargs)
        if topic is not None:
            del self.fields["code"]

    @property
    def values(self) -> dict[str, Any]:
        """The fields of the topic, for the verb."""
        return {name: self.cleaned_data[name] for name in FIELDS}


class RetireTopicForm(RegisterForm):
    """What replaces the topic, and why it goes."""

    held_by = {"replaced_by": "replaced_by"}

    replaced_by = forms.ModelChoiceField(
        Topic.objects.none(),
        label=_("Что выбирать вместо неё"),
        required=False,
        widget=forms.Select(attrs={"data-combobox": ""}),
        help_text=_("Новые сообщения пойдут в эту тему. Если пусто, в «Прочее», и решать будет диспетчер."),
    )
    note = _note(_("Почему"), required=True)

    def __init__(self, *args: Any, topic: Topic, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [
            (name, [pair for pair in inner if pair[0] != str(topic.pk)]) for name, inner in topics_offered()
        ]
        offer(self, "replaced_by", Topic.objects.active().exclude(pk=topic.pk), offered, _("ничем"))


class GroupForm(RegisterForm):
    """A group of topics; `code` is asked of a new one only."""

    name = forms.CharField(label=_("Название группы"), max_length=100)
    code = forms.CharField(
        label=_("Код"),
        max_length=20,
        help_text=_("Заглавными латинскими буквами, например ROADS. Потом не меняется."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    note = _note(_("Почему меняете"), help_text=_("Останется в версиях списка."))

    def __init__(self, *args: Any, group: TopicGroup | None = None, **kwargs: Any) -> None:
        if group is not None:
            kwargs["initial"] = {"name": group.name}
        super().__init__(*args, **kwargs)
        if group is not None:
            del self.fields["code"]
