"""Staff of the demonstration: invented people, one or more in every role."""

from dataclasses import dataclass
from functools import cache

from demo.data.region import rows

# One short password for all: it opens a demonstration only, and the table of logins prints it.
PASSWORD = "otklik-demo"  # noqa: S105


@dataclass(frozen=True, slots=True)
class Person:
    """An account with its one membership: for the centre, for a body (`organization`) or for a page."""

    username: str
    full_name: str
    position: str
    role: str
    organization: str
    page: str


@cache
def staff() -> tuple[Person, ...]:
    """Everybody who can log in."""
    return tuple(Person(**row) for row in rows("staff.csv"))
