"""Every verb in every state: it leads where the table says, and elsewhere raises and changes nothing."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.forms.models import model_to_dict

from otklik.audit.models import AuditLine
from otklik.casework import operations as casework
from otklik.casework import rules
from otklik.casework.enums import State
from otklik.casework.models import AllowedMove, Answer, Incident, Move
from otklik.casework.operations.basis import locked, move
from otklik.channels.models import Delivery
from tests import cast
from tests.casework.plays import PLAYS, Stage

pytestmark = pytest.mark.django_db
NOW = cast.after(minutes=3)
# Verbs of people that the table of moves or of stays knows under their own name.
PRESSED = sorted(set(PLAYS) & (set(rules.VERBS) | set(rules.STAYS)))
# Where a verb starts is not enough: these also need what only another road leaves behind.
ALSO_NEEDS = {
    ("extend", "in_progress"),
    ("extend", "approval"),
    ("split", "new"),  # it has no verdict to cut
}


@contextmanager
def _undone() -> Iterator[None]:
    """Whatever happens inside is as if it had not."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def _everything(incident: Incident) -> tuple[Any, ...]:
    counted = (Move, Answer, Delivery, AuditLine, Incident)
    fresh = Incident.objects.get(pk=incident.pk)
    return model_to_dict(fresh), fresh.version, *(each.objects.count() for each in counted)


def _starts(verb: str) -> frozenset[str]:
    return rules.VERBS[verb][0] if verb in rules.VERBS else rules.STAYS[verb]


def _leads(verb: str, incident: Incident) -> str:
    return (
        rules.check_move(verb, incident.state, incident.returns_to) if verb in rules.VERBS else incident.state
    )


@pytest.mark.parametrize("state", State.values)
def test_a_person_moves_an_incident_only_where_the_table_says(state: str) -> None:
    cast.region()
    stage = Stage(cast.dispatcher(), cast.body(), cast.incident("triage"))
    incident = cast.incident(state)
    assert incident.state == state
    for verb in PRESSED:
        if (verb, state) in ALSO_NEEDS:
            continue
        before = _everything(incident)
        with _undone():
            if state in _starts(verb):
                PLAYS[verb][1](incident, stage, {"now": NOW})
                assert Incident.objects.get(pk=incident.pk).state == _leads(verb, incident), verb
                last = incident.moves.latest("pk")
                assert (last.verb, last.before, last.at) == (verb, state, NOW), verb
            else:
                with pytest.raises(rules.IllegalMove):
                    PLAYS[verb][1](incident, stage, {"now": NOW})
                assert _everything(incident) == before, verb
        assert _everything(incident) == before, verb


@pytest.mark.parametrize("state", State.values)
def test_the_way_that_all_verbs_go_knows_the_table_too(state: str) -> None:
    """Verbs of the system are silent where they come too late; what they are made of is not."""
    cast.region()
    incident, by = cast.incident(state), cast.dispatcher()
    before = _everything(incident)
    for verb, (starts, _after) in rules.VERBS.items():
        if state not in starts:
            with pytest.raises(rules.IllegalMove):
                move(locked(incident), verb=verb, by=by.actor, now=NOW)
    assert _everything(incident) == before


@pytest.mark.parametrize("outcome", ["delivered", "refused", "uncertain", "manual", "cancelled", "waiting"])
def test_a_receipt_moves_only_what_is_on_its_way(outcome: str) -> None:
    cast.region()
    for state in ("answered", "rework", "reopened", "deferred", "interim_answered", "closed", "transferred"):
        incident = cast.incident(state)
        before = _everything(incident)
        for delivery in Delivery.objects.filter(answer__incident=incident):
            Delivery.objects.filter(pk=delivery.pk).update(state=outcome)
            delivery.refresh_from_db()
            casework.record_receipt(delivery=delivery, state=outcome, now=NOW)
        assert _everything(incident) == before, state


def test_the_database_allows_what_the_table_says_and_nothing_else() -> None:
    kept = set(AllowedMove.objects.values_list("before", "after"))
    assert kept == rules.allowed_pairs()
    AllowedMove.objects.filter(before="triage").delete()
    AllowedMove.objects.create(before="closed", after="triage")
    casework.keep_allowed_moves()
    assert set(AllowedMove.objects.values_list("before", "after")) == rules.allowed_pairs()


@pytest.mark.parametrize("state", State.values)
def test_the_database_refuses_every_other_move(state: str) -> None:
    cast.region()
    incident = cast.incident(state)
    for after in set(State.values) - {state}:
        if (state, after) in rules.allowed_pairs():
            continue
        with pytest.raises(IntegrityError, match="no verb leads"), transaction.atomic():
            Incident.objects.filter(pk=incident.pk).update(state=after)
