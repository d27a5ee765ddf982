"""Cells into values ready for JSON, and back into what a person reads. Raises BadValue with the reason."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from typing import Any

from django.db.models import TextChoices
from django.utils import translation

from otklik.common.text import clean, fold, gettext_noop
from otklik.registry.rules import organizations
from otklik.registry.rules import values as shape
from otklik.registry.rules.values import BadValue

_YES = frozenset({"да", "+", "1", "есть", "yes", "true", "истина", "v"})
_NO = frozenset({"нет", "-", "0", "no", "false", "ложь", "отсутствует"})
# What people write instead of leaving a cell empty.
NOTHING = frozenset({"", "-", "–", "—", "нет данных", "н/д", "не указано", "#н/д"})
_NOT_WORD = re.compile(r"[^\w№]+")
_SPACES = re.compile(r"\s+")


@dataclass(slots=True)
class Directory:
    """The region's own lists, by folded name and by code."""

    spheres: Mapping[str, str] = field(default_factory=dict)
    types: Mapping[str, str] = field(default_factory=dict)
    # ОКТМО or name → id.
    municipalities: Mapping[str, int] = field(default_factory=dict)


Read = Callable[[str, Directory], Any]


def key_of(name: str) -> str:
    """A name for comparing: no case, ё, quotes, dots and spare spaces."""
    return _NOT_WORD.sub(" ", fold(name).replace("_", " ")).strip()


def header_key(header: str) -> str:
    """A header for comparing: letters and digits alone, so «ID  госпаблика:» is «id госпаблика»."""
    return _NOT_WORD.sub("", fold(header).replace("_", ""))


def text(limit: int) -> Read:
    return lambda cell, _directory: shape.line("", cell, limit)


def lines(limit: int) -> Read:
    """Text of many lines, as it is."""

    def read(cell: str, _directory: Directory) -> str:
        if len(cell) > limit:
            raise BadValue("", gettext_noop("Слишком длинно: не больше %(limit)s знаков."), limit=limit)
        return clean(cell).strip()

    return read


def yes_no(cell: str, _directory: Directory) -> bool:
    """Да or нет, in the ways tables write them."""
    said = fold(cell).strip().rstrip(".")
    if said in _YES:
        return True
    if said in _NO:
        return False
    raise BadValue("", gettext_noop("Здесь нужно «да» или «нет»."))


def whole(most: int) -> Read:
    """A whole number from 0; spaces between thousands and a fraction of zeros are forgiven."""

    def read(cell: str, _directory: Directory) -> int:
        digits = re.sub(r"[.,]0+$", "", _SPACES.sub("", cell))
        if not digits.isascii() or not digits.isdecimal() or len(digits) > 15 or int(digits) > most:
            raise BadValue("", gettext_noop("Здесь нужно целое число от 0 до %(most)s."), most=most)
        return int(digits)

    return read


def percent(cell: str, _directory: Directory) -> float:
    """A share from 0 to 100 %."""
    number = _float(cell.replace("%", ""))
    if not 0 <= number <= 100:
        raise BadValue("", gettext_noop("Здесь нужен процент от 0 до 100."))
    return int(number) if number.is_integer() else number


def _float(cell: str) -> float:
    bare = _SPACES.sub("", cell).replace(",", ".")
    try:
        return float(bare) if re.fullmatch(r"[+-]?\d{1,12}(\.\d{1,15})?", bare, re.ASCII) else float("nan")
    except ValueError:
        return float("nan")


def degrees(most: int) -> Read:
    return lambda cell, _directory: shape.degrees("", str(_float(cell)), most)


def day(cell: str, _directory: Directory) -> str:
    """A date as 2024-05-31 or 31.05.2024, in ISO form."""
    said = cell.split(" ", maxsplit=1)[0]
    found = re.fullmatch(r"(\d{1,2})[./](\d{1,2})[./](\d{4})", said, re.ASCII)
    try:
        if found:
            return date(int(found[3]), int(found[2]), int(found[1])).isoformat()
        return datetime.fromisoformat(said).date().isoformat()
    except ValueError as error:
        raise BadValue("", gettext_noop("Это не дата: нужен вид 31.12.2025 или 2025-12-31.")) from error


