"""The rules of moderation: what ships, what a region may write, and that criticism is never a ground."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otklik.audit.models import AuditLine
from otklik.casework.enums import ModerationGround, ModerationMeasure
from otklik.casework.models import ModerationRule
from otklik.casework.models.moderation import GROUNDS
from otklik.casework.operations import moderation_rules as verbs
from otklik.casework.rules import moderation as rules
from tests import cast

RULE = {
    "title": "Флуд", "forbids": "Одно и то же пять раз подряд.", "ground": "spam", "measure": "ban",
    "longest_days": 3,
}  # fmt: skip


def save(**changed: object) -> ModerationRule:
    given = {"code": "flood"} | changed
    code = str(given.pop("code"))
    return verbs.save_moderation_rule(code=code, values=RULE | given, by=cast.SYSTEM, now=cast.NOW)


def test_the_list_of_grounds_is_closed_and_criticism_is_not_on_it() -> None:
    assert set(GROUNDS) == set(ModerationGround.values)
    assert not any("критик" in str(label).lower() for label in ModerationGround.labels)
    assert list(rules.MEASURES) == [each for each in ModerationMeasure.values if each != "leave"]


@pytest.mark.django_db
def test_the_shipped_rules_are_there_and_hold() -> None:
    kept = {each.code: each for each in ModerationRule.objects.all()}
    assert set(kept) == set(verbs.shipped())
    assert {each.ground for each in kept.values()} == set(GROUNDS)
    for rule in kept.values():
        rules.check_rule(title=rule.title, forbids=rule.forbids, allowed=verbs.allowed_by(rule))
    assert verbs.load_moderation_rules() == 0


@pytest.mark.django_db
def test_a_rule_is_written_changed_retired_and_every_version_is_in_the_journal() -> None:
    rule = save()
    assert (rule.version, rule.is_active) == (1, True)
    changed = verbs.save_moderation_rule(
        code="", values=RULE | {"longest_days": 7}, by=cast.SYSTEM, now=cast.NOW, rule=rule, version=1
    )
    assert (changed.code, changed.version, changed.longest_days) == ("flood", 2, 7)
    line = AuditLine.objects.filter(verb="save_moderation_rule").order_by("-pk")[0]
    assert (line.details["before"]["longest_days"], line.details["longest_days"]) == (3, 7)
    with pytest.raises(verbs.RuleChanged):
        verbs.save_moderation_rule(code="", values=RULE, by=cast.SYSTEM, now=cast.NOW, rule=rule, version=1)
    assert not verbs.retire_moderation_rule(rule=rule, by=cast.SYSTEM, now=cast.NOW).is_active
    assert verbs.restore_moderation_rule(rule=rule, by=cast.SYSTEM, now=cast.NOW).is_active
    assert AuditLine.objects.filter(subject_id=rule.pk, verb__endswith="moderation_rule").count() == 4


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changed", "fact"),
    [
        ({"ground": "criticism"}, verbs.UnknownGround),
        ({"code": "spam"}, verbs.SameModerationRule),
        ({"code": "По-русски"}, verbs.SameModerationRule),
        ({"title": " "}, rules.RuleIsIncomplete),
        ({"forbids": ""}, rules.RuleIsIncomplete),
        ({"title": "Критика власти"}, rules.CriticismIsNoGround),
        ({"forbids": "Недовольство работой органов"}, rules.CriticismIsNoGround),
        ({"forbids": "НЕУДОБНЫЕ вопросы под постом"}, rules.CriticismIsNoGround),
        ({"measure": "leave", "longest_days": None}, rules.MeasureTooStrong),
        ({"measure": "for_ever"}, rules.MeasureTooStrong),
        ({"longest_days": None}, rules.WrongTerm),
        ({"longest_days": 0}, rules.WrongTerm),
        ({"longest_days": 366}, rules.WrongTerm),
        ({"measure": "remove"}, rules.WrongTerm),
    ],
)
def test_what_a_rule_may_not_say(changed: dict[str, object], fact: type[Exception]) -> None:
    with pytest.raises(fact):
        save(**changed)
    assert not ModerationRule.objects.filter(code="flood").exists()


def test_a_rule_allows_its_measure_and_what_is_weaker() -> None:
    assert rules.measures_of(rules.Allowed("remove")) == ("warn", "remove")
    rules.check_measure(rules.Allowed("ban", 3), "warn")
    for measure in ("ban", "leave", "", "for_ever"):
        with pytest.raises(rules.MeasureTooStrong):
            rules.check_measure(rules.Allowed("remove"), measure)


def test_only_a_ban_has_a_term_and_every_ban_has_one() -> None:
    allowed = rules.Allowed("ban", 7)
    assert rules.end_of(allowed, "remove", 5, cast.NOW) is None
    assert rules.end_of(allowed, "ban", 7, cast.NOW) == cast.after(days=7)
    for days in (None, 0, -1, 8):
        with pytest.raises(rules.WrongTerm):
            rules.end_of(allowed, "ban", days, cast.NOW)


@given(st.text(max_size=200))
def test_any_text_may_be_asked_about(text: str) -> None:
    assert rules.names_criticism(f"{text} критика") or rules.names_criticism(f"{text}. критика")
    assert rules.names_criticism(text) in {True, False}
