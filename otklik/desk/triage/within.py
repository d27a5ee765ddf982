"""Who may see and who may change what triage goes by: it is one for the region, so only the centre changes it."""

from django.core.exceptions import PermissionDenied

from otklik.desk.access import Desk
from otklik.people.rules import Right


def may_manage(desk: Desk) -> bool:
    """Whether the person may change routes and topics."""
    return Right.MANAGE_TRIAGE in desk.reach.center


def require_view(desk: Desk) -> None:
    """Refuse (403) a person whom triage does not concern."""
    if not (desk.reach.may_somewhere(Right.TRIAGE) or may_manage(desk)):
        raise PermissionDenied


def require_manage(desk: Desk) -> None:
    """Refuse (403) a person who may not change what triage goes by."""
    if not may_manage(desk):
        raise PermissionDenied
