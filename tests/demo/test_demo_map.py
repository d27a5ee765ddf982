"""The schematic map covers the outline once and says what it is."""

from itertools import pairwise

import pytest

from demo.data.region import municipalities
from demo.map.cells import OUTLINE, Point, area, cells, feature_collection


def _inside(point: Point, polygon: list[Point]) -> bool:
    within = False
    for start, end in zip(polygon, [*polygon[1:], *polygon[:1]], strict=True):
        if (start[1] > point[1]) != (end[1] > point[1]):
            crossing = start[0] + (point[1] - start[1]) * (end[0] - start[0]) / (end[1] - start[1])
            within ^= point[0] < crossing
    return within


def test_cells_cover_the_outline_without_overlap() -> None:
    assert sum(area(cell) for cell in cells().values()) == pytest.approx(area(list(OUTLINE)))


def test_every_municipality_lies_in_its_own_cell_only() -> None:
    for each in municipalities():
        holders = [code for code, cell in cells().items() if _inside((each.map_lon, each.map_lat), cell)]
        assert holders == [each.oktmo]


def test_geojson_is_closed_counter_clockwise_and_marked_schematic() -> None:
    collection = feature_collection()
    assert len(collection["features"]) == 35
    for feature in collection["features"]:
        assert feature["properties"]["schematic"] is True
        ring = feature["geometry"]["coordinates"][0]
        assert ring[0] == ring[-1]
        pairs = pairwise(ring)
        assert sum(a[0] * b[1] - b[0] * a[1] for a, b in pairs) > 0
