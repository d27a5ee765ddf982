"""What the verbs of mass problems refuse, in words, and the words of their steps."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from otklik.casework.operations import mass_answering, mass_ending, mass_leaving, mass_opening
from otklik.casework.rules.mass_text import UnknownVariable
from otklik.desk import facts

FACTS = (
    *facts.FACTS,
    UnknownVariable,
    mass_opening.TooFewIncidents,
    mass_opening.ProblemExists,
    mass_leaving.NotAMember,
    mass_leaving.ReplyOnItsWay,
    mass_answering.NobodyToTell,
    mass_answering.NoAnswerToSend,
    mass_ending.NotQuietYet,
    mass_ending.NotAllTold,
)
STEPS = {
    "open": _("Проблема заведена"),
    "join": _("Добавлены вопросы"),
    "decline": _("Вопрос не о том"),
    "take_out": _("Вопрос вынут"),
    "tell_interim": _("Отправлен промежуточный ответ"),
    "tell_plan": _("Отправлен план со сроком"),
    "tell_final": _("Отправлен ответ"),
    "tell_fixed": _("Отправлен ответ об исправлении"),
    "pause": _("Рассылка на паузе"),
    "resume": _("Рассылка продолжена"),
    "stop": _("Рассылка остановлена"),
    "confirm_fix": _("Орган подтвердил исправление"),
    "not_fixed": _("Не исправлено, снова в работе"),
    "close": _("Закрыта"),
    "reopen": _("Открыта снова"),
    "hand_over": _("Передана другому органу"),
}
WHY = {
    mass_leaving.BY_HAND: _("вынул сотрудник"),
    mass_leaving.OWN_WORDS: _("автор написал, что у него другое"),
    mass_leaving.WAITS: _("автор пишет, что у него другое: выньте, когда ответ выйдет"),
}


def words(fact: Exception) -> str:
    """The fact in the language of the reader, with what was written wrong."""
    said = facts.message(fact)
    return f"{said} «{fact.written}»" if isinstance(fact, UnknownVariable) else said


def done(request: HttpRequest, verb: Callable[[], object]) -> bool:
    """Whether the verb was done; what it refused is said above the next page."""
    try:
        verb()
    except FACTS as fact:
        messages.error(request, words(fact))
        return False
    return True
