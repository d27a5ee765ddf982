"""What the verbs of moderation refuse, in words, and the words of its history."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from otklik.casework.operations import NeedsReason, appealing, moderating, moderation_rules
from otklik.casework.rules import moderation as rules
from otklik.desk.facts import message
from otklik.desk.register_forms.base import RegisterForm

FACTS = (
    NeedsReason,
    moderating.NothingToModerate,
    moderating.PrivateMessage,
    moderating.AlreadyGone,
    moderating.AuthorUnknown,
    moderating.RuleIsRetired,
    moderating.DecidedAlready,
    moderating.QuestionIsOpen,
    moderating.WarningIsEmpty,
    moderating.OnItsWay,
    moderating.NothingToUndo,
    moderating.NotByHand,
    appealing.AppealIsEmpty,
    appealing.AppealedAlready,
    appealing.NothingToAppeal,
    appealing.AppealIsDecided,
    appealing.OwnDecision,
    moderation_rules.UnknownGround,
    moderation_rules.SameModerationRule,
    moderation_rules.RuleChanged,
    rules.MeasureTooStrong,
    rules.WrongTerm,
    rules.CriticismIsNoGround,
    rules.RuleIsIncomplete,
)
# Beside which field of the form a refusal stands.
BESIDE: dict[type[Exception], str] = {
    moderating.RuleIsRetired: "rule",
    rules.MeasureTooStrong: "measure",
    moderating.PrivateMessage: "measure",
    moderating.AuthorUnknown: "measure",
    rules.WrongTerm: "days",
    moderating.WarningIsEmpty: "text",
    moderation_rules.SameModerationRule: "code",
    moderation_rules.UnknownGround: "ground",
}
STEPS = {
    "moderate": _("Решено"),
    "undo_moderation": _("Решение отменяют"),
    "retry_moderation": _("Отправлено в сеть ещё раз"),
    "moderated_by_hand": _("Администратор подтвердил: сделано"),
    "moderation_done": _("Выполнено в сети"),
    "moderation_undone": _("Отменено в сети"),
    "moderation_by_hand": _("Передано администратору страницы"),
    "moderation_refused": _("Сеть отказала"),
    "moderation_seen": _("Сеть сообщила, что сделано"),
    "end_ban": _("Срок блокировки вышел"),
    "record_appeal": _("Записана жалоба автора"),
    "decide_appeal": _("По жалобе решено"),
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
