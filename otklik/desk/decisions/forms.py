"""What people type of a systemic decision: its words and act, how it ended, which incidents it rests on."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from otklik.casework.enums import ActKind, Effect
from otklik.casework.models import Incident, MassProblem, SystemicDecision
from otklik.casework.operations import systemic
from otklik.casework.operations.systemic_basis import Wanted
from otklik.casework.rules import systemic as rules
from otklik.desk import choices
from otklik.desk.register_forms.base import RegisterForm, choose_from, day_input, widget_of
from otklik.desk.triage.forms import found_by, offer, topics_offered
from otklik.registry.models import Municipality, Organization
from otklik.triage.models import Topic

_PROBLEM = re.compile(r"[МMмm]-?(\d{1,15})")
_INCIDENT = re.compile(r"(?:\d{2}-\d{2}-)?(\d{1,15})")
_ACT = ("act_kind", "act_number", "act_day", "act_link")
_PLAIN = ("version", "cause", "measure", "expected", "planned_for", "window_days", *_ACT)
MOST_NUMBERS = 200


def _area(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class ActForm(RegisterForm):
    """The act by which it is decided."""

    act_kind = forms.ChoiceField(
        label=gettext_lazy("Вид акта"), choices=[("", "—"), *ActKind.choices], required=False
    )
    act_number = forms.CharField(
        label=gettext_lazy("Номер"),
        max_length=60,
        required=False,
        help_text=gettext_lazy("Например: 214-р. У работ — номер контракта."),
    )
    act_day = forms.DateField(label=gettext_lazy("Дата акта"), required=False, widget=day_input())
    act_link = forms.URLField(
        label=gettext_lazy("Ссылка на акт"), max_length=500, required=False, assume_scheme="https"
    )

    @property
    def act(self) -> rules.Act:
        """What was typed, as the verbs take it."""
        given = self.cleaned_data
        return rules.Act(given["act_kind"], given["act_number"], given["act_day"], given["act_link"])


class DecisionForm(ActForm):
    """A decision as it is proposed or changed."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    cause = forms.CharField(
        label=gettext_lazy("Что у жалоб общего"),
        max_length=systemic.LONGEST_CAUSE,
        help_text=gettext_lazy(
            "Причина, а не случай: «Детского стоматолога нет в пяти районах». Без фамилий и телефонов жителей."
        ),
    )
    topics = forms.ModelMultipleChoiceField(
        Topic.objects.none(),
        label=gettext_lazy("Темы"),
        help_text=gettext_lazy("По ним посчитаем жалобы до и после. Несколько — с клавишей Ctrl."),
        widget=forms.SelectMultiple(attrs={"size": 8}),
    )
    municipalities = forms.ModelMultipleChoiceField(
        Municipality.objects.none(),
        label=gettext_lazy("Где"),
        required=False,
        help_text=gettext_lazy("Ничего не выбрано — весь регион. Несколько — с клавишей Ctrl."),
        widget=forms.SelectMultiple(attrs={"size": 8}),
    )
    executor = forms.ModelChoiceField(
        Organization.objects.none(),
        label=gettext_lazy("Ответственный орган"),
        widget=found_by("desk:bodies"),
    )
    measure = forms.CharField(
        label=gettext_lazy("Что решено сделать"), max_length=systemic.LONGEST_TEXT, widget=_area(3)
    )
    expected = forms.CharField(
        label=gettext_lazy("Чего ждём"),
        max_length=systemic.LONGEST_TEXT,
        required=False,
        widget=_area(2),
        help_text=gettext_lazy("Как поймём, что помогло: «жалоб на запись к врачу вдвое меньше за месяц»."),
    )
    planned_for = forms.DateField(label=gettext_lazy("Исполнить до"), required=False, widget=day_input())
    window_days = forms.IntegerField(
        label=gettext_lazy("Сколько дней сравнить"),
        min_value=rules.LEAST_WINDOW,
        max_value=rules.LONGEST_WINDOW,
        initial=rules.USUAL_WINDOW,
        help_text=gettext_lazy("Столько дней до исполнения и столько же после него."),
    )

    def __init__(self, *args: Any, decision: SystemicDecision | None = None, **kwargs: Any) -> None:
        if decision is not None:
            kwargs["initial"] = {name: getattr(decision, name) for name in _PLAIN} | {
                "topics": [each.pk for each in decision.topics.all()],
                "municipalities": [each.pk for each in decision.municipalities.all()],
                "executor": decision.executor_id,
            }
        super().__init__(*args, **kwargs)
        _choose_many(self, "topics", Topic.objects.all(), topics_offered())
        _choose_many(self, "municipalities", Municipality.objects.all(), choices.municipalities())
        offer(self, "executor", Organization.objects.filter(is_active=True), choices.main_bodies())

    @property
    def said(self) -> systemic.Decided:
        """What was typed, as the verbs take it."""
        given = self.cleaned_data
        plain = ("cause", "measure", "executor", "expected", "planned_for", "window_days")
        return systemic.Decided(
            topics=list(given["topics"]), municipalities=list(given["municipalities"]), act=self.act,
            **{name: given[name] for name in plain},
        )  # fmt: skip


