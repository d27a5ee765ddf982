"""Our own table loads back unchanged, or changed where somebody changed it; the classifier loads whole."""

import csv
import io
from typing import Any

import pytest

from otklik.registry.models import OfficialPage, OktmoUnit, Organization, PageObligation
from otklik.registry.operations import exports
from otklik.registry.operations.reference import load_reference
from otklik.registry.rules.codes import oktmo_check_digit
from tests import cast
from tests.registry.tables import applied, as_csv, as_xlsx, bring, lines, undone
from tests.registry.test_tables_federal import snapshot
from tests.source import ROOT

pytestmark = pytest.mark.django_db
OKTMO = ROOT.parent / "shared" / "data" / "reference" / "oktmo_municipal_2019.csv"


@pytest.fixture
def region() -> Organization:
    """A ministry, an administration and a school with everything that a table can hold."""
    load_reference()
    cast.region()
    place = cast.municipality(name="Ясный район", oktmo="50600000")
    ministry = cast.body("Министерство образования", code="minobr", type="")
    cast.body(
        "Администрация «Ясного» района; отдел", code="yasny", level="municipal", type="", municipality=place,
        phone="+7 (383) 222-33-44", aliases="=Ясный\nрайон", parent=None,
    )  # fmt: skip
    school = cast.body(
        "Школа № 7", code="school-7", level="institution", type="school", parent=ministry, founder=ministry,
        spheres=["education", "sport"], ogrn="1027700132195", latitude=54.983333, longitude=82.9, served=812,
        email="school@example.org", site_url="https://school.example.org", hours="пн–пт 9–18",
    )  # fmt: skip
    PageObligation.objects.create(
        organization=school,
        network="ok",
        status="exempt",
        exemption_basis="Приказ\nстрока два",
        since="2024-01-02",
    )
    PageObligation.objects.create(organization=school, network="vk", status="required", since="2022-12-01")
    cast.page(
        school, external_id="77", screen_name="school7", badge_status="confirmed", badge_type="gosorg",
        badge_confirmed_at="2024-03-04", badge_evidence="видно на странице", followers=10, widgets=1,
        component_connected=True, opened_on="2023-01-01",
    )  # fmt: skip
    cast.page(
        school, external_id="78", kind="personal", person_name="Иван Директоров", person_position="директор"
    )
    return school


def exported() -> list[list[str]]:
    return list(exports.register_lines(Organization.objects.order_by("pk")))


@pytest.mark.parametrize("format_", ["csv", "xlsx"])
def test_an_export_loads_back_unchanged(region: Organization, format_: str) -> None:
    before, file = snapshot(), io.BytesIO()
    exports.write(file, iter(exported()), title="Реестр", is_csv=format_ == "csv")
    brought = applied(file.getvalue(), kind="register")
    assert {line: row for line, row in lines(brought).items() if row != ("leave", [])} == {}
    assert brought.counts == {"leave": 4}
    assert snapshot() == before


def _edited(**cells: str) -> list[list[str]]:
    headers, rows = exports.register_headers(), exported()
    for header, value in cells.items():
        rows[2][headers.index(header.replace("_", " "))] = value
        rows[3][headers.index(header.replace("_", " "))] = value
    return rows


def test_an_edited_export_changes_what_was_edited_and_an_emptied_cell_empties(region: Organization) -> None:
    rows = _edited(Телефон="8 800", Часы_работы="", Сфера_2="")
    brought = applied(as_csv(rows, headers=exports.register_headers()), kind="register")
    assert brought.counts == {"leave": 3, "change": 1}
    region.refresh_from_db()
    assert (region.phone, region.hours, region.spheres) == ("8 800", "", ["education"])
    undone(brought)
    region.refresh_from_db()
    assert (region.phone, region.hours, region.spheres) == ("", "пн–пт 9–18", ["education", "sport"])


def test_columns_that_are_not_in_the_file_are_left_alone(region: Organization) -> None:
    content = as_xlsx([["school-7", "8 900"]], headers=["Код", "Телефон"])
    applied(content, kind="register")
    region.refresh_from_db()
    assert (region.phone, region.name, region.hours) == ("8 900", "Школа № 7", "пн–пт 9–18")


