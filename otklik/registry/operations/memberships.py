"""Who acts in which role and where, and how far that reaches."""

from datetime import datetime

from django.core.cache import cache
from django.db import transaction

from otklik.audit import operations as audit
from otklik.common.actor import Actor
from otklik.people.models import Account
from otklik.people.rules import Right, rights_of
from otklik.registry.models import Membership, OfficialPage, Organization
from otklik.registry.rules import Reach

REACH_CACHE_SECONDS = 30


@transaction.atomic
def grant(
    *,
    account: Account,
    role: str,
    by: Actor,
    now: datetime,
    organization: Organization | None = None,
    page: OfficialPage | None = None,
) -> Membership:
    """Let the account act in the role: everywhere, or for one body with its subtree, or for one page."""
    membership, created = Membership.objects.get_or_create(
        account=account, role=role, organization=organization, page=page
    )
    if created:
        audit.record(
            by=by,
            verb="grant",
            subject=membership,
            now=now,
            account=account.pk,
            role=role,
            organization=membership.organization_id,
            page=membership.page_id,
        )
        cache.delete(f"reach:{account.pk}")
    return membership


def reach_of(account: Account) -> Reach:
    """Where and what the account may do. A change of memberships is felt within REACH_CACHE_SECONDS."""
    key = f"reach:{account.pk}"
    reach: Reach | None = cache.get(key)
    if reach is None:
        reach = _read_reach(account)
        cache.set(key, reach, REACH_CACHE_SECONDS)
    return reach


def _read_reach(account: Account) -> Reach:
    center: frozenset[Right] = frozenset()
    organizations: dict[int, frozenset[Right]] = {}
    pages: dict[int, frozenset[Right]] = {}
    for membership in Membership.objects.filter(account=account):
        rights = rights_of([membership.role])
        if membership.page_id:
            pages[membership.page_id] = pages.get(membership.page_id, frozenset()) | rights
        elif membership.organization_id:
            below = Organization.objects.subtree_of([membership.organization_id]).values_list("pk", flat=True)
            for pk in below:
                organizations[pk] = organizations.get(pk, frozenset()) | rights
        else:
            center |= rights
    return Reach(center, organizations, pages)
