"""What the finder of places answers with."""

from dataclasses import dataclass
from typing import NamedTuple

UNKNOWN, FOUND, FROM_PAGE, AMBIGUOUS = "unknown", "found", "from_page", "ambiguous"
"""Codes of `otklik.triage.enums.PlaceStatus`."""


class PlaceWord(NamedTuple):
    """A piece of the text that the place rests on."""

    text: str
    start: int
    end: int


class Option(NamedTuple):
    """One of the places that an ambiguous text may mean: «Михайловка, Карасукский район»."""

    description: str
    municipality_id: int
    settlement_id: int | None
    street_id: int | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a message is about, as far as it tells.

    Names are kept where the gazetteer has no row, or several: `settlement_name` of an ambiguous settlement,
    `street_name` of a street that is not known yet. `municipality_id` is None when it is not known or when
    several fit, and `status` says which.
    """

    status: str = UNKNOWN
    municipality_id: int | None = None
    settlement_id: int | None = None
    settlement_name: str = ""
    street_id: int | None = None
    street_name: str = ""
    street_kind: str = ""
    house: str = ""
    object_name: str = ""
    options: tuple[Option, ...] = ()
    words: tuple[PlaceWord, ...] = ()


NOWHERE = Place()
