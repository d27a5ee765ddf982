"""How far a person sees the register: the centre all of it, a body its subtree, who runs a page its organisation."""

from django.db.models import Q, QuerySet
from django.http import Http404

from otklik.desk.access import Desk
from otklik.people.rules import Right
from otklik.registry.models import OfficialPage, OnboardingCase, Organization


def organizations_within(desk: Desk) -> QuerySet[Organization]:
    """The organisations the person may see."""
    everywhere, organizations, pages = desk.reach.where(Right.SEE_REGISTRY)
    found = Organization.objects.all()
    if everywhere:
        return found
    of_pages = OfficialPage.objects.filter(pk__in=pages).values("organization_id")
    return found.filter(Q(pk__in=organizations) | Q(pk__in=of_pages))


def organization_within(desk: Desk, pk: int) -> Organization:
    """The organisation, or 404: what one may not see does not exist."""
    found = (
        organizations_within(desk)
        .select_related("municipality", "parent", "founder")
        .filter(pk=_key(pk))
        .first()
    )
    if found is None:
        raise Http404
    return found


def page_within(desk: Desk, pk: int) -> OfficialPage:
    """The page of an organisation that the person may see, or 404."""
    found = OfficialPage.objects.select_related("organization").filter(pk=_key(pk)).first()
    if found is None or not organizations_within(desk).filter(pk=found.organization_id).exists():
        raise Http404
    return found


def cases_within(desk: Desk) -> QuerySet[OnboardingCase]:
    """Onboarding of the organisations the person may see."""
    found = OnboardingCase.objects.all()
    everywhere, _organizations, _pages = desk.reach.where(Right.SEE_REGISTRY)
    return found if everywhere else found.filter(organization__in=organizations_within(desk))


def case_within(desk: Desk, pk: int) -> OnboardingCase:
    """The case, or 404."""
    found = cases_within(desk).select_related("organization", "page").filter(pk=_key(pk)).first()
    if found is None:
        raise Http404
    return found


def may_manage(desk: Desk, organization_id: int | None = None) -> bool:
    """Whether the person may change the register here."""
    return desk.reach.may(Right.MANAGE_REGISTRY, organization=organization_id)


def may_tick(desk: Desk, case: OnboardingCase) -> bool:
    """Whether the person may tick items of the checklist: whoever keeps the register, or runs this page or body."""
    return may_manage(desk, case.organization_id) or desk.reach.may(
        Right.RUN_PAGE, organization=case.organization_id, page=case.page_id
    )


def _key(pk: int) -> int:
    """A number that the database can hold; an address may hold any."""
    return pk if pk < 2**63 else 0
