"""Questions back to the author when the place is missing or several fit; drafts that a person reads and sends."""

from collections.abc import Sequence
from typing import Protocol

MOST_NAMED = 3
# Groups of topics where a body cannot begin without the place; an institution knows where it stands.
_GROUPS_WITH_A_PLACE = frozenset(
    {"ROADS", "URBAN", "WASTE", "HOUSING", "ENERGY", "TRANSIT", "ECO", "SAFETY", "BUILD", "TELECOM", "ANIMAL"}
)
# Where the street alone is not enough: the matter is in one house.
_GROUPS_WITH_A_HOUSE = frozenset({"HOUSING", "ENERGY"})
_GREETING = "Здравствуйте!"


class OptionLike(Protocol):
    """One of the places that may be meant, in words for a resident."""

    @property
    def description(self) -> str: ...


class PlaceLike(Protocol):
    """What the finder of places answered with."""

    @property
    def status(self) -> str: ...
    @property
    def municipality_id(self) -> int | None: ...
    @property
    def settlement_id(self) -> int | None: ...
    @property
    def settlement_name(self) -> str: ...
    @property
    def street_name(self) -> str: ...
    @property
    def house(self) -> str: ...
    @property
    def object_name(self) -> str: ...
    @property
    def options(self) -> Sequence[OptionLike]: ...


def needs_place(topic: str, level: str) -> bool:
    """Whether a body of the level (M, R, U, S) needs a place to begin with a question of the topic, `GROUP.code`."""
    return topic.partition(".")[0] in _GROUPS_WITH_A_PLACE and level != "S"


def what_to_ask(place: PlaceLike, *, topic: str, level: str) -> str | None:
    """The draft of a question to the author, or None when the place is known well enough for the topic.

    A place that several fit is always asked about when the topic needs one; two or three are named. Russian:
    it is sent to a resident as it is.
    """
    if not needs_place(topic, level) or (place.object_name and place.municipality_id is not None):
        return None
    if place.status == "ambiguous":
        return _which(place)
    if place.municipality_id is None:
        return f"{_GREETING} Уточните, пожалуйста, адрес: район или город, населённый пункт, улица и дом."
    if not place.street_name:
        town = "улица и дом" if place.settlement_id is not None else "населённый пункт, улица и дом"
        return f"{_GREETING} Уточните, пожалуйста, адрес: {town}."
    if not place.house and topic.partition(".")[0] in _GROUPS_WITH_A_HOUSE:
        return f"{_GREETING} Уточните, пожалуйста, номер дома ({_named(place)})."
    return None


def _which(place: PlaceLike) -> str:
    named = [option.description for option in place.options]
    about = f"«{_named(place)}»" if _named(place) else "этот адрес"
    if 2 <= len(named) <= MOST_NAMED:
        listed = f"{'; '.join(named[:-1])} или {named[-1]}"
        return f"{_GREETING} Уточните, пожалуйста, адрес: {about} — это {listed}?"
    if place.settlement_name:
        return f"{_GREETING} Уточните, пожалуйста, в каком районе находится {about}: в области их несколько."
    return f"{_GREETING} Уточните, пожалуйста, в каком населённом пункте находится {about}."


def _named(place: PlaceLike) -> str:
    parts = [place.settlement_name, place.street_name, place.house if place.street_name else ""]
    return ", ".join(part for part in parts if part)
