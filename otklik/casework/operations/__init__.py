"""The verbs of casework. Each locks, asks the rules, writes, leaves a move and an audit line, and tells the desks."""

from otklik.casework.operations.answering import (
    AnswerIsEmpty,
    AnswerTooLong,
    NotYourDraft,
    discard_draft,
    publish,
    record_receipt,
    save_draft,
    take_back,
)
from otklik.casework.operations.basis import StaleCard, sla_limits
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
from otklik.casework.operations.opening import (
    Opening,
    note_changes,
    note_follow_ups,
    open_many,
    tell_of_authors,
)

__all__ = [
    "AnswerIsEmpty",
    "AnswerTooLong",
    "NotYourDraft",
    "Opening",
    "StaleCard",
    "accept",
    "assign",
    "attach",
    "close",
    "confirm",
    "decline",
    "detach",
    "discard_draft",
    "note_changes",
    "note_follow_ups",
    "open_many",
    "publish",
    "record_receipt",
    "reject",
    "reopen",
    "restore",
    "route",
    "save_draft",
    "sla_limits",
    "take_back",
    "tell_of_authors",
]
