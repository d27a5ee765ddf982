"""The test table of routing, and tables of rules and cases that are taken out and brought back."""

from typing import Any

import pytest

from otklik.audit.models import AuditLine
from otklik.registry.models import Organization, Settlement
from otklik.registry.rules.values import BadValue
from otklik.triage.models import RoutingCase, RoutingRule
from otklik.triage.operations import routing
from otklik.triage.operations import routing_tables as tables
from otklik.triage.operations.routing_cases import (
    BreaksCases,
    add_case,
    all_cases,
    change_case,
    check_cases,
    impact_of,
    remove_case,
)
from otklik.triage.operations.routing_export import cases_table, rules_table
from tests import cast

pytestmark = pytest.mark.django_db


def add(**values: Any) -> RoutingRule:
    return routing.add_rule(values=values, by=cast.dispatcher().actor, now=cast.NOW, confirmed=True)


def case(topic: str = "ROADS.pothole", **values: Any) -> RoutingCase:
    return add_case(values={"topic": cast.topic(topic)} | values, by=cast.dispatcher().actor, now=cast.NOW)


def test_a_table_says_what_is_right_and_what_is_wrong() -> None:
    place = cast.municipality()
    administration, school = cast.administration(place), cast.school(place)
    page = cast.page(school)
    case(page=page, expected=administration)
    case("EDU.school_meals", page=page, expected=administration, note="так решили")
    case("HEALTH.staff", expected=None)
    found = check_cases(list(all_cases()))
    assert [(each.case.topic.code, each.ok, each.body) for each in found] == [
        ("ROADS.pothole", True, administration),
        ("HEALTH.staff", True, None),
        ("EDU.school_meals", False, school),
    ]


def test_a_change_that_breaks_the_table_wants_a_confirmation() -> None:
    by, place = cast.dispatcher().actor, cast.municipality()
    administration, page = cast.administration(place), cast.page(cast.school(place))
    ministry = cast.body("Минтранс")
    kept = case(page=page, expected=administration)
    wanted = case("ROADS.repair", page=page, expected=ministry)
    values = {"group": cast.topic("ROADS.repair").group, "target": "fixed", "organization": ministry}
    impact = impact_of([routing.draft_of(None, values)])
    assert [each.now.case for each in impact.broken] == [kept]
    assert [each.then.case for each in impact.mended] == [wanted]
    with pytest.raises(BreaksCases) as refused:
        routing.add_rule(values=values, by=by, now=cast.NOW)
    assert [each.now.case for each in refused.value.broken] == [kept]
    assert not RoutingRule.objects.filter(organization=ministry).exists()
    rule = routing.add_rule(values=values, by=by, now=cast.NOW, confirmed=True)
    assert [each.ok for each in check_cases(list(all_cases()))] == [False, True]
    with pytest.raises(BreaksCases):
        routing.retire_rule(rule=rule, reason="передумали", by=by, now=cast.NOW)
    narrowed = {"group": None, "topic": cast.topic("ROADS.repair")}
    routing.change_rule(rule=rule, values=narrowed, by=by, now=cast.NOW)
    assert all(each.ok for each in check_cases(list(all_cases())))
    shipped = RoutingRule.objects.get(code="municipal_on_institution")
    with pytest.raises(BreaksCases):
        routing.change_rule(rule=shipped, values={"page_level": "regional"}, by=by, now=cast.NOW)
    routing.retire_rule(rule=shipped, reason="передумали", by=by, now=cast.NOW, confirmed=True)
    assert impact_of([]).changes == []


def test_a_line_is_changed_and_removed_with_the_journal() -> None:
    by, body = cast.dispatcher().actor, cast.body()
    line = case(note="одна")
    with pytest.raises(BadValue, match="уже есть"):
        case()
    with pytest.raises(BadValue, match="Выберите тему"):
        add_case(values={"topic": None}, by=by, now=cast.NOW)
    here = cast.municipality()
    with pytest.raises(BadValue, match="лишний"):
        case(municipality=here, settlement=Settlement.objects.create(municipality=here, name="Обь"))
    change_case(case=line, values={"expected": body}, by=by, now=cast.NOW)
    line.refresh_from_db()
    assert (line.expected, line.note) == (body, "одна")
    remove_case(case=line, by=by, now=cast.NOW)
    assert not RoutingCase.objects.exists()
    verbs = AuditLine.objects.filter(subject_type="triage.routingcase").order_by("pk")
    assert [each.verb for each in verbs] == ["add_routing_case", "change_routing_case", "remove_routing_case"]
    assert verbs[1].details["after"]["expected"] == body.pk


def bring(text: str, **fields: Any) -> tables.Brought:
    return tables.import_rules(text=text, by=cast.dispatcher().actor, now=cast.NOW, **fields)


