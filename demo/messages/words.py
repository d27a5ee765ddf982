"""Places, streets and phrases in the form a sentence needs."""

import re
from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache
from random import Random

from demo.data.region import Settlement, settlements, streets
from demo.messages.people import DAUGHTERS, SONS, Resident

MONTHS = (
    "январь", "февраль", "март", "апрель", "май", "июнь",
    "июль", "август", "сентябрь", "октябрь", "ноябрь", "декабрь",
)  # fmt: skip
MONTHS_OF = (
    "января", "февраля", "марта", "апреля", "мая", "июня",
    "июля", "августа", "сентября", "октября", "ноября", "декабря",
)  # fmt: skip
SPANS = (
    "второй день",
    "третий день",
    "пятый день",
    "неделю",
    "вторую неделю",
    "четвёртые сутки",
    "десятый день",
)
STOPS = (
    "Школа",
    "Поликлиника",
    "Магазин",
    "Почта",
    "Вокзал",
    "Садовая",
    "Рынок",
    "Стадион",
    "Больница",
    "Мост",
)
_ENDINGS = (
    (r"(ые|ие)$", r"ых"), (r"(ое|ее)$", "ом"), (r"(ый|ий|ой)$", "ом"), (r"ы$", "ах"),
    (r"(?<=[кчшгх])и$", "ах"), (r"(?<=[ую])ль$", "ле"), (r"ая$", "ой"), (r"ия$", "ии"), (r"[ая]$", "е"),
    (r"й$", "е"), (r"ь$", "и"), (r"(?<=[бвгджзклмнпрстфхцчшщ])$", "е"),
)  # fmt: skip
TOWNS = frozenset({"г.", "р.п.", "район города", "мкр."})
QUARTERS = {
    "Академгородок": "в Академгородке", "Пашино": "в Пашино", "Затулинка": "на Затулинке",
    "Родники": "на Родниках", "Снегири": "на Снегирях", "ОбьГЭС": "на ОбьГЭС",
    "Плющихинский": "на Плющихинском", "Стрижи": "на Стрижах", "Чистая Слобода": "в Чистой Слободе",
    "Станиславский": "на Станиславском", "Расточка": "на Расточке",
    "Гусинобродский": "на Гусинобродском", "Шлюз": "на Шлюзе", "Нижняя Ельцовка": "в Нижней Ельцовке",
}  # fmt: skip
# How people call their own settlement: of it, behind it.
OURS = {
    "г.": ("города", "городом"), "р.п.": ("посёлка", "посёлком"), "п.": ("посёлка", "посёлком"),
    "с.": ("нашего села", "нашим селом"), "д.": ("деревни", "деревней"), "ст.": ("станции", "станцией"),
    "район города": ("нашего района", "нашим районом"), "мкр.": ("микрорайона", "микрорайоном"),
}  # fmt: skip
IRREGULAR = {
    "Хорошее": "Хорошем", "Казачий Мыс": "Казачьем Мысе", "Нижний Чулым": "Нижнем Чулыме",
    "Орехов Лог": "Ореховом Логе",
}  # fmt: skip


def locative(name: str) -> str:
    """The place after «в»: Бердск → Бердске, Колывань → Колывани, Чаны → Чанах; Ярково stays."""
    if name in IRREGULAR:
        return IRREGULAR[name]
    *first, last = name.split(" ")
    for pattern, ending in _ENDINGS:
        if re.search(pattern, last):
            last = re.sub(pattern, ending, last)
            break
    return " ".join([*(_adjective(word, last) for word in first), last])


def _adjective(word: str, noun: str) -> str:
    if word.endswith(("ый", "ий", "ой")):
        return f"{word[:-2]}ом"
    if word.endswith("ая") or (word.endswith("а") and noun.endswith("е")):
        return f"{word[:-2]}ой" if word.endswith("ая") else f"{word[:-1]}ой"
    return f"{word[:-2]}ых" if word.endswith("ые") else word


@cache
def _places(municipality: str) -> tuple[tuple[Settlement, ...], tuple[int, ...]]:
    found = tuple(place for place in settlements() if place.municipality == municipality)
    # Villages without a known population still write now and then.
    return found, tuple(place.population or 500 for place in found)


def pick_place(municipality: str, random: Random, *, village: bool = False) -> Settlement:
    """A settlement of the municipality, the larger the likelier; with `village` not its town."""
    found, weights = _places(municipality)
    if village and any(place.kind not in TOWNS for place in found):
        weights = tuple(0 if place.kind in TOWNS else 1 for place in found)
    return random.choices(found, weights)[0]


def _bare(street: str) -> str:
    return re.sub(r"^(ул\.|пер\.|проспект) | проспект$", "", street)


def _house(random: Random) -> str:
    number = str(random.randint(1, 180 if random.random() < 0.4 else 60))
    return number + random.choices(("", "а", "/1", " к2"), (85, 8, 5, 2))[0]


def _day(day: date) -> str:
    return f"{day.day} {MONTHS_OF[day.month - 1]}"


def slots_for(
    *, municipality: str, place: Settlement | None, author: Resident, today: date, random: Random
) -> Mapping[str, str]:
    """A value for every slot a template may have; private details are visibly invented (000 in a number)."""
    where = place or pick_place(municipality, random)
    street, other = random.sample(streets(municipality), 2)
    quarter = where.kind in {"район города", "мкр."}
    here = QUARTERS.get(where.name) or f"в {locative(where.name)}"
    genitive, instrumental = OURS[where.kind]
    return {
        "place": f"Новосибирск, {where.name}" if quarter else where.full_name,
        "in": here,
        "In": here[0].upper() + here[1:],
        "ourgen": genitive,
        "ourins": instrumental,
        "street": street,
        "street2": other,
        "bare": _bare(street),
        "bare2": _bare(other),
        "house": _house(random),
        "house2": _house(random),
        "flat": str(random.randint(1, 120)),
        "route": str(random.randint(1, 98)),
        "stop": random.choice(STOPS),
        "time": f"{random.randint(6, 22)}:{random.choice(('00', '10', '15', '20', '30', '40', '45'))}",
        "days": random.choice(SPANS),
        "date": _day(today - timedelta(days=random.randint(3, 40))),
        "soon": _day(today + timedelta(days=random.randint(2, 14))),
        "month": MONTHS[today.month - 1],
        "n": str(random.randint(7, 240)),
        "age": str(random.randint(41, 84)),
        "age2": str(random.randint(76, 91)),
        "son": random.choice(SONS),
        "daughter": random.choice(DAUGHTERS),
        "few": str(random.randint(6, 14)),
        "name": author.full_name,
        "phone": f"8-9{random.randint(10, 99)}-000-{random.randint(10, 99)}-{random.randint(10, 99)}",
    }
