"""Reads the tables of facts beside this file into values."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

HERE = Path(__file__).parent
REGION_NAME = "Новосибирская область (демонстрация)"
REGION_SHORT = "Новосибирская область"
REGION_OKTMO = "50000000"
TIME_ZONE = "Asia/Novosibirsk"
CITY_OKTMO = "50701000"


@dataclass(frozen=True, slots=True)
class Municipality:
    """A municipal district or a city; `map_lat`/`map_lon` is the point its schematic cell grows around.

    Two districts are governed from a city that is a municipality of its own, so their map point is moved
    into their land: otherwise two cells would share one centre.
    """

    oktmo: str
    check_digit: str
    kind: str
    name: str
    short_name: str
    genitive: str
    centre: str
    lat: float
    lon: float
    map_lat: float
    map_lon: float
    population: int


@dataclass(frozen=True, slots=True)
class Settlement:
    """A named place of the small gazetteer; coordinates and population are None where not known."""

    name: str
    kind: str
    municipality: str
    lat: float | None
    lon: float | None
    population: int | None

    @property
    def full_name(self) -> str:
        """The name as people write it: «с. Ярково», «Центральный район»."""
        return self.name if self.kind == "район города" else f"{self.kind} {self.name}"


@dataclass(frozen=True, slots=True)
class Authority:
    """A body of the region or of the city of Novosibirsk, as it is called in life."""

    code: str
    parent: str
    level: str
    sphere: str
    short_name: str
    name: str


def rows(name: str) -> Iterator[dict[str, str]]:
    """The rows of one table of this folder."""
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


@cache
def municipalities() -> tuple[Municipality, ...]:
    """All 35 municipalities with their eight-digit OKTMO code and 2020 population."""
    return tuple(
        Municipality(
            oktmo=row["oktmo"],
            check_digit=row["check_digit"],
            kind=row["kind"],
            name=row["name"],
            short_name=row["short_name"],
            genitive=row["genitive"],
            centre=row["centre"],
            lat=float(row["lat"]),
            lon=float(row["lon"]),
            map_lat=float(row["map_lat"]),
            map_lon=float(row["map_lon"]),
            population=int(row["population"]),
        )
        for row in rows("municipalities.csv")
    )


@cache
def settlements() -> tuple[Settlement, ...]:
    """Towns, villages, districts and well-known quarters: enough to find a place in a message."""
    return tuple(
        Settlement(
            name=row["name"],
            kind=row["kind"],
            municipality=row["municipality"],
            lat=float(row["lat"]) if row["lat"] else None,
            lon=float(row["lon"]) if row["lon"] else None,
            population=int(row["population"]) if row["population"] else None,
        )
        for row in rows("settlements.csv")
    )


@cache
def authorities() -> tuple[Authority, ...]:
    """Regional executive bodies and the bodies of the mayor's office; administrations are not among them."""
    return tuple(Authority(**row) for row in rows("authorities.csv"))


@cache
def streets(municipality: str) -> tuple[str, ...]:
    """Street names of a municipality; villages share the list that every village has."""
    own = tuple(row["name"] for row in rows("streets.csv") if row["municipality"] == municipality)
    return own or tuple(row["name"] for row in rows("streets.csv") if not row["municipality"])


def streets_of(place: Settlement) -> tuple[str, ...]:
    """Street names of a settlement; a village has the first dozen of the common ones, a quarter has none."""
    if place.kind in {"мкр.", "район города"}:
        return ()
    centre = next(each.centre for each in municipalities() if each.oktmo == place.municipality)
    own = streets(place.municipality) if place.name == centre else streets("")
    return own if place.kind in {"г.", "р.п."} else own[:12]


def oktmo_check_digit(code: str) -> str:
    """The control digit of an OKTMO code (ОК 033-2013): weights 1, 2, 3…, on remainder 10 weights 3, 4…."""
    for shift in (1, 3):
        remainder = sum(int(digit) * (index + shift) for index, digit in enumerate(code)) % 11
        if remainder < 10:
            return str(remainder)
    return "0"