def test_new_organisations_may_name_each_other_in_any_order(region: Organization) -> None:
    headers = ["Код организации", "Название", "Уровень", "Код вышестоящей", "Сеть", "ID страницы"]
    rows = [
        ["kid", "Кружок", "учреждение", "house", "ВКонтакте", "901"],
        ["house", "Дом творчества", "учреждение", "minobr", "", ""],
        ["lost", "Потерянный", "учреждение", "nobody", "", ""],
        ["a", "А", "учреждение", "b", "", ""],
        ["b", "Б", "учреждение", "a", "", ""],
        ["new", "", "учреждение", "", "", ""],
        ["kid2", "Кружок 2", "учреждение", "new", "", ""],
    ]
    brought = applied(as_csv(rows, headers=headers), kind="register")
    found = lines(brought)
    assert [found[line][0] for line in range(2, 9)] == [
        "add",
        "add",
        "error",
        "error",
        "error",
        "error",
        "error",
    ]
    assert found[4][1] == ["Организации с таким кодом нет ни в реестре, ни в файле."]
    assert found[5][1] == ["Организация не может подчиняться самой себе."]
    assert found[8][1] == ["Опирается на строку 7, которая не будет применена."]
    kid = Organization.objects.get(code="kid")
    above = Organization.objects.get(code="house")
    assert kid.path == [*above.path, kid.pk]
    assert OfficialPage.objects.get(external_id="901").url == "https://vk.com/club901"
    before = Organization.objects.count()
    undone(brought)
    assert Organization.objects.count() == before - 2


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ({"Метка_подтверждена": ""}, "У подтверждённой метки должна быть дата."),
        ({"Сеть": ""}, "Странице нужны и сеть, и ID."),
        ({"Название": ""}, "У организации должны быть название и уровень."),
        ({"Широта": "200"}, "Координата — число градусов от −90 до 90."),
        ({"Ведётся_с": "вчера"}, "Это не дата: нужен вид 31.12.2025 или 2025-12-31."),
        ({"ОКТМО_муниципалитета": "1"}, "Такого муниципалитета в реестре нет: «1»."),
        (
            {"Одноклассники:_основание_не_вести": ""},
            "Освобождённой организации нужно основание не вести страницу.",
        ),
    ],
)
def test_a_wrong_value_is_refused_before_the_database_would(
    region: Organization, cells: dict[str, str], reason: str
) -> None:
    rows = [row for row in _edited(**cells) if row[0] == "school-7"][:1]
    brought = bring(as_csv(rows, headers=exports.register_headers()), kind="register")
    assert lines(brought)[2] == ("error", [reason])


def test_the_check_digit_of_a_territory_is_verified() -> None:
    assert [oktmo_check_digit(code) for code in ("50701000", "05602000", "07713000")] == ["9", "5", "2"]
    rows = [["50701000", "9", "50", "municipal", "Новосибирск"], ["05602000", "4", "", "", "Анучинский район"],
            ["5060", "1", "", "", "Коротко"], ["50701000", "9", "50", "municipal", "Ещё раз"]]  # fmt: skip
    brought = applied(
        as_csv(rows, headers=["oktmo", "check_digit", "region_code", "level", "name"]), kind="oktmo"
    )
    assert lines(brought) == {
        2: ("add", []),
        3: ("add", ["По коду контрольное число 5; занесено как в файле."]),
        4: ("error", ["В коде ОКТМО 8 или 11 цифр."]),
        5: ("error", ["Повторяет строку 2."]),
    }
    assert OktmoUnit.objects.get(code="05602000").region_code == "05"
    undone(brought)
    assert not OktmoUnit.objects.exists()


@pytest.mark.slow
@pytest.mark.skipif(not OKTMO.exists(), reason="the classifier lies in ../shared")
def test_the_whole_classifier_loads_as_it_is() -> None:
    brought = applied(OKTMO.read_bytes(), kind="oktmo", name=OKTMO.name)
    with OKTMO.open(encoding="utf-8", newline="") as file:
        told: list[dict[str, Any]] = list(csv.DictReader(file))
    assert brought.counts == {"add": len(told)}
    assert len(told) > 25_000
    kept = OktmoUnit.objects.order_by("code").values_list(
        "code", "check_digit", "region_code", "level", "name"
    )
    names = ("oktmo", "check_digit", "region_code", "level", "name")
    assert list(kept) == sorted(tuple(" ".join(row[name].split()) for name in names) for row in told)
    # Sixteen digits of the published list do not agree with their codes; each is said by its line.
    assert brought.rows.exclude(problems=[]).count() == 16
    assert bring(OKTMO.read_bytes(), kind="oktmo").counts == {"leave": len(told)}
