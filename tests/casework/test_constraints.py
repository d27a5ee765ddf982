"""What the database itself promises about incidents and answers: each promise is broken once, by name."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.models import Model

from otklik.casework.models import Answer, Incident, SlaProfile
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
    elif name == "incident_answered_by_receipt":
        _change("in_progress", state="answered", first_answer_at=None)
    elif name == "incident_asked_from":
        _change("triage", state="clarification", returns_to="")
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
    elif name == "answer_published_proof":
        answer = cast.publish(cast.incident())
        Answer.objects.filter(pk=answer.pk).update(status="published", published_at=None)


def _change(start: str, **fields: Any) -> None:
    Incident.objects.filter(pk=cast.incident(start).pk).update(**fields)


NAMES = [
    constraint.name for model in (SlaProfile, Incident, Answer) for constraint in model._meta.constraints
]


@pytest.mark.parametrize("name", NAMES)
def test_a_promise_holds(name: str) -> None:
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        _break(name)