def russian(choices: type[TextChoices]) -> dict[str, str]:
    """Code → label in Russian, whatever language is active: a file is the same for everybody."""
    with translation.override("ru"):
        return {value: str(label) for value, label in choices.choices}


def one_of(choices: type[TextChoices], synonyms: Mapping[str, str] | None = None) -> Read:
    """A code by its label, the code itself or a synonym; case, ё and signs do not matter."""

    @cache
    def by_key() -> dict[str, str]:
        words = {label: code for code, label in russian(choices).items()}
        return {
            key_of(word): code
            for word, code in (words | {c: c for c in choices.values} | dict(synonyms or {})).items()
        }

    def read(cell: str, _directory: Directory) -> str:
        found = by_key().get(key_of(cell))
        if found is None:
            raise BadValue(
                "", gettext_noop("Такого значения в справочнике нет: «%(value)s»."), value=cell[:80]
            )
        return found

    return read


# Tables of others name spheres in words of their own; a region that has none of these codes is not touched.
_SPHERE_STEMS = (
    ("спорт", "sport"), ("физическ", "sport"), ("молодеж", "sport"), ("образован", "education"), ("наук", "education"),
    ("здравоохр", "health"), ("медицин", "health"), ("культур", "culture"), ("социальн", "social"),
    ("жкх", "housing"), ("коммунальн", "housing"), ("энергет", "housing"), ("транспорт", "transport"),
    ("дорож", "transport"), ("строит", "construction"), ("архитект", "construction"), ("имуществ", "land"),
    ("земельн", "land"), ("эколог", "ecology"), ("природн", "ecology"), ("сельск", "agriculture"),
    ("ветеринар", "veterinary"), ("цифров", "digital"), ("безопасн", "security"), ("чрезвычайн", "security"),
    ("занятост", "labour"), ("юстиц", "justice"), ("туризм", "tourism"), ("экономи", "economy"),
    ("торговл", "economy"), ("сми", "media"), ("управлени", "governance"), ("власт", "governance"),
)  # fmt: skip


def sphere(cell: str, directory: Directory) -> str:
    """The code of a field of activity: by its name or code, else by what its name begins with."""
    key = key_of(cell)
    found = directory.spheres.get(key) or next(
        (code for stem, code in _SPHERE_STEMS if code in directory.spheres and f" {stem}" in f" {key}"), None
    )
    if found is None:
        raise BadValue(
            "", gettext_noop("Такой сферы в справочнике региона нет: «%(value)s»."), value=cell[:80]
        )
    return found


def type_of(cell: str, directory: Directory) -> str:
    """The code of a type of organisation."""
    found = directory.types.get(key_of(cell))
    if found is None:
        raise BadValue("", gettext_noop("Такого типа организации нет: «%(value)s»."), value=cell[:80])
    return found


def municipality(cell: str, directory: Directory) -> int:
    """The municipality by its ОКТМО or name."""
    found = directory.municipalities.get(key_of(cell))
    if found is None:
        raise BadValue("", gettext_noop("Такого муниципалитета в реестре нет: «%(value)s»."), value=cell[:80])
    return found


def ogrn(cell: str, _directory: Directory) -> str:
    return shape.ogrn(cell.removesuffix(".0"))


def email(limit: int) -> Read:
    return lambda cell, _directory: shape.email("", cell, limit)


def url(limit: int) -> Read:
    return lambda cell, _directory: shape.url("", cell, limit)


def code(cell: str, _directory: Directory) -> str:
    """The code of an organisation."""
    return organizations.code(cell)


def page_id(cell: str, _directory: Directory) -> str:
    """The number of a community in VK: 123, -123 or club123."""
    found = re.fullmatch(
        r"(?:-|club|public|event)?(\d{1,15})", cell.removesuffix(".0"), re.ASCII | re.IGNORECASE
    )
    if not found or not int(found[1]):
        raise BadValue("", gettext_noop("ID страницы — это число, например 123456789."))
    return str(int(found[1]))
