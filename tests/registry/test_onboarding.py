"""The way of an organisation to a page: nothing is skipped, everything is written down."""

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from otklik.audit.models import AuditLine
from otklik.common.actor import SYSTEM
from otklik.registry import operations as registry
from otklik.registry.enums import CheckCode, OnboardingStage
from otklik.registry.models import (
    FieldChange,
    OnboardingCase,
    OnboardingCheck,
    OnboardingStep,
    PageCheck,
)
from otklik.registry.rules import onboarding as rules
from tests import cast

NOW = {"by": SYSTEM, "now": cast.NOW}


def test_the_stages_and_facts_are_those_of_the_register() -> None:
    assert {*rules.STAGES, rules.CANCELLED} == set(OnboardingStage.values) == set(rules.CHECKLIST)
    facts = {code for item in rules.ITEMS.values() for code in item.facts}
    assert facts <= set(CheckCode.values)
    assert sum(len(items) for items in rules.CHECKLIST.values()) == len(rules.ITEMS), "a code stands once"
    for item in rules.ITEMS.values():
        assert item.title
        assert item.help
        assert item.facts or not item.by_fact


def test_what_is_missing_is_what_nobody_ticked_and_no_fact_shows() -> None:
    items = [item.code for item in rules.CHECKLIST["created"]]
    assert [item.code for item in rules.missing("created", (), {})] == items
    fine = {
        "description": "fine",
        "category": "fine",
        "avatar": "fine",
        "cover": "gap",
        "comments": "unknown",
    }
    left = [item.code for item in rules.missing("created", {"name"}, fine)]
    assert left == ["contacts", "avatar", "site", "comments"]
    assert rules.missing("connected", (), {}) == []


def test_stages_follow_each_other() -> None:
    assert [rules.stage_after(stage) for stage in rules.STAGES[:-1]] == list(rules.STAGES[1:])
    assert [rules.stage_before(stage) for stage in rules.STAGES[1:-1]] == list(rules.STAGES[:-2])
    for ended in ("connected", "cancelled"):
        with pytest.raises(rules.LastStage):
            rules.stage_after(ended)
        with pytest.raises(rules.LastStage):
            rules.stage_before(ended)
    with pytest.raises(rules.FirstStage):
        rules.stage_before("requested")


def test_a_message_names_what_is_missing() -> None:
    fact = rules.NotReady(rules.missing("designed", (), {}))
    assert [item.code for item in fact.missing] == ["administrators", "two_factor", "badge", "widgets"]
    assert "Метка «Госорганизация» подтверждена" in str(fact)


def _start(**fields: Any) -> OnboardingCase:
    body = fields.pop("organization", None) or cast.school()
    return registry.start_onboarding(organization=body, network="vk", **NOW, **fields)


def _tick_all(case: OnboardingCase) -> None:
    for item in rules.CHECKLIST[case.stage]:
        if not item.by_fact:
            registry.tick(case=case, code=item.code, evidence="видел сам", **NOW)


def _case_at(stage: str) -> OnboardingCase:
    """A case led to the stage by the verbs."""
    case = _start()
    if stage == "requested":
        return case
    case = registry.attach_page(case=case, page=cast.page(case.organization), **NOW)
    while case.stage != stage:
        _tick_all(case)
        if case.stage == "designed":
            assert case.page is not None
            registry.set_badge(page=case.page, status="confirmed", evidence="снимок", **NOW)
        case = registry.advance(case=case, **NOW)
    return case


@pytest.mark.django_db
def test_a_case_begins_with_a_term_in_working_days() -> None:
    cast.region()
    case = _start(contact=" Анна Белова, 8-383 ", note="позвонили сами")
    assert (case.stage, case.contact, case.due_on) == ("requested", "Анна Белова, 8-383", date(2026, 11, 25))
    step = OnboardingStep.objects.get()
    assert (step.stage, step.note, step.actor_name) == ("requested", "позвонили сами", SYSTEM.name)
    assert AuditLine.objects.get(verb="start_onboarding").details == {"network": "vk"}


