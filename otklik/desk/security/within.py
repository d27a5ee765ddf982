"""Who looks through the openings of personal data, and which of them an address asks for."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Self
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied

from otklik.desk.access import Desk
from otklik.people.rules import Right
from otklik.registry.operations import local_date
from otklik.registry.rules import Reach

SHOWN_DAYS = 30
_LONGEST = 100


def sees_reads(reach: Reach) -> bool:
    """Whoever reads the journal of the whole region."""
    return Right.READ_AUDIT in reach.center


def may_erase(reach: Reach) -> bool:
    """Whoever keeps requests for erasure and holds, and carries erasures out."""
    return Right.ERASE_PERSONAL in reach.center


def require_erase(desk: Desk) -> None:
    """Refuse (403) a person whom erasure does not concern."""
    if not may_erase(desk.reach):
        raise PermissionDenied


def require_reads(desk: Desk) -> None:
    """Refuse (403) a person whom the journal does not concern."""
    if not sees_reads(desk.reach):
        raise PermissionDenied


@dataclass(frozen=True, slots=True)
class ReadsQuery:
    """The openings that are asked for; a day that is none is the usual one."""

    since: date
    until: date
    person: str
    body: str

    @classmethod
    def of(cls, raw: Mapping[str, str], desk: Desk) -> Self:
        """What an address asks for: the last thirty days when it names none."""
        today = local_date(desk.now)
        until = _day(raw.get("until", "")) or today
        since = _day(raw.get("since", "")) or until - timedelta(days=SHOWN_DAYS)
        return cls(min(since, until), until, _words(raw, "person"), _words(raw, "body"))

    @property
    def is_narrow(self) -> bool:
        """Whether a person or a body is asked for."""
        return bool(self.person or self.body)

    def of_day(self, name: str, day: date) -> str:
        """The end of an address for the openings of one person on one day."""
        return urlencode({"person": name, "since": day.isoformat(), "until": day.isoformat()})


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if 2000 <= found.year < 2200 else None


def _words(raw: Mapping[str, str], name: str) -> str:
    return " ".join(raw.get(name, "").replace("\0", "").split())[:_LONGEST]
