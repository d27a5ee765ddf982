"""What the register knows of a page, said to a resident."""

from dataclasses import dataclass

from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from otklik.registry.enums import BadgeStatus, BadgeType, Network, PageKind
from otklik.registry.models import OfficialPage, Organization

OPEN_IN = {
    Network.VK: gettext_lazy("Открыть во ВКонтакте"),
    Network.OK: gettext_lazy("Открыть в Одноклассниках"),
    Network.TELEGRAM: gettext_lazy("Открыть в Телеграме"),
    Network.MAX: gettext_lazy("Открыть в MAX"),
}


@dataclass(frozen=True, slots=True)
class Badge:
    """A badge in words: `mark` is a class of colour and picture, `short` fits a line, `long` explains."""

    mark: str
    short: str
    long: str


def badge_of(page: OfficialPage) -> Badge:
    """How the network marks the page, and what that means."""
    if page.badge_status == BadgeStatus.CONFIRMED and page.badge_confirmed_at:
        since = {"since": date_format(page.badge_confirmed_at, "j E Y")}
        if page.badge_type == BadgeType.BLUE_TICK:
            said = _("Сеть отметила страницу как настоящую: синяя галочка с %(since)s.") % since
            return Badge("ok", _("Подтверждена: синяя галочка"), said)
        said = (
            _("Организация подтвердила страницу через Госуслуги: метка «Госорганизация» с %(since)s.") % since
        )
        return Badge("ok", _("Подтверждена: метка «Госорганизация»"), said)
    if page.badge_status == BadgeStatus.LOST:
        return Badge(
            "warn",
            _("В реестре, метку потеряла"),
            _("Страница есть в реестре, но метка сети пропала. Организация её восстанавливает."),
        )
    if page.badge_status == BadgeStatus.REQUESTED:
        return Badge(
            "listed",
            _("В реестре, метка запрошена"),
            _("Страница есть в реестре региона. Метку сети организация запросила, решения ещё нет."),
        )
    return Badge(
        "listed",
        _("В реестре, метки пока нет"),
        _("Страница есть в реестре региона. Метки сети у неё пока нет: реестр важнее метки."),
    )


def open_label(page: OfficialPage) -> str:
    """What the link to the page is called."""
    return str(OPEN_IN.get(Network(page.network), page.get_network_display()))


def ask_url(page: OfficialPage) -> str:
    """Where a resident writes to the page: its messages where the network has an address for them, else itself."""
    if page.network == Network.VK and page.kind == PageKind.ORGANISATION and page.external_id.isdigit():
        return f"{settings.VK_SITE_URL}/im?sel=-{page.external_id}"
    return page.url


def owner_of(page: OfficialPage) -> str:
    """Whose page it is: the organisation, or the official with the post."""
    if page.kind == PageKind.PERSONAL:
        return ", ".join(part for part in (page.person_name, page.person_position) if part)
    return page.organization.name


def place_of(organization: Organization) -> str:
    """The municipality and the settlement where it is, or nothing for a body of the whole region."""
    place = organization.municipality.short_name if organization.municipality else ""
    settlement = organization.settlement
    if settlement and settlement not in place:
        return f"{place}, {settlement}" if place else settlement
    return place
