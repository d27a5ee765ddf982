"""Decisions of triage. Pure: what is done with a verdict, when many messages are one trouble, which body is asked."""

from otklik.triage.rules.deciding import REJECT_AT, REJECTIONS, THRESHOLD, Action, Decision, decide

__all__ = ["REJECTIONS", "REJECT_AT", "THRESHOLD", "Action", "Decision", "decide"]
