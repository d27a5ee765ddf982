"""What the database itself promises of an incident's row: named, and each broken by name in a test.

What a row cannot know, which move it makes and what stood there before, two triggers see to (`moves`).
"""

from django.db.models import CheckConstraint, F, Q, UniqueConstraint

from otklik.casework.enums import AttachReason, ReworkCode, TransferTarget
from otklik.casework.rules import (
    ASKED_FROM,
    MAX_DECLINES,
    MAX_EXTENSIONS,
    MAX_PLAN_MOVES,
    PAUSABLE,
    WITH_ANSWER,
    WITH_BODY,
)


def _in(states: frozenset[str], then: Q) -> Q:
    return ~Q(state__in=sorted(states)) | then


def _when(state: str, then: Q) -> Q:
    return ~Q(state=state) | then


INCIDENT_PROMISES = [
    UniqueConstraint(fields=["message", "part"], name="incident_message_part_unique"),
    # What it mirrors: another incident, or a mass problem, which has a row of its own for each member.
    CheckConstraint(
        condition=_when("attached", Q(parent__isnull=False) | Q(reason=AttachReason.MASS)),
        name="incident_attached_parent",
    ),
    CheckConstraint(condition=_when("rejected", ~Q(reason="")), name="incident_rejected_reason"),
    CheckConstraint(condition=_in(WITH_BODY, Q(executor__isnull=False)), name="incident_body_responsible"),
    CheckConstraint(
        condition=_in(WITH_ANSWER, Q(first_answer_at__isnull=False)), name="incident_answered_by_receipt"
    ),
    CheckConstraint(
        condition=Q(state="clarification", returns_to__in=sorted(ASKED_FROM))
        | (~Q(state="clarification") & Q(returns_to="")),
        name="incident_asked_from",
    ),
    CheckConstraint(
        condition=_in(frozenset({"interim_answered", "deferred"}), Q(final_due_at__isnull=False)),
        name="incident_promise_dated",
    ),
    CheckConstraint(
        # What vanished from the network is nobody's return.
        condition=_when(
            "rework", Q(reason__in=ReworkCode.values, returns__gte=1) | Q(reason=ReworkCode.ANSWER_REMOVED)
        ),
        name="incident_rework_code",
    ),
    CheckConstraint(
        condition=_when("transferred", Q(reason__in=TransferTarget.values)), name="incident_transferred_where"
    ),
    CheckConstraint(condition=_when("closed", ~Q(resolution="")), name="incident_closed_outcome"),
    CheckConstraint(
        condition=_when("closed", ~Q(resolution="poll_created") | ~Q(outcome_link="")),
        name="incident_poll_linked",
    ),
    CheckConstraint(
        condition=Q(paused_at__isnull=True) | Q(state__in=sorted(PAUSABLE)), name="incident_paused_where"
    ),
    CheckConstraint(
        condition=_when("reopened", Q(cycle__gte=2, first_answer_at__isnull=True)),
        name="incident_reopened_cycle",
    ),
    CheckConstraint(
        condition=Q(cycle__lte=1) | Q(priority__in=["critical", "high"]), name="incident_reopened_priority"
    ),
    CheckConstraint(condition=Q(declines__lte=MAX_DECLINES), name="incident_declined_twice"),
    CheckConstraint(condition=Q(plans__lte=1 + MAX_PLAN_MOVES), name="incident_plan_moved_twice"),
    CheckConstraint(condition=Q(interims__lte=F("interim_permits") + 1), name="incident_interims_permitted"),
    CheckConstraint(condition=Q(extensions__lte=MAX_EXTENSIONS), name="incident_extended_once"),
]
