"""Who must keep a page in which network, since when, and who is exempt on what basis."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_noop

from otklik.common.actor import Actor
from otklik.common.bulk import insert_many
from otklik.registry.enums import Network, ObligationStatus
from otklik.registry.models import Organization, PageObligation
from otklik.registry.operations.edits import Doing, Edit, note_additions, write
from otklik.registry.rules import obligations as rules
from otklik.registry.rules.values import BadValue

_NETWORKS, _STATUSES = frozenset(Network.values), frozenset(ObligationStatus.values)


@dataclass(frozen=True, slots=True)
class Duty:
    """What is to be written of one organisation and one network."""

    organization: Organization
    network: str
    status: str
    since: date
    basis: str = ""
    document: str = ""


@transaction.atomic
def set_obligation(
    *,
    organization: Organization,
    network: str,
    status: str,
    since: date,
    by: Actor,
    now: datetime,
    basis: str = "",
    document: str = "",
    reason: str = "",
    import_id: int | None = None,
) -> PageObligation:
    """The organisation must keep a page in the network since that day, or is exempt on a basis.

    There is one row an organisation and a network; what it was before stands in the history.
    Raises ExemptionNeedsBasis, BadValue.
    """
    rows = [Duty(organization, network, status, since, basis, document)]
    return set_obligations(rows=rows, by=by, now=now, reason=reason, import_id=import_id)[0]


@transaction.atomic
def set_obligations(
    *, rows: Sequence[Duty], by: Actor, now: datetime, reason: str = "", import_id: int | None = None
) -> list[PageObligation]:
    """As `set_obligation`, for many at once; a row that is so already leaves no trace."""
    for each in rows:
        _check(each)
    held = PageObligation.objects.select_for_update(of=("self",)).order_by("pk")
    held = held.filter(
        organization__in={each.organization.pk for each in rows}, network__in={each.network for each in rows}
    )
    known = {(row.organization_id, row.network): row for row in held}
    fresh: dict[tuple[int, str], PageObligation] = {}
    edits = []
    for each in rows:
        key = (each.organization.pk, each.network)
        if key in known:
            edits.append(Edit(known[key], _values(each), {"network": each.network, "status": each.status}))
        else:
            fresh[key] = PageObligation(organization=each.organization, network=each.network, **_values(each))
    made = list(fresh.values())
    insert_many(made)
    doing = Doing("set_obligation", by, now, reason, import_id)
    note_additions(made, [{"network": row.network, "status": row.status} for row in made], doing)
    write(edits, doing)
    both = known | fresh
    return [both[each.organization.pk, each.network] for each in rows]


def _check(duty: Duty) -> None:
    if duty.network not in _NETWORKS:
        raise BadValue("network", gettext_noop("Такой сети нет."))
    if duty.status not in _STATUSES:
        raise BadValue("status", gettext_noop("Организация либо обязана вести страницу, либо освобождена."))
    if len(duty.document) > 300:
        raise BadValue("document_ref", gettext_noop("Слишком длинно: не больше %(limit)s знаков."), limit=300)
    rules.check_obligation(duty.status, duty.basis)


def _values(duty: Duty) -> dict[str, object]:
    is_exempt = duty.status == ObligationStatus.EXEMPT
    return {
        "status": duty.status,
        "exemption_basis": duty.basis.strip() if is_exempt else "",
        "document_ref": duty.document.strip(),
        "since": duty.since,
    }
