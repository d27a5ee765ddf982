"""What is done with a verdict."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otklik.triage.nlp import Judgement, judge
from otklik.triage.rules import REJECT_AT, THRESHOLD, Action, Decision, decide

SURE = Judgement(
    kind="complaint",
    topic="ROADS.pothole",
    confidence=0.9,
    alternatives=(),
    words=(),
    urgency="normal",
    alarm="normal",
    is_request=True,
    reason="",
    signals=(),
    model_version="test",
)
SPAM = replace(SURE, topic="GOV.other", is_request=False, reason="spam", confidence=0.95, kind="other")


@pytest.mark.parametrize(
    ("judgement", "decision"),
    [
        (SURE, Decision(Action.OPEN, "confident")),
        (replace(SURE, confidence=THRESHOLD), Decision(Action.OPEN, "confident")),
        (replace(SURE, confidence=0.5), Decision(Action.ASK, "low_confidence")),
        (replace(SURE, topic="GOV.other"), Decision(Action.ASK, "no_topic")),
        (SPAM, Decision(Action.REJECT, "spam")),
        (replace(SPAM, reason="abuse_only"), Decision(Action.REJECT, "abuse_only")),
        (replace(SPAM, reason="chatter"), Decision(Action.REJECT, "not_a_request")),
        (replace(SPAM, confidence=0.8), Decision(Action.ASK, "not_sure_it_is_no_request")),
        (replace(SPAM, signals=("critical",)), Decision(Action.ASK, "not_sure_it_is_no_request")),
        (replace(SPAM, reason="something new"), Decision(Action.ASK, "not_sure_it_is_no_request")),
    ],
)
def test_decisions(judgement: Judgement, decision: Decision) -> None:
    assert decide(judgement, threshold=THRESHOLD) == decision


@pytest.mark.parametrize(
    "text",
    [
        "Вы воры и врёте людям, администрация!",
        "Губернатор ничего не делает, позор",
        "Идиоты, дорогу когда сделаете",
        "Дураки, свет дайте",
        "Бардак в больнице",
        "ненавижу вашу управляющую компанию, сволочи",
        "кто у власти? одни жулики в мэрии",
    ],
)
def test_criticism_is_never_turned_away(text: str) -> None:
    assert decide(judge(text)).action is not Action.REJECT


@given(
    st.floats(0, 1), st.floats(0, 1), st.booleans(), st.sampled_from(["", "spam", "chatter", "thanks_only"])
)
def test_a_machine_acts_only_when_it_is_sure(
    confidence: float, threshold: float, is_request: bool, reason: str
) -> None:
    decision = decide(
        replace(SURE, confidence=confidence, is_request=is_request, reason=reason), threshold=threshold
    )
    if decision.action is Action.OPEN:
        assert is_request
        assert confidence >= threshold
    if decision.action is Action.REJECT:
        assert not is_request
        assert confidence >= max(threshold, REJECT_AT)


@pytest.mark.parametrize("threshold", [-0.1, 1.1, float("nan")])
def test_a_senseless_threshold_is_refused(threshold: float) -> None:
    with pytest.raises(ValueError, match="threshold"):
        decide(SURE, threshold=threshold)