@pytest.mark.django_db
def test_one_case_at_a_time_in_a_network() -> None:
    case = _start()
    with pytest.raises(registry.AlreadyUnderWay):
        _start(organization=case.organization)
    registry.start_onboarding(organization=case.organization, network="ok", **NOW)
    with pytest.raises(IntegrityError, match="onboarding_one_open"), transaction.atomic():
        OnboardingCase.objects.create(
            organization=case.organization, network="vk", started_at=cast.NOW, stage_at=cast.NOW
        )
    registry.cancel_onboarding(case=case, note="передумали", **NOW)
    assert _start(organization=case.organization).stage == "requested"


@pytest.mark.django_db
def test_the_whole_way_to_a_connected_page() -> None:
    case = _case_at("verified")
    assert case.page is not None
    with pytest.raises(registry.NotReady) as told:
        registry.advance(case=case, **NOW)
    assert [item.code for item in told.value.missing] == ["connection"]
    ended = registry.mark_connected(page=case.page, **NOW)
    assert ended is not None
    assert (ended.stage, ended.due_on) == ("connected", None)
    stages = [step.stage for step in OnboardingStep.objects.order_by("pk")]
    assert stages == list(rules.STAGES)
    assert registry.mark_connected(page=case.page, **NOW) is None
    moves = FieldChange.objects.filter(subject_type="registry.onboardingcase", field="stage").order_by("pk")
    assert [row.new for row in moves] == list(rules.STAGES)
    with pytest.raises(registry.LastStage):
        registry.advance(case=ended, **NOW)


@pytest.mark.django_db
def test_a_connection_that_comes_early_is_remembered() -> None:
    case = _case_at("created")
    assert case.page is not None
    early = registry.mark_connected(page=case.page, **NOW)
    again = registry.mark_connected(page=case.page, **NOW)
    assert early is not None
    assert again is not None
    assert (early.stage, OnboardingCheck.objects.filter(code="connection").count()) == ("created", 1)
    for _stage in range(3):
        case.refresh_from_db()
        _tick_all(case)
        if case.stage == "designed":
            registry.set_badge(page=case.page, status="confirmed", evidence="снимок", **NOW)
        case = registry.advance(case=case, **NOW)
    assert case.stage == "connected"


@pytest.mark.django_db
def test_facts_of_the_passport_tick_by_themselves() -> None:
    case = _case_at("created")
    fine = (
        "name",
        "description",
        "category",
        "address",
        "phone",
        "email",
        "hours",
        "avatar",
        "cover",
        "site",
        "site_link",
    )
    for code in fine:
        PageCheck.objects.create(page=case.page, code=code, state="fine", since=cast.NOW, checked_at=cast.NOW)
    PageCheck.objects.create(
        page=case.page, code="comments", state="gap", since=cast.NOW, checked_at=cast.NOW
    )
    assert [item.code for item in registry.missing_of(case)] == ["comments"]
    PageCheck.objects.filter(code="comments").update(state="fine")
    assert registry.advance(case=case, **NOW).stage == "designed"


@pytest.mark.django_db
def test_only_the_register_says_that_a_badge_is_there() -> None:
    case = _case_at("designed")
    assert case.page is not None
    _tick_all(case)
    PageCheck.objects.create(page=case.page, code="badge", state="fine", since=cast.NOW, checked_at=cast.NOW)
    with pytest.raises(registry.NotReady) as told:
        registry.advance(case=case, **NOW)
    assert [item.code for item in told.value.missing] == ["badge"]
    with pytest.raises(registry.OnlyByFact):
        registry.tick(case=case, code="badge", **NOW)
    with pytest.raises(registry.OnlyByFact):
        registry.untick(case=case, code="connection", **NOW)
    registry.set_badge(page=case.page, status="confirmed", evidence="снимок", **NOW)
    assert registry.advance(case=case, **NOW).stage == "verified"


