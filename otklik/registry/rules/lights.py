"""The weekly light of a page («светофор»): a public formula that needs no people. Pure.

Source: rating.md, "second product": 10 connection, 10 badge, 20 design (avatar 5, description 5, cover 10),
10 widgets (two or more 10, one 5), 30 activity (the norm of posts met), 10 weekly reach, 5 mean reach of a post,
5 contacts complete; green from 80, yellow from 50.
"""

from dataclasses import dataclass

GREEN_FROM, YELLOW_FROM = 80, 50
# Shares of the audience above which a week's reach brings points; the lowest bound itself still does.
FULL_REACH, GOOD_REACH, SOME_REACH = 0.7, 0.5, 0.3
AVATAR, DESCRIPTION, COVER = 5, 5, 10


@dataclass(frozen=True, slots=True)
class WeekSeen:
    """A page at the end of a week; None where nobody knows, which brings no points."""

    connected: bool | None = None
    badge: bool | None = None
    avatar: bool | None = None
    description: bool | None = None
    cover: bool | None = None
    widgets: int | None = None
    contacts: bool | None = None
    posts: int | None = None
    norm: int = 3
    followers: int | None = None
    # Views of the week's posts together and in the mean: what stands for reach without an administrator's key.
    reach: int | None = None
    mean_reach: int | None = None


@dataclass(frozen=True, slots=True)
class Light:
    """The score, 0–100, its zone, and the points of each part; None for a part nobody knows."""

    score: int
    zone: str
    parts: dict[str, int | None]


def light(seen: WeekSeen) -> Light:
    """The light of a page for one week."""
    parts = {
        "connection": _flag(seen.connected, 10),
        "badge": _flag(seen.badge, 10),
        "design": _design(seen),
        "widgets": None if seen.widgets is None else (0, 5, 10)[min(seen.widgets, 2)],
        "activity": _flag(None if seen.posts is None else seen.posts >= seen.norm, 30),
        "reach": _reach(_share(seen.reach, seen.followers)),
        "mean_reach": _mean_reach(_share(seen.mean_reach, seen.followers)),
        "contacts": _flag(seen.contacts, 5),
    }
    score = sum(points for points in parts.values() if points is not None)
    return Light(score, zone_of(score), parts)


def zone_of(score: int) -> str:
    """The colour of a score, a value of Zone."""
    if score >= GREEN_FROM:
        return "green"
    return "yellow" if score >= YELLOW_FROM else "red"


def _flag(value: bool | None, points: int) -> int | None:
    return None if value is None else points * value


def _design(seen: WeekSeen) -> int | None:
    parts = [(seen.avatar, AVATAR), (seen.description, DESCRIPTION), (seen.cover, COVER)]
    if all(value is None for value, _points in parts):
        return None
    return sum(points for value, points in parts if value)


def _share(reach: int | None, followers: int | None) -> float | None:
    return None if reach is None or not followers else reach / followers


def _reach(share: float | None) -> int | None:
    if share is None:
        return None
    if share > FULL_REACH:
        return 10
    if share >= GOOD_REACH:
        return 7
    return 5 if share >= SOME_REACH else 0


def _mean_reach(share: float | None) -> int | None:
    return None if share is None else 5 * (share > FULL_REACH)
