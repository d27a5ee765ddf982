"""Our published answers are edited and deleted in the network, past us: never silently."""

from typing import Any

import pytest

from otklik.audit.models import AuditLine
from otklik.casework import operations as casework
from otklik.casework import rules
from otklik.casework.models import Answer, Incident
from otklik.channels.models import Delivery
from otklik.inbox import operations as inbox
from otklik.inbox.models import SourceMessage
from tests import cast

pytestmark = pytest.mark.django_db
NUMBER = "9001"


def _published(kind: str = "final", **words: Any) -> Answer:
    """An answer that stands in the network under NUMBER, by its receipt."""
    incident = cast.incident()
    answer = cast.publish(incident, kind=kind, **words)
    _deliver(answer)
    casework.record_receipt(delivery=answer.delivery, state="delivered", now=cast.after(hours=1))
    answer.refresh_from_db()
    return answer


def _deliver(answer: Answer) -> None:
    Delivery.objects.filter(pk=answer.delivery_id).update(
        state="delivered",
        external_id=NUMBER,
        permalink="https://vk.com/wall-1_6?reply=9001",
        finished_at=cast.after(hours=1),
    )
    answer.delivery.refresh_from_db()


def _told(answer: Answer, what: str, **fields: Any) -> list[SourceMessage]:
    """What the inbox makes of the page's own event about that comment."""
    at = answer.delivery
    assert at is not None
    page = answer.incident.message.connection
    shown = {"text": at.text, "is_own": True, "author_id": f"-{page.external_id}"} | fields
    incoming = cast.incoming(
        what, place=at.place, object_id=at.object_id, external_id=NUMBER, root_id=NUMBER, **shown
    )
    received = inbox.receive(items=[(page, incoming)], now=cast.after(hours=2))
    return [*received.changed, *received.new]


def _tell(answer: Answer, what: str, **fields: Any) -> Incident:
    casework.note_published_changes(messages=_told(answer, what, **fields), now=cast.after(hours=2))
    answer.refresh_from_db()
    return Incident.objects.get(pk=answer.incident_id)


def test_an_answer_that_comes_back_as_it_was_changes_nothing() -> None:
    answer = _published()
    incident = _tell(answer, "new")
    assert (incident.state, incident.delivery_note, answer.edited_at) == ("answered", "", None)


def test_an_edited_answer_is_marked_and_waits_for_a_person() -> None:
    answer = _published()
    _tell(answer, "new")
    incident = _tell(answer, "edited", text="Ничего делать не будем.")
    assert (incident.state, incident.delivery_note) == ("answered", "edited")
    assert answer.edited_at == cast.after(hours=2)
    assert incident.moves.latest("pk").verb == "answer_edited"
    assert casework.close_settled(now=cast.after(days=60)) == 0
    assert _tell(answer, "edited", text="Ничего делать не будем.").version == incident.version
    incident = casework.take_note(incident=incident, by=cast.dispatcher().actor, now=cast.after(hours=3))
    assert incident.delivery_note == ""
    assert casework.close_settled(now=cast.after(days=60)) == 1


def test_an_edit_before_the_message_itself_is_noticed_too() -> None:
    answer = _published()
    assert _tell(answer, "edited", text="Другое.").delivery_note == "edited"


def test_a_deleted_final_answer_sends_the_incident_back_with_its_text() -> None:
    answer = _published()
    _tell(answer, "new")
    incident = _tell(answer, "deleted", text="", is_own=False)
    assert (incident.state, incident.reason) == ("rework", "answer_removed")
    assert (incident.delivery_note, incident.returns) == ("removed", 0)
    assert answer.removed_at is not None
    assert Answer.objects.get(incident=incident, status="draft").text == answer.text
    assert AuditLine.objects.filter(verb="answer_removed", subject_id=incident.pk).count() == 1
    assert incident.stage_due_at is not None


@pytest.mark.parametrize("kind", ["interim", "plan"])
def test_a_deleted_promise_goes_back_to_work(kind: str) -> None:
    answer = _published(kind, promised_for=cast.after(days=5))
    incident = _tell(answer, "deleted", text="", is_own=False)
    assert (incident.state, incident.delivery_note) == ("in_progress", "removed")
    assert incident.moves.latest("pk").verb == "promise_removed"


def test_what_is_closed_stays_closed_and_is_marked() -> None:
    answer = _published()
    casework.close(
        incident=answer.incident, resolution="solved", by=cast.dispatcher().actor, now=cast.after(hours=1)
    )
    incident = _tell(answer, "deleted", text="", is_own=False)
    assert (incident.state, incident.delivery_note) == ("closed", "removed")
    assert incident.moves.latest("pk").verb == "answer_gone"


def test_an_answer_that_was_restored_is_no_trouble_any_more() -> None:
    answer = _published()
    _tell(answer, "new")
    _tell(answer, "deleted", text="", is_own=False)
    incident = _tell(answer, "restored")
    assert (answer.removed_at, incident.delivery_note) == (None, "")
    assert incident.moves.latest("pk").verb == "answer_restored"


def test_a_deletion_before_the_receipt_counts_when_the_receipt_comes() -> None:
    answer = cast.publish(cast.incident())
    _deliver(answer)
    incident = _tell(answer, "deleted", text="", is_own=False)
    assert incident.state == "publishing"
    casework.record_receipt(delivery=answer.delivery, state="delivered", now=cast.after(hours=3))
    incident.refresh_from_db()
    assert (incident.state, incident.delivery_note) == ("rework", "removed")
    assert [each.verb for each in incident.moves.order_by("pk")][-2:] == ["answered", "answer_removed"]


def test_a_trouble_under_way_is_not_hidden_by_an_older_answer() -> None:
    answer = _published()
    Incident.objects.filter(pk=answer.incident_id).update(delivery_note="not_noted")
    assert _tell(answer, "edited", text="Другое.").delivery_note == "not_noted"


def test_there_is_nothing_to_take_note_of() -> None:
    with pytest.raises(rules.IllegalMove):
        casework.take_note(
            incident=_published().incident, by=cast.dispatcher().actor, now=cast.after(hours=2)
        )


def test_the_messages_of_residents_are_not_ours() -> None:
    assert casework.note_published_changes(messages=[cast.message()], now=cast.NOW) == 0
