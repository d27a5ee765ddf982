"""Decisions of triage. Pure: what is done with a verdict, when many messages are one trouble, which body is asked."""

from otklik.triage.rules.deciding import REJECT_AT, REJECTIONS, THRESHOLD, Action, Decision, decide, priority
from otklik.triage.rules.questions import needs_place, what_to_ask

__all__ = [
    "REJECTIONS",
    "REJECT_AT",
    "THRESHOLD",
    "Action",
    "Decision",
    "decide",
    "needs_place",
    "priority",
    "what_to_ask",
]