@pytest.mark.django_db
def test_a_tick_keeps_its_evidence_and_can_be_taken_back() -> None:
    case = _start()
    by = cast.account().actor
    check = registry.tick(case=case, code="contact", evidence=" приказ № 3 ", by=by, now=cast.NOW)
    assert (check.evidence, check.actor_id) == ("приказ № 3", by.id)
    registry.tick(case=case, code="contact", evidence="приказ № 4", by=by, now=cast.NOW)
    assert OnboardingCheck.objects.get().evidence == "приказ № 4"
    registry.untick(case=case, code="contact", by=by, now=cast.NOW)
    registry.untick(case=case, code="contact", by=by, now=cast.NOW)
    assert not OnboardingCheck.objects.exists()
    kept = FieldChange.objects.filter(field="checklist").order_by("pk").values_list("old", "new")
    assert list(kept) == [("", "contact"), ("", "contact"), ("contact", "")]
    assert AuditLine.objects.filter(verb="untick").count() == 1
    with pytest.raises(registry.UnknownItem):
        registry.tick(case=case, code="dance", **NOW)
    twice = [OnboardingCheck(case=case, code="name", at=cast.NOW, actor_name="x") for _ in range(2)]
    with pytest.raises(IntegrityError, match="onboarding_check_unique"), transaction.atomic():
        OnboardingCheck.objects.bulk_create(twice)


@pytest.mark.django_db
def test_a_page_of_somebody_else_is_not_attached() -> None:
    case = _start()
    body = case.organization
    closed = cast.page(body)
    registry.close_page(page=closed, reason="старая", **NOW)
    closed.refresh_from_db()
    for page in (
        cast.page(),
        cast.page(body, network="ok"),
        cast.page(body, kind="personal", person_name="Иван"),
        closed,
    ):
        with pytest.raises(registry.WrongPage):
            registry.attach_page(case=case, page=page, **NOW)
    with pytest.raises(registry.NotReady) as told:
        registry.advance(case=case, **NOW)
    assert [item.code for item in told.value.missing] == ["contact", "page"]
    with pytest.raises(IntegrityError, match="onboarding_created_has_page"), transaction.atomic():
        OnboardingCase.objects.filter(pk=case.pk).update(stage="created")


@pytest.mark.django_db
def test_a_step_back_says_why() -> None:
    case = _case_at("designed")
    with pytest.raises(registry.ReasonNeeded):
        registry.step_back(case=case, note="", **NOW)
    back = registry.step_back(case=case, note="сменили название", **NOW)
    assert back.stage == "created"
    back = registry.step_back(case=back, note="страница захвачена", **NOW)
    with pytest.raises(registry.FirstStage):
        registry.step_back(case=back, note="ещё", **NOW)
    assert OnboardingStep.objects.order_by("-pk")[0].note == "страница захвачена"


@pytest.mark.django_db
def test_whoever_looks_at_an_old_card_is_told() -> None:
    case = _case_at("requested")
    stale = OnboardingCase.objects.get(pk=case.pk)
    page = cast.page(case.organization)
    registry.attach_page(case=case, page=page, **NOW)
    for act in (
        lambda: registry.attach_page(case=stale, page=page, **NOW),
        lambda: registry.advance(case=stale, **NOW),
        lambda: registry.step_back(case=stale, note="а", **NOW),
        lambda: registry.cancel_onboarding(case=stale, note="а", **NOW),
    ):
        with pytest.raises(registry.StaleCase):
            act()
    # Ticks commute, so an old card may still tick.
    registry.tick(case=stale, code="contact", **NOW)


@pytest.mark.django_db
def test_an_ended_case_stays_as_it_is() -> None:
    case = _start()
    with pytest.raises(registry.ReasonNeeded):
        registry.cancel_onboarding(case=case, note=" ", **NOW)
    ended = registry.cancel_onboarding(case=case, note="закрыта", **NOW)
    for act in (
        lambda: registry.cancel_onboarding(case=ended, note="ещё", **NOW),
        lambda: registry.tick(case=ended, code="contact", **NOW),
        lambda: registry.untick(case=ended, code="contact", **NOW),
        lambda: registry.attach_page(case=ended, page=cast.page(case.organization), **NOW),
        lambda: registry.advance(case=ended, **NOW),
    ):
        with pytest.raises(registry.LastStage):
            act()
