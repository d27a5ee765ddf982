"""Other rules that meet the same questions as one: for a person to look at before it is saved."""

from dataclasses import dataclass

from otklik.registry.models import OfficialPage, Settlement
from otklik.triage.models import RoutingRule, Topic
from otklik.triage.operations.routing_book import values_of
from otklik.triage.operations.routing_cases import with_drafts
from otklik.triage.rules.routing import Implied, Rule, overlaps


@dataclass(frozen=True, slots=True)
class Meeting:
    """Another rule that fits some of the same questions and sends elsewhere; whether the draft decides first."""

    rule: RoutingRule
    decides: bool


def meetings_of(draft: RoutingRule) -> list[Meeting]:
    """The rules that cross the draft: neither is a case of the other, so only the order of conditions decides."""
    rows = with_drafts([draft])
    if not draft.is_active:
        rows.append(draft)
    values = values_of(rows)
    by_id = {value.id: row for value, row in zip(values, rows, strict=True)}
    own = next(value for value in values if by_id[value.id] is draft)
    return [Meeting(by_id[pk], decides) for pk, decides in overlaps(own, values, _implied(values))]


def _implied(values: list[Rule]) -> Implied:
    """What follows from the conditions that these rules have."""
    asked = {
        name: {rule.asks[name] for rule in values if name in rule.asks}
        for name in ("topic", "settlement", "page")
    }
    found: dict[tuple[str, int | str], dict[str, int | str]] = {}
    for topic, group, level in Topic.objects.filter(pk__in=asked["topic"]).values_list(
        "pk", "group", "level"
    ):
        found["topic", topic] = {"group": group, "level": level}
    for settlement, place in Settlement.objects.filter(pk__in=asked["settlement"]).values_list(
        "pk", "municipality"
    ):
        found["settlement", settlement] = {"municipality": place}
    pages = OfficialPage.objects.filter(pk__in=asked["page"]).select_related("organization")
    for page in pages:
        spheres = page.organization.spheres
        found["page", page.pk] = {
            "sphere": spheres[0] if spheres else "",
            "page_level": page.organization.level,
        }
    return found
