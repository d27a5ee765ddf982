"""Regions, municipalities and settlements as the census of 2020 names them, with the cases names are written in."""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

SOURCE = Path(__file__).resolve().parents[3] / "shared/data/reference/census2020_municipal_units.csv"
# Rows of whole regions that stand with another's name in the source: their places would be in the wrong region.
TANGLED = {"Ямало-Ненецкий автономный округ"}
KINDS = (r"городского типа|рабочий поселок|дачный поселок|поселок городского типа|город-курорт|город-герой|город|"
         r"поселок|поселение|село|деревня|станица|станция|хутор|аул|пгт|рп|г\.|п\.|с\.")  # fmt: skip
CITY_REGIONS = {"Санкт-Петербург", "Севастополь"}
UNITS = {"сельсовет": "сельсовета", "поссовет": "поссовета", "наслег": "наслега", "волость": "волости"}


@dataclass(frozen=True, slots=True)
class Settlement:
    """A settlement, or the adjective of its municipality («Буготакский», «Матросское») where no name is given."""

    name: str
    adjective: str
    unit: str
    population: int
    is_city: bool


@dataclass(slots=True)
class Municipality:
    """A district or a city; `name` is «Тогучинский район» or the city's own name."""

    region: str
    name: str
    genitive: str
    is_city: bool
    population: int
    settlements: list[Settlement] = field(default_factory=list)
    districts: list[str] = field(default_factory=list)


@cache
def _analyzer() -> Any:
    import pymorphy3

    return pymorphy3.MorphAnalyzer(lang="ru")


@cache
def genitive(name: str) -> str:
    """«Бердск» → «Бердска», «Нижний Новгород» → «Нижнего Новгорода»; what cannot be declined stays."""
    if "-на-" in name:
        head, _, tail = name.partition("-")
        return f"{genitive(head)}-{tail}"
    if name.startswith("Санкт-"):
        return f"{name}а"
    return "".join(_genitive(part) if part[:1].isupper() else part for part in re.split(r"([ -])", name))


def _genitive(word: str) -> str:
    if word.endswith(("о", "е", "и")) and not word.endswith(("ое", "ее", "ие", "ки")):
        return word
    parses = [each for each in _analyzer().parse(word) if "nomn" in each.tag]
    parses.sort(key=lambda each: ("Geox" not in each.tag, -each.score))
    declined = parses[0].inflect({"gent"}) if parses else None
    return declined.word.capitalize() if declined else word


def adjective_genitive(adjective: str) -> str:
    """«Тогучинский» → «Тогучинского», «Матросское» → «Матросского»; of several words only adjectives."""
    return " ".join(re.sub(r"(ий|ый|ой|ое|ее)$", _ending, word) for word in adjective.split())


def _ending(match: re.Match[str]) -> str:
    before = match.string[match.start() - 1]
    return "его" if match[1] == "ее" or (match[1] == "ий" and before in "шщчжн") else "ого"


def feminine(adjective: str) -> str:
    """«Тогучинский» → «Тогучинская»."""
    return re.sub(r"(ий|ый|ой|ое)$", "ая", adjective)


def masculine(adjective: str) -> str:
    """«Матросское» → «Матросский»."""
    return re.sub(r"([кг])ое$", r"\1ий", re.sub(r"([^кг])ое$", r"\1ый", adjective))


def region_genitive(name: str) -> str:
    """«Новосибирская область» → «Новосибирской области»."""
    if " " not in name:
        return genitive(name)
    name = name.replace("Республика", "Республики") if name.startswith("Республика") else name
    for old, new in (("ая область", "ой области"), ("ская автономной", "ской автономной"), ("ий край", "ого края"),
                     ("ая Республика", "ой Республики"), ("ый округ", "ого округа")):  # fmt: skip
        name = name.replace(old, new)
    return name.replace("ий автономного", "ого автономного").replace("ый автономного", "ого автономного")


