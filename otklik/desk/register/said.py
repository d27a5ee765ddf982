"""What the verbs of the register refuse, in words, beside the form or above the page."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext

from otklik.desk.facts import message
from otklik.desk.register_forms.base import RegisterForm
from otklik.registry.operations import lookalikes, onboarding, organizations, pages
from otklik.registry.rules import obligations as duties
from otklik.registry.rules import onboarding as stages
from otklik.registry.rules import pages as badges
from otklik.registry.rules.values import BadValue

FACTS = (
    BadValue,
    organizations.WouldLoop,
    organizations.UnknownParent,
    organizations.HasSubordinates,
    pages.ReasonNeeded,
    pages.AlreadyClosed,
    pages.NotClosed,
    badges.IllegalBadgeMove,
    badges.EvidenceNeeded,
    duties.ExemptionNeedsBasis,
    onboarding.StaleCase,
    onboarding.AlreadyUnderWay,
    onboarding.WrongPage,
    stages.NotReady,
    stages.LastStage,
    stages.FirstStage,
    stages.UnknownItem,
    stages.OnlyByFact,
    lookalikes.IllegalDecision,
    lookalikes.GroundsNeeded,
    lookalikes.DecidedMeanwhile,
    lookalikes.AlreadyOfficial,
    lookalikes.OwnerNeeded,
)


def words(fact: Exception) -> str:
    """The fact in the language of the reader."""
    if isinstance(fact, BadValue):
        return gettext(fact.message) % fact.params if fact.params else gettext(fact.message)
    if isinstance(fact, stages.NotReady):
        missing = "; ".join(gettext(item.title) for item in fact.missing)
        return f"{message(fact)} {missing}."
    return message(fact)


def posted(request: HttpRequest) -> QueryDict | None:
    """What was sent, for a form; None when the page is only opened."""
    return request.POST if request.method == "POST" else None


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


def done(request: HttpRequest, verb: Callable[[], object]) -> bool:
    """Whether the verb was done; what it refused is said above the next page."""
    try:
        verb()
    except FACTS as fact:
        messages.error(request, words(fact))
        return False
    return True
