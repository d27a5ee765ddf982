"""The ten points of post-control as a form: what the machine thinks stands there, and the person decides."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from otklik.casework.enums import ReviewVerdict
from otklik.casework.models import Answer, Incident
from otklik.casework.operations.answer_words import DEFECTS, POINTS
from otklik.casework.operations.reviewing import checklist_of, final_answer, open_draws
from otklik.casework.rules import answer_check, post_control
from otklik.desk.forms import LONGEST_REASON, CardForm
from otklik.desk.move_forms import ANSWER_CODES, words_field


class Row(NamedTuple):
    """A point: its box, and what the machine says of it: yes, no or unknown, in words."""

    field: forms.BoundField
    verdict: str
    words: str


class ReviewForm(CardForm):
    """Ten boxes, the verdict by its button, and for a return what is wrong."""

    verdict = forms.ChoiceField(choices=ReviewVerdict.choices)
    code = forms.ChoiceField(
        choices=[("", gettext_lazy("— если возвращаете —")), *ANSWER_CODES],
        label=gettext_lazy("Чем ответ не подходит"),
        required=False,
    )
    comment = words_field(gettext_lazy("Что исправить"), max_length=LONGEST_REASON, rows=2)

    def prepare(self) -> None:
        self.answer: Answer | None = self.initial.get("answer") or final_answer(self.incident)
        found = checklist_of(self.answer, self.desk.now) if self.answer else ()
        self.said = {point.code: point for point in found}
        for code, label in POINTS.items():
            # What the machine cannot tell is not held against an answer until a person does.
            holds = code in self.said and self.said[code].verdict != answer_check.NO
            self.fields[code] = forms.BooleanField(label=str(label), required=False, initial=holds)

    def rows(self) -> Iterator[Row]:
        """The points in their order."""
        for code in POINTS:
            point = self.said.get(code) or answer_check.Point(code, answer_check.UNKNOWN)
            yield Row(self[code], point.verdict, _said(point))

    @property
    def given(self) -> dict[str, Any]:
        held = [code for code in POINTS if self.cleaned_data[code]]
        others = {name: self.cleaned_data[name] for name in ("verdict", "code", "comment")}
        return {"points": post_control.points_of(held), **others}


def _said(point: answer_check.Point) -> str:
    if point.verdict == answer_check.UNKNOWN:
        return _("решите сами")
    words = _("похоже, да") if point.verdict == answer_check.YES else _("похоже, нет")
    named = [str(DEFECTS[code].name).lower() for code in point.because if code in DEFECTS]
    return f"{words}: {', '.join(named)}" if named else words


def review_lists(incident: Incident) -> dict[str, Any]:
    """Whether chance drew the answer: then more than one person looks at it, each for himself."""
    answer = final_answer(incident)
    return {"drawn": answer is not None and open_draws([answer.pk]).exists()}
