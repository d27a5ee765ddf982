"""The gazetteer out of tables: three layouts, wrong rows told by numbers, the same table twice changes nothing."""

from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from otklik.audit.models import AuditLine
from otklik.common.actor import SYSTEM
from otklik.common.streets import split_street
from otklik.registry import gazetteers
from otklik.registry import operations as registry
from otklik.registry.models import Municipality, Settlement, Street
from tests import cast
from tests.source import ROOT

REFERENCE = ROOT.parent / "shared/data/reference"
SQUARE = {"type": "Polygon", "coordinates": [[[82, 54], [84, 54], [84, 56], [82, 56], [82, 54]]]}
PLAIN = """муниципалитет;населённый пункт;вид;широта;население
Лесной район;Боровое;село;54,5;1 200
Лесной муниципальный район;рабочий посёлок Сосны;;;
Заречный район;Омут;село;;
Лесной район;;село;;
Лесной район;Дальнее;село;север;
Лесной район;Боровое;село;;
"""


@pytest.fixture
def forest() -> Municipality:
    return cast.municipality(
        oktmo="50111000", name="Лесной муниципальный район", short_name="Лесной район",
        shape=SQUARE, shape_is_schematic=False,
    )  # fmt: skip


def settlements(text: str) -> registry.Brought:
    return registry.import_settlements(file=BytesIO(text.encode()), by=SYSTEM, now=cast.NOW)


def streets(text: str) -> registry.Brought:
    return registry.import_streets(file=BytesIO(text.encode()), by=SYSTEM, now=cast.NOW)


def troubles(brought: registry.Brought) -> list[tuple[int, str]]:
    return [(each.number, each.why) for each in brought.troubles]


@pytest.mark.django_db
def test_a_plain_table_becomes_settlements_and_wrong_rows_are_named(forest: Municipality) -> None:
    brought = settlements(PLAIN.replace("широта;", "широта;долгота;").replace("54,5;", "54,5;83;").replace(
        "север;", "север;1;").replace(";;\n", ";;;\n"))  # fmt: skip
    assert brought.added == 2
    assert troubles(brought) == [
        (4, "муниципалитета «Заречный район» нет"),
        (5, "нет названия населённого пункта"),
        (6, "координаты не читаются: нужны градусы, «54.75»"),
        (7, "то же, что в строке 2"),
    ]
    kept = {(each.name, each.kind): (each.latitude, each.population) for each in Settlement.objects.all()}
    assert kept == {("Боровое", "с."): (54.5, 1200), ("Сосны", "р.п."): (None, None)}
    line = AuditLine.objects.get(verb="import_settlements")
    assert (line.subject_id, line.details) == (forest.pk, {"rows": 2})


@pytest.mark.django_db
def test_the_same_table_twice_changes_nothing_and_a_fuller_one_fills_in(forest: Municipality) -> None:
    table = "муниципалитет;населённый пункт;вид\nЛесной район;Берёзовка;с.\n"
    assert settlements(table).added == 1
    again = settlements(table.replace("ё", "е"))
    assert (again.added, again.filled, again.same, again.troubles) == (0, 0, 1, [])
    assert AuditLine.objects.filter(verb="import_settlements").count() == 1
    fuller = "район,settlement,lat,lon,population\nЛесной район,Березовка,54.1,83.5,300\n"
    assert (settlements(fuller).filled, settlements(fuller).same) == (1, 1)
    kept = Settlement.objects.get()
    assert (kept.name, kept.kind, kept.population, kept.longitude) == ("Берёзовка", "с.", 300, 83.5)


@pytest.mark.django_db
def test_a_table_of_geonames_is_put_into_the_land_where_its_points_are(forest: Municipality) -> None:
    head = "geonameid,name,names_ru,lat,lon,population\n"
    brought = settlements(
        head
        + "1,Ordynka,Ардынка|Ордынка|Ординка,55.1,83.1,900\n2,Faraway,Далёкое,10,10,5\n3,Unnamed,,55,83,1\n"
    )
    assert [(each.name, each.municipality) for each in Settlement.objects.all()] == [("Ордынка", forest)]
    assert [number for number, _why in troubles(brought)] == [3, 4]
    assert "import-boundaries" in brought.troubles[0].why


