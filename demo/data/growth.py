"""The rest of the region's organisations: schools, kindergartens, clubs, libraries, village councils, offices.

They come after those of `institutions.py`, so that codes, numbers and addresses of the first ones stay what they
were. Whom a recipe gives to whom follows the region's own order: schools belong to districts, clinics to the ministry.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from random import Random

from demo.data.institutions import (
    COLLEGE_NAMES,
    GARDEN_NAMES,
    HOUSE_NAMES,
    RECIPES,
    SCHOOL_NAMES,
    SPORT_NAMES,
    UTILITY_NAMES,
    Institution,
    amount,
    told_apart,
)
from demo.data.region import CITY_OKTMO, Municipality, Settlement, municipalities, settlements

SEED = 3200
STUDIO_NAMES = ("Радуга", "Мозаика", "Фантазия", "Созвучие", "Палитра", "Камертон", "Вдохновение", "Каприз")
CREATIVE_NAMES = ("Импульс", "Орион", "Ровесник", "Спутник", "Факел", "Алые паруса", "Искра", "Дружба")
PAPER_NAMES = ("Нива", "Заря", "Вестник", "Труд")
GYMNASIUM_NAMES = ("Гимназия", "Лицей")
EXEMPT_BASES = (
    "Капитальный ремонт здания, работа приостановлена",
    "Реорганизация: присоединяется к другому учреждению",
    "Сфера деятельности не связана с населением, согласовано с учредителем",
    "Нет устойчивой связи в населённом пункте, сведения публикует вышестоящая организация",
)
EXEMPT_SHARE = 0.022


@dataclass(frozen=True, slots=True)
class Recipe:
    """A kind of institution: residents for one in the cities and in the districts (0 is none), and its founder.

    `least` is how many even the smallest municipality has; a founder of "" is the administration.
    """

    kind: str
    sphere: str
    city: int
    rural: int
    least: int
    city_founder: str = ""
    district_founder: str = ""


GROWTH = (
    Recipe("school", "education", 8_500, 3_000, 3, "city-education"),
    Recipe("gymnasium", "education", 51_800, 0, 0, "city-education"),
    Recipe("kindergarten", "education", 7_600, 4_500, 2, "city-education"),
    Recipe("village_administration", "governance", 0, 3_300, 6),
    Recipe("culture_house", "culture", 74_100, 4_400, 4, "city-culture"),
    Recipe("library", "culture", 27_100, 4_800, 3, "city-culture"),
    Recipe("extra_education", "education", 49_400, 17_200, 1, "city-education"),
    Recipe("art_school", "culture", 59_200, 20_900, 1, "city-culture"),
    Recipe("sport", "sport", 49_400, 19_700, 1, "city-culture"),
    Recipe("polyclinic", "health", 46_900, 0, 0, "min-health", "min-health"),
    Recipe("hospital", "health", 86_400, 49_400, 1, "min-health", "min-health"),
    Recipe("dental", "health", 160_000, 0, 0, "min-health", "min-health"),
    Recipe("social", "social", 111_100, 32_100, 1, "city-social", "min-social"),
    Recipe("social_support", "social", 160_000, 74_100, 1, "min-social", "min-social"),
    Recipe("care_home", "social", 400_000, 74_100, 0, "min-social", "min-social"),
    Recipe("college", "education", 74_100, 49_400, 0, "min-education", "min-education"),
    Recipe("museum", "culture", 220_000, 37_000, 1, "city-culture"),
    Recipe("youth", "sport", 110_000, 41_900, 1, "city-culture"),
    Recipe("job_centre", "labour", 400_000, 74_100, 1, "min-social", "min-social"),
    Recipe("mfc", "digital", 200_000, 74_100, 1, "min-digital", "min-digital"),
    Recipe("registry_office", "social", 200_000, 74_100, 1, "upr-zags", "upr-zags"),
    Recipe("vet_station", "veterinary", 400_000, 74_100, 1, "upr-vet", "upr-vet"),
    Recipe("utility", "housing", 160_000, 37_000, 0, "city-housing"),
    Recipe("council", "governance", 2_000_000, 100_000, 1),
    Recipe("education_department", "education", 0, 100_000, 1),
    Recipe("archive", "culture", 2_000_000, 100_000, 1),
    Recipe("newspaper", "media", 0, 100_000, 1),
    Recipe("psych_center", "education", 300_000, 0, 0, "city-education"),
)  # fmt: skip
# Short and full pattern by kind; {n} is a number, {name} one of the names of the kind, {place} where it stands.
PATTERNS: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "gymnasium": ("{name} № {n} ({place})", "Муниципальное учреждение «{name} № {n}» ({place})", GYMNASIUM_NAMES),
    "extra_education": (
        "Дом творчества «{name}» ({place})", "Дом детского творчества «{name}» ({place})", CREATIVE_NAMES),
    "art_school": ("Школа искусств «{name}» ({place})", "Детская школа искусств «{name}» ({place})", STUDIO_NAMES),
    "polyclinic": ("Поликлиника № {n} ({place})", "Городская поликлиника № {n} ({place})", ()),
    "hospital": ("Больница № {n} ({place})", "Учреждение здравоохранения «Больница № {n}» ({place})", ()),
    "dental": ("Стоматология № {n} ({place})", "Стоматологическая поликлиника № {n} ({place})", ()),
    "social_support": (
        "Соцподдержка ({place})", "Центр социальной поддержки населения ({place})", ()),
    "care_home": ("Дом ветеранов «{name}» ({place})", "Дом-интернат для пожилых «{name}» ({place})", HOUSE_NAMES),
    "museum": ("Краеведческий музей ({place})", "Муниципальный краеведческий музей ({place})", ()),
    "youth": ("Молодёжный центр «{name}» ({place})", "Центр молодёжной политики «{name}» ({place})", CREATIVE_NAMES),
    "job_centre": ("Центр занятости ({place})", "Центр занятости населения ({place})", ()),
    "mfc": ("МФЦ ({place})", "Многофункциональный центр, филиал ({place})", ()),
    "registry_office": ("ЗАГС ({place})", "Отдел записи актов гражданского состояния ({place})", ()),
    "vet_station": ("Ветстанция ({place})", "Управление ветеринарии, станция ({place})", ()),
    "archive": ("Архив ({place})", "Муниципальный архив ({place})", ()),
    "newspaper": ("Газета «{name}» ({place})", "Редакция газеты «{name}» ({place})", PAPER_NAMES),
    "psych_center": ("Центр «{name}» ({place})", "Центр психологической помощи «{name}» ({place})", STUDIO_NAMES),
    "village_administration": ("{council} сельсовет", "Администрация {council_of} сельсовета", ()),
    "school": ("Школа № {n} ({place})", "Средняя общеобразовательная школа № {n} ({place})", SCHOOL_NAMES),
    "kindergarten": ("Детский сад № {n} «{name}» ({place})", "Детский сад № {n} «{name}» ({place})", GARDEN_NAMES),
    "library": ("Библиотека № {n} ({place})", "Библиотека № {n} ({place})", ()),
    "culture_house": ("ДК «{name}» ({place})", "Дом культуры «{name}» ({place})", HOUSE_NAMES),
    "sport": ("Спортшкола «{name}» ({place})", "Спортивная школа «{name}» ({place})", SPORT_NAMES),
    "social": ("Центр соцобслуживания № {n} ({place})", "Центр социального обслуживания № {n} ({place})", ()),
    "utility": ("МУП «{name}» ({place})", "Муниципальное унитарное предприятие «{name}» ({place})", UTILITY_NAMES),
    "college": ("Колледж № {n} ({place})", "{name} колледж № {n} ({place})", COLLEGE_NAMES),
    "council": ("Совет депутатов {genitive}", "Совет депутатов {genitive} Новосибирской области", ()),
    "education_department": (
        "Управление образования {genitive}", "Управление образования администрации {genitive}", ()),
}  # fmt: skip
# Rural schools and kindergartens go by a name, not by a number.
RURAL = {
    "school": ("Школа «{name}» ({place})", "Средняя общеобразовательная школа «{name}» ({place})"),
    "kindergarten": ("Детский сад «{name}» ({place})", "Детский сад «{name}» ({place})"),
    "library": ("Библиотека ({place})", "Сельская библиотека ({place})"),
    "culture_house": ("Клуб «{name}» ({place})", "Сельский дом культуры «{name}» ({place})"),
}
# From these numbers on no institution of the region bears them, as with the first ones.
FIRST_NUMBER = {
    "school": 300,
    "kindergarten": 600,
    "library": 70,
    "gymnasium": 250,
    "polyclinic": 70,
    "hospital": 80,
}
# What villages are called where the gazetteer knows too few: invented, and plainly so in a table of them.
VILLAGE_ROOTS = ("Берёз", "Сосн", "Лугов", "Озёр", "Камен", "Ключев", "Полев", "Степн", "Песчан", "Рябин", "Калин",
                 "Ивов", "Журавл", "Лебед", "Тополь", "Медвед", "Черёмух", "Зареч", "Верх", "Нижн")  # fmt: skip


def founded_before(municipality: Municipality, kind: str) -> int:
    """How many of the kind `institutions.py` has there already: numbers go on from it."""
    return sum(amount(each, municipality) for each in RECIPES if each.kind == kind)


def _wanted(recipe: Recipe, municipality: Municipality) -> int:
    per = recipe.rural if municipality.kind == "district" else recipe.city
    return max(recipe.least, round(municipality.population / per)) if per else 0


def village(index: int) -> str:
    """An invented name of a village: «Берёзовка», «Соснино», no two the same within a district."""
    root, ending = VILLAGE_ROOTS[index % len(VILLAGE_ROOTS)], ("овка", "ино", "ово", "ский")[index // 20 % 4]
    return f"{root}{ending}"


def adjective(village: str) -> str:
    """What a village council is called after: Новомихайловка → Новомихайловский, Убинское → Убинский."""
    stem = (
        village.rsplit(maxsplit=1)[-1]
        .removesuffix("ский")
        .removesuffix("ское")
        .removesuffix("ская")
        .rstrip("аеёиоуыэюяйь")
    )
    stem = stem[:-1] if stem.endswith("вк") else stem
    return f"{stem}инский" if stem[-1] in "жчшщцхкг" else f"{stem}ский"


def _place(kind: str, number: int, places: list[Settlement], city: bool, random: Random) -> str:
    if kind == "village_administration":
        known = [place.name for place in places[1:]]
        return known[number - 1] if number <= len(known) else village(number + len(known))
    if not city and random.random() < 0.35 and len(places) < 14:
        return village(random.randint(0, 79))
    return places[0].name if number == 1 and not city else random.choice(places).name


def _named(
    recipe: Recipe, municipality: Municipality, number: int, place: str, random: Random
) -> tuple[str, str]:
    short, full, names = PATTERNS[recipe.kind]
    if municipality.kind == "district" and recipe.kind in RURAL:
        short, full = RURAL[recipe.kind]
    slots = {
        "n": FIRST_NUMBER.get(recipe.kind, 0) + number,
        "name": random.choice(names) if names else "",
        "place": place,
        "genitive": municipality.genitive,
        "council": adjective(place),
        "council_of": f"{adjective(place)[:-2]}ого",
    }
    found = full.format(**slots)
    return short.format(**slots), found[0].upper() + found[1:]


def _in_municipality(
    municipality: Municipality, places: list[Settlement], random: Random
) -> Iterator[Institution]:
    city = municipality.oktmo == CITY_OKTMO
    for recipe in GROWTH:
        before = founded_before(municipality, recipe.kind)
        for number in range(before + 1, before + _wanted(recipe, municipality) + 1):
            place = _place(recipe.kind, number, places, city, random)
            short, full = _named(recipe, municipality, number, place, random)
            founder = recipe.city_founder if city else recipe.district_founder
            exempt = random.choice(EXEMPT_BASES) if random.random() < EXEMPT_SHARE else ""
            yield Institution(
                code=f"{recipe.kind}-{municipality.oktmo}-{number}",
                parent=founder or f"adm-{municipality.oktmo}",
                kind=recipe.kind,
                sphere=recipe.sphere,
                short_name=short,
                name=full,
                municipality=municipality.oktmo,
                place=place,
                exempt_because=exempt,
            )


@cache
def grown(taken: frozenset[str], seed: int = SEED) -> tuple[Institution, ...]:
    """All further institutions, told apart from those whose short names are taken; the same for the same seed."""
    random = Random(seed)
    found: list[Institution] = []
    for municipality in municipalities():
        places = [place for place in settlements() if place.municipality == municipality.oktmo]
        found.extend(_in_municipality(municipality, places, random))
    return tuple(told_apart(found, taken))
