"""Every allowed change of state has a test by its name, and a pair or a verb without one fails here."""

import pytest

from otklik.casework import rules
from otklik.casework.models import AllowedMove
from tests import cast
from tests.casework.edges import EDGES, SYSTEM, UNPLAYABLE, Edge, begin, play
from tests.casework.invariants import look
from tests.casework.plays import PLAYS

pytestmark = pytest.mark.django_db
PLAYED = [edge for edge in EDGES if edge not in UNPLAYABLE]


@pytest.mark.parametrize("edge", PLAYED, ids=str)
def test_an_incident_goes(edge: Edge) -> None:
    cast.region()
    scene = begin(edge)
    assert scene.incident.state == edge.before
    play(scene)
    incident = scene.fresh()
    assert incident.state == edge.after
    made = [each for each in incident.moves.order_by("pk") if each.verb == edge.verb][-1]
    assert (made.before, made.after) == (edge.before, edge.after)
    assert made.actor_name
    assert made.new_stage_due_at == incident.stage_due_at
    if edge.before != "new":  # no verb leaves an incident there, so its history has no beginning
        look(incident.pk)


def test_every_pair_that_the_database_allows_has_a_test() -> None:
    played = {(edge.before, edge.after) for edge in PLAYED if edge.before != edge.after}
    assert played == rules.allowed_pairs()
    assert played == set(AllowedMove.objects.values_list("before", "after"))
    assert len(played) == 60


def test_every_verb_that_moves_has_a_test() -> None:
    assert {edge.verb for edge in PLAYED} == set(rules.VERBS)
    assert set(rules.VERBS) <= set(PLAYS) | set(SYSTEM)
