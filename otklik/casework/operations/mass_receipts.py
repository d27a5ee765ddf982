"""What becomes of the reply to one member: the incident stays where it is, and its own card says how it ended."""

from datetime import datetime
from typing import Any

from otklik.casework.enums import AnswerKind, AnswerStatus, DeliveryNote
from otklik.casework.models import Answer, Incident
from otklik.casework.operations.basis import set_status, touch
from otklik.channels.enums import DeliveryState
from otklik.channels.models import Delivery
from otklik.common.actor import SYSTEM
from otklik.common.desks import tell_desks

_TOLD = {
    AnswerKind.FINAL: "answered",
    AnswerKind.INTERIM: "answered_interim",
    AnswerKind.PLAN: "answered_plan",
}
_WAITS = {
    DeliveryState.UNCERTAIN: ("delivery_uncertain", AnswerStatus.UNCERTAIN, DeliveryNote.UNCERTAIN),
    DeliveryState.MANUAL: ("delivery_manual", AnswerStatus.PUBLISHING, DeliveryNote.MANUAL),
    DeliveryState.REFUSED: ("undeliverable", AnswerStatus.UNDELIVERABLE, DeliveryNote.UNDELIVERABLE),
    DeliveryState.CANCELLED: ("undeliverable", AnswerStatus.UNDELIVERABLE, DeliveryNote.UNDELIVERABLE),
    DeliveryState.WAITING: ("delivery_again", AnswerStatus.PUBLISHING, DeliveryNote.NONE),
}


def take_receipt(incident: Incident, answer: Answer, delivery: Delivery, state: str, now: datetime) -> None:
    """Learn how the reply stands; an answer that stands is the first of its cycle by its receipt, as everywhere."""
    if state == DeliveryState.DELIVERED:
        set_status(answer, AnswerStatus.PUBLISHED, now, published_at=delivery.finished_at or now)
        touch(
            incident,
            verb=_TOLD[AnswerKind(answer.kind)],
            by=SYSTEM,
            now=now,
            reason=delivery.permalink,
            first_answer_at=incident.first_answer_at or answer.published_at,
            delivery_note=DeliveryNote.NONE,
            author_replied_at=None,
            **_by_kind(incident, answer),
        )
    elif state in _WAITS:
        verb, status, note = _WAITS[DeliveryState(state)]
        set_status(answer, status, now)
        if incident.delivery_note != note:
            touch(incident, verb=verb, by=SYSTEM, now=now, reason=delivery.reason, delivery_note=note)
    tell_desks({"mass": True})


def _by_kind(incident: Incident, answer: Answer) -> dict[str, Any]:
    """A promise to all is a promise to each: whoever leaves the problem takes its day along."""
    if answer.kind == AnswerKind.FINAL:
        return {"resolution": answer.resolution, "final_due_at": None}
    plans = incident.plans + (answer.kind == AnswerKind.PLAN)
    return {"final_due_at": answer.promised_for, "plans": plans}
