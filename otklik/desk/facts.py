"""Facts that verbs raise, as staff read them: the docstring is the message, the status says whose turn it is."""

import inspect

from django.utils.translation import gettext

from otklik.casework.operations import (
    AlreadyAnswered,
    AnswerAdvised,
    AnswerBlocked,
    AnswerHasGaps,
    AnswerIsEmpty,
    AnswerTooLong,
    NeedsCode,
    NeedsReadingReason,
    NeedsReason,
    NoteIsEmpty,
    NoteIsOld,
    NoteTooLong,
    NoteWithdrawn,
    NothingLeft,
    NothingToReview,
    NotItsPiece,
    NotYourDraft,
    NotYourNote,
    OtherMessage,
    QuestionOnItsWay,
    ReviewedAlready,
    ReviewsOwn,
    StaleCard,
    TextHasChanged,
    TooManyMentions,
    UnclearMention,
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
    NotTheApprover,
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
    NotTheApprover,
    NeedsApproval,
    NeedsCoordinator,
    NotYourDraft,
    TooLate,
    AlreadyAnswered,
    QuestionOnItsWay,
    TextHasChanged,
    NothingToReview,
    ReviewedAlready,
    ReviewsOwn,
    NotYourNote,
    NoteIsOld,
    NoteWithdrawn,
)
# Something is missing in what was sent: add it and send again.
OMISSIONS = (
    NeedsReason,
    NeedsCode,
    NeedsReadingReason,
    NeedsBody,
    NeedsDate,
    CannotExtend,
    WrongOutcome,
    AnswerIsEmpty,
    AnswerTooLong,
    AnswerHasGaps,
    AnswerBlocked,
    AnswerAdvised,
    NotItsPiece,
    NothingLeft,
    OtherMessage,
    TopicIsRetired,
    LinkIsMissing,
    NamelessView,
    TooManyViews,
    ViewNameTaken,
    NoteIsEmpty,
    NoteTooLong,
    TooManyMentions,
    UnclearMention,
)
FACTS = CONFLICTS + OMISSIONS


def message(fact: Exception) -> str:
    """The fact in the language of the reader."""
    if isinstance(fact, AnswerBlocked | AnswerAdvised | AnswerHasGaps | UnclearMention):
        return fact.told()
    return gettext(inspect.getdoc(fact) or type(fact).__name__)


def status(fact: Exception) -> int:
    """409 when the world has changed, 422 when the person must add something."""
    return 409 if isinstance(fact, CONFLICTS) else 422
