"""Invents the institutions below the authorities: believable, seeded, spread by population.

Numbers start above the real ones (a school № 301 exists nowhere in the region), so nobody can take an
invented institution for a real one.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from itertools import count
from random import Random

from demo.data.region import CITY_OKTMO, Municipality, Settlement, municipalities, rows, settlements

SEED = 54
GARDEN_NAMES = (
    "Ромашка", "Солнышко", "Теремок", "Светлячок", "Колокольчик", "Берёзка", "Родничок", "Сказка", "Радуга",
    "Золотой ключик", "Василёк", "Росинка", "Журавлик", "Ладушки", "Незабудка", "Лесовичок", "Семицветик",
    "Капитошка", "Золотая рыбка", "Непоседы", "Гнёздышко", "Снегирёк", "Веснушки", "Кедровый бор",
)  # fmt: skip
SCHOOL_NAMES = (
    "Горизонт",
    "Исток",
    "Перспектива",
    "Созвездие",
    "Меридиан",
    "Сибирячок",
    "Гармония",
    "Диалог",
)
HOUSE_NAMES = (
    "Заря",
    "Сибирь",
    "Юность",
    "Родина",
    "Горизонт",
    "Маяк",
    "Рассвет",
    "Энергетик",
    "Нива",
    "Космос",
)
SPORT_NAMES = ("Олимп", "Старт", "Темп", "Снежинка", "Чайка", "Атлант", "Лидер", "Энергия")
UTILITY_NAMES = ("Тепловик", "Коммунальщик", "Родник", "Теплосервис", "Жилкомсервис", "Водоканал", "Горсвет")
COLLEGE_NAMES = (
    "аграрный",
    "педагогический",
    "транспортный",
    "медицинский",
    "строительный",
    "политехнический",
)


@dataclass(frozen=True, slots=True)
class Institution:
    """An invented subordinate organisation; `parent` is the code of its founder.

    `exempt_because` is empty when the organisation must keep an official page.
    """

    code: str
    parent: str
    kind: str
    sphere: str
    short_name: str
    name: str
    municipality: str
    place: str
    exempt_because: str


@dataclass(frozen=True, slots=True)
class Recipe:
    """How often a kind of institution occurs (`per` residents for one) and who founds it."""

    kind: str
    sphere: str
    per: int
    city_founder: str
    district_founder: str  # "" means the administration of the municipality


RECIPES = (
    Recipe("school", "education", 33_000, "city-education", ""),
    Recipe("kindergarten", "education", 45_000, "city-education", ""),
    Recipe("clinic", "health", 75_000, "min-health", "min-health"),
    Recipe("library", "culture", 80_000, "city-culture", ""),
    Recipe("culture_house", "culture", 65_000, "city-culture", ""),
    Recipe("sport", "sport", 95_000, "city-culture", ""),
    Recipe("social", "social", 110_000, "city-social", "min-social"),
    Recipe("utility", "housing", 95_000, "city-housing", ""),
    Recipe("college", "education", 130_000, "min-education", "min-education"),
)


def _names(kind: str, place: str, number: int, rural: bool, random: Random) -> tuple[str, str]:
    """The short and the full name of an institution of a kind in a place."""
    tail = f"({place})"
    if kind == "school":
        label = f"Школа «{random.choice(SCHOOL_NAMES)}» {tail}" if rural else f"Школа № {300 + number} {tail}"
        return label, f"Средняя общеобразовательная {label[0].lower()}{label[1:]}"
    if kind == "kindergarten":
        title = random.choice(GARDEN_NAMES)
        label = f"Детский сад «{title}»" if rural else f"Детский сад № {600 + number} «{title}»"
        return f"{label} {tail}", f"{label} {tail}"
    if kind == "clinic":
        label = "Районная больница" if rural else f"Поликлиника № {50 + number}"
        return f"{label} {tail}", f"Государственное учреждение здравоохранения «{label}» {tail}"
    return _other_names(kind, tail, number, random)


def _other_names(kind: str, tail: str, number: int, random: Random) -> tuple[str, str]:
    if kind == "library":
        label = f"Библиотека № {70 + number}" if number > 1 else "Центральная библиотека"
        return f"{label} {tail}", f"{label} {tail}"
    if kind == "culture_house":
        label = f"ДК «{random.choice(HOUSE_NAMES)}» {tail}"
        return label, label.replace("ДК", "Дом культуры")
    if kind == "sport":
        label = f"Спортшкола «{random.choice(SPORT_NAMES)}» {tail}"
        return label, label.replace("Спортшкола", "Спортивная школа")
    if kind == "social":
        return f"Центр соцобслуживания {tail}", f"Комплексный центр социального обслуживания населения {tail}"
    if kind == "utility":
        label = f"МУП «{random.choice(UTILITY_NAMES)}» {tail}"
        return label, label.replace("МУП", "Муниципальное унитарное предприятие")
    label = f"{random.choice(COLLEGE_NAMES).capitalize()} колледж {tail}"
    return label, label


def amount(recipe: Recipe, municipality: Municipality) -> int:
    """How many of the kind stand in the municipality."""
    if municipality.population < recipe.per and recipe.kind in {"college", "social", "sport"}:
        return int(municipality.population * 2 > recipe.per)
    return max(1, round(municipality.population / recipe.per))


def _exemption(kind: str, random: Random) -> str:
    if kind == "utility" and random.random() < 0.45:
        return "Не оказывает услуг населению напрямую, решение учредителя"
    if kind in {"library", "kindergarten", "culture_house"} and random.random() < 0.06:
        return "Капитальный ремонт здания, работа приостановлена"
    return ""


def told_apart(found: list[Institution], taken: frozenset[str] = frozenset()) -> Iterator[Institution]:
    """Two bodies with one name would be one body for a person who assigns: later ones get a number."""
    used = set(taken)
    for each in found:
        mark = next(mark for mark in _marks() if each.short_name + mark not in used)
        used.add(each.short_name + mark)
        yield replace(each, short_name=each.short_name + mark, name=each.name + mark) if mark else each


def _marks() -> Iterator[str]:
    yield ""
    yield from (f" — {number}" for number in count(2))


def _in_municipality(
    municipality: Municipality, places: list[Settlement], random: Random
) -> Iterator[Institution]:
    city = municipality.oktmo == CITY_OKTMO
    for recipe in RECIPES:
        for number in range(1, amount(recipe, municipality) + 1):
            # The first institution of a kind stands in the centre, the others anywhere in the municipality.
            place = places[0].name if number == 1 and not city else random.choice(places).name
            rural = municipality.kind == "district"
            short, full = _names(recipe.kind, place, number, rural, random)
            founder = recipe.city_founder if city else recipe.district_founder
            yield Institution(
                code=f"{recipe.kind}-{municipality.oktmo}-{number}",
                parent=founder or f"adm-{municipality.oktmo}",
                kind=recipe.kind,
                sphere=recipe.sphere,
                short_name=short,
                name=full,
                municipality=municipality.oktmo,
                place=place,
                exempt_because=_exemption(recipe.kind, random),
            )


@cache
def institutions(seed: int = SEED) -> tuple[Institution, ...]:
    """All invented institutions of the region, the same for the same seed."""
    random = Random(seed)
    found = [
        Institution(**row, municipality=CITY_OKTMO, place="Новосибирск", exempt_because="")
        for row in rows("single_institutions.csv")
    ]
    for municipality in municipalities():
        places = [place for place in settlements() if place.municipality == municipality.oktmo]
        found.extend(_in_municipality(municipality, places, random))
    return tuple(told_apart(found))
