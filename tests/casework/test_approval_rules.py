"""Whose word an answer needs: rules as data, the strongest decides, substitutes speak for who is away."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from otklik.audit.models import AuditLine
from otklik.casework import operations as casework
from otklik.casework import rules
from otklik.casework.models import ApprovalRule, Incident, Substitute
from otklik.casework.operations.approval_rules import FIELDS, deciding_rule
from otklik.casework.rules import ApprovalCase, Writing
from otklik.people.enums import Role
from otklik.people.models import Account
from otklik.registry.models import Organization
from tests import cast
from tests.cast import NOW, after

WRITING = Writing(
    frozenset({1, 2}), frozenset({"executor"}), topic=30, group=3, priority="high", kind="question"
)


@pytest.mark.parametrize(
    ("conditions", "fits"),
    [
        ({}, True),
        ({"organization": 2}, True),
        ({"organization": 9}, False),
        ({"group": 3}, True),
        ({"group": 4}, False),
        ({"topic": 30}, True),
        ({"topic": 31}, False),
        ({"priority": "high"}, True),
        ({"priority": "critical"}, False),
        ({"kind": "complaint"}, False),
        ({"author_role": "executor"}, True),
        ({"author_role": "dispatcher"}, False),
        ({"group": 3, "kind": "complaint"}, False),
    ],
)
def test_a_rule_fits_when_every_condition_holds(conditions: dict[str, Any], fits: bool) -> None:
    assert ApprovalCase(1, **conditions).fits(WRITING) is fits


def test_the_centre_is_stronger_and_the_narrower_decides() -> None:
    wide, narrow = ApprovalCase(1, approver_role="approver"), ApprovalCase(2, topic=30)
    body = ApprovalCase(3, organization=2, topic=30, priority="high", approver=7)
    assert rules.rule_for([body, wide, narrow], WRITING) == narrow
    assert rules.rule_for([body, wide], WRITING) == wide
    assert rules.rule_for([body], WRITING) == body
    assert rules.rule_for([ApprovalCase(4, topic=31)], WRITING) is None
    older = ApprovalCase(1, kind="question")
    assert rules.rule_for([ApprovalCase(5, kind="question"), older], WRITING) == older


def test_a_text_that_was_agreed_to_before_needs_nobody() -> None:
    ready = Writing(frozenset(), frozenset(), 1, 1, "normal", "question", ready=True)
    assert rules.rule_for([ApprovalCase(1, approver_role="approver")], ready) is None


@given(st.lists(st.builds(ApprovalCase, pk=st.integers(1, 9), topic=st.sampled_from([None, 30, 31]))))
def test_what_decides_fits_and_does_not_hang_on_the_order(found: list[ApprovalCase]) -> None:
    one, other = rules.rule_for(found, WRITING), rules.rule_for(reversed(found), WRITING)
    assert one == other
    assert one is None or one.fits(WRITING)


def test_a_rule_without_an_approver_asks_nobody() -> None:
    assert not rules.policy_of(ApprovalCase(1)).needed("final", 0)
    assert not rules.policy_of(None).needed("final", 0)
    for kind in ("final", "interim", "plan"):
        assert rules.policy_of(ApprovalCase(1, approver=7)).needed(kind, 0)


def made(**values: Any) -> ApprovalRule:
    """A rule of the centre that wants an approver's word on everything, unless told otherwise."""
    empty: dict[str, Any] = dict.fromkeys(FIELDS, "")
    empty |= dict.fromkeys(("organization", "group", "topic", "approver"))
    if not values.get("approver"):
        empty["approver_role"] = Role.APPROVER
    return casework.save_approval_rule(values=empty | values, by=cast.SYSTEM, now=NOW)


@pytest.fixture
def incident(db: None) -> Incident:
    return cast.incident("in_progress")


def body_of(incident: Incident) -> Organization:
    assert incident.executor is not None
    return incident.executor


def laid(incident: Incident, by: Account) -> None:
    casework.submit(incident=incident, text="Уберём до пятницы.", resolution="solved", by=by, now=NOW)


def test_without_rules_answers_go_out_at_once(incident: Incident) -> None:
    assert cast.publish(incident).status == "publishing"


def test_by_a_rule_an_answer_waits_for_another(incident: Incident) -> None:
    made()
    with pytest.raises(rules.NeedsApproval):
        cast.publish(incident)
    body = body_of(incident)
    writer, approver = cast.executor(body), cast.account(Role.APPROVER, organization=body)
    laid(incident, writer)
    assert casework.approver_words(incident) == "согласующий"
    assert not casework.approves(incident, writer, NOW)
    for stranger in (cast.dispatcher(), cast.account(Role.APPROVER, organization=cast.body())):
        assert not casework.approves(incident, stranger, NOW)
        with pytest.raises(rules.NotTheApprover):
            casework.approve(incident=incident, by=stranger, now=NOW)
    assert casework.approves(incident, approver, NOW)
    assert casework.approve(incident=incident, by=approver, now=NOW).approved_by == approver


