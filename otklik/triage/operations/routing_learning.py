"""What people's choices propose against the rules. A proposal changes nothing until a person accepts it."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from otklik.audit import operations as audit
from otklik.common.actor import SYSTEM, Actor
from otklik.common.text import gettext_noop
from otklik.registry.models import OfficialPage, Organization
from otklik.registry.rules.values import BadValue, required_line
from otklik.triage.enums import ProposalState, RouteTarget
from otklik.triage.models import RoutingNorm, RoutingProposal, RoutingRule, Topic
from otklik.triage.operations.routing import LONGEST_REASON, add_rule, change_rule, hold_rules
from otklik.triage.operations.routing_book import Asked, Book, active_book, book_of, routes_by
from otklik.triage.operations.routing_cases import with_drafts

# A dismissed proposal is not made again until it rests on so many times the incidents.
AGAIN_AT = 2
_NORM_BOUNDS = {"least_incidents": (2, 1000), "least_percent": (51, 100), "days": (7, 1100)}
Place = tuple[int, int]


class ProposalDecided(Exception):
    """Это предложение уже решено или больше не нужно."""


@dataclass(frozen=True, slots=True)
class Fact:
    """So many incidents of a topic in a municipality, asked on a page, that a body took into work."""

    topic_id: int
    municipality_id: int
    page_id: int
    executor_id: int
    count: int


@dataclass(frozen=True, slots=True)
class _Habit:
    """Where most incidents of a topic in a municipality went."""

    organization_id: int
    incidents: int
    agreed: int


def routing_norm() -> RoutingNorm:
    """From when history proposes a rule; the shipped norm until the region sets its own."""
    return RoutingNorm.objects.first() or RoutingNorm()


@transaction.atomic
def set_routing_norm(*, values: Mapping[str, Any], by: Actor, now: datetime) -> RoutingNorm:
    """Another norm of proposals. Raises BadValue."""
    hold_rules()
    norm = routing_norm()
    for name, (least, most) in _NORM_BOUNDS.items():
        if name in values:
            value = values[name]
            if not isinstance(value, int) or not least <= value <= most:
                raise BadValue(
                    name, gettext_noop("Здесь нужно число от %(least)s до %(most)s."), least=least, most=most
                )
            setattr(norm, name, value)
    norm.save()
    after = {name: getattr(norm, name) for name in _NORM_BOUNDS}
    audit.record(by=by, verb="set_routing_norm", subject=norm, now=now, **after)
    return norm


@transaction.atomic
def learn_routes(*, facts: Iterable[Fact], now: datetime) -> list[RoutingProposal]:
    """Propose a rule wherever people send almost everything to one body and the rules say another; returns the open.

    A proposal whose figures no longer hold goes out of date; an open one is renewed.
    """
    hold_rules()
    norm, by_place = routing_norm(), defaultdict[Place, list[Fact]](list)
    for fact in facts:
        by_place[fact.topic_id, fact.municipality_id].append(fact)
    habits = {place: habit for place, told in by_place.items() if (habit := _habit(told, norm))}
    habits = _possible(habits)
    told = {place: by_place[place] for place in habits}
    ruled = _bodies_by_rules(active_book(), told)
    drafts = [_draft(place, habit.organization_id) for place, habit in habits.items()]
    then = _bodies_by_rules(book_of(with_drafts(drafts)), told) if drafts else {}
    wanted = {
        place: habit
        for place, habit in habits.items()
        if ruled[place].most_common(1)[0][0] != habit.organization_id
        and then[place][habit.organization_id] * 100 >= norm.least_percent * habit.incidents
        and not _refused(place, habit)
    }
    return _kept(wanted, ruled, now)


def _habit(facts: list[Fact], norm: RoutingNorm) -> _Habit | None:
    by_body: Counter[int] = Counter()
    for fact in facts:
        by_body[fact.executor_id] += fact.count
    # More than half of them: there is one such body at most.
    body, agreed = max(by_body.items(), key=lambda item: (item[1], -item[0]))
    incidents = by_body.total()
    if incidents < norm.least_incidents or agreed * 100 < norm.least_percent * incidents:
        return None
    return _Habit(body, incidents, agreed)


def _possible(habits: dict[Place, _Habit]) -> dict[Place, _Habit]:
    """Those a rule can be made of: the topic active, the body at work."""
    topics = set(
        Topic.objects.active().filter(pk__in={topic for topic, _ in habits}).values_list("pk", flat=True)
    )
    wanted = {habit.organization_id for habit in habits.values()}
    alive = set(Organization.objects.filter(pk__in=wanted, is_active=True).values_list("pk", flat=True))
    return {
        place: habit
        for place, habit in sorted(habits.items())
        if place[0] in topics and habit.organization_id in alive
    }


def _bodies_by_rules(book: Book, told: Mapping[Place, list[Fact]]) -> dict[Place, Counter[int | None]]:
    """How many of the incidents of each place these rules would send to each body."""
    facts = [fact for found in told.values() for fact in found]
    topics = Topic.objects.select_related("group").in_bulk({fact.topic_id for fact in facts})
    pages = OfficialPage.objects.select_related("organization").in_bulk({fact.page_id for fact in facts})
    asked = [Asked(topics[fact.topic_id], pages[fact.page_id], fact.municipality_id) for fact in facts]
    found: dict[Place, Counter[int | None]] = defaultdict(Counter)
    for fact, route in zip(facts, routes_by(book, asked), strict=True):
        found[fact.topic_id, fact.municipality_id][route.body] += fact.count
    return found


def _draft(place: Place, organization_id: int) -> RoutingRule:
    (topic, municipality), standing = place, _standing(place)
    return RoutingRule(
        topic_id=topic,
        municipality_id=municipality,
        target=RouteTarget.FIXED,
        organization_id=organization_id,
        # Before a rule that asks the same: accepting changes that one.
        precedence=standing.precedence + 1 if standing else 0,
    )


def _standing(place: Place) -> RoutingRule | None:
    """The active rule that asks exactly the topic and the municipality, the first of such."""
    topic, municipality = place
    same: dict[str, Any] = {
        "topic_id": topic,
        "municipality_id": municipality,
        "group": None,
        "settlement": None,
    }
    same |= {"page": None, "level": "", "sphere": "", "page_level": ""}
    return RoutingRule.objects.active().filter(**same).order_by("-precedence", "pk").first()


def _refused(place: Place, habit: _Habit) -> bool:
    """Whether a person has said no to this, and it does not rest on much more by now."""
    topic, municipality = place
    before = RoutingProposal.objects.filter(
        topic_id=topic,
        municipality_id=municipality,
        organization_id=habit.organization_id,
        state=ProposalState.DISMISSED,
    )
    return any(habit.incidents < AGAIN_AT * each for each in before.values_list("incidents", flat=True))


def _kept(
    wanted: dict[Place, _Habit], ruled: dict[Place, Counter[int | None]], now: datetime
) -> list[RoutingProposal]:
    """The open proposals as the figures are now."""
    known = {
        (row.topic_id, row.municipality_id): row
        for row in RoutingProposal.objects.select_for_update(of=("self",)).filter(state=ProposalState.OPEN)
    }
    for place, row in known.items():
        if place not in wanted or row.organization_id != wanted[place].organization_id:
            row.state, row.decided_at = ProposalState.OUTDATED, now
            row.save(update_fields=["state", "decided_at"])
    found = []
    for place, habit in wanted.items():
        row = known.get(place, RoutingProposal())
        if row.pk is None or row.state != ProposalState.OPEN:
            row = RoutingProposal(topic_id=place[0], municipality_id=place[1], made_at=now)
        row.organization_id, row.renewed_at = habit.organization_id, now
        row.incidents, row.agreed = habit.incidents, habit.agreed
        row.by_rules = ruled[place][habit.organization_id]
        row.ruled_id = ruled[place].most_common(1)[0][0]
        fresh = row.pk is None
        row.save()
        if fresh:
            audit.record(
                by=SYSTEM,
                verb="propose_route",
                subject=row,
                now=now,
                incidents=row.incidents,
                agreed=row.agreed,
            )
        found.append(row)
    return found


@transaction.atomic
def accept_proposal(
    *, proposal: RoutingProposal, by: Actor, now: datetime, confirmed: bool = False
) -> RoutingRule:
    """Make the rule, or change the one that asks the same.

    Raises ProposalDecided, BadValue; BreaksCases unless `confirmed`.
    """
    hold_rules()
    proposal = _open(proposal)
    values: dict[str, Any] = {"target": RouteTarget.FIXED, "organization": proposal.organization}
    values |= {"organization_type": "", "body_sphere": ""}
    said = f"{proposal.agreed} из {proposal.incidents}"
    standing = _standing((proposal.topic_id, proposal.municipality_id))
    if standing is None:
        values |= {"topic": proposal.topic, "municipality": proposal.municipality}
        rule = add_rule(values=values, by=by, now=now, reason=said, confirmed=confirmed)
    else:
        rule = change_rule(rule=standing, values=values, by=by, now=now, reason=said, confirmed=confirmed)
    proposal.rule = rule
    _decide(proposal, ProposalState.ACCEPTED, "", by, now)
    return rule


@transaction.atomic
def dismiss_proposal(*, proposal: RoutingProposal, reason: str, by: Actor, now: datetime) -> None:
    """Say no; it comes again only when it rests on twice the incidents. Raises ProposalDecided, BadValue."""
    said = required_line("reason", reason, LONGEST_REASON)
    _decide(_open(proposal), ProposalState.DISMISSED, said, by, now)


def _open(proposal: RoutingProposal) -> RoutingProposal:
    found = (
        RoutingProposal.objects.select_for_update(of=("self",))
        .prefetch_related("topic", "municipality", "organization")
        .get(pk=proposal.pk)
    )
    if found.state != ProposalState.OPEN:
        raise ProposalDecided
    return found


def _decide(proposal: RoutingProposal, state: str, reason: str, by: Actor, now: datetime) -> None:
    proposal.state, proposal.reason = state, reason
    proposal.decided_at, proposal.decided_by = now, by.name
    proposal.save(update_fields=["state", "reason", "decided_at", "decided_by", "rule"])
    audit.record(by=by, verb=f"proposal_{state}", subject=proposal, now=now, reason=reason)
