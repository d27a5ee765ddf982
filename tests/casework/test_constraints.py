"""What the database itself promises about incidents and answers: each promise is broken once, by name."""

from typing import Any

import psycopg
import pytest
from django.db import IntegrityError, transaction
from django.db.models import Model

from otklik.casework.models import AllowedMove, Answer, Incident, SlaProfile
from tests import cast

pytestmark = pytest.mark.django_db


def _fields(instance: Model) -> dict[str, Any]:
    skipped = {"id", "search"}
    return {
        field.attname: getattr(instance, field.attname)
        for field in instance._meta.concrete_fields
        if field.attname not in skipped
    }


def _break(name: str) -> None:
    if name == "sla_profile_one_default":
        for code in ("one", "two"):
            SlaProfile.objects.create(code=code, name=code, is_default=True)
    elif name == "incident_message_part_unique":
        Incident.objects.create(**_fields(cast.incident("triage")))
    elif name == "incident_attached_parent":
        _change("triage", state="attached", parent=None)
    elif name == "incident_rejected_reason":
        _change("triage", state="rejected", reason="")
    elif name == "incident_body_responsible":
        _change("routed", executor=None)
    elif name == "incident_reopened_cycle":
        Incident.objects.create(**_fields(cast.incident("reopened")) | {"part": 1, "cycle": 1})
    elif name in OF_ONE_ROW:
        start, fields = OF_ONE_ROW[name]
        _change(start, **fields)
    elif name == "answer_promise_dated":
        Answer.objects.filter(pk=cast.publish(cast.incident()).pk).update(kind="interim")
    elif name == "answer_four_eyes":
        answer = cast.publish(cast.incident())
        Answer.objects.filter(pk=answer.pk).update(approved_by=answer.author_id)
    elif name == "allowed_move_unique":
        AllowedMove.objects.create(before="routed", after="in_progress")
    elif name == "answer_question_no_draft":
        Answer.objects.filter(pk=cast.publish(cast.incident()).pk).update(kind="question", status="draft")
    elif name == "answer_one_draft":
        incident, by = cast.incident(), cast.dispatcher()
        for _ in range(2):
            Answer.objects.create(
                incident=incident, text="а", author=by, created_at=cast.NOW, updated_at=cast.NOW
            )
    elif name == "answer_one_publication":
        answer = cast.publish(cast.incident())
        Answer.objects.create(**_fields(answer) | {"delivery_id": None, "status": "uncertain"})
    elif name in {"answer_goes_alone", "answer_once_a_reply"}:
        answer, together = cast.publish(cast.incident()), name == "answer_once_a_reply"
        other = answer.incident if together else cast.incident()
        fields = _fields(answer) | {"incident_id": other.pk, "together": together, "status": "undeliverable"}
        Answer.objects.create(**fields)
    elif name == "answer_published_proof":
        answer = cast.publish(cast.incident())
        Answer.objects.filter(pk=answer.pk).update(status="published", published_at=None)


# The state in which an incident stands, and the change of its row that breaks the promise.
OF_ONE_ROW: dict[str, tuple[str, dict[str, Any]]] = {
    "incident_answered_by_receipt": ("publishing", {"state": "answered", "first_answer_at": None}),
    "incident_asked_from": ("triage", {"state": "clarification", "returns_to": ""}),
    "incident_promise_dated": ("interim_answered", {"final_due_at": None}),
    "incident_rework_code": ("rework", {"reason": "не понравилось"}),
    "incident_transferred_where": ("transferred", {"reason": ""}),
    "incident_closed_outcome": ("closed", {"resolution": ""}),
    "incident_poll_linked": ("closed", {"resolution": "poll_created", "outcome_link": ""}),
    "incident_paused_where": ("closed", {"paused_at": cast.NOW}),
    "incident_reopened_priority": ("reopened", {"priority": "normal"}),
    "incident_declined_twice": ("routed", {"declines": 3}),
    "incident_plan_moved_twice": ("deferred", {"plans": 4}),
    "incident_interims_permitted": ("interim_answered", {"interims": 2}),
    "incident_extended_once": ("interim_answered", {"extensions": 2}),
    # What a row cannot know by itself two triggers see to.
    "incident_move_allowed": ("closed", {"state": "triage"}),
    "incident_cycle_by_reopening": ("in_progress", {"cycle": 2}),
    "incident_first_answer_once": ("answered", {"first_answer_at": cast.after(days=1)}),
    "incident_first_answer_by_receipt": ("publishing", {"first_answer_at": cast.NOW}),
}
TRIGGERS = [
    "incident_move_allowed",
    "incident_cycle_by_reopening",
    "incident_first_answer_once",
    "incident_first_answer_by_receipt",
]


def _change(start: str, **fields: Any) -> None:
    Incident.objects.filter(pk=cast.incident(start).pk).update(**fields)


NAMES = TRIGGERS + [
    constraint.name
    for model in (SlaProfile, Incident, Answer, AllowedMove)
    for constraint in model._meta.constraints
    # Broken where there are rounds: tests/casework/test_mass_constraints.py.
    if constraint.name != "answer_one_a_round"
]


@pytest.mark.parametrize("name", NAMES)
def test_a_promise_holds(name: str) -> None:
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        _break(name)
    cause = caught.value.__cause__
    assert isinstance(cause, psycopg.Error)
    assert cause.diag.constraint_name == name
