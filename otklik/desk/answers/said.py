"""What the verbs about answers refuse, in words, beside the form."""

from collections.abc import Callable

from django.utils.translation import gettext as _

from otklik.casework import operations as casework
from otklik.casework.rules import templates
from otklik.desk.facts import message
from otklik.desk.register_forms.base import RegisterForm

FACTS: tuple[type[Exception], ...] = (
    casework.UnknownCode,
    casework.NoWordsOfItsOwn,
    casework.BadPhrase,
    casework.TooManyPhrases,
    casework.TemplateIsEmpty,
    casework.TemplateTooLong,
    casework.TwoScopes,
    casework.TemplateChanged,
    casework.OnlyTheCentre,
    casework.BadPeriod,
    casework.BadAmount,
    casework.NothingToDraw,
    templates.UnknownVariable,
    templates.TooManyVariables,
    templates.BadSeason,
)


def words(fact: Exception) -> str:
    """The fact in the language of the reader."""
    if isinstance(fact, casework.BadPhrase):
        return f"«{fact.phrase[:80]}». {message(fact)}"
    if isinstance(fact, templates.UnknownVariable):
        place = _("знак %(n)d") % {"n": fact.position}
        return f"{message(fact)} {fact.written} ({place})."
    return message(fact)


def accepted(form: RegisterForm, verb: Callable[[], object]) -> bool:
    """Whether the form is right and the verb was done; what it refused stands in the form."""
    if not form.is_valid():
        return False
    try:
        verb()
    except FACTS as fact:
        form.refuse(fact, words(fact))
        return False
    return True
