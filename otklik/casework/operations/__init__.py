"""The verbs of casework. Each locks, asks the rules, writes, leaves a move and an audit line, and tells the desks."""

from otklik.casework.operations.answering import (
    AnswerIsEmpty,
    AnswerTooLong,
    NotYourDraft,
    QuestionOnItsWay,
    discard_draft,
    publish,
    save_draft,
)
from otklik.casework.operations.basis import StaleCard, sla_limits
from otklik.casework.operations.clarifying import ask, go_on, reject_silent
from otklik.casework.operations.family import (
    AlreadyAnswered,
    NothingLeft,
    NotItsPiece,
    OtherMessage,
    TextHasChanged,
)
from otklik.casework.operations.following import note_changes, note_follow_ups
from otklik.casework.operations.moving import (
    accept,
    assign,
    attach,
    close,
    confirm,
    decline,
    detach,
    reject,
    reopen,
    restore,
    route,
)
from otklik.casework.operations.opening import Opening, open_many, tell_of_authors
from otklik.casework.operations.places import Place
from otklik.casework.operations.receipts import record_receipt, take_back
from otklik.casework.operations.splitting import join, move_span, split

__all__ = [
    "AlreadyAnswered",
    "AnswerIsEmpty",
    "AnswerTooLong",
    "NotItsPiece",
    "NotYourDraft",
    "NothingLeft",
    "Opening",
    "OtherMessage",
    "Place",
    "QuestionOnItsWay",
    "StaleCard",
    "TextHasChanged",
    "accept",
    "ask",
    "assign",
    "attach",
    "close",
    "confirm",
    "decline",
    "detach",
    "discard_draft",
    "go_on",
    "join",
    "move_span",
    "note_changes",
    "note_follow_ups",
    "open_many",
    "publish",
    "record_receipt",
    "reject",
    "reject_silent",
    "reopen",
    "restore",
    "route",
    "save_draft",
    "sla_limits",
    "split",
    "take_back",
    "tell_of_authors",
]
