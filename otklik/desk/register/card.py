"""The card of an organisation: facts, where it must be and where it is, its pages, what stands above and below it."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from otklik.desk.access import Desk
from otklik.desk.register.lists import sphere_name, type_name
from otklik.desk.register.rows import Mark, badge_of, mark_of
from otklik.desk.register.within import organizations_within
from otklik.registry.enums import Network, OnboardingStage
from otklik.registry.models import OfficialPage, OnboardingCase, Organization, PageObligation


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of what is known; an address when it can be opened."""

    label: str
    value: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Presence:
    """One network: the duty, the page, and how the page comes to be."""

    network: str
    name: str
    mark: Mark
    duty: PageObligation | None
    page: OfficialPage | None
    case: OnboardingCase | None


@dataclass(frozen=True, slots=True)
class PageLine:
    """A page of the organisation in its card."""

    page: OfficialPage
    badge: Mark
    # Readiness by the passport in percent; None before the first check.
    score: int | None


def facts_of(organization: Organization) -> list[Fact]:
    """What is known of the organisation, for the list of facts."""
    place = organization.municipality
    where = [place.name if place else "", organization.settlement]
    found = [
        Fact(_("Уровень"), str(organization.get_level_display())),
        Fact(_("Тип"), type_name(organization.type) if organization.type else ""),
        Fact(_("Сферы"), ", ".join(sphere_name(code) for code in organization.spheres)),
        Fact(_("Учредитель"), str(organization.founder or "")),
        Fact(_("Территория"), ", ".join(each for each in where if each)),
        Fact(_("Адрес"), organization.address),
        Fact(_("Телефон"), organization.phone),
        Fact(_("Почта"), organization.email, f"mailto:{organization.email}" if organization.email else ""),
        Fact(_("Официальный сайт"), organization.site_url, organization.site_url),
        Fact(_("Часы работы"), organization.hours),
        Fact(_("ОГРН"), organization.ogrn),
        Fact(_("Код в реестре"), organization.code),
    ]
    if organization.served:
        found.append(Fact(_("Обслуживает человек"), str(organization.served)))
    if organization.aliases:
        found.append(Fact(_("Как ещё называют"), organization.aliases))
    return found


def chain_of(organization: Organization, desk: Desk) -> list[tuple[Organization, bool]]:
    """What stands above it, from the top, and whether the person may open each."""
    above = Organization.objects.in_bulk(organization.path[:-1])
    open_to = set(organizations_within(desk).filter(pk__in=list(above)).values_list("pk", flat=True))
    return [(above[pk], pk in open_to) for pk in organization.path[:-1] if pk in above]


def pages_of(organization: Organization) -> list[PageLine]:
    """All its pages, those at work first."""
    found = OfficialPage.objects.filter(organization=organization).select_related("passport")
    return [
        PageLine(each, badge_of([each]), each.passport.score if hasattr(each, "passport") else None)
        for each in found.order_by("-is_active", "kind", "network", "title", "pk")
    ]


def presence_of(organization: Organization, pages: list[PageLine]) -> list[Presence]:
    """The organisation in each network."""
    own = [each.page for each in pages if each.page.is_active and each.page.kind == "organisation"]
    duties = list(PageObligation.objects.filter(organization=organization))
    ended = [OnboardingStage.CONNECTED, OnboardingStage.CANCELLED]
    cases = OnboardingCase.objects.filter(organization=organization).exclude(stage__in=ended)
    open_cases = {each.network: each for each in cases}
    return [
        Presence(
            network,
            str(network.label),
            mark_of(network, duties, own),
            next((each for each in duties if each.network == network), None),
            next((each for each in own if each.network == network), None),
            open_cases.get(network),
        )
        for network in Network
    ]
