"""Bodies and institutions of each place, named as real ones are; numbers and dedications are invented."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from bench.country.names import (
    CLUBS,
    DEDICATED,
    DEPARTMENTS,
    FIRMS,
    FIRST,
    HALLS,
    KINDERGARTENS,
    LAST,
    MINISTRIES,
    SECOND,
    TRADES,
)
from bench.country.places import (
    Municipality,
    Settlement,
    adjective_genitive,
    feminine,
    genitive,
    masculine,
    municipalities,
    region_genitive,
)


@dataclass(slots=True)
class Body:
    """An organisation of the invented country. `code` is the key by which a query names what it expects."""

    code: str
    parent: str
    level: str
    type: str
    sphere: str
    name: str
    short_name: str
    municipality: tuple[str, str] | None
    settlement: str
    followers: int
    # A personal page of its head: (name, position).
    head: tuple[str, str] | None = None


class Maker:
    """Gives out the bodies of one region after another; all chance comes from one seed."""

    def __init__(self, seed: int) -> None:
        self.rng = Random(seed)

    def body(self, place: tuple[str, str, str], kind: str, sphere: str, name: str, **more: str) -> Body:
        """`place` is (region, municipality, what the code names); `more`: code, short, parent, level, settlement."""
        region, municipality, where = place
        code = f"{kind}|{more.get('number', '')}|{where}|{region}"
        return Body(code, more.get("parent", ""), more.get("level", "institution"), kind, sphere, name,
                    more.get("short", "") or name[:120], (region, municipality) if municipality else None,
                    more.get("settlement", ""), int(self.rng.paretovariate(1.1) * 150))  # fmt: skip

    def head(self, position: str) -> tuple[str, str]:
        """An invented person."""
        pick = self.rng.choice
        return f"{pick(LAST)} {pick(FIRST)} {pick(SECOND)}", position

    def region(self, region: str) -> Iterator[Body]:
        """Government, its ministries and the institutions every region has one of."""
        of, here = region_genitive(region), (region, "", region)
        top = f"government||{region}|{region}"
        government = self.body(here, "government", "governance", f"Правительство {of}", level="regional")
        title = "Глава" if "Республика" in region else "Губернатор" if region != "Москва" else "Мэр"
        government.head = self.head(f"{title} {of}")
        yield government
        word = DEPARTMENTS.get(region, "Министерство")
        for code, rest, sphere in MINISTRIES:
            yield self.body(
                here, f"ministry-{code}", sphere, f"{word} {rest} {of}", parent=top, level="regional"
            )
        for kind, sphere, name in (
            ("hospital", "health", f"ГБУЗ «Областная клиническая больница» {of}"),
            ("theatre", "culture", f"Государственный драматический театр {of}"),
            ("museum", "culture", f"Государственный краеведческий музей {of}"),
            ("library", "culture", f"Государственная научная библиотека {of}"),
            ("philharmonic", "culture", f"Государственная филармония {of}"),
            (
                "capital_repair",
                "housing",
                f"Фонд модернизации и капитального ремонта многоквартирных домов {of}",
            ),
            ("emergency", "health", f"Центр скорой медицинской помощи и медицины катастроф {of}"),
            ("rmc", "governance", f"Центр управления регионом {of}"),
        ):
            yield self.body(here, kind, sphere, name, parent=top)

    def municipality(self, home: Municipality) -> Iterator[Body]:
        """The administration, what it runs and the branches of the region in it."""
        region, of = home.region, home.genitive if not home.is_city else f"города {home.genitive}"
        here = (region, home.name, home.name)
        up = f"administration||{home.name}|{region}"
        ministry = f"{{}}||{region}|{region}".format
        seat = home.name if home.is_city else next((each.name for each in home.settlements if each.name), "")
        head = self.body(here, "administration", "governance", f"Администрация {of} {region_genitive(region)}",
                         parent=ministry("government"), level="municipal", short=f"Администрация {of}")  # fmt: skip
        head.head = self.head(f"Глава {of}")
        yield head
        for kind, sphere, name, parent in (
            ("education_board", "education", f"Управление образования администрации {of}", up),
            ("culture_board", "culture", f"Отдел культуры и молодёжной политики администрации {of}", up),
            ("social_board", "social", f"Управление социальной защиты населения {of}", ministry("ministry-social")),
            ("social", "social", f"ГБУ «Комплексный центр социального обслуживания населения» {of}",
             ministry("ministry-social")),
            ("job_centre", "social", f"Центр занятости населения {of}", ministry("ministry-social")),
            ("mfc", "digital", "Многофункциональный центр предоставления государственных и муниципальных услуг "
             f"{of}", ministry("ministry-digital")),
            ("emergency_desk", "safety", f"МКУ «Единая дежурно-диспетчерская служба» {of}", up),
            ("central_library", "culture", f"МБУК «Централизованная библиотечная система» {of}", up),
            ("museum", "culture", f"МБУК «Краеведческий музей» {of}", up),
            ("art_school", "culture", f"МБУ ДО «Детская школа искусств» {of}", up),
            ("youth_house", "education", f"МБУ ДО «Дом детского творчества» {of}", up),
            ("sport", "sport", f"МБУ «Спортивная школа «{self.rng.choice(CLUBS)}» {of}", up),
            ("veterinary", "veterinary", f"Управление ветеринарии {of}", up),
        ):  # fmt: skip
            yield self.body(here, kind, sphere, name, parent=parent, settlement=seat)
        yield from self._hospital(home, of, seat)
        for district in home.districts if home.is_city else ():
            yield self.body((region, home.name, f"{district}, {home.name}"), "city_district", "governance",
                            f"Администрация {adjective_genitive(district)}а {of}", parent=up,
                            level="municipal", settlement=home.name)  # fmt: skip
        if home.is_city:
            yield from self._town(home, Settlement(home.name, "", "", home.population, True), up)
        for place in home.settlements:
            yield from self._town(home, place, up) if place.is_city else self._village(home, place, up)

    def _hospital(self, home: Municipality, of: str, seat: str) -> Iterator[Body]:
        here, parent = (home.region, home.name, home.name), f"ministry-health||{home.region}|{home.region}"
        if home.is_city:
            name = f"ГБУЗ «Центральная городская больница» {of}"
        else:
            name = f"ГБУЗ «{feminine(home.name.rpartition(' ')[0])} центральная районная больница»"
        yield self.body(here, "clinic", "health", name, parent=parent, settlement=seat)

    def _town(self, home: Municipality, place: Settlement, up: str) -> Iterator[Body]:
        """A town has numbered schools, kindergartens and clinics, as many as its people need."""
        of, here = genitive(place.name), (home.region, home.name, place.name)
        at = {"parent": up, "settlement": place.name}
        if place.name != home.name:
            yield self.body((home.region, home.name, f"{place.name}, {home.name}"), "settlement", "governance",
                            f"Администрация города {of} {home.genitive}", level="municipal", **at)  # fmt: skip
        for number in range(1, place.population // 9_000 + 2):
            yield self.body(here, "school", "education", self._school(number, of), number=str(number), **at)
        for number in range(1, place.population // 6_000 + 2):
            yield self.body(here, "kindergarten", "education", self._kindergarten(number, of),
                            number=str(number), **at)  # fmt: skip
        for number in range(1, place.population // 40_000 + 1):
            yield self.body(here, "polyclinic", "health", f"ГБУЗ «Городская поликлиника № {number}» города {of}",
                            number=str(number), **at)  # fmt: skip
            name = f"МБУДО «Детская музыкальная школа № {number}» г. {of}"
            yield self.body(here, "music_school", "culture", name, number=str(number), **at)
        for number, hall in enumerate(HALLS[: place.population // 30_000 + 1]):
            yield self.body(here, "culture_house", "culture", f"МБУК «Дом культуры «{hall}» города {of}",
                            number=hall, **at)  # fmt: skip
            yield self.body(here, "utility", "housing",
                            f"ООО «Управляющая компания «{FIRMS[number % len(FIRMS)]}» (г. {place.name})",
                            number=FIRMS[number % len(FIRMS)], level="utility", **at)  # fmt: skip
        for trade in TRADES[: place.population // 50_000]:
            yield self.body(here, "college", "education", f"{trade.capitalize()} колледж города {of}",
                            number=trade, **at)  # fmt: skip

    def _school(self, number: int, of: str) -> str:
        if number % 9 == 0:
            return f"Муниципальное автономное общеобразовательное учреждение «Лицей № {number}» города {of}"
        if number % 11 == 0:
            return f"МБОУ «Гимназия № {number}» города {of}"
        dedicated = f" {self.rng.choice(DEDICATED)}" if number % 5 == 0 else ""
        return self.rng.choice((
            f"МБОУ «Средняя общеобразовательная школа № {number}{dedicated}» города {of}",
            f"МБОУ СОШ № {number}{dedicated} г. {of}",
            f"МАОУ «СОШ №{number}{dedicated}» г. {of}",
            f"Муниципальное бюджетное общеобразовательное учреждение «Средняя школа № {number}{dedicated}» города {of}",
        ))  # fmt: skip

    def _kindergarten(self, number: int, of: str) -> str:
        pet = self.rng.choice(KINDERGARTENS)
        return self.rng.choice((
            f"МБДОУ «Детский сад № {number} «{pet}» города {of}",
            f"МАДОУ «Центр развития ребёнка — детский сад № {number} «{pet}» г. {of}",
            f"Муниципальное бюджетное дошкольное образовательное учреждение «Детский сад комбинированного вида "
            f"№ {number}» города {of}",
            f"МДОУ д/с № {number} «{pet}» г. {of}",
        ))  # fmt: skip

    def _village(self, home: Municipality, place: Settlement, up: str) -> Iterator[Body]:
        """A village has one of each, called by its adjective or by its name."""
        where = place.name or place.adjective
        here, at = (home.region, home.name, f"{where}, {home.name}"), {"parent": up, "settlement": place.name}
        if place.adjective:
            of = f"{adjective_genitive(place.adjective)} {place.unit}"
            she, he, tail = feminine(place.adjective), masculine(place.adjective), f" {home.genitive}"
        else:
            of = f"сельского поселения {place.name}"
            she, he, tail = "", "", f" села {genitive(place.name)} {home.genitive}"
        rural = ("settlement", "governance", f"Администрация {of} {home.genitive}", "municipal")
        yield self.body(here, *rural[:3], level=rural[3], **at)
        names = [("school", "education", f"МКОУ «{she} средняя общеобразовательная школа»{tail}"),
                 ("kindergarten", "education", f"МКДОУ «{he} детский сад «{self.rng.choice(KINDERGARTENS)}»{tail}"),
                 ("culture_house", "culture", f"МКУК «{he} сельский дом культуры»{tail}"),
                 ("library", "culture", f"{she} сельская библиотека{tail}"),
                 ("clinic", "health", f"{she} врачебная амбулатория{tail}")]  # fmt: skip
        for kind, sphere, name in names:
            tidy = name.replace("« ", "«").strip()
            if not place.adjective:
                tidy = re.sub(r"(^|«)([а-я])", lambda found: found[1] + found[2].upper(), tidy)
            yield self.body(here, kind, sphere, tidy, **at)


def regional_share(bodies: list[Body], *regions: str) -> list[Body]:
    """Only the bodies of these regions: a small country for tries."""
    return [each for each in bodies if each.code.rpartition("|")[2] in regions]


def country(size: int = 150_000, seed: int = 20) -> list[Body]:
    """`size` bodies, parents before children; what is over the size is left out among the institutions of villages."""
    maker, made, seen = Maker(seed), [], set()
    homes = municipalities()
    for region in sorted({home.region for home in homes}):
        rows = [*maker.region(region)]
        for home in homes:
            if home.region == region:
                rows += maker.municipality(home)
        for each in rows:
            if each.code not in seen:
                seen.add(each.code)
                made.append(each)
    spare = [n for n, each in enumerate(made) if each.level == "institution" and ", " in each.code]
    dropped = set(Random(seed).sample(spare, max(0, min(len(spare), len(made) - size))))
    return [each for n, each in enumerate(made) if n not in dropped]
