"""Proposals of routes: made of what people did, never acting by themselves."""

from datetime import datetime

import pytest

from otklik.audit.models import AuditLine
from otklik.casework.models import Incident
from otklik.flow import clock, route_facts
from otklik.registry.models import Municipality, Organization
from otklik.registry.rules.values import BadValue
from otklik.triage import operations as triage
from otklik.triage.models import RoutingProposal, RoutingRule, Topic
from otklik.triage.operations import routing
from otklik.triage.operations.routing_book import Asked
from otklik.triage.operations.routing_cases import BreaksCases, add_case
from otklik.triage.operations.routing_learning import (
    Fact,
    ProposalDecided,
    accept_proposal,
    dismiss_proposal,
    learn_routes,
    set_routing_norm,
)
from tests import cast

pytestmark = pytest.mark.django_db
TOPIC = "ROADS.pothole"


class Place:
    """A municipality with a school's page, where people send potholes to the ministry."""

    def __init__(self) -> None:
        self.municipality: Municipality = cast.municipality()
        self.administration: Organization = cast.administration(self.municipality)
        self.page = cast.page(cast.school(self.municipality))
        self.ministry: Organization = cast.body("Минтранс")

    def facts(self, to_ministry: int, to_administration: int = 0, topic: str = TOPIC) -> list[Fact]:
        told = ((self.ministry, to_ministry), (self.administration, to_administration))
        pk = cast.topic(topic).pk
        return [Fact(pk, self.municipality.pk, self.page.pk, body.pk, count) for body, count in told if count]

    def learn(self, *counts: int, now: datetime = cast.NOW) -> list[RoutingProposal]:
        return learn_routes(facts=self.facts(*counts), now=now)


@pytest.fixture
def place(db: None) -> Place:
    return Place()


def test_a_habit_of_people_against_the_rules_is_proposed_with_its_figures(place: Place) -> None:
    before = set(RoutingRule.objects.values_list("pk", flat=True))
    (made,) = place.learn(9, 1)
    assert (made.organization, made.ruled, made.state) == (place.ministry, place.administration, "open")
    assert (made.incidents, made.agreed, made.by_rules, made.percent) == (10, 9, 0, 90)
    assert set(RoutingRule.objects.values_list("pk", flat=True)) == before
    assert AuditLine.objects.filter(verb="propose_route", subject_id=made.pk).exists()
    (again,) = place.learn(19, 1, now=cast.after(days=1))
    assert (again.pk, again.incidents, again.made_at) == (made.pk, 20, cast.NOW)
    assert again.renewed_at == cast.after(days=1)


@pytest.mark.parametrize("counts", [(9, 0), (8, 2), (0, 20), (89, 10), (0, 0)])
def test_few_or_divided_or_ruled_so_already_propose_nothing(place: Place, counts: tuple[int, int]) -> None:
    assert place.learn(*counts) == []


def test_the_norm_is_the_regions(place: Place) -> None:
    by = cast.dispatcher().actor
    set_routing_norm(values={"least_incidents": 4, "least_percent": 70}, by=by, now=cast.NOW)
    assert len(place.learn(3, 1)) == 1
    for values in ({"least_incidents": 1}, {"least_percent": 50}, {"days": 6}, {"days": "много"}):
        with pytest.raises(BadValue):
            set_routing_norm(values=values, by=by, now=cast.NOW)


def test_what_a_rule_could_not_mend_is_not_proposed(place: Place) -> None:
    by = cast.dispatcher().actor
    values = {"page": place.page, "target": "administration"}
    routing.add_rule(values=values, by=by, now=cast.NOW)
    # The page's own rule would still decide before one about the topic and the municipality.
    assert place.learn(20) == []
    Topic.objects.filter(code="ROADS.signs").update(is_active=False)
    assert learn_routes(facts=place.facts(20, topic="ROADS.signs"), now=cast.NOW) == []
    RoutingRule.objects.filter(page=place.page).update(is_active=False)
    Organization.objects.filter(pk=place.ministry.pk).update(is_active=False)
    assert place.learn(20) == []


