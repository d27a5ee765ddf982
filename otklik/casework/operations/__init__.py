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
from otklik.casework.operations.approving import approve, postpone, send_back, submit
from otklik.casework.operations.basis import NeedsReason, StaleCard, sla_limits
from otklik.casework.operations.clarifying import ask, go_on, reject_silent
from otklik.casework.operations.ending import (
    archive_old,
    close,
    close_settled,
    dispute,
    not_done,
    reopen,
    return_for_rework,
    take_up,
)
from otklik.casework.operations.family import (
    AlreadyAnswered,
    NothingLeft,
    NotItsPiece,
    OtherMessage,
    TextHasChanged,
)
from otklik.casework.operations.following import note_changes, note_follow_ups
from otklik.casework.operations.moves import keep_allowed_moves
from otklik.casework.operations.moving import (
    accept,
    assign,
    attach,
    confirm,
    decline,
    detach,
    reject,
    restore,
    route,
    take_on,
)
from otklik.casework.operations.opening import Opening, open_many, tell_of_authors
from otklik.casework.operations.pacing import allow_interim, extend, pause, resume
from otklik.casework.operations.places import Place
from otklik.casework.operations.receipts import record_receipt, take_back
from otklik.casework.operations.splitting import join, move_span, split
from otklik.casework.operations.transferring import take_result, tell_again, transfer

__all__ = [
    "AlreadyAnswered",
    "AnswerIsEmpty",
    "AnswerTooLong",
    "NeedsReason",
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
    "allow_interim",
    "approve",
    "archive_old",
    "ask",
    "assign",
    "attach",
    "close",
    "close_settled",
    "confirm",
    "decline",
    "detach",
    "discard_draft",
    "dispute",
    "extend",
    "go_on",
    "join",
    "keep_allowed_moves",
    "move_span",
    "not_done",
    "note_changes",
    "note_follow_ups",
    "open_many",
    "pause",
    "postpone",
    "publish",
    "record_receipt",
    "reject",
    "reject_silent",
    "reopen",
    "restore",
    "resume",
    "return_for_rework",
    "route",
    "save_draft",
    "send_back",
    "sla_limits",
    "split",
    "submit",
    "take_back",
    "take_on",
    "take_result",
    "take_up",
    "tell_again",
    "tell_of_authors",
    "transfer",
]