def test_a_template_of_the_centre_goes_out_word_for_word_without_a_second(incident: Incident) -> None:
    made()
    words = {"title": "Звоните 112", "text": "Звоните 112, мы уже едем."}
    values = casework.TemplateValues(**words, without_approval=True)
    casework.add_template(values=values, by=cast.SYSTEM, now=NOW, as_center=True)
    with pytest.raises(rules.NeedsApproval):
        cast.publish(incident, text="Звоните 113, мы уже едем.")
    assert cast.publish(incident, text=words["text"]).status == "publishing"


def test_a_certain_person_is_asked_and_four_eyes_stay(incident: Incident) -> None:
    body = body_of(incident)
    head, other = (cast.account(Role.BODY_HEAD, organization=body) for _ in range(2))
    made(organization=body, approver=head)
    laid(incident, head)
    assert casework.approver_words(incident) == str(head)
    with pytest.raises(rules.FourEyes):
        casework.approve(incident=incident, by=head, now=NOW)
    with pytest.raises(rules.NotTheApprover):
        casework.approve(incident=incident, by=other, now=NOW)
    # Whoever stands in for the author of the text may not be the author either, but may agree.
    casework.add_substitute(
        person=head, deputy=other, since=NOW, until=after(days=1), by=cast.SYSTEM, now=NOW
    )
    assert casework.approve(incident=incident, by=other, now=NOW).approved_by == other


def test_a_substitute_speaks_while_the_other_is_away(incident: Incident) -> None:
    body = body_of(incident)
    head, deputy = cast.account(Role.BODY_HEAD, organization=body), cast.executor(body)
    made(organization=body, approver_role=Role.BODY_HEAD)
    laid(incident, cast.executor(body))
    row = casework.add_substitute(
        person=head, deputy=deputy, since=after(days=1), until=after(days=3), by=cast.SYSTEM, now=NOW
    )
    heard = [casework.approves(incident, deputy, after(days=days)) for days in (0, 1, 2, 3)]
    assert heard == [False, True, True, False]
    casework.end_substitute(substitute=row, by=cast.SYSTEM, now=after(days=2))
    assert not casework.approves(incident, deputy, after(days=2))
    assert Substitute.objects.get().until == after(days=2)
    later = casework.add_substitute(
        person=head, deputy=deputy, since=after(days=9), until=after(days=10), by=cast.SYSTEM, now=NOW
    )
    casework.end_substitute(substitute=later, by=cast.SYSTEM, now=after(days=2))
    assert not Substitute.objects.filter(pk=later.pk).exists()


def test_substitutes_that_make_no_sense_are_refused(incident: Incident) -> None:
    one, two = cast.dispatcher(), cast.dispatcher()
    with pytest.raises(casework.OwnDeputy):
        casework.add_substitute(
            person=one, deputy=one, since=NOW, until=after(days=1), by=cast.SYSTEM, now=NOW
        )
    for since, until in ((after(days=2), after(days=1)), (after(days=-2), after(days=-1))):
        with pytest.raises(casework.WrongDays):
            casework.add_substitute(person=one, deputy=two, since=since, until=until, by=cast.SYSTEM, now=NOW)


def test_rules_are_changed_retired_and_restored_with_a_trace(incident: Incident) -> None:
    rule = made(topic=incident.topic)
    assert deciding_rule(incident, cast.dispatcher()) is not None
    with pytest.raises(casework.SameApprovalRule):
        made(topic=incident.topic)
    casework.retire_approval_rule(rule=rule, by=cast.SYSTEM, now=NOW)
    assert deciding_rule(incident, cast.dispatcher()) is None
    assert not casework.policy_for(incident, cast.dispatcher(), "Уберём.", NOW).needed("final", 0)
    made(topic=incident.topic)
    with pytest.raises(casework.SameApprovalRule):
        casework.restore_approval_rule(rule=rule, by=cast.SYSTEM, now=NOW)
    values = {name: getattr(rule, name) for name in FIELDS} | {"topic": None, "group": incident.topic.group}
    casework.save_approval_rule(values=values, by=cast.SYSTEM, now=NOW, rule=rule)
    verbs = list(AuditLine.objects.filter(verb__contains="approval_rule").values_list("verb", flat=True))
    assert sorted(verbs) == ["retire_approval_rule", *["save_approval_rule"] * 3]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("approval_rule_one_approver", {"approver_role": "approver", "approver": True}),
        ("approval_rule_topic_or_group", {"topic": True, "group": True}),
        ("approval_rule_unique", {}),
    ],
)
def test_the_database_keeps_rules_sound(name: str, values: dict[str, Any]) -> None:
    topic = cast.topic()
    real = {"approver": cast.dispatcher(), "topic": topic, "group": topic.group}
    given = {key: real[key] if value is True else value for key, value in values.items()}
    ApprovalRule.objects.create(changed_at=NOW)
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        ApprovalRule.objects.create(changed_at=NOW, **given)


@pytest.mark.django_db
def test_the_database_keeps_substitutes_sound() -> None:
    one, two = cast.dispatcher(), cast.dispatcher()
    with pytest.raises(IntegrityError, match="substitute_other"), transaction.atomic():
        Substitute.objects.create(person=one, deputy=one, since=NOW, until=after(days=1))
    with pytest.raises(IntegrityError, match="substitute_some_time"), transaction.atomic():
        Substitute.objects.create(person=one, deputy=two, since=NOW, until=NOW)
