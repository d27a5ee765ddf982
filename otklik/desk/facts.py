"""Facts that verbs raise, as staff read them: the docstring is the message, the status says whose turn it is."""

import inspect

from django.utils.translation import gettext

from otklik.casework.operations import (
    AlreadyAnswered,
    AnswerIsEmpty,
    AnswerTooLong,
    NeedsReason,
    NothingLeft,
    NotItsPiece,
    NotYourDraft,
    OtherMessage,
    QuestionOnItsWay,
    StaleCard,
    TextHasChanged,
)
from otklik.casework.operations.moving import NeedsBody
from otklik.casework.rules import (
    CannotDecline,
    CannotExtend,
    CannotPostpone,
    FourEyes,
    IllegalMove,
    NeedsApproval,
    NeedsCoordinator,
    NeedsDate,
    WrongOutcome,
)
from otklik.channels.operations import LinkIsMissing, TooLate
from otklik.desk.operations import NamelessView, TooManyViews, ViewNameTaken
from otklik.triage.operations.corrections import TopicIsRetired

# Somebody or something was faster: look again and decide.
CONFLICTS = (
    StaleCard,
    IllegalMove,
    CannotDecline,
    CannotPostpone,
    FourEyes,
    NeedsApproval,
    NeedsCoordinator,
    NotYourDraft,
    TooLate,
    AlreadyAnswered,
    QuestionOnItsWay,
    TextHasChanged,
)
# Something is missing in what was sent: add it and send again.
OMISSIONS = (
    NeedsReason,
    NeedsBody,
    NeedsDate,
    CannotExtend,
    WrongOutcome,
    AnswerIsEmpty,
    AnswerTooLong,
    NotItsPiece,
    NothingLeft,
    OtherMessage,
    TopicIsRetired,
    LinkIsMissing,
    NamelessView,
    TooManyViews,
    ViewNameTaken,
)
FACTS = CONFLICTS + OMISSIONS


def message(fact: Exception) -> str:
    """The fact in the language of the reader."""
    return gettext(inspect.getdoc(fact) or type(fact).__name__)


def status(fact: Exception) -> int:
    """409 when the world has changed, 422 when the person must add something."""
    return 409 if isinstance(fact, CONFLICTS) else 422