def _clean(name: str) -> str:
    return re.sub(r" - .*$| \(.*$", "", name.replace('"', "").replace("ё", "е").strip())


def _region(name: str) -> str:
    return name.removesuffix(" - городское население").removeprefix("г. ")


def _settlement(raw: str, population: int) -> Settlement | None:
    name = re.sub(r"^(Городское|Сельское) поселение ", "", _clean(raw))
    name = re.sub(r"^муниципальное образование ", "", name, flags=re.IGNORECASE)
    is_city = bool(re.match(r"(город\b|г\.)", name)) or population > 12_000
    if found := re.fullmatch(rf"(?:{KINDS}|сельсовет) (?:им\. )?([А-Я].*)", name, flags=re.IGNORECASE):
        return Settlement(re.sub(r" (рп|гп|дп|кп)$", "", found[1]), "", "", population, is_city)
    for unit, of in UNITS.items():
        if found := re.fullmatch(rf"(\S+(?:ий|ый|ой|ая)) {unit}", name):
            return Settlement("", found[1], of, population, False)
    if found := re.fullmatch(r"(\S+(?:ое|ее)) (?:сельское|городское) поселение", name):
        return Settlement(
            "", found[1], f"{'городского' if is_city else 'сельского'} поселения", population, False
        )
    if re.fullmatch(r"\S+(ское|цкое|вое)", name):
        return Settlement("", name, "сельского поселения", population, False)
    if re.fullmatch(r"[А-Я][а-я-]+(?: [А-Я][а-я-]+)?", name):
        return Settlement(name, "", "", population, is_city)
    return None


def _municipality(region: str, raw: str, population: int) -> Municipality:
    name = _clean(raw)
    if found := re.fullmatch(r"(.+?(?:ий|ый|ой)) (?:\S+ )*(?:муниципальный|городской) (?:район|округ)", name):
        kind, of = ("округ", "округа") if name.endswith("округ") else ("район", "района")
        return Municipality(
            region, f"{found[1]} {kind}", f"{adjective_genitive(found[1])} {of}", False, population
        )
    if region in CITY_REGIONS:
        name = re.sub("^муниципальный округ ", "", name)
        return Municipality(region, f"округ {name}", f"муниципального округа {name}", False, population)
    name = re.sub(r"^городской округ(?: -)? ?|^муниципальный округ ", "", name, flags=re.IGNORECASE)
    name = re.sub(rf"^(?:{KINDS}|муниципальное образование) ", "", name, flags=re.IGNORECASE).removeprefix(
        "город "
    )
    return Municipality(region, name, genitive(name), True, population)


def _rows() -> Iterator[dict[str, str]]:
    with SOURCE.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def municipalities() -> list[Municipality]:
    """Every municipality of the country with its settlements, in the order of the source."""
    found: dict[tuple[str, str], Municipality] = {}
    for row in _rows():
        region, raw = _region(row["region"]), row["name"]
        if region in TANGLED:
            continue
        population = int(row["population_2020"]) if row["population_2020"].isdigit() else 0
        if row["level"] in {"urban_okrug", "municipal_okrug", "municipal_district"}:
            found[region, raw] = _municipality(region, raw, population)
        home = found.get((region, row["municipality"]))
        if home is None:
            continue
        if row["level"] == "city_district":
            home.districts.append(_clean(row["name"]))
        elif row["level"] in {"settlement_mo", "locality"} and (place := _settlement(raw, population)):
            _put(home, place)
    return list(found.values())


def _put(home: Municipality, place: Settlement) -> None:
    """A settlement of its own, or the name of the one before, whose adjective it gave."""
    before = home.settlements[-1] if home.settlements else None
    if before and not before.name and place.name and before.adjective[:4] == place.name[:4]:
        home.settlements[-1] = Settlement(place.name, before.adjective, before.unit, before.population, False)
    elif place.name != home.name and all(place.name != each.name for each in home.settlements if place.name):
        home.settlements.append(place)