@pytest.mark.django_db
def test_a_table_of_the_classifier_gives_its_towns_and_passes_over_its_bodies(forest: Municipality) -> None:
    brought = settlements(
        "oktmo,check_digit,region_code,level,name\n"
        "50111000,1,50,municipal,Лесной муниципальный район\n"
        "50111151,1,50,settlement_mo,рабочий поселок Сосны\n"
        "50111402,1,50,settlement_mo,Боровской сельсовет\n"
        "05602151,1,05,settlement_mo,город Чужой\n"
        "50999101,1,50,settlement_mo,город Ничей\n"
    )
    assert [(each.name, each.kind) for each in Settlement.objects.all()] == [("Сосны", "р.п.")]
    assert brought.passed == {"муниципальное образование, а не населённый пункт": 2, "другой регион": 1}
    assert troubles(brought) == [(6, "муниципалитета с ОКТМО 50999… нет")]


@pytest.mark.django_db
def test_streets_come_to_their_settlements_with_kinds_written_in_any_way(forest: Municipality) -> None:
    for kind in ("с.", "п."):
        Settlement.objects.create(municipality=forest, name="Боровое", kind=kind)
    Settlement.objects.create(municipality=forest, name="Сосны", kind="р.п.")
    table = (
        "муниципалитет;населённый пункт;вид;улица;вид улицы\n"
        "Лесной район;Сосны;;ул. Лесная;\n"
        "Лесной район;Сосны;;Светлый;пер.\n"
        "Лесной район;Сосны;;Речной пр-т;\n"
        "Лесной район;Боровое;село;Лесная;улица\n"
        "Лесной район;Боровое;;Лесная;улица\n"
        "Лесной район;Омут;;Лесная;улица\n"
        "Лесной район;Сосны;;;\n"
    )
    brought = streets(table)
    kept = {(each.settlement.name, each.settlement.kind, each.kind, each.name)
            for each in Street.objects.select_related("settlement")}  # fmt: skip
    assert kept == {
        ("Сосны", "р.п.", "улица", "Лесная"),
        ("Сосны", "р.п.", "переулок", "Светлый"),
        ("Сосны", "р.п.", "проспект", "Речной"),
        ("Боровое", "с.", "улица", "Лесная"),
    }
    assert [number for number, _why in troubles(brought)] == [6, 7, 8]
    assert "укажите вид" in brought.troubles[0].why
    again = streets(table)
    assert (again.added, again.filled, again.same) == (0, 0, 4)
    assert AuditLine.objects.filter(verb="import_streets").count() == 1


@pytest.mark.django_db
def test_a_confirmed_street_is_learnt_once_and_counted_and_a_table_makes_it_known(
    forest: Municipality,
) -> None:
    town = Settlement.objects.create(municipality=forest, name="Сосны")
    by = cast.dispatcher().actor

    def learn(name: str) -> Street | None:
        return registry.learn_street(settlement=town, name=name, kind="", by=by, now=cast.NOW)

    learn("Берёзовая")
    learn(" Березовая ")
    street = Street.objects.get()
    assert (street.name, street.kind, street.is_learnt, street.seen) == ("Берёзовая", "улица", True, 2)
    assert learn("   ") is None
    lines = AuditLine.objects.filter(verb="learn_street").order_by("pk")
    assert [line.details["is_new"] for line in lines] == [True, False]
    brought = streets("муниципалитет;населённый пункт;улица\nЛесной район;Сосны;ул. Березовая\n")
    street.refresh_from_db()
    assert (brought.filled, street.is_learnt, street.seen) == (1, False, 2)