def _choose_many(form: forms.Form, name: str, rows: Any, offered: Sequence[Any]) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ModelMultipleChoiceField)  # noqa: S101 — tells mypy, and the reader
    field.queryset = rows
    options = [each[:2] if isinstance(each, choices.Choice) else each for each in offered]
    known = {str(value) for value, label in options if not isinstance(label, list)}
    known |= {str(pk) for _group, inner in options if isinstance(inner, list) for pk, _label in inner}
    # A topic that was retired since stays chosen until somebody takes it away.
    chosen = [str(each) for each in form[name].value() or []]
    lost = [
        each for each in chosen if each not in known and each.isascii() and each.isdigit() and len(each) <= 18
    ]
    options += [(str(row.pk), str(row)) for row in rows.filter(pk__in=lost[:50])] if lost else []
    widget_of(field).choices = options


class FinishForm(ActForm):
    """By which act and when it was done."""

    done_on = forms.DateField(label=gettext_lazy("Исполнено"), required=False, widget=day_input())

    def __init__(self, *args: Any, decision: SystemicDecision, today: date, **kwargs: Any) -> None:
        kwargs["initial"] = {name: getattr(decision, name) for name in _ACT} | {"done_on": today}
        super().__init__(*args, **kwargs)


class EffectForm(RegisterForm):
    """A person's word on the figures."""

    effect = forms.ChoiceField(
        label=gettext_lazy("Помогло ли"), choices=Effect.choices, widget=forms.RadioSelect
    )
    note = forms.CharField(
        label=gettext_lazy("Почему так считаете"), max_length=systemic.LONGEST_TEXT, widget=_area(3)
    )


class NumbersForm(RegisterForm):
    """Incidents by their numbers, or all of a mass problem by its number."""

    numbers = forms.CharField(
        label=gettext_lazy("Номера инцидентов или массовой проблемы"),
        max_length=4000,
        help_text=gettext_lazy("Через запятую: 26-11-00017, 26-11-00018. Вся массовая проблема: М-5."),
    )

    def clean_numbers(self) -> tuple[list[int], list[MassProblem]]:
        words = self.cleaned_data["numbers"].replace("№", " ").replace(",", " ").replace(";", " ").split()
        incidents, problems, odd = _read(words[:MOST_NUMBERS])
        found = set(Incident.objects.filter(pk__in=incidents).values_list("pk", flat=True))
        known = MassProblem.objects.in_bulk(problems)
        odd += [str(pk) for pk in incidents if pk not in found] + [
            f"М-{pk}" for pk in problems if pk not in known
        ]
        if odd:
            raise forms.ValidationError(_("Таких номеров нет: %(odd)s.") % {"odd": ", ".join(odd[:10])})
        return incidents, list(known.values())


def _read(words: Sequence[str]) -> tuple[list[int], list[int], list[str]]:
    """Incidents, problems, and what is no number."""
    incidents: list[int] = []
    problems: list[int] = []
    odd: list[str] = []
    for word in words:
        if found := _INCIDENT.fullmatch(word):
            incidents.append(int(found[1]))
        elif found := _PROBLEM.fullmatch(word):
            problems.append(int(found[1]))
        else:
            odd.append(word[:20])
    return incidents, problems, odd


class MatchForm(RegisterForm):
    """All of a topic, a municipality and a time, among what the decision is about."""

    since = forms.DateField(label=gettext_lazy("Поступили с"), required=False, widget=day_input())
    until = forms.DateField(label=gettext_lazy("Поступили по"), required=False, widget=day_input())
    topic = forms.ChoiceField(label=gettext_lazy("Тема"), required=False)
    municipality = forms.ChoiceField(label=gettext_lazy("Муниципалитет"), required=False)

    def __init__(self, *args: Any, decision: SystemicDecision, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        topics = [(str(each.pk), each.name) for each in decision.topics.all()]
        places = [(str(each.pk), each.short_name) for each in decision.municipalities.all()]
        places = places or [(each.value, each.label) for each in choices.municipalities()]
        choose_from(self, "topic", [("", _("все темы решения")), *topics])
        choose_from(self, "municipality", [("", _("все места решения")), *places])

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        since, until = given.get("since"), given.get("until")
        if since and until and until < since:
            self.add_error("until", _("Конец периода раньше его начала."))
        return given

    @property
    def wanted(self) -> Wanted:
        """What was asked, for the verb."""
        given = self.cleaned_data
        return Wanted(
            given["since"], given["until"], int(given["topic"] or 0) or None,
            int(given["municipality"] or 0) or None,
        )  # fmt: skip
