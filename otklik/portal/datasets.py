"""Open data: what stands in each column, and the rows, a few at a time. Schemas are served beside the data."""

import csv
import io
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from otklik.common.sheets import guarded
from otklik.portal import catalogue
from otklik.registry.models import OfficialPage, Organization

AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class Column:
    """A column that never changes its name or meaning; `type` and `format` are of JSON Table Schema."""

    name: str
    type: str
    title: Any
    value: Callable[[Any], Any]
    format: str = ""
    required: bool = False

    def described(self) -> dict[str, Any]:
        """As a field of a Table Schema."""
        field: dict[str, Any] = {"name": self.name, "type": self.type, "title": str(self.title)}
        if self.format:
            field["format"] = self.format
        if self.required:
            field["constraints"] = {"required": True}
        return field


@dataclass(frozen=True, slots=True)
class Dataset:
    """One set of open data."""

    name: str
    title: Any
    about: Any
    columns: tuple[Column, ...]
    rows: Callable[[], QuerySet[Any]]
    foreign: tuple[Mapping[str, Any], ...] = ()

    def chunks(self) -> Iterator[list[dict[str, Any]]]:
        """Rows by their number, AT_ONCE with each statement: no cursor stays open while a slow reader reads."""
        last = 0
        while found := list(self.rows().filter(pk__gt=last).order_by("pk")[:AT_ONCE]):
            yield [{column.name: column.value(row) for column in self.columns} for row in found]
            last = found[-1].pk

    def schema(self) -> dict[str, Any]:
        """JSON Table Schema (specs.frictionlessdata.io/table-schema)."""
        described: dict[str, Any] = {
            "fields": [column.described() for column in self.columns],
            "primaryKey": "id",
            "missingValues": [""],
        }
        return described | ({"foreignKeys": list(self.foreign)} if self.foreign else {})


def as_csv(dataset: Dataset) -> Iterator[str]:
    """The lines of the file, comma separated, in UTF-8, with a header; lists are joined by semicolons."""
    yield _line([column.name for column in dataset.columns])
    for chunk in dataset.chunks():
        yield "".join(_line([_cell(value, name) for name, value in row.items()]) for row in chunk)


def as_json(dataset: Dataset, head: Mapping[str, Any]) -> Iterator[str]:
    """One object: `head`, and the rows under the name of the dataset."""
    opening = json.dumps(dict(head), ensure_ascii=False, indent=1).rstrip("}\n")
    yield f'{opening},\n "{dataset.name}": ['
    before = "\n"
    for chunk in dataset.chunks():
        yield before + ",\n".join(json.dumps(row, ensure_ascii=False, default=str) for row in chunk)
        before = ",\n"
    yield "\n]}\n"


def _line(cells: list[str]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerow(cells)
    return out.getvalue()


def _cell(value: Any, name: str) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return ";".join(value)
    text = str(value)
    # A telephone number begins with a plus and is no formula.
    harmless = name == "phone" and not text.strip("+-() 0123456789,;.добdx")
    return guarded(text) if isinstance(value, str) and not harmless else text


def _oktmo(organization: Organization) -> str:
    return organization.municipality.oktmo if organization.municipality else ""


def _place(organization: Organization) -> str:
    return organization.municipality.name if organization.municipality else ""


def _body(name: str) -> Callable[[OfficialPage], Any]:
    return lambda page: getattr(page.organization, name)


def _own(name: str) -> Callable[[Any], Any]:
    return lambda row: getattr(row, name)


ORGANIZATIONS = Dataset(
    "organizations",
    _("Организации, которые ведут официальные страницы или обязаны их вести"),
    _("Органы власти, местное самоуправление и подведомственные им учреждения, их контакты и место."),
    (
        Column("id", "integer", _("номер в реестре"), _own("pk"), required=True),
        Column("code", "string", _("код в реестре"), _own("code"), required=True),
        Column("name", "string", _("полное название"), _own("name"), required=True),
        Column("short_name", "string", _("короткое название"), _own("short_name"), required=True),
        Column("level", "string", _("уровень"), _own("level"), required=True),
        Column("type", "string", _("тип, код"), _own("type")),
        Column("spheres", "string", _("сферы, коды через точку с запятой"), _own("spheres")),
        Column("parent_id", "integer", _("номер вышестоящей организации"), _own("parent_id")),
        Column("municipality_oktmo", "string", _("ОКТМО муниципалитета"), _oktmo),
        Column("municipality", "string", _("муниципалитет"), _place),
        Column("settlement", "string", _("населённый пункт"), _own("settlement")),
        Column("ogrn", "string", _("ОГРН"), _own("ogrn")),
        Column("address", "string", _("адрес"), _own("address")),
        Column("latitude", "number", _("широта, градусы"), _own("latitude")),
        Column("longitude", "number", _("долгота, градусы"), _own("longitude")),
        Column("phone", "string", _("телефон организации"), _own("phone")),
        Column("email", "string", _("электронная почта организации"), _own("email")),
        Column("site", "string", _("официальный сайт"), _own("site_url"), format="uri"),
        Column("hours", "string", _("часы работы"), _own("hours")),
    ),
    lambda: catalogue.organizations().select_related("municipality"),
)

PAGES = Dataset(
    "pages",
    _("Официальные страницы в социальных сетях и мессенджерах"),
    _(
        "Каждая действующая официальная страница: чья она, в какой сети, чем подтверждена, сколько у неё подписчиков."
    ),
    (
        Column("id", "integer", _("номер в реестре"), _own("pk"), required=True),
        Column("organization_id", "integer", _("номер организации"), _own("organization_id"), required=True),
        Column("organization", "string", _("организация"), _body("name"), required=True),
        Column(
            "municipality_oktmo", "string", _("ОКТМО муниципалитета"), lambda page: _oktmo(page.organization)
        ),
        Column("network", "string", _("сеть: vk, ok, telegram, max"), _own("network"), required=True),
        Column("kind", "string", _("вид: organisation или personal"), _own("kind"), required=True),
        Column("person", "string", _("чья личная страница"), _own("person_name")),
        Column("position", "string", _("должность"), _own("person_position")),
        Column("title", "string", _("название страницы"), _own("title"), required=True),
        Column("url", "string", _("адрес"), _own("url"), format="uri", required=True),
        Column("external_id", "string", _("номер в сети"), _own("external_id"), required=True),
        Column(
            "badge",
            "string",
            _("метка: none, requested, confirmed, lost"),
            _own("badge_status"),
            required=True,
        ),
        Column("badge_type", "string", _("вид метки: gosorg или blue_tick"), _own("badge_type")),
        Column("badge_since", "date", _("метка подтверждена"), _own("badge_confirmed_at")),
        Column("followers", "integer", _("подписчиков"), _own("followers")),
        Column("opened_on", "date", _("ведётся с"), _own("opened_on")),
    ),
    lambda: catalogue.pages().select_related("organization__municipality"),
    (
        {
            "fields": "organization_id",
            "reference": {"resource": "organizations", "fields": "id"},
        },
    ),
)
DATASETS: Mapping[str, Dataset] = {each.name: each for each in (PAGES, ORGANIZATIONS)}
