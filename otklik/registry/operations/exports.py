"""The register as a table that loads back unchanged: a line a page, an organisation without pages has one too."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import IO, Any

from django.db.models import QuerySet

from otklik.registry.enums import (
    BadgeStatus,
    BadgeType,
    ImportKind,
    Network,
    ObligationStatus,
    OrgLevel,
    PageKind,
    PageTier,
)
from otklik.registry.models import (
    Municipality,
    OfficialPage,
    Organization,
    OrganizationType,
    PageObligation,
    Sphere,
)
from otklik.registry.tables.cells import russian
from otklik.registry.tables.layouts import LAYOUTS
from otklik.registry.tables.writer import csv_pieces, write_xlsx

AT_ONCE = 1000
_CHOICES: dict[str, Any] = {
    "organization.level": OrgLevel, "page.network": Network, "page.kind": PageKind, "page.tier": PageTier,
    "page.badge_type": BadgeType, "page.badge_status": BadgeStatus,
}  # fmt: skip
Show = Callable[[Any], str]


def register_headers() -> list[str]:
    """The headers of the table, as an import knows them."""
    return [column.title for column in LAYOUTS[ImportKind.REGISTER].columns]


def register_lines(organizations: QuerySet[Organization]) -> Iterator[list[str]]:
    """The lines of the table, in the order of the query; read a thousand organisations at a time."""
    writing = _Writing()
    ids = list(organizations.values_list("pk", flat=True))
    for start in range(0, len(ids), AT_ONCE):
        yield from writing.lines(ids[start : start + AT_ONCE])


class _Writing:
    """Names for what rows keep by numbers and codes, read once."""

    def __init__(self) -> None:
        self.codes = [column.code for column in LAYOUTS[ImportKind.REGISTER].columns]
        self.labels = {code: russian(choices) for code, choices in _CHOICES.items()}
        self.labels["organization.type"] = dict(OrganizationType.objects.values_list("code", "name"))
        self.spheres = dict(Sphere.objects.values_list("code", "name"))
        self.places = dict(Municipality.objects.values_list("pk", "oktmo"))
        self.statuses = russian(ObligationStatus)

    def lines(self, ids: Sequence[int]) -> Iterator[list[str]]:
        bodies = Organization.objects.select_related("parent", "founder").in_bulk(ids)
        pages: dict[int, list[OfficialPage]] = defaultdict(list)
        for page in OfficialPage.objects.filter(organization__in=ids).order_by("network", "pk"):
            pages[page.organization_id].append(page)
        duties: dict[int, dict[str, PageObligation]] = defaultdict(dict)
        for duty in PageObligation.objects.filter(organization__in=ids):
            duties[duty.organization_id][duty.network] = duty
        for pk in ids:
            body = bodies.get(pk)
            if body is None:
                continue
            told = self._body(body) | self._duties(duties[pk])
            for of_page in [self._of(each, "page") for each in pages[pk]] or [{}]:
                row = told | of_page
                yield [row.get(code, "") for code in self.codes]

    def _body(self, body: Organization) -> dict[str, str]:
        spheres = {f"sphere{n}": self.spheres.get(code, code) for n, code in enumerate(body.spheres[:3], 1)}
        return self._of(body, "organization") | spheres | {
            "parent": body.parent.code if body.parent else "",
            "founder": body.founder.code if body.founder else "",
            "organization.municipality": self.places.get(body.municipality_id or 0, ""),
        }  # fmt: skip

    def _duties(self, duties: dict[str, PageObligation]) -> dict[str, str]:
        told = {}
        for network, duty in duties.items():
            start = f"obligation.{network}."
            told[f"{start}status"] = self.statuses[duty.status]
            told[f"{start}exemption_basis"] = duty.exemption_basis
            told[f"{start}document_ref"] = duty.document_ref
            told[f"{start}since"] = plain(duty.since)
        return told

    def _of(self, row: Any, subject: str) -> dict[str, str]:
        told = {}
        for code in self.codes:
            start, _dot, name = code.partition(".")
            if start == subject and name != "municipality":
                value = plain(getattr(row, name))
                told[code] = self.labels.get(code, {}).get(value, value)
        return told


def plain(value: Any) -> str:
    """A value as a cell says it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "да" if value else "нет"
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


def write(file: IO[bytes], rows: Iterator[list[str]], *, title: str, is_csv: bool) -> None:
    """Write the lines with their headers into a file."""
    if is_csv:
        for piece in csv_pieces(register_headers(), rows):
            file.write(piece)
    else:
        write_xlsx(file, title, register_headers(), rows)
