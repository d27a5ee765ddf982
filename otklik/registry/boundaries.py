"""Boundaries of municipalities out of a GeoJSON file that a region brings. Pure: reading and matching."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

SHAPES = frozenset({"Polygon", "MultiPolygon"})
# What files call the code and the name, in the order of trust.
CODE_FIELDS = ("oktmo", "ОКТМО", "oktmo_code")
NAME_FIELDS = ("name", "name:ru", "district", "NAME", "municipality", "название", "Наименование")
# Words of the kind, which one source writes and another leaves out.
_KIND = re.compile(
    r"\b(городской округ|муниципальный (район|округ)|район|округ|город(?=\s)|гп|рп|пгт|г\.?|р\.п\.|"
    r"рабочий( пос[её]лок)?|наукоград|закрытое административно-территориальное образование|зато)\b"
)


class NotGeoJson(ValueError):
    """Это не GeoJSON: нужен FeatureCollection с границами муниципалитетов."""


@dataclass(frozen=True, slots=True)
class Boundary:
    """One feature of the file: its number in it (from 1), what it says of itself, and its shape."""

    number: int
    code: str
    name: str
    geometry: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Trouble:
    """A feature that cannot be used, and why."""

    number: int
    name: str
    why: str


def read(document: object) -> tuple[list[Boundary], list[Trouble]]:
    """The features of a FeatureCollection, and those that are no boundary. Raises NotGeoJson."""
    if not isinstance(document, Mapping) or document.get("type") != "FeatureCollection":
        raise NotGeoJson
    features = document.get("features")
    if not isinstance(features, list):
        raise NotGeoJson
    found: list[Boundary] = []
    troubles: list[Trouble] = []
    for number, feature in enumerate(features, 1):
        properties = feature.get("properties") if isinstance(feature, Mapping) else None
        properties = properties if isinstance(properties, Mapping) else {}
        name, code = _first(properties, NAME_FIELDS), _first(properties, CODE_FIELDS)
        geometry = feature.get("geometry") if isinstance(feature, Mapping) else None
        geometry = geometry if isinstance(geometry, Mapping) else {}
        why = _why_not(geometry, name, code)
        if why:
            troubles.append(Trouble(number, name, why))
        else:
            found.append(Boundary(number, code, name, geometry))
    return found, troubles


def _first(properties: Mapping[str, Any], fields: Iterable[str]) -> str:
    return next((str(properties[field]).strip() for field in fields if properties.get(field)), "")


def _why_not(geometry: Mapping[str, Any], name: str, code: str) -> str:
    if str(geometry.get("type")) not in SHAPES:
        return "нет границы: нужен Polygon или MultiPolygon"
    if not name and not code:
        return "нет ни названия, ни ОКТМО"
    if not _are_positions(geometry.get("coordinates"), depth=3 if geometry["type"] == "Polygon" else 4):
        return "координаты испорчены"
    return ""


def _are_positions(value: object, *, depth: int) -> bool:
    """Whether the value is lists in lists down to [longitude, latitude] on the Earth."""
    if not isinstance(value, list) or not value:
        return False
    if depth > 1:
        return all(_are_positions(each, depth=depth - 1) for each in value)
    numbers = [each for each in value if isinstance(each, int | float) and not isinstance(each, bool)]
    return len(numbers) == len(value) >= 2 and abs(numbers[0]) <= 180 and abs(numbers[1]) <= 90


def key_of(name: str) -> str:
    """A name without its case, ё and words of the kind: «город Бердск» and «Бердск» are one place."""
    plain = name.lower().replace("ё", "е")
    bare = " ".join(_KIND.sub(" ", plain).split())
    return bare or plain