def test_a_proposal_goes_out_of_date_when_the_figures_change(place: Place) -> None:
    (made,) = place.learn(10)
    assert place.learn(10, 10) == []
    made.refresh_from_db()
    assert made.state == "outdated"
    with pytest.raises(ProposalDecided):
        accept_proposal(proposal=made, by=cast.dispatcher().actor, now=cast.NOW)


def test_an_accepted_proposal_becomes_a_rule(place: Place) -> None:
    by, (made,) = cast.dispatcher(), place.learn(10)
    rule = accept_proposal(proposal=made, by=by.actor, now=cast.after(hours=1))
    made.refresh_from_db()
    assert (made.state, made.rule, made.decided_by) == ("accepted", rule, by.actor.name)
    asked = Asked(cast.topic(TOPIC), place.page, place.municipality.pk)
    assert triage.routes_for([asked])[0].body == place.ministry.pk
    assert place.learn(10) == []
    with pytest.raises(ProposalDecided):
        dismiss_proposal(proposal=made, reason="нет", by=by.actor, now=cast.NOW)
    # Later people send it back to the administration: the same rule is proposed to be changed.
    (back,) = learn_routes(facts=place.facts(0, 30), now=cast.NOW)
    assert (back.organization, back.ruled) == (place.administration, place.ministry)
    assert accept_proposal(proposal=back, by=by.actor, now=cast.NOW) == rule
    rule.refresh_from_db()
    assert rule.organization == place.administration


def test_an_accepted_proposal_respects_the_test_table(place: Place) -> None:
    by, (made,) = cast.dispatcher().actor, place.learn(10)
    values = {"topic": cast.topic(TOPIC), "municipality": place.municipality, "page": place.page}
    add_case(values=values | {"expected": place.administration}, by=by, now=cast.NOW)
    with pytest.raises(BreaksCases):
        accept_proposal(proposal=made, by=by, now=cast.NOW)
    made.refresh_from_db()
    assert made.state == "open"
    accept_proposal(proposal=made, by=by, now=cast.NOW, confirmed=True)


def test_a_dismissed_proposal_comes_again_only_on_much_more(place: Place) -> None:
    by, (made,) = cast.dispatcher().actor, place.learn(10)
    with pytest.raises(BadValue):
        dismiss_proposal(proposal=made, reason=" ", by=by, now=cast.NOW)
    dismiss_proposal(proposal=made, reason="временно, пока ремонт", by=by, now=cast.NOW)
    assert place.learn(19) == []
    (again,) = place.learn(20)
    assert again.pk != made.pk


def test_facts_are_what_bodies_took_into_work(place: Place) -> None:
    for state in ("triage", "routed", "in_progress", "answered", "closed", "rejected"):
        Incident.objects.filter(pk=cast.incident(state).pk).update(municipality=place.municipality)
    old = cast.incident("closed")
    Incident.objects.filter(pk=old.pk).update(
        municipality=place.municipality, received_at=cast.after(days=-200)
    )
    cast.incident("closed")
    found = route_facts.facts(now=cast.NOW)
    assert sum(each.count for each in found) == 3
    assert {each.municipality_id for each in found} == {place.municipality.pk}


def test_the_nightly_job_proposes(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    set_routing_norm(values={"least_incidents": 2}, by=cast.dispatcher().actor, now=cast.NOW)
    for _ in range(2):
        made = cast.incident("in_progress", body=place.ministry)
        Incident.objects.filter(pk=made.pk).update(municipality=place.municipality)
    monkeypatch.setattr(clock.timezone, "now", lambda: cast.after(days=1))
    clock.learn_routes(timestamp=0)
    assert RoutingProposal.objects.get().organization == place.ministry
