"""When the same topic in a place is the same matter. Pure."""

from dataclasses import dataclass
from typing import NamedTuple, Protocol, Self

_NOT_IN_A_NAME = str.maketrans("", "", " .,«»\"'№-–—")


class HasPlace(Protocol):
    """An incident or a verdict, as far as its place goes."""

    @property
    def settlement_id(self) -> int | None: ...
    @property
    def street_id(self) -> int | None: ...
    @property
    def street_name(self) -> str: ...
    @property
    def house(self) -> str: ...
    @property
    def object_name(self) -> str: ...


class Same(NamedTuple):
    """How likely two questions of one topic are one matter, 0 to 1, and by what of their places."""

    score: float
    reason: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where a question happens, written so that equal places are equal."""

    settlement: int | None
    street: int | None
    street_name: str
    house: str
    thing: str

    @classmethod
    def of(cls, each: HasPlace) -> Self:
        """The place of an incident or of a verdict."""
        names = (each.street_name, each.house, each.object_name)
        return cls(each.settlement_id, each.street_id, *(_plain(name) for name in names))


def _plain(name: str) -> str:
    return name.lower().replace("ё", "е").translate(_NOT_IN_A_NAME)


def sameness(one: Place, other: Place) -> Same | None:
    """What speaks for one matter, the narrowest place first; None when nothing does.

    Two houses of one street, or two objects, are two matters. A settlement alone is little: it is told with the least
    weight, and only where neither names anything narrower.
    """
    if _differ(one.house, other.house) or _differ(one.thing, other.thing):
        return None
    on_one_street = (
        one.street == other.street if one.street or other.street else one.street_name == other.street_name
    )
    if not on_one_street or (one.street is None and one.settlement != other.settlement):
        return None
    if one.thing and other.thing:
        return Same(0.75, "same_object")
    if one.street or one.street_name:
        return Same(0.8, "same_house") if one.house and other.house else Same(0.6, "same_street")
    return Same(0.35, "same_settlement") if one.settlement and not (one.thing or other.thing) else None


def _differ(one: str, other: str) -> bool:
    return bool(one and other and one != other)
