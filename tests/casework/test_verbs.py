"""Every verb of casework: what it changes, what trace it leaves, and when it refuses."""

from datetime import timedelta
from inspect import signature
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from otklik.audit.models import AuditLine
from otklik.casework import operations as casework
from otklik.casework import rules
from otklik.casework.models import Answer, Incident, Move
from otklik.casework.operations import moving
from otklik.channels.models import Delivery
from otklik.triage.models import Topic
from tests import cast
from tests.casework.plays import PLAYS, TRACE, Stage

pytestmark = pytest.mark.django_db

NOW = cast.after(minutes=1)


@pytest.fixture
def stage() -> Stage:
    cast.region()
    return Stage(cast.dispatcher(), cast.body(), cast.incident("triage"))


def test_every_public_verb_is_played_here() -> None:
    told_elsewhere = {
        "save_draft",
        "discard_draft",
        "join",
        "move_span",
        "open_personal",  # moves nothing: tests/desk/test_personal.py
        "resume",  # of what was paused: tests/casework/test_pacing.py
        "add_note",  # moves nothing, and so does the next: tests/casework/test_notes.py
        "read_mentions",
        "send_together",  # of what waits for its fellows: tests/casework/test_one_reply.py
        "take_note",  # of a change in the network: tests/casework/test_changed_in_network.py
    }
    of_an_incident = {
        name
        for name in casework.__all__
        if name[0].islower() and {"incident", "by"} <= set(signature(getattr(casework, name)).parameters)
    }
    assert of_an_incident == set(PLAYS) | told_elsewhere


@pytest.mark.parametrize("verb", PLAYS)
def test_a_verb_leaves_one_move_and_one_line_and_a_new_version(verb: str, stage: Stage) -> None:
    start, play = PLAYS[verb]
    incident = cast.incident(start)
    moves, lines = incident.moves.count(), _lines(incident).count()

    play(incident, stage, {"now": NOW})

    fresh = Incident.objects.get(pk=incident.pk)
    name, state = TRACE.get(verb) or (verb, rules.VERBS[verb][1])
    move = fresh.moves.order_by("pk").last()
    line = _lines(fresh).order_by("pk").last()
    assert move is not None
    assert line is not None
    assert (fresh.moves.count(), _lines(fresh).count()) == (moves + 1, lines + 1)
    assert (move.verb, move.before, move.after, move.at) == (name, start, state, NOW)
    assert (line.verb, line.details["before"], line.details["after"]) == (name, start, state)
    assert move.actor_id == line.actor_id == stage.by.pk
    assert (move.new_due_at, move.new_stage_due_at) == (fresh.due_at, fresh.stage_due_at)
    assert fresh.state == state
    assert fresh.version == incident.version + 1


@pytest.mark.parametrize("verb", PLAYS)
def test_a_verb_refuses_a_card_that_somebody_changed(verb: str, stage: Stage) -> None:
    start, play = PLAYS[verb]
    incident = cast.incident(start)
    Incident.objects.filter(pk=incident.pk).update(version=incident.version + 1)

    with pytest.raises(casework.StaleCard):
        play(incident, stage, {"now": NOW, "version": incident.version})

    assert Incident.objects.get(pk=incident.pk).state == start


@pytest.mark.parametrize("state", ["publishing", "uncertain"])
@pytest.mark.parametrize(
    "verb", ["confirm", "route", "accept", "decline", "reject", "attach", "reopen", "close"]
)
def test_an_answer_on_its_way_cannot_be_overtaken(verb: str, state: str, stage: Stage) -> None:
    incident = cast.incident(state)
    with pytest.raises(rules.IllegalMove):
        PLAYS[verb][1](incident, stage, {"now": NOW})


def test_what_is_rolled_back_leaves_no_trace(stage: Stage) -> None:
    incident = cast.incident("routed")
    before = (incident.moves.count(), AuditLine.objects.count(), Delivery.objects.count())
    with pytest.raises(RuntimeError), transaction.atomic():  # noqa: PT012 - the work inside is the point
        casework.publish(
            incident=casework.accept(incident=incident, by=stage.by, now=NOW),
            text="Уберём.", resolution="solved", by=stage.by, now=NOW,
        )  # fmt: skip
        raise RuntimeError
    assert (incident.moves.count(), AuditLine.objects.count(), Delivery.objects.count()) == before
    assert Incident.objects.get(pk=incident.pk).state == "routed"


def test_a_correction_is_kept_and_clears_the_reason_of_doubt(stage: Stage) -> None:
    incident = cast.incident("triage")
    assert incident.reason == "low_confidence"
    other = Topic.objects.exclude(pk=incident.topic_id).first()
    assert other is not None
    confirmed = casework.confirm(
        incident=incident,
        topic=other,
        kind="question",
        priority="normal",
        executor=stage.body,
        by=stage.by,
        now=NOW,
    )
    correction = incident.message.verdicts.get().corrections.get()
    assert (correction.topic, correction.kind, correction.agreed) == (other, "question", False)
    assert (confirmed.reason, confirmed.topic, confirmed.executor) == ("", other, stage.body)