@pytest.mark.django_db
def test_commands_tell_every_row_and_a_dry_run_writes_nothing(tmp_path: Path, forest: Municipality) -> None:
    path = tmp_path / "Пункты.csv"
    path.write_text(PLAIN.replace(";широта;население", ""), encoding="cp1251")
    out, err = StringIO(), StringIO()
    call_command("import_settlements", str(path), "--dry-run", stdout=out, stderr=err)
    assert not Settlement.objects.exists()
    call_command("import_settlements", str(path), stdout=out, stderr=err)
    assert "было бы добавлено: 3" in out.getvalue()
    assert "добавлено: 3; дополнено: 0; уже было: 0; не взято: 3" in out.getvalue()
    assert "строка 4 «Омут»: муниципалитета «Заречный район» нет" in err.getvalue()
    table = tmp_path / "streets.csv"
    table.write_text("муниципалитет;населённый пункт;улица\nЛесной район;Сосны;Лесная\n")
    call_command("import_streets", str(table), stdout=out)
    assert Street.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "пуст"),
        ("a;b\n1;2\n", "нет столбца"),
        ("муниципалитет;населённый пункт\nНет;Нет\n", "Ни одна строка"),
    ],
)
def test_a_file_that_gives_nothing_is_refused(tmp_path: Path, content: str, said: str) -> None:
    path = tmp_path / "x.csv"
    path.write_text(content)
    with pytest.raises(CommandError, match=said):
        call_command("import_settlements", str(path))
    with pytest.raises(CommandError, match="не открывается"):
        call_command("import_streets", str(tmp_path / "нет такого"))


@pytest.mark.django_db
def test_the_reference_files_of_novosibirsk_fit_the_demonstration() -> None:
    if not REFERENCE.exists():
        pytest.skip("../shared/data/reference is not here")
    from demo.data.region import municipalities

    for each in municipalities():
        Municipality.objects.create(
            oktmo=each.oktmo, name=each.name, short_name=each.short_name, kind=each.kind
        )
    shapes = REFERENCE / "novosibirsk_municipal_simplified.geojson"
    call_command("import_boundaries", str(shapes), stdout=StringIO(), stderr=StringIO())
    with (REFERENCE / "oktmo_municipal_2019.csv").open("rb") as file:
        by_code = registry.import_settlements(file=file, by=SYSTEM, now=cast.NOW)
    with (REFERENCE / "geonames_novosibirsk_settlements.csv").open("rb") as file:
        by_point = registry.import_settlements(file=file, by=SYSTEM, now=cast.NOW)
    assert by_code.troubles == []
    assert by_code.added == 31
    assert by_point.added + by_point.filled + by_point.same + len(by_point.troubles) == 59
    homes = dict(Settlement.objects.filter(name__in=["Верх-Тула", "Линево", "Сокур"]).values_list(
        "name", "municipality__short_name"))  # fmt: skip
    assert homes == {
        "Верх-Тула": "Новосибирский район",
        "Линево": "Искитимский район",
        "Сокур": "Мошковский район",
    }


@pytest.mark.parametrize(
    ("written", "name", "kind"),
    [
        ("ул. Ленина", "Ленина", "улица"),
        ("Красный проспект", "Красный", "проспект"),
        ("пр-т Мира", "Мира", "проспект"),
        ("ул.Лесная", "Лесная", "улица"),
        ("Набережная", "Набережная", "улица"),
        ("Набережная улица", "Набережная", "улица"),
        ("набережная Оби", "Оби", "набережная"),
        ("40 лет Октября", "40 лет Октября", "улица"),
        ("ул. С. Лазо", "С. Лазо", "улица"),
        ("", "", "улица"),
    ],
)
def test_a_street_is_parted_from_its_kind(written: str, name: str, kind: str) -> None:
    assert split_street(written) == (name, kind)


@pytest.mark.parametrize(
    ("point", "inside"), [((55, 83), True), ((57, 83), False), ((55, 83.5), False), ((54.5, 82.1), True)]
)
def test_a_point_lies_in_a_shape_and_not_in_its_hole(point: tuple[float, float], inside: bool) -> None:
    hole = [[83.2, 54.8], [83.8, 54.8], [83.8, 55.2], [83.2, 55.2], [83.2, 54.8]]
    outer = SQUARE["coordinates"][0]
    assert gazetteers.holds({"type": "MultiPolygon", "coordinates": [[outer, hole]]}, *point) is inside
    assert not gazetteers.holds(None, *point)


@given(st.lists(st.lists(st.text(max_size=20), max_size=6), max_size=6), st.text(max_size=30))
def test_any_cells_are_understood_or_told(cells: list[list[str]], written: str) -> None:
    header: Any = ["муниципалитет", "населённый пункт", "широта", "долгота", "население", "улица"]
    numbered = list(enumerate([header, *cells], 1))
    assert [each.number for each in gazetteers.rows_of(numbered)] == [number for number, _ in numbered[1:]]
    assert split_street(written)[1]
    assert isinstance(gazetteers.russian_name(written, written), str)
