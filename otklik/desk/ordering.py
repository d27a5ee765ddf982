"""The order of a queue: by which time, where a page of it ends, and the text that sorts as the list does."""

from dataclasses import dataclass
from datetime import datetime
from typing import Self

from django.db.models import Q, QuerySet
from django.utils.dateparse import parse_datetime

from otklik.casework.models import Incident

NEWEST = "received_at"


@dataclass(frozen=True, slots=True)
class Cursor:
    """The last row that was shown: the next page starts after it, whatever came or went meanwhile."""

    at: datetime
    pk: int

    @classmethod
    def of(cls, raw: str) -> Self | None:
        """The cursor that an address names; None when it is none."""
        stamp, _comma, number = raw.partition(",")
        try:
            at = parse_datetime(stamp)
        except ValueError:
            return None
        whole = number.isascii() and number.isdigit() and len(number) <= 18
        return cls(at, int(number)) if at and at.tzinfo and whole else None

    def __str__(self) -> str:
        return f"{self.at.isoformat()},{self.pk}"


def _at(incident: Incident, column: str) -> datetime:
    """The time that an order by the column goes by; the deadline where the row has no day of its own any more."""
    return getattr(incident, column) or incident.due_at


def cursor_at(incident: Incident, column: str) -> Cursor:
    """The place of an incident in the order by the column."""
    return Cursor(_at(incident, column), incident.pk)


def order_key(incident: Incident, column: str) -> str:
    """A text that sorts as the queue does: equal length, smaller first."""
    micros = int(_at(incident, column).timestamp() * 1_000_000)
    if column != NEWEST:
        return f"{micros:017d}{incident.pk:019d}"
    return f"{10**17 - micros:017d}{10**19 - 1 - incident.pk:019d}"


def ordered(found: QuerySet[Incident], column: str, after: Cursor | None) -> QuerySet[Incident]:
    """In the order, beginning after the cursor. The first condition alone lets the index find the place."""
    if column != NEWEST:
        if after:
            beyond = Q(**{f"{column}__gt": after.at}) | Q(**{column: after.at}, pk__gt=after.pk)
            found = found.filter(beyond, **{f"{column}__gte": after.at})
        return found.order_by(column, "pk")
    if after:
        beyond = Q(received_at__lt=after.at) | Q(received_at=after.at, pk__lt=after.pk)
        found = found.filter(beyond, received_at__lte=after.at)
    return found.order_by("-received_at", "-pk")
