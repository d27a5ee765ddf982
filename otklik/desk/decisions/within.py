"""Who sees and who keeps systemic decisions and reports of fakes: the centre keeps, a body sees its own."""

from django.core.exceptions import PermissionDenied
from django.http import Http404

from otklik.casework.models import FakeReport, SystemicDecision
from otklik.desk.access import Desk
from otklik.people.rules import Right
from otklik.registry.rules import Reach


def sees_decisions(reach: Reach) -> bool:
    """The centre, and every body by its own; whoever runs one page answers for no decision."""
    everywhere, organizations, _pages = reach.where(Right.SEE_INCIDENTS)
    return everywhere or bool(organizations)


def keeps_decisions(reach: Reach) -> bool:
    """Whoever proposes decisions, gathers what they rest on, and says how they ended."""
    return Right.KEEP_DECISIONS in reach.center


def require_sight(desk: Desk) -> None:
    """Refuse (403) a person whom decisions do not concern."""
    if not sees_decisions(desk.reach):
        raise PermissionDenied


def require_keeping(desk: Desk) -> None:
    """Refuse (403) whoever does not keep decisions."""
    if not keeps_decisions(desk.reach):
        raise PermissionDenied


def decision_of(desk: Desk, pk: int) -> SystemicDecision:
    """The decision, or 404: what one may not see does not exist."""
    require_sight(desk)
    found = (
        SystemicDecision.objects.visible_to(desk.reach)
        .select_related("executor", "proposed_by", "checked_by")
        .prefetch_related("topics", "municipalities")
        .filter(pk=min(pk, 2**62))
        .first()
    )
    if found is None:
        raise Http404
    return found


def kept_decision_of(desk: Desk, pk: int) -> SystemicDecision:
    """The decision to change, or 404. Refuses (403) whoever does not keep decisions."""
    found = decision_of(desk, pk)
    require_keeping(desk)
    return found


def fake_of(desk: Desk, pk: int) -> FakeReport:
    """The report, or 404: what one may not see does not exist."""
    require_sight(desk)
    found = (
        FakeReport.objects.visible_to(desk.reach)
        .select_related("topic", "municipality", "executor", "reported_by", "checker")
        .filter(pk=min(pk, 2**62))
        .first()
    )
    if found is None:
        raise Http404
    return found


def kept_fake_of(desk: Desk, pk: int) -> FakeReport:
    """The report to change, or 404. Refuses (403) whoever does not keep such records."""
    found = fake_of(desk, pk)
    require_keeping(desk)
    return found
