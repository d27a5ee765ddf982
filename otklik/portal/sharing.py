"""What can be shared and subscribed to: an organisation, a municipality, a collection, each by one address."""

from dataclasses import dataclass

from django.conf import settings
from django.db.models import F, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from otklik.portal import catalogue
from otklik.registry.models import Collection, Municipality, OfficialPage, Organization

ORGANIZATION, PLACE, COLLECTION = "org", "places", "collections"
KINDS = (ORGANIZATION, PLACE, COLLECTION)
# One sheet of links holds so many.
MOST_LINKS = 100


@dataclass(frozen=True, slots=True)
class Subject:
    """Something with pages behind it. A collection may be cut to one municipality."""

    kind: str
    key: str
    title: str
    pages: QuerySet[OfficialPage]
    place: Municipality | None = None

    @classmethod
    def of_organization(cls, organization: Organization) -> "Subject":
        own = catalogue.pages().filter(organization=organization)
        return cls(ORGANIZATION, str(organization.pk), str(organization), own)

    @classmethod
    def of_place(cls, place: Municipality) -> "Subject":
        own = catalogue.pages().filter(organization__municipality=place)
        return cls(PLACE, place.oktmo, _("Всё официальное: %(place)s") % {"place": place.name}, own)

    @classmethod
    def of_collection(cls, collection: Collection, place: Municipality | None) -> "Subject":
        bodies = catalogue.of_collection(collection)
        title = collection.title
        if place:
            bodies, title = bodies.filter(municipality=place), f"{title}: {place.short_name}"
        own = catalogue.pages().filter(organization__in=bodies.values("pk"))
        return cls(COLLECTION, collection.slug, title, own, place)

    def linked(self) -> QuerySet[OfficialPage]:
        """Its pages with their owners, the most read first."""
        found = self.pages.select_related("organization__municipality")
        return found.order_by(F("followers").desc(nulls_last=True), "pk")

    def path(self, what: str) -> str:
        """The address on this site: `links`, `qr`, `poster`, `feed`, `calendar`, or the page itself (`""`)."""
        if what:
            made = reverse(f"portal:{what}", args=[self.kind, self.key])
        elif self.kind == ORGANIZATION:
            made = reverse("portal:organization", args=[int(self.key)])
        else:
            made = reverse(f"portal:{self.kind.removesuffix('s')}", args=[self.key])
        return f"{made}?place={self.place.oktmo}" if self.place else made

    def url(self, what: str = "") -> str:
        """The same as a whole address, for a QR code and for readers of feeds."""
        return settings.BASE_URL + self.path(what)

    @property
    def address(self) -> str:
        return self.path("")

    @property
    def links_address(self) -> str:
        return self.path("links")

    @property
    def qr_address(self) -> str:
        return self.path("qr")

    @property
    def poster_address(self) -> str:
        return self.path("poster")

    @property
    def feed_address(self) -> str:
        return self.path("feed")

    @property
    def calendar_address(self) -> str:
        return self.path("calendar")
