"""The terms of keeping: what a rule may be, who changes it, which needs which, and what the database keeps."""

from datetime import timedelta
from typing import Any

import psycopg
import pytest
from django.db import IntegrityError, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from otklik.audit.models import AuditLine
from otklik.casework.enums import RetentionKind, RetentionSince
from otklik.casework.models import RetentionRule, RetentionRun
from otklik.casework.models.retention import LONGEST_DAYS
from otklik.casework.operations.holds import MayNotErase
from otklik.casework.operations.retention_rules import (
    RetentionChanged,
    load_retention_rules,
    save_retention_rule,
)
from otklik.casework.rules import retention as rules
from otklik.people.models import Account
from tests import cast
from tests.cast import NOW

database = pytest.mark.django_db
KINDS = st.sampled_from(RetentionKind.values)
ACTIVE = st.dictionaries(KINDS, st.booleans())
DAYS = st.integers(-10, 5000)


def test_every_kind_has_its_moment_its_bounds_and_a_shipped_rule() -> None:
    assert set(rules.SINCE) == set(rules.BOUNDS) == set(RetentionKind.values)
    assert set(rules.SINCE.values()) <= set(RetentionSince.values)
    assert all(1 <= least <= most <= LONGEST_DAYS for least, most in rules.BOUNDS.values())
    # Bytes go before the words that were read from them: the job goes in the order of the kinds.
    order = RetentionKind.values
    assert all(order.index(rules.EVENTS) < order.index(kind) for kind in rules.WORDS)


@settings(deadline=None)
@given(KINDS, DAYS, st.text(max_size=320), st.booleans(), ACTIVE)
def test_a_rule_is_let_through_exactly_when_nothing_is_wrong(
    kind: str, days: int, ground: str, is_active: bool, active: dict[str, bool]
) -> None:
    least, most = rules.BOUNDS[kind]
    words_without_events = kind in rules.WORDS and is_active and not active.get(rules.EVENTS)
    events_off = kind == rules.EVENTS and not is_active and any(active.get(each) for each in rules.WORDS)
    said = bool(ground.strip()) and len(ground) <= rules.LONGEST_GROUND
    right = least <= days <= most and said and not words_without_events and not events_off
    try:
        rules.check_rule(kind=kind, days=days, ground=ground, is_active=is_active, active=active)
    except (rules.WrongTerm, rules.NeedsItsGround, rules.EventsGoFirst, rules.WordsGoBefore):
        assert not right
    else:
        assert right


@settings(deadline=None)
@given(st.integers(1, 3650), st.integers(1, 3650), st.booleans(), st.booleans())
def test_what_is_not_asked_about_takes_nothing_more(
    days: int, before: int, is_active: bool, was_active: bool
) -> None:
    """The instants before which all goes: a later one takes more, and none is taken while the rule does not hold."""
    if not rules.takes_more(days=days, is_active=is_active, before_days=before, was_active=was_active):
        assert not is_active or (was_active and rules.until(days, NOW) <= rules.until(before, NOW))


@pytest.fixture
def officer(db: None) -> Account:
    cast.region()
    return cast.account("security_officer")


def saved(kind: str, by: Account, **given: Any) -> RetentionRule:
    rule = RetentionRule.objects.get(kind=kind)
    fields: dict[str, Any] = {"days": rule.days, "ground": rule.ground, "is_active": True}
    return save_retention_rule(rule=rule, by=by, now=NOW, **fields | given)


@database
def test_the_shipped_rules_are_right_and_erase_no_words_until_somebody_says_so() -> None:
    shipped = {each.kind: each for each in RetentionRule.objects.all()}
    assert set(shipped) == set(RetentionKind.values)
    active = {kind: rule.is_active for kind, rule in shipped.items()}
    assert {kind for kind, holds in active.items() if holds} == {"events", "refused"}
    for kind, rule in shipped.items():
        rules.check_rule(
            kind=kind, days=rule.days, ground=rule.ground, is_active=rule.is_active, active=active
        )
        assert "152-ФЗ" in rule.ground or "по умолчанию" in rule.ground
    RetentionRule.objects.filter(kind="reads").update(days=400)
    RetentionRule.objects.filter(kind="brought").delete()
    assert load_retention_rules() == 1
    assert RetentionRule.objects.get(kind="reads").days == 400


@database
def test_a_change_leaves_a_line_with_what_was_before(officer: Account) -> None:
    rule = saved("comments", officer, days=400, ground="приказ № 7  от 01.02.2026")
    assert (rule.days, rule.is_active, rule.version) == (400, True, 2)
    assert (rule.ground, rule.changed_by) == ("приказ № 7 от 01.02.2026", officer.full_name)
    line = AuditLine.objects.get(verb="save_retention_rule")
    assert (line.details["before"]["days"], line.details["days"]) == (365, 400)
    stale = RetentionRule.objects.get(pk=rule.pk)
    with pytest.raises(RetentionChanged):
        save_retention_rule(rule=stale, days=30, ground="x", is_active=True, by=officer, now=NOW, version=1)


@database
def test_words_and_events_hold_together(officer: Account) -> None:
    saved("comments", officer)
    with pytest.raises(rules.WordsGoBefore):
        saved("events", officer, is_active=False)
    saved("comments", officer, is_active=False)
    saved("events", officer, is_active=False)
    with pytest.raises(rules.EventsGoFirst):
        saved("dialogs", officer)


@database
def test_a_rule_is_changed_by_whoever_keeps_erasure(officer: Account) -> None:
    for who in (cast.dispatcher(), cast.account("system_admin"), cast.account("methodist")):
        with pytest.raises(MayNotErase):
            saved("comments", who)
    for days in (0, -1, 3651, 10**9):
        with pytest.raises(rules.WrongTerm):
            saved("comments", officer, days=days)
    with pytest.raises(rules.NeedsItsGround):
        saved("comments", officer, ground="  ")
    assert not AuditLine.objects.filter(verb="save_retention_rule").exists()


BROKEN: dict[str, dict[str, Any]] = {
    "retention_rule_kind": {"kind": "events", "days": 5, "ground": "x"},
    "retention_rule_days": {"kind": "new", "days": 0, "ground": "x"},
    "retention_rule_ground": {"kind": "new", "days": 5, "ground": ""},
    "retention_run_one_open": {},
    "retention_run_order": {"ended_at": NOW - timedelta(seconds=1)},
}


@database
@pytest.mark.parametrize("name", BROKEN)
def test_the_database_keeps_rules_and_runs(name: str) -> None:
    run: dict[str, Any] = {"rule_version": 1, "days": 5, "started_at": NOW}
    run["rule"] = RetentionRule.objects.get(kind="events")
    if name == "retention_run_one_open":
        RetentionRun.objects.create(**run)
    model, fields = (
        (RetentionRule, BROKEN[name])
        if name.startswith("retention_rule")
        else (RetentionRun, run | BROKEN[name])
    )
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        model._default_manager.create(**fields)
    cause = caught.value.__cause__
    assert isinstance(cause, psycopg.Error)
    assert cause.diag.constraint_name == name
