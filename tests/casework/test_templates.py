"""Templates and guides of answers: a closed list of variables, seasons, versions, the lane without a second person."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from otklik.audit.models import AuditLine
from otklik.casework import operations as casework
from otklik.casework.models import AnswerTemplate, AnswerTemplateVersion
from otklik.casework.rules import templates as rules
from tests import cast

TEXT = "{имя}, здравствуйте! Снег по адресу {адрес} уберём {срок}. Телефон: {телефон}."


def add(text: str = TEXT, *, as_center: bool = True, **given: Any) -> AnswerTemplate:
    values = casework.TemplateValues(**{"title": "Снег", "text": text} | given)
    return casework.add_template(values=values, by=cast.SYSTEM, now=cast.NOW, as_center=as_center)


# Pure.


@pytest.mark.parametrize(
    ("text", "written", "position"),
    [
        ("Привет, {фамилия}!", "{фамилия}", 9),
        ("{имя} {", "{", 7),
        ("}", "}", 1),
        ("{}", "{}", 1),
        ("{имя}{Имя}", "{Имя}", 6),
        ("{имя\n}", "{", 1),
        ("{{имя}}", "{", 1),
    ],
)
def test_a_variable_that_there_is_not_is_refused_with_its_place(
    text: str, written: str, position: int
) -> None:
    with pytest.raises(rules.UnknownVariable) as refused:
        rules.check_variables(text)
    assert (refused.value.written, refused.value.position) == (written, position)


def test_every_variable_of_the_list_is_known_and_too_many_are_not() -> None:
    rules.check_variables("".join(f"{{{name}}}" for name in rules.VARIABLES))
    with pytest.raises(rules.TooManyVariables):
        rules.check_variables("{имя} " * 21)


def test_what_is_unknown_stays_as_a_gap() -> None:
    text = rules.filled("{имя}, снег на {адрес}: {срок}", {"имя": "Анна", "срок": ""})
    assert text == "Анна, снег на {адрес}: {срок}"
    assert [words for words, _start, _end in rules.gaps_of(text)] == ["{адрес}", "{срок}"]
    assert all(text[start:end] == words for words, start, end in rules.gaps_of(text))


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        ("Анна, уберём завтра.", True),
        ("  Анна, уберём до 25 ноября.\n", True),
        ("Борис, уберём завтра.", False),
        ("Анна, уберём .", False),
        ("Анна, уберём завтра. И ещё.", False),
        ("Анна, уберём завтра\nили нет.", False),
        (f"Анна, уберём {'а' * 80}.", True),
        (f"Анна, уберём {'а' * 81}.", False),
        ("", False),
    ],
)
def test_a_text_is_the_template_word_for_word_or_it_is_not(text: str, fits: bool) -> None:
    assert rules.is_of(text, "{имя}, уберём {срок}.", {"имя": "Анна"}) == fits


def test_matching_does_not_grow_without_bound() -> None:
    assert not rules.is_of("а" * 4000, "{имя}{адрес}{орган}{срок}{дата}" * 4 + "б", {})


@pytest.mark.parametrize(
    ("begins", "ends", "day", "within"),
    [
        (None, None, date(2026, 7, 1), True),
        (1101, 331, date(2026, 12, 31), True),
        (1101, 331, date(2027, 3, 31), True),
        (1101, 331, date(2026, 10, 31), False),
        (401, 1031, date(2026, 10, 31), True),
        (401, 1031, date(2026, 3, 31), False),
        (229, 229, date(2028, 2, 29), True),
    ],
)
def test_a_season_may_go_over_the_new_year(begins: int, ends: int, day: date, within: bool) -> None:
    rules.check_season(begins, ends)
    assert rules.in_season(begins, ends, day) == within


@pytest.mark.parametrize("season", [(101, None), (None, 101), (230, 301), (1301, 101), (100, 101), (0, 0)])
def test_half_a_season_or_a_day_that_there_is_not_is_refused(season: tuple[int | None, int | None]) -> None:
    with pytest.raises(rules.BadSeason):
        rules.check_season(*season)


# The rows.


@pytest.mark.django_db
def test_each_change_is_a_version_with_who_and_why_and_a_stale_one_is_refused() -> None:
    row = add()
    changed = casework.change_template(
        template=row,
        values=casework.TemplateValues(title="Снег во дворе", text=TEXT),
        version=1,
        by=cast.SYSTEM,
        now=cast.NOW,
        as_center=True,
        reason="короче",
    )
    assert (changed.version, changed.title) == (2, "Снег во дворе")
    with pytest.raises(casework.TemplateChanged):
        casework.retire_template(template=row, version=1, by=cast.SYSTEM, now=cast.NOW)
    gone = casework.retire_template(template=row, version=2, by=cast.SYSTEM, now=cast.NOW, reason="устарел")
    back = casework.restore_template(template=row, version=3, by=cast.SYSTEM, now=cast.NOW)
    assert (gone.is_active, back.is_active) == (False, True)
    found = list(AnswerTemplateVersion.objects.order_by("number").values_list("number", "reason"))
    assert found == [(1, ""), (2, "короче"), (3, "устарел"), (4, "")]
    assert list(AuditLine.objects.order_by("pk").values_list("verb", flat=True))[-4:] == [
        "add_template", "change_template", "retire_template", "restore_template",
    ]  # fmt: skip
    again = casework.restore_template(template=row, version=4, by=cast.SYSTEM, now=cast.NOW)
    assert again.version == 4


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fact", "given"),
    [
        (casework.TemplateIsEmpty, {"title": " "}),
        (casework.TemplateIsEmpty, {"text": "\n"}),
        (casework.TemplateTooLong, {"text": "я" * 4001}),
        (rules.UnknownVariable, {"text": "{кто}"}),
        (rules.BadSeason, {"season_begins": 101}),
        (casework.OnlyTheCentre, {"without_approval": True, "as_center": False}),
        (casework.OnlyTheCentre, {"without_approval": True, "kind": "guide"}),
    ],
)
def test_what_a_template_cannot_be_is_refused(fact: type[Exception], given: dict[str, Any]) -> None:
    with pytest.raises(fact):
        add(**given)
    assert not AnswerTemplate.objects.exists()


@pytest.mark.django_db
def test_a_template_is_of_a_topic_or_of_a_group_and_a_guide_may_have_braces() -> None:
    topic = cast.topic()
    with pytest.raises(casework.TwoScopes):
        add(topic=topic, group=topic.group)
    assert add("Назовите {что угодно}.", kind="guide").kind == "guide"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "broken"),
    [
        ("answer_template_kind_known", {"kind": "other"}),
        ("answer_template_whole_season", {"season_begins": 101}),
        ("answer_template_whole_season", {"season_begins": 101, "season_ends": 1301}),
        ("answer_template_lane_of_centre", {"kind": "guide", "without_approval": True}),
    ],
)
def test_the_database_keeps_what_a_template_is(name: str, broken: dict[str, Any]) -> None:
    row = add()
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        AnswerTemplate.objects.filter(pk=row.pk).update(**broken)


@pytest.mark.django_db
def test_the_database_keeps_one_scope_and_one_version_of_a_number() -> None:
    row, topic = add(), cast.topic()
    with pytest.raises(IntegrityError, match="answer_template_one_scope"), transaction.atomic():
        AnswerTemplate.objects.filter(pk=row.pk).update(topic=topic, group=topic.group)
    with pytest.raises(IntegrityError, match="answer_template_version_unique"), transaction.atomic():
        AnswerTemplateVersion.objects.create(template=row, number=1, values={}, at=cast.NOW, actor_name="")


# What is offered.


@pytest.mark.django_db
def test_what_fits_is_offered_filled_and_its_own_comes_first() -> None:
    cast.region()
    ministry = cast.body(phone="8 383 222-33-44")
    of = cast.incident(message=cast.message(under=cast.connection(cast.page(ministry))))
    other = cast.topic("ROADS.lighting" if of.topic.code != "ROADS.lighting" else "ROADS.repair")
    for title, given in {
        "Общий": {},
        "Темы": {"topic": of.topic},
        "Группы": {"group": of.topic.group},
        "Органа": {"body": ministry},
        "Другой темы": {"topic": other},
        "Чужого органа": {"body": cast.body()},
        "Летний": {"season_begins": 501, "season_ends": 831},
        "Прошлый": {"expires_on": cast.NOW.date() - timedelta(days=1)},
        "До сегодня": {"expires_on": cast.NOW.date()},
    }.items():
        add(title=title, **given)
    gone = add(title="Снятый")
    casework.retire_template(template=gone, version=1, by=cast.SYSTEM, now=cast.NOW)
    add("Назовите день.", title="Памятка", kind="guide")
    offers = casework.offers_for(of, now=cast.NOW)
    assert [each.template.title for each in offers] == ["Темы", "Группы", "Органа", "До сегодня", "Общий"]
    assert offers[0].text == (
        "Анна, здравствуйте! Снег по адресу {адрес} уберём {срок}. Телефон: 8 383 222-33-44."
    )
    assert offers[0].gaps == 2
    assert [each.title for each in casework.templates_for(of, kind="guide", now=cast.NOW)] == ["Памятка"]
    with CaptureQueriesContext(connection) as queries:
        casework.templates_for(of, kind="template", now=cast.NOW)
    assert len([each for each in queries if "answertemplate" in each["sql"]]) == 1


@pytest.mark.django_db
def test_nothing_goes_out_with_a_gap_in_it() -> None:
    cast.region()
    of = cast.incident()
    with pytest.raises(casework.AnswerHasGaps) as refused:
        cast.publish(of, "Анна, уберём {срок} по адресу {адрес}, {срок}.")
    assert refused.value.gaps == ("{срок}", "{адрес}")
    assert refused.value.told().endswith("{срок}, {адрес}.")
    assert cast.publish(of, "Анна, формула {х} здесь ни при чём.").status == "publishing"


@pytest.mark.django_db
def test_the_lane_is_for_the_very_text_of_a_template_of_the_centre() -> None:
    cast.region()
    of = cast.incident()
    free = add("{имя}, здравствуйте! Горячая линия: 112. {срок}", title="Линия", without_approval=True)
    add("{имя}, это другой.", title="Обычный")
    text = "Анна, здравствуйте! Горячая линия: 112. До завтра"
    assert casework.lane_of(incident=of, text=text, now=cast.NOW) == free
    assert casework.lane_of(incident=of, text=text.replace("112", "113"), now=cast.NOW) is None
    assert casework.lane_of(incident=of, text="Анна, это другой.", now=cast.NOW) is None
