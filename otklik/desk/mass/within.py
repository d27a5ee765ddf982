"""Who may do what with a mass problem: the centre runs it, its body writes the answer and confirms the fix."""

from django.core.exceptions import PermissionDenied
from django.http import Http404

from otklik.casework.models import MassProblem
from otklik.desk.access import Desk
from otklik.people.rules import Right


def sees_any(desk: Desk) -> bool:
    """Whether mass problems concern the person at all: the centre, and bodies by their own."""
    everywhere, organizations, _pages = desk.reach.where(Right.SEE_INCIDENTS)
    return everywhere or bool(organizations)


def runs(desk: Desk) -> bool:
    """Whether the person begins problems, joins and takes out, sends answers and ends them."""
    return Right.TRIAGE in desk.reach.center


def works_on(desk: Desk, problem: MassProblem) -> bool:
    """Whether the person may write the answer and say that it is fixed."""
    return runs(desk) or desk.reach.may(Right.WORK, organization=problem.executor_id)


def problem_of(desk: Desk, pk: int) -> MassProblem:
    """The problem, or 404: what one may not see does not exist."""
    found = (
        MassProblem.objects.visible_to(desk.reach)
        .select_related("topic", "municipality", "settlement", "street", "executor", "surge", "fixed_by")
        .filter(pk=min(pk, 2**62))
        .first()
    )
    if found is None:
        raise Http404
    return found


def require_run(desk: Desk) -> None:
    """Refuse (403) whoever does not run mass problems."""
    if not runs(desk):
        raise PermissionDenied


def require_work(desk: Desk, problem: MassProblem) -> None:
    """Refuse (403) whoever neither runs mass problems nor works at the responsible body."""
    if not works_on(desk, problem):
        raise PermissionDenied
