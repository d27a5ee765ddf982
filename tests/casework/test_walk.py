"""Several workers at once do whatever can be done to the same incidents: no invariant breaks, at no moment."""

import pytest

from otklik.casework import operations as casework
from otklik.casework.models import Incident
from tests import cast
from tests.casework.invariants import look
from tests.casework.walk import POOL, TEXT, World, walk

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
STEPS, WORKERS = 10_000, 4


def _walked(steps: int, seed: int) -> World:
    cast.region()
    people = [cast.dispatcher() for _ in range(4)]
    openings = [cast.opening(cast.message(TEXT), action) for action in ["open", "ask"] * (POOL // 2)]
    made = casework.open_many(openings=openings, now=cast.NOW)
    world = World(people, [cast.body() for _ in range(3)], [each.pk for each in made])
    walk(world, steps=steps, workers=WORKERS, seed=seed, look=look)
    for pk in Incident.objects.order_by("pk").values_list("pk", flat=True):
        look(pk)
    return world


def test_a_tenth_of_the_walk_breaks_no_invariant() -> None:
    world = _walked(STEPS // 10, seed=9)
    assert sum(world.done.values()) > STEPS // 30
    assert world.refused


@pytest.mark.prove
def test_the_walk_breaks_no_invariant() -> None:
    world = _walked(STEPS, seed=18)
    print(f"\n{sum(world.done.values())} steps done, {sum(world.refused.values())} refused")
    for name, number in sorted(world.done.items(), key=lambda each: -each[1]):
        print(f"{number:6d} {name}")
    states = sorted(Incident.objects.values_list("state", flat=True))
    print(", ".join(f"{state} {states.count(state)}" for state in dict.fromkeys(states)))
