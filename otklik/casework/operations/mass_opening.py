"""How a mass problem begins, and how incidents join it: with the others, later by themselves, by a person's hand."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from otklik.casework import rules
from otklik.casework.enums import AttachReason, MassHow, MassState, MemberState, State
from otklik.casework.models import Incident, MassMember, MassProblem
from otklik.casework.operations.basis import required, run_again
from otklik.casework.operations.many import as_they_were, trace
from otklik.casework.operations.mass_basis import (
    about,
    is_about,
    is_sure_of_place,
    locked_problem,
    settlements_near,
    step,
)
from otklik.common.actor import SYSTEM, Actor
from otklik.common.desks import tell_desks
from otklik.common.jobs import FAN_OUT
from otklik.common.wakeup import wake_up
from otklik.people.models import Account
from otklik.registry.models import Municipality, Organization, Settlement, Street
from otklik.triage.enums import SurgeState
from otklik.triage.models import SurgeAlert, Topic
from otklik.triage.operations import surges

JOINABLE = sorted(rules.VERBS["attach"][0])
MOST_MEMBERS = 20_000


class TooFewIncidents(Exception):
    """Массовая проблема начинается с двух вопросов. Выберите ещё хотя бы один, на который не отвечали."""


class ProblemExists(Exception):
    """По этому всплеску массовая проблема уже заведена: откройте её."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What a problem is about: a topic in a municipality, or in a part of it, or within a circle around a point."""

    topic: Topic
    municipality: Municipality
    settlement: Settlement | None = None
    street: Street | None = None
    # Its centre in degrees and its radius in metres.
    circle: tuple[float, float, int] | None = None


@transaction.atomic
def open_problem(
    *,
    cause: str,
    scope: Scope,
    executor: Organization,
    incidents: Collection[int],
    since: datetime,
    by: Account,
    now: datetime,
    surge: SurgeAlert | None = None,
) -> MassProblem:
    """Begin a mass problem with the incidents that may be joined; its burst counts as taken note of.

    `cause` is in words that residents read. Raises NeedsReason without it, TooFewIncidents, ProblemExists.
    """
    if surge is not None and MassProblem.objects.live().filter(surge=surge).exists():
        raise ProblemExists
    latitude, longitude, radius = scope.circle or (None, None, None)
    problem = MassProblem(
        cause=required(cause)[:200], topic=scope.topic, municipality=scope.municipality,
        settlement=scope.settlement, street=scope.street, latitude=latitude, longitude=longitude,
        radius_m=radius, since=since, executor=executor, surge=surge, opened_at=now, opened_by=by, heard_at=now,
    )  # fmt: skip
    problem.save()
    joined = _joined(problem, incidents, MassHow.CLUSTER, by.actor, now)
    if len(joined) < rules.LEAST_CHOSEN:
        raise TooFewIncidents
    if surge is not None and surge.state == SurgeState.OPEN:
        surges.acknowledge(alert=surge, by=by, now=now)
    return step(problem, verb="open", by=by.actor, now=now, members=len(joined))


@transaction.atomic
def join_problem(
    *,
    problem: MassProblem,
    incidents: Collection[int],
    by: Actor,
    now: datetime,
    version: int | None = None,
) -> int:
    """Take incidents in by a person's hand, proposed ones too; returns how many joined.

    They get the present answer as everybody does. Raises IllegalMove when the problem is closed.
    """
    problem = _open(locked_problem(problem, version=version))
    joined = _joined(problem, incidents, MassHow.BY_HAND, by, now)
    if joined:
        problem.heard_at = now
        step(problem, verb="join", by=by, now=now, members=len(joined))
        wake_up(FAN_OUT)
    return len(joined)


@transaction.atomic
def decline_proposed(*, problem: MassProblem, incident: Incident, by: Actor, now: datetime) -> None:
    """The proposed incident is about something else: it is not proposed again."""
    problem = locked_problem(problem)
    declined = MassMember.objects.filter(problem=problem, incident=incident, state=MemberState.PROPOSED)
    if declined.update(state=MemberState.DECLINED, left_at=now, left_by=by.name):
        step(problem, verb="decline", by=by, now=now, reason=incident.number)


