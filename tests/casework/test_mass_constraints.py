"""What the database promises of mass problems, each broken by its name."""

import pytest
from django.db import IntegrityError, transaction

from otklik.casework.models import Answer, Incident, MassMember, MassProblem, MassRound, MassStep
from otklik.casework.operations import mass_fan_out
from otklik.triage.models import SurgeAlert
from tests import cast
from tests.casework.mass import Town, town

pytestmark = pytest.mark.django_db


@pytest.fixture
def berdsk() -> Town:
    return town()


@pytest.fixture
def problem(berdsk: Town) -> MassProblem:
    return berdsk.problem([berdsk.asks() for _ in range(3)])


def _break(change: str) -> None:
    problem = MassProblem.objects.get()
    said = MassRound.objects.get()
    member = problem.members.order_by("pk")[0]
    breaks = {
        "mass_problem_circle": lambda: MassProblem.objects.update(radius_m=5),
        "mass_problem_fixed_by": lambda: MassProblem.objects.update(state="fixed"),
        "mass_problem_closed_when": lambda: MassProblem.objects.update(closed_at=cast.NOW),
        "mass_member_unique": lambda: MassMember.objects.create(
            problem=problem, incident=member.incident, how="late", state="out", joined_at=cast.NOW,
            left_at=cast.NOW, why="x"),
        "mass_member_left_why": lambda: MassMember.objects.update(state="out"),
        "mass_round_number": lambda: MassRound.objects.create(
            problem=problem, number=said.number, author=said.author, created_at=cast.NOW, updated_at=cast.NOW),
        "mass_round_dated": lambda: MassRound.objects.update(promised_for=None),
        "mass_round_started_by": lambda: MassRound.objects.update(started_by=None),
        "mass_round_one_current": lambda: _second_round(said, "paused"),
        "mass_round_one_draft": lambda: [_second_round(said, "draft", n) for n in (2, 3)],
        "answer_one_a_round": lambda: _second_answer(said),
        "mass_problem_one_of_surge": lambda: _second_of_surge(problem),
        "mass_member_one_problem": lambda: _second_membership(problem, member),
        "incident_attached_parent": lambda: Incident.objects.filter(pk=member.incident_id).update(reason=""),
    }  # fmt: skip
    breaks[change]()


def _second_round(said: MassRound, state: str, number: int = 2) -> None:
    said.pk, said.state, said.number = None, state, number
    said.save(force_insert=True)


def _second_answer(said: MassRound) -> None:
    mass_fan_out.feed(now=cast.NOW)
    answer = Answer.objects.filter(round=said)[0]
    answer.pk, answer.delivery, answer.status = None, None, "undeliverable"
    answer.save(force_insert=True)


def _second_of_surge(problem: MassProblem) -> None:
    alert = SurgeAlert.objects.create(
        topic=problem.topic, municipality=problem.municipality, started_at=cast.NOW, last_at=cast.NOW, count=5,
        threshold=5, reason="least", found_at=cast.NOW,
    )  # fmt: skip
    MassProblem.objects.update(surge=alert)
    problem.pk, problem.surge = None, alert
    problem.save(force_insert=True)


def _second_membership(problem: MassProblem, member: MassMember) -> None:
    problem.pk = None
    problem.save(force_insert=True)
    member.pk, member.problem = None, problem
    member.save(force_insert=True)


@pytest.mark.parametrize(
    "name",
    [
        "mass_problem_circle", "mass_problem_fixed_by", "mass_problem_closed_when", "mass_member_unique",
        "mass_member_left_why", "mass_round_number", "mass_round_dated", "mass_round_started_by",
        "mass_round_one_current", "mass_round_one_draft", "answer_one_a_round", "mass_problem_one_of_surge",
        "mass_member_one_problem", "incident_attached_parent",
    ],
)  # fmt: skip
def test_the_database_keeps_its_promises(berdsk: Town, problem: MassProblem, name: str) -> None:
    berdsk.answer(problem)
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        _break(name)
    assert MassStep.objects.filter(problem__cause=problem.cause).exists()
