"""The places of a region as a value: rows in, an index of every form of every name out."""

import csv
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import resources
from typing import NamedTuple

from otklik.common.streets import split_street
from otklik.common.text import fold
from otklik.triage.nlp.placing import senses
from otklik.triage.nlp.placing.reading import kind_class, parts_of
from otklik.triage.nlp.placing.senses import Meanings
from otklik.triage.nlp.placing.typos import Typos

# A street that so many municipalities have says nothing of where it is.
_EVERYWHERE = 3


class MunicipalityRow(NamedTuple):
    """A municipality: «Баганский муниципальный район», «город Бердск»."""

    id: int
    name: str


class SettlementRow(NamedTuple):
    """A settlement, a quarter or a district of a city; `aliases` are other names that people use for it."""

    id: int
    municipality_id: int
    name: str
    kind: str = ""
    population: int = 0
    aliases: tuple[str, ...] = ()


class StreetRow(NamedTuple):
    """A street without its kind in the name: «Ленина», «улица»."""

    id: int
    settlement_id: int
    name: str
    kind: str = "улица"


@dataclass(frozen=True, slots=True, eq=False)
class Gazetteer:
    """What a region has, by every form in which a text may name it. Made once, read only."""

    municipalities: Mapping[int, MunicipalityRow]
    settlements: Mapping[int, SettlementRow]
    streets: Mapping[tuple[int, str], tuple[StreetRow, ...]]  # (settlement, folded name) → streets
    forms: Mapping[str, Meanings]
    starts: Mapping[str, int]  # the first word of a name → how many words the longest such name has
    where: Mapping[str, frozenset[int]]  # folded name of a street → settlements that have it
    common: frozenset[str]  # folded names of streets that are everywhere
    mains: Mapping[int, int]  # municipality that is one town → that town
    typos: Typos
    version: str = field(default="")

    def street(self, settlement: int | None, key: str, kind: str = "") -> StreetRow | None:
        """The street of this folded name in the settlement, of that kind where several are."""
        rows = self.streets.get((settlement, key), ()) if settlement is not None else ()
        return next((row for row in rows if row.kind == kind), rows[0] if rows else None)

    def is_everywhere(self, key: str, kind: str) -> bool:
        """Whether every town may have such a street: a «проспект» of a common name is not as common."""
        return key in self.common and kind in {"", "улица", "переулок"}


def make_gazetteer(
    municipalities: Iterable[MunicipalityRow],
    settlements: Iterable[SettlementRow],
    streets: Iterable[StreetRow],
    *,
    version: str = "",
) -> Gazetteer:
    """The gazetteer of these rows; costs about 0.1 ms for a name, so it is made once and kept."""
    places = {row.id: row for row in settlements}
    wholes = {row.id: row for row in municipalities}
    by_name: defaultdict[tuple[int, str], list[StreetRow]] = defaultdict(list)
    where: defaultdict[str, set[int]] = defaultdict(set)
    for street in streets:
        key = fold(street.name)
        by_name[street.settlement_id, key].append(street)
        where[key].add(street.settlement_id)
    common = common_streets() | {key for key, ids in where.items() if _is_everywhere(ids, places)}
    names = {fold(row.name): row.name for rows in by_name.values() for row in rows}
    forms = senses.index(
        municipalities=[(row.id, row.name) for row in wholes.values()],
        settlements=[
            (row.id, name, row.kind) for row in places.values() for name in (row.name, *row.aliases)
        ],
        streets=[*names.values(), *(name for name in _common_names() if fold(name) not in names)],
    )
    return Gazetteer(
        municipalities=wholes,
        settlements=places,
        streets={key: tuple(rows) for key, rows in by_name.items()},
        forms=forms,
        starts=_starts(forms),
        where={key: frozenset(ids) for key, ids in where.items()},
        common=frozenset(common),
        mains=_mains(places.values(), wholes),
        typos=Typos(forms),
        version=version,
    )


def _is_everywhere(homes: Iterable[int], places: Mapping[int, SettlementRow]) -> bool:
    return len({places[id_].municipality_id for id_ in homes if id_ in places}) >= _EVERYWHERE


def gazetteer_from_rows(rows: Iterable[Mapping[str, str]]) -> Gazetteer:
    """A gazetteer of the plain layout: «муниципалитет», «населённый пункт», «вид», «улица», «вид улицы».

    Only the first column is needed; a row without a street tells of a settlement, one without a settlement
    of a municipality. «население» and «другие названия» (after `|`) are read where they are. Ids are the
    order in which names come first.
    """
    wholes: dict[str, MunicipalityRow] = {}
    places: dict[tuple[int, str, str], SettlementRow] = {}
    streets: dict[tuple[int, str, str], StreetRow] = {}
    for given in rows:
        row = {
            fold(key or ""): (value or "").strip() for key, value in given.items() if isinstance(value, str)
        }
        if not (name := row.get("муниципалитет", "")):
            continue
        whole = wholes.setdefault(name, MunicipalityRow(len(wholes) + 1, name))
        if not (town := row.get("населенный пункт", "")):
            continue
        key = (whole.id, town, row.get("вид", ""))
        if key not in places:
            people = row.get("население", "")
            aliases = tuple(
                filter(None, (each.strip() for each in row.get("другие названия", "").split("|")))
            )
            known = int(people) if people.isdecimal() else 0
            places[key] = SettlementRow(len(places) + 1, *key, population=known, aliases=aliases)
        if written := row.get("улица", ""):
            called, kind = split_street(written)
            street = (places[key].id, called, row.get("вид улицы", "") or kind)
            streets.setdefault(street, StreetRow(len(streets) + 1, *street))
    return make_gazetteer(wholes.values(), places.values(), streets.values())


def _starts(forms: Iterable[str]) -> dict[str, int]:
    longest: dict[str, int] = {}
    for form in forms:
        first, _, rest = form.partition(" ")
        longest[first] = max(longest.get(first, 0), 1 + rest.count(" ") + bool(rest))
    return longest


def _mains(places: Iterable[SettlementRow], wholes: Mapping[int, MunicipalityRow]) -> dict[int, int]:
    """Municipalities that are one town, with it: a street named there needs no other word."""
    inside: defaultdict[int, list[SettlementRow]] = defaultdict(list)
    for row in places:
        if kind_class(row.kind) not in {"quarter", "district"}:
            inside[row.municipality_id].append(row)
    mains = {}
    for whole, rows in inside.items():
        named = set(parts_of(wholes[whole].name)) if whole in wholes else set()
        own = [row for row in rows if set(parts_of(row.name)) <= named]
        if len(rows) == 1 or own:
            mains[whole] = (own or rows)[0].id
    return mains


@lru_cache(maxsize=1)
def _common_names() -> tuple[str, ...]:
    table = resources.files("otklik.triage").joinpath("data/common_streets.tsv").read_text(encoding="utf-8")
    lines = (line for line in table.splitlines() if line and not line.startswith("#"))
    return tuple(row["name"] for row in csv.DictReader(lines, delimiter="\t"))


def common_streets() -> frozenset[str]:
    """Folded names of streets that most towns of Russia have."""
    return frozenset(fold(name) for name in _common_names())
