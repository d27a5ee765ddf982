"""Systemic decisions: from the proposal to the figures that say whether fewer people complain."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from otklik.audit.models import AuditLine
from otklik.casework.models import Incident, SystemicBasis, SystemicDecision
from otklik.casework.operations import NeedsReason, StaleCard, systemic, systemic_basis
from otklik.casework.operations.systemic_basis import Wanted
from otklik.casework.operations.systemic_effect import kept_figures, measured
from otklik.casework.rules import systemic as rules
from otklik.registry.operations import local_date
from tests import cast
from tests.casework.mass import Town, town

pytestmark = pytest.mark.django_db
NOW = cast.NOW
TODAY = NOW.date()
ACT = rules.Act("order", "214-р", TODAY, "")


@pytest.fixture
def berdsk() -> Town:
    return town()


def said(berdsk: Town, **given: Any) -> systemic.Decided:
    fields: dict[str, Any] = {
        "cause": "Подстанция старая", "measure": "Заменить трансформатор.", "topics": [berdsk.topic],
        "executor": berdsk.body, "municipalities": [berdsk.municipality], "window_days": 10,
    }  # fmt: skip
    return systemic.Decided(**fields | given)


def proposed(berdsk: Town, **given: Any) -> SystemicDecision:
    return systemic.propose_decision(said=said(berdsk, **given), by=berdsk.dispatcher, now=NOW)


def moved(verb: Any, decision: SystemicDecision, berdsk: Town, **given: Any) -> SystemicDecision:
    fields: dict[str, Any] = {"decision": decision, "by": berdsk.dispatcher, "now": NOW} | given
    found: SystemicDecision = verb(**fields)
    return found


def finished(berdsk: Town, days_ago: int = 0, **given: Any) -> SystemicDecision:
    decision = moved(systemic.agree_decision, proposed(berdsk, **given), berdsk)
    done_on = TODAY - timedelta(days=days_ago)
    return moved(systemic.finish_decision, decision, berdsk, act=ACT, done_on=done_on)


def at(days: int) -> datetime:
    """So many days from now, at the same hour."""
    return NOW + timedelta(days=days)


def test_a_proposal_keeps_what_was_said_without_names_and_phones(berdsk: Town) -> None:
    made = proposed(berdsk, cause="  Нет света,  звоните +7 913 912-34-56 ", expected="Жалоб вдвое меньше")
    assert (made.state, made.number, made.version) == ("proposed", f"С-{made.pk}", 1)
    assert "912-34-56" not in made.cause
    assert [each.pk for each in made.topics.all()] == [berdsk.topic.pk]
    line = AuditLine.objects.get(verb="propose_systemic", subject_id=made.pk)
    assert (line.actor_id, line.details["topics"]) == (berdsk.dispatcher.pk, [berdsk.topic.code])
    assert "912-34-56" not in str(line.details)


@pytest.mark.parametrize(
    ("given", "fact"),
    [
        ({"cause": " "}, systemic.DecisionIsIncomplete),
        ({"measure": " "}, systemic.DecisionIsIncomplete),
        ({"topics": []}, systemic.DecisionIsIncomplete),
        ({"window_days": 3}, rules.WrongWindow),
        ({"act": rules.Act("rumour", "1", TODAY, "")}, systemic.UnknownAct),
    ],
)
def test_a_proposal_without_substance_is_refused(
    berdsk: Town, given: dict[str, Any], fact: type[Exception]
) -> None:
    with pytest.raises(fact):
        proposed(berdsk, **given)
    assert not SystemicDecision.objects.exists()


def test_changing_leaves_a_line_and_minds_who_was_faster(berdsk: Town) -> None:
    made = proposed(berdsk)
    other = said(berdsk, cause="Кабель сгнил", municipalities=[])
    changed = moved(systemic.change_decision, made, berdsk, said=other, version=1)
    assert (changed.cause, changed.version, list(changed.municipalities.all())) == ("Кабель сгнил", 2, [])
    with pytest.raises(StaleCard):
        moved(systemic.change_decision, made, berdsk, said=other, version=1)
    assert AuditLine.objects.filter(verb="change_systemic", subject_id=made.pk).count() == 1
    done = finished(berdsk)
    with pytest.raises(rules.NeedsAct):
        moved(systemic.change_decision, done, berdsk, said=said(berdsk))
    declined = moved(systemic.decline_decision, proposed(berdsk), berdsk, reason="Нет денег.")
    with pytest.raises(rules.IllegalStep):
        moved(systemic.change_decision, declined, berdsk, said=other)


def test_the_road_from_proposal_to_done(berdsk: Town) -> None:
    made = proposed(berdsk)
    with pytest.raises(rules.IllegalStep):
        moved(systemic.begin_decision, made, berdsk)
    made = moved(systemic.begin_decision, moved(systemic.agree_decision, made, berdsk), berdsk)
    assert made.state == "in_work"
    with pytest.raises(rules.NeedsAct):
        moved(systemic.finish_decision, made, berdsk, act=rules.Act("order", "", TODAY, ""), done_on=TODAY)
    with pytest.raises(rules.NeedsDoneDay):
        moved(systemic.finish_decision, made, berdsk, act=ACT, done_on=TODAY + timedelta(days=2))
    done = moved(systemic.finish_decision, made, berdsk, act=ACT, done_on=TODAY)
    assert (done.state, done.act_number, done.done_on) == ("done", "214-р", TODAY)
    told = AuditLine.objects.filter(subject_type="casework.systemicdecision", subject_id=made.pk)
    assert list(told.order_by("pk").values_list("verb", flat=True)) == [
        "propose_systemic", "agree_systemic", "begin_systemic", "finish_systemic",
    ]  # fmt: skip


def test_declining_needs_a_reason_and_can_be_taken_back(berdsk: Town) -> None:
    made = proposed(berdsk)
    with pytest.raises(NeedsReason):
        moved(systemic.decline_decision, made, berdsk, reason=" ")
    declined = moved(systemic.decline_decision, made, berdsk, reason="Нет денег в бюджете.")
    assert (declined.state, declined.decline_reason) == ("declined", "Нет денег в бюджете.")
    back = moved(systemic.restore_decision, declined, berdsk)
    assert (back.state, back.decline_reason) == ("proposed", "")
    assert AuditLine.objects.get(verb="decline_systemic").reason == "Нет денег в бюджете."


def test_incidents_come_once_and_go_with_a_line(berdsk: Town) -> None:
    made, first, second = proposed(berdsk), berdsk.asks(), berdsk.asks()
    assert moved(systemic_basis.add_to_basis, made, berdsk, incidents=[first.pk, second.pk]) == 2
    with pytest.raises(systemic_basis.NothingToAdd):
        moved(systemic_basis.add_to_basis, made, berdsk, incidents=[first.pk])
    systemic_basis.take_from_basis(decision=made, incident=first, by=berdsk.dispatcher, now=NOW)
    with pytest.raises(systemic_basis.NotInBasis):
        systemic_basis.take_from_basis(decision=made, incident=first, by=berdsk.dispatcher, now=NOW)
    assert list(made.basis.values_list("incident", flat=True)) == [second.pk]
    line = AuditLine.objects.get(verb="take_from_systemic")
    assert line.details["incident"] == first.pk
    declined = moved(systemic.decline_decision, made, berdsk, reason="Нет денег.")
    with pytest.raises(rules.IllegalStep):
        moved(systemic_basis.add_to_basis, declined, berdsk, incidents=[first.pk])


def test_a_mass_problem_comes_with_its_members(berdsk: Town) -> None:
    members = [berdsk.asks() for _ in range(3)]
    problem = berdsk.problem(members)
    made = proposed(berdsk)
    moved(systemic_basis.add_to_basis, made, berdsk, incidents=[members[0].pk])
    assert moved(systemic_basis.add_to_basis, made, berdsk, problems=[problem]) == 2
    assert set(made.basis.values_list("problem", flat=True)) == {problem.pk}
    with pytest.raises(systemic_basis.NothingToAdd):
        moved(systemic_basis.add_to_basis, made, berdsk, problems=[problem])


def test_all_that_match_come_by_topic_place_and_time(berdsk: Town) -> None:
    here = [berdsk.asks(at=at(-days)) for days in (0, 3, 30)]
    berdsk.asks(municipality=cast.municipality())
    berdsk.asks("reject")
    made = proposed(berdsk)
    wanted = Wanted(since=local_date(at(-5)), until=local_date(NOW))
    assert [each.pk for each in systemic_basis.matching(made, wanted)] == [here[0].pk, here[1].pk]
    assert moved(systemic_basis.add_matching_to_basis, made, berdsk, wanted=wanted) == 2
    with pytest.raises(systemic_basis.NothingToAdd):
        moved(systemic_basis.add_matching_to_basis, made, berdsk, wanted=wanted)
    narrow = Wanted(topic=berdsk.topic.pk, municipality=berdsk.municipality.pk)
    assert [each.pk for each in systemic_basis.matching(made, narrow)] == [here[2].pk]
    everywhere = proposed(berdsk, municipalities=[])
    assert systemic_basis.matching(everywhere, Wanted()).count() == 4


def test_figures_count_the_days_of_the_region_around_the_day_it_was_done(berdsk: Town) -> None:
    done = finished(berdsk, days_ago=20)
    for days in (-31, -30, -21, -20, -19, -10, -9, 0):
        berdsk.asks(at=at(days))
    berdsk.asks("reject", at=at(-19))
    berdsk.asks(at=at(-19), municipality=cast.municipality())
    found = measured(decision=done, now=NOW)
    assert found is not None
    # The day itself and what is further than ten days are on neither side.
    assert (found.before, found.after, found.days.is_over, found.change) == (2, 2, True, 0)
    assert (found.year_before, found.year_after, found.year_change) == (None, None, None)
    assert measured(decision=proposed(berdsk), now=NOW) is None


def test_a_year_ago_is_shown_where_messages_were_gathered_then(berdsk: Town) -> None:
    done, year = finished(berdsk, days_ago=20), -364
    berdsk.asks(at=at(year - 40))
    for days in (-25, -24, -15, -20):
        berdsk.asks(at=at(year + days))
    found = measured(decision=done, now=NOW)
    assert found is not None
    assert (found.year_before, found.year_after, found.year_change) == (2, 1, -50)


def test_days_that_are_not_over_are_no_figure_yet(berdsk: Town) -> None:
    done = finished(berdsk, days_ago=5)
    for days in (-7, -4, 0):
        berdsk.asks(at=at(days))
    found = measured(decision=done, now=NOW)
    assert found is not None
    assert (found.before, found.after, found.days.passed, found.change) == (1, 1, 4, None)
    with pytest.raises(rules.TooEarly):
        moved(systemic.check_effect, done, berdsk, effect="helped", note="Тихо.")


def test_a_check_keeps_the_figures_with_a_persons_word(berdsk: Town) -> None:
    done = finished(berdsk, days_ago=20)
    for days in (-25, -24, -15):
        berdsk.asks(at=at(days))
    for given in ({"effect": "helped", "note": " "}, {"effect": "magic", "note": "Тихо."}):
        with pytest.raises(systemic.NeedsEffect):
            moved(systemic.check_effect, done, berdsk, **given)
    checked = moved(systemic.check_effect, done, berdsk, effect="helped", note="Аварий не было.")
    assert (checked.state, checked.before, checked.after, checked.year_before) == ("checked", 2, 1, None)
    Incident.objects.update(received_at=at(-200))
    kept = kept_figures(checked, now=NOW)
    assert kept is not None
    assert (kept.before, kept.after, kept.change) == (2, 1, -50)
    line = AuditLine.objects.get(verb="check_systemic")
    assert (line.reason, line.details["counted"]) == ("Аварий не было.", [2, 1])
    again = moved(systemic.resume_decision, checked, berdsk, reason="Снова отключают.")
    assert (again.state, again.done_on, again.before, again.effect) == ("in_work", None, None, "")
    assert AuditLine.objects.get(verb="resume_systemic").details["counted"] == [2, 1]


BREAKS: dict[str, dict[str, Any]] = {
    "systemic_says_what": {"cause": ""},
    "systemic_done_by_act": {"act_number": ""},
    "systemic_done_when_done": {"state": "in_work"},
    "systemic_declined_why": {"decline_reason": "просто так"},
    "systemic_checked_by_figures": {"state": "checked"},
    "systemic_window": {"window_days": 1},
}


@pytest.mark.parametrize("name", BREAKS)
def test_the_database_keeps_the_promise(berdsk: Town, name: str) -> None:
    finished(berdsk)
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        SystemicDecision.objects.update(**BREAKS[name])


def test_an_incident_stands_in_a_decision_once(berdsk: Town) -> None:
    made, one = proposed(berdsk), berdsk.asks()
    moved(systemic_basis.add_to_basis, made, berdsk, incidents=[one.pk])
    with pytest.raises(IntegrityError, match="systemic_basis_once"), transaction.atomic():
        SystemicBasis.objects.create(decision=made, incident=one, added_at=NOW, added_by="кто-то")
    other = proposed(berdsk)
    moved(systemic_basis.add_to_basis, other, berdsk, incidents=[one.pk])