def test_a_new_priority_moves_the_deadline_and_the_move_tells(stage: Stage) -> None:
    incident = cast.incident("triage")
    PLAYS["confirm"][1](incident, stage, {"now": NOW})
    fresh, move = Incident.objects.get(pk=incident.pk), Move.objects.filter(incident=incident).latest("pk")
    assert move.old_due_at == incident.due_at
    assert move.new_due_at == fresh.due_at < incident.due_at


def test_confirming_needs_a_body(stage: Stage) -> None:
    incident = cast.incident("triage")
    with pytest.raises(moving.NeedsBody):
        casework.confirm(
            incident=incident, topic=incident.topic, kind="question", priority="normal", executor=None,
            by=stage.by, now=NOW,
        )  # fmt: skip


@pytest.mark.parametrize("verb", ["route", "decline", "reject", "reopen"])
def test_a_reason_is_not_blank(verb: str, stage: Stage) -> None:
    incident = cast.incident(PLAYS[verb][0])
    given: dict[str, Any] = {"executor": stage.body} if verb == "route" else {}
    with pytest.raises(casework.NeedsReason):
        getattr(casework, verb)(incident=incident, reason="  ", by=stage.by.actor, now=NOW, **given)


def test_the_third_refusal_is_the_centres_to_decide(stage: Stage) -> None:
    incident = cast.incident("routed")
    for _ in range(rules.MAX_DECLINES):
        incident = casework.decline(incident=incident, reason="not_ours", by=stage.by.actor, now=NOW)
        incident = casework.confirm(
            incident=incident, topic=incident.topic, kind="complaint", priority="normal", executor=stage.body,
            by=stage.by, now=NOW,
        )  # fmt: skip
    with pytest.raises(rules.CannotDecline):
        casework.decline(incident=incident, reason="not_ours", by=stage.by.actor, now=NOW)


def test_accepting_keeps_the_person_who_was_already_responsible(stage: Stage) -> None:
    somebody = cast.executor(stage.body)
    incident = casework.assign(
        incident=cast.incident("routed"), assignee=somebody, by=stage.by.actor, now=NOW
    )
    assert casework.accept(incident=incident, by=stage.by, now=NOW).assignee == somebody


def test_what_is_over_has_nobody_to_assign(stage: Stage) -> None:
    with pytest.raises(rules.IllegalMove):
        casework.assign(incident=cast.incident("closed"), assignee=stage.by, by=stage.by.actor, now=NOW)


def test_a_rejection_can_be_restored_for_thirty_days(stage: Stage) -> None:
    soon, late = cast.incident("rejected"), cast.incident("rejected")
    restored = casework.restore(incident=soon, by=stage.by.actor, now=soon.entered_at + timedelta(days=30))
    assert (restored.state, restored.reason, restored.closed_at) == ("triage", "", None)
    with pytest.raises(rules.IllegalMove):
        casework.restore(
            incident=late, by=stage.by.actor, now=late.entered_at + timedelta(days=30, seconds=1)
        )


def test_an_incident_joins_neither_itself_nor_a_joined_one(stage: Stage) -> None:
    incident, attached = cast.incident("triage"), cast.incident("attached")
    for parent in (incident, attached):
        with pytest.raises(rules.IllegalMove):
            casework.attach(incident=incident, parent=parent, by=stage.by.actor, now=NOW)


def test_a_pair_joined_crosswise_makes_no_ring(stage: Stage) -> None:
    one, other = cast.incident("triage"), cast.incident("triage")
    casework.attach(incident=one, parent=other, by=stage.by.actor, now=NOW)
    with pytest.raises(rules.IllegalMove):  # `one` was read before it was joined itself
        casework.attach(incident=other, parent=one, by=stage.by.actor, now=NOW)


def test_a_change_is_told_to_the_desks_by_the_commit(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[list[int]] = []
    monkeypatch.setattr(
        "otklik.casework.operations.basis.announce",
        lambda incidents: told.append([each.pk for each in incidents]),
    )
    incident = cast.incident("routed")
    told.clear()
    casework.accept(incident=incident, by=stage.by, now=NOW)
    assert told == [[incident.pk]]


def test_the_machine_survives_a_database_that_refuses(stage: Stage) -> None:
    incident = cast.incident("in_progress")
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:  # noqa: PT012
        casework.publish(incident=incident, text="Уберём.", resolution="solved", by=stage.by, now=NOW)
        cursor.execute("select 1 / 0")
    assert not Answer.objects.filter(incident=incident).exists()
    assert Incident.objects.get(pk=incident.pk).state == "in_progress"


def _lines(incident: Incident) -> Any:
    return AuditLine.objects.filter(subject_type="casework.incident", subject_id=incident.pk)
