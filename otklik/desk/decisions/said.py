"""What the verbs of systemic decisions refuse, in words, and the words of their history."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from otklik.casework.operations import NeedsReason, StaleCard, systemic, systemic_basis
from otklik.casework.rules import systemic as rules
from otklik.desk.facts import message
from otklik.desk.register_forms.base import RegisterForm

FACTS = (
    NeedsReason,
    StaleCard,
    rules.IllegalStep,
    rules.NeedsAct,
    rules.NeedsDoneDay,
    rules.TooEarly,
    rules.WrongWindow,
    systemic.DecisionIsIncomplete,
    systemic.UnknownAct,
    systemic.NeedsEffect,
    systemic_basis.NothingToAdd,
    systemic_basis.NotInBasis,
)
# Beside which field of the form a refusal stands.
BESIDE: dict[type[Exception], str] = {
    rules.NeedsDoneDay: "done_on",
    rules.NeedsAct: "act_kind",
    rules.WrongWindow: "window_days",
    systemic.UnknownAct: "act_kind",
    systemic.NeedsEffect: "note",
    NeedsReason: "reason",
    systemic_basis.NothingToAdd: "numbers",
}
STEPS = {
    "propose_systemic": _("Предложено"),
    "change_systemic": _("Изменено"),
    "agree_systemic": _("Согласовано с органом"),
    "begin_systemic": _("Взято в работу"),
    "finish_systemic": _("Исполнено"),
    "check_systemic": _("Результат проверен"),
    "resume_systemic": _("Возвращено в работу"),
    "decline_systemic": _("Отклонено"),
    "restore_systemic": _("Предложено снова"),
    "add_to_systemic": _("Добавлены инциденты"),
    "take_from_systemic": _("Инцидент убран из основания"),
}


def accepted(form: RegisterForm, verb: Callable[[], object]) -> bool:
    """Whether the form is right and the verb was done; what it refused stands in the form."""
    if not form.is_valid():
        return False
    try:
        verb()
    except FACTS as fact:
        field = BESIDE.get(type(fact))
        form.add_error(field if field in form.fields else None, message(fact))
        return False
    return True


def done(request: HttpRequest, verb: Callable[[], object]) -> bool:
    """Whether the verb was done; what it refused is said above the next page."""
    try:
        verb()
    except FACTS as fact:
        messages.error(request, message(fact))
        return False
    return True