@transaction.atomic
def join_late(*, incidents: Sequence[Incident], now: datetime) -> int:
    """New incidents of a live problem's topic and place: what is sure joins, the rest is proposed to a dispatcher.

    Part of the road, in the transaction that opened them. Returns how many joined.
    """
    fresh = [each for each in incidents if each.state in {State.ROUTED, State.TRIAGE}]
    if not fresh:
        return 0
    live = MassProblem.objects.live().filter(topic_id__in={each.topic_id for each in fresh})
    joined = 0
    for found in live.order_by("pk"):
        near = settlements_near(found)
        mine = [each for each in fresh if is_about(found, each, near)]
        if mine:
            joined += _take_late(locked_problem(found), mine, now)
            fresh = [each for each in fresh if each not in mine]
    return joined


def _take_late(problem: MassProblem, incidents: Sequence[Incident], now: datetime) -> int:
    # What was fixed and is complained of again has to be seen by a person before anybody is told that it is fixed.
    certain = [
        each
        for each in incidents
        if problem.state != MassState.FIXED and each.state == State.ROUTED and is_sure_of_place(problem, each)
    ]
    joined = _joined(problem, [each.pk for each in certain], MassHow.LATE, SYSTEM, now)
    MassMember.objects.bulk_create(
        (
            MassMember(
                problem=problem, incident=each, how=MassHow.LATE, state=MemberState.PROPOSED,
                joined_at=now, joined_by=SYSTEM.name,
            )
            for each in incidents
            if each not in certain
        ),
        ignore_conflicts=True,
    )  # fmt: skip
    problem.heard_at = now
    problem.save(update_fields=["heard_at", "due_at"])
    tell_desks({"mass": True})
    if joined:
        wake_up(FAN_OUT)
    return len(joined)


def may_join(problem: MassProblem) -> QuerySet[Incident]:
    """The incidents of the problem's topic and place that could join it now, the oldest first."""
    taken = MassMember.objects.filter(
        state__in=[MemberState.IN, MemberState.PROPOSED, MemberState.DECLINED], problem_id=problem.pk
    )
    return (
        Incident.objects.filter(about(problem), state__in=JOINABLE)
        .exclude(pk__in=taken.values("incident"))
        .order_by("received_at", "pk")
    )


def _open(problem: MassProblem) -> MassProblem:
    if not problem.is_live:
        raise rules.IllegalMove
    return problem


def _joined(
    problem: MassProblem, incidents: Iterable[int], how: str, by: Actor, now: datetime
) -> list[Incident]:
    """Attach what may be attached; what was answered or belongs to another incident meanwhile stays as it is."""
    rows = _joinable(incidents, by, now)
    if not rows:
        return []
    before = as_they_were(rows)
    for each in rows:
        each.state, each.reason = State.ATTACHED, AttachReason.MASS
        each.entered_at, each.stage_due_at = now, None
        each.executor_id, each.assignee_id, each.parent_id = problem.executor_id, None, None
    fields = ["state", "reason", "entered_at", "stage_due_at", "executor", "assignee", "parent"]
    trace(
        rows,
        fields,
        verb="attach",
        by=by,
        now=now,
        before=before,
        reason=problem.number,
        code=AttachReason.MASS,
    )
    _enrolled(problem, rows, how, by, now)
    if not problem.rounds.exclude(state="draft").exists():
        dues = [each.due_at for each in rows] + ([problem.due_at] if problem.due_at else [])
        problem.due_at = min(dues)
    return rows


def _joinable(incidents: Iterable[int], by: Actor, now: datetime) -> list[Incident]:
    """The incidents that may be attached now, locked, with their clocks going."""
    rows = list(
        Incident.objects.filter(pk__in=list(incidents)[:MOST_MEMBERS], state__in=JOINABLE)
        .select_for_update(of=("self",))
        .prefetch_related("topic")
        .defer("search")
        .order_by("pk")
    )
    for number, each in enumerate(rows):
        if each.paused_at is not None:
            rows[number] = run_again(each, by=by, now=now)
    return rows


def _enrolled(problem: MassProblem, rows: Sequence[Incident], how: str, by: Actor, now: datetime) -> None:
    """Write down how they joined; whoever was proposed or has left once keeps the row."""
    MassMember.objects.bulk_create(
        (
            MassMember(
                problem=problem,
                incident=each,
                how=how,
                state=MemberState.IN,
                joined_at=now,
                joined_by=by.name,
            )
            for each in rows
        ),
        update_conflicts=True,
        unique_fields=["problem", "incident"],
        update_fields=["how", "state", "joined_at", "joined_by"],
        batch_size=1000,
    )
