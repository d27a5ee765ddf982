"""Voronoi cells of the municipal centres inside a rough outline, as GeoJSON.

A cell is the outline cut by one half-plane for every other centre, so cells never overlap and together
fill the outline exactly.
"""

from functools import cache
from math import cos, radians
from typing import Any

from demo.data.region import municipalities

Point = tuple[float, float]
# Drawn by hand after the general shape of the oblast: (longitude, latitude), clockwise from the south-west.
OUTLINE: tuple[Point, ...] = (
    (75.6, 54.1), (75.2, 54.7), (75.5, 55.2), (75.1, 55.7), (75.6, 56.3), (76.0, 56.9), (76.7, 57.2),
    (77.8, 57.1), (78.9, 57.0), (79.6, 56.6), (80.4, 56.4), (81.0, 56.5), (81.7, 56.0), (82.5, 56.0),
    (83.4, 55.9), (84.2, 56.0), (84.7, 55.9), (84.9, 55.5), (84.6, 55.2), (85.1, 54.7), (85.0, 54.3),
    (84.5, 53.9), (83.6, 53.9), (83.0, 53.6), (82.0, 53.5), (81.3, 53.9), (80.4, 54.0), (79.6, 53.6),
    (78.8, 53.5), (77.9, 53.3), (77.3, 53.7), (76.5, 54.0),
)  # fmt: skip
# At this latitude a degree of longitude is shorter; without it the cells would lean to the wrong neighbour.
SQUEEZE = cos(radians(55))


def _nearer(polygon: list[Point], own: Point, other: Point) -> list[Point]:
    """The part of the polygon that is nearer to `own` than to `other` (Sutherland-Hodgman)."""
    normal = ((other[0] - own[0]) * SQUEEZE**2, other[1] - own[1])
    middle = ((own[0] + other[0]) / 2, (own[1] + other[1]) / 2)

    def side(point: Point) -> float:
        return (point[0] - middle[0]) * normal[0] + (point[1] - middle[1]) * normal[1]

    kept: list[Point] = []
    for start, end in zip(polygon, [*polygon[1:], *polygon[:1]], strict=True):
        from_start, from_end = side(start), side(end)
        if from_start <= 0:
            kept.append(start)
        if (from_start < 0 < from_end) or (from_end < 0 < from_start):
            share = from_start / (from_start - from_end)
            kept.append((start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share))
    return kept


def area(polygon: list[Point]) -> float:
    """The area of a polygon in square degrees, positive whatever the direction."""
    pairs = zip(polygon, [*polygon[1:], *polygon[:1]], strict=True)
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in pairs)) / 2


@cache
def cells() -> dict[str, list[Point]]:
    """OKTMO code → the cell of the municipality."""
    centres = {each.oktmo: (each.map_lon, each.map_lat) for each in municipalities()}
    found = {}
    for oktmo, own in centres.items():
        polygon = list(OUTLINE)
        for other in centres.values():
            if other != own:
                polygon = _nearer(polygon, own, other)
        found[oktmo] = polygon
    return found


def geometry(oktmo: str) -> dict[str, Any]:
    """The cell of one municipality as a GeoJSON polygon; the ring is closed and runs counter-clockwise."""
    ring = [[round(lon, 4), round(lat, 4)] for lon, lat in reversed(cells()[oktmo])]
    return {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}


def feature_collection() -> dict[str, Any]:
    """The whole schematic map as GeoJSON."""
    features = [
        {
            "type": "Feature",
            "properties": {"oktmo": each.oktmo, "name": each.short_name, "schematic": True},
            "geometry": geometry(each.oktmo),
        }
        for each in municipalities()
    ]
    return {"type": "FeatureCollection", "features": features}
