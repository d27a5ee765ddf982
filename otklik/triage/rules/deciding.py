"""What is done with a verdict, decided without a network, a clock or a database."""

from dataclasses import dataclass
from enum import StrEnum

from otklik.triage.nlp import Judgement

THRESHOLD = 0.75
"""The confidence from which a verdict acts by itself; a region sets its own after measuring."""

REJECT_AT = 0.85
"""Closing a message without a person takes more certainty than opening an incident."""

# The codes of rejection of the state machine for what the reading of a message says.
REJECTIONS = {
    "spam": "spam",
    "abuse_only": "abuse_only",
    "thanks_only": "not_a_request",
    "chatter": "not_a_request",
    "emoji_only": "not_a_request",
    "empty": "not_a_request",
}
_NOWHERE = "GOV.other"
# From here a verdict is trusted to call a topic critical.
_TRUSTED = 0.5


class Action(StrEnum):
    """What triage does with a message; an incident stands for it in every case."""

    OPEN = "open"
    REJECT = "reject"
    ASK = "ask"


@dataclass(frozen=True, slots=True)
class Decision:
    """An action and the code of its reason: of the rejection, or why a person is needed."""

    action: Action
    reason: str


def decide(judgement: Judgement, *, threshold: float = THRESHOLD, passes: bool | None = None) -> Decision:
    """Open with routing, reject as restorable, or ask a dispatcher.

    Rejected is only what is confidently no request, and never what names a trouble, a body or a danger:
    criticism always reaches a person. `threshold`, 0 to 1, is the confidence that opens; raises ValueError
    outside of it. `passes` says instead whether the topic's own threshold is met, where a model knows one.
    """
    if not 0 <= threshold <= 1:
        raise ValueError("a threshold of confidence lies between 0 and 1")
    if not judgement.is_request:
        return _turn_away(judgement, threshold)
    if judgement.topic == _NOWHERE:
        return Decision(Action.ASK, "no_topic")
    if not (judgement.confidence >= threshold if passes is None else passes):
        return Decision(Action.ASK, "low_confidence")
    return Decision(Action.OPEN, "confident")


def _turn_away(judgement: Judgement, threshold: float) -> Decision:
    code = REJECTIONS.get(judgement.reason)
    if code is None or judgement.urgency == "critical" or "critical" in judgement.signals:
        return Decision(Action.ASK, "not_sure_it_is_no_request")
    if judgement.confidence < max(threshold, REJECT_AT):
        return Decision(Action.ASK, "not_sure_it_is_no_request")
    return Decision(Action.REJECT, code)


def priority(judgement: Judgement, of_topic: str) -> str:
    """critical, high or normal: what the region gives the topic, raised by the words of the message.

    A critical topic counts only when the verdict is fairly sure of it; otherwise it is high until a person has looked.
    """
    if not judgement.is_request:
        return "normal"
    if judgement.alarm == "critical" or (of_topic == "critical" and judgement.confidence >= _TRUSTED):
        return "critical"
    return "high" if "high" in {judgement.alarm, of_topic} or of_topic == "critical" else "normal"
