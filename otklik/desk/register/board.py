"""The board of onboarding: where every organisation stands on its way to a page, and what is missing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Self
from urllib.parse import urlencode

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext

from otklik.desk.access import Desk
from otklik.desk.register.within import cases_within
from otklik.registry.enums import BadgeStatus, CheckState, Network, OnboardingStage
from otklik.registry.models import OnboardingCase, OnboardingCheck, PageCheck
from otklik.registry.rules.onboarding import CHECKLIST, is_done

MOST_IN_COLUMN = 25
COLUMNS = [stage for stage in OnboardingStage if stage != OnboardingStage.CANCELLED]


@dataclass(frozen=True, slots=True)
class BoardQuery:
    """The filters of the board."""

    q: str = ""
    network: str = ""
    municipality: str = ""
    late: str = ""
    # One stage as a whole list.
    stage: str = ""

    @classmethod
    def of(cls, raw: Mapping[str, str]) -> Self:
        """The query that an address asks for; anything odd is not a filter."""
        found = {each.name: raw.get(each.name, "").strip().replace("\0", "")[:100] for each in fields(cls)}
        place = found["municipality"]
        found["municipality"] = place if place.isascii() and place.isdigit() and len(place) <= 18 else ""
        found["network"] = found["network"] if found["network"] in Network.values else ""
        found["stage"] = found["stage"] if found["stage"] in OnboardingStage.values else ""
        found["late"] = "1" if found["late"] else ""
        return cls(**found)

    @property
    def filters(self) -> dict[str, str]:
        """What narrows the board."""
        names = ("q", "network", "municipality", "late")
        return {name: value for name in names if (value := getattr(self, name))}

    @property
    def string(self) -> str:
        """The filters as the end of an address."""
        return urlencode(self.filters)


@dataclass(frozen=True, slots=True)
class Ticket:
    """One case on the board."""

    case: OnboardingCase
    done: int
    whole: int
    missing: list[str]
    is_late: bool


@dataclass(frozen=True, slots=True)
class Column:
    """One stage with the cases that stand there, the longest waiting first."""

    stage: str
    label: str
    count: int
    tickets: list[Ticket]


def cases(query: BoardQuery, desk: Desk, today: date) -> QuerySet[OnboardingCase]:
    """Cases within reach that the query asks for, without the stage."""
    found = cases_within(desk).select_related("organization", "organization__municipality", "page")
    if query.network:
        found = found.filter(network=query.network)
    if query.municipality:
        found = found.filter(organization__municipality_id=query.municipality)
    if query.late:
        found = found.filter(due_on__lt=today)
    for word in query.q.split()[:8]:
        found = found.filter(
            Q(organization__name__icontains=word)
            | Q(organization__short_name__icontains=word)
            | Q(contact__icontains=word)
        )
    return found


def counts(found: QuerySet[OnboardingCase]) -> dict[str, int]:
    """How many cases stand at each stage."""
    rows = found.select_related(None).order_by().values("stage").annotate(n=Count("pk"))
    return {row["stage"]: row["n"] for row in rows}


def in_order(found: QuerySet[OnboardingCase], stage: str) -> QuerySet[OnboardingCase]:
    """The cases of a stage: the longest waiting first, of those that ended the latest first."""
    ended = stage in {OnboardingStage.CONNECTED, OnboardingStage.CANCELLED}
    return found.filter(stage=stage).order_by("-stage_at" if ended else "stage_at", "pk")


def columns(found: QuerySet[OnboardingCase], today: date) -> list[Column]:
    """The whole board."""
    numbers = counts(found)
    rows = {stage: list(in_order(found, stage)[:MOST_IN_COLUMN]) for stage in COLUMNS if numbers.get(stage)}
    made = tickets([case for each in rows.values() for case in each], today)
    return [
        Column(
            stage,
            str(stage.label),
            numbers.get(stage, 0),
            [each for each in made if each.case.stage == stage],
        )
        for stage in COLUMNS
    ]


def tickets(rows: Sequence[OnboardingCase], today: date) -> list[Ticket]:
    """The cases with what is missing at their stages, by two queries for all of them."""
    ticked: dict[int, set[str]] = {}
    for case_id, code in OnboardingCheck.objects.filter(case__in=rows).values_list("case_id", "code"):
        ticked.setdefault(case_id, set()).add(code)
    facts: dict[int, dict[str, str]] = {}
    checks = PageCheck.objects.filter(page__in=[row.page_id for row in rows if row.page_id])
    for page_id, code, state in checks.values_list("page_id", "code", "state"):
        facts.setdefault(page_id, {})[code] = state
    return [_ticket(row, ticked.get(row.pk, set()), facts.get(row.page_id or 0, {}), today) for row in rows]


def _ticket(case: OnboardingCase, ticked: set[str], facts: dict[str, str], today: date) -> Ticket:
    known = dict(facts)
    if case.page is not None:
        has_badge = case.page.badge_status == BadgeStatus.CONFIRMED
        known |= {"page": CheckState.FINE, "badge": CheckState.FINE if has_badge else CheckState.GAP}
    items = CHECKLIST[case.stage]
    missing = [gettext(item.title) for item in items if not is_done(item, ticked, known)]
    late = case.due_on is not None and case.due_on < today
    return Ticket(case, len(items) - len(missing), len(items), missing, late)
