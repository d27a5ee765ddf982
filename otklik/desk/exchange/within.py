"""Who may take incidents out as tables, and who may bring the history of other systems."""

from django.core.exceptions import PermissionDenied
from django.http import Http404

from otklik.casework.models import IncidentExport, IncidentTable
from otklik.casework.operations.exchange_export import may_exchange
from otklik.desk.access import Desk
from otklik.people.rules import Right

LARGEST_KEY = 2**63 - 1


def require_exchange(desk: Desk) -> None:
    """Refuse (403) a person who may take nothing out."""
    if not may_exchange(desk.reach):
        raise PermissionDenied


def may_bring(desk: Desk) -> bool:
    """Whether the person may bring tables: the history of other systems is of the whole region."""
    return Right.EXCHANGE in desk.reach.center


def require_bring(desk: Desk) -> None:
    """Refuse (403) a person who may bring nothing."""
    if not may_bring(desk):
        raise PermissionDenied


def export_of(desk: Desk, pk: int) -> IncidentExport:
    """A table that this person asked for, or 404: it was cut by the reach of who asked."""
    require_exchange(desk)
    found = IncidentExport.objects.filter(pk=min(pk, LARGEST_KEY), account=desk.account).first()
    if found is None:
        raise Http404
    return found


def table_of(desk: Desk, pk: int) -> IncidentTable:
    """A brought table, or 404."""
    require_bring(desk)
    found = IncidentTable.objects.filter(pk=min(pk, LARGEST_KEY)).first()
    if found is None:
        raise Http404
    return found
