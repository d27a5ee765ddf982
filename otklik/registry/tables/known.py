"""The register as a comparison needs it: every row by its id, and the ways a line of a file finds one."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from otklik.registry.models import (
    Municipality,
    OfficialPage,
    OktmoUnit,
    Organization,
    OrganizationType,
    PageObligation,
    Sphere,
)
from otklik.registry.tables.cells import Directory, key_of

# A row of the register, or one that this very file adds: "organization:12", by the line that adds it.
Ref = int | str
ORGANIZATION, OBLIGATION, PAGE, OKTMO = "organization", "obligation", "page", "oktmo"
MODELS: dict[str, Any] = {
    ORGANIZATION: Organization, OBLIGATION: PageObligation, PAGE: OfficialPage, OKTMO: OktmoUnit,
}  # fmt: skip
# What a table may change, by the names of the model's columns without `_id`.
FIELDS: dict[str, tuple[str, ...]] = {
    ORGANIZATION: (
        "code", "name", "short_name", "level", "type", "parent", "founder", "spheres", "municipality", "settlement",
        "ogrn", "address", "phone", "email", "site_url", "hours", "latitude", "longitude", "served", "aliases",
        "is_active",
    ),
    OBLIGATION: ("organization", "network", "status", "exemption_basis", "document_ref", "since"),
    PAGE: (
        "organization", "network", "external_id", "kind", "person_name", "person_position", "tier", "screen_name",
        "title", "url", "badge_type", "badge_status", "badge_confirmed_at", "badge_lost_at", "badge_evidence",
        "component_connected", "widgets", "followers", "monitoring", "opened_on", "closed_on", "is_active",
    ),
    OKTMO: ("code", "check_digit", "region_code", "level", "name"),
}  # fmt: skip
LINKS = {"parent": ORGANIZATION, "founder": ORGANIZATION, "organization": ORGANIZATION, "municipality": ""}


def column_of(name: str) -> str:
    """The model's column: links are kept by their ids."""
    return f"{name}_id" if name in LINKS else name


def plain(value: Any) -> Any:
    """A value as JSON keeps it."""
    return value.isoformat() if isinstance(value, date) else value


def read_rows(subject: str, ids: list[int] | None = None) -> dict[int, dict[str, Any]]:
    """The rows of one kind by id, ready for JSON; all of them unless `ids` are given."""
    names = FIELDS[subject]
    rows = MODELS[subject].objects.all() if ids is None else MODELS[subject].objects.filter(pk__in=ids)
    columns = [column_of(name) for name in names]
    return {
        row[0]: {name: plain(value) for name, value in zip(names, row[1:], strict=True)}
        for row in rows.values_list("pk", *columns).iterator(chunk_size=5000)
    }


def _by_ref(subject: str) -> dict[Ref, dict[str, Any]]:
    return dict(read_rows(subject).items())


def directory() -> Directory:
    """The region's lists, by folded name and code."""
    spheres = {
        key_of(word): code
        for code, name in Sphere.objects.values_list("code", "name")
        for word in (code, name)
    }
    types = {
        key_of(word): code
        for code, name, plural in OrganizationType.objects.values_list("code", "name", "plural")
        for word in (code, name, plural)
    }
    places: dict[str, int] = {}
    for pk, *words in Municipality.objects.values_list("pk", "oktmo", "name", "short_name"):
        places |= {key_of(word): pk for word in words if word}
    return Directory(spheres, types, places)


@dataclass(slots=True)
class Known:
    """Rows of the register and of the file so far, and indexes over them. Lists of refs stay in order."""

    rows: dict[str, dict[Ref, dict[str, Any]]] = field(default_factory=lambda: defaultdict(dict))
    by_code: dict[str, Ref] = field(default_factory=dict)
    by_ogrn: dict[str, list[Ref]] = field(default_factory=lambda: defaultdict(list))
    by_name: dict[str, list[Ref]] = field(default_factory=lambda: defaultdict(list))
    by_short_name: dict[str, list[Ref]] = field(default_factory=lambda: defaultdict(list))
    # Name of the founder (or of whoever stands above) of an organisation, folded.
    founders: dict[Ref, str] = field(default_factory=dict)
    pages: dict[tuple[str, str], Ref] = field(default_factory=dict)
    screen_names: dict[tuple[str, str], Ref] = field(default_factory=dict)
    obligations: dict[tuple[Ref, str], Ref] = field(default_factory=dict)
    units: dict[str, Ref] = field(default_factory=dict)

    def add_organization(self, ref: Ref, values: dict[str, Any], founder: str) -> None:
        """A row that lines may find from now on."""
        self.by_code[values["code"]] = ref
        if values.get("ogrn"):
            self.by_ogrn[values["ogrn"]].append(ref)
        self.by_name[key_of(values["name"])].append(ref)
        self.by_short_name[key_of(values.get("short_name") or values["name"])].append(ref)
        self.founders[ref] = founder

    def add_page(self, ref: Ref, values: dict[str, Any]) -> None:
        self.pages[values["network"], values["external_id"]] = ref
        if values.get("screen_name"):
            self.screen_names[values["network"], values["screen_name"].lower()] = ref

    def page(self, network: str, number: str) -> Ref:
        """The page of that number, or the name under which this file adds it."""
        return self.pages.get((network, number), f"{PAGE}:{network}:{number}")

    def obligation(self, organization: Ref, network: str) -> Ref:
        """The obligation of the organisation in a network, or the name under which this file adds it."""
        return self.obligations.get((organization, network), f"{OBLIGATION}:{organization}:{network}")


def read_register() -> Known:
    """The organisations, obligations and pages of the register."""
    known = Known()
    organizations = known.rows[ORGANIZATION] = _by_ref(ORGANIZATION)
    for pk, row in organizations.items():
        above = organizations.get(row["founder"] or row["parent"] or 0)
        known.add_organization(pk, row, key_of(above["name"]) if above else "")
    known.rows[OBLIGATION] = _by_ref(OBLIGATION)
    for pk, row in known.rows[OBLIGATION].items():
        known.obligations[row["organization"], row["network"]] = pk
    known.rows[PAGE] = _by_ref(PAGE)
    for pk, row in known.rows[PAGE].items():
        known.add_page(pk, row)
    return known


def read_units() -> Known:
    """The units of the classifier of territories."""
    known = Known()
    known.rows[OKTMO] = _by_ref(OKTMO)
    known.units = {row["code"]: pk for pk, row in known.rows[OKTMO].items()}
    return known
