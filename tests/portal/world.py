"""A region of two municipalities with a ministry, schools, a library, a fake, made by the product's own verbs."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from otklik.registry.models import LookalikePage, Municipality, OfficialPage, Organization
from otklik.registry.operations import searching
from tests import cast

SQUARE = {"type": "Polygon", "coordinates": [[[80, 54], [84, 54], [84, 56], [80, 56], [80, 54]]]}
BESIDE = {"type": "Polygon", "coordinates": [[[84, 54], [88, 54], [88, 56], [84, 56], [84, 54]]]}
CONFIRMED = {
    "badge_status": "confirmed", "badge_type": "gosorg", "badge_confirmed_at": date(2025, 3, 12),
}  # fmt: skip


@dataclass
class Catalogue:
    """What the tests ask for by name."""

    city: Municipality
    village: Municipality
    ministry: Organization
    school: Organization
    library: Organization
    silent: Organization
    official: OfficialPage
    telegram: OfficialPage
    minister: OfficialPage
    of_school: OfficialPage
    of_library: OfficialPage
    fake: LookalikePage


def build(**region: Any) -> Catalogue:
    """The region and its catalogue."""
    cast.region(**region)
    return furnish()


def furnish() -> Catalogue:
    """The catalogue in a region that is there, with its search index."""
    city = cast.municipality(name="Город Лунинск", short_name="Лунинск", kind="city", shape=SQUARE)
    village = cast.municipality(name="Северский район", short_name="Северский район", shape=BESIDE)
    ministry = cast.body(
        "Министерство образования Сибирской области", short_name="Минобр Сибирской области",
        spheres=["education"], address="Лунинск, проспект Мира, 1", phone="+7 (383) 200-00-00",
        email="office@minobr.example", site_url="https://minobr.example", ogrn="1025402451458", latitude=55.03,
        longitude=82.92,
    )  # fmt: skip
    school = _school(city, ministry, "Средняя школа № 14 города Лунинска", "Школа № 14, Лунинск")
    silent = _school(village, ministry, "Средняя школа села Тихого", "Школа, село Тихое")
    library = cast.body(
        "Районная библиотека Северского района", short_name="Библиотека, Северский район", level="institution",
        type="library", spheres=["culture"], municipality=village,
    )  # fmt: skip
    made = Catalogue(
        city, village, ministry, school, library, silent,
        official=cast.page(ministry, external_id=501, screen_name="minobr_so", title="Минобр", followers=21_400,
                           url="https://vk.com/minobr_so", **CONFIRMED),
        telegram=cast.page(ministry, network="telegram", external_id=-100501, screen_name="minobr_so",
                           title="Минобр в Телеграме", url="https://t.me/minobr_so", followers=3_000),
        minister=cast.page(ministry, external_id="id77", kind="personal", person_name="Ирина Соколова",
                           person_position="министр", title="Ирина Соколова", url="https://vk.com/id77",
                           followers=900),
        of_school=cast.page(school, external_id=502, title="Школа № 14", followers=310, badge_status="requested"),
        of_library=cast.page(library, external_id=503, screen_name="lib_seversk", title="Библиотека",
                             url="https://vk.com/lib_seversk", followers=120),
        fake=_fake(ministry),
    )  # fmt: skip
    searching.rebuild(now=cast.NOW)
    return made


def _school(of: Municipality, parent: Organization, name: str, short_name: str) -> Organization:
    return cast.body(
        name, short_name=short_name, level="institution", type="school", spheres=["education"], municipality=of,
        parent=parent,
    )  # fmt: skip


def _fake(of: Organization) -> LookalikePage:
    return LookalikePage.objects.create(
        network="vk", external_id="666", screen_name="minobr_s0", title="Минобр СО", url="https://vk.com/minobr_s0",
        state="fake", resembles=of, found_at=cast.NOW, seen_at=cast.NOW,
    )  # fmt: skip


def crowd(of: Municipality, number: int) -> list[Organization]:
    """So many more schools with a page each, to see that a list does not ask for each of them."""
    made = [
        _school(of, cast.body(), f"Гимназия № {n} имени Пирогова", f"Гимназия № {n}") for n in range(number)
    ]
    for each in made:
        cast.page(each, followers=50)
    searching.refresh(organization_ids=[each.pk for each in made], now=cast.NOW)
    return made
