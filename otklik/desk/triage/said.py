"""What the verbs of triage refuse, in words, beside the form or above the page."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext

from otklik.desk.facts import message
from otklik.desk.register_forms.base import RegisterForm
from otklik.registry.rules.values import BadValue
from otklik.triage.operations import (
    example_tables,
    learning,
    routing,
    routing_learning,
    routing_tables,
    topic_edits,
)
from otklik.triage.operations.learning import BrokenModel
from otklik.triage.operations.routing_cases import BreaksCases

FACTS = (
    BadValue,
    routing.SameRule,
    routing.RuleRetired,
    routing.RuleActive,
    routing_learning.ProposalDecided,
    routing_tables.NotATable,
    topic_edits.LastResort,
    topic_edits.AlreadyRetired,
    topic_edits.NotRetired,
    topic_edits.BadSuccessor,
    BreaksCases,
    BrokenModel,
    learning.TooFewExamples,
    learning.NotReady,
    learning.NothingToRollBackTo,
    example_tables.TableTooLarge,
    example_tables.TableIsEmpty,
)


def words(fact: Exception) -> str:
    """The fact in the language of the reader."""
    if isinstance(fact, BadValue):
        return gettext(fact.message) % fact.params if fact.params else gettext(fact.message)
    return message(fact)


def accepted(form: RegisterForm, verb: Callable[[], object]) -> bool:
    """Whether the form is right and the verb was done; what it refused stands in the form.

    Broken lines of the test table are put on the form, which then asks to confirm.
    """
    if not form.is_valid():
        return False
    try:
        verb()
    except FACTS as fact:
        form.refuse(fact, words(fact))
        if isinstance(fact, BreaksCases):
            form.broken = fact.broken  # type: ignore[attr-defined]
        return False
    return True


def done(request: HttpRequest, verb: Callable[[], object]) -> bool:
    """Whether the verb was done; what it refused is said above the next page."""
    try:
        verb()
    except FACTS as fact:
        messages.error(request, words(fact))
        return False
    return True
