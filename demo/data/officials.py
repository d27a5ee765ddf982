"""Own pages of heads of municipalities: invented people on the places of real offices."""

from dataclasses import dataclass
from datetime import date
from functools import cache
from random import Random

from demo.data.pages import Body, all_bodies, transliterate
from demo.data.presence import opened_day
from demo.data.region import CITY_OKTMO, municipalities


@dataclass(frozen=True, slots=True)
class Official:
    """The own page of a head of a municipality; the person is invented."""

    body: Body
    name: str
    position: str
    number: str
    screen_name: str
    members: int
    opened_on: date


SURNAMES = (
    "Воробьёв", "Щеглов", "Медведев", "Сычёв", "Галкин", "Рябинин", "Тополев", "Озеров", "Луговой", "Ключевской",
    "Полевой", "Степной", "Снегирёв", "Журавлёв", "Чайкин", "Соснин", "Берёзкин",
)  # fmt: skip
GIVEN = (
    "Андрей Петрович",
    "Виктор Иванович",
    "Сергей Олегович",
    "Николай Ильич",
    "Павел Андреевич",
    "Юрий Борисович",
)
FIRST_PERSON_ID = 954_020_001


@cache
def officials(today: date) -> tuple[Official, ...]:
    """Personal pages of heads of municipalities: most of them have one."""
    found = []
    for index, each in enumerate(municipalities()):
        random = Random(f"head {each.oktmo}")
        body = next(body for body in all_bodies() if body.code == f"adm-{each.oktmo}")
        if random.random() < 0.8 or each.oktmo == CITY_OKTMO:
            place = transliterate(each.short_name)[:24]
            found.append(
                Official(
                    body=body,
                    name=f"{SURNAMES[index % len(SURNAMES)]} {GIVEN[index % len(GIVEN)]}",
                    position=f"Глава {each.genitive}",
                    number=str(FIRST_PERSON_ID + index),
                    screen_name=f"glava_{place}_demo",
                    members=int(each.population * random.uniform(0.02, 0.07)),
                    opened_on=opened_day(random, today),
                )
            )
    return tuple(found)
