"""The weekly light follows from its public formula."""

from dataclasses import replace

import pytest

from otklik.registry.rules.lights import WeekSeen, light, zone_of

BEST = WeekSeen(
    connected=True, badge=True, avatar=True, description=True, cover=True, widgets=2, contacts=True,
    posts=3, norm=3, followers=1000, reach=2400, mean_reach=800,
)  # fmt: skip


def test_everything_in_order_is_a_hundred() -> None:
    found = light(BEST)
    assert (found.score, found.zone) == (100, "green")
    assert found.parts == {
        "connection": 10, "badge": 10, "design": 20, "widgets": 10, "activity": 30, "reach": 10, "mean_reach": 5,
        "contacts": 5,
    }  # fmt: skip


def test_nothing_known_is_nothing_earned() -> None:
    found = light(WeekSeen())
    assert (found.score, found.zone) == (0, "red")
    assert set(found.parts.values()) == {None}


@pytest.mark.parametrize(
    ("part", "changes", "points"),
    [
        ("connection", {"connected": False}, 0),
        ("badge", {"badge": False}, 0),
        ("design", {"avatar": False}, 15),
        ("design", {"description": False}, 15),
        ("design", {"cover": False}, 10),
        ("design", {"avatar": None, "description": None, "cover": None}, None),
        ("widgets", {"widgets": 0}, 0),
        ("widgets", {"widgets": 1}, 5),
        ("widgets", {"widgets": 3}, 10),
        ("activity", {"posts": 2}, 0),
        ("activity", {"posts": 2, "norm": 1}, 30),
        ("reach", {"reach": 701}, 10),
        ("reach", {"reach": 700}, 7),
        ("reach", {"reach": 500}, 7),
        ("reach", {"reach": 499}, 5),
        ("reach", {"reach": 300}, 5),
        ("reach", {"reach": 299}, 0),
        ("reach", {"followers": 0}, None),
        ("reach", {"followers": None}, None),
        ("mean_reach", {"mean_reach": 701}, 5),
        ("mean_reach", {"mean_reach": 700}, 0),
        ("contacts", {"contacts": False}, 0),
    ],
)
def test_each_part_brings_its_points(part: str, changes: dict[str, object], points: int | None) -> None:
    found = light(replace(BEST, **changes))  # type: ignore[arg-type]
    assert found.parts[part] == points
    assert found.score == sum(each for each in found.parts.values() if each is not None)


@pytest.mark.parametrize(
    ("score", "zone"),
    [(100, "green"), (80, "green"), (79, "yellow"), (50, "yellow"), (49, "red"), (0, "red")],
)
def test_zones_have_bounds(score: int, zone: str) -> None:
    assert zone_of(score) == zone
