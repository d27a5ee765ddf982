"""Who opened personal data: what the security officer looks through."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Count, Q, QuerySet

from otklik.casework.models import IncidentExport, PersonalRead
from otklik.casework.rules import personal as rules
from otklik.registry import operations as registry

MOST_UNUSUAL = 50
MOST_TABLES = 50


@dataclass(frozen=True, slots=True)
class UnusualDay:
    """A day on which one person opened unusually many; `usual` is what the person has on other days."""

    reader_id: int
    name: str
    day: date
    number: int
    usual: int


def reads(*, since: date, until: date, person: str = "", body: str = "") -> QuerySet[PersonalRead]:
    """Openings of these days (both included), of readers and bodies by a part of their names; the newest first."""
    found = PersonalRead.objects.filter(day__gte=since, day__lte=until)
    if person:
        found = found.filter(Q(reader__full_name__icontains=person) | Q(reader__username__iexact=person))
    if body:
        found = found.filter(Q(body__short_name__icontains=body) | Q(body__name__icontains=body))
    return found.order_by("-pk")


def open_tables(*, since: date, until: date, person: str = "") -> list[IncidentExport]:
    """Tables taken out with personal data open on these days, the newest first, fifty at most. One query."""
    zone = registry.working_calendar().tz
    found = IncidentExport.objects.exclude(reason="").filter(
        created_at__gte=datetime.combine(since, time(), zone),
        created_at__lt=datetime.combine(until + timedelta(days=1), time(), zone),
    )
    if person:
        found = found.filter(Q(account__full_name__icontains=person) | Q(account__username__iexact=person))
    return list(found.select_related("account").order_by("-pk")[:MOST_TABLES])


def unusual_days(*, since: date, until: date) -> list[UnusualDay]:
    """Days of these with unusually many openings, the latest first, fifty at most. One query over days, not rows."""
    before = since - timedelta(days=rules.USUAL_DAYS)
    counted = (
        PersonalRead.objects.filter(day__gte=before, day__lte=until)
        .values("reader", "reader__full_name", "day")
        .annotate(number=Count("pk"))
        .order_by("reader", "day")
    )
    days: dict[int, list[tuple[date, int, str]]] = defaultdict(list)
    for row in counted:
        days[row["reader"]].append((row["day"], row["number"], row["reader__full_name"]))
    found = [
        UnusualDay(reader, name, day, number, round(rules.usual(_earlier(day, own))))
        for reader, own in days.items()
        for day, number, name in own
        if day >= since and rules.is_unusual(number, _earlier(day, own))
    ]
    return sorted(found, key=lambda each: (each.day, each.number), reverse=True)[:MOST_UNUSUAL]


def _earlier(day: date, own: list[tuple[date, int, str]]) -> list[int]:
    first = day - timedelta(days=rules.USUAL_DAYS)
    return [number for at, number, _name in own if first <= at < day]
