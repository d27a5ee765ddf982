"""The federal table: dry run, applying, doing it again, taking it back; what is wrong is said by its line."""

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError

from otklik.audit.models import AuditLine
from otklik.registry.models import (
    FieldChange,
    Import,
    ImportRow,
    OfficialPage,
    OktmoUnit,
    Organization,
    PageObligation,
)
from otklik.registry.operations import import_undo, import_write, imports
from otklik.registry.operations.organizations import change_organization
from otklik.registry.operations.reference import load_reference
from tests import cast
from tests.registry.tables import (
    BY,
    applied,
    as_csv,
    as_xlsx,
    bring,
    federal,
    lines,
    ogrn,
    step,
    undone,
    write,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _lists() -> None:
    load_reference()
    cast.region()


def snapshot() -> dict[str, Any]:
    """Every field of every row that an import may touch."""
    models: tuple[Any, ...] = (Organization, PageObligation, OfficialPage, OktmoUnit)
    return {model.__name__: list(model.objects.order_by("pk").values()) for model in models}


def test_the_dry_run_changes_nothing_and_says_what_would_be() -> None:
    before = snapshot()
    brought = bring(
        as_csv([federal("Школа № 1"), federal("Школа № 2", **{"ID госпаблика": "7", "Ссылка": ""})])
    )
    assert snapshot() == before
    assert (brought.state, brought.counts) == ("checked", {"add": 2})
    row = ImportRow.objects.get(brought=brought, line=2)
    assert [each["subject"] for each in row.changes] == ["organization", "organization", "obligation", "page"]
    assert row.values["Количество подписчиков"] == "1 250"


def test_an_applied_line_is_an_organisation_under_its_founder_with_duty_and_page() -> None:
    brought = applied(as_csv([federal("Школа № 1")]), name="monitoring.csv")
    school = Organization.objects.get(name="Школа № 1")
    founder = Organization.objects.get(name="Администрация Ясного района")
    assert (school.level, school.spheres, school.founder, school.parent) == (
        "institution", ["education"], founder, founder,
    )  # fmt: skip
    assert school.path == [founder.pk, school.pk]
    assert founder.level == "municipal"
    page = school.pages.get()
    assert (page.external_id, page.widgets, page.followers, page.component_connected) == (
        "1001",
        2,
        1250,
        True,
    )
    assert (page.badge_status, page.badge_confirmed_at) == ("confirmed", date(2026, 11, 18))
    assert "monitoring.csv" in page.badge_evidence
    assert page.monitoring == {
        "status": "Подтверждена", "design": 80, "activity": 100, "reach_week": 900, "reach_post": 120,
    }  # fmt: skip
    assert school.obligations.get().status == "required"
    assert brought.state == "applied"
    assert brought.asked_name == BY.name


def test_an_exemption_comes_with_its_basis() -> None:
    exempt = federal("Школа № 3", **{
        "Официальная страница не ведется на основании": "Распоряжение № 2523-р", "ID госпаблика": "", "Ссылка": "",
    })  # fmt: skip
    applied(as_csv([exempt]))
    duty = PageObligation.objects.get(organization__name="Школа № 3")
    assert (duty.status, duty.exemption_basis, duty.network) == ("exempt", "Распоряжение № 2523-р", "vk")
    assert not OfficialPage.objects.exists()


def test_the_same_file_again_changes_nothing() -> None:
    content = as_xlsx([federal(f"Школа № {n}", **{"ID госпаблика": n, "Ссылка": ""}) for n in range(1, 30)])
    applied(content)
    before = snapshot()
    again = applied(content)
    assert again.counts == {"leave": 29}
    assert snapshot() == before


def test_history_and_journal_keep_the_trace() -> None:
    first = applied(as_csv([federal(), federal("Лицей", **{"ID госпаблика": "5", "Ссылка": ""})]))
    second = applied(as_csv([federal(**{"Количество подписчиков": "1400", "Госметка": "нет"})]))
    page = OfficialPage.objects.get(external_id="1001")
    changed = FieldChange.objects.filter(import_id=second.pk, subject_id=page.pk)
    assert {each.field: (each.old, each.new) for each in changed} == {
        "followers": (1250, 1400),
        "badge_status": ("confirmed", "lost"),
        "badge_lost_at": (None, "2026-11-18"),
    }
    assert set(changed.values_list("actor_name", flat=True)) == {BY.name}
    assert FieldChange.objects.filter(import_id=first.pk, field="").count() == 7
    verbs = AuditLine.objects.filter(subject_type="registry.import", subject_id=second.pk).order_by("pk")
    assert [line.verb for line in verbs] == ["receive_file", "ask_to_apply", "apply_import"]
    assert AuditLine.objects.filter(
        verb="import_page", subject_id=page.pk, details__import=second.pk
    ).exists()


def test_taking_back_restores_every_field_and_removes_what_was_added() -> None:
    applied(as_csv([federal("Школа № 1"), federal("Школа № 2", **{"ID госпаблика": "7", "Ссылка": ""})]))
    before = snapshot()
    second = applied(as_csv([
        federal("Школа № 1", **{"Количество подписчиков": "9", "Госметка": "нет",
                                "Учредитель": "Министерство образования", "Сфера 1": "Культура",
                                "Оформление (%)": "1"}),
        federal("Школа № 9", **{"ID госпаблика": "9", "Ссылка": ""}),
    ]))  # fmt: skip
    assert second.counts == {"add": 2}
    assert snapshot() != before
    undone(second)
    assert second.state == "undone"
    assert second.counts["kept"] == 0
    assert snapshot() == before
    assert AuditLine.objects.filter(verb="undo_import", subject_type="registry.officialpage").exists()
    assert FieldChange.objects.filter(import_id=second.pk, field="followers").count() == 2


def test_what_somebody_changed_since_stays_until_a_person_decides() -> None:
    applied(as_csv([federal(), federal("Школа № 2", **{"ID госпаблика": "7", "Ссылка": ""})]))
    second = applied(as_csv([federal(**{"Количество подписчиков": "9", "Виджеты": "0"})]))
    OfficialPage.objects.filter(external_id="1001").update(followers=5000)
    undone(second)
    page = OfficialPage.objects.get(external_id="1001")
    assert (page.followers, page.widgets) == (5000, 2)
    assert second.counts["kept"] == 1
    row = second.rows.get()
    assert "5000" in row.problems[0]["reason"] % row.problems[0]["params"]
    imports.restore_kept(row=row, by=BY, now=cast.after(minutes=9))
    page.refresh_from_db()
    assert page.followers == 1250
    second.refresh_from_db()
    assert second.counts["kept"] == 0
    with pytest.raises(imports.NothingToTake):
        imports.restore_kept(row=row, by=BY, now=cast.after(minutes=9))


def test_what_others_work_with_is_closed_instead_of_deleted() -> None:
    brought = applied(as_csv([federal(), federal("Школа № 2", **{"ID госпаблика": "7", "Ссылка": ""})]))
    cast.connection(OfficialPage.objects.get(external_id="1001"))
    undone(brought)
    page = OfficialPage.objects.get()
    assert (page.external_id, page.is_active, page.closed_on) == ("1001", False, date(2026, 11, 18))
    assert set(Organization.objects.values_list("name", "is_active")) == {
        ("Школа № 1", False), ("Администрация Ясного района", False),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("cells", "column", "reason"),
    [
        ({"ОГРН": "1027700132196"}, "ОГРН", "Контрольная цифра ОГРН не сходится: проверьте номер."),
        ({"ОГРН": "12345"}, "ОГРН", "В ОГРН 13 цифр, в ОГРНИП 15."),
        ({"Уровень": "космический"}, "Уровень", "Такого значения в справочнике нет: «космический»."),
        ({"ID госпаблика": "наша группа"}, "ID госпаблика", "ID страницы — это число, например 123456789."),
        ({"Ссылка": "https://vk.com/public5"}, "Ссылка", "Ссылка и ID указывают на разные страницы."),
        ({"Ссылка": "https://example.org/x"}, "Ссылка", "По этой ссылке нет страницы в известной сети."),
        ({"Виджеты": "много"}, "Виджеты", "Здесь нужно целое число от 0 до 9."),
        ({"Оформление (%)": "180"}, "Оформление (%)", "Здесь нужен процент от 0 до 100."),
        ({"Госметка": "может быть"}, "Госметка", "Здесь нужно «да» или «нет»."),
        ({"Сфера 1": "Астрология"}, "Сфера 1", "Такой сферы в справочнике региона нет: «Астрология»."),
        ({"Наименование": ""}, "Наименование", "Заполните это поле."),
        (
            {"ID госпаблика": "", "Ссылка": "https://vk.com/our_school"}, "ID госпаблика",
            "Нет ID страницы, а ссылка не цифровая: впишите ID.",
        ),
    ],
)  # fmt: skip
def test_a_wrong_cell_is_named_with_line_column_value_and_reason(
    cells: dict[str, str], column: str, reason: str
) -> None:
    good = federal("Детский сад", **{"ID госпаблика": "2", "Ссылка": ""})
    brought = bring(as_csv([good, federal(**cells)]))
    assert lines(brought)[2][0] == "add"
    row = brought.rows.get(line=3)
    (problem,) = row.problems
    assert (row.action, problem["column"]) == ("error", column)
    assert problem["reason"] % problem["params"] == reason
    if column in cells:
        assert problem["value"] == cells[column]


def test_what_repeats_or_contradicts_itself_is_said() -> None:
    first = federal("Школа № 1", ОГРН=ogrn(1))
    brought = bring(as_csv([
        first,
        first,
        federal("Школа № 2", **{"ОГРН": ogrn(1), "ID госпаблика": "2", "Ссылка": ""}),
        federal("Школа № 1", **{"ОГРН": ogrn(1), "ID госпаблика": "3", "Ссылка": "", "Сфера 1": "Культура"}),
    ]))  # fmt: skip
    assert lines(brought) == {
        2: ("add", []),
        3: ("error", ["Повторяет строку 2."]),
        4: ("conflict", ["Тот же ОГРН у другой организации в строке 2."]),
        5: ("conflict", ["В строке 2 для той же организации или страницы сказано другое."]),
    }


def test_the_page_of_another_organisation_waits_for_a_decision() -> None:
    owner = cast.body("Гимназия", level="institution")
    cast.page(owner, external_id="1001")
    brought = bring(as_csv([federal()]))
    assert lines(brought)[2] == ("conflict", ["Страница принадлежит другой организации: «Гимназия»."])
    row = brought.rows.get()
    imports.take_row(row=row, by=BY, now=cast.NOW)
    brought.refresh_from_db()
    assert brought.counts == {"conflict": 0, "add": 1}
    write(brought)
    assert OfficialPage.objects.get().organization.name == "Школа № 1"
    with pytest.raises(imports.WrongMoment):
        imports.take_row(row=row, by=BY, now=cast.NOW)
    undone(brought)
    assert OfficialPage.objects.get().organization == owner


def test_an_organisation_is_found_by_name_when_there_is_no_number() -> None:
    above = cast.body("Администрация Ясного района", level="municipal", short_name="Ясный район")
    mine = cast.body("ШКОЛА «№ 1»", level="institution", parent=above, ogrn=ogrn(5))
    cast.body("Школа № 1", level="institution", parent=cast.body("Другая администрация"))
    brought = bring(as_csv([federal("Школа № 1", ОГРН="", Учредитель="ясный район")]))
    changes = brought.rows.get().changes
    assert {each["id"] for each in changes if each["subject"] == "organization"} <= {mine.pk}
    clash = bring(as_csv([federal("Школа № 1", ОГРН=ogrn(6), Учредитель="Ясный район")]))
    assert lines(clash)[2] == (
        "conflict", [f"В реестре у организации с этим названием другой ОГРН: {ogrn(5)}."],
    )  # fmt: skip
    unclear = bring(as_csv([federal("Школа № 1", ОГРН="", Учредитель="")]))
    assert lines(unclear)[2][0] == "conflict"


def test_a_line_whose_ground_has_moved_becomes_a_conflict_and_the_rest_is_applied() -> None:
    applied(as_csv([federal(), federal("Школа № 2", **{"ID госпаблика": "7", "Ссылка": ""})]))
    brought = bring(as_csv([
        federal(**{"Количество подписчиков": "1"}),
        federal("Школа № 2", **{"ID госпаблика": "7", "Ссылка": "", "Количество подписчиков": "2"}),
        federal("Школа № 3", **{"ID госпаблика": "8", "Ссылка": ""}),
        federal("Школа № 4", **{"ID госпаблика": "9", "Ссылка": ""}),
    ]))  # fmt: skip
    OfficialPage.objects.filter(external_id="1001").update(followers=77)
    cast.page(external_id="8")
    write(brought)
    assert lines(brought)[2] == (
        "conflict", ["После проверки это изменили в реестре: было «1250», стало «77»."],
    )  # fmt: skip
    assert lines(brought)[4] == ("conflict", ["После проверки это уже появилось в реестре."])
    assert brought.counts == {"conflict": 2, "change": 1, "add": 1}
    assert set(OfficialPage.objects.values_list("external_id", "followers")) == {
        ("1001", 77), ("7", 2), ("8", None), ("9", 1250),
    }  # fmt: skip
    assert not Organization.objects.filter(name="Школа № 3").exists()


def test_a_failure_in_the_middle_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    brought = bring(as_csv([federal()]))
    before = snapshot()

    def fail(*_args: Any, **_kwargs: Any) -> None:
        raise RuntimeError("the disk is full")

    monkeypatch.setattr("otklik.registry.operations.import_write.save_rows", fail)
    write(brought)
    assert brought.state == "checked"
    assert brought.problem["reason"] == "Из-за сбоя ничего не изменено. Попробуйте ещё раз."
    assert snapshot() == before


def test_columns_are_guessed_by_other_headers_and_corrected_by_a_person() -> None:
    headers = ["УРОВЕНЬ", "Как зовут", "Ссылка на  госпаблик ВК:", "ID_госпаблика"]
    brought = bring(as_csv([["муниципальный", "Школа", "", "5"]], headers=headers))
    assert brought.state == "waiting"
    assert brought.mapping == {
        "level": "УРОВЕНЬ",
        "url": "Ссылка на  госпаблик ВК:",
        "external_id": "ID_госпаблика",
    }
    assert "«Наименование»" in brought.problem["params"]["columns"]
    with pytest.raises(imports.NotAColumn):
        imports.set_mapping(brought=brought, mapping={"name": "Нет такого"}, by=BY, now=cast.NOW)
    chosen = brought.mapping | {"name": "Как зовут"}
    imports.set_mapping(brought=brought, mapping=chosen, by=BY, now=cast.NOW)
    step(brought)
    assert (brought.state, brought.counts) == ("checked", {"add": 1})


def test_a_checked_file_is_held_against_the_register_again() -> None:
    brought = bring(as_csv([federal()]))
    assert step(imports.check_again(brought=brought, by=BY, now=cast.NOW)).counts == {"add": 1}
    write(brought)
    step(imports.check_again(brought=brought, by=BY, now=cast.NOW))
    other = Import.objects.exclude(pk=brought.pk).get()
    assert (other.state, other.counts) == ("checked", {"leave": 1})
    with pytest.raises(imports.WrongMoment):
        imports.apply(brought=brought, by=BY, now=cast.NOW)
    assert not imports.waits()


def test_an_edit_by_hand_between_two_imports_is_seen() -> None:
    applied(as_csv([federal()]))
    school = Organization.objects.get(name="Школа № 1")
    change_organization(
        organization=school, changes={"name": "Школа № 1 имени Гоголя"}, by=BY, now=cast.NOW, reason="устав"
    )
    brought = bring(as_csv([federal()]))
    (change,) = brought.rows.get().changes
    assert (change["field"], change["new"]) == ("name", "Школа № 1")


def test_each_step_tells_how_far_it_is_and_ends_at_its_end() -> None:
    brought = bring(
        as_csv([federal(f"Школа № {n}", **{"ID госпаблика": n, "Ссылка": ""}) for n in range(1, 6)])
    )
    assert (brought.done, brought.total) == (5, 5)
    for step_of in (import_write, import_undo):
        told: list[tuple[int, int]] = []
        step_of.carry_out(brought=brought, by=BY, now=cast.NOW, tell=lambda *far, to=told: to.append(far))
        assert told[0][0] == 0
        assert [far for far, _total in told] == sorted(far for far, _total in told)
        assert told[-1][0] <= told[-1][1]


def test_a_line_of_a_file_is_there_once() -> None:
    brought = bring(as_csv([federal()]))
    with pytest.raises(IntegrityError, match="import_row_unique"):
        ImportRow.objects.create(brought=brought, line=2, action="leave")
