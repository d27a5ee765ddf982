"""A row of the list of organisations: where it must be present, where it is, its badge and its audience."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext as _

from otklik.desk.register.lists import type_name
from otklik.registry.enums import BadgeStatus, Network, ObligationStatus
from otklik.registry.models import OfficialPage, Organization, PageObligation


@dataclass(frozen=True, slots=True)
class Mark:
    """A state in a word or two, with a tone that only repeats the word."""

    words: str
    tone: str
    title: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One organisation of the list."""

    organization: Organization
    type: str
    marks: list[tuple[str, Mark]]
    badge: Mark
    audience: int | None


def for_rows(found: QuerySet[Organization]) -> QuerySet[Organization]:
    """With everything a row shows, each relation by one short query."""
    pages = OfficialPage.objects.filter(is_active=True, kind="organisation").order_by("pk")
    return found.select_related("municipality", "parent", "founder").prefetch_related(
        Prefetch("pages", pages, to_attr="shown_pages"), Prefetch("obligations", to_attr="shown_obligations")
    )


def rows(found: Iterable[Organization]) -> list[Row]:
    """Organisations read by `for_rows`, as the list shows them."""
    return [_row(each) for each in found]


def _row(organization: Organization) -> Row:
    pages: list[OfficialPage] = organization.shown_pages  # type: ignore[attr-defined]
    owed: list[PageObligation] = organization.shown_obligations  # type: ignore[attr-defined]
    told = [page.followers for page in pages if page.followers is not None]
    return Row(
        organization,
        type_name(organization.type),
        [(str(network.label), mark_of(network, owed, pages)) for network in Network],
        badge_of(pages),
        sum(told) if told else None,
    )


def mark_of(network: str, owed: Iterable[PageObligation], pages: Iterable[OfficialPage]) -> Mark:
    """How the organisation stands in one network."""
    page = next((each for each in pages if each.network == network), None)
    duty = next((each for each in owed if each.network == network), None)
    if page is not None:
        return Mark(_("есть"), "ok", page.title, page.url)
    if duty is None:
        return Mark("—", "", _("обязанности нет, страницы нет"))
    if duty.status == ObligationStatus.EXEMPT:
        return Mark(_("освобождена"), "muted", duty.exemption_basis)
    return Mark(_("нет"), "late", _("обязана вести, страницы нет"))


def badge_of(pages: Iterable[OfficialPage]) -> Mark:
    """The badges of all pages in one word: a loss first, for it has to be mended."""
    states = [each.badge_status for each in pages if each.network in {Network.VK, Network.OK}]
    if not states:
        return Mark("—", "")
    if BadgeStatus.LOST in states:
        return Mark(_("потеряна"), "late")
    confirmed = states.count(BadgeStatus.CONFIRMED)
    if confirmed == len(states):
        return Mark(_("подтверждена"), "ok")
    if confirmed:
        return Mark(_("%(part)d из %(all)d") % {"part": confirmed, "all": len(states)}, "warn")
    return Mark(_("запрошена"), "warn") if BadgeStatus.REQUESTED in states else Mark(_("нет"), "late")
