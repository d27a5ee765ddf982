"""What a rule would have caught: the messages of the last days, counted before anything is saved."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, F, Q
from django.db.models.functions import Coalesce

from otklik.registry.models import OfficialPage, Organization
from otklik.triage.models import RoutingRule, Topic, Verdict
from otklik.triage.operations.routing_book import Asked, active_book, asks_of, book_of, routes_by
from otklik.triage.operations.routing_cases import with_drafts
from otklik.triage.rules.routing import Rule

DAYS = 30
# Different questions (topic, place, page) that are looked at one by one; the commonest come first.
MOST_LOOKED_AT = 3000
_BY_PAGE = "message__page__organization"
_LOOKS = {
    "topic": "topic_id",
    "group": "topic__group_id",
    "level": "topic__level",
    "municipality": "where",
    "settlement": "settlement_id",
    "page": "message__page_id",
    "sphere": f"{_BY_PAGE}__spheres__0",
    "page_level": f"{_BY_PAGE}__level",
}


@dataclass(frozen=True, slots=True)
class Catch:
    """How many questions fit the rule, how many it would decide, and what would go elsewhere than now.

    `fitting` counts all; `looked` those that were tried one by one, of which `decided` and `moved` speak.
    """

    days: int
    fitting: int
    looked: int
    decided: int
    moved: list[tuple[Organization | None, Organization | None, int]]

    @property
    def elsewhere(self) -> int:
        """How many would change their body."""
        return sum(count for _old, _new, count in self.moved)


def caught_by(draft: RoutingRule, *, now: datetime, days: int = DAYS) -> Catch:
    """What the draft, saved or not, would do to the questions of the last days if it were active."""
    fitting = _fitting(draft, now - timedelta(days=days))
    looked = _questions(fitting)
    asked = _asked(looked)
    active, was_active = draft.is_active, active_book()
    draft.is_active = True
    then_book = book_of(with_drafts([draft]))
    draft.is_active = active
    own = draft.pk or _number_of_new(then_book.rules.rules)
    moved: Counter[tuple[int | None, int | None]] = Counter()
    decided = 0
    for row, old, new in zip(looked, routes_by(was_active, asked), routes_by(then_book, asked), strict=True):
        decided += row["n"] if new.rule == own else 0
        if old.body != new.body:
            moved[old.body, new.body] += row["n"]
    bodies = Organization.objects.in_bulk({pk for pair in moved for pk in pair if pk is not None})
    told = [(bodies.get(old or 0), bodies.get(new or 0), n) for (old, new), n in moved.most_common()]
    return Catch(days, fitting.count(), sum(row["n"] for row in looked), decided, told)


def _number_of_new(rules: Iterable[Rule]) -> int:
    return min((rule.id for rule in rules), default=0)


def _fitting(draft: RoutingRule, since: datetime) -> Any:
    found = Verdict.objects.filter(decided_at__gte=since, is_request=True)
    found = found.annotate(where=Coalesce("municipality_id", f"{_BY_PAGE}__municipality_id"))
    wanted = Q()
    for name, value in asks_of(draft).items():
        wanted &= Q(**{_LOOKS[name]: value})
    return found.filter(wanted)


def _questions(fitting: Any) -> list[dict[str, Any]]:
    """The different questions that fit, with how often they came: the commonest."""
    grouped = fitting.values("topic_id", "where", "settlement_id", page=F("message__page_id")).annotate(
        n=Count("pk")
    )
    ordered = grouped.order_by("-n", "topic_id", "where", "settlement_id", "page")
    return list(ordered[:MOST_LOOKED_AT])


def _asked(rows: list[dict[str, Any]]) -> list[Asked]:
    topics = Topic.objects.select_related("group").in_bulk({row["topic_id"] for row in rows})
    pages = OfficialPage.objects.select_related("organization").in_bulk({row["page"] for row in rows})
    return [
        Asked(topics[row["topic_id"]], pages[row["page"]], row["where"], row["settlement_id"]) for row in rows
    ]
