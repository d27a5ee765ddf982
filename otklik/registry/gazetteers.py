"""Settlements and streets out of tables that a region brings. Pure: layouts, kinds, whose land a point is on."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise
from typing import Any

from otklik.common.streets import KIND_OF, TAILS, split_street
from otklik.common.text import fold

# What tables call a column, folded; the first that is there is taken.
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "municipality": ("муниципалитет", "муниципальное образование", "район", "municipality"),
    "code": ("октмо", "oktmo", "код октмо"),
    "settlement": ("населенный пункт", "нас. пункт", "settlement", "place"),
    "kind": ("вид", "тип", "вид населенного пункта", "kind", "type"),
    "latitude": ("широта", "lat", "latitude"),
    "longitude": ("долгота", "lon", "lng", "longitude"),
    "population": ("население", "population", "численность"),
    "street": ("улица", "street"),
    "street_kind": ("вид улицы", "тип улицы", "street kind", "street_kind"),
    "names": ("names_ru", "alternatenames"),
    "name": ("name", "название", "наименование"),
    "level": ("level", "уровень"),
    "geonameid": ("geonameid",),
}
# Words of a kind → how the register writes it.
_KINDS: Mapping[str, str] = {
    word: kind
    for kind, words in {
        "г.": "г|г.|город|гор.",
        "р.п.": "рп|р.п.|рабочий поселок|рабочий пос.",
        "пгт": "пгт|п.г.т.|поселок городского типа|гп|городской поселок",
        "п.": "п|п.|поселок|пос|пос.",
        "с.": "с|с.|село",
        "д.": "д|д.|деревня|дер.",
        "ст.": "ст|ст.|станция|ж/д ст|ж/д станция|ж/д_ст|железнодорожная станция",
        "ст-ца": "ст-ца|станица",
        "х.": "х|х.|хутор",
        "аул": "аул",
        "рзд.": "рзд|рзд.|разъезд|ж/д рзд|ж/д_рзд",
        "мкр.": "мкр|мкр.|микрорайон|жилмассив|ж/м|квартал",
        "район города": "район города|внутригородской район",
    }.items()
    for word in words.split("|")
}
_LONGEST_KIND, _LONGEST_NAME, _LONGEST_STREET = 30, 100, 150
# Of the classifier: what is no settlement by itself.
_BODIES = re.compile(r"сельсовет|поселени|район|округ|межселенн|образован|совет\b", re.IGNORECASE)
# Near enough to how maps write Russian names in Latin letters.
_LATIN = {
    "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ж": "zh", "з": "z", "и": "i", "й": "y", "к": "k",
    "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ф": "f", "х": "kh",
    "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ы": "y", "э": "e", "ю": "yu", "я": "ya",
}  # fmt: skip


class UnknownLayout(ValueError):
    """В таблице нет столбца с населённым пунктом: нужны «муниципалитет» и «населённый пункт»."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """A row that was not taken, by its number in the file, and why."""

    number: int
    name: str
    why: str


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """A row of the file as it is understood; `code` is an OKTMO code, `names` other spellings."""

    number: int
    municipality: str
    code: str
    name: str
    kind: str
    latitude: float | None = None
    longitude: float | None = None
    population: int | None = None
    street: str = ""
    street_kind: str = ""


def too_long(row: PlaceRow) -> str:
    """Why the names of a row do not fit the register; empty when they do."""
    if len(row.name) > _LONGEST_NAME:
        return f"название длиннее {_LONGEST_NAME} знаков"
    return f"улица длиннее {_LONGEST_STREET} знаков" if len(row.street) > _LONGEST_STREET else ""


def columns_of(header: Sequence[str]) -> dict[str, int]:
    """Where each known column stands. Raises UnknownLayout when nothing names a settlement."""
    titles = [" ".join(fold(cell).replace("_", " ").split()) for cell in header]
    found: dict[str, int] = {}
    for field, names in COLUMNS.items():
        at = next(
            (titles.index(name.replace("_", " ")) for name in names if name.replace("_", " ") in titles), None
        )
        if at is not None:
            found[field] = at
    if "settlement" not in found and "name" not in found:
        raise UnknownLayout
    return found


def rows_of(lines: Iterable[tuple[int, Sequence[str]]]) -> Iterator[PlaceRow | Trouble]:
    """The rows after the header line, each understood or said to be wrong. Raises UnknownLayout."""
    columns: dict[str, int] | None = None
    for number, cells in lines:
        if columns is None:
            columns = columns_of(cells)
            continue
        yield _row(number, {name: _cell(cells, at) for name, at in columns.items()})


def _cell(cells: Sequence[str], at: int) -> str:
    return " ".join(cells[at].split()) if at < len(cells) else ""


def _row(number: int, told: Mapping[str, str]) -> PlaceRow | Trouble:
    name, kind = _called(told)
    if not name:
        return Trouble(number, told.get("name", ""), "нет названия населённого пункта")
    try:
        latitude, longitude = _point(told)
    except ValueError:
        return Trouble(number, name, "координаты не читаются: нужны градусы, «54.75»")
    population = told.get("population", "").replace(" ", "").replace("\u00a0", "")
    if population and not population.isdecimal():
        return Trouble(number, name, "население не число")
    street, street_kind = _street(told)
    return PlaceRow(
        number,
        told.get("municipality", ""),
        re.sub(r"\D", "", told.get("code", "")),
        name,
        kind,
        latitude,
        longitude,
        min(int(population), 2_000_000_000) if population else None,
        street,
        street_kind,
    )


def _called(told: Mapping[str, str]) -> tuple[str, str]:
    """The name and the kind of the settlement, in whichever columns they stand."""
    if told.get("settlement"):
        return _apart(told["settlement"], told.get("kind", ""))
    if "names" in told or "geonameid" in told:
        return russian_name(told.get("name", ""), told.get("names", "")), kind_of(told.get("kind", ""))
    return _apart(told.get("name", ""), told.get("kind", ""))


def _apart(written: str, kind: str) -> tuple[str, str]:
    """«рабочий поселок Линёво» → («Линёво», «р.п.»); a kind in its own column goes first."""
    if kind:
        return written, kind_of(kind)
    words = written.replace(".", ". ").split() if written[:1].islower() else written.split()
    for size in (3, 2, 1):
        said = fold(" ".join(words[:size]))
        if len(words) > size and said in _KINDS:
            return " ".join(words[size:]), _KINDS[said]
    return written, ""


def kind_of(written: str) -> str:
    """The kind of a settlement as the register writes it; an unknown one as it came."""
    return _KINDS.get(fold(written).strip(), written.strip())[:_LONGEST_KIND]


def is_body(name: str) -> bool:
    """Whether a row of the classifier names a municipal body and no settlement: «Баганский сельсовет»."""
    return _BODIES.search(name) is not None


def _street(told: Mapping[str, str]) -> tuple[str, str]:
    written = told.get("street", "")
    if not written:
        return "", ""
    kind = fold(told.get("street_kind", "")).strip(" .")
    if kind:
        head, _, tail = kind.partition("-")
        return written, (KIND_OF.get(kind) or TAILS.get((head, tail)) or kind)[:_LONGEST_KIND]
    return split_street(written)


def _point(told: Mapping[str, str]) -> tuple[float | None, float | None]:
    written = [told.get("latitude", ""), told.get("longitude", "")]
    if not any(written):
        return None, None
    latitude, longitude = (float(each.replace(",", ".")) for each in written)
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise ValueError("not on the Earth")
    return latitude, longitude


def russian_name(latin: str, alternatives: str) -> str:
    """The Russian one of alternative names: that which, in Latin letters, is nearest to the name beside them.

    GeoNames lists spellings of every Cyrillic language without saying whose they are.
    """
    names = [name.strip() for name in re.split(r"[|,]", alternatives) if re.search(r"[А-Яа-яЁё]", name)]
    if re.search(r"[А-Яа-яЁё]", latin):
        return latin
    if not names:
        return ""
    plain = re.sub(r"[^a-z]", "", latin.lower().replace("ë", "e"))
    return max(names, key=lambda name: (_likeness(name, plain), "ё" in name.lower(), -len(name), name))


def _likeness(name: str, plain: str) -> float:
    told = "".join(_LATIN.get(letter, "") for letter in name.lower().replace("ё", "е"))
    return SequenceMatcher(None, told.replace("ye", "e"), plain.replace("ye", "e")).ratio()


def holds(shape: Mapping[str, Any] | None, latitude: float, longitude: float) -> bool:
    """Whether the point lies within a GeoJSON Polygon or MultiPolygon (even-odd rule, holes left out)."""
    if not shape:
        return False
    polygons = [shape["coordinates"]] if shape.get("type") == "Polygon" else shape.get("coordinates", [])
    return any(
        _within(polygon[0], latitude, longitude)
        and not any(_within(hole, latitude, longitude) for hole in polygon[1:])
        for polygon in polygons
        if polygon
    )


def _within(ring: Sequence[Sequence[float]], latitude: float, longitude: float) -> bool:
    inside = False
    for (x1, y1, *_), (x2, y2, *_) in pairwise(ring):
        if (y1 > latitude) != (y2 > latitude) and longitude < (x2 - x1) * (latitude - y1) / (y2 - y1) + x1:
            inside = not inside
    return inside
