"""The tree of organisations and their official pages, put together from facts and inventions."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from random import Random

from demo.data.growth import grown
from demo.data.institutions import Institution, institutions
from demo.data.region import CITY_OKTMO, Authority, Municipality, authorities, municipalities

# VK gives out numbers in order of birth; the demonstration takes a block no real community is likely to show.
FIRST_GROUP_ID = 954_000_001
UTILITY_KINDS = {"utility", "waste_operator", "carrier", "road_office", "capital_repair"}
MUNICIPAL_KINDS = {"village_administration", "council", "education_department"}
LATIN = {
    "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ё": "e", "ж": "zh", "з": "z", "и": "i",
    "й": "y", "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t",
    "у": "u", "ф": "f", "х": "h", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "sch", "ъ": "", "ы": "y",
    "ь": "", "э": "e", "ю": "yu", "я": "ya",
}  # fmt: skip
ABOUT = {
    "education": "Новости, расписание, питание, приём документов. Пишите в комментариях и в сообщениях.",
    "health": "Приём, вакцинация, вызов врача. Не пишите здесь диагнозы: для этого есть сообщения страницы.",
    "culture": "Афиша, кружки, конкурсы.",
    "sport": "Секции, соревнования, запись детей.",
    "social": "Меры поддержки, надомное обслуживание, консультации.",
    "housing": "Плановые отключения, ремонт, приём показаний, ответы на вопросы жителей.",
    "transport": "Дороги, автобусы, уборка снега, перекрытия.",
}
MARK = "Учебная страница демонстрации «Отклика»."
ABOUT_DEFAULT = "Новости, объявления и ответы на вопросы жителей."


@dataclass(frozen=True, slots=True)
class Body:
    """One organisation of the tree; `parent` is a code, empty only for the government of the region.

    `has_page` is False for those freed from keeping an official page, `exempt_because` then says why.
    """

    code: str
    parent: str
    level: str
    type: str
    sphere: str
    short_name: str
    name: str
    municipality: str
    place: str
    exempt_because: str = ""

    @property
    def has_page(self) -> bool:
        """Whether the organisation keeps an official page."""
        return not self.exempt_because


@dataclass(frozen=True, slots=True)
class Page:
    """An official page in the simulated network; `kind` says what residents come to it with."""

    body: Body
    group_id: int
    screen_name: str
    title: str
    description: str
    members: int

    @property
    def kind(self) -> str:
        """The kind of body behind the page: «school», «administration», «ministry»…"""
        return self.body.type


def transliterate(text: str) -> str:
    """Lower-case Latin letters and digits joined by underscores, as in short addresses of communities."""
    raw = "".join(
        LATIN.get(letter, letter if letter.isascii() and letter.isalnum() else "_") for letter in text.lower()
    )
    return "_".join(part for part in raw.split("_") if part)


def _administration(municipality: Municipality) -> Body:
    city = municipality.oktmo == CITY_OKTMO
    label = "Мэрия города Новосибирска" if city else f"Администрация {municipality.genitive}"
    return Body(
        code=f"adm-{municipality.oktmo}",
        parent="government",
        level="municipal",
        type="administration",
        sphere="governance",
        short_name="Мэрия Новосибирска" if city else label.replace("города ", ""),
        name=f"{label} Новосибирской области" if not city else label,
        municipality=municipality.oktmo,
        place=municipality.centre,
    )


def _authority(authority: Authority) -> Body:
    city = authority.level == "municipal"
    kind = {"government": "government", "rmc": "rmc"}.get(
        authority.code, "department" if city else "ministry"
    )
    if authority.code.startswith("district-"):
        kind = "city_district"
    return Body(
        code=authority.code,
        parent=authority.parent,
        level=authority.level,
        type=kind,
        sphere=authority.sphere,
        short_name=authority.short_name,
        name=authority.name,
        municipality=CITY_OKTMO if city else "",
        place="Новосибирск",
    )


@cache
def bodies() -> tuple[Body, ...]:
    """The authorities and the institutions whose pages are connected, every parent before its children."""
    upper = [_authority(each) for each in authorities()]
    tree = [body for body in upper if body.level != "municipal"]
    tree += [_administration(each) for each in municipalities()]
    tree += [body for body in upper if body.level == "municipal"]
    return (*tree, *map(_institution, institutions()))


@cache
def further_bodies() -> tuple[Body, ...]:
    """The organisations that make the region as large as it is; they come after `bodies()`, parents are among those."""
    taken = frozenset(body.short_name for body in bodies())
    return tuple(_institution(each) for each in grown(taken))


@cache
def all_bodies() -> tuple[Body, ...]:
    """Everybody in the register, every parent before its children."""
    return (*bodies(), *further_bodies())


def _institution(each: Institution) -> Body:
    municipal = each.kind in MUNICIPAL_KINDS
    level = "utility" if each.kind in UTILITY_KINDS else "municipal" if municipal else "institution"
    return Body(
        code=each.code,
        parent=each.parent,
        level=level,
        type=each.kind,
        sphere=each.sphere,
        short_name=each.short_name,
        name=each.name,
        municipality=each.municipality,
        place=each.place,
        exempt_because=each.exempt_because,
    )


def screen_name(body: Body) -> str:
    """The short address of the body's community."""
    if body.type == "administration":
        return f"adm_{transliterate(body.place)}_{body.municipality[2:5]}_demo"
    stem, _, number = body.code.partition("-")
    if body.level in {"regional", "center"} or body.code.startswith(("city-", "district-", "region-")):
        return f"{transliterate(body.code)}_nso_demo"
    return f"{stem}{number.rpartition('-')[2]}_{transliterate(body.place)}_{body.municipality[2:5]}_demo"


def _pages() -> Iterator[Page]:
    random = Random(7)
    population = {each.oktmo: each.population for each in municipalities()}
    for index, body in enumerate(body for body in bodies() if body.has_page):
        audience = {"regional": 12_000, "municipal": 9_000, "center": 20_000}.get(body.level, 700)
        if body.type == "administration":
            audience = population[body.municipality] // 8
        yield Page(
            body=body,
            group_id=FIRST_GROUP_ID + index,
            screen_name=screen_name(body),
            title=body.short_name,
            description=f"{body.name}. {ABOUT.get(body.sphere, ABOUT_DEFAULT)} {MARK}",
            members=int(audience * random.uniform(0.4, 2.2)),
        )


@cache
def pages() -> tuple[Page, ...]:
    """The connected official pages, the same numbers and addresses at every start."""
    return tuple(_pages())
