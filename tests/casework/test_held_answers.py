"""An answer that cannot leave until a person mends a key of the page: the desk sees it, with the reason."""

import pytest

from otklik.casework import operations as casework
from otklik.casework.models import Answer, Incident
from otklik.channels.models import Delivery
from tests import cast

pytestmark = pytest.mark.django_db


def _receipt(answer: Answer, *, reason: str, state: str = "waiting") -> Incident:
    Delivery.objects.filter(pk=answer.delivery_id).update(state=state, reason=reason)
    assert answer.delivery is not None
    casework.record_receipt(delivery=answer.delivery, state=state, now=cast.after(minutes=2))
    return Incident.objects.get(pk=answer.incident_id)


@pytest.mark.parametrize("reason", ["key_dead", "human_needed", "key_paused"])
def test_it_is_marked_with_the_reason_and_once(reason: str) -> None:
    answer = cast.publish(cast.incident())
    incident = _receipt(answer, reason=reason)
    assert (incident.state, incident.delivery_note) == ("publishing", "held")
    move = incident.moves.latest("pk")
    assert (move.verb, move.reason) == ("delivery_held", reason)
    assert _receipt(answer, reason=reason).version == incident.version


def test_a_mended_key_takes_the_mark_away_and_the_answer_goes_its_way() -> None:
    answer = cast.publish(cast.incident())
    _receipt(answer, reason="key_dead")
    incident = _receipt(answer, reason="")
    assert (incident.state, incident.delivery_note) == ("publishing", "")
    cast.settle(answer, "delivered")
    incident.refresh_from_db()
    assert (incident.state, incident.delivery_note) == ("answered", "")


def test_it_can_be_taken_back_meanwhile() -> None:
    answer = cast.publish(cast.incident())
    incident = _receipt(answer, reason="key_dead")
    incident = casework.take_back(incident=incident, by=cast.dispatcher(), now=cast.after(minutes=3))
    assert (incident.state, incident.delivery_note) == ("in_progress", "undeliverable")


def test_one_sent_again_by_a_person_and_stopped_by_a_key_at_once_is_no_longer_uncertain() -> None:
    answer = cast.publish(cast.incident())
    _receipt(answer, reason="no_reading_key", state="uncertain")
    incident = _receipt(answer, reason="key_dead")
    assert (incident.state, incident.delivery_note) == ("publishing", "held")


def test_a_question_that_waits_for_a_key_is_marked_too() -> None:
    question = casework.ask(
        incident=cast.incident("triage"), text="Где это?", by=cast.dispatcher(), now=cast.NOW
    )
    incident = _receipt(question, reason="key_dead")
    assert (incident.state, incident.delivery_note) == ("clarification", "held")
    assert _receipt(question, reason="").delivery_note == ""


def test_one_sent_again_that_ends_before_this_was_read_waits_for_a_hand_and_is_not_uncertain() -> None:
    """The receipt of sending again is read late, after a restart say: it is too old, and only the later one counts."""
    answer = cast.publish(cast.incident())
    _receipt(answer, reason="server_error", state="uncertain")
    incident = _receipt(answer, reason="access_denied", state="manual")
    answer.refresh_from_db()
    assert (incident.state, incident.delivery_note, answer.status) == ("publishing", "manual", "publishing")
    question = casework.ask(
        incident=cast.incident("triage"), text="Где это?", by=cast.dispatcher(), now=cast.NOW
    )
    _receipt(question, reason="server_error", state="uncertain")
    incident = _receipt(question, reason="access_denied", state="manual")
    question.refresh_from_db()
    assert (incident.delivery_note, question.status) == ("manual", "publishing")
