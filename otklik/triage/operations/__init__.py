"""The verbs of triage: judging messages, keeping corrections, the list of topics."""

from otklik.triage.operations.corrections import keep_correction
from otklik.triage.operations.judging import (
    NOWHERE,
    Judged,
    judge_messages,
    leave_to_person,
    suggested_body,
)
from otklik.triage.operations.topics import load_topics, shipped_topics, topics_by_code

__all__ = [
    "NOWHERE",
    "Judged",
    "judge_messages",
    "keep_correction",
    "leave_to_person",
    "load_topics",
    "shipped_topics",
    "suggested_body",
    "topics_by_code",
]