def test_rules_go_out_as_a_table_and_come_back_the_same() -> None:
    place, ministry = cast.municipality(short_name="Обь"), cast.body("Минтранс", code="mintrans")
    town = Settlement.objects.create(municipality=place, name="Толмачёво")
    add(topic=cast.topic("ROADS.repair"), settlement=town, target="fixed", organization=ministry, note="=1+1")
    add(group=cast.topic("HEALTH.staff").group, municipality=place, target="type", organization_type="clinic")
    add(page=cast.page(external_id="777"), level="S", target="sphere", body_sphere="health", precedence=3)
    text = rules_table()
    assert text.startswith("\ufeff№;тема;")
    assert "'=1+1" in text
    assert bring(text) == tables.Brought(0, 0, 5)
    changed = text.replace("mintrans", cast.body("Мэрия", code="mayor").code)
    assert bring(changed) == tables.Brought(0, 1, 4)
    rule = RoutingRule.objects.get(settlement=town)
    assert (rule.organization.code, rule.note) == ("mayor", "=1+1")
    assert rule.changes.order_by("-pk").first().verb == "import_rules"
    line = "куда,тема,орган,муниципалитет\nопределённый орган,Ремонт дороги: просьба,MINTRANS,обь\n"
    with pytest.raises(tables.WrongTable):
        bring(line)
    line = "куда,тема,орган,муниципалитет\nОпределённый орган,roads.repair,mintrans,обь\n"
    assert bring(line) == tables.Brought(1, 0, 0)


def test_wrong_lines_are_named_and_nothing_is_taken() -> None:
    body = cast.body(code="mintrans")
    for _ in range(2):
        cast.body("Тёзка")
    for _ in range(2):
        Settlement.objects.create(municipality=cast.municipality(), name="Берёзовка")
    lines = [
        "№;тема;группа тем;куда;орган;населённый пункт;страница;уровень темы",
        ";ROADS.repair;;fixed;mintrans;;;",
        ";ROADS.нет;;fixed;mintrans;;;",
        ";;;fixed;Тёзка;;;",
        "99999999;;;page;;;;",
        "",
        ";;Дороги;никуда;;;;",
        ";;;page;;Берёзовка;;",
        ";;;page;;;vk:нет;",
        ";;;page;;;;Z",
        ";ROADS.repair;;page;;;;",
        ";;;;;;;",
    ]
    with pytest.raises(tables.WrongTable) as refused:
        bring("\n".join(lines))
    found = {each.line: str(each.fact) for each in refused.value.wrong}
    # The last line is empty too; the one that repeats an earlier is told once nothing else is wrong.
    assert set(found) == {3, 4, 5, 7, 8, 9, 10}
    assert "ROADS.нет" in found[3]
    assert "несколько" in found[4]
    assert not RoutingRule.objects.filter(organization=body).exists()
    with pytest.raises(tables.WrongTable) as refused:
        bring("\n".join([lines[0], lines[1], lines[10]]))
    assert [(each.line, type(each.fact)) for each in refused.value.wrong] == [(3, routing.SameRule)]
    for text in ("", "ничего", "тема;куда", '"тема;куда\nROADS', "куда\n" + "page\n" * 5001, "ю" * 2_000_001):
        if text == "тема;куда":
            assert bring(text) == tables.Brought(0, 0, 0)
            continue
        with pytest.raises(tables.NotATable):
            bring(text)


def test_a_table_that_breaks_cases_wants_a_confirmation_too() -> None:
    place = cast.municipality()
    case(page=cast.page(cast.school(place)), expected=cast.administration(place))
    cast.body(code="mintrans")
    text = "тема;куда;орган\nROADS.pothole;fixed;mintrans\n"
    with pytest.raises(BreaksCases):
        bring(text)
    assert bring(text, confirmed=True).added == 1


def test_cases_come_as_a_table() -> None:
    by, place = cast.dispatcher().actor, cast.municipality(short_name="Обь")
    ministry = cast.body("Минтранс", code="mintrans")
    kept = case(municipality=place, expected=ministry)
    text = cases_table()
    assert tables.import_cases(text=text, by=by, now=cast.NOW) == tables.Brought(0, 0, 1)
    more = text.replace("mintrans", "") + "ROADS.repair;;;;mintrans;новая\n"
    assert tables.import_cases(text=more, by=by, now=cast.NOW) == tables.Brought(1, 1, 0)
    kept.refresh_from_db()
    assert kept.expected is None
    wrong = "тема;ожидается\nROADS.repair;нет такой\n;mintrans\n"
    with pytest.raises(tables.WrongTable) as refused:
        tables.import_cases(text=wrong, by=by, now=cast.NOW)
    assert [each.line for each in refused.value.wrong] == [2, 3]
    assert Organization.objects.filter(name="нет такой").count() == 0
