"""Which values an organisation may have. Pure."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from otklik.common.text import gettext_noop
from otklik.registry.rules import values as shape
from otklik.registry.rules.values import BadValue

MOST_SPHERES = 3
MOST_SERVED = 20_000_000
LEVELS = frozenset({"regional", "municipal", "institution", "utility", "center"})
LIMITS: Mapping[str, int] = {
    "code": 80, "name": 300, "short_name": 120, "settlement": 100, "address": 300, "phone": 100, "email": 150,
    "site_url": 300, "hours": 200, "aliases": 2000,
}  # fmt: skip
# Rows of other tables, which the verb itself looks up.
LINKS = frozenset({"municipality", "founder", "parent"})
_CODE = re.compile(r"[\w.:/-]+")


@dataclass(frozen=True, slots=True)
class Known:
    """Codes of the region's own lists."""

    types: frozenset[str]
    spheres: frozenset[str]


def code(value: Any) -> str:
    """The short code by which files and commands name the organisation. Raises BadValue."""
    found = shape.required_line("code", value, LIMITS["code"])
    if not _CODE.fullmatch(found):
        raise BadValue("code", gettext_noop("В коде только буквы, цифры, точка, дефис и подчёркивание."))
    return found


def spheres(value: Any, known: frozenset[str]) -> list[str]:
    """One to three fields of activity, the main one first, each once; or none. Raises BadValue."""
    if isinstance(value, str) or not isinstance(value, Iterable):
        raise BadValue("spheres", gettext_noop("Сферы — список кодов."))
    found = list(dict.fromkeys(shape.one_of("spheres", each, known) for each in value if each))
    if len(found) > MOST_SPHERES:
        raise BadValue("spheres", gettext_noop("Сфер не больше трёх, первая — основная."))
    return found


def _lines(name: str) -> Callable[[Any], Any]:
    check = shape.required_line if name in {"name", "short_name"} else shape.line
    return lambda value: check(name, value, LIMITS[name])


_PLAIN: Mapping[str, Callable[[Any], Any]] = {
    **{
        name: _lines(name)
        for name in ("name", "short_name", "settlement", "address", "phone", "hours", "aliases")
    },
    "code": code,
    "level": lambda value: shape.one_of("level", value, LEVELS),
    "ogrn": shape.ogrn,
    "email": lambda value: shape.email("email", value, LIMITS["email"]),
    "site_url": lambda value: shape.url("site_url", value, LIMITS["site_url"]),
    "latitude": lambda value: shape.degrees("latitude", value, 90),
    "longitude": lambda value: shape.degrees("longitude", value, 180),
    "served": lambda value: shape.count("served", value, MOST_SERVED),
}
FIELDS = frozenset(_PLAIN) | LINKS | {"type", "spheres"}


def checked(values: Mapping[str, Any], known: Known) -> dict[str, Any]:
    """The values put in order; links pass as they are. Raises BadValue for the first that does not fit."""
    found: dict[str, Any] = {}
    for name, value in values.items():
        if name in _PLAIN:
            found[name] = _PLAIN[name](value)
        elif name == "type":
            found[name] = shape.one_of(name, value, known.types | {""})
        elif name == "spheres":
            found[name] = spheres(value, known.spheres)
        elif name in LINKS:
            found[name] = value
        else:
            raise BadValue(name, gettext_noop("У организации нет такого поля."))
    return found


def of_new(values: Mapping[str, Any], known: Known) -> dict[str, Any]:
    """The values of an organisation to be added: code, name and level are needed. Raises BadValue."""
    whole = {"code": "", "name": "", "level": ""} | dict(values)
    if not whole.get("short_name"):
        whole["short_name"] = str(whole["name"])[: LIMITS["short_name"]]
    return checked(whole, known)
