"""Communities that look official and are not: what a search for look-alikes has to find, and what it must leave."""

from dataclasses import dataclass
from functools import cache

from demo.data.region import rows

FIRST_FAKE_ID = 954_030_001
SEARCHED_AT_ONCE = ("min-health", "adm-50701000", "adm-50708000", "adm-50712000", "school-50708000-5")
"""Bodies whose look-alikes are searched for when the demonstration is loaded; the rest wait for their turn."""


@dataclass(frozen=True, slots=True)
class Fake:
    """A community of strangers: `of` is the body it stands beside, `copies` the one whose picture it took."""

    number: int
    of: str
    copies: str
    type: str
    members: int
    screen_name: str
    title: str
    description: str


@cache
def fakes() -> tuple[Fake, ...]:
    """All of them, the harmless ones last."""
    return tuple(
        Fake(FIRST_FAKE_ID + index, members=int(row.pop("members")), **row)
        for index, row in enumerate(rows("lookalikes.csv"))
    )
