"""How a mass problem ends: the body confirms the fix, nobody writes for the days of silence, everybody is told."""

from datetime import datetime
from typing import Any

from django.db import transaction

from otklik.casework import rules
from otklik.casework.enums import MassState, MemberState, Resolution, RoundState, State
from otklik.casework.models import Incident, MassProblem, MassRound
from otklik.casework.operations.basis import required, sla_limits
from otklik.casework.operations.many import as_they_were, trace
from otklik.casework.operations.mass_basis import locked_problem, step
from otklik.casework.operations.mass_fan_out import progress_of
from otklik.common.actor import SYSTEM, Actor
from otklik.people.models import Account
from otklik.registry.models import Organization


class NotQuietYet(Exception):
    """Закрыть пока нельзя: после исправления должно пройти двое суток без новых сообщений."""


class NotAllTold(Exception):
    """Закрыть пока нельзя: не все участники получили ответ. Доведите рассылку до конца."""


@transaction.atomic
def confirm_fix(
    *, problem: MassProblem, by: Account, now: datetime, version: int | None = None
) -> MassProblem:
    """The body says that the cause is gone. From then on silence is counted. Raises IllegalMove, StaleCard."""
    problem = locked_problem(problem, version=version)
    before, problem.state = problem.state, rules.check_step("confirm_fix", problem.state)
    problem.fixed_at, problem.fixed_by = now, by
    return step(problem, verb="confirm_fix", by=by.actor, now=now, before=before)


@transaction.atomic
def not_fixed(
    *, problem: MassProblem, reason: str, by: Actor, now: datetime, version: int | None = None
) -> MassProblem:
    """People write that it is as it was: back to work. Raises NeedsReason, IllegalMove, StaleCard."""
    problem = locked_problem(problem, version=version)
    before, problem.state = problem.state, rules.check_step("not_fixed", problem.state)
    problem.fixed_at = problem.fixed_by = None
    # The word that it is fixed must not reach anybody who writes now.
    problem.rounds.exclude(state=RoundState.DRAFT).update(state=RoundState.PAST)
    return step(problem, verb="not_fixed", by=by, now=now, before=before, reason=required(reason))


@transaction.atomic
def close_problem(
    *, problem: MassProblem, by: Actor, now: datetime, version: int | None = None
) -> MassProblem:
    """End the problem and settle its members. Raises NotQuietYet, NotAllTold, IllegalMove, StaleCard."""
    problem = locked_problem(problem, version=version)
    before, after = problem.state, rules.check_step("close", problem.state)
    assert problem.fixed_at is not None  # noqa: S101 — a promise of the database
    if not rules.is_quiet(problem.heard_at, problem.fixed_at, now, sla_limits().quiet.length):
        raise NotQuietYet
    said = problem.rounds.exclude(state=RoundState.DRAFT).order_by("-number").first()
    if said is None or not _all_told(said):
        raise NotAllTold
    problem.state, problem.closed_at = after, now
    resolution = said.resolution or Resolution.SOLVED
    settled = _settle(problem, "close", by, now, {"closed_at": now, "resolution": resolution})
    return step(problem, verb="close", by=by, now=now, before=before, members=settled)


def _all_told(said: MassRound) -> bool:
    if said.kind != "final" or said.state in {RoundState.PAST, RoundState.PAUSED}:
        return False
    progress = progress_of(said)
    return progress.is_over and not (progress.by_hand or progress.uncertain)


@transaction.atomic
def close_quiet(*, now: datetime) -> int:
    """End the fixed problems that have been quiet for long enough and whose authors are all told; how many."""
    since = now - sla_limits().quiet.length
    ripe = MassProblem.objects.filter(state=MassState.FIXED, fixed_at__lte=since, heard_at__lte=since)
    closed = 0
    for problem in ripe.order_by("pk")[:20]:
        try:
            with transaction.atomic():
                close_problem(problem=problem, by=SYSTEM, now=now)
        except (NotAllTold, NotQuietYet, rules.IllegalMove):
            continue
        closed += 1
    return closed


@transaction.atomic
def reopen_problem(
    *, problem: MassProblem, reason: str, by: Actor, now: datetime, version: int | None = None
) -> MassProblem:
    """It is back: the same cause, body and members, a new answer to come. Raises NeedsReason, IllegalMove."""
    problem = locked_problem(problem, version=version)
    before, problem.state = problem.state, rules.check_step("reopen", problem.state)
    rules.check_within(problem.closed_at, now, sla_limits().repeat.length)
    problem.closed_at = problem.fixed_at = problem.fixed_by = None
    problem.heard_at = now
    problem.rounds.exclude(state=RoundState.DRAFT).update(state=RoundState.PAST)
    _settle(problem, "reopen_problem", by, now, {"closed_at": None, "resolution": ""})
    return step(problem, verb="reopen", by=by, now=now, before=before, reason=required(reason))


@transaction.atomic
def hand_over(
    *,
    problem: MassProblem,
    executor: Organization,
    reason: str,
    by: Actor,
    now: datetime,
    version: int | None = None,
) -> MassProblem:
    """Another body is responsible from now on, for the problem and for all its members."""
    problem = locked_problem(problem, version=version)
    if not problem.is_live:
        raise rules.IllegalMove
    reason = required(reason)
    problem.executor = executor
    _settle(problem, "route", by, now, {"executor_id": executor.pk})
    return step(problem, verb="hand_over", by=by, now=now, reason=f"{executor}: {reason}")


def _settle(problem: MassProblem, verb: str, by: Actor, now: datetime, changes: dict[str, Any]) -> int:
    """Change every member alike, within its state, with the trace of it."""
    rows = list(
        Incident.objects.filter(
            state=State.ATTACHED, mass_members__problem=problem, mass_members__state=MemberState.IN
        )
        .select_for_update(of=("self",))
        .defer("search")
        .order_by("pk")
    )
    before = as_they_were(rows)
    for each in rows:
        for name, value in changes.items():
            setattr(each, name, value)
    if rows:
        trace(
            rows,
            list(changes),
            verb=verb,
            by=by,
            now=now,
            before=before,
            reason=problem.number,
            code="mass",
        )
    return len(rows)
