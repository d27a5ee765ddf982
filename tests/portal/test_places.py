"""The map, everything official of a municipality, collections."""

import re

import pytest
from django.core.cache import cache
from django.test import Client

from otklik.portal import catalogue, mapping
from otklik.registry.models import Collection, Municipality, OrganizationType, Sphere
from otklik.registry.operations.reference import shipped
from tests import cast
from tests.portal.test_looking import said
from tests.portal.world import BESIDE, SQUARE, Catalogue


def test_the_map_draws_each_municipality_as_a_link_with_its_name(client: Client, world: Catalogue) -> None:
    text = said(client, "/places/")
    for place in (world.city, world.village):
        assert f'href="/places/{place.oktmo}"' in text
        assert f"<title>{place.short_name}</title>" in text
    assert "Карта схематичная" in text
    Municipality.objects.update(shape_is_schematic=False)
    cache.clear()
    assert "Карта схематичная" not in said(client, "/places/")


def test_a_region_without_outlines_has_the_list(client: Client, world: Catalogue) -> None:
    Municipality.objects.update(shape=None)
    text = said(client, "/places/")
    assert "<svg viewBox" not in text
    assert world.village.short_name in text


def test_outlines_keep_their_proportions() -> None:
    drawn = mapping.draw([("1", "Запад", SQUARE), ("2", "Восток", BESIDE)])
    assert drawn is not None
    # 8° × 2° at 55° north: a degree of longitude is 0.57 of one of latitude.
    assert drawn.width == mapping.WIDTH
    assert drawn.height == pytest.approx(984 * 2 / (8 * 0.5736) + 16, abs=2)
    west, east = drawn.outlines
    assert west.x < east.x
    assert west.y == east.y
    assert (west.label, re.findall(r"[MLZ]", west.path)) == ("Запад", ["M", "L", "L", "L", "L", "Z"])


def test_a_name_that_does_not_fit_is_left_to_the_list() -> None:
    tiny = {"type": "Polygon", "coordinates": [[[80, 54], [80.01, 54], [80.01, 54.01], [80, 54]]]}
    island = {"type": "MultiPolygon", "coordinates": [tiny["coordinates"], SQUARE["coordinates"]]}
    drawn = mapping.draw(
        [("1", "Посёлок", tiny), ("2", "Острова", island), ("3", "Точка", {"type": "Point"})]
    )
    assert drawn is not None
    assert [(each.key, each.label) for each in drawn.outlines] == [("1", ""), ("2", "Острова")]
    assert mapping.draw([]) is None


def test_everything_official_of_a_municipality_by_sphere(client: Client, world: Catalogue) -> None:
    text = said(client, f"/places/{world.village.oktmo}")
    assert "Всё официальное: Северский район" in text
    assert "Библиотека, Северский район" in text
    assert "Школа № 14" not in text
    assert "Ещё 1 организация пока не завела официальную страницу" in text
    assert client.get("/places/00000000").status_code == 404


def test_a_municipality_shows_a_few_of_each_sphere_and_the_way_to_all(
    client: Client, world: Catalogue
) -> None:
    for number in range(8):
        school = cast.body(
            f"Лицей № {number}", level="institution", type="school", spheres=["education"], municipality=world.city
        )  # fmt: skip
        cast.page(school, followers=1000 - number)
    text = said(client, f"/places/{world.city.oktmo}")
    assert text.count("Лицей №") == 5
    assert f"/search?place={world.city.oktmo}&amp;sphere=education" in text
    assert "Все в этой сфере: 9" in text


def test_shipped_collections_name_only_what_the_register_knows(db: None) -> None:
    types = set(OrganizationType.objects.values_list("code", flat=True))
    spheres = set(Sphere.objects.values_list("code", flat=True))
    assert Collection.objects.count() == len(shipped("collections")) == 12
    for each in Collection.objects.all():
        assert set(each.types) <= types, each
        assert set(each.spheres) <= spheres, each
        assert each.types or each.spheres


def test_a_collection_is_institutions_of_its_types_and_authorities_of_its_spheres(world: Catalogue) -> None:
    parent = Collection.objects.get(slug="school-parent")
    assert set(catalogue.of_collection(parent)) == {world.school, world.silent, world.ministry}
    teacher = Collection.objects.get(slug="teacher")
    assert set(catalogue.of_collection(teacher)) == {world.ministry}
    everything = Collection.objects.create(slug="all", title="Всё про учёбу", spheres=["education"])
    assert set(catalogue.of_collection(everything)) == {world.school, world.silent, world.ministry}
    everything.pinned.add(world.of_library)
    assert world.library in catalogue.of_collection(everything)


def test_a_collection_is_read_by_municipality(client: Client, world: Catalogue) -> None:
    text = said(client, f"/collections/culture?place={world.village.oktmo}")
    assert "Культура рядом: Северский район" in text
    assert "Библиотека, Северский район" in text
    assert "Здесь таких страниц пока нет" in said(client, f"/collections/culture?place={world.city.oktmo}")
    assert "Минобр Сибирской области" in said(client, "/collections/school-parent")
    assert "Культура рядом" in said(client, "/collections/")
    Collection.objects.filter(slug="culture").update(is_shown=False)
    assert client.get("/collections/culture").status_code == 404


def test_pinned_pages_come_first(client: Client, world: Catalogue) -> None:
    Collection.objects.get(slug="culture").pinned.add(world.of_library)
    text = said(client, "/collections/culture")
    assert "Советуем" in text
    assert text.index("Советуем") < text.index("Библиотека, Северский район")
