"""The map of municipalities as outlines in a picture: GeoJSON in, paths of an SVG out. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import cos, radians
from typing import Any

# Units of the picture; its height follows from the territory.
WIDTH = 1000
MARGIN = 8
# How wide a letter of the map's type is, in units, and how high a line.
LETTER, LINE = 9.8, 22

Ring = Sequence[Sequence[float]]


@dataclass(frozen=True, slots=True)
class Outline:
    """One municipality on the map; `label` is empty where its name would not fit inside."""

    key: str
    name: str
    path: str
    x: int
    y: int
    label: str


@dataclass(frozen=True, slots=True)
class Map:
    """A picture of `width` × `height` units."""

    width: int
    height: int
    outlines: list[Outline]


def draw(places: Iterable[tuple[str, str, Mapping[str, Any]]]) -> Map | None:
    """The map of (key, name, GeoJSON geometry); None when there is nothing to draw.

    Degrees of longitude are shortened by the cosine of the middle latitude, so that shapes look as on any map.
    """
    rings = [(key, name, list(_rings(shape))) for key, name, shape in places]
    points = [point for _key, _name, each in rings for ring in each for point in ring]
    if not points:
        return None
    west, east = min(each[0] for each in points), max(each[0] for each in points)
    south, north = min(each[1] for each in points), max(each[1] for each in points)
    narrow = cos(radians((south + north) / 2))
    scale = (WIDTH - 2 * MARGIN) / max((east - west) * narrow, 1e-9)
    height = round((north - south) * scale) + 2 * MARGIN

    def at(point: Sequence[float]) -> tuple[float, float]:
        return MARGIN + (point[0] - west) * narrow * scale, MARGIN + (north - point[1]) * scale

    drawn = [
        _outline(key, name, [[at(point) for point in ring] for ring in each])
        for key, name, each in rings
        if each
    ]
    return Map(WIDTH, height, drawn)


def _rings(shape: Mapping[str, Any]) -> Iterator[Ring]:
    if shape.get("type") == "Polygon":
        yield from shape["coordinates"]
    elif shape.get("type") == "MultiPolygon":
        for polygon in shape["coordinates"]:
            yield from polygon


def _outline(key: str, name: str, rings: list[list[tuple[float, float]]]) -> Outline:
    path = "".join("M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in ring) + "Z" for ring in rings)
    largest = max(rings, key=_area)
    x, y, room = _middle(largest)
    # «Северный» says on a map of districts as much as «Северный район».
    short = name.removesuffix(" район")
    fits = room >= len(short) * LETTER and max(p[1] for p in largest) - min(p[1] for p in largest) >= 2 * LINE
    return Outline(key, name, path, round(x), round(y), short if fits else "")


def _area(ring: list[tuple[float, float]]) -> float:
    pairs = zip(ring, [*ring[1:], ring[0]], strict=True)
    return abs(sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairs)) / 2


def _middle(ring: list[tuple[float, float]]) -> tuple[float, float, float]:
    """The middle of the widest stretch of land on the line half way down, and its width."""
    y = (min(p[1] for p in ring) + max(p[1] for p in ring)) / 2
    crossings = sorted(
        x1 + (y - y1) * (x2 - x1) / (y2 - y1)
        for (x1, y1), (x2, y2) in zip(ring, [*ring[1:], ring[0]], strict=True)
        if (y1 <= y) != (y2 <= y)
    )
    stretches = list(zip(crossings[::2], crossings[1::2], strict=False))
    if not stretches:
        return ring[0][0], ring[0][1], 0.0
    left, right = max(stretches, key=lambda each: each[1] - each[0])
    return (left + right) / 2, y, right - left
