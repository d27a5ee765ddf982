"""Rules of routing as rows: what people do with them, what the database refuses, how live questions follow them."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from otklik.audit.models import AuditLine
from otklik.registry.models import Organization, Settlement
from otklik.registry.rules.values import BadValue
from otklik.triage import operations as triage
from otklik.triage.models import (
    RoutingCase,
    RoutingChange,
    RoutingNorm,
    RoutingProposal,
    RoutingRule,
    Verdict,
)
from otklik.triage.operations import routing
from otklik.triage.operations.routing_book import Asked
from otklik.triage.operations.routing_catch import caught_by
from otklik.triage.operations.routing_defaults import SHIPPED, load_routes
from tests import cast

pytestmark = pytest.mark.django_db


def add(**values: Any) -> RoutingRule:
    return routing.add_rule(values=values, by=cast.dispatcher().actor, now=cast.NOW, confirmed=True)


def route(topic: str, page: Any, municipality: Any = None, settlement: Any = None) -> Any:
    asked = Asked(cast.topic(topic), page, municipality and municipality.pk, settlement and settlement.pk)
    return triage.routes_for([asked])[0]


def test_the_shipped_rules_are_there_and_are_not_brought_again() -> None:
    assert set(RoutingRule.objects.values_list("code", flat=True)) == set(SHIPPED)
    rule = RoutingRule.objects.get(code="page")
    routing.retire_rule(rule=rule, reason="решаем сами", by=cast.dispatcher().actor, now=cast.NOW)
    assert load_routes() == 0
    assert not RoutingRule.objects.get(code="page").is_active


def test_a_municipal_matter_goes_to_the_administration_of_the_place() -> None:
    here, there = cast.municipality(), cast.municipality()
    own, other = cast.administration(here), cast.administration(there)
    school = cast.page(cast.school(here))
    assert route("ROADS.pothole", school, there).body == other.pk
    assert route("ROADS.pothole", school).body == own.pk
    assert route("HEALTH.staff", school, there).body == school.organization_id
    assert route("ROADS.pothole", cast.page(own), there).body == own.pk
    assert route("ROADS.pothole", school, cast.municipality()).body == school.organization_id


def test_a_message_goes_by_the_rules_and_its_verdict_says_why() -> None:
    message = cast.message("На улице Мира огромная яма на дороге, когда починят?")
    ministry = cast.body("Минтранс")
    rule = add(group=cast.topic("ROADS.pothole").group, target="fixed", organization=ministry)
    judged = triage.judge_messages(messages=[message], now=cast.NOW)[0]
    verdict = Verdict.objects.get(message=message)
    assert judged.suggested_id == verdict.suggested_id == ministry.pk
    assert ["group", "Дороги"] in verdict.because
    assert verdict.because[-1] == ["rule", str(rule.pk)]


def test_a_batch_costs_one_question_about_the_version() -> None:
    page = cast.page()
    asked = [Asked(topic, page) for topic in triage.topics_by_code().values()]
    triage.routes_for(asked)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        triage.routes_for(asked * 5)
    assert len(queries) == 1
    ministry = cast.body("Минтранс")
    add(target="fixed", organization=ministry, level="R")
    assert {each.body for each in triage.routes_for([Asked(cast.topic("HEALTH.staff"), page)])} == {
        ministry.pk
    }


def test_a_settlement_and_a_type_of_body_are_rules_too() -> None:
    place = cast.municipality()
    town = Settlement.objects.create(municipality=place, name="Кольцово", kind="рабочий посёлок")
    water = [cast.body(f"Водоканал {name}", level="utility", type="utility", municipality=place, settlement=name)
             for name in ("Кольцово", "Обь")]  # fmt: skip
    add(topic=cast.topic("HOUSING.cold_water"), target="type", organization_type="utility")
    page = cast.page(cast.school(place))
    assert route("HOUSING.cold_water", page, place, town).body == water[0].pk
    # Two of them and no settlement: the next rule, and in the end the page's own body.
    assert route("HOUSING.cold_water", page, place).body == page.organization_id
    Organization.objects.filter(pk=water[0].pk).update(spheres=["housing"], level="regional", type="ministry")
    add(settlement=town, target="sphere", body_sphere="housing")
    assert route("EDU.school", page, place, town).body == water[0].pk


def test_a_closed_body_is_passed_over() -> None:
    ministry, page = cast.body("Минтранс"), cast.page()
    rule = add(topic=cast.topic("ROADS.repair"), target="fixed", organization=ministry)
    Organization.objects.filter(pk=ministry.pk).update(is_active=False)
    cache.clear()
    found = route("ROADS.repair", page)
    assert (found.body, found.passed) == (page.organization_id, (rule.pk,))


def test_every_change_is_kept_with_what_was_before() -> None:
    by, ministry = cast.dispatcher(), cast.body("Минтранс")
    rule = add(level="R", target="fixed", organization=ministry, note="для проверки")
    same = routing.change_rule(rule=rule, values={"note": "для проверки"}, by=by.actor, now=cast.NOW)
    assert same.changes.count() == 1
    routing.change_rule(
        rule=rule, values={"level": "U"}, by=by.actor, now=cast.after(hours=1), reason="ошиблись уровнем"
    )
    change = rule.changes.order_by("-pk").first()
    assert change is not None
    assert (change.before["level"], change.after["level"], change.reason) == ("R", "U", "ошиблись уровнем")
    rule.refresh_from_db()
    assert (rule.changed_by, rule.changed_at) == (by.actor.name, cast.after(hours=1))
    routing.retire_rule(rule=rule, reason="не нужно", by=by.actor, now=cast.NOW)
    with pytest.raises(routing.RuleRetired):
        routing.retire_rule(rule=rule, reason="не нужно", by=by.actor, now=cast.NOW)
    with pytest.raises(routing.RuleRetired):
        routing.change_rule(rule=rule, values={"level": "S"}, by=by.actor, now=cast.NOW)
    routing.restore_rule(rule=rule, by=by.actor, now=cast.NOW)
    with pytest.raises(routing.RuleActive):
        routing.restore_rule(rule=rule, by=by.actor, now=cast.NOW)
    verbs = list(rule.changes.order_by("pk").values_list("verb", flat=True))
    assert verbs == ["add_rule", "change_rule", "retire_rule", "restore_rule"]
    assert AuditLine.objects.filter(subject_type="triage.routingrule", subject_id=rule.pk).count() == 4


def _closed() -> Organization:
    Organization.objects.filter(pk=(found := cast.body()).pk).update(is_active=False)
    return Organization.objects.get(pk=found.pk)


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("target", dict),
        ("target", lambda: {"target": "nowhere"}),
        ("organization", lambda: {"target": "fixed"}),
        ("organization", lambda: {"target": "page", "organization": cast.body()}),
        ("organization", lambda: {"target": "fixed", "organization": _closed()}),
        ("organization_type", lambda: {"target": "type"}),
        ("organization_type", lambda: {"target": "type", "organization_type": "нет такого"}),
        ("organization_type", lambda: {"target": "page", "organization_type": "school"}),
        ("body_sphere", lambda: {"target": "page", "body_sphere": "health"}),
        ("group", lambda: {"target": "page", "topic": cast.topic(), "group": cast.topic().group}),
        ("page", lambda: {"target": "page", "page": cast.page(), "sphere": "health"}),
        ("level", lambda: {"target": "page", "level": "X"}),
        ("precedence", lambda: {"target": "page", "precedence": 100_000}),
        ("note", lambda: {"target": "page", "level": "S", "note": "ю" * 301}),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused_beside_its_field(
    field: str, values: Callable[[], dict[str, Any]]
) -> None:
    with pytest.raises(BadValue) as refused:
        add(**values())
    assert refused.value.field == field


def test_a_rule_that_asks_the_same_is_refused_unless_it_waits_its_turn() -> None:
    with pytest.raises(routing.SameRule):
        add(target="administration")
    first = add(target="administration", precedence=1)
    found = route("EDU.school", cast.page(cast.school(cast.municipality())))
    assert found.passed == (first.pk,)
    shipped = RoutingRule.objects.get(code="page")
    routing.retire_rule(rule=shipped, reason="временно", by=cast.dispatcher().actor, now=cast.NOW)
    add(target="page")
    with pytest.raises(routing.SameRule):
        routing.restore_rule(rule=shipped, by=cast.dispatcher().actor, now=cast.NOW)


def rule(**fields: Any) -> None:
    RoutingRule.objects.create(**{"target": "page", "level": "R"} | fields)


def proposal(**fields: Any) -> None:
    defaults = {"incidents": 10, "agreed": 9, "by_rules": 0, "made_at": cast.NOW, "renewed_at": cast.NOW}
    RoutingProposal.objects.create(**defaults | fields)


def case(**fields: Any) -> None:
    RoutingCase.objects.create(**{"topic": cast.topic(), "changed_at": cast.NOW, "changed_by": "я"} | fields)


def _twice(make: Callable[..., None], **fields: Any) -> None:
    make(**fields)
    make(**fields)


def _place() -> dict[str, Any]:
    here = cast.municipality()
    return {"municipality": here, "settlement": Settlement.objects.create(municipality=here, name="Обь")}


BROKEN: dict[str, Callable[[], None]] = {
    "routing_rule_topic_or_group": lambda: rule(topic=cast.topic(), group=cast.topic().group),
    "routing_rule_one_place": lambda: rule(**_place()),
    "routing_rule_page_or_its_kind": lambda: rule(page=cast.page(), page_level="regional"),
    "routing_rule_fixed_body": lambda: rule(target="fixed"),
    "routing_rule_type_of_body": lambda: rule(organization_type="school"),
    "routing_rule_asks_once": lambda: _twice(rule),
    "routing_rule_code_unique": lambda: _twice(rule, code="mine", is_active=False),
    "routing_case_unique": lambda: _twice(case),
    "routing_case_one_place": lambda: case(**_place()),
    "routing_proposal_one_open": lambda: _twice(
        proposal, topic=cast.topic(), municipality=_place()["municipality"], organization=cast.body()
    ),
    "routing_proposal_figures": lambda: proposal(
        topic=cast.topic(), municipality=cast.municipality(), organization=cast.body(), agreed=11
    ),
    "routing_norm_is_one": lambda: [RoutingNorm.objects.create() for _ in range(2)] and None,
    "routing_norm_sane": lambda: RoutingNorm.objects.create(least_percent=50) and None,
}


@pytest.mark.parametrize("promise", BROKEN)
def test_the_database_keeps_its_promises(promise: str) -> None:
    if promise == "routing_proposal_one_open":
        fields = {"topic": cast.topic(), "municipality": cast.municipality(), "organization": cast.body()}
        proposal(**fields, state="dismissed")
        proposal(**fields)
        with pytest.raises(IntegrityError, match=promise), transaction.atomic():
            proposal(**fields)
        return
    with pytest.raises(IntegrityError, match=promise), transaction.atomic():
        BROKEN[promise]()


def test_a_draft_says_what_it_would_have_caught() -> None:
    page, ministry = cast.page(), cast.body("Минтранс")
    place = cast.municipality()
    for number in range(4):
        cast.verdict(cast.message(), topic=cast.topic("ROADS.repair"), municipality=place if number else None)
    cast.verdict(cast.message(), topic=cast.topic("ROADS.repair"), decided_at=cast.after(days=-40))
    cast.verdict(cast.message(), topic=cast.topic("HEALTH.staff"))
    draft = routing.draft_of(
        None, {"topic": cast.topic("ROADS.repair"), "municipality": place, "target": "fixed",
               "organization": ministry},
    )  # fmt: skip
    found = caught_by(draft, now=cast.NOW)
    assert (found.fitting, found.looked, found.decided, found.elsewhere) == (3, 3, 3, 3)
    assert {(new, n) for _old, new, n in found.moved} == {(ministry, 1)}
    finer = add(topic=cast.topic("ROADS.repair"), municipality=place, page=page, target="page")
    assert caught_by(draft, now=cast.NOW).decided == 3
    assert caught_by(finer, now=cast.NOW).fitting == 0
    assert caught_by(RoutingRule.objects.get(code="page"), now=cast.NOW).fitting == 5
    assert RoutingChange.objects.count() == 1
