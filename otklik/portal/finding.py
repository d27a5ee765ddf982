"""Finding organisations by the words of a resident, or browsing them without any."""

from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import QueryDict

from otklik.portal import catalogue
from otklik.registry.models import Municipality, OfficialPage, Organization
from otklik.registry.operations.searching import search

A_PAGE = 20
# Nobody turns so many pages; a program takes the open data.
LAST_PAGE = 100
LONGEST_QUERY = 200


@dataclass(frozen=True, slots=True)
class Wish:
    """What is looked for: words and filters, as the address of the page says it."""

    words: str = ""
    place: Municipality | None = None
    sphere: str = ""
    type: str = ""
    page: int = 1

    @classmethod
    def of(cls, given: QueryDict) -> "Wish":
        """Read from an address; what makes no sense there is left out."""
        names, oktmo = catalogue.names(), given.get("place", "")
        number = given.get("page", "1")
        return cls(
            words=" ".join(given.get("q", "").replace("\0", " ")[:LONGEST_QUERY].split()),
            place=next((row for row, _count in catalogue.places() if row.oktmo == oktmo), None),
            sphere=given.get("sphere", "") if given.get("sphere", "") in names.spheres else "",
            type=given.get("type", "") if given.get("type", "") in names.types else "",
            page=min(int(number), LAST_PAGE)
            if number.isascii() and number.isdigit() and number != "0"
            else 1,
        )

    def string(self, **changed: str) -> str:
        """The same wish as a query string, with something changed; the page is the first again unless given."""
        values = {
            "q": self.words,
            "place": self.place.oktmo if self.place else "",
            "sphere": self.sphere,
            "type": self.type,
        } | changed
        return urlencode({name: value for name, value in values.items() if value})

    @property
    def filtered(self) -> bool:
        return bool(self.place or self.sphere or self.type)

    @property
    def only_words(self) -> str:
        """The query string without filters."""
        return urlencode({"q": self.words}) if self.words else ""


@dataclass(slots=True)
class Row:
    """One result: an organisation, or the personal page of an official in it."""

    organization: Organization
    person: OfficialPage | None = None

    @property
    def pages(self) -> list[OfficialPage]:
        """Pages of the organisation itself, the one with the largest audience first."""
        shown: list[OfficialPage] = self.organization.shown_pages  # type: ignore[attr-defined]
        return [self.person] if self.person else catalogue.split(shown)[0]


@dataclass(slots=True)
class Found:
    """A page of results; `corrected` is the query as it was understood when that is not what was typed."""

    rows: list[Row] = field(default_factory=list)
    total: int = 0
    corrected: str = ""


def find(wish: Wish) -> Found:
    """The results of one page."""
    first = (wish.page - 1) * A_PAGE
    if wish.words:
        return _searched(wish, first)
    found = filtered(catalogue.present(catalogue.organizations()), wish)
    return Found([Row(each) for each in catalogue.most_read(found, first, A_PAGE)], found.count())


def filtered(found: QuerySet[Organization], wish: Wish) -> QuerySet[Organization]:
    """Cut to the place, sphere and type of the wish."""
    if wish.place:
        found = found.filter(municipality=wish.place)
    if wish.sphere:
        found = found.filter(spheres__contains=[wish.sphere])
    if wish.type:
        found = found.filter(type=wish.type)
    return found


def _searched(wish: Wish, first: int) -> Found:
    result = search(
        query=wish.words,
        municipality=wish.place.pk if wish.place else None,
        sphere=wish.sphere,
        type=wish.type,
        limit=A_PAGE,
        offset=first,
    )
    bodies = catalogue.with_pages(
        catalogue.organizations().filter(pk__in={hit.organization_id for hit in result.hits})
    ).in_bulk()
    people = {page.pk: page for body in bodies.values() for page in body.shown_pages}  # type: ignore[attr-defined]
    rows = [
        Row(bodies[hit.organization_id], people.get(hit.page_id or 0))
        for hit in result.hits
        if hit.organization_id in bodies and (hit.page_id is None or hit.page_id in people)
    ]
    return Found(rows, result.total, result.corrected)
